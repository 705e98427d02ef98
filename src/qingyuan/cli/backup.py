"""`qingyuan backup`: one folder with everything, consistent, checked by its own manifest."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qingyuan import installation

if TYPE_CHECKING:
    from django.db import models


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Write database and files into FOLDER, which must not exist yet. The site may go on working.

    Where files are lost or damaged in the store, all of them are listed, what is left is written into
    FOLDER.incomplete, and the exit code is 2.
    """
    if folder.exists():
        click.echo(f"qingyuan: {folder} 已存在；请给出一个新的文件夹名", err=True)
        raise SystemExit(2)
    installation.start()
    partial = folder.with_name(f"{folder.name}.partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    manifest = write(partial)
    if manifest["missing"]:
        _report_missing(folder, partial, manifest["missing"])
        raise SystemExit(2)
    partial.rename(folder)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    click.echo(
        f"已备份到 {folder}：{len(manifest['tables'])} 张表 {rows} 行，{manifest['blobs']['count']} 个文件，"
        f"台账 {manifest['ledger']['seq']} 条"
    )


def _report_missing(folder: Path, partial: Path, missing: dict[str, str]) -> None:
    incomplete = folder.with_name(f"{folder.name}.incomplete")
    if incomplete.exists():
        shutil.rmtree(incomplete)
    partial.rename(incomplete)
    lines = [f"  {sha256}（{why}）" for sha256, why in missing.items()]
    words = f"qingyuan: 备份不完整：存储中有 {len(missing)} 个文件缺失或损坏；其余已写入 {incomplete}"
    click.echo("\n".join([words, *lines]), err=True)


def write(folder: Path) -> dict[str, Any]:
    """Fill an empty folder; returns the manifest, which is written last."""
    import qingyuan
    from qingyuan.cli import archive

    tables, head, named = _write_rows(folder)
    blobs, missing = _write_blobs(folder, named)
    manifest = {
        "kind": archive.KIND,
        "version": archive.VERSION,
        "product": qingyuan.__version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "migrations": archive.migrations(),
        "ledger": head,
        "tables": tables,
        "blobs": blobs,
        "missing": missing,
    }
    (folder / archive.MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return manifest


def _write_rows(folder: Path) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """All tables as they stand at one moment: their description, the ledger's head, the blobs they name."""
    from django.db import connection, transaction

    from qingyuan.cli import archive
    from qingyuan.kernel.models import LedgerHead

    (folder / archive.ROWS).mkdir()
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        head = LedgerHead.objects.get(pk=1)
        tables = {model._meta.label_lower: _write_table(folder, model) for model in archive.kept_models()}
        return tables, {"seq": head.seq, "hash": head.hash}, archive.named_blobs()


def _write_table(folder: Path, model: type[models.Model]) -> dict[str, Any]:
    from qingyuan.cli import archive

    fields = archive.columns(model)
    path = folder / archive.ROWS / f"{model._meta.label_lower}.jsonl"
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        for obj in model._default_manager.order_by("pk").iterator(chunk_size=2000):
            handle.write(
                json.dumps(archive.row_of(obj, fields), ensure_ascii=False, separators=(",", ":")) + "\n"
            )
            count += 1
    return {
        "columns": [field.attname for field in fields],
        "rows": count,
        "sha256": archive.file_sha256(path),
    }


def _write_blobs(folder: Path, named: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Blobs after rows: what a row names stands before the row does, and is never changed.

    Returns the description of what was written, and which blobs could not be, each with the reason.
    """
    from qingyuan.cli import archive
    from qingyuan.kernel import storage

    count = total = 0
    missing: dict[str, str] = {}
    stored = set(storage.stored())
    with (folder / archive.BLOB_LIST).open("w", encoding="ascii", newline="\n") as listing:
        for sha256 in sorted(stored | named.keys()):
            path = archive.blob_path(folder, sha256)
            path.parent.mkdir(parents=True, exist_ok=True)
            if reason := _copy_blob(sha256, path):
                if sha256 in named:
                    missing[sha256] = f"{reason}；{named[sha256]}"
                continue
            listing.write(f"{sha256} {path.stat().st_size}\n")
            count, total = count + 1, total + path.stat().st_size
    description = {"count": count, "bytes": total, "sha256": archive.file_sha256(folder / archive.BLOB_LIST)}
    return description, missing


def _copy_blob(sha256: str, path: Path) -> str:
    """Copy a blob and look at what arrived; says why it could not be had. A bad copy does not stay."""
    from qingyuan.cli import archive
    from qingyuan.kernel import storage

    try:
        with storage.open_blob(sha256) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, storage.CHUNK)
    except FileNotFoundError:
        return "缺失"
    if archive.file_sha256(path) != sha256:
        path.unlink()
        return "损坏"
    return ""
