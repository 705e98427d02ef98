"""Where and when a photo was taken, as its camera wrote it (Exif); and the same photo without that.

Reads only what is asked for: date with offset, GPS position. Anything odd counts as not stated, never as an error: the
gate has already judged whether the file is a picture at all.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

CHINA = timezone(timedelta(hours=8))
_PNG = b"\x89PNG\r\n\x1a\n"
_EXIF = b"Exif\0\0"
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_DATE, _DATE_ORIGINAL, _OFFSET_ORIGINAL = 0x0132, 0x9003, 0x9011
_MOST = 64 * 1024
_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Facts:
    """What the camera stated; None where it did not. Degrees, north and east positive (WGS 84)."""

    taken_at: datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


def read(data: bytes) -> Facts:
    """The facts of a JPEG or PNG. Without an offset the camera's clock is taken to be China's."""
    block = next(_blocks(data), b"")
    try:
        return _facts(block) if block else Facts()
    except (struct.error, ValueError, ArithmeticError, IndexError):
        return Facts()


def strip(data: bytes) -> bytes:
    """The same pixels without Exif, XMP and comments: nothing that says where."""
    if data.startswith(_PNG):
        return _PNG + b"".join(
            chunk for kind, chunk in _chunks(data) if kind not in {b"eXIf", b"tEXt", b"iTXt", b"zTXt"}
        )
    kept, end = [b"\xff\xd8"], 2
    for marker, segment, after in _segments(data):
        if marker not in {0xE1, 0xED, 0xFE}:  # Exif and XMP, IPTC, comments
            kept.append(segment)
        end = after
    return b"".join(kept) + data[end:]


def _blocks(data: bytes) -> Iterator[bytes]:
    """Exif blocks, each beginning with its TIFF header."""
    if data.startswith(_PNG):
        yield from (chunk[8:-4] for kind, chunk in _chunks(data) if kind == b"eXIf")
    else:
        for marker, segment, _after in _segments(data):
            if marker == 0xE1 and segment[4:10] == _EXIF:
                yield segment[10:]


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """The segments of a JPEG before its pixels: (marker, bytes with marker and length, offset behind it)."""
    at = 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        marker = data[at + 1]
        if marker == 0xDA:
            return
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > len(data):
            return
        yield marker, data[at : at + 2 + length], at + 2 + length
        at += 2 + length


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG that hold together: (kind, bytes with length and check sum)."""
    at = len(_PNG)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        chunk = data[at : at + 12 + length]
        if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            return
        yield chunk[4:8], chunk
        at += 12 + length


def _facts(block: bytes) -> Facts:
    order = {b"II": "<", b"MM": ">"}.get(block[:2], "")
    if not order or len(block) > _MOST:
        return Facts()
    (start,) = struct.unpack_from(f"{order}I", block, 4)
    first = _directory(block, start, order)
    camera = _directory(block, first[_EXIF_IFD][0], order) if _EXIF_IFD in first else {}
    gps = _directory(block, first[_GPS_IFD][0], order) if _GPS_IFD in first else {}
    latitude, longitude = _degrees(gps, 2, 1, "S", 90), _degrees(gps, 4, 3, "W", 180)
    known = latitude is not None and longitude is not None
    return Facts(
        taken_at=_instant(camera.get(_DATE_ORIGINAL) or first.get(_DATE), camera.get(_OFFSET_ORIGINAL)),
        latitude=latitude if known else None,
        longitude=longitude if known else None,
    )


def _directory(block: bytes, start: int, order: str) -> dict[int, Any]:
    """The entries of one directory by tag: text, or a tuple of numbers."""
    (count,) = struct.unpack_from(f"{order}H", block, start)
    found: dict[int, Any] = {}
    for number in range(min(count, 200)):
        at = start + 2 + 12 * number
        tag, kind, many = struct.unpack_from(f"{order}HHI", block, at)
        size = _SIZES.get(kind, 0) * many
        if not 0 < size <= _MOST:
            continue
        place = at + 8 if size <= 4 else struct.unpack_from(f"{order}I", block, at + 8)[0]
        raw = block[place : place + size]
        if len(raw) != size:
            continue
        if kind == 2:
            found[tag] = raw.split(b"\0")[0].decode("ascii", "replace").strip()
        elif kind in {5, 10}:
            pairs = struct.unpack(f"{order}{2 * many}{'I' if kind == 5 else 'i'}", raw)
            found[tag] = tuple(zip(pairs[::2], pairs[1::2], strict=True))
        elif kind in {3, 4}:
            found[tag] = struct.unpack(f"{order}{many}{'H' if kind == 3 else 'I'}", raw)
    return found


def _degrees(gps: dict[int, Any], value: int, reference: int, negative: str, most: int) -> Decimal | None:
    parts, side = gps.get(value), gps.get(reference)
    if not isinstance(parts, tuple) or len(parts) != 3 or not side:
        return None
    degrees, minutes, seconds = (Decimal(top) / Decimal(bottom) for top, bottom in parts)
    found = degrees + minutes / 60 + seconds / 3600
    if not 0 <= found <= most:
        return None
    return (-found if str(side).upper().startswith(negative) else found).quantize(_PLACES)


def _instant(text: Any, offset: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        taken = datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=CHINA)
        if isinstance(offset, str) and len(offset) == 6:
            taken = datetime.fromisoformat(f"{taken:%Y-%m-%dT%H:%M:%S}{offset}")
    except ValueError:
        return None
    return taken
