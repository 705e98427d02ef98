"""A run: asked for by people, taken and ended by workers, taken back, repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import computing
from qingyuan.audits.findings import Figure, code_of
from qingyuan.audits.models import Dataset, DatasetVersion, Finding, Run, RunFile
from qingyuan.audits.rules import run as rules
from qingyuan.audits.running import tasks
from qingyuan.kernel.actions import Act, Closed, Invalid, Problem, action

LEASE = timedelta(seconds=30)
"""How long a worker that gives no sign of life keeps a run."""
RESULT = "result.json"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file of a result whose bytes stand in the store. Size in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


@action(
    "run.start",
    title=gettext_lazy("开始计算"),
    on=Dataset,
    may=rules.computes,
    creates=Run,
    creates_in=("queued", "done"),
    clauses=("N3a", "N3b", "N3c"),
    idempotent=True,
)
def start(dataset: Dataset, act: Act, *, version: DatasetVersion, note: str = "") -> Run:
    """在后台计算数据的某一版；数据和程序都与以前相同的，直接采用已有的结果。"""
    if version.dataset_id != dataset.pk:
        raise Invalid([Problem(where="version", message=_("不是这个数据集的版本"))])
    command, engine = computing.COMMANDS[dataset.template], computing.engine_versions()
    digest = computing.input_hash(command, version.content_sha256, engine)
    known = (
        Run.objects.filter(dataset__pilot=dataset.pilot_id, input_sha256=digest, stage=Run.Stage.DONE)
        .filter(same_as=None, repeatable=True)
        .order_by("asked_at")
        .first()
    )
    run = _asked(dataset, act, version=version, command=command, engine=engine, digest=digest, note=note)
    if known is not None:
        run.same_as, run.stage, run.ended_at = known, Run.Stage.DONE, act.now
        run.result_sha256, run.exit_code, run.repeatable = known.result_sha256, known.exit_code, True
    run.save(force_insert=True)
    act.note(version=version.number, command=command, input=digest, taken_over=known is not None)
    if known is None:
        tasks.wake()
    else:
        _take_over(known, run)
    return run


def _take_over(known: Run, run: Run) -> None:
    """The findings are the run's own, because texts quote them by its number; the files stay where they are."""
    rows = list(known.findings.all())
    for row in rows:
        row.pk, row.run, row.code = None, run, code_of(run.dataset_id, row.key)
    Finding.objects.bulk_create(rows)


@action(
    "run.repeat",
    title=gettext_lazy("重复计算"),
    on=Run,
    may=rules.computes_run,
    stages=("done",),
    creates=Run,
    creates_in=("queued",),
    idempotent=True,
)
def repeat(run: Run, act: Act) -> Run:
    """用同一版数据和同一程序再算一次，逐字节比对结果。"""
    engine = computing.engine_versions()
    if engine != run.engine:
        raise Closed(
            _("计算程序已经更新（%(then)s → %(now)s），不能再按原样重复；请重新计算")
            % {"then": run.engine.get("qingyuan", "?"), "now": engine["qingyuan"]}
        )
    dataset = Dataset.objects.select_for_update().get(pk=run.dataset_id)
    made = _asked(
        dataset,
        act,
        version=run.version,
        command=run.command,
        engine=engine,
        digest=run.input_sha256,
        note=run.note,
    )
    made.repeats = run
    made.save(force_insert=True)
    act.note(repeats=run.number, input=run.input_sha256)
    tasks.wake()
    return made


def _asked(
    dataset: Dataset,
    act: Act,
    *,
    version: DatasetVersion,
    command: str,
    engine: dict[str, str],
    digest: str,
    note: str,
) -> Run:
    last = dataset.runs.aggregate(last=Max("number"))["last"] or 0
    return Run(
        dataset=dataset,
        version=version,
        number=last + 1,
        command=command,
        engine=engine,
        input_sha256=digest,
        note=note,
        asked_at=act.now,
        asked_by=act.by,
    )


@action(
    "run.cancel",
    title=gettext_lazy("取消计算"),
    on=Run,
    may=rules.computes_run,
    stages=("queued", "running"),
    to=("cancelled",),
)
def cancel(run: Run, act: Act) -> Run:
    """取消排队或正在进行的计算：计算进程数秒内停止，之后交来的结果不予接收。"""
    act.move(run, "cancelled")
    run.ended_at = act.now
    run.save(update_fields=["ended_at", "stage"])
    return run


# --- what workers do


@action(
    "run.take",
    title=gettext_lazy("领取计算任务"),
    on=Run,
    may=rules.is_worker,
    stages=("queued", "running"),
    to=("running",),
)
def take(run: Run, act: Act) -> Run:
    """计算进程领取任务：期限内由它独占，此前领取过的进程不能再交结果。"""
    now = timezone.now()
    if not run.is_free(now):
        raise Closed(_("这项计算正由另一个工作进程进行"))
    act.move(run, "running")
    run.token += 1
    run.worker = act.by.name
    run.leased_until = now + LEASE
    run.started_at = act.now
    run.step, run.doing = 0, ""
    run.steps = len(computing.parts(run.command, run.version))
    run.save()
    act.note(token=run.token)
    return run


def still_mine(run: Run, worker: Any, *, doing: str) -> bool:
    """A sign of life: the lease is renewed and the progress shown. False where the run was lost or cancelled.

    No part of the record; who holds an old token changes nothing.
    """
    parts = computing.parts(run.command, run.version)
    return bool(
        Run.objects.filter(pk=run.pk, stage=Run.Stage.RUNNING, token=worker.tokens.get(run.pk, -1)).update(
            leased_until=timezone.now() + LEASE,
            doing=doing,
            step=parts.index(doing) if doing in parts else 0,
        )
    )


@action(
    "run.finish",
    title=gettext_lazy("交回计算结果"),
    on=Run,
    may=rules.holds_run,
    stages=("running",),
    to=("done",),
)
def finish(
    run: Run,
    act: Act,
    *,
    files: Sequence[Kept],
    exit_code: int,
    cpu_ms: int | None,
    repeatable: bool,
    figures: Sequence[Figure] = (),
) -> Run:
    """正持有任务的计算进程交回结果。"""
    result = next((one for one in files if one.name == RESULT), None)
    if result is None:
        raise Invalid([Problem(where="files", message=_("结果中没有 %s") % RESULT)])
    act.move(run, "done")
    run.ended_at, run.exit_code, run.cpu_ms = act.now, exit_code, cpu_ms
    run.result_sha256, run.repeatable = result.sha256, repeatable
    run.leased_until, run.step, run.doing = None, run.steps, ""
    if run.repeats_id is not None:
        first = Run.objects.get(pk=run.repeats_id)
        run.same_result = first.result_sha256 == run.result_sha256
    RunFile.objects.bulk_create(
        RunFile(run=run, name=one.name, media_type=one.media_type, size=one.size, sha256=one.sha256)
        for one in files
    )
    Finding.objects.bulk_create(_findings(run, figures))
    run.save()
    act.note(token=run.token, result=run.result_sha256, repeatable=repeatable)
    return run


def _findings(run: Run, figures: Sequence[Figure]) -> list[Finding]:
    return [
        Finding(
            run=run,
            position=place,
            code=code_of(run.dataset_id, one.key),
            key=one.key,
            group=one.group,
            title=one.title,
            value=str(one.value),
            shown=one.shown,
            unit=one.unit,
        )
        for place, one in enumerate(figures)
    ]


@action(
    "run.fail",
    title=gettext_lazy("报告计算未能完成"),
    on=Run,
    may=rules.holds_run,
    stages=("running",),
    to=("failed",),
)
def fail(run: Run, act: Act, *, exit_code: int | None, problems: Sequence[dict[str, Any]]) -> Run:
    """正持有任务的计算进程说明没有算成的全部原因。"""
    act.move(run, "failed")
    run.ended_at, run.exit_code, run.problems = act.now, exit_code, list(problems)
    run.leased_until, run.doing = None, ""
    run.save()
    act.note(token=run.token, problems=len(problems))
    return run
