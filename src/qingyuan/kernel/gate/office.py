"""Word and Excel packages: what they are, and what in them would run, fetch or hide something."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from xml.parsers import expat

from qingyuan.kernel.gate import relationships as rel
from qingyuan.kernel.gate.archive import PIECE, Archive, Member
from qingyuan.kernel.gate.fields import DDE, MOST_FORMULA, Fields, is_remote, judge_formula
from qingyuan.kernel.gate.kinds import CFB, is_program, magic
from qingyuan.kernel.gate.refusal import Findings, RefusedContent
from qingyuan.kernel.gate.xmlscan import Budget, Rules, local, scan

_SMALL = 4 * 1024 * 1024
_ARCHIVES = {"zip", "rar", "7z", "gz"}
_FOREIGN = {"pdf", "rtf", "mht", "script"}
_MAIN_TYPES = (
    ("wordprocessingml.document.main+xml", "docx"),
    ("spreadsheetml.sheet.main+xml", "xlsx"),
    ("ms-word.document.macroenabled.main+xml", "docm"),
    ("ms-word.template.macroenabledtemplate.main+xml", "docm"),
    ("ms-excel.sheet.macroenabled.main+xml", "xlsm"),
    ("ms-excel.template.macroenabled.main+xml", "xlsm"),
    ("ms-excel.addin.macroenabled.main+xml", "xlsm"),
    ("ms-excel.sheet.binary.macroenabled.main", "xlsb"),
    ("wordprocessingml.template.main+xml", "dotx"),
    ("spreadsheetml.template.main+xml", "xltx"),
    ("presentationml", "pptx"),
)
_BY_PATH = (
    (re.compile(r"(^|/)vba(project|data|projectsignature\w*)\.(bin|xml)$"), "macros", rel.MACROS),
    (re.compile(r"(^|/)(macro|dialog)sheets/"), "macros", rel.MACROS),
    (re.compile(r"(^|/)activex/"), "activex", rel.ACTIVEX),
    (re.compile(r"(^|/)oleobject[^/]*\.bin$"), "ole_object", rel.OLE),
    (re.compile(r"(^|/)embeddings/"), "embedded_file", rel.EMBEDDED),
    (re.compile(r"(^|/)connections\.xml$|(^|/)querytables/"), "connections", rel.CONNECTIONS),
    (
        re.compile(r"(^|/)customui\d*(/|\.xml$)"),
        "custom_ui",
        "文件里带有自定义功能区，可用来触发程序，因此不收。请把内容复制到新文档后另存上传。",
    ),
    (
        re.compile(r"\.piece$"),
        "archive_path",
        "文件里有切成几段的部件，无法检查，因此不收。请用 Office 或 WPS 打开，另存后上传。",
    ),
)
_XML_NAME = re.compile(r"\.(xml|rels|vml|svg|xhtml|html?|opf)$")
_XML_START = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")


def which(archive: Archive) -> str:
    """The key of the kind of a zip: an Office kind, "ofd", "odf", "jar" or plain "zip"."""
    types = archive.find("[Content_Types].xml")
    if types:
        return _office_kind(archive, types)
    if archive.find("OFD.xml"):
        return "ofd"
    if archive.find("META-INF/MANIFEST.MF") or archive.find("AndroidManifest.xml"):
        return "jar"
    if archive.find("mimetype") and archive.find("META-INF/manifest.xml"):
        return "odf"
    return "zip"


def _office_kind(archive: Archive, member: Member) -> str:
    types = _content_types(archive, member, Findings())
    main = _MainPart()
    root = archive.find("_rels/.rels")
    if root:
        scan([archive.read(root, limit=_SMALL)], where=root.name, rules=main, budget=Budget())
    kinds = {key for name in main.targets for mark, key in _MAIN_TYPES if mark in types.of(name)}
    if len(kinds) > 1 or len(main.targets) > 1:
        raise RefusedContent(
            "office_damaged",
            "文件自称有两个主文档，不同软件会读到不同内容，因此不收。请用 Office 或 WPS 打开，另存后重新上传。",
        )
    if kinds and archive.find(next(iter(main.targets))):
        return kinds.pop()
    if kinds or any(mark in kind for mark, _ in _MAIN_TYPES for kind in types.overrides.values()):
        raise RefusedContent(
            "office_damaged",
            "文件像是 Word 或 Excel 文件，但缺少主要部分，可能已损坏，因此不收。请用 Office 或 WPS 打开，另存后重新上传。",
        )
    return "zip"


@dataclass(slots=True)
class _MainPart:
    """Finds the target(s) of the package's officeDocument relationship."""

    targets: set[str] = field(default_factory=set)

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        if local(tag) == "Relationship" and kind.lower() == "officedocument":
            self.targets.add(attributes.get("Target", "").removeprefix("./").lstrip("/"))


def _content_types(archive: Archive, member: Member, findings: Findings) -> rel.ContentTypes:
    types = rel.ContentTypes(findings, {}, {})
    scan([archive.read(member, limit=_SMALL)], where=member.name, rules=types, budget=Budget())
    return types


def check(archive: Archive, kind: str) -> list[str]:
    """Look into every part of a docx or xlsx; raises RefusedContent with all findings, gives warnings."""
    findings = Findings()
    budget = Budget()
    types_member = archive.find("[Content_Types].xml")
    assert types_member
    types = _content_types(archive, types_member, findings)
    with findings.collecting():
        for member in archive.members:
            if not member.is_folder:
                _check_member(archive, member, kind=kind, types=types, findings=findings, budget=budget)
    return findings.conclude()


def _check_member(
    archive: Archive,
    member: Member,
    *,
    kind: str,
    types: rel.ContentTypes,
    findings: Findings,
    budget: Budget,
) -> None:
    for pattern, code, reason in _BY_PATH:
        if pattern.search(member.name.lower()):
            findings.refuse(code, reason, member.name)
            break
    pieces = archive.pieces(member)
    head = next(pieces, b"")
    check_head(head, where=member.name, findings=findings)
    rest = chain([head], pieces)
    if head and is_xml(member.name, types.of(member.name), head):
        rules = _rules_for(member.name, kind=kind, findings=findings)
        scan(rest, where=member.name, rules=rules, budget=budget)
        if isinstance(rules, WordRules):
            rules.fields.finish()
    else:
        drain(rest)


def drain(pieces: Iterator[bytes]) -> None:
    """Unpack to the end for the check sum's sake."""
    for _ in pieces:
        pass


def is_xml(name: str, content_type: str, head: bytes) -> bool:
    """By its name, its declared type or its first bytes: any of them is enough to have it scanned."""
    return bool(
        _XML_NAME.search(name.lower())
        or content_type.endswith(("/xml", "+xml"))
        or _XML_START.match(head[:PIECE])
    )


def check_head(head: bytes, *, where: str, findings: Findings) -> None:
    """Refuse members that are files of their own: archives, programs, compound files, other documents."""
    key = magic(head)
    if is_program(head):
        findings.refuse("program", "文件里夹带了程序，因此不收。请删除夹带的内容后另存上传。", where)
    elif key in _ARCHIVES:
        findings.refuse(
            "archive_nested",
            "文件里夹带了压缩包（或压缩的 EMZ 图片），无法逐层检查，因此不收。请取出单独上传，或把图片改存为 PNG；另存后上传。",
            where,
        )
    elif head.startswith(CFB):
        if "VBA".encode("utf-16-le") in head:
            findings.refuse("macros", rel.MACROS, where)
        else:
            findings.refuse("ole_object", rel.OLE, where)
    elif (
        key in _FOREIGN
        or head.startswith(b"%PDF-")
        or re.match(rb"\s*mime-version:", head[:64], re.IGNORECASE)
    ):
        findings.refuse("embedded_file", rel.EMBEDDED, where)


def _rules_for(name: str, *, kind: str, findings: Findings) -> Rules:
    lower = name.lower()
    if lower.endswith(".rels"):
        return rel.Relationships(name, findings)
    if lower.endswith(".svg"):
        return SvgRules(name, findings)
    if kind == "docx":
        return WordRules(name, findings)
    return SheetRules(name, findings)


_ELEMENTS = {
    "altChunk": ("alt_chunk", rel.ALT_CHUNK),
    "OLEObject": ("ole_object", rel.OLE),
    "oleObject": ("ole_object", rel.OLE),
    "oleLink": ("ole_object", rel.OLE),
    "ddeLink": ("dde", DDE),
    "ocx": ("activex", rel.ACTIVEX),
    "mailMerge": ("mail_merge", rel.MAIL_MERGE),
    "connection": ("connections", rel.CONNECTIONS),
    "DataMashup": ("connections", rel.CONNECTIONS),
    "webVideoPr": (
        "external_relationship",
        "文档里嵌有在线视频，打开时会联网，因此不收。请删除视频，改放普通网址后另存上传。",
    ),
}


_PAINTING = {"imagedata", "fill", "stroke", "image"}


class _Elements:
    """Rules that hold for every XML part of Word and Excel alike."""

    def __init__(self, where: str, findings: Findings) -> None:
        self.where = where
        self.findings = findings

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if name in _ELEMENTS:
            self.findings.refuse(*_ELEMENTS[name], self.where)
        for key, value in attributes.items():
            # VML names its picture in src; href names one too on the elements that paint, a hyperlink elsewhere.
            plain = local(key)
            if (plain == "src" or (plain == "href" and name in _PAINTING)) and is_remote(value):
                self.findings.refuse("remote_image", rel.REMOTE_IMAGE, self.where)


class WordRules(_Elements):
    """A part of a docx: fields besides the common rules."""

    def __init__(self, where: str, findings: Findings) -> None:
        super().__init__(where, findings)
        self.fields = Fields(where, findings)
        self._parser: expat.XMLParserType | None = None
        self._deleted = False

    def attach(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        self.element(name, attributes)
        if name in {"instrText", "delInstrText"}:
            self._deleted = name == "delInstrText"
            self._listen(self._instruction)
        elif name == "t" and self.fields.in_instruction:
            self._deleted = False
            self._listen(self._instruction)
        elif name == "fldSimple":
            self.fields.simple(_attribute(attributes, "instr"))
        elif name == "fldChar":
            self._mark(_attribute(attributes, "fldCharType"))
        elif name == "AlternateContent":
            self.fields.branch += 1
        elif name == "control":
            self.findings.refuse("activex", rel.ACTIVEX, self.where)

    def _mark(self, kind: str) -> None:
        match kind:
            case "begin":
                self.fields.begin()
            case "separate":
                self.fields.separate()
            case "end":
                self.fields.end()

    def _end(self, tag: str) -> None:
        name = local(tag)
        if name in {"instrText", "delInstrText", "t"}:
            self._listen(None)
        elif name == "AlternateContent":
            self.fields.branch -= 1

    def _instruction(self, text: str) -> None:
        self.fields.instruction(text, deleted=self._deleted)

    def _listen(self, handler: Callable[[str], None] | None) -> None:
        assert self._parser
        self._parser.CharacterDataHandler = handler


_FORMULAS = {
    "f",
    "formula",
    "formula1",
    "formula2",
    "definedName",
    "calculatedColumnFormula",
    "totalsRowFormula",
}
_AUTO = re.compile(r"(?:_xlnm\.)?auto_(?:open|close|activate|deactivate)", re.IGNORECASE)


class SheetRules(_Elements):
    """A part of an xlsx. Sheets hold millions of elements, so text is taken of formulas only."""

    def __init__(self, where: str, findings: Findings) -> None:
        super().__init__(where, findings)
        self._parser: expat.XMLParserType | None = None
        self._formula = ""

    def attach(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        # The two elements that make up nearly all of a sheet.
        if tag in {"c", "v"}:
            return
        name = local(tag)
        self.element(name, attributes)
        if name in _FORMULAS:
            self._formula = ""
            assert self._parser
            self._parser.CharacterDataHandler = self._text
            self._parser.EndElementHandler = self._end
            if name == "definedName":
                self._defined_name(attributes)

    def _end(self, _tag: str) -> None:
        assert self._parser
        self._parser.CharacterDataHandler = None
        self._parser.EndElementHandler = None
        judge_formula(self._formula, where=self.where, findings=self.findings)

    def _text(self, text: str) -> None:
        if len(self._formula) <= MOST_FORMULA:
            self._formula += text

    def _defined_name(self, attributes: dict[str, str]) -> None:
        flags = {_attribute(attributes, key).lower() for key in ("xlm", "vbProcedure")}
        if flags & {"1", "true"} or _AUTO.match(_attribute(attributes, "name")):
            self.findings.refuse("macros", rel.MACROS, self.where)


class SvgRules:
    """An SVG picture beside its PNG twin, as Word keeps them: must be a plain drawing."""

    def __init__(self, where: str, findings: Findings) -> None:
        self._where = where
        self._findings = findings

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        active = local(tag).lower() in {"script", "foreignobject", "iframe", "handler"}
        for key, value in attributes.items():
            name, plain = local(key).lower(), "".join(value.split()).lower()
            active = active or name.startswith("on")
            if name == "href" and local(tag).lower() != "a":
                active = active or not plain.startswith(("#", "data:image/"))
            active = active or "javascript:" in plain or "url(" in plain.replace("url(#", "")
        if active:
            self._findings.refuse(
                "svg_active",
                "文件里的 SVG 图形带有脚本或外部引用，因此不收。请把它另存为 PNG 后重新插入。",
                self._where,
            )


def _attribute(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if local(key) == name), "")
