"""Schematic pictures of the demo: coloured blocks and pipes as PNG, drawn without any library. Letters are in the caption."""

from __future__ import annotations

import io
import struct
import zlib

WIDTH, HEIGHT = 960, 480
WHITE, INK, GREEN, BLUE, SAND, STEAM, GREY = range(7)
PALETTE = bytes.fromhex("ffffff 24323f 4f8a5b 4a86b8 d9b36c c2603f c9d2d8")
Block = tuple[int, int, int, int, int]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def draw(blocks: list[Block], pipes: list[Block]) -> io.BytesIO:
    """Blocks (left, top, width, height, colour) with an outline, over them pipes without one."""
    rows = [bytearray([WHITE]) * WIDTH for _row in range(HEIGHT)]

    def fill(left: int, top: int, width: int, height: int, colour: int) -> None:
        for row in rows[top : top + height]:
            row[left : left + width] = bytes([colour]) * width

    for left, top, width, height, colour in blocks:
        fill(left, top, width, height, INK)
        fill(left + 2, top + 2, width - 4, height - 4, colour)
    for pipe in pipes:
        fill(*pipe)
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    header = struct.pack(">II5B", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", PALETTE)
        + _chunk(b"IDAT", pixels)
        + _chunk(b"IEND", b"")
    )


def layout() -> io.BytesIO:
    """The park's quarters, its steam main and its drain."""
    return draw(
        [
            (20, 20, 280, 180, SAND),
            (320, 20, 280, 180, GREEN),
            (620, 20, 320, 180, GREY),
            (20, 280, 280, 180, GREEN),
            (320, 280, 280, 180, SAND),
            (620, 280, 150, 180, STEAM),
            (790, 280, 150, 180, BLUE),
        ],
        [
            (20, 225, 920, 8, STEAM),
            (20, 247, 920, 8, BLUE),
            (690, 225, 8, 60, STEAM),
            (860, 247, 8, 40, BLUE),
        ],
    )


def route() -> io.BytesIO:
    """Five steps of the technical route, one after the other, with the way back."""
    steps: list[Block] = [
        (20 + 190 * step, 160, 150, 160, (GREEN, BLUE, SAND, STEAM, GREEN)[step]) for step in range(5)
    ]
    arrows: list[Block] = [(170 + 190 * step, 234, 40, 12, INK) for step in range(4)]
    back: list[Block] = [(90, 390, 770, 8, GREY), (90, 320, 8, 78, GREY), (852, 320, 8, 78, GREY)]
    return draw(steps, [*arrows, *back])


def bars(shares: list[int]) -> io.BytesIO:
    """Columns in percent of the height."""
    width = (WIDTH - 60) // max(len(shares), 1)
    columns: list[Block] = [
        (
            40 + width * index,
            20 + (420 * (100 - share)) // 100,
            width - 16,
            max(8, 420 * share // 100),
            (BLUE, GREEN)[index % 2],
        )
        for index, share in enumerate(shares)
    ]
    return draw(columns, [(30, 440, WIDTH - 60, 4, INK), (30, 20, 4, 424, INK)])
