"""File names that are safe to show, store and put in a zip on every system."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
# Most Linux file systems take 255 bytes; a name of 120 Chinese characters would take 360.
LONGEST_BYTES = 240
_LONGEST_EXTENSION = 16
_UNNAMED = "未命名"
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def extension(name: str) -> str:
    """The extension in lower case without its dot; "" if there is none."""
    stem, dot, last = clean_name(name).rpartition(".")
    return last.lower() if dot and stem else ""


def clean_name(name: str) -> str:
    """The base name of `name`, made harmless: never empty, at most 120 characters (and 240 bytes).

    Drops folders, control, format (bidirectional, zero-width) and private characters, leading and trailing
    dots and spaces; replaces what Windows forbids; marks its reserved names; keeps the extension when cut.
    """
    visible = "".join(mark for mark in name if unicodedata.category(mark) not in _DROPPED)
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", visible))[-1]
    base = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", base))
    stem, dot, last = base.rpartition(".")
    last = last.strip()
    if not dot or not last or len(last) > _LONGEST_EXTENSION or not last.isalnum():
        stem, last = base, ""
    stem = stem.strip(" .") or _UNNAMED
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    tail = f".{last}" if last else ""
    while len(stem) + len(tail) > LONGEST or len((stem + tail).encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return (stem.rstrip(" .") or _UNNAMED) + tail
