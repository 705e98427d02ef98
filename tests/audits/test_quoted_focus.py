"""The ranking of audit focus in texts: pinned to its scoring, marked when scored anew, renewed by a click, sealed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from qingyuan.audits import focus_quotes
from qingyuan.audits.actions.focus import Candidate, score_focus
from qingyuan.catalogue.focus import focus_methods
from qingyuan.delivery import quoted
from qingyuan.kernel import clock
from qingyuan.pilots import actions, drafts
from tests.audits.test_quoted_findings import found, text_of
from tests.delivery_maker import DURING, hand_in, project_in
from tests.pilots.workspace import parsed, signed_in
from tests.run_maker import run_in


def scored(pilot, by, title="演示园区", **points):
    factors = [one.id for one in focus_methods()[0].factors]
    return score_focus(
        pilot,
        by=by,
        title=title,
        candidates=[
            Candidate(name=name, scores=dict.fromkeys(factors, Decimal(score)))
            for name, score in points.items()
        ],
    )


def codes(sheet):
    return {one.key: one for one in focus_quotes.of_sheet(sheet)}


@pytest.mark.clause("N1")
def test_a_plan_quotes_a_ranking_that_stays_and_is_renewed_by_a_click(maker, world):
    pilot = maker.fresh(run_in(maker, "done").dataset.pilot)
    if pilot.stage == "submitted":
        pilot = maker.fresh(actions.reopen(pilot, by=world.park_signer) or pilot)
    said = codes(scored(pilot, world.park_handler, 演示一车间=6, 演示二车间=4))
    leaf = pilot.notice.leaves()[0].id
    chapter = pilot.chapters.get(outline_id=leaf)
    wanted = [said[key] for key in ("first", "rank:演示二车间", "points:演示一车间")]
    drafts.save_chapter(
        pilot,
        outline_id=leaf,
        html=f"<p>重点：{'；'.join(one.typed for one in wanted)}。</p>",
        revision=chapter.revision,
        by=world.park_handler,
    )
    before = f"重点：演示一车间；第 2 名；{said['points:演示一车间'].text}。"
    assert text_of(maker, pilot, leaf) == before
    assert found(maker, pilot) == []

    again = codes(scored(pilot, world.park_handler, 演示一车间=5, 演示二车间=9))
    scored(pilot, world.park_handler, title="演示别的", 演示一车间=1)
    assert text_of(maker, pilot, leaf) == before
    assert [one.level for one in found(maker, pilot)] == ["warning"] * 3
    client, url = signed_in(world.park_handler), f"/pilots/{pilot.pk}/findings/"
    page = client.get(url)
    parsed(page)
    shown = page.content.decode()
    assert "数值有变" in shown
    assert "第 1 次打分" in shown
    assert again["first"].typed in shown
    for one in wanted:
        chapter = pilot.chapters.get(outline_id=leaf)
        given = {"chapter": leaf, "code": one.code, "revision": chapter.revision}
        assert client.post(url, given).status_code == 302
    assert text_of(maker, pilot, leaf) == f"重点：演示二车间；第 1 名；{again['points:演示一车间'].text}。"
    assert found(maker, pilot) == []


def test_those_of_one_sum_say_so_and_stand_first_together(maker, world):
    pilot = run_in(maker, "done").dataset.pilot
    said = codes(scored(pilot, world.park_handler, 甲=6, 乙=6, 丙=1))
    assert said["first"].text == "甲、乙"
    assert said["rank:乙"].text == "并列第 1 名"
    assert said["rank:丙"].text == "第 3 名"


@pytest.mark.clause("N11", "N1")
def test_a_filing_seals_the_ranking_that_it_quotes(maker, world):
    project = project_in(maker, "running")
    with clock.at(DURING):
        said = codes(scored(project.pilot, world.park_handler, 演示一车间=6, 演示二车间=4))
        assert any(
            one.typed == said["first"].typed
            for offer in quoted.offered(project, world.park_handler).figures
            for _group, figures in offer.groups
            for one in figures
        )
    with clock.at("2023-09-05T10:00:00+08:00"):
        filing = hand_in(maker, project, summary=f"演示：审核重点为{said['first'].typed}。")
        scored(project.pilot, world.park_handler, 演示二车间=9)
    assert filing.content["summary"] == "演示：审核重点为演示一车间。"
    (part,) = [one for one in filing.content["parts"] if one["id"] == "findings"]
    assert part["rows"] == [
        ["演示园区的审核重点（排在首位）", "演示一车间", "演示园区的审核重点，第 1 次打分"]
    ]


def test_the_page_of_a_ranking_says_how_to_quote_it(maker, world):
    pilot = run_in(maker, "done").dataset.pilot
    sheet = scored(pilot, world.park_handler, 演示一车间=6)
    page = signed_in(world.park_handler).get(reverse("audits:focus-sheet", args=[pilot.pk, sheet.number]))
    parsed(page)
    assert codes(sheet)["first"].typed in page.content.decode()
