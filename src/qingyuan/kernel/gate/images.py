"""PNG and JPEG: the structure walked from the first to the last byte, nothing behind it."""

from __future__ import annotations

import re
import struct
import zlib
from typing import BinaryIO

from qingyuan.kernel.gate.refusal import RefusedContent

PIECE = 64 * 1024
LONGEST_SIDE = 20_000
MOST_PIXELS = 100_000_000
_MOST_CHUNKS = 100_000

_PNG_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
_SOF = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SOI, _EOI, _SOS, _APP2 = 0xD8, 0xD9, 0xDA, 0xE2
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
_RESAVE = "请用“画图”等看图软件打开，另存为新的图片后上传。"


def _damaged(what: str) -> RefusedContent:
    return RefusedContent("image_damaged", f"图片已损坏或不完整：{what}，因此不收。{_RESAVE}")


def _extra() -> RefusedContent:
    return RefusedContent(
        "extra_data", f"图片结尾之后还夹带了其他数据（如动态照片、附加文件），无法检查，因此不收。{_RESAVE}"
    )


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise _damaged("宽或高为零")
    if width > LONGEST_SIDE or height > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise RefusedContent(
            "image_too_large",
            f"图片为 {width:,} × {height:,} 像素，超过边长 {LONGEST_SIDE:,} 或总数 {MOST_PIXELS // 10_000:,} 万像素的上限，"
            "打开时会耗尽内存，因此不收。请缩小后上传。",
        )


def _exactly(file: BinaryIO, length: int) -> bytes:
    data = file.read(length)
    if len(data) != length:
        raise _damaged("数据没有传完")
    return data


def check_png(file: BinaryIO) -> None:
    """Walk all chunks with their check sums; raises RefusedContent."""
    file.seek(8)
    seen = 0
    has_pixels = False
    while True:
        length, kind = struct.unpack(">I4s", _exactly(file, 8))
        if not kind.isalpha() or length > 0x7FFFFFFF or (seen == 0) != (kind == b"IHDR"):
            raise _damaged("数据块的次序或名称不对")
        check = zlib.crc32(kind)
        if kind == b"IHDR":
            if length != 13:
                raise _damaged("图像头的长度不对")
            header = _exactly(file, 13)
            check = zlib.crc32(header, check)
            _check_png_header(header)
        else:
            left = length
            while left:
                piece = _exactly(file, min(PIECE, left))
                check = zlib.crc32(piece, check)
                left -= len(piece)
        if int.from_bytes(_exactly(file, 4), "big") != check:
            raise _damaged("校验和不符")
        has_pixels = has_pixels or kind == b"IDAT"
        seen += 1
        if kind == b"IEND":
            break
        if seen > _MOST_CHUNKS:
            raise _damaged("数据块过多")
    if length or not has_pixels:
        raise _damaged("没有像素数据")
    if file.read(1):
        raise _extra()


def _check_png_header(header: bytes) -> None:
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">II5B", header)
    if depth not in _PNG_DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
        raise _damaged("图像头的取值不对")
    _check_size(width, height)


def check_jpeg(file: BinaryIO) -> None:
    """Walk all segments and scans; raises RefusedContent.

    Phones put further complete pictures (preview, gain map) behind the first and declare them in an MPF segment:
    those are walked as well. Zero padding is harmless.
    """
    size = file.seek(0, 2)
    file.seek(0)
    several = _walk_jpeg(file)
    for _ in range(16):
        if not several or size - file.tell() < 4:
            break
        start = file.tell()
        if file.read(2) != b"\xff\xd8":
            file.seek(start)
            break
        file.seek(start)
        _walk_jpeg(file)
    while piece := file.read(PIECE):
        if piece.strip(b"\0"):
            raise _extra()


def _walk_jpeg(file: BinaryIO) -> bool:
    """Leave `file` right behind the EOI marker; gives whether an MPF segment announces more pictures."""
    if _exactly(file, 2) != b"\xff\xd8":
        raise _damaged("没有开头标记")
    sized = scanned = several = False
    marker = _next_marker(file)
    for _ in range(_MOST_CHUNKS):
        if marker == _EOI:
            if not (sized and scanned):
                raise _damaged("没有像素数据")
            return several
        if marker == _SOI or marker < 0xC0:
            raise _damaged("标记的次序不对")
        length = int.from_bytes(_exactly(file, 2), "big") - 2
        if length < 0:
            raise _damaged("段的长度不对")
        segment = _exactly(file, length)
        if marker in _SOF:
            if sized or length < 6:
                raise _damaged("尺寸说明不对")
            height, width = struct.unpack_from(">HH", segment, 1)
            _check_size(width, height)
            sized = True
        several = several or (marker == _APP2 and segment.startswith(b"MPF\0"))
        if marker == _SOS:
            if not sized:
                raise _damaged("像素数据先于尺寸说明")
            scanned = True
            marker = _skip_scan(file)
        else:
            marker = _next_marker(file)
    raise _damaged("段过多")


def _next_marker(file: BinaryIO) -> int:
    if _exactly(file, 1) != b"\xff":
        raise _damaged("段与段之间有杂乱数据")
    code = 0xFF
    while code == 0xFF:
        code = _exactly(file, 1)[0]
    return code


def _skip_scan(file: BinaryIO) -> int:
    """Read over entropy-coded data to the next marker, which is given."""
    while True:
        start = file.tell()
        piece = file.read(PIECE)
        found = _MARKER.search(piece)
        if found:
            file.seek(start + found.end())
            return found[1][0]
        if len(piece) < 2:
            raise _damaged("数据没有传完")
        if piece.endswith(b"\xff"):
            # The marker may be cut in two by the piece's end.
            file.seek(start + len(piece) - 1)
