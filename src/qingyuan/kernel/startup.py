"""What `qingyuan manage check --deploy` says about the services around the product."""

from __future__ import annotations

from typing import Any

from django.core import checks


def register() -> None:
    checks.register(scanner_takes_what_the_gate_lets_in, checks.Tags.files, deploy=True)


def scanner_takes_what_the_gate_lets_in(**_: Any) -> list[checks.CheckMessage]:
    """Asks clamd itself, so only where a deployment is checked; the worker asks the same when it starts."""
    from qingyuan.kernel.gate.scanning import limit_problem

    problem = limit_problem()
    return [checks.Warning(problem, id="qingyuan.W001")] if problem else []
