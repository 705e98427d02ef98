"""The adjusted order against a simulation whose truth is known: better than the mean when experts differ, and no
worse when they do not.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from qingyuan.engine.panel import Ratings, adjust, rank_intervals, ranks

PROJECTS, EXPERTS, READS = 100, 25, 3
ROUNDS = 40


def simulate(
    generator: np.random.Generator, *, harshness: float, blocks: int = 1
) -> tuple[np.ndarray, Ratings]:
    """Truth ~ (70, 8), error ~ (0, 5), three experts a project, drawn at random within each of `blocks` panels."""
    truth = generator.normal(70, 8, PROJECTS)
    harsh = generator.normal(0, harshness, EXPERTS) if harshness else np.zeros(EXPERTS)
    project = np.repeat(np.arange(PROJECTS), READS)
    per = EXPERTS // blocks
    expert = np.concatenate(
        [generator.choice(per, READS, replace=False) + per * (number % blocks) for number in range(PROJECTS)]
    )
    score = truth[project] - harsh[expert] + generator.normal(0, 5, project.size)
    return truth, Ratings.of(project=project, expert=expert, score=score, projects=PROJECTS, experts=EXPERTS)


def agreement(truth: np.ndarray, score: np.ndarray) -> float:
    """Spearman's rank correlation with the truth."""
    return float(np.corrcoef(ranks(truth), ranks(score))[0, 1])


def compare(*, harshness: float, blocks: int = 1) -> tuple[float, float, float]:
    """Mean agreement of the raw mean and of the adjusted score, and the share of rounds in which the latter wins."""
    found = []
    for seed in range(ROUNDS):
        truth, ratings = simulate(np.random.default_rng(seed), harshness=harshness, blocks=blocks)
        found.append((agreement(truth, ratings.means), agreement(truth, adjust(ratings).score)))
    mean, adjusted = np.array(found).T
    return float(mean.mean()), float(adjusted.mean()), float((adjusted > mean).mean())


@pytest.mark.parametrize(("harshness", "gain"), [(4.0, 0.01), (8.0, 0.06), (15.0, 0.2)])
def test_where_experts_differ_the_adjusted_order_is_nearer_to_the_truth(
    harshness: float, gain: float
) -> None:
    mean, adjusted, wins = compare(harshness=harshness)
    assert adjusted - mean > gain
    assert wins > 0.75


def test_where_experts_do_not_differ_nothing_is_lost() -> None:
    mean, adjusted, _wins = compare(harshness=0.0)
    # Tolerance: two thousandths of rank correlation, on average over forty rounds.
    assert adjusted > mean - 0.002


def test_panels_that_share_no_expert_are_said_and_still_no_worse() -> None:
    _truth, ratings = simulate(np.random.default_rng(1), harshness=8.0, blocks=5)
    assert adjust(ratings).panels == 5
    mean, adjusted, _wins = compare(harshness=8.0, blocks=5)
    assert adjusted > mean


def test_the_variances_are_found_without_bias_worth_speaking_of() -> None:
    found = [adjust(simulate(np.random.default_rng(seed), harshness=6.0)[1]) for seed in range(ROUNDS)]
    assert np.mean([one.expert_sd for one in found]) == pytest.approx(6.0, rel=0.1)
    assert np.mean([one.error_sd for one in found]) == pytest.approx(5.0, rel=0.05)


def test_the_likelihood_is_that_of_the_whole_matrix() -> None:
    """The ratio of variances found by way of eigenvalues is the one that a dense restricted likelihood has."""
    _truth, ratings = simulate(np.random.default_rng(4), harshness=6.0)
    fixed = np.zeros((ratings.size, PROJECTS))
    fixed[np.arange(ratings.size), ratings.project] = 1.0
    random = np.zeros((ratings.size, EXPERTS))
    random[np.arange(ratings.size), ratings.expert] = 1.0
    freedom = ratings.size - PROJECTS

    def dense(ratio: float) -> tuple[float, np.ndarray]:
        whole = np.eye(ratings.size) + ratio * random @ random.T
        inverse = np.linalg.inv(whole)
        information = fixed.T @ inverse @ fixed
        effect = np.linalg.solve(information, fixed.T @ inverse @ ratings.score)
        left = ratings.score - fixed @ effect
        likelihood = np.linalg.slogdet(whole)[1] + np.linalg.slogdet(information)[1]
        return float(likelihood + freedom * np.log(left @ inverse @ left)), effect

    found = adjust(ratings)
    best, effect = dense(found.ratio)
    assert best <= dense(found.ratio * 1.02)[0]
    assert best <= dense(found.ratio / 1.02)[0]
    assert found.score == pytest.approx(effect, abs=1e-8)


def test_ninety_percent_intervals_hold_about_ninety_percent_of_what_another_panel_would_say() -> None:
    """Coverage of the rank that a second, independent panel of the same experts gives: at least 85 %."""
    inside = []
    for seed in range(12):
        generator = np.random.default_rng(seed)
        truth, ratings = simulate(generator, harshness=0.0)
        found = adjust(ratings)
        intervals = rank_intervals(ratings, found, of=ratings.means, adjusted=False, seed=seed)
        true = ranks(truth)
        inside.append(((intervals.low <= true) & (true <= intervals.high)).mean())
    assert np.mean(inside) > 0.85


def test_the_engine_is_usable_without_django() -> None:
    code = "import sys, qingyuan.engine.panel; print('django' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "False\n"
    )
