"""OFD (GB/T 33190) packages: well-formed, nothing foreign inside, nothing fetched from outside."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from xml.parsers import expat

from qingyuan.kernel.gate.archive import Archive
from qingyuan.kernel.gate.fields import is_remote
from qingyuan.kernel.gate.office import check_head, drain, is_xml
from qingyuan.kernel.gate.refusal import Findings, RefusedContent
from qingyuan.kernel.gate.xmlscan import Budget, local, scan

_PLACES = {"MediaFile", "FontFile", "FileLoc", "DocRoot", "PageRes", "PublicRes", "DocumentRes"}
_LONGEST_PLACE = 4096


def check(archive: Archive) -> list[str]:
    """Look into every part; raises RefusedContent with all findings, gives warnings."""
    findings = Findings()
    budget = Budget()
    with findings.collecting():
        for member in archive.members:
            if member.is_folder:
                continue
            pieces = archive.pieces(member)
            head = next(pieces, b"")
            check_head(head, where=member.name, findings=findings)
            rest = chain([head], pieces)
            if head and is_xml(member.name, "", head):
                rules = _Places(member.name, findings, wants_root=member.name.casefold() == "ofd.xml")
                scan(rest, where=member.name, rules=rules, budget=budget)
            else:
                drain(rest)
    return findings.conclude()


@dataclass(slots=True)
class _Places:
    """Rules for one part: the root of OFD.xml, and that no place lies outside the package."""

    where: str
    findings: Findings
    wants_root: bool
    _parser: expat.XMLParserType | None = None
    _place: str = ""

    def attach(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if self.wants_root and name != "OFD":
            raise RefusedContent(
                "office_damaged",
                "文件像是 OFD，但 OFD.xml 的根元素不对，可能已损坏，因此不收。请用 OFD 阅读器打开，另存后重新上传。",
            )
        self.wants_root = False
        self._judge(attributes.get("BaseLoc", ""))
        if name in _PLACES and self._parser:
            self._place = ""
            self._parser.CharacterDataHandler = self._text
            self._parser.EndElementHandler = self._end

    def _text(self, text: str) -> None:
        if len(self._place) < _LONGEST_PLACE:
            self._place += text

    def _end(self, _tag: str) -> None:
        assert self._parser
        self._parser.CharacterDataHandler = None
        self._parser.EndElementHandler = None
        self._judge(self._place.strip())

    def _judge(self, place: str) -> None:
        if is_remote(place):
            self.findings.refuse(
                "external_relationship",
                "OFD 文档引用了文件之外的内容，打开时会读取外部地址，因此不收。请用 OFD 阅读器重新打印或导出后上传。",
                self.where,
            )
