"""Overlap of texts: exact counts, the same for the same texts, and blind to what everybody must repeat."""

from __future__ import annotations

import time

import numpy as np
import pytest

from qingyuan.engine.similarity import WIDTH, Collection, plain, shingles

LETTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]


def text(seed: int, length: int) -> str:
    chosen = np.random.default_rng(seed).integers(0, len(LETTERS), length)
    return "".join(LETTERS[one] for one in chosen)


def naive(left: str, right: str) -> tuple[int, int, int]:
    def runs(one: str) -> set[str]:
        folded = plain(one)[0]
        return {folded[at : at + WIDTH] for at in range(len(folded) - WIDTH + 1)}

    a, b = runs(left), runs(right)
    return len(a & b), len(a | b), min(len(a), len(b))


@pytest.mark.parametrize("seed", range(6))
def test_the_counts_are_those_of_the_definition(seed):
    copied = text(seed, 120)
    left = text(seed + 100, 300) + copied + text(seed + 200, 80)
    right = copied[:90] + text(seed + 300, 200)
    (pair,) = Collection([left, right]).pairs(least_containment=0)
    shared, union, smaller = naive(left, right)
    assert (pair.shared, pair.resemblance, pair.containment) == (shared, shared / union, shared / smaller)


def test_a_text_contains_itself_and_strangers_share_nothing():
    (pair,) = Collection([text(1, 400), text(1, 400), text(2, 400)]).pairs()
    assert (pair.first, pair.second, pair.resemblance, pair.containment) == (0, 1, 1.0, 1.0)


def test_the_order_of_the_texts_changes_nothing_but_their_places():
    texts = [text(seed, 200) + text(9, 60) for seed in range(5)]
    ahead = Collection(texts).pairs(least_containment=0)
    back = Collection(texts[::-1]).pairs(least_containment=0)
    assert {(p.first, p.second, p.shared) for p in ahead} == {
        (4 - p.second, 4 - p.first, p.shared) for p in back
    }


def test_punctuation_width_and_line_ends_hide_nothing():
    left = "园区内有电镀企业30家，年用新鲜水120万吨；中水回用率为百分之四十五。"
    right = "园区内有电镀企业３０家 年用新鲜水１２０万吨\n中水回用率为百分之四十五"
    (pair,) = Collection([left, right]).pairs()
    assert pair.resemblance == 1.0
    (passage,) = Collection([left, right]).passages(0, 1)
    assert left[slice(*passage.first)].startswith("园区内有")
    assert right[slice(*passage.second)].endswith("百分之四十五")


def test_what_everybody_must_repeat_does_not_count():
    quoted = text(50, 200)
    texts = [quoted + text(51, 200), quoted + text(52, 200)]
    assert Collection(texts).pairs()
    assert Collection(texts, common=[quoted]).pairs() == []
    assert Collection(texts, common=[quoted]).passages(0, 1) == []


def test_passages_stand_at_their_places_in_both_texts():
    copied = text(7, 80)
    left, right = text(8, 150) + copied + text(9, 50), text(10, 40) + copied + text(11, 90)
    (passage,) = Collection([left, right]).passages(0, 1)
    assert left[slice(*passage.first)] == right[slice(*passage.second)] == copied
    assert passage.length == 80


def test_a_text_shorter_than_a_shingle_has_none():
    assert len(shingles("短文")) == 0
    assert Collection(["短文", "短文"]).pairs() == []
    assert Collection([]).pairs() == []
    with pytest.raises(ValueError, match="width"):
        Collection([], width=1)


def test_sixty_plans_of_sixty_pages_take_seconds():
    plans = [text(seed, 30_000) for seed in range(60)]
    plans[17] = plans[17][:20_000] + plans[3][:10_000]
    began = time.process_time()
    (pair,) = Collection(plans).pairs()
    assert (pair.first, pair.second) == (3, 17)
    assert 0.3 < pair.containment < 0.4
    assert time.process_time() - began < 15
