"""Every page of datasets, sheets and questions opens for who may see it and is strict HTML, whatever was typed."""

from __future__ import annotations

import html5lib
from django.test import Client
from django.urls import reverse

from qingyuan.audits import links
from qingyuan.audits.models import Dataset, EnterpriseSheet, FigureQuestion
from tests.dataset_maker import firm_of
from tests.house.cases.audits_questions import question_in
from tests.house.test_hostile_words import HOSTILE
from tests.house.test_route_matrix import body_of, client_of, own_routes


def test_they_open_and_are_strict(maker, world):
    question = question_in(maker, "answered")
    dataset = question.dataset
    sheet = EnterpriseSheet.objects.select_related(*links.RELATED).get(
        dataset=dataset, enterprise=question.enterprise
    )
    Dataset.objects.filter(pk=dataset.pk).update(title=HOSTILE)
    EnterpriseSheet.objects.filter(pk=sheet.pk).update(name=HOSTILE, reopened_reason=HOSTILE)
    FigureQuestion.objects.filter(pk=question.pk).update(text=HOSTILE, answer=HOSTILE)
    row = dataset.rows.get(table="emissions", enterprise=sheet.enterprise)
    row.values["evidence"] = HOSTILE
    row.save()
    words = {
        "row": row.pk, "table": "emissions", "column": "discharge_t", "asked": question.pk,
        "access": dataset.accesses.get().pk, "number": 1, "secret": "0" * 64, "item": "0" * 32, "upload": "00000000-0000-4000-8000-000000000000",
    }  # fmt: skip
    known = {Dataset: dataset.pk, EnterpriseSheet: sheet.pk, FigureQuestion: question.pk}
    staff, firm, visitor = client_of(world.park_handler), client_of(firm_of(maker, sheet)), Client()
    visitor.get(reverse("audits:enter", args=[links.secret_of(sheet)]))
    seen, wrong = 0, []
    for name, pattern in own_routes():
        guard = pattern.callback.guard
        is_link = name.startswith("audits:fill")
        if not name.startswith("audits:") or not (guard.model in known or is_link) or name == "audits:marked":
            continue
        arguments = {
            key: known[guard.model] if key == guard.arg else words[key] for key in pattern.pattern.converters
        }
        client = visitor if is_link else firm if name.startswith("audits:firm") else staff
        response = client.get(reverse(name, kwargs=arguments))
        body = body_of(response)
        if arguments.keys() & {"number", "upload", "item"} or name.endswith("-proof"):
            continue  # nothing was fixed, brought, written or proved yet
        if response.status_code not in {200, 409}:
            wrong.append(f"{name}: {response.status_code}")
        elif "text/html" in response.headers["Content-Type"]:
            text = body.decode()
            assert "<script>alert" not in text, name
            html5lib.HTMLParser(strict=True).parse(text)
            seen += 1
    assert wrong == []
    assert seen > 35
