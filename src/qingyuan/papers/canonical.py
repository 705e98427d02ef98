"""Canonical JSON: one value, one sequence of bytes, so that a hash of it means something.

UTF-8, keys sorted by code point, no spaces, strings exactly as given (no normalisation). Allowed are
str, int, bool, None, list and dict with str keys. Floats are refused because their text differs between
languages and versions: state a quantity as an int of its smallest unit or as a str.
"""

from __future__ import annotations

import hashlib
import json

DEEPEST = 200


class NotCanonical(TypeError):  # noqa: N818 - named for what is wrong, like the house's other refusals
    """The value at `path` (like `$.items[3].area`) is of a kind that has no canonical form."""

    def __init__(self, path: str, kind: str) -> None:
        super().__init__(f"{path}: {kind} has no canonical JSON form; use str, int, bool, None, list or dict")
        self.path = path
        self.type = kind


_PLAIN = {str, int, bool, type(None)}


def _has_form(value: object, depth: int) -> bool:
    """Whether a value has a canonical form, lone surrogates aside; where it has none, `_check` says why."""
    if value is None or isinstance(value, str | int):
        return True
    if depth >= DEEPEST:
        return False
    if isinstance(value, list):
        return _PLAIN.issuperset(map(type, value)) or all(_has_form(item, depth + 1) for item in value)
    return isinstance(value, dict) and all(
        isinstance(key, str) and _has_form(item, depth + 1) for key, item in value.items()
    )


def _check(value: object, path: str, depth: int) -> None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise NotCanonical(path, "str with a lone surrogate") from None
    elif value is None or isinstance(value, int):
        return
    elif depth >= DEEPEST:
        raise NotCanonical(path, f"nesting deeper than {DEEPEST}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check(item, f"{path}[{index}]", depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(path, f"key of type {type(key).__name__}")
            _check(key, f"{path} (key {key!r})", depth + 1)
            _check(item, f"{path}.{key}", depth + 1)
    else:
        raise NotCanonical(path, type(value).__name__)


def canonical_bytes(value: object) -> bytes:
    """The canonical JSON of `value`; raises NotCanonical naming the first offending path."""
    if not _has_form(value, 0):
        _check(value, "$", 0)
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    try:
        return text.encode()
    except UnicodeEncodeError:
        _check(value, "$", 0)
        raise


def sha256_hex(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()
