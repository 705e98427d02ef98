"""Files that no record names go after a day; named ones never."""

from __future__ import annotations

import io
import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.core.files.storage import default_storage

from qingyuan.cli import storage as sweeping
from qingyuan.kernel import storage

pytestmark = pytest.mark.sqlite


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def age(sha256: str, *, hours: float) -> None:
    moment = time.time() - hours * 3600
    os.utime(default_storage.path(storage.key_of(sha256)), (moment, moment))


def sweep(*arguments: str) -> str:
    result = CliRunner().invoke(sweeping.sweep, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_only_old_and_unnamed_blobs_go(world, maker):
    upload = maker.upload(by=world.park_handler)
    old = storage.put(io.BytesIO(b"left by a broken upload")).sha256
    young = storage.put(io.BytesIO(b"being uploaded now")).sha256
    for sha256 in (old, upload.sha256):
        age(sha256, hours=30)
    assert "将清理 1 个" in sweep("--dry-run")
    assert storage.exists(old)
    assert "已清理 1 个" in sweep()
    assert not storage.exists(old)
    assert storage.exists(young)
    assert storage.exists(upload.sha256)


def test_bytes_that_come_again_during_the_sweep_stay(db, monkeypatch):
    """Handed in again after the list of orphans was made, their row not yet written."""
    sha256 = storage.put(io.BytesIO(b"the same bytes, later")).sha256
    age(sha256, hours=30)

    def ask_late(asked):
        storage.put(io.BytesIO(b"the same bytes, later"))
        return False

    monkeypatch.setattr(sweeping, "is_named", ask_late)
    assert "已清理 0 个" in sweep()
    assert storage.exists(sha256)


def test_temporary_files_of_killed_uploads_go_after_a_day(db, tmp_path):
    folder = tmp_path / "incoming"
    folder.mkdir()
    for name, hours in (("incoming-old", 30), ("incoming-young", 1)):
        (folder / name).write_bytes(b"half")
        moment = time.time() - hours * 3600
        os.utime(folder / name, (moment, moment))
    assert "将清理 1 个无主文件，共 4 字节" in sweep("--dry-run")
    assert (folder / "incoming-old").exists()
    assert "已清理 1 个" in sweep()
    assert [path.name for path in folder.iterdir()] == ["incoming-young"]


def test_files_of_a_submission_are_named(world, maker):
    submission = maker("park", stage="submitted").submissions.get()
    named = [submission.package_sha256, submission.plan_sha256, submission.snapshot_sha256]
    for sha256 in named:
        age(sha256, hours=100)
    sweep()
    assert all(storage.exists(sha256) for sha256 in named)


def test_bytes_that_are_handed_in_again_are_young_again(db):
    sha256 = storage.put(io.BytesIO(b"the same bytes")).sha256
    age(sha256, hours=48)
    storage.put(io.BytesIO(b"the same bytes"))
    assert list(sweeping.orphans(before=datetime.now(UTC) - timedelta(days=1))) == []
