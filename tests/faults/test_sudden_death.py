"""kill -9 in the middle of an upload or a submission leaves the old state or the new one, never half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from qingyuan.kernel import ledger, storage
from qingyuan.kernel.models import IdempotencyKey, LedgerEntry, Mail, Upload
from qingyuan.papers.package import verify_package
from qingyuan.pilots import actions, seal
from qingyuan.pilots.models import Submission

pytestmark = pytest.mark.django_db(transaction=True)


def kill_at(point: str, *, pilot, user, folder: Path) -> None:
    """Let a process of its own come to `point`, then end it without a word."""
    marker = folder / "marker"
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}:@/{database['NAME']}?host={database['HOST']}&port={database['PORT']}"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.victim", point, str(pilot.pk), str(user.pk), str(marker)],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "QINGYUAN_DATABASE_URL": url,
            "QINGYUAN_DATA": str(settings.DATA_DIR),
        },
        stderr=subprocess.PIPE,
    )
    try:
        for _try in range(600):
            if marker.exists():
                break
            assert child.poll() is None, child.stderr.read().decode()
            time.sleep(0.05)  # waiting for another process, not for ourselves
        assert marker.exists()
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stderr.close()


@pytest.mark.parametrize("point", ["upload-while-copying", "upload-before-the-row"])
def test_an_upload_is_there_or_not(live_maker, live_world, tmp_path, point):
    pilot = live_maker("park", stage="drafting")
    kill_at(point, pilot=pilot, user=live_world.park_handler, folder=tmp_path)
    assert not Upload.objects.filter(name="victim.pdf").exists()
    for sha256 in storage.stored():
        with storage.open_blob(sha256) as handle:
            assert storage.digest(handle).sha256 == sha256


@pytest.mark.parametrize(
    "point", ["submit-while-packing", "submit-before-the-ledger", "submit-before-the-commit"]
)
def test_a_submission_that_died_before_its_commit_never_was(live_maker, live_world, tmp_path, point):
    pilot = live_maker("park", stage="sealed")
    entries, mails = LedgerEntry.objects.count(), Mail.objects.count()
    kill_at(point, pilot=pilot, user=live_world.park_handler, folder=tmp_path)
    pilot = live_maker.fresh(pilot)
    assert pilot.stage == "signed"
    assert not Submission.objects.exists()
    assert not IdempotencyKey.objects.filter(key="k").exists()
    assert (LedgerEntry.objects.count(), Mail.objects.count()) == (entries, mails)
    assert ledger.verify()
    # And the same click, made again, works as if nothing had been.
    submission = actions.submit(pilot, by=live_world.park_handler, sealed=seal.seal(pilot), key="k")
    assert submission.register_number == 1


def test_a_submission_that_died_after_its_commit_is_whole(live_maker, live_world, tmp_path):
    pilot = live_maker("park", stage="sealed")
    kill_at("submit-after-the-commit", pilot=pilot, user=live_world.park_handler, folder=tmp_path)
    pilot = live_maker.fresh(pilot)
    submission = Submission.objects.get()
    assert pilot.stage == "submitted"
    assert LedgerEntry.objects.get(seq=submission.ledger_seq).subject_id == str(submission.pk)
    assert Mail.objects.filter(ledger_seq=submission.ledger_seq).exists()
    with storage.open_blob(submission.package_sha256) as package:
        assert verify_package(package) == []
    assert ledger.verify()
