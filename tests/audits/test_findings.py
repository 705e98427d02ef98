"""Figures out of a result: of the whole, none made up, none of one enterprise."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from qingyuan.audits.findings import Figure, code_of, extract

PARK = {
    "heat": {
        "status": "done", "hot_utility_kw": 10910.7, "cold_utility_kw": 0.0, "recovery_kw": 13447.4, "gain_kw": None,
        "enterprises": [{"enterprise": "演示企业01", "hot_utility_kw": 452.7}],
    },
    "water": {
        "status": "done", "without_reuse_t_h": 437.99, "freshwater_t_h": 308.11, "wastewater_t_h": 308.11,
    },
    "exchange": {"status": "infeasible", "objective": None, "matches": [], "facilities": []},
}  # fmt: skip


def test_what_the_result_does_not_have_is_not_made_up():
    found = {one.key: one for one in extract("park", PARK)}
    assert found["heat:hot_utility_kw"].shown == "10,910.7"
    assert found["heat:cold_utility_kw"].shown == "0.0"
    assert "heat:gain_kw" not in found
    assert not any(key.startswith("exchange") for key in found)
    assert found["water:saved_pct"].shown == "29.7"


def test_no_figure_of_one_enterprise_is_taken():
    assert not any("演示企业" in one.title or one.value == Decimal("452.7") for one in extract("park", PARK))


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [("1234567.5", 0, "1,234,568"), ("0.125", 2, "0.12"), ("-0.04", 1, "0.0"), ("-1234.56", 1, "-1,234.6")],
)
def test_a_text_says_a_figure_rounded_half_to_even(value, places, shown):
    figure = Figure(key="k", group="g", title="t", value=Decimal(value), places=places)
    assert figure.shown == shown


def test_the_code_is_the_same_in_every_run_of_a_dataset_and_in_no_other():
    one, other = UUID(int=1), UUID(int=2)
    assert code_of(one, "k") == code_of(one, "k")
    assert len({code_of(one, "k"), code_of(other, "k"), code_of(one, "l")}) == 3
