"""Too long, too large, not a place: said as problems with their place, before the database has to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qingyuan.kernel.actions import Invalid
from qingyuan.pilots import actions
from qingyuan.pilots.actions.scope import ScopeRow
from qingyuan.pilots.actions.targets import TargetRow
from tests.pilot_maker import credit_code


def asked(pilot, **first):
    rows = [TargetRow(m.title, m.unit, measure_id=m.id) for aim in pilot.notice.aims for m in aim.measures]
    return [*rows, TargetRow(**{"indicator": "自加", **first})]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ({"baseline": Decimal("1e18")}, "6.baseline"),
        ({"target": Decimal("0.1234567")}, "6.target"),
        ({"baseline": Decimal("NaN")}, "6.baseline"),
        ({"note": "长" * 301}, "6.note"),
        ({"baseline_year": 20220}, "6.baseline_year"),
    ],
)
def test_targets(maker, world, row, where):
    pilot = maker("park", stage="drafting")
    with pytest.raises(Invalid) as refusal:
        actions.set_targets(pilot, by=world.park_handler, rows=asked(pilot, **row))
    assert where in {problem.where for problem in refusal.value.problems}


def test_the_largest_figure_that_fits_is_kept_exactly(maker, world):
    pilot = maker("park", stage="drafting")
    largest = Decimal("999999999999999999.999999")
    actions.set_targets(pilot, by=world.park_handler, rows=asked(pilot, baseline=largest))
    assert pilot.targets.last().baseline == largest


def test_object_scope_remark_and_answer(maker, world):
    pilot, clerk = maker("park", stage="ready"), world.park_handler
    with pytest.raises(Invalid) as refusal:
        actions.describe(
            pilot,
            by=clerk,
            name="名",
            object_form="park",
            object_name="长" * 200,
            region_code="999999",
            sectors=[],
            pollutants=["长" * 99],
        )
    assert {problem.where for problem in refusal.value.problems} == {
        "object_name",
        "region_code",
        "pollutants",
    }
    with pytest.raises(Invalid) as refusal:
        actions.import_scope(
            pilot,
            by=clerk,
            rows=[ScopeRow("长" * 121, credit_code(1)), ScopeRow("短", credit_code(2), note="长" * 201)],
        )
    assert {problem.where for problem in refusal.value.problems} == {"1.stated_name", "2.note"}
    with pytest.raises(Invalid):
        actions.hand_in(pilot, by=clerk, remark="长" * 1001)
    for value in ("1e999999999", 12.5, "长" * 5000):
        with pytest.raises(Invalid):
            actions.answer_condition(
                pilot, by=clerk, condition_id="N5.2", answers={"object_funding_amount": value}
            )
