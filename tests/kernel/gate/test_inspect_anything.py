"""Whatever the bytes, the gate passes or refuses with a sentence: it never breaks."""

from __future__ import annotations

import io
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingyuan.kernel.gate.inspect import CODES, RefusedContent, inspect
from qingyuan.kernel.gate.kinds import ACCEPTED, HEAD
from tests.kernel.gate import samples

ALL = frozenset(ACCEPTED)
HONEST = [
    samples.docx(),
    samples.zipped(samples.parts_of(samples.docx()), method=0),
    samples.xlsx(),
    samples.zipped(samples.parts_of(samples.xlsx()), method=0),
    samples.pdf(),
    samples.ofd(),
    samples.png(),
    samples.jpeg(several=True, tail=samples.jpeg(9, 9)),
    samples.geojson(),
    samples.compound("WordDocument"),
]
MAGICS = [data[:12] for data in HONEST] + [
    b"%PDF-1.7\n%%EOF",
    b"PK\x05\x06" + b"\0" * 18,
    b"<?xml ",
    b"{",
    b"MZ",
]
quick = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def look(data: bytes) -> bool:
    """Whether it passes; whatever is refused has a known code and a whole sentence."""
    refused = None
    try:
        inspect(io.BytesIO(data), name="a", allow=ALL)
    except RefusedContent as error:
        refused = error
    assert refused is None or (refused.code in CODES and refused.reason.endswith(("。", "）")))
    return refused is None


@quick
@given(st.sampled_from([b"", *MAGICS]), st.binary(max_size=2 * HEAD))
def test_random_bytes(start, rest):
    look(start + rest)


@quick
@given(st.sampled_from(HONEST), st.data())
def test_truncated(whole, data):
    cut = data.draw(st.integers(0, len(whole) - 1))
    if whole[:1] != b"{" and whole[cut:].strip():
        assert not look(whole[:cut])


@quick
@given(st.sampled_from(HONEST), st.data())
def test_changed_bytes(whole, data):
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    look(bytes(changed))


@quick
@given(st.sampled_from(HONEST), st.sampled_from(HONEST), st.data())
def test_spliced(one, other, data):
    look(one[: data.draw(st.integers(0, len(one)))] + other[data.draw(st.integers(0, len(other))) :])


@quick
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "features", "geometry", "coordinates", "properties", "crs"]), inner | st.sampled_from(["FeatureCollection", "Feature", "Polygon", "GeometryCollection"]), max_size=5)))  # fmt: skip
def test_any_json(value):
    look(json.dumps(value).encode())
