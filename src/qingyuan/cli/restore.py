"""`qingyuan restore`: a backup into an empty installation, checked before and after."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from qingyuan import installation

BATCH = 1000


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--incomplete", is_flag=True, help="Accept a backup in which files are missing.")
def restore(folder: Path, *, incomplete: bool) -> None:
    """Bring back the backup in FOLDER. The installation must be empty; nothing is ever overwritten.

    A restore that was killed may simply be run again.
    """
    installation.start()
    manifest, problems = read_manifest(folder)
    if not incomplete:
        problems += [f"备份不完整：{sha256}（{why}）" for sha256, why in manifest.get("missing", {}).items()]
        if manifest.get("missing"):
            problems.append("仍要恢复其余内容：加 --incomplete")
    if not problems:
        problems = list(damage(folder, manifest))
    if not problems:
        installation.prepare()
        problems = list(misfits(folder, manifest))
    if not problems:
        put_blobs(folder)
        problems = put_rows(folder, manifest)
        if problems:
            take_blobs_back(folder)
    if problems:
        click.echo(
            "\n".join([f"qingyuan: 没有恢复 {folder}", *(f"  {problem}" for problem in problems)]), err=True
        )
        raise SystemExit(2)
    click.echo(
        f"已恢复：{manifest['blobs']['count']} 个文件，台账 {manifest['ledger']['seq']} 条，"
        f"链头 {manifest['ledger']['hash']} 核验通过"
    )


def read_manifest(folder: Path) -> tuple[dict[str, Any], list[str]]:
    from qingyuan.cli import archive

    try:
        manifest = json.loads((folder / archive.MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return {}, [f"{folder} 里没有 {archive.MANIFEST}：不是备份，或备份没有做完"]
    except ValueError as error:
        return {}, [f"{archive.MANIFEST} 已损坏：{error}"]
    if manifest.get("kind") != archive.KIND or manifest.get("version") != archive.VERSION:
        return {}, [
            f"备份的格式是 {manifest.get('kind')} {manifest.get('version')}，本版本认 {archive.KIND} {archive.VERSION}"
        ]
    return manifest, []


def damage(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """Everything in the folder that is not as the manifest says."""
    from qingyuan.cli import archive

    for label, table in manifest["tables"].items():
        path = folder / archive.ROWS / f"{label}.jsonl"
        if not path.is_file():
            yield f"缺少 {path.relative_to(folder)}"
        elif archive.file_sha256(path) != table["sha256"]:
            yield f"{path.relative_to(folder)} 与清单中的 SHA-256 不符"
    listing = folder / archive.BLOB_LIST
    if not listing.is_file() or archive.file_sha256(listing) != manifest["blobs"]["sha256"]:
        yield f"{archive.BLOB_LIST} 缺失或与清单不符"
        return
    for sha256, _size in archive.listed_blobs(folder):
        path = archive.blob_path(folder, sha256)
        if not path.is_file():
            yield f"缺少文件 {path.relative_to(folder)}"
        elif archive.file_sha256(path) != sha256:
            yield f"文件 {path.relative_to(folder)} 已损坏"


def misfits(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """Why this installation cannot take this backup."""
    from qingyuan.cli import archive
    from qingyuan.kernel import storage

    ours = set(archive.migrations())
    theirs = set(manifest["migrations"])
    if ours != theirs:
        differing = "、".join(sorted(ours ^ theirs)[:5])
        yield f"数据库的版本不同（{differing}）：请用版本 {manifest['product']} 恢复，之后再升级"
        return
    for model in archive.kept_models():
        if model._meta.label_lower != "kernel.ledgerhead" and model._default_manager.exists():
            yield f"本安装不是空的：{model._meta.label_lower} 里已有数据"
    # Files of this very backup were put here by a restore that was killed before its rows.
    if not set(storage.stored()) <= {sha256 for sha256, _size in archive.listed_blobs(folder)}:
        yield "本安装不是空的：文件存储里已有别的文件"


def put_blobs(folder: Path) -> None:
    """Blobs before the rows that name them."""
    from qingyuan.cli import archive
    from qingyuan.kernel import storage

    for sha256, _size in archive.listed_blobs(folder):
        with archive.blob_path(folder, sha256).open("rb") as source:
            storage.put(source)


def take_blobs_back(folder: Path) -> None:
    """The store held nothing else before: what stands there now came from this backup."""
    from qingyuan.cli import archive
    from qingyuan.kernel import storage

    for sha256, _size in archive.listed_blobs(folder):
        storage.remove(sha256)


def put_rows(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """All rows and the check of the ledger in one transaction: with a problem nothing stays."""
    from django.core.management.color import no_style
    from django.db import connection, transaction

    from qingyuan.cli import archive
    from qingyuan.kernel import ledger, outbox
    from qingyuan.kernel.models import LedgerHead

    kept = archive.kept_models()
    with transaction.atomic():
        LedgerHead.objects.all().delete()
        # Foreign keys are checked at the end of the transaction on both databases: the order is free.
        for model in kept:
            _put_table(folder, model, manifest["tables"][model._meta.label_lower])
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), kept):
                cursor.execute(statement)
        result = ledger.verify()
        problems = [f"台账第 {result.broken.seq} 条：{result.broken.reason}"] if result.broken else []
        if result.head != manifest["ledger"]["hash"]:
            problems.append("台账的链头与清单不符")
        if problems:
            transaction.set_rollback(True)
        else:
            outbox.wake()  # mail that had not left goes out now
    return problems


def _put_table(folder: Path, model: Any, table: dict[str, Any]) -> None:
    from qingyuan.cli import archive

    by_name = {field.attname: field for field in archive.columns(model)}
    fields = [by_name[name] for name in table["columns"]]
    batch = []
    with (folder / archive.ROWS / f"{model._meta.label_lower}.jsonl").open(encoding="utf-8") as handle:
        for line in handle:
            batch.append(archive.object_of(model, fields, json.loads(line)))
            if len(batch) == BATCH:
                model._default_manager.bulk_create(batch)
                batch = []
    model._default_manager.bulk_create(batch)
