"""A strict reader of zip containers: checks every structure before a byte is unpacked, counts while unpacking.

Python's zipfile trusts the central directory and tolerates gaps, overlaps and prefixes; what one reader
tolerates and another reads differently is where things hide. Here every byte of the file must be accounted for.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import unquote

from qingyuan.kernel.gate.refusal import RefusedContent

PIECE = 64 * 1024
MOST_ENTRIES = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
HIGHEST_RATIO = 200
RATIO_FROM = 1024 * 1024
_LARGEST_DIRECTORY = 8 * 1024 * 1024

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END_MARK, _CENTRAL_MARK, _LOCAL_MARK = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_ZIP64_LOCATOR, _DESCRIPTOR = b"PK\x06\x07", b"PK\x07\x08"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_STREAMED, _UTF8 = 0x8, 0x800
_STORED, _DEFLATED = 0, 8
_WIDE = 0xFFFFFFFF
_ZIP64_FIELD, _UNICODE_PATH_FIELD = 0x0001, 0x7075

_RESAVE = "请用原来的软件打开，另存为一份新文件后重新上传。"


def _damaged(what: str) -> RefusedContent:
    return RefusedContent("archive_damaged", f"文件已损坏或不完整：{what}。无法可靠检查，因此不收。{_RESAVE}")


def _bomb(what: str) -> RefusedContent:
    return RefusedContent(
        "archive_bomb",
        f"文件解压后异常庞大：{what}。这是“压缩炸弹”的特征，因此不收。请删去多余的空白页、空行列或超大图片，另存后重新上传。",
    )


def _extra(what: str) -> RefusedContent:
    return RefusedContent(
        "extra_data", f"文件里夹带了不属于文档的数据：{what}。夹带内容无法检查，因此不收。{_RESAVE}"
    )


@dataclass(frozen=True, slots=True)
class Member:
    """One entry; `start` is where its packed bytes begin. A folder has size 0."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")


@dataclass(frozen=True, slots=True)
class _Entry:
    raw_name: bytes
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


class Archive:
    """The entries of a zip file, checked; `pieces` unpacks one with bounds shared by all."""

    def __init__(self, file: BinaryIO) -> None:
        """Read and check all structures; raises RefusedContent."""
        self._file = file
        self._unpacked = 0
        end, count, directory_size, directory = _read_end(file)
        entries = _read_directory(file, count=count, size=directory_size, offset=directory, end=end)
        _check_sizes(entries)
        self.members = _locate(file, entries, directory)
        self._by_name = {_folded(member.name): member for member in self.members}

    def find(self, name: str) -> Member | None:
        """The member of that name; case does not matter, as in Office's packages."""
        return self._by_name.get(_folded(name))

    def read(self, member: Member, *, limit: int) -> bytes:
        """The whole of a small member; refuses one of more than `limit` bytes."""
        if member.size > limit:
            raise _bomb(f"{member.name} 应当很小，却有 {member.size:,} 字节")
        return b"".join(self.pieces(member))

    def pieces(self, member: Member) -> Iterator[bytes]:
        """The member's content in pieces of at most 64 KiB; checks bounds, length and check sum on the way."""
        inflater = zlib.decompressobj(-15) if member.method == _DEFLATED else None
        position, end = member.start, member.start + member.packed
        produced = check = 0
        while position < end and not (inflater and inflater.eof):
            self._file.seek(position)
            raw = self._file.read(min(PIECE, end - position))
            if not raw:
                raise _damaged(f"{member.name} 缺少数据")
            position += len(raw)
            for piece in _inflate(inflater, raw, member.name):
                produced += len(piece)
                self._unpacked += len(piece)
                check = zlib.crc32(piece, check)
                self._bound(member, produced)
                yield piece
        if inflater and not (inflater.eof and position == end and not inflater.unused_data):
            raise _damaged(f"{member.name} 的压缩数据不完整或有多余")
        if produced != member.size or check != member.crc:
            raise _damaged(f"{member.name} 的长度或校验和与目录不符")

    def _bound(self, member: Member, produced: int) -> None:
        if produced > member.size:
            raise _bomb(f"{member.name} 实际长度超过其声明的 {member.size:,} 字节")
        if produced > RATIO_FROM and produced > HIGHEST_RATIO * member.packed:
            raise _bomb(f"{member.name} 的压缩比超过 {HIGHEST_RATIO} 倍")
        if self._unpacked > MOST_UNPACKED:
            raise _bomb(f"总长度超过 {MOST_UNPACKED // 1024 // 1024} MiB")


def _folded(name: str) -> str:
    # Office compares part names without case and with percent escapes resolved.
    return unicodedata.normalize("NFC", unquote(name)).casefold()


def _inflate(inflater: zlib._Decompress | None, raw: bytes, name: str) -> Iterator[bytes]:
    if inflater is None:
        yield raw
        return
    # Where the stream ends early, zlib keeps showing the rest as its unconsumed tail: without eof, for ever.
    while raw and not inflater.eof:
        try:
            piece = inflater.decompress(raw, PIECE)
        except zlib.error as error:
            raise _damaged(f"{name} 无法解压") from error
        if piece:
            yield piece
        raw = inflater.unconsumed_tail
        if not raw and len(piece) == PIECE and not inflater.eof:
            # A full piece may leave output waiting inside the inflater although all input is taken.
            yield from _rest(inflater, name)


def _rest(inflater: zlib._Decompress, name: str) -> Iterator[bytes]:
    while not inflater.eof:
        try:
            piece = inflater.decompress(b"", PIECE)
        except zlib.error as error:
            raise _damaged(f"{name} 无法解压") from error
        if not piece:
            return
        yield piece


def _read_end(file: BinaryIO) -> tuple[int, int, int, int]:
    """Where the end record stands, how many entries, and the directory's size and offset."""
    total = file.seek(0, 2)
    window = min(total, 0xFFFF + _END.size)
    file.seek(total - window)
    tail = file.read(window)
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise _damaged("找不到压缩目录，文件可能没有传完")
    if len(tail) - at != _END.size:
        raise _extra("压缩目录之后还有内容")
    _, disk, first_disk, here, count, size, offset, comment = _END.unpack_from(tail, at)
    if tail[max(0, at - 20) : at][:4] == _ZIP64_LOCATOR or count == 0xFFFF or _WIDE in {size, offset}:
        raise RefusedContent(
            "archive_zip64", f"文件使用了 64 位压缩结构，正常材料不需要，无法可靠检查，因此不收。{_RESAVE}"
        )
    if disk or first_disk or here != count or comment:
        raise _damaged("压缩目录自相矛盾")
    if count > MOST_ENTRIES:
        raise RefusedContent(
            "archive_too_many",
            f"文件内含 {count:,} 个条目，超过 {MOST_ENTRIES:,} 个的上限，因此不收。请拆分为几个文件，或删减图片后另存上传。",
        )
    end = total - _END.size
    if size > _LARGEST_DIRECTORY or offset + size > end:
        raise _damaged("压缩目录的长度不对")
    if offset + size < end:
        raise _extra("条目与压缩目录之间还有内容")
    return end, count, size, offset


def _read_directory(file: BinaryIO, *, count: int, size: int, offset: int, end: int) -> list[_Entry]:
    file.seek(offset)
    data = file.read(size)
    entries: list[_Entry] = []
    seen: set[str] = set()
    at = 0
    for _ in range(count):
        if len(data) - at < _CENTRAL.size or data[at : at + 4] != _CENTRAL_MARK:
            raise _damaged("压缩目录不完整")
        fields = _CENTRAL.unpack_from(data, at)
        made_by, flags, method = fields[1], fields[3], fields[4]
        crc, packed, unpacked, name_length, extra_length, comment_length = fields[7:13]
        disk, attributes, start = fields[13], fields[15], fields[16]
        at += _CENTRAL.size
        raw_name = data[at : at + name_length]
        extra = data[at + name_length : at + name_length + extra_length]
        at += name_length + extra_length + comment_length
        if at > len(data) or disk:
            raise _damaged("压缩目录不完整")
        name = _decode(raw_name, flags)
        _check_name(name, raw_name, extra)
        _check_entry(name, flags=flags, method=method, attributes=attributes, unix=made_by >> 8 == 3)
        if _WIDE in {packed, unpacked, start} or _ZIP64_FIELD in _extra_fields(extra):
            raise RefusedContent(
                "archive_zip64", f"条目 {name} 使用了 64 位压缩结构，正常材料不需要，因此不收。{_RESAVE}"
            )
        if start + _LOCAL.size > end:
            raise _damaged(f"{name} 的位置不对")
        if _folded(name) in seen:
            raise RefusedContent(
                "archive_duplicate",
                f"文件里有两个同名条目 {name}，不同软件会读到不同内容，因此不收。{_RESAVE}",
            )
        seen.add(_folded(name))
        entries.append(_Entry(raw_name, name, flags, method, crc, packed, unpacked, start))
    if at != len(data):
        raise _extra("压缩目录里有多余内容")
    return entries


def _decode(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise _damaged("条目名称的编码不对") from error


def _extra_fields(extra: bytes) -> dict[int, bytes]:
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(extra):
        key, length = struct.unpack_from("<HH", extra, at)
        fields[key] = extra[at + 4 : at + 4 + length]
        at += 4 + length
    return fields


def _check_name(name: str, raw: bytes, extra: bytes) -> None:
    plain = unquote(name)
    segments = plain.removesuffix("/").split("/")
    alias = _extra_fields(extra).get(_UNICODE_PATH_FIELD)
    if (
        "\\" in plain
        or ":" in plain
        or any(part in {"", ".", ".."} for part in segments)
        or any(unicodedata.category(mark) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for mark in plain)
        or (alias is not None and alias[5:] not in {raw, name.encode()})
    ):
        shown = plain.encode("unicode_escape", "replace").decode()[:80]
        raise RefusedContent(
            "archive_path",
            f"文件里的条目名称“{shown}”不合规（绝对路径、上级目录或特殊字符），解压时可能写到别处，因此不收。{_RESAVE}",
        )


def _check_entry(name: str, *, flags: int, method: int, attributes: int, unix: bool) -> None:
    if flags & _ENCRYPTED:
        raise RefusedContent(
            "archive_encrypted",
            f"条目 {name} 加了密，无法检查，因此不收。请去掉密码后另存，重新上传。",
        )
    mode = stat.S_IFMT(attributes >> 16)
    if unix and mode not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise RefusedContent(
            "archive_link", f"条目 {name} 是符号链接或特殊文件，可能指向别处，因此不收。{_RESAVE}"
        )
    if method not in {_STORED, _DEFLATED}:
        raise RefusedContent(
            "archive_method", f"条目 {name} 使用了少见的压缩方法（{method}），无法检查，因此不收。{_RESAVE}"
        )


def _check_sizes(entries: list[_Entry]) -> None:
    """Refuse by the directory's own claims first: cheap, and an honest bomb need not be unpacked."""
    for entry in entries:
        if entry.size > RATIO_FROM and entry.size > HIGHEST_RATIO * entry.packed:
            raise _bomb(f"{entry.name} 的压缩比超过 {HIGHEST_RATIO} 倍")
        if (entry.method == _STORED and entry.packed != entry.size) or (
            entry.name.endswith("/") and entry.size
        ):
            raise _damaged(f"{entry.name} 的长度自相矛盾")
    if sum(entry.size for entry in entries) > MOST_UNPACKED:
        raise _bomb(f"总长度超过 {MOST_UNPACKED // 1024 // 1024} MiB")


def _locate(file: BinaryIO, entries: list[_Entry], directory: int) -> list[Member]:
    """Walk the entries in the order of the file: each begins exactly where the one before it ended."""
    ordered = sorted(entries, key=lambda entry: entry.offset)
    members: list[Member] = []
    expected = 0
    starts = [*(each.offset for each in ordered), directory]
    for entry, after in zip(ordered, starts[1:], strict=True):
        if entry.offset != expected:
            _refuse_gap(entry.name, overlap=entry.offset < expected)
        start = _read_local(file, entry)
        end = start + entry.packed
        if end > after:
            _refuse_gap(entry.name, overlap=True)
        if end < after and not (entry.flags & _STREAMED and _is_descriptor(file, entry, end, after)):
            _refuse_gap(entry.name, overlap=False)
        expected = after
        members.append(Member(entry.name, entry.method, entry.crc, entry.packed, entry.size, start))
    if expected != directory:
        raise _extra("压缩目录之前还有内容")
    return members


def _refuse_gap(name: str, *, overlap: bool) -> None:
    if overlap:
        raise RefusedContent(
            "archive_overlap",
            f"条目 {name} 与其他条目重叠，这是“压缩炸弹”的特征，因此不收。{_RESAVE}",
        )
    raise _extra(f"条目 {name} 前后有空隙")


def _read_local(file: BinaryIO, entry: _Entry) -> int:
    """Compare the local header with the directory; give where the data starts."""
    file.seek(entry.offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or header[:4] != _LOCAL_MARK:
        raise _damaged(f"找不到 {entry.name} 的数据")
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack(header)
    raw_name = file.read(name_length)
    extra = file.read(extra_length)
    if len(extra) < extra_length:
        raise _damaged(f"{entry.name} 的数据不完整")
    wide = _extra_fields(extra).get(_ZIP64_FIELD, b"")
    # Streaming writers reserve a 64-bit field that then holds ordinary sizes: harmless when they agree.
    if {packed, size} == {_WIDE} and len(wide) >= 16:
        size, packed = struct.unpack_from("<QQ", wide)
    same = (flags ^ entry.flags) & (_ENCRYPTED | _STREAMED | _UTF8) == 0
    sizes = (crc, packed, size)
    agreed = sizes == (entry.crc, entry.packed, entry.size) or (
        bool(flags & _STREAMED) and all(value in {0, _WIDE} for value in sizes)
    )
    if raw_name != entry.raw_name or method != entry.method or not (same and agreed):
        raise _damaged(f"{entry.name} 的两处说明互相矛盾")
    return entry.offset + _LOCAL.size + len(raw_name) + len(extra)


def _is_descriptor(file: BinaryIO, entry: _Entry, start: int, end: int) -> bool:
    """Whether the bytes between an entry and the next are its data descriptor and nothing else."""
    if end - start > 24:
        return False
    file.seek(start)
    found = file.read(end - start)
    plain = struct.pack("<3L", entry.crc, entry.packed, entry.size)
    wide = struct.pack("<LQQ", entry.crc, entry.packed, entry.size)
    return found in {plain, wide, _DESCRIPTOR + plain, _DESCRIPTOR + wide}
