"""The account of the innovation as pure numbers: by hand, and by properties that must hold for any log."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingyuan.catalogue import innovation
from qingyuan.delivery import account_words as words
from qingyuan.delivery.account import (
    EACH,
    MEASURES,
    AccountError,
    Entry,
    Range,
    Share,
    account,
    as_data,
    coverage,
    from_data,
    together,
)


def usual(low, mid, high):
    return Range(low=Fraction(low), mid=Fraction(mid), high=Fraction(high))


def entry(covers="", **amounts):
    return Entry(
        covers=frozenset(covers),
        amounts={name: None if value is None else Fraction(value) for name, value in amounts.items()},
    )


USUAL = {"person_days": usual(60, 100, 160), "visits": usual(2, 3, 4), "days": usual(20, 30, 60)}


# --- by hand


@pytest.mark.clause("N1")
def test_four_enterprises_by_hand():
    """a and b: 30 person-days together; a alone 10; common work 20; of c and d nothing is known.

    Charged to a and b: 30 + 10 + 20 = 60, that is 30 each; one by one they would take 200. Confirmed: 140 of 400 = 35 %.
    If c and d took nothing, at most 400 - 60 = 340 were saved.
    """
    found = account(
        "abcd",
        [entry("ab", person_days=30), entry("a", person_days=10), entry("", person_days=20)],
        USUAL,
    )["person_days"]
    assert (found.enterprises, found.stated, found.unstated) == (4, 2, 2)
    assert (found.actual, found.per_enterprise) == (60, 30)
    assert found.confirmed.mid == 140
    assert (found.confirmed.low, found.confirmed.high) == (2 * 60 - 60, 2 * 160 - 60)
    assert found.most.mid == 340
    assert found.percent.mid == 35


def test_a_joint_evaluation_is_shared_and_a_visit_counts_for_each():
    found = account("abc", [entry("abc", days=10), entry("ab", visits=1), entry("a", visits=1)], USUAL)
    assert found["days"].per_enterprise == Fraction(10, 3)
    assert found["days"].confirmed.mid == 80
    assert found["visits"].actual == 3
    assert found["visits"].stated == 2


def test_declared_complete_no_entry_means_nothing_was_spent():
    log = [entry("a", visits=1)]
    open_log = account("abc", log, USUAL)["visits"]
    closed = account("abc", log, USUAL, complete={"visits"})["visits"]
    assert (open_log.stated, open_log.confirmed.mid) == (1, 2)
    assert (closed.stated, closed.untouched, closed.confirmed.mid) == (3, 2, 8)


def test_a_blank_makes_its_enterprises_unknown_and_a_blank_of_common_work_all_of_them():
    found = account("ab", [entry("a", person_days=10), entry("ab", person_days=None)], USUAL)["person_days"]
    assert (found.stated, found.blanks, found.confirmed) == (0, 1, None)
    assert found.most.mid == 190
    common = account("ab", [entry("a", person_days=10), entry("", person_days=None)], USUAL)["person_days"]
    assert common.confirmed is None


def test_what_is_known_to_be_dearer_counts_even_where_the_rest_is_missing():
    found = account(
        "ab", [entry("a", person_days=10), entry("b", person_days=300), entry("b", person_days=None)], USUAL
    )["person_days"]
    assert found.stated == 1
    assert found.confirmed.mid == 90 - 200


def test_effort_for_those_who_left_is_borne_by_those_who_stayed():
    found = account("a", [entry("ab", person_days=30), entry("b", person_days=5)], USUAL)["person_days"]
    assert (found.actual, found.per_enterprise) == (35, 35)


def test_nothing_logged_says_nothing_and_no_assumption_compares_nothing():
    nothing = account("ab", [], USUAL)["person_days"]
    assert (nothing.actual, nothing.per_enterprise, nothing.confirmed, nothing.most, nothing.percent) == (
        None,
    ) * 5
    alone = account("ab", [entry("ab", money=10)], {})["money"]
    assert (alone.per_enterprise, alone.confirmed, alone.percent) == (5, None, None)
    assert account("", [entry("", money=10)], USUAL)["money"].per_enterprise is None


def test_a_tradition_of_nothing_has_no_percent():
    found = account("a", [entry("a", days=1)], {"days": usual(0, 0, 0)})["days"]
    assert (found.confirmed.mid, found.percent) == (-1, None)


@pytest.mark.parametrize("three", [(3, 2, 4), (-1, 2, 3), (1, 3, 2)])
def test_an_assumption_rises_from_zero_on(three):
    with pytest.raises(AccountError):
        usual(*three)


def test_a_negative_amount_is_refused():
    with pytest.raises(AccountError):
        account("a", [entry("a", money=-1)], USUAL)


def test_coverage_says_only_what_is_stated():
    found = coverage(
        {"a": "22", "b": "22", "c": ""},
        shares=[
            Share(quantity="产值", unit="亿元", covered=Fraction(3), total=Fraction(4)),
            Share(quantity="COD", unit="t", covered=None, total=Fraction(4)),
            Share(quantity="氨氮", unit="t", covered=Fraction(5), total=Fraction(4)),
        ],
    )
    assert (found.enterprises, found.sectors, found.without_sector) == (3, 1, 1)
    assert [share.percent for share in found.shares] == [75, None, None]


def test_several_pilots_add_up_and_silent_ones_add_nothing():
    one = account("ab", [entry("ab", person_days=60)], USUAL)
    other = account("xyz", [entry("x", person_days=10)], {"person_days": usual(40, 50, 60)})
    silent = account("pq", [], USUAL)
    found, pilots = together([one, other, silent])["person_days"]
    assert pilots == 2
    assert (found.enterprises, found.stated, found.actual) == (5, 3, 70)
    assert found.confirmed.mid == 140 + 40
    assert found.percent.mid == Fraction(100 * 180, 200 + 150)
    assert "days" not in together([one, silent])


# --- properties

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine draws slowly; that says nothing of the account."""
NAMES = st.sampled_from("abcdef")
AMOUNT = st.integers(0, 6000).map(lambda twelfths: Fraction(twelfths, 12))
MAYBE = st.one_of(st.none(), AMOUNT)
ENTRIES = st.lists(
    st.builds(
        lambda covers, measure, amount: Entry(covers=frozenset(covers), amounts={measure: amount}),
        st.frozensets(NAMES, max_size=4),
        st.sampled_from(MEASURES),
        MAYBE,
    ),
    max_size=12,
)
RANGES = st.lists(AMOUNT, min_size=3, max_size=3).map(lambda three: usual(*sorted(three)))
TRADITIONS = st.dictionaries(st.sampled_from(MEASURES), RANGES)
SCOPES = st.frozensets(NAMES)
COMPLETE = st.frozensets(st.sampled_from(MEASURES))


def saved(results, measure):
    found = results[measure].confirmed
    return None if found is None else found.mid


@calm
@given(scope=SCOPES, entries=ENTRIES, traditions=TRADITIONS, complete=COMPLETE)
def test_no_saving_exceeds_the_whole_and_the_range_holds(scope, entries, traditions, complete):
    for result in account(scope, entries, traditions, complete=complete).values():
        if result.confirmed is not None:
            assert result.confirmed.low <= result.confirmed.mid <= result.confirmed.high
            assert result.confirmed.mid <= result.most.mid <= result.traditional.mid
        if (share := result.percent) is not None:
            assert max(share.low, share.mid, share.high) <= 100
        assert from_data(as_data(result)) == result


@calm
@given(scope=SCOPES, entries=ENTRIES, traditions=TRADITIONS, complete=COMPLETE, seed=st.randoms())
def test_the_order_of_entries_and_the_names_do_not_matter(scope, entries, traditions, complete, seed):
    before = account(scope, entries, traditions, complete=complete)
    shuffled = list(entries)
    seed.shuffle(shuffled)
    renamed = dict(zip("abcdef", "uvwxyz", strict=True))
    others = [
        Entry(covers=frozenset(renamed[one] for one in each.covers), amounts=each.amounts)
        for each in shuffled
    ]
    assert account([renamed[one] for one in scope], others, traditions, complete=complete) == before


@calm
@given(
    scope=SCOPES,
    entries=ENTRIES,
    traditions=TRADITIONS,
    complete=COMPLETE,
    factor=st.integers(1, 1000).map(lambda part: Fraction(part, 7)),
)
def test_other_units_scale_savings_and_leave_percents(scope, entries, traditions, complete, factor):
    before = account(scope, entries, traditions, complete=complete)
    scaled = [
        Entry(
            covers=each.covers,
            amounts={name: None if one is None else one * factor for name, one in each.amounts.items()},
        )
        for each in entries
    ]
    ranges = {
        name: usual(one.low * factor, one.mid * factor, one.high * factor) for name, one in traditions.items()
    }
    after = account(scope, scaled, ranges, complete=complete)
    for measure in MEASURES:
        assert after[measure].percent == before[measure].percent
        if saved(before, measure) is not None:
            assert saved(after, measure) == factor * saved(before, measure)


@calm
@given(scope=SCOPES, entries=ENTRIES, traditions=TRADITIONS, place=st.integers(0, 11))
def test_what_is_missing_never_saves_more_than_if_it_had_been_nothing(scope, entries, traditions, place):
    if not entries:
        return
    place %= len(entries)
    (measure,) = entries[place].amounts

    def with_amount(amount):
        changed = list(entries)
        changed[place] = Entry(covers=entries[place].covers, amounts={measure: amount})
        return saved(account(scope, changed, traditions), measure)

    missing, nothing = with_amount(None), with_amount(Fraction())
    if missing is not None and nothing is not None:
        assert missing <= nothing


@calm
@given(
    efforts=st.dictionaries(NAMES, AMOUNT, min_size=2),
    gone=st.sets(NAMES),
    common=AMOUNT,
    dearest=AMOUNT,
)
def test_leaving_out_effort_below_the_tradition_never_raises_a_saving(efforts, gone, common, dearest):
    """As long as no enterprise took more than the traditional way would have, saying less never claims more."""
    top = max([*efforts.values(), dearest])
    ranges = {"money": usual(top, top, top)}

    def of(blank):
        log = [entry(one, money=None if one in blank else amount) for one, amount in efforts.items()]
        return account(efforts, [*log, entry("", money=common)], ranges)["money"]

    full, less = of(set()), of(gone)
    if less.confirmed is not None:
        assert less.confirmed.mid <= full.confirmed.mid
        if full.percent is not None:
            assert less.percent.mid <= full.percent.mid


@calm
@given(scope=SCOPES, entries=ENTRIES, traditions=TRADITIONS, amount=AMOUNT, measure=st.sampled_from(MEASURES))
def test_a_further_enterprise_saves_what_it_saved_itself(scope, entries, traditions, amount, measure):
    about = [each for each in entries if each.covers & scope or not each.covers]
    before = account(scope, about, traditions)
    untouched = account({*scope, "new"}, about, traditions)
    own = account({*scope, "new"}, [*about, entry(["new"], **{measure: amount})], traditions)
    for one in MEASURES:
        if saved(before, one) is not None:
            assert saved(untouched, one) == saved(before, one), "nobody worked there: nothing is saved"
            if before[one].percent is not None and before[one].percent.mid >= 0:
                assert untouched[one].percent.mid <= before[one].percent.mid
    blank_common = any(each.amounts.get(measure, 0) is None and not each.covers for each in about)
    if saved(before, measure) is not None and not blank_common:
        assert saved(own, measure) == saved(before, measure) + traditions[measure].mid - amount


@calm
@given(
    covers=st.sets(NAMES, min_size=1),
    amount=AMOUNT,
    measure=st.sampled_from([one for one in MEASURES if one not in EACH]),
)
def test_work_for_several_is_the_same_as_its_shares(covers, amount, measure):
    ranges = {measure: usual(1, 2, 3)}
    whole = account("abcdef", [entry(covers, **{measure: amount})], ranges)
    parts = account("abcdef", [entry(one, **{measure: amount / len(covers)}) for one in covers], ranges)
    assert whole == parts


# --- in words


def test_the_sentences_say_who_has_no_data_and_under_which_assumption():
    results = account("abcd", [entry("ab", person_days=30), entry("a", person_days=10)], USUAL)
    found = {
        one.text.partition("：")[0]: one for one in words.sentences(results, coverage({"a": "22", "b": ""}))
    }
    text = found["投入人日"].text
    assert "有记录的 2 家平均每家 20 人日" in text
    assert "100 人日（60 人日至160 人日）" in text
    assert "可确认节省 160 人日（80 人日至280 人日），为传统方式的 40%" in text
    assert "其余 2 家没有数据，按没有节省计" in text
    assert ("person_days", "confirmed") in found["投入人日"].quotes
    assert found["审核费用"].text == "审核费用：没有可用的记录，不作比较。"
    shown = words.figures(results["person_days"])
    assert {name for _measure, name in found["投入人日"].quotes} <= shown.keys()


def test_a_dearer_way_is_said_as_such():
    results = account("a", [entry("a", person_days=130)], USUAL)
    (text,) = (one.text for one in words.sentences(results, coverage({})) if one.text.startswith("投入人日"))
    assert "比传统方式多用 30 人日" in text
    assert "为传统方式的" not in text
    doubts = [one.text for one in words.doubts(results, {})]
    assert any("比传统方式用得多" in one for one in doubts)


def test_doubts_name_what_is_too_good_missing_or_ours():
    results = account(
        "abc",
        [entry("a", person_days=1), entry("b", person_days=None)],
        USUAL,
        complete={"person_days", "days"},
    )
    text = "\n".join(one.text for one in words.doubts(results, {"person_days": True}))
    for said in ("1 笔记录该填未填", "家企业没有一笔记录", "自拟的默认值"):
        assert said in text
    best = account("a", [entry("a", person_days=1)], USUAL)
    assert any("节省超过 90%" in one.text for one in words.doubts(best, {}))


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1, 3), "0.33"), (Fraction(5, 1000), "0.01"), (Fraction(-5, 2), "-2.5"), (Fraction(-1, 1000), "0"), (Fraction(1234567), "1,234,567")],
)  # fmt: skip
def test_figures_are_rounded_once_at_the_end(value, text):
    assert words.rounded(value) == text


def test_money_is_said_in_ten_thousands():
    assert words.amount(Fraction(2160000), "元") == "216 万元"
    assert words.amount(Fraction(9999), "元") == "9,999 元"


def test_the_catalogue_speaks_of_the_measures_of_the_account():
    assert tuple(innovation.measures()) == MEASURES
    assert not innovation.innovation().verified
    assert "自拟" in innovation.innovation().source
