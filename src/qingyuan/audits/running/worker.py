"""A worker: takes runs that are free, computes them under its lease, and ends them once.

A worker that dies is noticed when its lease runs out: the next one takes the run with a higher token, computes it from
the beginning, and what the dead one might still send is refused, because its token is old. So a run is never lost and
never ended twice.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from qingyuan.audits import datasets
from qingyuan.audits.actions import run as actions
from qingyuan.audits.actions.run import RESULT
from qingyuan.audits.findings import extract
from qingyuan.audits.models import Run
from qingyuan.audits.running import child
from qingyuan.kernel import storage
from qingyuan.kernel.errors import Refused

logger = logging.getLogger(__name__)
EVERY = 5.0
"""Seconds between two signs of life."""
BAD_INPUT, DONE_CODES = 2, {0, 1, 3}
MEDIA = {
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".csv": "text/csv",
}


@dataclass(frozen=True)
class Worker:
    """Who ends a run: no person. `tokens` are the leases that it holds."""

    name: str = field(default_factory=lambda: f"{socket.gethostname()[:40]}-{os.getpid()}-{uuid4().hex[:6]}")
    tokens: dict[UUID, int] = field(default_factory=dict)
    ref: str = "system"
    is_worker: bool = True


def work(worker: Worker | None = None) -> int:
    """Compute every run that is free, one after the other; how many this worker ended."""
    worker = worker or Worker()
    ended = 0
    while (run := take(worker)) is not None:
        ended += look_after(run, worker)
    return ended


def take(worker: Worker) -> Run | None:
    """The oldest run that is free, now leased to this worker."""
    now = timezone.now()
    free = Q(stage=Run.Stage.QUEUED) | Q(stage=Run.Stage.RUNNING, leased_until__lt=now)
    for run in Run.objects.filter(free).order_by("asked_at", "pk")[:20]:
        try:
            taken = actions.take(run, by=worker)
        except Refused:
            continue  # another worker was faster, or it was cancelled
        worker.tokens[taken.pk] = taken.token
        return taken
    return None


def look_after(run: Run, worker: Worker) -> bool:
    """Compute a run that this worker holds; False where it was lost or cancelled on the way."""
    with tempfile.TemporaryDirectory(prefix="run-") as folder:
        source, out = Path(folder) / f"{run.command}.json", Path(folder) / "out"
        try:
            with source.open("wb") as target:
                # By the name of the workbook: who computes the downloaded one has this result.
                datasets.hand_on(run.version, target, file=f"{run.command}.xlsx")
            ended = child.compute(
                run.command,
                source,
                out,
                go_on=lambda part: actions.still_mine(run, worker, doing=part),
                every=EVERY,
                limit=60 * settings.RUN_MINUTES,
            )
            if ended.stopped:
                return False
            return _end(run, worker, ended, out)
        except Refused as refusal:
            logger.info("run %s is no longer ours: %s", run.pk, refusal)
            return False
        except Exception:
            # Whatever is wrong with one run, the others must be computed: it ends as failed, with what happened logged.
            logger.exception("run %s", run.pk)
            return _fail(
                run, worker, code=None, problems=[{"message": "计算程序出错，已记入日志，请联系平台管理员。"}]
            )
        finally:
            worker.tokens.pop(run.pk, None)


def _end(run: Run, worker: Worker, ended: child.Ended, out: Path) -> bool:
    if ended.late:
        message = f"超过 {settings.RUN_MINUTES} 分钟仍未算完，已停止。"
        return _fail(run, worker, code=None, problems=[{"message": message}])
    if ended.code == BAD_INPUT:
        return _fail(run, worker, code=ended.code, problems=_problems(ended.said))
    if ended.code not in DONE_CODES or not (out / RESULT).is_file():
        logger.error("run %s: %s ended with %s: %s", run.pk, run.command, ended.code, ended.complaint)
        message = "计算程序意外终止，已记入日志，请联系平台管理员。"
        return _fail(run, worker, code=ended.code, problems=[{"message": message}])
    result = json.loads((out / RESULT).read_text("utf-8"))
    actions.finish(
        run,
        by=worker,
        files=tuple(_kept(path) for path in sorted(out.iterdir())),
        exit_code=ended.code,
        cpu_ms=ended.cpu_ms,
        repeatable=_repeatable(result),
        figures=extract(run.command, result),
    )
    return True


def _kept(path: Path) -> actions.Kept:
    with path.open("rb") as handle:
        blob = storage.put(handle)
    media = MEDIA.get(path.suffix, "application/octet-stream")
    return actions.Kept(name=path.name, media_type=media, size=blob.size, sha256=blob.sha256)


def _fail(run: Run, worker: Worker, *, code: int | None, problems: list[dict[str, Any]]) -> bool:
    actions.fail(run, by=worker, exit_code=code, problems=problems)
    return True


def _problems(said: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(said)["problems"]
    except (ValueError, KeyError):
        return [{"message": said[:500]}]
    return [dict(one) for one in found]


def _repeatable(result: Any) -> bool:
    """No part says that time ended it."""
    if isinstance(result, dict):
        return result.get("repeatable") is not False and all(_repeatable(one) for one in result.values())
    if isinstance(result, list):
        return all(_repeatable(one) for one in result)
    return True
