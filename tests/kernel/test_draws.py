"""A draw can be recomputed by anyone, cannot be bent by anyone, and gives everybody the same chance."""

import copy
import json
import math
import os
import random
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingyuan.kernel.draws import Candidate, Stream, commitment, draw, seed_of, verify
from tests.kernel.draw_records import DRAW, record, secret, terms
from tests.kernel.draws_by_the_book import below as book_below
from tests.kernel.draws_by_the_book import recompute, words

codes = st.text("ABCDE0123456789-试点", min_size=1, max_size=8).filter(lambda text: text.strip())
strata = st.sampled_from(["4101", "4102", "4103", "电镀", ""])


@st.composite
def any_terms(give):
    people = give(st.dictionaries(codes, strata, min_size=1, max_size=40))
    take = give(st.integers(1, len(people)))
    reserves = give(st.integers(0, len(people) - take))
    candidates = [Candidate(code, stratum) for code, stratum in people.items()]
    return terms(candidates=candidates, take=take, reserves=reserves, strata=give(st.sampled_from([0, 2])))


# --- the same result everywhere


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(any_terms(), st.text(min_size=1, max_size=5))
def test_an_implementation_written_from_the_document_finds_the_same(of, word):
    made = record(of, organiser=word)
    organiser, second, seed, outcome, blinded = recompute(made)
    assert made["commitments"] == {"organiser": organiser, "second": second}
    assert (made["seed"], made["outcome"]) == (seed, outcome)
    assert json.loads(made["ledger"]["drawn"]["body"])["payload"]["outcome_sha256"] == blinded
    assert verify(made).status == "verified"


@settings(max_examples=60)
@given(any_terms(), st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_are_given_changes_nothing(of, chance):
    shuffled = list(of.candidates)
    chance.shuffle(shuffled)
    again = terms(candidates=shuffled, take=of.take, reserves=of.reserves, strata=2 if of.stratified else 0)
    assert again.sha256 == of.sha256
    seed = bytes(32)
    assert draw(again, seed=seed) == draw(of, seed=seed)


def test_known_values_stay_as_they_are():
    """A change of the algorithm would make published records fail: it needs a new version number."""
    assert commitment(draw=DRAW, role="organiser", secret=secret("one")) == KNOWN["commitment"]
    assert record()["outcome"]["selected"] == KNOWN["plain"]
    assert record(terms(strata=4))["outcome"]["selected"] == KNOWN["stratified"]


KNOWN = {
    "commitment": "a1e9dee7ac3e84269f780daa0688770daf6d84be3d1281a80f0498c60f2069bc",
    "plain": ["P-002", "P-008", "P-011"],
    "stratified": ["P-011", "P-002", "P-009"],
}

# --- nothing can be changed


def places(value, path=()):
    """Every string and number of a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from places(inner, (*path, place))
    elif isinstance(value, (str, int)):
        yield path


def test_any_changed_byte_is_found():
    sound = record(terms(exclusions=[("P-900", "演示：回避")], strata=3))
    assert verify(sound).status == "verified"
    chance = random.Random(1)
    for path in list(places(sound)):
        if path[0] == "ledger" and path[2] in {"kind", "version"}:
            continue  # say nothing of the draw
        for _ in range(3):
            changed = copy.deepcopy(sound)
            inside = changed
            for key in path[:-1]:
                inside = inside[key]
            inside[path[-1]] = other(inside[path[-1]], chance)
            assert verify(changed).status != "verified", path


def other(value, chance):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice([1, -1])
    if not value:
        return "x"
    place = chance.randrange(len(value))
    letter = chance.choice([one for one in "0a7:Z" if one != value[place]])
    return value[:place] + letter + value[place + 1 :]


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (lambda made: made["outcome"]["selected"].reverse(), "outcome"),
        (lambda made: made["revealed"].update(organiser=secret("other")), "organiser"),
        (lambda made: made["revealed"].update(public_value=secret("other")), "public_value"),
        (lambda made: made["terms"]["candidates"].pop(), "terms"),
        (lambda made: made.update(seed=secret("x")), "seed"),
        (lambda made: made["ledger"].update(drawn=made["ledger"]["announced"]), "ledger"),
    ],
)
def test_a_mismatch_names_its_step(change, step):
    made = record()
    change(made)
    assert step in [one.name for one in verify(made).steps if not one.ok]


def test_a_commitment_after_the_public_value_is_no_commitment():
    late = record(swap_at={"committed": "2022-07-04T02:00:00.000000Z"})
    assert [one.name for one in verify(late).steps if not one.ok] == ["ledger"]
    early = record(swap_at={"public_value": "2022-07-04T01:59:59.999999Z"})
    assert [one.name for one in verify(early).steps if not one.ok] == ["ledger"]


def test_a_commitment_cannot_be_passed_off_for_another_role_or_draw():
    mine = commitment(draw=DRAW, role="organiser", secret=secret("one"))
    assert mine != commitment(draw=DRAW, role="second", secret=secret("one"))
    assert mine != commitment(draw="other", role="organiser", secret=secret("one"))


def test_a_bad_document_hears_all_its_problems_at_once():
    made = record()
    del made["seed"]
    made["terms"]["take"] = "three"
    made["commitments"]["second"] = "short"
    report = verify(made)
    assert report.status == "bad_input"
    assert [text.split("：")[0] for text in report.problems] == [
        "$.terms.take",
        "$.commitments.second",
        "$.seed",
    ]
    for broken in (None, [], "x", 3, {}, {"kind": "qingyuan-draw", "version": 1}):
        assert verify(broken).status == "bad_input"


@settings(max_examples=200)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["terms", "ledger", "seed", "body", "code", "revealed"]), inner)
        ),
        max_leaves=8,
    ),
    st.integers(0, 200),
)
def test_whatever_stands_in_a_document_there_is_an_answer(value, place):
    made = record()
    paths = list(places(made))
    inside = made
    path = paths[place % len(paths)]
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    assert verify(made).status in {"bad_input", "mismatch", "verified"}


def test_terms_say_everything_that_is_wrong_with_them():
    bad = terms(
        candidates=[Candidate("A"), Candidate("A"), Candidate("B")],
        take=9,
        exclusions=[("B", "演示"), ("C", " ")],
    )
    text = "\n".join(bad.problems())
    for word in ("“A”重复", "“B”既在", "“C”没有写明理由", "候选只有 3 个"):
        assert word in text


# --- the same chance for everybody


def chi_squared(counts, expected):
    return sum((count - expected) ** 2 / expected for count in counts)


def bound(freedom, sigmas=4.5):
    """Wilson and Hilferty: what a chi-squared of so many degrees of freedom passes once in some 300,000 times."""
    return freedom * (1 - 2 / (9 * freedom) + sigmas * math.sqrt(2 / (9 * freedom))) ** 3


def seeds(count):
    return (
        seed_of(terms_sha256=secret("t"), secret=secret(f"s{number}"), public_value="p")
        for number in range(count)
    )


@pytest.mark.parametrize("n", [1, 2, 3, 7, 10, 64])
def test_integers_are_even(n):
    stream, size = Stream(bytes(32)), 20_000
    counts = Counter(stream.below(n) for _ in range(size))
    assert set(counts) == set(range(n))
    assert n == 1 or chi_squared(counts.values(), size / n) < bound(n - 1)


def test_a_word_past_the_last_full_multiple_is_thrown_away():
    bound_just_over_half = (1 << 63) + 1
    stream, source = Stream(bytes(32)), words(bytes(32))
    got = [stream.below(bound_just_over_half) for _ in range(500)]
    assert got == [book_below(source, bound_just_over_half) for _ in range(500)]
    assert max(got) < bound_just_over_half
    next_stream = Stream(bytes(32))
    raw = [next_stream.below(1 << 64) for _ in range(500)]
    assert got != [word % bound_just_over_half for word in raw]


def test_every_pair_is_drawn_as_often_as_any_other():
    of, size = terms(6, take=2, reserves=1), 6000
    ordered = Counter(draw(of, seed=seed).selected for seed in seeds(size))
    assert len(ordered) == 30
    assert chi_squared(ordered.values(), size / 30) < bound(29)


def test_reserves_are_even_too():
    of, size = terms(6, take=2, reserves=1, strata=2), 6000
    counts = Counter(draw(of, seed=seed).reserves[0] for seed in seeds(size))
    assert chi_squared(counts.values(), size / 6) < bound(5)


UNEVEN = [Candidate(f"P{n:02d}", stratum) for n, stratum in enumerate("AAAAAAABBC")]


def test_a_stratified_draw_gives_every_stratum_its_share_and_everybody_the_same_chance():
    of, size = terms(candidates=UNEVEN, take=4, reserves=0, strata=1), 5000
    single = Counter()
    for seed in seeds(size):
        outcome = draw(of, seed=seed)
        assert len(set(outcome.selected)) == 4
        for _name, members, drawn in outcome.strata:
            assert math.floor(members * 4 / 10) <= drawn <= math.ceil(members * 4 / 10)
        single.update(outcome.selected)
    assert len(single) == 10
    # Each count is binomial with p = 0.4: five standard deviations.
    assert all(abs(count - 0.4 * size) < 5 * math.sqrt(size * 0.24) for count in single.values())


# --- in a terminal, far from any data


def run(path, *arguments):
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("QINGYUAN_", "DJANGO_"))
    }
    command = [sys.executable, "-m", "qingyuan", "draw", "verify", str(path), *arguments]
    return subprocess.run(command, env=bare, capture_output=True, text=True, timeout=60, check=False)


def test_the_terminal_says_verified_mismatch_or_bad_input(tmp_path):
    path = tmp_path / "记录.json"
    path.write_text(json.dumps(record()), "utf-8")
    done = run(path, "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "verified")
    assert "核验通过" in run(path).stdout

    wrong = record()
    wrong["outcome"]["selected"].reverse()
    path.write_text(json.dumps(wrong), "utf-8")
    done = run(path)
    assert done.returncode == 1
    assert "不符  抽取结果" in done.stdout

    path.write_text('{"kind": "other"', "utf-8")
    assert run(path).returncode == 2
    done = run(path, "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (2, "bad_input")
