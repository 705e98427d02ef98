"""The parts of somebody's Word file: styles by name, numbering, footnotes, pictures. Reads; decides nothing."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", MAIN.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _RELATION.encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)
LARGEST_PART = 64 * 1024 * 1024
LARGEST_PICTURE = 32 * 1024 * 1024
DEEPEST_STYLE = 20
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])(?:\s*(?:char|字符))?")
_CHINESE_HEADING = re.compile(r"([一二三四五])级标题")
NO_LEVEL = 9


class Unreadable(ValueError):  # noqa: N818 (an answer to the person, not a malfunction)
    """The file is no Word document that can be read; the sentence says why and how to mend it."""


def w(name: str) -> str:
    return f"{{{MAIN}}}{name}"


VAL = w("val")


def value_of(parent: etree._Element | None, name: str) -> str | None:
    """The w:val of a child; "" where the child has none, None where there is no child."""
    child = None if parent is None else parent.find(w(name))
    return None if child is None else child.get(VAL, "")


def is_on(properties: etree._Element | None, name: str) -> bool:
    value = value_of(properties, name)
    return value is not None and value.lower() not in {"0", "false", "off", "none"}


@dataclass(slots=True)
class Style:
    """A style; `level` is the outline level from 1, 0 for body text, None where it says nothing."""

    name: str
    based_on: str
    level: int | None
    number: tuple[str | None, str | None]
    marks: frozenset[str]


@dataclass(slots=True)
class Package:
    """The opened parts."""

    archive: zipfile.ZipFile
    body: etree._Element
    folder: str
    relations: dict[str, tuple[str, str]]
    styles: dict[str, Style] = field(default_factory=dict)
    default_style: str = ""
    formats: dict[tuple[str, int], str] = field(default_factory=dict)
    notes: dict[tuple[str, str], etree._Element] = field(default_factory=dict)
    paired: set[str] = field(default_factory=set)

    def level_of(self, style: str) -> int:
        """Outline level of a style from 1, or 0."""
        for found in self.chain(style):
            if named := level_by_name(found.name):
                return named
            if found.level is not None:
                return found.level
        return 0

    def chain(self, style: str) -> list[Style]:
        found: list[Style] = []
        while style in self.styles and len(found) < DEEPEST_STYLE:
            found.append(self.styles[style])
            style = found[-1].based_on
        return found

    def name_of(self, style: str) -> str:
        return self.styles[style].name if style in self.styles else style.lower()

    def picture(self, relation: str) -> bytes | None:
        kind, target = self.relations.get(relation, ("", ""))
        if kind != "image":
            return None
        try:
            info = self.archive.getinfo(target)
            return self.archive.read(info) if info.file_size <= LARGEST_PICTURE else None
        except (KeyError, zipfile.BadZipFile, zlib.error, OSError):
            return None


def level_by_name(name: str) -> int:
    if found := _HEADING.fullmatch(name):
        return int(found[1])
    if found := _CHINESE_HEADING.search(name):
        return "一二三四五".index(found[1]) + 1
    return 0


def open_package(file: IO[bytes]) -> Package:
    """Open a Word file; raises Unreadable."""
    try:
        archive = zipfile.ZipFile(file)
        main = _main_part(archive)
        root = _xml(archive, main)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, zlib.error, OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(
            "文件已损坏或不是 Word 文档（.docx），请用 Word 或 WPS 打开后另存为 .docx，再上传"
        ) from error
    body = None if root is None else root.find(w("body"))
    if body is None:
        raise Unreadable("文件里没有正文，请用 Word 或 WPS 打开后另存为 .docx，再上传")
    folder = posixpath.dirname(main)
    package = Package(archive, body, folder, _relations(archive, main))
    for kind, read in (("styles", _read_styles), ("numbering", _read_numbering)):
        if (part := _related(package, kind)) is not None:
            read(package, part)
    for kind in ("footnotes", "endnotes"):
        if (part := _related(package, kind)) is not None:
            for note in part:
                package.notes[kind, note.get(w("id"), "")] = note
    ends = {mark.get(w("id")) for mark in body.iter(w("bookmarkEnd"))}
    package.paired = {
        mark.get(w("id"), "") for mark in body.iter(w("bookmarkStart")) if mark.get(w("id")) in ends
    }
    return package


def _main_part(archive: zipfile.ZipFile) -> str:
    for kind, target in _relations(archive, "").values():
        if kind == "officeDocument":
            return target
    return "word/document.xml"


def _xml(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    info = archive.getinfo(name)
    if info.file_size > LARGEST_PART:
        raise Unreadable(f"文件的 {name} 过大，请删去多余内容后另存，再上传")
    data = archive.read(info)
    if b"purl.oclc.org" in data[:4000]:
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive.NameToInfo:
        return {}
    root = _xml(archive, path)
    found = {}
    for relation in () if root is None else root.iter(f"{{{_PACKAGE}}}Relationship"):
        target = relation.get("Target", "")
        if relation.get("TargetMode") != "External":
            target = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
        found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], target)
    return found


def _related(package: Package, kind: str) -> etree._Element | None:
    target = next((target for found, target in package.relations.values() if found == kind), "")
    try:
        return _xml(package.archive, target)
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error):
        return None


def _read_styles(package: Package, root: etree._Element) -> None:
    for element in root.iter(w("style")):
        identity = element.get(w("styleId"), "")
        properties = element.find(w("pPr"))
        outline = value_of(properties, "outlineLvl")
        level = None
        if outline is not None and outline.isdecimal():
            level = 0 if int(outline) >= NO_LEVEL else int(outline) + 1
        is_character = element.get(w("type")) == "character"
        package.styles[identity] = Style(
            name=" ".join((value_of(element, "name") or "").lower().split()),
            based_on=value_of(element, "basedOn") or "",
            level=level,
            number=number_of(properties),
            marks=marks_of(element.find(w("rPr"))) if is_character else frozenset(),
        )
        if element.get(w("default")) in {"1", "true"} and element.get(w("type")) == "paragraph":
            package.default_style = identity


def number_of(properties: etree._Element | None) -> tuple[str | None, str | None]:
    """List and level that paragraph properties name."""
    numbering = None if properties is None else properties.find(w("numPr"))
    return value_of(numbering, "numId"), value_of(numbering, "ilvl")


def marks_of(properties: etree._Element | None) -> frozenset[str]:
    """The inline tags that run properties ask for."""
    if properties is None or not len(properties):
        return frozenset()
    found = {
        tag
        for tag, name in (("strong", "b"), ("em", "i"), ("u", "u"), ("s", "strike"), ("s", "dstrike"))
        if is_on(properties, name)
    }
    match value_of(properties, "vertAlign"):
        case "subscript":
            found.add("sub")
        case "superscript":
            found.add("sup")
    return frozenset(found)


def _read_numbering(package: Package, root: etree._Element) -> None:
    abstract: dict[str, dict[int, str]] = {}
    for element in root.iter(w("abstractNum")):
        abstract[element.get(w("abstractNumId"), "")] = _levels(element)
    for element in root.iter(w("num")):
        number = element.get(w("numId"), "")
        levels = dict(abstract.get(value_of(element, "abstractNumId") or "", {}))
        for override in element.iter(w("lvlOverride")):
            levels |= _levels(override)
        for level, form in levels.items():
            package.formats[number, level] = form


def _levels(element: etree._Element) -> dict[int, str]:
    found = {}
    for level in element.iter(w("lvl")):
        number = level.get(w("ilvl"), "0")
        if number.isdecimal():
            found[int(number)] = value_of(level, "numFmt") or "decimal"
    return found
