"""PNG and JPEG: whole, of sane size, and nothing behind the end."""

from __future__ import annotations

import io
import struct
import zlib

import pytest

from qingyuan.kernel.gate.inspect import RefusedContent, inspect
from tests.kernel.gate import samples


def codes(data: bytes) -> tuple[str, ...]:
    try:
        inspect(io.BytesIO(data), name="", allow=frozenset({"png", "jpg"}))
    except RefusedContent as refused:
        return refused.codes
    return ()


@pytest.mark.parametrize("make", [samples.png, samples.jpeg])
def test_sizes(make):
    assert codes(make(20_000, 5_000)) == ()
    assert codes(make(20_001, 1)) == ("image_too_large",)
    assert codes(make(10_001, 10_000)) == ("image_too_large",)
    assert codes(make(0, 10)) == ("image_damaged",)


@pytest.mark.parametrize("make", [samples.png, samples.jpeg])
@pytest.mark.parametrize(
    "tail", [b"x", samples.zipped({"a": "b"}), b"MZ" + b"\0" * 60, b"\0\0\0\x18ftypmp42"]
)
def test_anything_behind_the_end(make, tail):
    assert codes(make(tail=tail)) == ("extra_data",)


@pytest.mark.parametrize("data", [samples.png(), samples.jpeg()])
def test_every_truncation(data):
    for length in range(1, len(data), 7):
        assert codes(data[:length]) in {("image_damaged",), ("unknown_kind",), ("wrong_kind",)}


def test_png_check_sums_and_order():
    data = samples.png()
    at = data.find(b"tEXt")
    assert codes(data[: at + 6] + b"X" + data[at + 7 :]) == ("image_damaged",)
    header = data[8:33]
    assert codes(data[:8] + data[33:]) == ("image_damaged",)
    assert codes(data[:33] + header + data[33:]) == ("image_damaged",)
    bare = data[:33] + data[-12:]
    assert codes(bare) == ("image_damaged",)


@pytest.mark.parametrize("values", [(3, 0), (8, 5), (16, 3)])
def test_png_header_values(values):
    data = samples.png()
    header = struct.pack(">II5B", 3, 2, *values, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    assert codes(data[:8] + chunk + data[33:]) == ("image_damaged",)


def test_jpeg_markers():
    data = samples.jpeg()
    frame = data.find(b"\xff\xc0")
    length = 2 + struct.unpack(">H", data[frame + 2 : frame + 4])[0]
    without = data[:frame] + data[frame + length :]
    assert codes(without) == ("image_damaged",)
    twice = data[:frame] + data[frame : frame + length] * 2 + data[frame + length :]
    assert codes(twice) == ("image_damaged",)
    assert codes(data[:frame] + b"junk" + data[frame:]) == ("image_damaged",)
    assert codes(data[:frame] + b"\xff\xff" + data[frame:]) == ()
    assert codes(b"\xff\xd8\xff\xd9") == ("image_damaged",)


def test_jpeg_marker_cut_by_the_reading_window():
    for padding in range(65_400, 65_700, 1):
        data = samples.jpeg()
        scan = data.rfind(b"\xff\xd9")
        assert codes(data[:scan] + b"\x11" * (padding - 10_000) + data[scan:]) == ()


def test_endless_fill_bytes_are_read_in_one_pass():
    data = samples.jpeg()
    assert codes(data[:-2] + b"\xff" * 1_000_000 + data[-1:]) == ()


def test_phone_pictures_with_declared_previews_and_padding_pass():
    assert codes(samples.jpeg(several=True, tail=samples.jpeg(160, 120))) == ()
    assert codes(samples.jpeg(tail=b"\0" * 100_000)) == ()
    assert codes(samples.jpeg(tail=samples.jpeg(160, 120))) == ("extra_data",)
    assert codes(samples.jpeg(several=True, tail=samples.jpeg(160, 120) + b"x")) == ("extra_data",)
    assert codes(samples.jpeg(several=True, tail=samples.jpeg(60_000, 120))) == ("image_too_large",)
