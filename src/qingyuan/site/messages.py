"""The English of the parts that promise it: public pages and the shell. Finds what is untranslated, compiles catalogues.

Reads `.po` and writes `.mo` itself (both are small formats), so that neither gettext's tools nor Babel are needed to
work on a translation; hatch_build.py compiles the same files with Babel when a wheel is made.
"""

from __future__ import annotations

import ast
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.translation.template import block_re, endblock_re, inline_re, plural_re

PACKAGE = Path(__file__).resolve().parent.parent
PROMISED = ("ui", "site")
"""Rooms whose templates and Python strings must be there in English; so must the menu entries of all rooms."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_TRANSLATING = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy", "ngettext"}
_WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
_BLOCK_VARIABLE = re.compile(r"{{\s*([\w.|]+)\s*}}")
_UNDERSCORE = re.compile(r"""_\((?P<quote>["'])(?P<text>.*?)(?P=quote)\)""")


def problems() -> list[str]:
    """What is missing or does not fit, each with its place."""
    known = read_catalogue(catalogue_path())
    found = []
    for place, message in promised():
        translated = known.get(message, "")
        if not translated:
            found.append(f"{place}: not translated: {message!r}")
        elif placeholders(message) != placeholders(translated):
            found.append(f"{place}: other placeholders than the source: {translated!r}")
    return list(dict.fromkeys(found))


def add_missing() -> int:
    """Append an empty entry for every promised message that the catalogue does not have; says how many."""
    known = read_catalogue(catalogue_path())
    missing: dict[str, str] = {}
    for place, message in promised():
        if message not in known:
            missing.setdefault(message, place.rpartition(":")[0])
    with catalogue_path().open("a", encoding="utf-8", newline="\n") as handle:
        for message, place in missing.items():
            handle.write(f'\n#: {place}\nmsgid {_quoted(message)}\nmsgstr ""\n')
    return len(missing)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def catalogue_path() -> Path:
    return PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"


def promised() -> Iterator[tuple[str, str]]:
    """Every message of the promised rooms as (file:line, text)."""
    pages = [path for room in PROMISED for path in (PACKAGE / room).rglob("*.html")]
    for path in sorted(pages):
        for line, message in of_template(path.read_text("utf-8")):
            yield f"{path.relative_to(PACKAGE)}:{line}", message
    modules = [path for room in PROMISED for path in (PACKAGE / room).rglob("*.py")]
    modules += PACKAGE.glob("*/navigation.py")
    for path in sorted(set(modules)):
        for line, message in of_python(path.read_text("utf-8")):
            yield f"{path.relative_to(PACKAGE)}:{line}", message


def of_template(text: str) -> Iterator[tuple[int, str]]:
    """Messages of {% translate %}, {% blocktranslate %} and _("…") in tags."""
    block: list[str] | None = None
    for token in Lexer(text).tokenize():
        content, line = token.contents, token.lineno or 0
        if block is not None:
            if token.token_type == TokenType.BLOCK and (
                endblock_re.match(content) or plural_re.match(content)
            ):
                yield line, " ".join("".join(block).split())
                block = [] if plural_re.match(content) else None
            elif token.token_type == TokenType.VAR:
                block.append(f"%({content.split('|')[0].strip()})s")
            else:
                block.append(content)
        elif token.token_type == TokenType.BLOCK:
            if block_re.match(content):
                block = []
            elif (inline := inline_re.match(content)) is not None:
                yield line, inline[1].strip("\"'")
            else:
                yield from ((line, found["text"]) for found in _UNDERSCORE.finditer(content))
        elif token.token_type == TokenType.VAR:
            yield from ((line, found["text"]) for found in _UNDERSCORE.finditer(content))


def of_python(text: str) -> Iterator[tuple[int, str]]:
    """Literal messages of gettext calls."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _TRANSLATING:
            continue
        at = 1 if name in _WITH_CONTEXT else 0
        literal = node.args[at] if len(node.args) > at else None
        if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
            yield node.lineno, literal.value


def placeholders(message: str) -> list[str]:
    return sorted(set(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", message)))


def read_catalogue(path: Path) -> dict[str, str]:
    """Source text -> translation of a .po file; plural forms count by their first, contexts are left aside."""
    return {key.split("\x04")[-1].split("\x00")[0]: value.split("\x00")[0] for key, value in _entries(path)}


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    """Entries as the .mo wants them: context EOT id [NUL plural], texts joined by NUL."""
    if not path.is_file():
        return
    entry: dict[str, str] = {}
    keyword = ""
    for raw in [*path.read_text("utf-8").splitlines(), ""]:
        line = raw.strip()
        if not line or line.startswith("#"):
            if "msgid" in entry:
                yield _joined(entry)
            entry, keyword = {}, ""
        elif line.startswith('"'):
            entry[keyword] += ast.literal_eval(line)
        else:
            keyword, _space, literal = line.partition(" ")
            entry[keyword] = ast.literal_eval(literal)


def _joined(entry: dict[str, str]) -> tuple[str, str]:
    key = entry["msgid"]
    if "msgctxt" in entry:
        key = f"{entry['msgctxt']}\x04{key}"
    if "msgid_plural" not in entry:
        return key, entry.get("msgstr", "")
    texts = [entry[name] for name in sorted(entry) if name.startswith("msgstr[")]
    return f"{key}\x00{entry['msgid_plural']}", "\x00".join(texts)


def compile_all() -> list[Path]:
    """Write every .mo from its .po; returns the files written."""
    written = []
    for source in sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        target.write_bytes(mo_bytes(dict(_entries(source))))
        written.append(target)
    return written


def mo_bytes(messages: dict[str, str]) -> bytes:
    """GNU .mo: a header, two tables of (length, offset), and the texts; untranslated entries are left out."""
    pairs = sorted((key.encode(), text.encode()) for key, text in messages.items() if text.strip("\x00"))
    head, count = 7 * 4, len(pairs)
    keys, texts, tables = b"", b"", []
    for key, text in pairs:
        tables.append((len(key), len(keys), len(text), len(texts)))
        keys += key + b"\x00"
        texts += text + b"\x00"
    start = head + 16 * count
    ids = b"".join(struct.pack("<II", size, start + at) for size, at, _length, _place in tables)
    strings = b"".join(struct.pack("<II", size, start + len(keys) + at) for _size, _at, size, at in tables)
    header = struct.pack("<IIIIIII", 0x950412DE, 0, count, head, head + 8 * count, 0, start)
    return header + ids + strings + keys + texts
