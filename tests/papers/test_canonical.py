"""Equal values give equal bytes, on any machine; anything that could differ is refused by its path."""

import enum
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.papers.canonical import NotCanonical, canonical_bytes, sha256_hex

texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | texts
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=20)


class Stage(enum.StrEnum):
    DRAFT = "draft"


def test_the_form_itself():
    value = {"乙": [1, True, None], "a": {"z": "é", "b": -3}, "甲": Stage.DRAFT}
    assert canonical_bytes(value) == '{"a":{"b":-3,"z":"é"},"乙":[1,true,null],"甲":"draft"}'.encode()


def test_known_hash():
    assert (
        sha256_hex(canonical_bytes({})) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )


@given(values)
def test_reads_back_equal_and_is_stable(value):
    data = canonical_bytes(value)
    assert json.loads(data) == value
    assert canonical_bytes(json.loads(data)) == data


@given(st.dictionaries(texts, scalars))
def test_order_of_insertion_does_not_matter(value):
    assert canonical_bytes(dict(reversed(value.items()))) == canonical_bytes(value)


def test_strings_are_not_normalised():
    assert canonical_bytes("é") != canonical_bytes("e\u0301")


@pytest.mark.parametrize(
    ("value", "path", "kind"),
    [
        ({"items": [{"area": 1.5}]}, "$.items[0].area", "float"),
        ([Decimal(1)], "$[0]", "Decimal"),
        ({"a": (1, 2)}, "$.a", "tuple"),
        ({1: "a"}, "$", "key of type int"),
        ({"a": "\ud800"}, "$.a", "str with a lone surrogate"),
        (b"x", "$", "bytes"),
        (float("nan"), "$", "float"),
    ],
)
def test_what_has_no_canonical_form_is_named_by_its_path(value, path, kind):
    with pytest.raises(NotCanonical) as caught:
        canonical_bytes(value)
    assert (caught.value.path, caught.value.type) == (path, kind)
    assert path in str(caught.value)


def test_a_value_that_holds_itself_is_refused_not_followed():
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(NotCanonical, match="nesting"):
        canonical_bytes(endless)
