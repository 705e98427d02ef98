"""Zip containers: every byte accounted for, bounds kept while unpacking."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from qingyuan.kernel.gate import archive
from qingyuan.kernel.gate.inspect import RefusedContent, inspect
from tests.kernel.gate import samples

ALLOW = frozenset({"docx", "xlsx", "ofd"})
DOCX = samples.docx()
ZEROS = b"\0" * (2 * 1024 * 1024)


def codes(data: bytes) -> tuple[str, ...]:
    try:
        inspect(io.BytesIO(data), name="", allow=ALLOW)
    except RefusedContent as refused:
        return refused.codes
    return ()


def edited(data: bytes, old: bytes, new: bytes, count: int = -1) -> bytes:
    assert old in data
    return data.replace(old, new, count)


def test_stored_deflated_and_streamed_packages_pass():
    parts = samples.parts_of(DOCX)
    assert codes(samples.zipped(parts, method=zipfile.ZIP_STORED)) == ()

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise io.UnsupportedOperation

        def tell(self):
            raise io.UnsupportedOperation

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    assert b"PK\x07\x08" in pipe.getvalue()
    assert codes(pipe.getvalue()) == ()


def test_reserved_64_bit_field_with_ordinary_sizes_passes():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in samples.parts_of(DOCX).items():
            with package.open(name, "w", force_zip64=True) as member:
                member.write(content)
    assert codes(stream.getvalue()) == ()


def test_folder_entries_pass():
    parts = {"word/": b"", **samples.parts_of(DOCX)}
    assert codes(samples.zipped(parts)) == ()


def test_bomb_is_refused_by_ratio():
    assert codes(samples.put(DOCX, {"word/media/blank.bin": ZEROS})) == ("archive_bomb",)


def test_neighbour_below_the_ratio_passes():
    noise = random.Random(3).randbytes(30_000)
    assert codes(samples.put(DOCX, {"word/media/blank.bin": noise + ZEROS})) == ()
    assert codes(samples.put(DOCX, {"word/media/small.bin": b"\0" * 900_000})) == ()


def test_bomb_that_lies_about_its_size_is_stopped_while_unpacking():
    data = samples.put(DOCX, {"word/media/blank.bin": ZEROS})
    lying = edited(data, struct.pack("<L", len(ZEROS)), struct.pack("<L", 1000))
    assert codes(lying) == ("archive_bomb",)


def test_total_is_bounded(monkeypatch):
    monkeypatch.setattr(archive, "MOST_UNPACKED", 100_000)
    assert codes(samples.put(DOCX, {"word/media/blank.bin": b"\0" * 90_000})) == ("archive_bomb",)


def test_memory_stays_flat_while_unpacking():
    noise = random.Random(1).randbytes(30_000)
    part = b"".join(noise[at % 777 :] for at in range(800))
    data = samples.put(DOCX, {"word/media/large.bin": part})
    tracemalloc.start()
    codes(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 1024 * 1024 < len(part)


def test_too_many_entries():
    parts = {f"word/media/{number}.txt": b"" for number in range(5_001)}
    assert codes(samples.put(DOCX, parts)) == ("archive_too_many",)


@pytest.mark.parametrize(
    "name",
    ["../evil.xml", "/etc/passwd", "C:/evil.xml", "word/../../evil.xml", "word\\evil.xml", "a/./b", "a//b",
     "word/%2e%2e/evil.xml", "a\u202eb.xml"],
)  # fmt: skip
def test_names_that_leave_the_package(name):
    info = zipfile.ZipInfo("x")
    info.filename = name
    entries = [*samples.parts_of(DOCX).items(), (info, b"x")]
    assert codes(samples.raw_zip(entries)) == ("archive_path",)


@pytest.mark.parametrize("name", ["word/document.xml", "word/Document.XML", "word/%64ocument.xml"])
def test_two_entries_of_one_name(name):
    assert codes(samples.raw_zip([*samples.parts_of(DOCX).items(), (name, b"<a/>")])) == (
        "archive_duplicate",
    )


def test_symbolic_link():
    link = zipfile.ZipInfo("word/link")
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    assert codes(samples.raw_zip([*samples.parts_of(DOCX).items(), (link, b"/etc/passwd")])) == (
        "archive_link",
    )


def test_encrypted_entry():
    data = bytearray(DOCX)
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    assert codes(bytes(data)) == ("archive_encrypted",)


def test_uncommon_compression():
    parts = samples.parts_of(DOCX)
    assert codes(samples.zipped(parts, method=zipfile.ZIP_LZMA)) == ("archive_method",)


def test_overlapping_entries():
    data = samples.raw_zip([("a.bin", b"a" * 500), ("b.bin", b"b" * 500)])
    second = data.rfind(b"PK\x01\x02")
    first_of_file = struct.pack("<L", 0)
    quoted = data[: second + 42] + first_of_file + data[second + 46 :]
    assert codes(quoted)[0] in {"archive_overlap", "archive_damaged"}
    # Both entries claim the same local header under the same name length: overlap in earnest.
    directory = data.find(b"PK\x01\x02")
    length = second - directory
    twin = bytearray(data[:second] + data[directory : directory + length] + data[second + length :])
    twin[second + 46 : second + 51] = b"c.bin"
    assert codes(bytes(twin))[0] in {"archive_overlap", "archive_damaged"}


def test_quoted_overlap_where_one_entry_covers_another():
    inner = samples.raw_zip([("b.bin", b"b")])
    local = inner[: inner.find(b"PK\x01\x02")]
    data = samples.zipped({"a.bin": local, "b.bin": b"b"}, method=zipfile.ZIP_STORED)
    quoted = data.find(local)
    central = data.rfind(b"PK\x01\x02")
    tampered = data[: central + 42] + struct.pack("<L", quoted) + data[central + 46 :]
    assert codes(tampered) == ("archive_overlap",)


def test_64_bit_structures():
    end = DOCX.rfind(b"PK\x05\x06")
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, 0, 1)
    assert codes(DOCX[:end] + locator + DOCX[end:]) == ("archive_zip64",)


def test_data_behind_before_and_between():
    assert codes(DOCX + b"tail") == ("extra_data",)
    end = DOCX.rfind(b"PK\x05\x06")
    assert codes(DOCX[: end + 20] + b"\4\0note") == ("extra_data",)
    assert codes(DOCX[:end] + b"gap" + DOCX[end:]) == ("extra_data",)
    start = DOCX.find(b"PK\x01\x02")
    shifted = DOCX[:start] + b"gap!" + DOCX[start:end] + DOCX[end : end + 16]
    shifted += struct.pack("<L", start + 4) + DOCX[end + 20 :]
    assert codes(shifted) == ("extra_data",)


def test_program_in_front_of_a_package_is_a_program():
    assert codes(samples.program() + DOCX) == ("program",)


def test_truncated_and_corrupted():
    assert codes(DOCX[:-30]) == ("archive_damaged",)
    assert codes(DOCX[: len(DOCX) // 2]) == ("archive_damaged",)
    at = DOCX.find(b"word/document.xml") + 60
    flipped = bytearray(DOCX)
    flipped[at] ^= 0xFF
    assert codes(bytes(flipped))[0] in {"archive_damaged", "xml_malformed"}


def test_deflate_stream_that_ends_before_its_data_does():
    part = b"<a>" + random.Random(5).randbytes(60_000).hex().encode() + b"</a>"
    for size in (1_000, 100_000):
        deflater = zlib.compressobj(wbits=-15)
        short = deflater.compress(part[:size]) + deflater.flush()
        data = samples.zipped({**samples.parts_of(DOCX), "word/media/a.bin": part})
        at = data.rfind(b"word/media/a.bin", 0, data.find(b"PK\x01\x02")) + 16
        assert codes(data[:at] + short + data[at + len(short) :])[0] == "archive_damaged"


def test_wrong_check_sum():
    plain = samples.zipped(samples.parts_of(DOCX), method=zipfile.ZIP_STORED)
    at = plain.find(b"<w:body>")
    assert codes(plain[:at] + b"<w:bodY>" + plain[at + 8 :])[0] in {"archive_damaged", "xml_malformed"}
    media = plain.find(b"IDAT")
    assert codes(plain[:media] + b"IDAX" + plain[media + 4 :]) == ("archive_damaged",)


def test_local_header_that_contradicts_the_directory():
    at = DOCX.find(b"word/document.xml")
    assert codes(DOCX[:at] + b"word/xocument.xml" + DOCX[at + 17 :]) == ("archive_damaged",)


@pytest.mark.parametrize(
    "content",
    [samples.zipped({"a": "b"}), b"Rar!\x1a\x07\x00aaaa", b"7z\xbc\xaf\x27\x1c....", b"\x1f\x8b\x08\0.."],
)
def test_archive_inside_a_document(content):
    assert codes(samples.put(DOCX, {"word/media/image9.png": content})) == ("archive_nested",)
    assert codes(samples.put(samples.ofd(), {"Doc_0/Res/a.dat": content})) == ("archive_nested",)


def test_program_inside_a_document():
    assert codes(samples.put(DOCX, {"word/media/image9.png": samples.program()})) == ("program",)
    # Two chance bytes do not make a program.
    assert codes(samples.put(DOCX, {"word/fonts/font1.odttf": b"MZ" + b"\x11" * 300})) == ()


def test_ofd_with_outside_place_or_wrong_root():
    assert codes(samples.ofd("https://evil.example/Document.xml")) == ("external_relationship",)
    assert codes(samples.put(samples.ofd(), {"OFD.xml": "<other/>"})) == ("office_damaged",)
    assert codes(samples.put(samples.ofd(), {"OFD.xml": "<!DOCTYPE a><OFD/>"})) == ("xml_dtd",)
