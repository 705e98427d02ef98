"""Schemes from the idea to the measured effect, each step with its gate, nothing of it forgotten."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from qingyuan.audits.actions import scheme as actions
from qingyuan.audits.models import Scheme, SchemeFigures
from qingyuan.catalogue.performance import QUANTITIES
from qingyuan.kernel.actions import Invalid, NotAllowed, WrongStage
from qingyuan.kernel.models import LedgerEntry
from qingyuan.workbooks.schema import NA
from tests.pilot_maker import credit_code
from tests.schemes_maker import OWNER, bring, pilot_of, propose, scheme_in


def places(refusal):
    return {problem.where for problem in refusal.value.problems}


def test_the_record_has_every_quantity_of_the_sheet():
    assert set(QUANTITIES) <= {field.name for field in SchemeFigures._meta.get_fields()}


def test_codes_run_on_without_gaps_by_enterprise_and_kind(maker, world):
    codes = [propose(maker, number=number, kind=kind, title=f"演示{place}").code for place, (number, kind) in enumerate(
        [(1, "low"), (1, "low"), (1, "high"), (2, "low"), (1, "low")]
    )]  # fmt: skip
    assert codes == ["WD1", "WD2", "ZG1", "WD1", "WD3"]
    actions.drop(Scheme.objects.get(number=3), by=world.park_handler, reason="演示")
    assert propose(maker, title="演示再提").code == "WD4"


def test_the_kind_follows_from_the_cost_where_nobody_says_it(maker):
    figures = {"invest_wan_cny": Decimal(5)}
    assert propose(maker, kind="", title="a", figures=figures).kind == "low"
    assert propose(maker, kind="", title="b", figures={"invest_wan_cny": Decimal("5.01")}).kind == "high"
    with pytest.raises(Invalid) as refusal:
        propose(maker, kind="", title="c", figures={})
    assert places(refusal) == {"kind"}


def test_everything_wrong_is_said_at_once(maker):
    with pytest.raises(Invalid) as refusal:
        propose(
            maker, number=99, title=" ", kind="none", content="长" * 2001,
            figures={"invest_wan_cny": Decimal(-1), "water_t": Decimal("0.0000001"), "rain_t": Decimal(1)},
        )  # fmt: skip
    assert places(refusal) == {
        "title",
        "content",
        "credit_code",
        "kind",
        "invest_wan_cny",
        "water_t",
        "rain_t",
    }


def test_a_medium_cost_scheme_is_found_feasible_before_it_is_confirmed(maker, world):
    high = propose(maker, kind="high")
    with pytest.raises(Invalid) as refusal:
        actions.confirm(high, by=world.park_handler)
    assert places(refusal) == {"owner", "due_on", "stage"}
    low = propose(maker)
    assert actions.confirm(low, by=world.park_handler, **OWNER).stage == "confirmed"


def test_a_confirmed_scheme_has_an_investment(maker, world):
    bare = propose(maker, figures={})
    with pytest.raises(Invalid) as refusal:
        actions.confirm(bare, by=world.park_handler, **OWNER)
    assert places(refusal) == {"figures.invest_wan_cny"}


@pytest.mark.clause("N10")
def test_from_the_idea_to_the_measured_effect(maker, world):
    done = scheme_in(maker, "done")
    assert (done.stage, done.started_on, done.finished_on) == ("done", date(2022, 6, 10), date(2022, 6, 15))
    actions.measure(
        done,
        by=world.consultant,
        figures={"benefit_wan_cny": Decimal("0.9"), "cod_t": NA, "water_t": Decimal(0)},
    )
    row = done.figures.get(basis="measured")
    assert (row.invest_wan_cny, row.benefit_wan_cny, row.cod_t, row.water_t) == (3, Decimal("0.9"), None, 0)
    assert row.na == ["cod_t"]
    assert done.figures.get(basis="planned").invest_wan_cny == Decimal("2.5")
    whats = [event.what for event in done.events.all()][::-1]
    assert whats == [
        "scheme.propose",
        "scheme.screen",
        "scheme.confirm",
        "scheme.start",
        "scheme.finish",
        "scheme.measure",
    ]
    last = done.events.first()
    assert last.changes == {"benefit_wan_cny": ["", "0.9"], "cod_t": ["", "na"], "water_t": ["", "0"]}


def test_after_confirmation_a_change_says_why_and_keeps_what_was(maker, world):
    scheme = scheme_in(maker, "confirmed")
    with pytest.raises(Invalid) as refusal:
        actions.revise(scheme, by=world.park_handler, title=scheme.title, owner="", due_on=None)
    assert places(refusal) == {"reason", "owner", "due_on"}
    actions.revise(
        scheme, by=world.park_handler, title="演示：改名", reason="演示：设备涨价",
        figures={"invest_wan_cny": Decimal(4)}, **OWNER,
    )  # fmt: skip
    event = scheme.events.first()
    assert event.changes["invest_wan_cny"] == ["2.5", "4"]
    assert event.changes["title"][1] == "演示：改名"
    assert event.reason == "演示：设备涨价"
    payload = json.loads(LedgerEntry.objects.get(verb="scheme.revise").body)["payload"]
    assert payload["changed"] == ["invest_wan_cny", "title"]
    assert "涨价" not in str(payload)


def test_days_that_have_not_come_are_refused(maker, world):
    scheme = scheme_in(maker, "confirmed")
    with pytest.raises(Invalid):
        actions.start(scheme, by=world.park_handler, started_on=date(2022, 6, 21))
    running = bring(maker, propose(maker, title="演示乙"), "running")
    with pytest.raises(Invalid) as refusal:
        actions.finish(running, by=world.park_handler, finished_on=date(2022, 6, 9))
    assert places(refusal) == {"finished_on"}


def test_what_was_dropped_comes_back_at_the_beginning_with_its_code(maker, world):
    scheme = scheme_in(maker, "dropped")
    with pytest.raises(WrongStage):
        actions.start(scheme, by=world.park_handler)
    again = actions.restore(scheme, by=world.park_handler)
    assert (again.stage, again.code, again.dropped_reason) == ("proposed", "WD1", "")


def test_departments_see_and_do_not_write(maker, world):
    from qingyuan.audits.rules.scheme import sees_audits

    pilot = pilot_of(maker)
    scheme = propose(maker)
    for who in ("province_handler", "reform_signer", "park_signer", "consultant"):
        assert sees_audits.test(world.people[who], pilot), who
    for who in ("stranger", "city_handler", "state_handler", "expert", "prefecture_handler"):
        assert not sees_audits.test(world.people[who], pilot), who
    with pytest.raises(NotAllowed):
        actions.screen(scheme, by=world.province_handler, feasibility="演示")
    draft = maker("park", stage="ready")
    assert not sees_audits.test(
        world.province_handler, draft
    )  # an application is the applicant's until it is handed in
    assert propose(maker, pilot=draft, number=1).code == "WD1"


def test_the_final_scope_of_a_room_above_counts(maker, monkeypatch):
    from qingyuan.audits import extent

    pilot = pilot_of(maker)
    covered = extent.of(pilot)
    assert [one.credit_code for one in covered] == [credit_code(1), credit_code(2), credit_code(3)]
    monkeypatch.setattr(extent, "_sources", [lambda _pilot: covered[:1]])
    with pytest.raises(Invalid):
        propose(maker, number=2)
