"""PDF: actions, scripts and hidden files are found in plain, escaped and compressed places."""

from __future__ import annotations

import io
import random
import zlib

import pytest

from qingyuan.kernel.gate import pdf
from qingyuan.kernel.gate.inspect import RefusedContent, inspect
from tests.kernel.gate import samples

DANGERS = [
    (b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", "pdf_javascript"),
    (b"/OpenAction << /S/JavaScript/JS 9 0 R >>", "pdf_javascript"),
    (b"/Names << /JavaScript 9 0 R >>", "pdf_javascript"),
    (b"/AA << /O << /S /Java#53cript /J#53 (a) >> >>", "pdf_javascript"),
    (b"/AA << /O << /S /#4a#61#76#61#53#63#72#69#70#74 >> >>", "pdf_javascript"),
    (b"/A << /S /Launch /F (cmd.exe) >>", "pdf_launch"),
    (b"/A << /S /GoToE >>", "pdf_launch"),
    (b"/A << /S /ImportData >>", "pdf_launch"),
    (b"/Names << /EmbeddedFiles 9 0 R >>", "pdf_embedded"),
    (b"/X << /Type /EmbeddedFile >>", "pdf_embedded"),
    (b"/X << /Type /Filespec /EF << /F 9 0 R >> >>", "pdf_embedded"),
    (b"/X << /Subtype /RichMedia >>", "pdf_media"),
    (b"/X << /S /Rendition >>", "pdf_media"),
    (b"/AcroForm << /XFA [(a) 9 0 R] >>", "pdf_xfa"),
    (b"/AcroForm << /X#46A 9 0 R >>", "pdf_xfa"),
]


def codes(data: bytes) -> tuple[str, ...]:
    try:
        inspect(io.BytesIO(data), name="方案.pdf", allow=frozenset({"pdf"}))
    except RefusedContent as refused:
        return refused.codes
    return ()


@pytest.mark.parametrize(("keys", "code"), DANGERS)
def test_danger_in_the_open_and_in_an_object_stream(keys, code):
    assert codes(samples.pdf(catalog=keys)) == (code,)
    assert codes(samples.pdf(inside=keys)) == (code,)
    assert codes(samples.pdf(catalog=b"/Pad (" + b"x" * (pdf.PIECE - 60) + b") " + keys)) == (code,)


@pytest.mark.parametrize(
    "keys",
    [
        b"/OpenAction [3 0 R /Fit]",
        b"/A << /S /URI /URI (https://www.mee.gov.cn/) >>",
        b"/LaunchPad 1 /JavaScripts 2 /EncryptMetadata true",
        b"/AcroForm << /Fields [] >>",
        b"/Title (a/JSON/b)",
    ],
)
def test_ordinary_neighbours_pass(keys):
    assert codes(samples.pdf(catalog=keys, inside=keys)) == ()


def test_encrypted():
    assert codes(samples.pdf(trailer=b"/Encrypt 9 0 R")) == ("pdf_encrypted",)
    assert codes(samples.pdf(trailer=b"/#45ncrypt<<>>")) == ("pdf_encrypted",)


def test_several_dangers_are_named_at_once():
    found = codes(samples.pdf(catalog=DANGERS[0][0] + DANGERS[5][0]))
    assert set(found) == {"pdf_javascript", "pdf_launch"}


@pytest.mark.parametrize(
    ("keys", "stream"),
    [
        (b"/Filter /ASCII85Decode", b"<~87cURDZ~>"),
        (b"/Filter [/ASCIIHexDecode /FlateDecode]", b"789c"),
        (b"/Filter [/FlateDecode /FlateDecode]", zlib.compress(zlib.compress(b"7 0 <<>>"))),
        (b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>", zlib.compress(b"\x027 0 <<>>")),
        (b"/Filter /ASCIIHexDecode", b"37 20 30 20 3c 3c 2f 41"),
        (b"/Filter [/FlateDecode/ASCIIHexDecode]", zlib.compress(b"37 20 30 20 3c 3c 2f 41")),
        (b"/Filter [/FlateDecode /RL]", zlib.compress(b"17 0 <</Java\x08Script")),
        (b"/Filter 9 0 R", b"17 0 <</Java\x08Script"),
        (b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>", zlib.compress(b"\0007 0 \0 <<>>")),
        (b"/X (1 0 obj) /Filter /RunLengthDecode", b"\x807"),
        (b"/X (stream\n) /Filter /RunLengthDecode", b"\x807"),
        (b"/Filter /FlateDecode", zlib.compress(b"7 0 " + b"ab" * 9000)[:-800] + b"\xff" * 99),
    ],
)
def test_object_stream_that_cannot_be_looked_into(keys, stream):
    assert codes(samples.pdf(stream_keys=keys, stream=stream)) == ("pdf_obscured",)


def test_object_stream_without_its_type_is_still_read():
    data = samples.pdf(inside=DANGERS[0][0]).replace(b"/Type /ObjStm", b"/Type /Other_")
    assert codes(data) == ("pdf_javascript",)
    escaped = samples.pdf(stream_keys=b"/Filter /LZWDecode", stream=b"\x80\x0b").replace(
        b"/ObjStm", b"/Obj#53tm"
    )
    assert codes(escaped) == ("pdf_obscured",)


def test_signature_before_an_object_stream_passes():
    signature = b"/X << /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached >>"
    assert codes(samples.pdf(stream_keys=signature + b"/Filter/FlateDecode")) == ()


def test_uncompressed_object_stream_passes():
    assert codes(samples.pdf(stream_keys=b"", stream=b"7 0 << /A 1 >>")) == ()


def test_bomb_in_an_object_stream(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_INFLATED", 1_000_000)
    assert codes(samples.pdf(stream=zlib.compress(b"7 0 " + b" " * 2_000_000))) == ("archive_bomb",)
    assert codes(samples.pdf(stream=zlib.compress(b"7 0 " + b" " * 900_000))) == ()


def test_endless_number_of_streams(monkeypatch):
    monkeypatch.setattr(pdf, "_MOST_STREAMS", 50)
    assert codes(samples.pdf(catalog=b"stream\n" * 60)) == ("too_complex",)


def test_compressed_noise_raises_no_false_alarm():
    noise = random.Random(4).randbytes(3_000_000) + b"\x00/JS(\x00 \x80/XFA<\x80/EF<<"
    assert codes(samples.pdf(catalog=b">>\nstream\n" + noise + b"\nendstream\n<<")) == ()


def test_frame():
    whole = samples.pdf()
    assert codes(whole[:-20]) == ("pdf_damaged",)
    assert codes(b"junk\n" + whole) == ()
    assert codes(b"\x01" * 2000 + whole) == ("unknown_kind",)
    assert codes(whole + b"\r\n\0\0") == ()
    assert codes(whole + b"tail") == ("extra_data",)
    assert codes(whole + samples.zipped({"a": "b"})) == ("extra_data",)
    hidden = samples.zipped({"a": "b"})[:-2] + b"\6\0%%EOF\n"
    assert codes(whole + hidden) == ("extra_data",)
