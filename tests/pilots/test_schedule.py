"""The implementation plan with its bars, and outputs tied to targets."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import pytest

from qingyuan.kernel import checks
from qingyuan.kernel.errors import Invalid
from qingyuan.papers.gantt import Bar, draw
from qingyuan.pilots import actions, paper, snapshot
from qingyuan.pilots.actions.schedule import MilestoneRow, OutputRow
from tests.pilots.workspace import address, form_of, parsed, send, signed_in

TERM = (dt.date(2022, 8, 1), dt.date(2023, 7, 31))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def client(world):
    return signed_in(world.park_handler)


def fill(client, url, **more):
    return send(
        client,
        url,
        **{
            "term_start": "2022-08-01",
            "term_end": "2023-07-31",
            "row-0-title": "集中审核",
            "row-0-starts": "2022-08-01",
            "row-0-ends": "2022-12-31",
            "row-0-outputs": "审核报告",
            "row-0-responsible": "演示管委会",
            **more,
        },
    )


@pytest.mark.clause("N6")
def test_a_schedule_is_filled_without_scripts_drawn_and_printed(maker, client):
    pilot = maker("park")
    url = address("schedule", pilot)
    assert fill(client, url).status_code == 302
    page = client.get(url)
    parsed(page)
    shown = page.content.decode()
    assert 'role="img"' in shown
    assert "style=" not in shown
    data = snapshot.build(maker.fresh(pilot))
    assert (data["schedule"]["start"], data["schedule"]["milestones"][0]["ends"]) == (
        "2022-08-01",
        "2022-12-31",
    )
    printed = paper.plan_of(maker.fresh(pilot), data, on=dt.date(2022, 6, 20)).milestones[0]
    assert (printed.term, printed.responsible) == ("2022-08-01 至 2022-12-31", "演示管委会")


def test_wrong_days_are_all_named_at_once_and_kept(maker, client, world):
    pilot = maker("park")
    url = address("schedule", pilot)
    response = fill(
        client,
        url,
        **{"row-0-ends": "2022-07-01", "row-1-title": "没有日期", "row-2-starts": "明天", "term_end": ""},
    )
    assert response.status_code == 422
    parsed(response)
    form = response.context["form"]
    wrong = {(number, name) for number, row in enumerate(form.rows) for name in row.errors}
    assert {(0, "ends"), (1, "starts"), (1, "ends"), (2, "starts"), (2, "title")} <= wrong
    assert "term_end" in form.head.errors
    assert form_of(response)["row-1-title"] == ["没有日期"]
    outside = fill(client, url, **{"row-0-ends": "2024-01-01"})
    assert outside.status_code == 422
    assert "不在试点实施期内" in outside.content.decode()
    with pytest.raises(Invalid) as caught:
        actions.set_schedule(
            pilot,
            by=world.park_handler,
            term_start=TERM[1],
            term_end=TERM[0],
            rows=[MilestoneRow("", TERM[1], TERM[0])],
        )
    assert {"term_end", "1.title", "1.ends", "1.starts"} == {
        problem.where for problem in caught.value.problems
    }
    assert not pilot.milestones.exists()


@pytest.mark.clause("N2")
def test_outputs_stand_for_targets_and_say_when_the_target_has_gone(maker, client, world):
    pilot = maker("park", stage="ready")
    url = address("outputs", pilot)
    assert (
        send(
            client,
            url,
            **{"row-0-title": "园区审核规范", "row-0-benefit": "可推广", "row-0-target_key": "audit_days"},
        ).status_code
        == 302
    )
    data = snapshot.build(maker.fresh(pilot))
    assert data["outputs"] == [{"title": "园区审核规范", "benefit": "可推广", "target": "audit_days"}]
    printed = paper.plan_of(maker.fresh(pilot), data, on=dt.date(2022, 6, 20)).outputs[0]
    assert printed.target == pilot.targets.get(key="audit_days").indicator
    with pytest.raises(Invalid):
        actions.set_outputs(pilot, by=world.park_handler, rows=[OutputRow("甲", target_key="no")])
    pilot.outputs.update(target_key="t9")
    assert any("对应的目标已不在" in finding.message for finding in checks.run("pilot", maker.fresh(pilot)))


def test_the_self_check_asks_who_is_responsible(maker, world):
    pilot = maker("park")
    actions.set_schedule(
        pilot,
        by=world.park_handler,
        term_start=dt.date(2022, 6, 1),
        term_end=TERM[1],
        rows=[MilestoneRow("推广", TERM[0], TERM[1])],
    )
    found = [f.message for f in checks.run("pilot", maker.fresh(pilot)) if f.area == "schedule"]
    assert len(found) == 2
    assert any("没有写责任单位" in message for message in found)


def test_bars_stay_inside_the_drawing_and_name_themselves():
    bars = [
        Bar(title="<甲>&" * 10, starts=TERM[0], ends=TERM[1]),
        Bar(title="乙", starts=TERM[1], ends=TERM[1]),
    ]
    root = ET.fromstring(draw(bars, *TERM, title="计划"))
    rects = root.findall(f"{SVG}rect")
    assert len(rects) == 2
    assert all(float(rect.get("x")) + float(rect.get("width")) <= 960 for rect in rects)
    assert rects[1].find(f"{SVG}title").text == "乙：2023-07-31 至 2023-07-31"
    assert not [element for element in root.iter() if "style" in element.attrib]
