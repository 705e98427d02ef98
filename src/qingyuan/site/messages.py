"""The English of the parts that promise it: every room with pages. Finds what is untranslated, compiles catalogues.

A tool for translators: it needs Babel (extra `dev` or `test`), which the running product does not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

PACKAGE = Path(__file__).resolve().parent.parent
PROMISED = (
    "api",
    "audits",
    "calls",
    "delivery",
    "kernel",
    "people",
    "pilots",
    "registry",
    "review",
    "site",
    "ui",
)
"""Rooms whose templates and Python strings must be there in English; so must the menu entries of all rooms."""
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
LINE_WIDTH = 120


def catalogue_path() -> Path:
    return PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"


def read() -> Catalog:
    from babel.messages.pofile import read_po

    with catalogue_path().open("rb") as handle:
        return read_po(handle, locale="en", abort_invalid=True)


def promised() -> Iterator[tuple[str, int, str | tuple[str, ...], str | None]]:
    """Every message of the promised rooms: file, line, text (or singular and plural), context."""
    pages = [path for room in PROMISED for path in (PACKAGE / room).rglob("*.html")]
    modules = [path for room in PROMISED for path in (PACKAGE / room).rglob("*.py")]
    for path in sorted({*pages, *modules, *PACKAGE.glob("*/navigation.py")}):
        text = path.read_text("utf-8")
        source = templatize(text) if path.suffix == ".html" else text
        for line, message, context in messages_of(source):
            yield str(path.relative_to(PACKAGE)), line, message, context


def messages_of(source: str) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """Messages of Python source, or of a template that Django has turned into such."""
    from babel.messages.extract import extract

    for line, message, _comments, context in extract(
        "python", io.BytesIO(source.encode()), keywords=KEYWORDS
    ):
        yield line, message, context


def problems() -> list[str]:
    """What is missing or does not fit, each with its place."""
    known = read()
    found = []
    for file, line, message, context in promised():
        entry = known.get(message, context)
        words = [message] if isinstance(message, str) else list(message)
        string = (entry.string if entry else "") or ""
        translated = [string] if isinstance(string, str) else list(string)
        if not translated or not all(translated):
            found.append(f"{file}:{line}: not translated: {words[0]!r}")
        elif any(placeholders(one) != placeholders(words[-1]) for one in translated):
            found.append(f"{file}:{line}: other placeholders than the source: {translated[0]!r}")
    return list(dict.fromkeys(found))


def placeholders(message: str) -> list[str]:
    return sorted(set(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", message)))


def add_missing() -> int:
    """Enter every promised message that the catalogue does not have, untranslated; says how many."""
    from babel.messages.pofile import write_po

    catalogue = read()
    before = len(catalogue)
    for file, _line, message, context in promised():
        if catalogue.get(message, context) is None:
            catalogue.add(message, locations=[(file, 1)], context=context)
    if len(catalogue) > before:
        with catalogue_path().open("wb") as handle:
            write_po(handle, catalogue, width=LINE_WIDTH, include_lineno=False, omit_header=False)
    return len(catalogue) - before


def compile_all() -> list[Path]:
    """Write every .mo from its .po; returns the files written."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = []
    for source in sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as handle:
            catalogue = read_po(handle, locale=source.parts[-3], abort_invalid=True)
        target = source.with_suffix(".mo")
        with target.open("wb") as handle:
            write_mo(handle, catalogue)
        written.append(target)
    return written
