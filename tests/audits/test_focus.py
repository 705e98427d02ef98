"""Choosing the focus of an audit: scored in a table, ranked, kept, taken along as Word and Excel."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingyuan.audits.actions.focus import Candidate, score_focus
from qingyuan.audits.models import FocusSheet
from qingyuan.catalogue.focus import focus_method, focus_methods
from qingyuan.engine.focus import rank
from qingyuan.kernel.actions import Invalid
from tests.house.cases.audits_focus import candidates
from tests.house.test_route_matrix import body_of, client_of
from tests.pilots.workspace import parsed
from tests.schemes_maker import pilot_of

FACTORS = [one.id for one in focus_methods()[0].factors]


def fields(place, name, *scores):
    given = {f"row.{place}.{factor}": str(score) for factor, score in zip(FACTORS, scores, strict=True)}
    return {f"row.{place}.name": name, **given}


def test_the_ranking_is_kept_with_factors_and_weights_as_they_held(maker, world):
    pilot = pilot_of(maker)
    made = score_focus(pilot, by=world.park_handler, title="演示园区", candidates=candidates())
    weights = sum(int(one["weight"]) for one in made.factors)
    assert [(one["candidate"], one["total"], one["rank"]) for one in made.ranking] == [
        ("演示一车间", str(6 * weights), 1),
        ("演示二车间", str(4 * weights), 2),
    ]
    again = score_focus(pilot, by=world.park_handler, title="演示园区", candidates=candidates()[:1])
    assert again.number == made.number + 1
    assert FocusSheet.objects.count() == 2


def test_everything_wrong_is_said_at_once(maker, world):
    wrong = [
        Candidate(name="甲", scores={factor: Decimal(11) for factor in FACTORS[:1]}),
        Candidate(name=" ", scores=dict.fromkeys(FACTORS, Decimal(1))),
    ]
    with pytest.raises(Invalid) as refusal:
        score_focus(pilot_of(maker), by=world.park_handler, title=" ", candidates=wrong)
    assert {one.where for one in refusal.value.problems} == {
        "title",
        "candidates.1.name",
        *(f"candidates.0.{factor}" for factor in FACTORS),
    }


@pytest.mark.clause("N1")
def test_from_the_table_to_the_files(maker, world):
    pilot, client = pilot_of(maker), client_of(world.park_handler)
    parsed(client.get(reverse("audits:focus", args=[pilot.pk])))
    address = reverse("audits:score-focus", args=[pilot.pk])
    page = client.get(address)
    parsed(page)
    given = {
        "key": page.context["key"], "title": "演示园区",
        **fields(0, "演示锅炉房", *range(1, 8)), **fields(3, "演示电镀线", *range(7, 0, -1)),
    }  # fmt: skip
    wrong = client.post(address, {**given, f"row.0.{FACTORS[0]}": "", f"row.3.{FACTORS[1]}": "11"})
    assert wrong.status_code == 422
    parsed(wrong)
    assert set(wrong.context["form"].errors) == {f"row.0.{FACTORS[0]}", f"row.3.{FACTORS[1]}"}
    sent = client.post(address, given)
    assert sent.status_code == 302
    shown = client.get(sent["Location"])
    parsed(shown)
    made = FocusSheet.objects.get()
    assert made.ranking[0]["candidate"] == "演示电镀线"
    assert "自拟" in shown.content.decode()
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(body_of(client.get(reverse("audits:focus-xlsx", args=[pilot.pk, made.number]))))
    )
    cells = {str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row}
    assert {"演示电镀线", "演示锅炉房"} <= cells
    assert {made.ranking[0]["total"], f"{made.ranking[0]['total']}.0"} & cells
    word = zipfile.ZipFile(
        io.BytesIO(body_of(client.get(reverse("audits:focus-docx", args=[pilot.pk, made.number]))))
    )
    text = word.read("word/document.xml").decode()
    assert "演示电镀线" in text
    assert "自拟" in text
    assert client.get(reverse("audits:focus-sheet", args=[pilot.pk, 99])).status_code == 404
    assert client.post(address, {**given, "key": "other"}).status_code == 302
    assert client_of(world.city_handler).get(address).status_code == 404


def test_ties_are_said_and_left_to_people(maker, world):
    pilot = pilot_of(maker)
    same = [Candidate(name=name, scores=dict.fromkeys(FACTORS, Decimal(5))) for name in ("甲", "乙")]
    made = score_focus(pilot, by=world.park_handler, title="演示", candidates=same)
    assert [one["rank"] for one in made.ranking] == [1, 1]
    text = client_of(world.park_handler).get(made.get_absolute_url()).content.decode()
    assert "有并列的备选" in text


def test_the_example_of_the_guide_is_what_the_engine_says():
    """The factors, weights and sums that the chapter works out by hand."""
    text = (Path(__file__).parents[2] / "docs/guide/审核重点.md").read_text("utf-8")
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    _heads, _rule, *rows = cells
    method = focus_method(on=date(2022, 6, 20))
    assert [(title, Decimal(weight)) for title, weight, *_scores in rows] == [
        (one.title, one.weight) for one in method.factors
    ]
    weights = {title: Decimal(weight) for title, weight, *_scores in rows}
    scores = {name: {row[0]: Decimal(row[place]) for row in rows} for place, name in ((2, "甲"), (3, "乙"))}
    ranked = rank(weights, scores, score_most=method.score_most)
    said = dict(re.findall(r"(甲|乙)：[^*]*\*\*([0-9]+)\*\*", text))
    assert {one.candidate: str(one.total) for one in ranked} == said
