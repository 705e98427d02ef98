"""Figures of a panel: by hand, whatever the order, with gaps, with one expert, with ties."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.engine.panel import (
    Ratings,
    RatingsError,
    adjust,
    borderline,
    disagreements,
    hasty,
    outlying,
    panels,
    rank_intervals,
    ranks,
    summarise,
    tied_by_interval,
)


def ratings_of(rows: list[tuple[int, int, float]], *, projects: int = 0, experts: int = 0) -> Ratings:
    project, expert, score = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    return Ratings.of(
        project=project,
        expert=expert,
        score=score,
        projects=projects or max(project, default=-1) + 1,
        experts=experts or max(expert, default=-1) + 1,
    )


@st.composite
def panels_of_scores(draw: Any) -> list[tuple[int, int, float]]:
    pairs = draw(
        st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5)), unique=True, min_size=1, max_size=40)
    )
    return [(project, expert, draw(st.integers(20, 100)) / 1.0) for project, expert in pairs]


@given(panels_of_scores(), st.randoms(use_true_random=False))
def test_every_figure_is_what_the_textbook_says_whatever_the_order(rows: list, random: Any) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)
    one, other = (ratings_of(order, projects=8, experts=6) for order in (rows, shuffled))
    figures = summarise(one)
    for project in range(8):
        scores = [score for found, _expert, score in rows if found == project]
        assert figures.counts[project] == len(scores)
        if not scores:
            assert np.isnan([figures.mean[project], figures.median[project], figures.trimmed[project]]).all()
            continue
        assert figures.mean[project] == pytest.approx(statistics.fmean(scores))
        assert figures.median[project] == pytest.approx(statistics.median(scores))
        cut = int(len(scores) * 0.25)
        kept = sorted(scores)[cut : len(scores) - cut]
        assert figures.trimmed[project] == pytest.approx(statistics.fmean(kept))
        assert figures.width[project] == max(scores) - min(scores)
        if len(scores) > 1:
            assert figures.spread[project] == pytest.approx(statistics.stdev(scores))
        else:
            assert np.isnan(figures.spread[project])
    assert np.array_equal(adjust(one).score, adjust(other).score, equal_nan=True)
    assert np.array_equal(adjust(one).severity, adjust(other).severity)


@given(panels_of_scores(), st.integers(-20, 20))
def test_what_everybody_gives_more_moves_no_order(rows: list, more: int) -> None:
    one = adjust(ratings_of(rows))
    other = adjust(ratings_of([(project, expert, score + more) for project, expert, score in rows]))
    assert other.score == pytest.approx(one.score + more, nan_ok=True, abs=1e-6)
    assert other.severity == pytest.approx(one.severity, abs=1e-6)
    assert other.expert_sd == pytest.approx(one.expert_sd, abs=1e-6)


@given(panels_of_scores(), st.permutations(range(6)), st.permutations(range(8)))
def test_the_numbering_of_experts_and_projects_does_not_matter(
    rows: list, experts: list, projects: list
) -> None:
    one = adjust(ratings_of(rows, projects=8, experts=6))
    renamed = [(projects[project], experts[expert], score) for project, expert, score in rows]
    other = adjust(ratings_of(renamed, projects=8, experts=6))
    assert other.score[projects] == pytest.approx(one.score, nan_ok=True, abs=1e-5)
    assert other.severity[experts] == pytest.approx(one.severity, abs=1e-5)


@given(panels_of_scores())
def test_an_interval_holds_its_rank_and_comes_again(rows: list) -> None:
    ratings = ratings_of(rows, projects=8, experts=6)
    found = adjust(ratings)
    for of, adjusted in ((ratings.means, False), (found.score, True)):
        one, other = (
            rank_intervals(ratings, found, of=of, adjusted=adjusted, seed=7, draws=60) for _ in range(2)
        )
        assert (one.low == other.low).all()
        assert (one.high == other.high).all()
        scored = ratings.counts > 0
        assert (one.low[scored] >= 1).all()
        assert (one.low[scored] <= one.rank[scored]).all()
        assert (one.rank[scored] <= one.high[scored]).all()
        assert (one.high[scored] <= scored.sum()).all()
        assert (one.rank[~scored] == 0).all()
        assert (one.high[~scored] == 0).all()


def test_ties_share_a_rank_and_the_next_is_skipped() -> None:
    assert ranks(np.array([80.0, 90.0, np.nan, 80.0, 70.0, 80.0 + 1e-12])).tolist() == [2, 1, 0, 2, 5, 2]


def test_one_expert_for_all_leaves_the_means_and_says_why() -> None:
    found = adjust(ratings_of([(0, 0, 60.0), (1, 0, 80.0), (2, 0, 70.0)]))
    assert found.score.tolist() == [60.0, 80.0, 70.0]
    assert "每个项目只有一位专家" in found.reason
    intervals = rank_intervals(
        ratings_of([(0, 0, 60.0), (1, 0, 80.0)]), found, of=np.array([60.0, 80.0]), adjusted=False, seed=1
    )
    assert intervals.reason == found.reason
    assert intervals.low.tolist() == intervals.high.tolist() == [2, 1]


def test_nobody_has_scored_yet() -> None:
    ratings = ratings_of([], projects=3, experts=2)
    found = adjust(ratings)
    assert found.reason == "还没有评分"
    assert np.isnan(found.score).all()
    assert rank_intervals(ratings, found, of=found.score, adjusted=True, seed=1).rank.tolist() == [0, 0, 0]
    assert np.isnan(summarise(ratings).median).all()


def test_experts_who_agree_wholly_are_not_adjusted_and_the_order_is_sure() -> None:
    rows = [(project, expert, 50.0 + 10 * project) for project in range(3) for expert in range(3)]
    ratings = ratings_of(rows)
    found = adjust(ratings)
    assert (found.score == ratings.means).all()
    assert "完全一致" in found.reason
    intervals = rank_intervals(ratings, found, of=found.score, adjusted=True, seed=1)
    assert intervals.low.tolist() == intervals.high.tolist() == [3, 2, 1]
    assert not outlying(ratings, found).any()


def test_a_harsh_expert_is_found_and_those_read_by_him_are_lifted() -> None:
    truth = np.linspace(50, 90, 30)
    generator = np.random.default_rng(3)
    rows = [
        (project, expert, truth[project] + generator.normal(0, 1) - (12 if expert == 0 else 0))
        for project in range(30)
        for expert in sorted({0 if project % 2 else 1, 2 + project % 3, 5})
    ]
    found = adjust(ratings_of(rows))
    others = found.severity[1:].mean()
    assert found.severity[0] - others == pytest.approx(12, abs=1.5)
    # Raw means lie 4 points low where he took part; adjusted ones do not.
    means = ratings_of(rows).means - truth
    assert means[1::2].mean() - means[::2].mean() == pytest.approx(-4, abs=0.6)
    left = found.score - truth
    assert left[1::2].mean() - left[::2].mean() == pytest.approx(0, abs=0.6)


def test_panels_without_a_common_expert_are_told_apart() -> None:
    label, number = panels(
        ratings_of([(0, 0, 1.0), (1, 0, 1.0), (1, 1, 1.0), (2, 1, 1.0), (3, 2, 1.0), (4, 2, 1.0)], projects=6)
    )
    assert number == 2
    assert label.tolist() == [0, 0, 0, 1, 1, -1]


def test_a_long_chain_is_one_panel() -> None:
    rows = [(project, expert, 1.0) for project in range(50) for expert in (49 - project, 50 - project)]
    assert panels(ratings_of(rows))[1] == 1


def test_disagreement_and_the_score_that_lies_apart() -> None:
    rows = [(project, expert, 70.0 + project + (expert % 2)) for project in range(12) for expert in range(3)]
    rows[4] = (1, 1, 30.0)
    ratings = ratings_of(rows)
    assert disagreements(summarise(ratings), points=25).nonzero()[0].tolist() == [1]
    flagged = outlying(ratings, adjust(ratings)).nonzero()[0]
    assert (ratings.project[flagged].tolist(), ratings.expert[flagged].tolist()) == ([1], [1])


def test_a_review_too_fast_to_have_been_read_is_named_and_an_unknown_time_never() -> None:
    ratings = ratings_of([(0, 0, 1.0), (0, 1, 1.0), (0, 2, 1.0), (1, 0, 1.0), (1, 1, 1.0), (2, 0, 1.0)])
    minutes = np.array([120.0, 100.0, 20.0, 14.0, np.nan, 16.0])
    found = hasty(ratings, minutes, floor=15, share=0.25)
    assert found.flags.tolist() == [False, False, True, True, False, False]
    assert found.limit[:3].tolist() == [25.0, 25.0, 25.0]


def test_the_line_of_the_quota_falls_among_those_whose_order_is_not_sure() -> None:
    generator = np.random.default_rng(11)
    truth = np.array([95.0, 90.0, 71.0, 70.5, 70.0, 69.5, 40.0])
    rows = [(p, e, truth[p] + generator.normal(0, 3)) for p in range(7) for e in range(3)]
    ratings = ratings_of(rows)
    found = adjust(ratings)
    intervals = rank_intervals(ratings, found, of=ratings.means, adjusted=False, seed=5)
    edge = borderline(intervals, quota=4)
    assert not edge[[0, 1, 6]].any()
    assert edge[[2, 3, 4, 5]].sum() >= 2
    assert not borderline(intervals, quota=7).any()
    tied = tied_by_interval(intervals)
    assert tied[[2, 3, 4, 5]].all()
    assert not tied[6]


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        (([0, 1], [0], [1.0]), "长度须相同"),
        (([0, 3], [0, 0], [1.0, 2.0]), "项目序号"),
        (([0, 1], [0, -1], [1.0, 2.0]), "专家序号"),
        (([0, 1], [0, 0], [1.0, float("nan")]), "有限数"),
        (([1, 1], [0, 0], [1.0, 2.0]), "两个分数"),
    ],
)
def test_arrays_that_are_no_scores_are_refused(arrays: tuple, words: str) -> None:
    project, expert, score = arrays
    with pytest.raises(RatingsError, match=words):
        Ratings.of(project=project, expert=expert, score=score, projects=3, experts=2)
