"""Width and height of PNG and JPEG pictures, read from their header, and the room they get on a page."""

from __future__ import annotations

import struct
from dataclasses import dataclass

LONGEST_SIDE = 20_000
MOST_PIXELS = 100_000_000
MOST_SEGMENTS = 1000
EMU_PER_PIXEL = 9525  # at 96 pixels an inch, as Word and browsers take a picture that says nothing else
EMU_PER_TWIP = 635
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels, and the kind of file as its usual ending."""

    width: int
    height: int
    ending: str

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.ending]

    def fit(self, *, width: int, height: int) -> tuple[int, int]:
        """EMU of the picture in its own size, made smaller if it is wider or higher than the given twips."""
        own = self.width * EMU_PER_PIXEL, self.height * EMU_PER_PIXEL
        share = min(1.0, width * EMU_PER_TWIP / own[0], height * EMU_PER_TWIP / own[1])
        return max(1, int(own[0] * share)), max(1, int(own[1] * share))


def size_of(data: bytes) -> Size | None:
    """The size of a PNG or JPEG; None for anything else, for damage and for more pixels than a page can show."""
    size = _png(data) or _jpeg(data)
    if size is None or not size.width or not size.height:
        return None
    if max(size.width, size.height) > LONGEST_SIDE or size.width * size.height > MOST_PIXELS:
        return None
    return size


def _png(data: bytes) -> Size | None:
    if len(data) < 24 or not data.startswith(b"\x89PNG\r\n\x1a\n") or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return Size(width, height, "png")


def _jpeg(data: bytes) -> Size | None:
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    for _segment in range(MOST_SEGMENTS):
        while at + 1 < len(data) and data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        if at + 9 > len(data) or data[at] != 0xFF:
            return None
        if data[at + 1] in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Size(width, height, "jpg")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
