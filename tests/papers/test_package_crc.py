"""A member whose hash and CRC are known is packed without a second hash, and a damaged one is still noticed."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zlib

import pytest

from qingyuan.papers.package import Member, MemberChanged, verify_package, write_package

AT = dt.datetime(2022, 6, 20, tzinfo=dt.UTC)
DATA = b"demo" * 300_000


def member(stored: bytes) -> Member:
    return Member(
        name="a.pdf",
        open=lambda: io.BytesIO(stored),
        size=len(DATA),
        sha256=hashlib.sha256(DATA).hexdigest(),
        crc32=zlib.crc32(DATA),
    )


def test_a_sound_member_is_listed_by_its_known_hash():
    target = io.BytesIO()
    sealed = write_package(target, [member(DATA)], manifest_extra={}, at=AT)
    assert sealed.manifest["files"][0]["sha256"] == hashlib.sha256(DATA).hexdigest()
    assert verify_package(target) == []


@pytest.mark.parametrize("place", [0, 1, len(DATA) // 2, len(DATA) - 1])
def test_one_flipped_bit_is_noticed(place):
    damaged = bytearray(DATA)
    damaged[place] ^= 1
    with pytest.raises(MemberChanged, match="CRC-32"):
        write_package(io.BytesIO(), [member(bytes(damaged))], manifest_extra={}, at=AT)
