"""Computations: to the letter what the terminal computes, taken under a lease, ended once, repeatable."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from qingyuan.audits import datasets
from qingyuan.audits.actions import run as actions
from qingyuan.audits.models import Run
from qingyuan.audits.queries import run as queries
from qingyuan.audits.running import child
from qingyuan.audits.running.worker import Worker, take, work
from qingyuan.kernel import storage
from qingyuan.kernel.errors import Closed, NotAllowed, WrongStage
from qingyuan.kernel.models import LedgerEntry
from tests.dataset_maker import content_of, dataset_in
from tests.run_maker import asked, end, fresh, run_in
from tests.run_maker import take as take_run


@pytest.mark.clause("N3c")
def test_what_a_worker_computes_is_what_the_terminal_computes(maker, world, tmp_path):
    run = asked(maker)
    assert run.stage == "queued"
    assert work(Worker()) == 1
    run = fresh(run)
    assert (run.stage, run.exit_code, run.percent, run.repeatable) == ("done", 0, 100, True)
    assert run.cpu_ms > 0
    source, out = tmp_path / "region.xlsx", tmp_path / "out"
    with source.open("wb") as target:
        datasets.write(run.version, target)
    subprocess.run(
        [sys.executable, "-m", "qingyuan", "region", str(source), "--out", str(out)], check=True, capture_output=True
    )  # fmt: skip
    files = {one.name: one for one in run.files.all()}
    assert files.keys() == {path.name for path in out.iterdir()}
    with storage.open_blob(files["result.json"].sha256) as kept:
        assert kept.read() == (out / "result.json").read_bytes()
    said = json.loads((out / "result.json").read_text("utf-8"))
    cost = run.findings.get(key="select:cost")
    assert float(cost.value) == said["select"]["cost"]
    assert run.findings.get(key="select:chosen").shown == str(len(said["select"]["chosen"]))


def test_the_same_data_are_not_computed_twice(maker, world):
    first = run_in(maker, "done")
    again = asked(maker, note="再算一次")
    assert (again.stage, again.same_as, again.result_sha256) == ("done", first, first.result_sha256)
    assert again.number == first.number + 1
    assert [one.text for one in again.findings.all()] == [one.text for one in first.findings.all()]
    assert take(Worker()) is None


def test_a_result_that_time_ended_is_not_taken_over(maker, world):
    run, worker = asked(maker), Worker()
    end(take_run(run, worker), worker, repeatable=False)
    assert asked(maker).stage == "queued"


def test_other_data_are_another_computation(maker, world):
    first = run_in(maker, "done")
    dataset = first.dataset
    from qingyuan.audits import actions as dataset_actions

    dataset_actions.resume_dataset(dataset, by=world.park_handler)
    upload = maker.upload(by=world.park_handler, name="演示新数据.pdf")
    dataset_actions.import_workbook(
        dataset, by=world.park_handler, content=content_of(discharge="11"), upload=upload
    )
    dataset_actions.fix_version(dataset, by=world.park_handler)
    assert asked(maker, dataset=dataset).stage == "queued"


def test_a_repetition_says_whether_the_result_is_the_same(maker, world):
    first = run_in(maker, "done")
    for cost, same in (("541.63", True), ("541.64", False)):
        again, worker = actions.repeat(first, by=world.park_handler), Worker()
        end(take_run(again, worker), worker, cost=cost)
        again = fresh(again)
        assert (again.repeats, again.same_result) == (first, same)


def test_who_was_overtaken_ends_nothing(maker, world):
    run, slow, next_one = asked(maker), Worker(name="慢"), Worker(name="后来")
    take_run(run, slow)
    with pytest.raises(Closed):
        actions.take(run, by=next_one)
    Run.objects.filter(pk=run.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    taken = take_run(run, next_one)
    assert taken.token == 2
    assert not actions.still_mine(run, slow, doing="river")
    with pytest.raises(NotAllowed):
        end(run, slow)
    assert actions.still_mine(run, next_one, doing="river")
    end(run, next_one)
    with pytest.raises(WrongStage):
        end(run, next_one)
    assert LedgerEntry.objects.filter(verb="run.finish").count() == 1
    assert fresh(run).files.count() == 1


def test_a_cancelled_run_is_not_ended_by_its_worker(maker, world):
    run, worker = asked(maker), Worker()
    take_run(run, worker)
    actions.cancel(run, by=world.park_handler)
    assert not actions.still_mine(run, worker, doing="river")
    with pytest.raises(WrongStage):
        end(run, worker)
    assert fresh(run).stage == "cancelled"


def test_nobody_but_a_worker_ends_a_run(maker, world):
    run = take_run(asked(maker), Worker())
    for person in (*world.people.values(), world.operator):
        with pytest.raises(NotAllowed):
            actions.take(run, by=person)
        with pytest.raises(NotAllowed):
            end(run, person)


def test_data_that_cannot_be_computed_are_named(maker, world, monkeypatch):
    run = asked(maker)
    monkeypatch.setattr(datasets, "hand_on", lambda _version, target, file: target.write(b"no tables"))
    assert work(Worker()) == 1
    run = fresh(run)
    assert (run.stage, run.exit_code) == ("failed", 2)
    assert run.problems


def test_an_error_of_ours_ends_the_run_and_not_the_worker(maker, world, monkeypatch, caplog):
    run = asked(maker)

    def breaks(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(child, "compute", breaks)
    assert work(Worker()) == 1
    assert fresh(run).stage == "failed"
    assert "ZeroDivisionError" in caplog.text


class TestTheProcess:
    """The command in a process of its own."""

    def compute(self, folder: Path, **how):
        source = folder / "source"
        source.mkdir()
        settings = {"go_on": lambda _part: True, "every": 0.05, "limit": 60.0}
        return child.compute("region", source, folder / "out", **{**settings, **how})

    def test_it_says_what_is_wrong_with_the_data(self, tmp_path):
        ended = self.compute(tmp_path)
        assert ended.code == 2
        assert json.loads(ended.said)["problems"]

    def test_it_ends_when_it_is_told(self, tmp_path):
        ended = self.compute(tmp_path, go_on=lambda _part: False)
        assert ended.stopped
        assert ended.code < 0

    def test_it_ends_when_it_takes_too_long(self, tmp_path):
        assert self.compute(tmp_path, limit=0.0).late


def test_results_of_two_datasets_meet_figure_by_figure(maker):
    """Codes are of one dataset; what the figures mean is the same."""
    worker = Worker(name="演示计算进程")
    first = end(take_run(asked(maker, dataset=dataset_in(maker, "ready", title="演示甲")), worker), worker)
    second = asked(
        maker, dataset=dataset_in(maker, "ready", title="演示乙")
    )  # the same data: the result is taken over
    pairs = queries.side_by_side(first, second)
    assert [pair.title for pair in pairs] == ["方案组合的年费用", "选定的方案数"]
    assert all(pair.before.code != pair.after.code and pair.change == 0 for pair in pairs)
