"""权重总和计分排序法 by hand: sums, ranks, ties, and everything that is wrong at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qingyuan.catalogue.focus import focus_method, focus_methods
from qingyuan.engine.focus import FocusError, rank

WEIGHTS = {"废弃物量": Decimal(10), "能耗": Decimal(8), "积极性": Decimal(3)}


def scores(*values):
    return dict(zip(WEIGHTS, map(Decimal, values), strict=True))


def test_sums_and_ranks_by_hand():
    found = rank(WEIGHTS, {"一车间": scores(5, 6, 9), "二车间": scores(9, 4, 2)}, score_most=Decimal(10))
    assert [(one.candidate, one.total, one.rank, one.tied) for one in found] == [
        ("二车间", Decimal(128), 1, False),  # 90 + 32 + 6
        ("一车间", Decimal(125), 2, False),  # 50 + 48 + 27
    ]
    assert found[1].weighted == (50, 48, 27)


def test_ties_share_a_rank_and_are_stated():
    found = rank(
        WEIGHTS,
        {"甲": scores(1, 1, 1), "乙": scores("0.1", 0, 10), "丙": scores(4, 0, 0), "丁": scores("3.1", 0, 0)},
        score_most=Decimal(10),
    )
    assert [(one.candidate, one.total, one.rank, one.tied) for one in found] == [
        ("丙", 40, 1, False),
        ("乙", 31, 2, True),
        ("丁", 31, 2, True),
        ("甲", 21, 4, False),
    ]


def test_decimals_are_exact():
    found = rank(
        {"一": Decimal("0.1"), "二": Decimal("0.2")},
        {"甲": {"一": Decimal(1), "二": Decimal(1)}, "乙": {"一": Decimal(3), "二": Decimal(0)}},
        score_most=Decimal(10),
    )
    assert [one.rank for one in found] == [1, 1]


def test_all_faults_are_said_at_once():
    wrong = {
        "甲": {"废弃物量": Decimal(11), "能耗": Decimal("NaN")},
        "乙": {**scores(1, 1, 1), "气味": Decimal(1)},
    }
    with pytest.raises(FocusError) as error:
        rank({**WEIGHTS, "空": Decimal(0)}, wrong, score_most=Decimal(10))
    assert {(name, factor) for name, factor, _reason in error.value.faults} == {
        ("", "空"), ("甲", "积极性"), ("甲", "空"), ("甲", "废弃物量"), ("甲", "能耗"), ("乙", "空"), ("乙", "气味"),
    }  # fmt: skip
    with pytest.raises(FocusError):
        rank({}, {}, score_most=Decimal(10))


def test_the_shipped_factors_say_that_they_are_our_own():
    method = focus_method(on=date(2022, 6, 20))
    assert (method.origin, method.verified) == ("self-made", False)
    assert "自拟" in method.source
    assert all(0 < factor.weight <= method.weight_most for one in focus_methods() for factor in one.factors)
    with pytest.raises(KeyError):
        focus_method(on=date(2001, 1, 1))
