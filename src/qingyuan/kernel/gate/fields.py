"""Word's field instructions and Excel's formulas as text: which of them reach outside the file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from qingyuan.kernel.gate.refusal import Findings

_MOST_INSTRUCTION = 8 * 1024
MOST_FORMULA = 64 * 1024

_KEYWORD = re.compile(r"[\s\"'“”]*([A-Za-z]+)")
_REMOTE = re.compile(
    r"(?:^|[\s\"'“”=(])(?:(?!file:/{2,3}[a-z][:|])[a-z][a-z0-9+.-]+:|\\{2,}|/{2,})", re.IGNORECASE
)
_LINK_SCHEME = re.compile(r"HYPERLINK\s+(?:\\[a-z]\s+)*[\"“]?\s*([a-z][a-z0-9+.-]+):", re.IGNORECASE)
LINK_SCHEMES = {"http", "https", "mailto", "tel", "ftp", "sms"}
_REMOTE_FIELDS = {"INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "RD"}

DDE = "文档里有 DDE 域或链接，打开时可能在审阅者电脑上运行程序，因此不收。请把该处改为普通文字后另存上传。"
_HIDDEN = "文档里有拼接而成的域代码，看不出它要做什么，因此不收。请选中该处按 Ctrl+Shift+F9 变为普通文字后另存上传。"
_REMOTE_FIELD = (
    "文档里的域会从网络取图片或文字，打开时会向外联网，因此不收。"
    "请选中该处按 Ctrl+Shift+F9 断开，改为直接插入图片或文字后另存上传。"
)
_LINKED = "文档里有链接到其他文件的对象（LINK 域），内容不在本文件里且打开时会读取外部文件，因此不收。请改为粘贴成图片或表格后另存上传。"
_DATABASE = "文档里有查询数据库的域，打开时会连接外部数据，因此不收。请改为普通表格后另存上传。"
SCHEME = "文件里的超链接会启动程序或脚本，因此不收。普通网址（http、https、mailto）可以保留；请删除这些链接后另存上传。"
_LOCAL_FIELD = "文档里的域引用了本机上的图片或文字，别人打开时看不到；建议直接插入。"


def is_remote(target: str) -> bool:
    """Whether a target names another machine or a protocol (a local drive is neither)."""
    plain = _visible(target).strip()
    if re.match(r"(?:file:/{2,3})?[a-z][:|]", plain, re.IGNORECASE):
        return False
    return bool(re.match(r"[a-z][a-z0-9+.-]*:|[\\/]{2,}", plain, re.IGNORECASE))


def _visible(text: str) -> str:
    return text if text.isascii() else "".join(mark for mark in text if unicodedata.category(mark) != "Cf")


def judge_field(instruction: str, *, where: str, findings: Findings) -> None:
    """Look at one field's whole instruction."""
    # One space for many: otherwise the patterns below would take time with the square of a long gap.
    plain = " ".join(_visible(instruction).split())
    matched = _KEYWORD.match(plain)
    keyword = matched[1].upper() if matched else ""
    if keyword in {"DDE", "DDEAUTO"}:
        findings.refuse("dde", DDE, where)
    elif keyword == "LINK":
        findings.refuse("ole_object", _LINKED, where)
    elif keyword == "DATABASE":
        findings.refuse("connections", _DATABASE, where)
    elif keyword in _REMOTE_FIELDS:
        if _REMOTE.search(plain) or len(instruction) >= _MOST_INSTRUCTION:
            findings.refuse("remote_field", _REMOTE_FIELD, where)
        else:
            findings.warn(_LOCAL_FIELD)
    elif keyword == "HYPERLINK":
        scheme = _LINK_SCHEME.search(plain)
        if scheme and scheme[1].lower() not in LINK_SCHEMES | {"file"}:
            findings.refuse("hyperlink_scheme", SCHEME, where)


@dataclass(slots=True)
class _Open:
    """A field whose end has not been seen: its instruction with and without deleted text."""

    branch: int
    kept: str = ""
    whole: str = ""
    in_result: bool = False

    def add(self, text: str, *, deleted: bool) -> None:
        if not deleted and len(self.kept) < _MOST_INSTRUCTION:
            self.kept = (self.kept + text).lstrip()
        if len(self.whole) < _MOST_INSTRUCTION:
            self.whole = (self.whole + text).lstrip()


@dataclass(slots=True)
class Fields:
    """Follows w:fldChar, w:instrText and w:fldSimple of one part, over any number of runs and paragraphs."""

    where: str
    findings: Findings
    branch: int = 0  # depth of mc:AlternateContent, whose branches different programs read differently
    _stack: list[_Open] = field(default_factory=list)
    _loose: _Open = field(default_factory=lambda: _Open(branch=0))

    def simple(self, instruction: str) -> None:
        judge_field(instruction, where=self.where, findings=self.findings)

    def begin(self) -> None:
        outer = self._stack[-1] if self._stack else None
        if outer and not outer.in_result:
            matched = _KEYWORD.match(_visible(outer.whole))
            if not matched:
                self._hidden()
            elif matched[1].upper() in _REMOTE_FIELDS:
                self.findings.refuse("remote_field", _REMOTE_FIELD, self.where)
        self._stack.append(_Open(branch=self.branch))

    def separate(self) -> None:
        if self._stack:
            self._check_branch(self._stack[-1])
            self._stack[-1].in_result = True

    def end(self) -> None:
        if self._stack:
            self._judge(self._stack.pop())

    def instruction(self, text: str, *, deleted: bool) -> None:
        top = self._stack[-1] if self._stack else self._loose
        if self._stack:
            self._check_branch(top)
        top.add(text, deleted=deleted)

    @property
    def in_instruction(self) -> bool:
        """Between a field's begin and its separator ordinary text counts as instruction too."""
        return bool(self._stack) and not self._stack[-1].in_result

    def finish(self) -> None:
        """At the end of the part: judge what was never closed."""
        for each in (*self._stack, self._loose):
            self._judge(each)

    def _judge(self, each: _Open) -> None:
        judge_field(each.kept, where=self.where, findings=self.findings)
        if each.whole != each.kept:
            judge_field(each.whole, where=self.where, findings=self.findings)

    def _check_branch(self, top: _Open) -> None:
        if top.branch != self.branch:
            self._hidden()

    def _hidden(self) -> None:
        self.findings.refuse("hidden_field", _HIDDEN, self.where)


_OUTSIDE = re.compile(r"""(?P<literal>"(?:[^"]|"")*")|'(?:[^']|'')*'|(?P<open>\[)|[^"'\[]+|.""", re.DOTALL)
_INSIDE = re.compile(r"'.|(?P<open>\[)|(?P<close>\])|[^'\[\]]+|.", re.DOTALL)
_REACHING = re.compile(
    r"(?<![A-Z0-9_.])(?:_XLFN\.|_XLWS\.|_XLL\.|COM\.MICROSOFT\.)*"
    r"(WEBSERVICE|IMAGE|RTD|DDE|CMD|EXEC|CALL|REGISTER(?:\.ID)?|SQL\.REQUEST|FOPEN|SHELL)\s*\("
)


def judge_formula(formula: str, *, where: str, findings: Findings) -> None:
    """Look at one formula of a cell, name, rule or table column."""
    if len(formula) > MOST_FORMULA:
        findings.refuse(
            "dangerous_formula", "工作簿里有异常长的公式，无法检查，因此不收。请改为数值后另存上传。", where
        )
        return
    if "|" not in formula and "(" not in formula:
        return
    plain = _bare(_visible(formula))
    if "|" in plain:
        findings.refuse(
            "dde",
            "工作簿的公式里有 DDE 调用（形如 =程序|'参数'!项），打开时可能运行程序，因此不收。请把这些单元格改为数值后另存上传。",
            where,
        )
    if found := _REACHING.search(plain.upper()):
        findings.refuse(
            "dangerous_formula",
            f"工作簿的公式里有 {found[1]}()，它会联网或调用外部程序，因此不收。请把这些单元格改为数值后另存上传。",
            where,
        )


def _bare(formula: str) -> str:
    """The formula without string literals and table references, which may hold any character.

    Quotation marks mean nothing inside brackets, nor brackets inside quoted sheet names: so one pass, not three.
    What is never closed is kept: an open bracket hides nothing.
    """
    kept: list[str] = []
    opened: list[int] = []
    at = 0
    while found := (_INSIDE if opened else _OUTSIDE).match(formula, at):
        at = found.end()
        match found.lastgroup:
            case "literal":
                kept.append('""')
            case "close":
                del kept[opened.pop() :]
            case "open":
                opened.append(len(kept))
                kept.append("[")
            case _:
                kept.append(found[0])
    return "".join(kept)
