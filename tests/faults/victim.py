"""A process that does one thing for a pilot, stops at a named point, says so, and waits to be killed.

Run by test_sudden_death.py with: POINT PILOT_ID USER_ID MARKER.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import django

django.setup()

from qingyuan.kernel import clock, ledger, storage  # noqa: E402
from qingyuan.kernel.gate import receive  # noqa: E402
from qingyuan.people.models import User  # noqa: E402
from qingyuan.pilots import actions, seal  # noqa: E402
from qingyuan.pilots.models import Pilot  # noqa: E402
from tests.pilot_maker import small_pdf  # noqa: E402

point, pilot_id, user_id, marker = sys.argv[1:]


def wait_for_the_end(*_args: object, **_kwargs: object) -> None:
    Path(marker).write_text("here")
    time.sleep(60)


def stop_before(owner: object, name: str) -> None:
    setattr(owner, name, wait_for_the_end)


def stop_after(owner: object, name: str) -> None:
    original = getattr(owner, name)

    def then_stop(*args: object, **kwargs: object) -> object:
        result = original(*args, **kwargs)
        wait_for_the_end()
        return result

    setattr(owner, name, then_stop)


pilot = Pilot.objects.select_related("call", "applicant").get(pk=pilot_id)
user = User.objects.get(pk=user_id)
with clock.at("2022-06-20T10:00:00+08:00"):
    match point:
        case "upload-while-copying":
            stop_before(storage, "keep")
            receive(small_pdf("victim"), by=user, name="victim.pdf")
        case "upload-before-the-row":
            stop_after(storage, "put")
            receive(small_pdf("victim"), by=user, name="victim.pdf")
        case "submit-while-packing":
            stop_after(seal, "write_package")
            seal.seal(pilot)
        case "submit-before-the-ledger":
            sealed = seal.seal(pilot)
            stop_before(ledger, "append")
            actions.submit(pilot, by=user, sealed=sealed, key="k")
        case "submit-before-the-commit":
            sealed = seal.seal(pilot)
            stop_after(ledger, "append")
            actions.submit(pilot, by=user, sealed=sealed, key="k")
        case "submit-after-the-commit":
            sealed = seal.seal(pilot)
            actions.submit(pilot, by=user, sealed=sealed, key="k")
            wait_for_the_end()
