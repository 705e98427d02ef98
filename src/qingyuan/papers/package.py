"""The submission package: a zip written in one pass, every member hashed on its way, the list of them at its end.

The same members and the same `at` give the same bytes. Memory stays flat: a piece at a time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from qingyuan.papers.canonical import canonical_bytes

PIECE = 1 << 18  # fits the processor's cache while it is hashed twice, checked and written
MANIFEST, LISTING = "manifest.json", "文件清单.txt"
SCHEMA = 1
LONGEST_NAME = 200  # UTF-8 bytes of one name: below what file systems (255) and mail servers take
LONGEST_PATH = 180  # characters of a path inside the zip: leaves room for a folder below Windows' 260

_PACKED_ALREADY = {
    "docx",
    "xlsx",
    "pptx",
    "pdf",
    "png",
    "jpg",
    "jpeg",
    "zip",
    "ofd",
    "gz",
    "7z",
    "mp4",
    "webp",
}
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
}
_REFUSED = re.compile(
    '[\x00-\x1f\x7f-\x9f<>:"/\\\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file of the package. `name` may hold folders (a/b.docx); `size` in bytes; `sha256` as known before, or None.

    With `crc32` known beside `sha256`, the copy is held against the CRC that a zip computes anyway, and the member is
    not hashed a second time: a damaged file is noticed at no cost.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int
    sha256: str | None = None
    crc32: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A finished package: SHA-256 and size in bytes of the zip itself, and the manifest that stands in it."""

    sha256: str
    size: int
    manifest: dict[str, Any]


class MemberChanged(Exception):  # noqa: N818 - named for what is wrong, like the house's other refusals
    """A member is not the file it was said to be; the zip written so far must be thrown away."""

    def __init__(self, name: str, what: str, expected: str, found: str) -> None:
        super().__init__(f"{name}: {what} 应为 {expected}，实为 {found}；文件在登记后发生了变化，请重新上传")
        self.name = name
        self.expected = expected
        self.found = found


class _Hashing(io.RawIOBase):
    """Hashes what passes and refuses to seek, so that zipfile streams and never goes back."""

    def __init__(self, target: BinaryIO) -> None:
        self.target = target
        self.digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.target.write(data)
        self.digest.update(data)
        length = len(data)
        self.size += length
        return length

    def flush(self) -> None:
        self.target.flush()


def write_package(
    target: BinaryIO, members: Iterable[Member], *, manifest_extra: Mapping[str, Any], at: dt.datetime
) -> Sealed:
    """Write the zip to `target` and return its hash, size and manifest.

    `manifest_extra` goes into the manifest as it is (canonical JSON, no floats). Raises MemberChanged when a member's
    size or hash is not the one stated. `at` must be aware.
    """
    if at.tzinfo is None:
        raise ValueError("the time of a package must be aware")
    stamp = _zip_time(at)
    out = _Hashing(target)
    taken = {MANIFEST.casefold(), LISTING.casefold()}
    files: list[dict[str, Any]] = []
    with zipfile.ZipFile(out, "w", allowZip64=True) as archive:
        for member in members:
            name = _unique(clean_path(member.name), taken)
            files.append(_copy(archive, member, name, stamp))
        manifest: dict[str, Any] = {
            **manifest_extra,
            "schema": SCHEMA,
            "at": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "files": files,
        }
        body = canonical_bytes(manifest)
        # A byte order mark, so that Windows' own editor reads the list as UTF-8.
        archive.writestr(_info(LISTING, stamp), ("\ufeff" + _listing(files, at)).encode(), compresslevel=6)
        archive.writestr(_info(MANIFEST, stamp), body, compresslevel=6)
    return Sealed(sha256=out.digest.hexdigest(), size=out.size, manifest=manifest)


def verify_package(fileobj: BinaryIO) -> list[str]:
    """Read a package again and return what is wrong with it, nothing if it is whole."""
    try:
        archive = zipfile.ZipFile(fileobj)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        return [f"不是完整的 zip 文件：{error}"]
    with archive:
        names = archive.namelist()
        problems = [
            f"{name}：在包内出现多次" for name in sorted({name for name in names if names.count(name) > 1})
        ]
        manifest, broken = _read_manifest(archive)
        if broken:
            return [*problems, *broken]
        listed = {entry["name"]: entry for entry in manifest}
        problems += [
            f"{name}：清单中没有这个文件" for name in names if name not in {*listed, MANIFEST, LISTING}
        ]
        for name, entry in listed.items():
            if name not in names:
                problems.append(f"{name}：清单中有，包内没有")
                continue
            problems += _verify_member(archive, name, entry)
        return problems


def package_name(pattern: str, fields: Mapping[str, str]) -> str:
    """Fill a pattern such as {year}+{project}+{applicant}.zip, giving a name that every file system takes.

    Refused characters become their full-width twins or go; a name over 200 bytes of UTF-8 is shortened
    at its longest field, never at its ending.
    """
    values = {name: _clean_name(value) for name, value in fields.items()}
    while True:
        result = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], pattern)
        result = clean_path(result.replace("/", "／"))
        if len(result.encode()) <= LONGEST_NAME:
            return result
        longest = max(values, key=lambda name: len(values[name].encode()))
        if len(values[longest]) <= 1:
            return _shorten(result)
        values[longest] = values[longest][:-1]


def clean_path(name: str) -> str:
    """`name` as a relative path that Windows, macOS and Linux can all unpack: no traversal, drive, control or reserved name."""
    parts = [part for part in re.split(r"[/\\]+", unicodedata.normalize("NFC", name)) if part.strip(". ")]
    cleaned = [_shorten(_clean_name(part)) for part in parts]
    path = "/".join(part for part in cleaned if part) or "未命名"
    if len(path) > LONGEST_PATH:
        path = path.rsplit("/", 1)[-1]
    return path


_TWINS = str.maketrans('<>:"/\\|?*', "＜＞：＂／＼｜？＊")


def _clean_name(value: str) -> str:
    value = unicodedata.normalize("NFC", value).translate(_TWINS)
    value = re.sub(r"\s+", " ", _REFUSED.sub("", value)).strip(" ").rstrip(". ")
    if value.split(".", 1)[0].strip().casefold() in _RESERVED:
        value = f"_{value}"
    return value


def _shorten(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = name, "", ""
    room = LONGEST_NAME - len((dot + ending).encode())
    while len(stem.encode()) > room:
        stem = stem[: -max(1, (len(stem.encode()) - room) // 4)]
    return stem.rstrip(". ") + dot + ending


def _unique(name: str, taken: set[str]) -> str:
    """Names that differ only in case would overwrite each other on Windows."""
    stem, dot, ending = name.rpartition(".")
    if not stem or "/" in ending:
        stem, dot, ending = name, "", ""
    candidate, count = name, 1
    while candidate.casefold() in taken:
        count += 1
        candidate = f"{stem}({count}){dot}{ending}"
    taken.add(candidate.casefold())
    return candidate


def _zip_time(at: dt.datetime) -> tuple[int, int, int, int, int, int]:
    local = at.astimezone(ZoneInfo("Asia/Shanghai"))
    if not 1980 <= local.year <= 2107:  # all a zip can state
        return (1980, 1, 1, 0, 0, 0)
    return (local.year, local.month, local.day, local.hour, local.minute, local.second)


def _info(name: str, stamp: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, stamp)
    info.create_system = 3
    info.external_attr = 0o100644 << 16
    packed = name.rpartition(".")[2].casefold() in _PACKED_ALREADY
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    return info


def _copy(
    archive: zipfile.ZipFile, member: Member, name: str, stamp: tuple[int, int, int, int, int, int]
) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    trusted = member.sha256 is not None and member.crc32 is not None
    info = _info(name, stamp)
    info.file_size = member.size
    with (
        member.open() as source,
        archive.open(info, "w", force_zip64=member.size >= zipfile.ZIP64_LIMIT) as sink,
    ):
        while piece := source.read(PIECE):
            if not trusted:
                digest.update(piece)
            size += len(piece)
            if size > member.size:
                break
            sink.write(piece)
    if size != member.size:
        found = f"超过 {member.size} 字节" if size > member.size else f"{size} 字节"
        raise MemberChanged(member.name, "大小", f"{member.size} 字节", found)
    if trusted:
        assert member.sha256 is not None
        if member.crc32 != info.CRC:
            raise MemberChanged(member.name, "CRC-32", f"{member.crc32:08x}", f"{info.CRC:08x}")
        return {"name": name, "size": size, "sha256": member.sha256.lower()}
    if member.sha256 is not None and digest.hexdigest() != member.sha256.lower():
        raise MemberChanged(member.name, "SHA-256", member.sha256, digest.hexdigest())
    return {"name": name, "size": size, "sha256": digest.hexdigest()}


def _listing(files: list[dict[str, Any]], at: dt.datetime) -> str:
    local = at.astimezone(ZoneInfo("Asia/Shanghai"))
    lines = [
        "申报材料文件清单",
        f"生成时间：{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}（北京时间）",
        f"文件数：{len(files)}    总大小：{sum(entry['size'] for entry in files):,} 字节",
        "",
    ]
    for number, entry in enumerate(files, start=1):
        lines += [
            f"{number}. {entry['name']}",
            f"   大小：{entry['size']:,} 字节",
            f"   SHA-256：{entry['sha256']}",
            "",
        ]
    return "\r\n".join(lines)


def _read_manifest(archive: zipfile.ZipFile) -> tuple[list[dict[str, Any]], list[str]]:
    try:
        files = json.loads(archive.read(MANIFEST))["files"]
        sound = all(
            isinstance(entry["name"], str)
            and isinstance(entry["size"], int)
            and isinstance(entry["sha256"], str)
            for entry in files
        )
    except KeyError:
        return [], [f"缺少 {MANIFEST} 或其中的文件清单"]
    except (ValueError, TypeError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return [], [f"{MANIFEST} 无法读取或格式不对"]
    return (files, []) if sound else ([], [f"{MANIFEST} 的文件清单格式不对"])


def _verify_member(archive: zipfile.ZipFile, name: str, entry: dict[str, Any]) -> list[str]:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(name) as source:
            while (piece := source.read(PIECE)) and size <= entry["size"]:
                digest.update(piece)
                size += len(piece)
    except Exception as error:  # noqa: BLE001 - zlib, zipfile and decoders each raise their own
        return [f"{name}：无法读取（{error}）"]
    if size != entry["size"]:
        return [
            f"{name}：大小应为 {entry['size']} 字节，实为 {'更大' if size > entry['size'] else f'{size} 字节'}"
        ]
    if digest.hexdigest() != entry["sha256"]:
        return [f"{name}：SHA-256 与清单不符"]
    return []
