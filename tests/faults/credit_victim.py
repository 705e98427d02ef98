"""A process that credits the enterprises of a pilot, perhaps stops at a named point, says so, and waits to be killed.

Run by test_credits_under_sudden_death.py with: MODE PROJECT_ID USER_ID MARKER NUMBER.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import time
from pathlib import Path

import django

django.setup()

from qingyuan.delivery import crediting  # noqa: E402
from qingyuan.delivery.models import Project  # noqa: E402
from qingyuan.kernel import clock, ledger  # noqa: E402
from qingyuan.kernel.errors import Invalid  # noqa: E402
from qingyuan.people.models import User  # noqa: E402

# By its full name: the package calls the verb the same.
verbs = importlib.import_module("qingyuan.delivery.actions.credit")
mode, project_id, user_id, marker, number = sys.argv[1:]
verbs.PORTION = 7
counted = {"append": 0, "enter_credits": 0}


def wait_for_the_end() -> None:
    Path(marker).write_text("here")
    time.sleep(60)


def stop(owner: object, name: str, *, before: bool) -> None:
    """At the call of that number, before or after its work."""
    original = getattr(owner, name)

    def stopping(*args: object, **kwargs: object) -> object:
        counted[name] += 1
        if before and counted[name] == int(number):
            wait_for_the_end()
        result = original(*args, **kwargs)
        if not before and counted[name] == int(number):
            wait_for_the_end()
        return result

    setattr(owner, name, stopping)


project = Project.objects.select_related("pilot__call__joint_body", "case", "applicant").get(pk=project_id)
user = User.objects.get(pk=user_id)
with clock.at("2022-09-21T10:00:00+08:00"):
    match mode:
        case "before-the-records":
            stop(verbs, "enter_credits", before=True)
        case "before-the-ledger":
            stop(ledger, "append", before=True)
        case "before-the-commit":
            stop(ledger, "append", before=False)
        case "between-two-entries":
            # The next act has begun and written nothing: everything before it is committed.
            stop(verbs, "enter_credits", before=True)
        case "any":
            Path(marker).write_text("here")
    with contextlib.suppress(Invalid):  # the other process was first
        crediting.credit_all(project, by=user, key=f"run-{mode}-{number}-{time.time_ns()}")
    Path(marker).write_text("the ledger holds" if ledger.verify() else "the ledger is broken")
