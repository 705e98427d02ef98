"""Every role at every route of raw figures, pages and API: the enterprise itself, named staff, named units, nobody else."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from qingyuan.audits import actions, links
from qingyuan.audits.models import Dataset, EnterpriseSheet, RawRead
from qingyuan.kernel.guards import Guard
from qingyuan.pilots.models import Pilot
from tests.api.conftest import ROOT, token_of
from tests.dataset_maker import firm_of, fresh, sheet_in
from tests.house.test_route_matrix import body_of, client_of, own_routes

# Pages under a dataset that show no figure of an enterprise: how far it is, who is named, who read, sums.
OPEN = {
    "audits:dataset", "audits:dataset-template", "audits:versions", "audits:access", "audits:name-access",
    "audits:end-access", "audits:reads", "audits:sheets",
}  # fmt: skip
FIGURE = "12.5"


@pytest.fixture
def sheet(maker, world):
    made = sheet_in(maker)
    actions.fix_version(fresh(made.dataset), by=world.park_handler)
    return EnterpriseSheet.objects.select_related(*links.RELATED).get(pk=made.pk)


def guard_of(name: str) -> Guard:
    return next(pattern.callback.guard for route, pattern in own_routes() if route == name)


def raw_routes(sheet):
    """Every address that can show raw figures, by name; the guards say which those are."""
    row = sheet.dataset.rows.filter(table="emissions", enterprise=sheet.enterprise).get()
    words = {
        "row": row.pk, "table": "emissions", "number": 1, "column": "discharge_t", "access": 1,
        "upload": "00000000-0000-4000-8000-000000000000", "asked": "00000000-0000-4000-8000-000000000000",
        "item": "0" * 32,
    }  # fmt: skip
    found = {}
    for name, pattern in own_routes():
        guard = pattern.callback.guard
        if (
            not name.startswith("audits:")
            or guard.kind != "sees"
            or guard.model not in {Dataset, EnterpriseSheet}
        ):
            continue
        if name in OPEN or name == "audits:aggregates" or name.startswith("audits:scheme"):
            continue
        whose = sheet.pk if guard.model is EnterpriseSheet else sheet.dataset_id
        arguments = {key: whose if key == guard.arg else words[key] for key in pattern.pattern.converters}
        found[name] = reverse(name, kwargs=arguments)
    return found


def everybody(world):
    return {**world.people, "operator": world.operator, "anonymous": AnonymousUser()}


def test_only_the_named_and_the_enterprise_get_to_raw_figures(sheet, maker, world):
    routes = raw_routes(sheet)
    assert len(routes) > 20
    firm, other_firm = firm_of(maker, sheet), firm_of(maker, sheet_in(maker, firm=1), key="other_firm")
    people = {**everybody(world), "firm": firm, "other_firm": other_firm}
    wrong = []
    for who, user in people.items():
        client = client_of(user)
        for name, url in routes.items():
            own = guard_of(name).model is EnterpriseSheet and not name.endswith(("-link", "reopen-sheet"))
            own = own and not name.startswith("audits:staff")
            may = who == "firm" if own else who == "park_handler"
            response = client.get(url)
            body = body_of(response)
            opened = response.status_code not in {302, 404}
            if opened and not may:
                wrong.append(f"{who} {name}: {response.status_code}")
            if not may and FIGURE.encode() in body:
                wrong.append(f"{who} reads a figure on {name}")
            if may and response.status_code >= 500:
                wrong.append(f"{who} {name}: {response.status_code}")
    assert wrong == []


def test_pages_beside_raw_figures_show_none(sheet, world):
    wrong = []
    for who in ("park_lead", "consultant", "province_handler", "park_handler"):
        client = client_of(getattr(world, who))
        for name in sorted(OPEN | {"audits:aggregates"}):
            guard = guard_of(name)
            arguments = {guard.arg: sheet.dataset_id} | ({"access": 1} if name.endswith("end-access") else {})
            body = body_of(client.get(reverse(name, kwargs=arguments)))
            if FIGURE.encode() in body and name != "audits:dataset-template":
                wrong.append(f"{who}: {name}")
    assert wrong == []


def test_receiving_departments_see_aggregates_of_a_submitted_pilot_and_nothing_else(sheet, world):
    url = reverse("audits:aggregates", args=[sheet.dataset_id])
    assert client_of(world.province_handler).get(url).status_code == 404
    Pilot.objects.filter(pk=sheet.dataset.pilot_id).update(
        stage="submitted", no_state_secrets=True, content_sha256="0" * 64
    )
    assert client_of(world.province_handler).get(url).status_code == 200
    assert client_of(world.stranger).get(url).status_code == 404
    assert client_of(world.expert).get(url).status_code == 404
    for name in ("audits:tables", "audits:dataset", "audits:sheets", "audits:reads"):
        page = client_of(world.province_handler).get(reverse(name, args=[sheet.dataset_id]))
        assert page.status_code == 404, name


def test_over_the_api_the_same_people_and_no_others(sheet, maker, world):
    firm = firm_of(maker, sheet)
    rows = f"{ROOT}/datasets/{sheet.dataset_id}/tables/emissions"
    own = f"{ROOT}/sheets/{sheet.pk}/rows"
    people = {**world.people, "operator": world.operator, "firm": firm}
    for who, user in people.items():
        client = Client(headers={"Authorization": f"Bearer {token_of(user)}"})
        for url, may in ((rows, who == "park_handler"), (own, who == "firm")):
            answer = client.get(url)
            assert (answer.status_code == 200) == may, (who, url, answer.status_code)
            assert (FIGURE in answer.content.decode()) == may, (who, url)
        cells = json.dumps({"cells": [{"row": 1, "column": "discharge_t", "text": "1", "revision": 1}]})
        saved = client.post(f"{rows}/cells", cells, content_type="application/json")
        assert (saved.status_code == 404) == (who != "park_handler") or saved.status_code == 409
    assert Client().get(rows).status_code == 401
    assert RawRead.objects.filter(way="api").count() == 2


def test_no_public_page_shows_a_figure(sheet):
    wrong = []
    for name, pattern in own_routes():
        if pattern.callback.guard.kind == "public" and not pattern.pattern.converters:
            response = Client().get(reverse(name))
            if sheet.name.encode() in body_of(response) or FIGURE.encode() + b"</td>" in body_of(response):
                wrong.append(name)
    assert wrong == []
