"""QR codes without a picture library: the squares as an SVG for pages and as a PNG for Word."""

from __future__ import annotations

import struct
import zlib

QUIET = 4
"""Blank squares around the code, as ISO/IEC 18004 asks."""


def squares(text: str) -> list[list[bool]]:
    """The code's squares with their quiet zone; True is dark."""
    import qrcode

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def svg(text: str, *, alt: str, size: int = 168) -> str:
    """An SVG of `size` CSS pixels with its description; no styles, no scripts."""
    rows = squares(text)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    label = alt.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {len(rows)} {len(rows)}" '
        f'role="img" aria-label="{label}"><rect width="{len(rows)}" height="{len(rows)}" fill="#fff"/>'
        f'<path d="{path}" fill="#000"/></svg>'
    )


def png(text: str, *, scale: int = 6) -> bytes:
    """A black and white PNG, `scale` pixels a square."""
    rows = squares(text)
    width = len(rows) * scale
    lines = b"".join(_packed([dark for dark in row for _again in range(scale)]) * scale for row in rows)
    header = struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(lines, 9))
        + _chunk(b"IEND", b"")
    )


def _packed(dark: list[bool]) -> bytes:
    """One line: its filter (none), then eight pixels a byte, 0 is black."""
    bits = "".join("0" if one else "1" for one in dark)
    bits += "1" * (-len(bits) % 8)
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
