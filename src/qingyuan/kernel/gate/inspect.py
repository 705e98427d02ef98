"""Looks at the content of an uploaded file and refuses what could run, fetch, hide or burst.

No Django, no network, no temporary files; memory stays flat but for GeoJSON (bounded).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import BinaryIO

from qingyuan.kernel.gate import geojson, images, kinds, names, ofd, office, pdf
from qingyuan.kernel.gate.archive import Archive
from qingyuan.kernel.gate.refusal import CODES, RefusedContent

__all__ = ["CODES", "Inspection", "RefusedContent", "inspect"]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an accepted file is; warnings are Chinese sentences for its uploader."""

    kind: str
    media_type: str
    extension: str
    warnings: list[str] = field(default_factory=list)


def inspect(file: BinaryIO, *, name: str, allow: AbstractSet[str]) -> Inspection:
    """Tell by content what `file` (seekable) is and check it through; its position is left at the start.

    `allow` holds keys of kinds.ACCEPTED. Raises RefusedContent and, if the file cannot be read, OSError.
    """
    try:
        return _inspect(file, name=name, allow=allow)
    finally:
        file.seek(0)


def _inspect(file: BinaryIO, *, name: str, allow: AbstractSet[str]) -> Inspection:
    if not file.seek(0, 2):
        raise RefusedContent("empty", "文件是空的（0 字节）。请核对是否选错了文件，或重新保存后上传。")
    key = kinds.sniff(file)
    archive = None
    if key == "zip":
        archive = Archive(file)
        key = office.which(archive)
    extension = names.extension(name)
    if key == "json":
        # Any JSON is read as GeoJSON; its own check says what is missing.
        key = "geojson"
    kind = _accepted(key, extension=extension, allow=allow)
    if extension and extension not in kind.extensions:
        raise RefusedContent(
            "name_mismatch",
            f"文件名以 .{extension} 结尾，但内容是{kind.title}。名称与内容不符的文件不收，以免打开时出错或被误导。"
            f"请核对是否选错了文件；若内容无误，请把扩展名改为 .{kind.extensions[0]} 后重新上传。",
        )
    return Inspection(key, kind.media_type, kind.extensions[0], _check(file, key, archive))


def _accepted(key: str, *, extension: str, allow: AbstractSet[str]) -> kinds.Kind:
    kind = kinds.KINDS[key]
    taken = "、".join(each.extensions[0] for name, each in kinds.ACCEPTED.items() if name in allow)
    if key not in kinds.ACCEPTED:
        pretends = f"文件名以 .{extension} 结尾，但" if _pretends(extension) else ""
        what = f"{pretends}内容是{kind.title}" if key != "unknown" else f"{pretends}内容无法识别"
        raise RefusedContent(kind.code, f"{what}，不能上传。{kind.mend}（此处接受：{taken}）")
    if key not in allow:
        raise RefusedContent(
            "not_allowed_here", f"文件是{kind.title}，此处不接受这种文件。请改用以下格式：{taken}。"
        )
    return kind


def _pretends(extension: str) -> bool:
    return any(extension in kind.extensions for kind in kinds.ACCEPTED.values())


def _check(file: BinaryIO, key: str, archive: Archive | None) -> list[str]:
    match key:
        case "docx" | "xlsx":
            assert archive
            return office.check(archive, key)
        case "ofd":
            assert archive
            return ofd.check(archive)
        case "pdf":
            return pdf.check(file)
        case "png":
            images.check_png(file)
        case "jpg":
            images.check_jpeg(file)
        case _:
            return geojson.check(file)
    return []
