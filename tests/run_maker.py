"""Computations in every stage, made by the product's own verbs; results without computing, where the result does not matter."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

from qingyuan.audits import actions as datasets
from qingyuan.audits.actions import run as actions
from qingyuan.audits.findings import Figure
from qingyuan.audits.models import Run
from qingyuan.audits.running.worker import Worker
from qingyuan.kernel import storage
from qingyuan.workbooks.collected import Collected, Sheet
from tests.dataset_maker import ENTERPRISES, content_of, dataset_in

RELATED = ("dataset__pilot__call__joint_body", "dataset__pilot__applicant", "version", "same_as", "repeats")


def kept(result: dict[str, Any]) -> tuple[actions.Kept, ...]:
    """A result of one file."""
    blob = storage.put(io.BytesIO(json.dumps(result).encode()))
    return (
        actions.Kept(name=actions.RESULT, media_type="application/json", size=blob.size, sha256=blob.sha256),
    )


def figures(cost: str = "541.63") -> tuple[Figure, ...]:
    return (
        Figure(key="select:cost", group="方案组合", title="方案组合的年费用", value=Decimal(cost), places=2),
        Figure(key="select:chosen", group="方案组合", title="选定的方案数", value=Decimal(12), unit="项"),
    )


def take(run: Run, worker: Worker) -> Run:
    taken = actions.take(run, by=worker)
    worker.tokens[taken.pk] = taken.token
    return taken


def end(run: Run, worker: Worker, *, cost: str = "541.63", repeatable: bool = True) -> Run:
    return actions.finish(
        run,
        by=worker,
        files=kept({"select": {"status": "done", "cost": cost}, "flags": []}),
        exit_code=0,
        cpu_ms=12,
        repeatable=repeatable,
        figures=figures(cost),
    )


def asked(maker: Any, *, note: str = "", dataset: Any = None) -> Run:
    dataset = dataset or dataset_in(maker, "ready")
    return actions.start(
        dataset, by=maker.world.park_handler, version=dataset.versions.latest("number"), note=note
    )


def run_in(maker: Any, stage: str, *, note: str = "") -> Run:
    """A run brought into the stage; one that is done was not taken over from another."""
    found = Run.objects.filter(stage=stage, note=note).first()
    if found is None:
        found = asked(maker, note=note)
        worker = Worker(name="演示计算进程")
        if stage in {"running", "done", "failed"} and found.stage == "queued":
            found = take(found, worker)
        if stage == "done" and found.stage == "running":
            found = end(found, worker)
        elif stage == "failed":
            found = actions.fail(found, by=worker, exit_code=2, problems=[{"message": "演示：缺少数据"}])
        elif stage == "cancelled":
            found = actions.cancel(found, by=maker.world.park_handler)
    return fresh(found)


def fresh(run: Run) -> Run:
    return Run.objects.select_related(*RELATED).get(pk=run.pk)


def computed_for(maker: Any, pilot: Any, *, cost: str = "541.63") -> Run:
    """A result of a dataset of this pilot."""
    from qingyuan.audits import actions as datasets
    from tests.dataset_maker import content_of

    by = maker.world.park_handler
    dataset = datasets.begin_dataset(pilot, by=by, template="region", title="演示引用数据", year=2021)
    upload = maker.upload(by=by, name="演示引用数据.pdf")
    datasets.import_workbook(dataset, by=by, content=content_of(), upload=upload)
    datasets.fix_version(dataset, by=by)
    worker = Worker(name="演示计算进程")
    return fresh(end(take(asked(maker, dataset=dataset), worker), worker, cost=cost))


def newer(maker: Any, run: Run, *, cost: str) -> Run:
    """The same data computed once more, with another result."""
    worker = Worker(name="演示计算进程")
    return end(take(actions.repeat(run, by=maker.world.park_handler), worker), worker, cost=cost)


def code_in(run: Run, key: str = "select:cost") -> str:
    """What one types to quote it."""
    return f"{{{{发现:{run.findings.get(key=key).code}.{run.number}}}}}"


def dataset_with(
    maker, *, title, rows, columns=("measure", "enterprise", "invest", "life", "om", "saving", "effect:氨氮")
):
    """A region's data with these measures to choose from."""
    by = maker.world.park_handler
    made = dataset_in(maker, title=title, fill=False)
    content = content_of()
    sheets = tuple(
        Sheet(name="measures", columns=columns, rows=tuple(rows)) if one.name == "measures" else one
        for one in content.sheets
    )
    upload = maker.upload(by=by, name=f"{title}.pdf")
    datasets.import_workbook(made, by=by, content=Collected(template="region", sheets=sheets), upload=upload)
    datasets.fix_version(made, by=by)
    return made


def computed(maker: Any, dataset: Any, chosen: list[dict[str, Any]]) -> Run:
    """A result that chose these, without computing it."""
    worker = Worker()
    run = take(asked(maker, dataset=dataset), worker)
    actions.finish(
        run, by=worker, files=kept({"select": {"status": "done", "chosen": chosen}}), exit_code=0, cpu_ms=1,
        repeatable=True, figures=figures(),
    )  # fmt: skip
    return fresh(run)


def chosen_run(maker: Any) -> Run:
    """A result that chose three measures of the pilot's enterprises, and one of another's."""
    first, second, third = ENTERPRISES
    dataset = dataset_with(
        maker,
        title="演示组合",
        rows=(
            ("演示换泵", first, "3", "10", "0.1", "1.5", "0.5"),
            ("演示膜回收", second, "300", "10", "10", "50", "12"),
            ("演示巡检", third, None, None, None, "1", "0.1"),
        ),
    )
    chosen = (
        ("演示换泵", first, 1),
        ("演示膜回收", second, 0.5),
        ("演示巡检", third, 1),
        ("演示别家", "演示不在范围有限公司", 1),
    )
    return computed(
        maker,
        dataset,
        [
            {"measure": name, "enterprise": firm, "fraction": share, "period": None}
            for name, firm, share in chosen
        ],
    )


def charted(run: Run, picture: bytes, *, title: str = "断面浓度") -> Run:
    """A queued run ended with one chart that has a table behind it."""
    worker = Worker(name="演示计算进程")
    about = {
        "title": title,
        "alt": f"演示：{title}，断面一最高。",
        "data": {"heads": ["断面", "浓度"], "rows": [["演示断面一", 0.25], ["演示断面二", None]]},
    }

    def file(name: str, data: bytes, media: str) -> actions.Kept:
        blob = storage.put(io.BytesIO(data))
        return actions.Kept(name=name, media_type=media, size=blob.size, sha256=blob.sha256)

    result = {"river": {"status": "done"}, "picture": len(picture)}
    files = (
        file(actions.RESULT, json.dumps(result).encode(), "application/json"),
        file("river-sections.png", picture, "image/png"),
        file("river-sections.option.json", json.dumps(about).encode(), "application/json"),
    )
    actions.finish(
        take(run, worker),
        by=worker,
        files=files,
        exit_code=0,
        cpu_ms=1,
        repeatable=True,
        figures=figures(),
    )
    return fresh(run)


def charted_for(maker: Any, pilot: Any, picture: bytes) -> Run:
    """A result with a chart, of a dataset of this pilot."""
    by = maker.world.park_handler
    dataset = datasets.begin_dataset(pilot, by=by, template="region", title="演示引用图", year=2021)
    upload = maker.upload(by=by, name="演示引用图.pdf")
    datasets.import_workbook(dataset, by=by, content=content_of(), upload=upload)
    datasets.fix_version(dataset, by=by)
    return charted(asked(maker, dataset=dataset), picture)


def charted_again(maker: Any, run: Run, picture: bytes) -> Run:
    return charted(actions.repeat(run, by=maker.world.park_handler), picture)
