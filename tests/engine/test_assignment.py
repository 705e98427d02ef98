"""The assignment of experts: against every possible assignment on small cases, and proven on large ones."""

from __future__ import annotations

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.engine.assignment import AssignmentError, Task, Weights, assign


@st.composite
def tasks(draw):
    projects, experts = draw(st.integers(1, 3)), draw(st.integers(1, 4))

    def matrix(odds):
        return np.array([[draw(odds) for _expert in range(experts)] for _project in range(projects)], bool)

    mostly = st.sampled_from([True, True, False])
    rarely = st.sampled_from([True, False, False, False])
    allowed, fixed = matrix(mostly), matrix(rarely)
    return Task.of(
        needs=[draw(st.integers(0, 3)) for _project in range(projects)],
        caps=[draw(st.integers(0, 3)) for _expert in range(experts)],
        allowed=allowed,
        covers=matrix(st.booleans()),
        fixed=fixed,
        kept=matrix(rarely) & ~fixed,
        weights=Weights(
            balance=draw(st.integers(0, 2)), unmatched=draw(st.integers(0, 5)), change=draw(st.integers(0, 7))
        ),
    )


def merit(task, pairs):
    """The three aims in their order, straight from the words of the module."""
    wanted = np.maximum(task.needs, task.fixed.sum(axis=1))
    got, decided = pairs.sum(axis=1), task.needs > task.fixed.sum(axis=1)
    bare = decided & ~(pairs & task.covers).any(axis=1)
    chosen = pairs & ~task.fixed
    return (
        int((wanted - got).sum()),
        int(bare.sum()),
        int(
            task.weights.balance * (pairs.sum(axis=0) ** 2).sum()
            + task.weights.unmatched * (chosen & ~task.covers).sum()
            + task.weights.change * (chosen & ~task.kept).sum()
        ),
    )


def every_assignment(task):
    """All ways to choose open pairs within needs and caps."""
    rows = []
    for project in range(len(task.needs)):
        free = [
            one
            for one in range(len(task.caps))
            if task.allowed[project, one] and not task.fixed[project, one]
        ]
        most = max(0, task.needs[project] - task.fixed[project].sum())
        rows.append(
            [
                some
                for count in range(min(most, len(free)) + 1)
                for some in itertools.combinations(free, count)
            ]
        )
    most = np.maximum(task.caps, task.fixed.sum(axis=0))
    for choice in itertools.product(*rows):
        pairs = task.fixed.copy()
        for project, some in enumerate(choice):
            pairs[project, list(some)] = True
        if (pairs.sum(axis=0) <= most).all():
            yield pairs


@settings(max_examples=150, deadline=None)
@given(tasks())
def test_no_assignment_at_all_is_better(task):
    result = assign(task)
    assert result.proven
    assert any((result.pairs == pairs).all() for pairs in every_assignment(task))
    assert merit(task, result.pairs) == min(merit(task, pairs) for pairs in every_assignment(task))


@settings(max_examples=60, deadline=None)
@given(tasks())
def test_empty_places_are_explained_by_experts_who_are_all_full(task):
    result = assign(task)
    explained = {project for lack in result.lacks for project in lack.projects}
    assert set(np.nonzero(result.short)[0].tolist()) <= explained
    for lack in result.lacks:
        assert lack.filled < lack.wanted
        projects = list(lack.projects)
        for project in projects:
            missing = task.allowed[project] & ~result.pairs[project]
            assert set(np.nonzero(missing)[0].tolist()) <= set(lack.experts)
        full = [one for one in lack.experts if result.load[one] >= task.caps[one]]
        assert full == list(lack.experts)


def large(*, seed=0, projects=200, experts=60, cap=11, sparse=0.1):
    random = np.random.default_rng(seed)
    sectors = random.integers(0, 13, projects)
    fields = random.random((experts, 13)) < 0.15
    return Task.of(
        needs=np.full(projects, 3),
        caps=np.full(experts, cap),
        allowed=random.random((projects, experts)) > sparse,
        covers=fields[:, sectors].T,
    )


def test_a_large_round_is_proven_optimal_covered_and_even():
    task = large()
    result = assign(task)
    assert result.proven
    assert result.cost == result.bound
    assert not result.short.any()
    assert not result.uncovered.any()
    assert not (result.pairs & ~task.allowed).any()
    assert result.load.max() - result.load.min() <= 3
    assert (result.pairs.sum(axis=1) == 3).all()


def test_the_same_task_gives_the_same_result():
    assert (assign(large(seed=3)).pairs == assign(large(seed=3)).pairs).all()


def test_the_proof_does_not_believe_a_solver_that_stopped_early(monkeypatch):
    """Prices that are not the optimum's give a bound below the cost: the gap shows it."""
    from qingyuan.engine import assignment

    honest = assignment._Programme.solve

    def dishonest(self):
        chosen, prices = honest(self)
        worse = chosen.copy()
        worse[np.nonzero(chosen.any(axis=1))[0][0]] = False
        return worse, prices

    monkeypatch.setattr(assignment._Programme, "solve", dishonest)
    result = assign(large(projects=20, experts=10))
    assert not result.proven
    assert result.gap > 0


def test_started_work_stays_and_only_what_must_change_changes():
    task = large(seed=5)
    first = assign(task)
    started = first.pairs & (np.random.default_rng(1).random(first.pairs.shape) < 0.3)
    leaves = 7  # this expert declares a conflict with everything not yet started
    allowed = task.allowed.copy()
    allowed[:, leaves] = False
    again = assign(
        Task.of(
            needs=task.needs,
            caps=task.caps,
            allowed=allowed,
            covers=task.covers,
            fixed=started,
            kept=first.pairs & ~started,
        )
    )
    assert again.proven
    assert (again.pairs & started == started).all()
    lost = (first.pairs & ~again.pairs).sum()
    left = (first.pairs & ~started)[:, leaves].sum()
    assert left <= lost <= 3 * left


def test_too_few_experts_are_named_with_the_projects_that_share_them():
    # Projects 0 and 1 may only go to experts 0 and 1, who take one project each; project 2 is free.
    task = Task.of(
        needs=[2, 2, 1],
        caps=[1, 1, 5],
        allowed=[[True, True, False], [True, True, False], [True, True, True]],
        covers=np.ones((3, 3), bool),
    )
    result = assign(task)
    (lack,) = result.lacks
    assert (lack.projects, lack.experts, lack.wanted, lack.filled) == ((0, 1), (0, 1), 4, 2)
    assert result.short.tolist()[2] == 0


def test_a_project_without_anyone_lacks_everyone():
    result = assign(Task.of(needs=[2], caps=[3], allowed=[[False]], covers=[[True]]))
    (lack,) = result.lacks
    assert (lack.projects, lack.experts, lack.wanted, lack.filled) == ((0,), (), 2, 0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"needs": [1, 2]}, "needs and caps"),
        ({"covers": [[True, False]]}, "covers"),
        ({"caps": [-1]}, "negative"),
        ({"allowed": [True]}, "matrix"),
        ({"weights": Weights(balance=-1)}, "weights"),
    ],
)
def test_a_task_that_contradicts_itself_is_refused(wrong, said):
    with pytest.raises(AssignmentError, match=said):
        Task.of(**({"needs": [1], "caps": [1], "allowed": [[True]], "covers": [[True]]} | wrong))


def test_nothing_to_assign_is_a_result_too():
    empty = assign(Task.of(needs=[], caps=[2], allowed=np.zeros((0, 1)), covers=np.zeros((0, 1))))
    assert empty.proven
    assert empty.pairs.shape == (0, 1)


def test_the_engine_knows_no_django():
    code = "import sys, qingyuan.engine.assignment; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
