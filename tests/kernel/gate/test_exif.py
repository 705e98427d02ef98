"""Time and place of a photo as its camera wrote them; stripped on wish; odd files say nothing and break nothing."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.kernel.gate import exif
from qingyuan.kernel.gate.inspect import inspect
from tests.kernel.gate.samples import jpeg, png
from tests.visit_maker import exif_block, photo_file


@pytest.mark.parametrize("order", ["<", ">"])
def test_time_and_place_of_a_phone(order):
    found = exif.read(photo_file(order=order))
    assert found.taken_at == datetime(2022, 7, 6, 1, 15, 30, tzinfo=UTC)
    assert (found.latitude, found.longitude) == (Decimal("34.619700"), Decimal("112.454000"))


def test_a_png_can_say_it_too():
    import struct
    import zlib

    block = exif_block()
    chunk = struct.pack(">I", len(block)) + b"eXIf" + block
    chunk += struct.pack(">I", zlib.crc32(b"eXIf" + block))
    picture = png(extra=chunk)
    assert exif.read(picture).latitude == Decimal("34.619700")
    bare = exif.strip(picture)
    assert exif.read(bare) == exif.Facts()
    assert inspect(io.BytesIO(bare), name="a.png", allow=frozenset({"png"})).kind == "png"


def test_stripped_the_picture_stays_a_picture_and_says_nothing():
    bare = exif.strip(photo_file())
    assert exif.read(bare) == exif.Facts()
    assert b"2022:07:06" not in bare
    assert inspect(io.BytesIO(bare), name="a.jpg", allow=frozenset({"jpg"})).kind == "jpg"
    assert bare.endswith(jpeg()[-40:])


def test_a_picture_without_exif_says_nothing():
    assert exif.read(jpeg()) == exif.Facts()
    assert exif.read(png()) == exif.Facts()


@given(st.integers(0, 220), st.binary(min_size=1, max_size=8))
def test_damaged_exif_says_nothing_wrong_and_never_fails(place, junk):
    block = bytearray(photo_file())
    at = 12 + place
    block[at : at + len(junk)] = junk
    found = exif.read(bytes(block))
    assert found.latitude is None or abs(found.latitude) <= 90
    exif.strip(bytes(block))


@given(st.binary(max_size=300))
def test_anything_can_be_read(data):
    exif.read(data)
    exif.read(b"\xff\xd8" + data)
    exif.strip(b"\xff\xd8" + data)
