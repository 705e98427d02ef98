"""Computations for the matrices: asked for by who is named and writes, ended by workers alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.house.cases.audits_datasets import NAMED, another_version
from tests.run_maker import figures, kept, run_in


def adopted(_maker: Any, run: Any) -> dict[str, Any]:
    from qingyuan.audits import portfolio
    from qingyuan.audits.actions.adoption import Adopted

    taken = [Adopted(place=0, owner="演示设备部", due_on=date(2022, 12, 31), kind="low")]
    return {"portfolio": portfolio.read(run), "taken": taken}


OBJECTS: dict[str, Callable[[Any, str], Any]] = {"audits.run": run_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "run.start": lambda m, o: {"version": o.versions.first() or another_version(m)},
    "run.adopt": adopted,
    "run.cancel": lambda m, o: {},
    "run.repeat": lambda m, o: {},
    "run.take": lambda m, o: {},
    "run.finish": lambda m, o: {
        "files": kept({}), "exit_code": 0, "cpu_ms": 1, "repeatable": True, "figures": figures(),
    },
    "run.fail": lambda m, o: {"exit_code": 2, "problems": []},
}  # fmt: skip
MAY: dict[str, set[str]] = {
    "run.start": NAMED,
    "run.cancel": NAMED,
    "run.repeat": NAMED,
    "run.adopt": NAMED,
    "run.take": set(),
    "run.finish": set(),
    "run.fail": set(),
}
# A dataset that was never fixed has nothing to compute.
# A result that chose no measures has no schemes.
CONTENT_MAY_REFUSE = {"run.start", "run.adopt"}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {"audits.run": lambda maker: run_in(maker, "done")}
