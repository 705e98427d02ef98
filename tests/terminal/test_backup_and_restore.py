"""A lost installation comes back whole: rows, files and a ledger that verifies, on both databases."""

from __future__ import annotations

import json
import shutil

import pytest
from django.core.management import call_command

from qingyuan.cli import archive, restore
from qingyuan.cli import backup as backups
from qingyuan.kernel import ledger, storage

sqlite = pytest.mark.sqlite


@pytest.fixture(scope="session")
def kept(demo_house, tmp_path_factory):
    folder = tmp_path_factory.mktemp("backup") / "2022-07-01"
    demo_house.run("backup", folder)
    return folder


@sqlite
def test_a_backup_comes_back_into_an_empty_installation(demo_house, empty_house, kept):
    words = empty_house.run("restore", kept).stdout
    assert "核验通过" in words
    assert empty_house.json("ledger", "verify") == demo_house.json("ledger", "verify")
    listed = list(archive.listed_blobs(kept))
    assert listed
    for sha256, size in listed:
        blob = empty_house.data / "blobs" / sha256[:2] / sha256[2:4] / sha256
        assert blob.stat().st_size == size
        assert archive.file_sha256(blob) == sha256


@sqlite
def test_a_second_backup_of_the_restored_house_is_the_same(empty_house, kept, tmp_path):
    empty_house.run("restore", kept)
    empty_house.run("backup", tmp_path / "again")
    first, second = (
        json.loads((folder / "manifest.json").read_text()) for folder in (kept, tmp_path / "again")
    )
    for name in ("tables", "blobs", "ledger", "migrations"):
        assert first[name] == second[name], name


@sqlite
def test_nothing_is_ever_overwritten(demo_house, kept):
    words = demo_house.run("restore", kept, code=2).stderr
    assert "本安装不是空的" in words
    assert "已存在" in demo_house.run("backup", kept, code=2).stderr
    assert demo_house.json("ledger", "verify")["status"] == "ok"


@pytest.fixture
def damaged(kept, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(kept, copy)
    return copy


@sqlite
def test_every_damage_is_listed_and_nothing_is_restored(empty_house, damaged):
    sha256, _size = next(archive.listed_blobs(damaged))
    archive.blob_path(damaged, sha256).write_bytes(b"other")
    rows = damaged / "rows" / "people.user.jsonl"
    rows.write_text(rows.read_text().replace("yunwei", "intruder"))
    (damaged / "rows" / "calls.call.jsonl").unlink()
    words = empty_house.run("restore", damaged, code=2).stderr
    assert sha256 in words
    assert "people.user.jsonl" in words
    assert "calls.call.jsonl" in words
    assert not (empty_house.data / "blobs").exists()


@sqlite
def test_a_ledger_that_was_altered_in_the_backup_is_refused_whole(empty_house, damaged):
    """Even when whoever altered it also mended the manifest."""
    rows = damaged / "rows" / "kernel.ledgerentry.jsonl"
    rows.write_text(rows.read_text().replace("pilot.submit", "pilot.remove"))
    manifest = json.loads((damaged / "manifest.json").read_text())
    manifest["tables"]["kernel.ledgerentry"]["sha256"] = archive.file_sha256(rows)
    (damaged / "manifest.json").write_text(json.dumps(manifest))
    assert "台账第" in empty_house.run("restore", damaged, code=2).stderr
    assert empty_house.json("ledger", "verify")["entries"] == 0
    assert empty_house.run("restore", damaged, code=2).stderr.count("不是空的") == 0


@sqlite
def test_what_is_no_backup_is_said_so(empty_house, tmp_path, damaged):
    assert "不是备份" in empty_house.run("restore", tmp_path, code=2).stderr
    manifest = json.loads((damaged / "manifest.json").read_text())
    (damaged / "manifest.json").write_text(json.dumps({**manifest, "migrations": manifest["migrations"][1:]}))
    assert "数据库的版本不同" in empty_house.run("restore", damaged, code=2).stderr


def test_the_same_on_the_database_of_this_run(live_maker, settings, tmp_path):
    """PostgreSQL in the main run, SQLite in the second."""
    settings.MEDIA_ROOT = tmp_path / "first"
    pilot = live_maker("park", stage="submitted")
    before = ledger.verify()
    folder = tmp_path / "backup"
    folder.mkdir()
    manifest = backups.write(folder)
    call_command("flush", interactive=False, verbosity=0)
    settings.MEDIA_ROOT = tmp_path / "second"
    assert list(restore.misfits(folder, manifest)) == []
    restore.put_blobs(folder)
    assert restore.put_rows(folder, manifest) == []
    assert ledger.verify() == before
    submission = type(pilot).objects.get(pk=pilot.pk).submissions.get()
    with storage.open_blob(submission.package_sha256) as blob:
        assert storage.digest(blob).sha256 == submission.package_sha256
    # Numbers go on behind the restored ones.
    live_maker.world.call = pilot.call
    live_maker("sector", name="恢复之后的试点")


@sqlite
def test_a_restore_that_was_killed_between_files_and_rows_is_run_again(demo_house, empty_house, kept):
    empty_house.run("setup")
    for sha256, _size in archive.listed_blobs(kept):
        place = empty_house.data / "blobs" / sha256[:2] / sha256[2:4] / sha256
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(archive.blob_path(kept, sha256), place)
    assert "核验通过" in empty_house.run("restore", kept).stdout
    assert empty_house.json("ledger", "verify") == demo_house.json("ledger", "verify")


@sqlite
def test_files_of_somebody_else_are_still_refused(empty_house, kept):
    foreign = empty_house.data / "blobs" / "ab" / "ab" / ("ab" * 32)
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"not of this backup")
    assert "别的文件" in empty_house.run("restore", kept, code=2).stderr


@sqlite
def test_every_lost_or_damaged_file_is_listed_and_the_rest_is_kept(empty_house, kept, tmp_path):
    empty_house.run("restore", kept)
    named = json.loads(
        empty_house.run(
            *("manage", "shell", "--no-imports", "-c"),
            "import json; from qingyuan.cli import archive; print(json.dumps(sorted(archive.named_blobs())))",
        ).stdout
    )
    lost, also_lost, broken = named[:3]
    for sha256 in (lost, also_lost):
        (empty_house.data / "blobs" / sha256[:2] / sha256[2:4] / sha256).unlink()
    (empty_house.data / "blobs" / broken[:2] / broken[2:4] / broken).write_bytes(b"other")
    words = empty_house.run("backup", tmp_path / "today", code=2).stderr
    assert words.count("缺失；") == 2
    assert words.count("损坏；") - words.count("缺失或损坏；") == 1
    assert all(sha256 in words for sha256 in (lost, also_lost, broken))
    assert not (tmp_path / "today").exists()
    incomplete = tmp_path / "today.incomplete"
    assert {sha256 for sha256, _size in archive.listed_blobs(incomplete)} >= set(named[3:])
    # It is taken back only by somebody who knows.
    other = type(empty_house)(tmp_path / "other", secret=empty_house.secret)
    assert lost in other.run("restore", incomplete, code=2).stderr
    assert "核验通过" in other.run("restore", incomplete, "--incomplete").stdout


@sqlite
def test_nobody_else_on_the_machine_can_read_data_or_backup(demo_house, kept):
    for folder in (demo_house.data, kept):
        open_to_others = [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]
        assert open_to_others == []


def test_every_column_of_a_hash_is_known_to_name_a_file_or_not():
    """A new room that stores files must say so, or its files could be lost from backups unnoticed."""
    from django.apps import apps

    named = {(label, column) for label, columns in archive.BLOB_COLUMNS.items() for column in columns}
    found = {
        (model._meta.label_lower, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.endswith("sha256")
    }
    assert found - named == {
        ("audits.datasetversion", "content_sha256"),
        ("audits.run", "input_sha256"),
        ("audits.run", "result_sha256"),
        ("audits.enterprisesheet", "signed_sha256"),
        ("audits.versiontable", "sha256"),
        ("delivery.accountstatement", "content_sha256"),
        ("delivery.baseline", "content_sha256"),
        ("delivery.outputversion", "content_sha256"),
        ("delivery.archivevolume", "directory_sha256"),
        ("delivery.commendation", "content_sha256"),
        ("delivery.commendationconsent", "content_sha256"),
        ("delivery.practice", "content_sha256"),
        ("delivery.summary", "content_sha256"),
        ("delivery.reportversion", "content_sha256"),
        ("audits.fieldsync", "content_sha256"),
        ("delivery.acceptancefiling", "content_sha256"),
        ("delivery.rectification", "content_sha256"),
        ("review.case", "content_sha256"),
        ("kernel.ledgerentry", "body_sha256"),
        ("pilots.pilot", "content_sha256"),
        ("pilots.signoff", "content_sha256"),
        ("calls.consent", "content_sha256"),
        # The review seals what people judged and said: rows of the database, no files.
        ("review.appointment", "promises_sha256"),
        ("review.assessment", "sha256"),
        ("review.decision", "content_sha256"),
        ("review.decisionconsent", "content_sha256"),
        ("review.draw", "terms_sha256"),
        ("review.formcheck", "findings_sha256"),
        ("review.panelsummary", "sha256"),
        ("review.publicity", "content_sha256"),
        ("review.sealedassessment", "sha256"),
        ("review.truthfulness", "sealed_sha256"),
        ("review.visit", "content_sha256"),
        ("review.visitsync", "content_sha256"),
    }
    assert named <= found


def test_a_backup_keeps_every_table_but_those_that_django_makes_anew():
    from django.apps import apps

    kept_tables = {model._meta.label_lower for model in archive.kept_models()}
    every = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert every - kept_tables == {
        "auth.group",
        "auth.group_permissions",
        "auth.permission",
        "contenttypes.contenttype",
        "django_tasks_database.dbtaskresult",
        "people.user_groups",
        "people.user_user_permissions",
        "sessions.session",
    }
