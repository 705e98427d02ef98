"""A composed rule is tested as logic and read as a sentence."""

from __future__ import annotations

import itertools

import pytest

from qingyuan.kernel.permission import judge, predicate


def fact(name: str):
    return predicate(f"须{name}")(lambda user, _obj: name in user)


A, B, C = fact("甲"), fact("乙"), fact("丙")


@pytest.mark.parametrize("user", [set(s) for n in range(4) for s in itertools.combinations("甲乙丙", n)])
def test_composition_is_logic(user):
    assert bool(judge(A & B, user)) == ({"甲", "乙"} <= user)
    assert bool(judge(A | B, user)) == bool({"甲", "乙"} & user)
    assert bool(judge(~A, user)) == ("甲" not in user)
    assert bool(judge((A | B) & ~C, user)) == (bool({"甲", "乙"} & user) and "丙" not in user)


def test_reasons_name_what_is_missing_and_only_that():
    assert judge(A & B & C, {"乙"}).reasons == ("须甲", "须丙")
    assert judge(A | B, set()).reasons == ("须甲；或者 须乙",)
    assert judge((A | B) & C, {"甲"}).reasons == ("须丙",)
    assert judge(A & ~C, {"甲", "丙"}).reasons == ("不得：须丙",)
    assert judge(A, {"甲"}).reasons == ()


def test_the_policy_reads_as_one_sentence():
    assert ((A | B) & C).policy == "（须甲 或 须乙） 且 须丙"
