"""Targets: usual indicators to choose from, figures derived once, and rows that keep their key."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.catalogue.indicators import by_kind, indicators
from qingyuan.kernel.errors import Invalid
from qingyuan.pilots import actions, derived, paper, snapshot
from qingyuan.pilots.actions.targets import TargetRow
from tests.pilots.workspace import address, form_of, parsed, send, signed_in

FIGURES = st.decimals(min_value=-(10**17), max_value=10**17, places=6)


@pytest.fixture
def client(world):
    return signed_in(world.park_handler)


def asked(pilot, **first):
    rows = [TargetRow(m.title, m.unit, measure_id=m.id) for aim in pilot.notice.aims for m in aim.measures]
    rows[0] = TargetRow(**{**vars(rows[0]), **first})
    return rows


def test_the_catalogue_has_every_kind_of_indicator_that_a_pilot_reports():
    assert {
        "cod",
        "nh3-n",
        "tp",
        "tn",
        "vocs",
        "nox",
        "so2",
        "pm",
        "co2",
        "heavy-metals",
        "solid-waste",
    } <= set(indicators())
    assert all(group for _title, group in by_kind())
    assert sum(len(group) for _title, group in by_kind()) == len(indicators())


@pytest.mark.parametrize(
    ("baseline", "target", "shown", "reason"),
    [
        ("300", "120", "−180（−60%）", ""),
        ("20", "100", "+80（+400%）", ""),
        ("3", "4", "+1（+33.33%）", ""),
        ("0", "5", "+5", "基准值为 0，不能计算变化率"),
        ("0", "0", "0", "基准值为 0，不能计算变化率"),
        (None, "5", "", "没有基准值"),
        ("5", None, "", "没有目标值"),
        ("0.1", "0.3", "+0.2（+200%）", ""),
        ("-4", "-2", "+2（+50%）", ""),
        ("7", "7", "0（0%）", ""),
    ],
)
def test_change_and_percent_are_exact_or_say_why_not(baseline, target, shown, reason):
    found = derived.derive(*(None if text is None else Decimal(text) for text in (baseline, target)))
    assert (found.shown, found.reason) == (shown, reason)


@given(FIGURES, FIGURES)
def test_a_change_never_loses_a_digit(baseline, target):
    found = derived.derive(baseline, target)
    assert found.change is not None
    assert baseline + found.change == target or abs(baseline + found.change - target) == 0
    assert (found.percent is None) == (baseline == 0)


@pytest.mark.clause("N1")
def test_a_usual_indicator_brings_name_and_unit_and_its_change_is_shown_everywhere(maker, client):
    pilot = maker("park", stage="ready")
    url = address("targets", pilot)
    response = send(
        client,
        url,
        **{
            "row-0-share": "80.5",
            "row-5-indicator_id": "cod",
            "row-5-baseline": "120",
            "row-5-target": "90",
            "row-5-formula": "产污系数×产量×削减比例",
        },
    )
    assert response.status_code == 302
    row = pilot.targets.get(indicator_id="cod")
    assert (row.indicator, row.unit, row.key) == ("化学需氧量（COD）排放量", "t/a", "t1")
    assert pilot.targets.first().share == Decimal("80.5")
    page = client.get(url)
    parsed(page)
    assert "−30（−25%）" in page.content.decode()
    data = snapshot.build(maker.fresh(pilot))
    assert {key: data["targets"][5][key] for key in ("change", "percent", "formula", "share")} == {
        "change": "-30",
        "percent": "-25",
        "formula": "产污系数×产量×削减比例",
        "share": None,
    }
    printed = paper.plan_of(maker.fresh(pilot), data, on=dt.date(2022, 6, 20)).targets
    assert (printed[5].change, printed[0].share) == ("−30（−25%）", "80.5%")
    assert "产污系数" in printed[5].basis


def test_a_unit_that_the_indicator_does_not_know_is_refused_with_those_it_does(maker, client, world):
    pilot = maker("park")
    response = send(client, address("targets", pilot), **{"row-5-indicator_id": "cod", "row-5-unit": "吨"})
    assert response.status_code == 422
    assert "t/a、kg/a" in str(response.context["form"].rows[5].errors["unit"])
    with pytest.raises(Invalid) as caught:
        actions.set_targets(
            pilot,
            by=world.park_handler,
            rows=[
                *asked(pilot, share=Decimal(101)),
                TargetRow("", indicator_id="cod", unit="吨"),
                TargetRow("乙", indicator_id="none"),
            ],
        )
    assert {problem.where for problem in caught.value.problems} == {"1.share", "6.unit", "7.indicator_id"}


def test_a_row_keeps_its_key_when_others_go(maker, client):
    pilot = maker("park")
    url = address("targets", pilot)
    send(client, url, **{"row-5-indicator": "节水量", "row-6-indicator": "节电量"})
    assert list(pilot.targets.values_list("key", flat=True))[5:] == ["t1", "t2"]
    send(client, url, **{"row-5-drop": "on", "row-7-indicator": "节煤量"})
    assert [(row.key, row.indicator) for row in pilot.targets.all()][5:] == [
        ("t2", "节电量"),
        ("t3", "节煤量"),
    ]
    assert form_of(client.get(url))["row-5-key"] == ["t2"]


def test_a_snapshot_of_schema_1_reads_as_one_of_today():
    old = {
        "schema": 1,
        "scope": [{"name": "演示", "credit_code": "91", "sector": "steel", "note": ""}],
        "targets": [
            {
                "measure": "audit_days",
                "indicator": "天数",
                "unit": "天",
                "baseline_year": 2021,
                "baseline": "300",
                "target": "120",
                "note": "",
            },
            {
                "measure": "",
                "indicator": "节水",
                "unit": "",
                "baseline_year": None,
                "baseline": None,
                "target": "3",
                "note": "",
            },
        ],
    }
    new = snapshot.upcast(old)
    assert new["schema"] == snapshot.SCHEMA
    assert new["targets"][0]["percent"] == "-60"
    assert [row["key"] for row in new["targets"]] == ["audit_days", "t2"]
    assert new["targets"][1]["change"] is None
    assert (new["scope"][0]["last_audit"], new["scope"][0]["size"]) == (None, "")
    assert old["schema"] == 1, "the kept record is not touched"
