"""PDF documents: names that start programs, scripts or hide files, in plain and in object streams.

No object graph is built: a reader can be led by cross-reference tables to any byte of the file, so every byte
is searched, and so is every deflated stream that could be an object stream.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from qingyuan.kernel.gate.refusal import Findings, RefusedContent

PIECE = 256 * 1024
MOST_INFLATED = 300 * 1024 * 1024
_OVERLAP = 4096
_HEADER_WITHIN = 1024
_MOST_STREAMS = 200_000

_DELIMITER = rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%])"
_REFERENCE = rb"\d{1,10}\s+\d{1,5}\s+R"
_LONG_NAMES = (
    b"Launch",
    b"JavaScript",
    b"Rendition",
    b"RichMedia",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"Encrypt",
    b"GoToE",
    b"GoToR",
    b"ImportData",
    b"SubmitForm",
)
_NAMES = re.compile(rb"/(" + b"|".join(_LONG_NAMES) + rb")" + _DELIMITER)
# Short names occur by chance in compressed pictures, so they need to be used as a key, in readable surroundings.
_SHORT = re.compile(
    rb"(?<=[\t\n\r\x20-\x7e]{6})/(JS|XFA|EF)(?=\s*(?:\(|<|\[|" + _REFERENCE + rb"))",
)
_SHORT_INSIDE = re.compile(rb"/(JS|XFA|EF)" + _DELIMITER)
_ESCAPED = re.compile(
    rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]{0,60}?#[0-9A-Fa-f]{2}[^\x00\t\n\f\r ()<>\[\]{}/%]{0,60})"
)
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_OBJECT_STREAM = re.compile(rb"/ObjStm" + _DELIMITER)
# What an object stream's dictionary may not name: any coding but plain deflate would hide the objects from us.
_OTHER_CODING = re.compile(
    rb"/(?:ASCIIHexDecode|AHx|ASCII85Decode|A85|LZWDecode|LZW|RunLengthDecode|Crypt|JBIG2Decode|CCITTFaxDecode"
    rb"|DCTDecode|JPXDecode|DecodeParms|Predictor|FFilter)"
    + _DELIMITER
    + rb"|/Filter[\s\[]*(?:/Fl(?:ateDecode)?\s*)*(?:/RL\b|\d+\s+\d+\s+R\b)",
)
_KEY = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]{1,40})")
_NUMBERS = re.compile(rb"[\s\0]*\d")
_PAIRS = re.compile(rb"[\s\0]*\d+\s+\d+\s")

_PRINT_AGAIN = "请用阅读器“打印”为新的 PDF 后上传。"
_JAVASCRIPT = ("pdf_javascript", f"PDF 里有 JavaScript 脚本，打开时可能运行，因此不收。{_PRINT_AGAIN}")
_LAUNCH = ("pdf_launch", f"PDF 里有启动程序、打开其他文件或导入数据的动作，因此不收。{_PRINT_AGAIN}")
_EMBEDDED = ("pdf_embedded", f"PDF 里嵌有附件，无法逐层检查，因此不收。请把附件单独上传，{_PRINT_AGAIN}")
_MEDIA = ("pdf_media", f"PDF 里嵌有音视频或富媒体，可能携带脚本，因此不收。{_PRINT_AGAIN}")
_FOUND: dict[bytes, tuple[str, str]] = {
    b"Launch": _LAUNCH,
    b"GoToE": _LAUNCH,
    b"ImportData": _LAUNCH,
    b"JavaScript": _JAVASCRIPT,
    b"JS": _JAVASCRIPT,
    b"EmbeddedFile": _EMBEDDED,
    b"EmbeddedFiles": _EMBEDDED,
    b"EF": _EMBEDDED,
    b"RichMedia": _MEDIA,
    b"Rendition": _MEDIA,
    b"XFA": ("pdf_xfa", f"PDF 是 XFA 动态表单，可能携带脚本且多数阅读器打不开，因此不收。{_PRINT_AGAIN}"),
    b"Encrypt": (
        "pdf_encrypted",
        f"PDF 加了密（打开密码或权限限制），平台无法检查，因此不收。请去掉密码和限制，或{_PRINT_AGAIN.removeprefix('请')}",
    ),
}
_WARNED = {
    b"SubmitForm": "PDF 里有向网址提交表单的按钮；审阅者请勿点击。",
    b"GoToR": "PDF 里有指向其他文件的链接，别人打不开。",
}


def check(file: BinaryIO) -> list[str]:
    """Look through the whole file; raises RefusedContent with all findings, gives warnings."""
    _check_frame(file)
    findings = Findings()
    streams = _Streams()
    for base, data, last in _windows(file):
        _search(data + (b" " if last else b""), findings, inside=False)
        streams.note(base, data)
    with findings.collecting():
        if streams.obscured:
            raise _obscured()
        _look_inside(file, streams.found, findings)
    return findings.conclude()


def _check_frame(file: BinaryIO) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    if b"%PDF-" not in file.read(_HEADER_WITHIN):
        raise RefusedContent(
            "pdf_damaged",
            "文件开头没有 PDF 标记，可能已损坏，因此不收。请用原来的软件重新导出 PDF 后上传。",
        )
    file.seek(max(0, size - 0xFFFF - 22))
    tail = file.read()
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise RefusedContent(
            "pdf_damaged",
            "找不到 PDF 的结尾标记，文件可能没有传完或已损坏，因此不收。请重新导出 PDF 后上传。",
        )
    directory = tail.rfind(b"PK\x05\x06")
    zipped = directory >= 0 and directory + 22 + int.from_bytes(
        tail[directory + 20 : directory + 22], "little"
    ) == len(tail)
    if tail[end + 5 :].strip(b" \t\r\n\f\0\x1a") or zipped:
        raise RefusedContent(
            "extra_data",
            f"PDF 结尾之后还夹带了其他数据，无法检查，因此不收。{_PRINT_AGAIN}",
        )


def _windows(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """The file in overlapping pieces, each with its offset and whether it is the last."""
    file.seek(0)
    base, kept = 0, b""
    while True:
        piece = file.read(PIECE)
        data = kept + piece
        yield base, data, not piece
        if not piece:
            return
        kept = data[-_OVERLAP:]
        base += len(data) - len(kept)


def _search(data: bytes, findings: Findings, *, inside: bool) -> None:
    names = {found[1] for found in _NAMES.finditer(data)}
    names |= {found[1] for found in (_SHORT_INSIDE if inside else _SHORT).finditer(data)}
    names |= {_plain(found[1]) for found in _ESCAPED.finditer(data)}
    for name in sorted(names):
        if name in _FOUND:
            findings.refuse(*_FOUND[name])
        elif name in _WARNED:
            findings.warn(_WARNED[name])


def _plain(name: bytes) -> bytes:
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), name)


def _unescaped(data: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: b"/" + _plain(found[1]), data)


class _Streams:
    """Where streams begin, and which of them say that they hold objects."""

    def __init__(self) -> None:
        self.found: list[tuple[int, bool]] = []
        self.obscured = False
        self._mark = -1  # the last place that named an object stream

    def note(self, base: int, data: bytes) -> None:
        marks = [base + found.start() for found in _OBJECT_STREAM.finditer(data)]
        marks += [base + found.start() for found in _ESCAPED.finditer(data) if _plain(found[1]) == b"ObjStm"]
        marks.sort()
        for found in _STREAM.finditer(data):
            at, previous = base + found.end(), self.found[-1][0] if self.found else 0
            if at <= previous:
                continue
            while marks and marks[0] < at:
                self._mark = max(self._mark, marks.pop(0))
            # Any mention since the stream before counts: dictionaries can be dressed to look shorter.
            holds = self._mark >= previous or _has_keys(data, found.start())
            before = data[max(0, previous - base, found.start() - _OVERLAP) : found.start()]
            self.obscured = self.obscured or (holds and bool(_OTHER_CODING.search(_unescaped(before))))
            self.found.append((at, holds))
            if len(self.found) > _MOST_STREAMS:
                raise RefusedContent(
                    "too_complex",
                    f"PDF 里的对象超过 {_MOST_STREAMS:,} 个，检查它会拖垮系统，因此不收。请拆分为几个文件后上传。",
                )
        self._mark = max(self._mark, *marks) if marks else self._mark


def _has_keys(data: bytes, end: int) -> bool:
    """Whether the dictionary before a stream has the two keys without which no reader can use it for objects."""
    before = data[max(0, end - _OVERLAP // 2) : end].rpartition(b"obj")[2]
    keys = {_plain(found[1]) for found in _KEY.finditer(before)}
    return {b"First", b"N"} <= keys


def _look_inside(file: BinaryIO, streams: list[tuple[int, bool]], findings: Findings) -> None:
    left = MOST_INFLATED
    for at, holds in streams:
        file.seek(at)
        head = file.read(512)
        if not _is_deflated(head):
            if holds and not _NUMBERS.match(head):
                raise _obscured()
            continue
        beginning = _beginning(head)
        if holds or _PAIRS.match(beginning):
            left -= _search_deflated(file, at, findings, holds=holds, left=left)


def _is_deflated(head: bytes) -> bool:
    return len(head) > 2 and head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0


def _beginning(head: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(head, 64)
    except zlib.error:
        return b""


def _search_deflated(file: BinaryIO, at: int, findings: Findings, *, holds: bool, left: int) -> int:
    """Search one deflated stream; gives how many bytes it unpacked to."""
    inflater = zlib.decompressobj()
    total, kept, waiting = 0, b"", b""
    file.seek(at)
    while not inflater.eof:
        waiting = waiting or file.read(PIECE // 4)
        try:
            piece = inflater.decompress(waiting, PIECE)
        except zlib.error as error:
            if holds:
                raise _obscured() from error
            break
        if not waiting and not piece:
            break
        waiting = inflater.unconsumed_tail
        if total == 0 and holds and piece and not _NUMBERS.match(piece):
            raise _obscured()
        total += len(piece)
        if total > left:
            raise RefusedContent(
                "archive_bomb",
                f"PDF 解压后超过 {MOST_INFLATED // 1024 // 1024} MiB，这是“压缩炸弹”的特征，因此不收。{_PRINT_AGAIN}",
            )
        _search(kept + piece, findings, inside=holds)
        kept = (kept + piece)[-256:]
    _search(kept + b" ", findings, inside=holds)
    return total


def _obscured() -> RefusedContent:
    return RefusedContent(
        "pdf_obscured", f"PDF 的对象用少见的方式编码，无法查看其中内容，因此不收。{_PRINT_AGAIN}"
    )
