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
    """Write database and files into FOLDER, which must not exist yet. The site may go on working."""
    if folder.exists():
        click.echo(f"qingyuan: {folder} 已存在；请给出一个新的文件夹名", err=True)
        raise SystemExit(2)
    installation.start()
    partial = folder.with_name(f"{folder.name}.partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    manifest = write(partial)
    partial.rename(folder)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    click.echo(
        f"已备份到 {folder}：{len(manifest['tables'])} 张表 {rows} 行，{manifest['blobs']['count']} 个文件，"
        f"台账 {manifest['ledger']['seq']} 条"
    )


def write(folder: Path) -> dict[str, Any]:
    """Fill an empty folder; returns the manifest, which is written last."""
    import qingyuan
    from qingyuan.cli import archive

    tables, head = _write_rows(folder)
    blobs = _write_blobs(folder)
    manifest = {
        "kind": archive.KIND,
        "version": archive.VERSION,
        "product": qingyuan.__version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "migrations": archive.migrations(),
        "ledger": head,
        "tables": tables,
        "blobs": blobs,
    }
    (folder / archive.MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return manifest


def _write_rows(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """All tables as they stand at one moment."""
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
        return tables, {"seq": head.seq, "hash": head.hash}


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


def _write_blobs(folder: Path) -> dict[str, Any]:
    """Blobs after rows: what a row names stands before the row does, and is never changed."""
    from qingyuan.cli import archive
    from qingyuan.kernel import storage

    count = total = 0
    with (folder / archive.BLOB_LIST).open("w", encoding="ascii", newline="\n") as listing:
        for sha256 in sorted(storage.stored()):
            path = archive.blob_path(folder, sha256)
            path.parent.mkdir(parents=True, exist_ok=True)
            with storage.open_blob(sha256) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, storage.CHUNK)
            if archive.file_sha256(path) != sha256:
                click.echo(f"qingyuan: 存储中的文件 {sha256} 已损坏，备份中止", err=True)
                raise SystemExit(2)
            listing.write(f"{sha256} {path.stat().st_size}\n")
            count, total = count + 1, total + path.stat().st_size
    return {"count": count, "bytes": total, "sha256": archive.file_sha256(folder / archive.BLOB_LIST)}
