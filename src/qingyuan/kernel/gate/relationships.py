"""Where the parts of an Office file point: relationships and content types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from qingyuan.kernel.gate.fields import LINK_SCHEMES, SCHEME, is_remote
from qingyuan.kernel.gate.refusal import Findings
from qingyuan.kernel.gate.xmlscan import local

MACROS = "文件里有宏（VBA 或 Excel 4.0 宏表），打开时可能运行程序，因此不收。请另存为不带宏的 docx 或 xlsx 后上传。"
OLE = "文件里嵌入或链接了 OLE 对象（双击会打开别的程序），因此不收。请把它改为图片或表格；公式请用 Word 自带的公式编辑器。另存后上传。"
EMBEDDED = (
    "文件里嵌入了另一个完整的文件（如 Word 图表背后的工作簿、附件图标），无法逐层检查，因此不收。"
    "图表请复制后“选择性粘贴”为图片，附件请单独上传。另存后上传。"
)
ACTIVEX = "文件里有 ActiveX 控件，打开时可能运行程序，因此不收。请删除控件（开发工具→设计模式）后另存上传。"
CONNECTIONS = (
    "工作簿里有外部数据连接或查询，打开时可能联网取数，因此不收。"
    "请在“数据→查询和连接”中全部删除，或把数据粘贴为数值到新工作簿后上传。"
)
_CUSTOM_UI = (
    "文件里带有自定义功能区、工具栏或快捷键，可用来触发程序，因此不收。请把内容复制到新文档后另存上传。"
)
ALT_CHUNK = (
    "文档里夹带了其他格式的内容（altChunk），打开时才会转换，无法检查，因此不收。请用 Word 打开后另存上传。"
)
_WEB_EXTENSION = "文件里带有 Office 加载项，打开时会联网，因此不收。请在“插入→我的加载项”中移除后另存上传。"
MAIL_MERGE = (
    "文档连着邮件合并的数据源，打开时会读取外部数据，因此不收。请在“邮件”中改为“普通 Word 文档”后另存上传。"
)
REMOTE_IMAGE = (
    "文件里的图片不在文件内，而是链接到外部地址，打开时会向外联网，因此不收。"
    "请删除后直接插入图片（在“文件→信息→编辑指向文件的链接”中可断开），另存后上传。"
)
_TEMPLATE = (
    "文档引用了其他机器上的模板，打开时会下载并可能运行其中的宏，因此不收。"
    "请在“开发工具→文档模板”中改回 Normal 后另存上传。"
)
_EXTERNAL = "文件引用了外部内容（如框架、视频、链接对象、子文档），打开时会读取外部地址，因此不收。请删除该引用，把内容直接放进文件后另存上传。"
_WORKBOOK_LINK = "工作簿链接到其他工作簿，审阅者看到的可能是旧数值；建议粘贴为数值。"
_LOCAL_TEMPLATE = "文档引用了本机上的模板，别人打开时版式可能不同。"
_FILE_LINK = "超链接指向本机或内网文件，别人打不开。"

_BY_TYPE = {
    "vbaproject": ("macros", MACROS),
    "wordvbadata": ("macros", MACROS),
    "vbaprojectsignature": ("macros", MACROS),
    "vbaprojectsignatureagile": ("macros", MACROS),
    "xlmacrosheet": ("macros", MACROS),
    "xlintlmacrosheet": ("macros", MACROS),
    "dialogsheet": ("macros", MACROS),
    "oleobject": ("ole_object", OLE),
    "package": ("embedded_file", EMBEDDED),
    "control": ("activex", ACTIVEX),
    "activexcontrolbinary": ("activex", ACTIVEX),
    "extensibility": ("custom_ui", _CUSTOM_UI),
    "usercustomization": ("custom_ui", _CUSTOM_UI),
    "keymapcustomizations": ("custom_ui", _CUSTOM_UI),
    "attachedtoolbars": ("custom_ui", _CUSTOM_UI),
    "afchunk": ("alt_chunk", ALT_CHUNK),
    "subdocument": ("external_relationship", _EXTERNAL),
    "frame": ("external_relationship", _EXTERNAL),
    "attachedtemplate": ("remote_template", _TEMPLATE),
    "connections": ("connections", CONNECTIONS),
    "querytable": ("connections", CONNECTIONS),
    "webextension": ("web_extension", _WEB_EXTENSION),
    "webextensiontaskpanes": ("web_extension", _WEB_EXTENSION),
    "mailmergesource": ("mail_merge", MAIL_MERGE),
    "mailmergeheadersource": ("mail_merge", MAIL_MERGE),
    "recipientdata": ("mail_merge", MAIL_MERGE),
}
_WORKBOOK_LINKS = {
    "externallinkpath",
    "externallinklongpath",
    "xlpathmissing",
    "xlstartup",
    "xlalternatestartup",
    "xllibrary",
    "xlexternallinkpath",
}
_BY_CONTENT_TYPE = (
    ("macroenabled", "macros", MACROS),
    ("vbaproject", "macros", MACROS),
    ("vbadata", "macros", MACROS),
    ("macrosheet", "macros", MACROS),
    ("dialogsheet", "macros", MACROS),
    ("activex", "activex", ACTIVEX),
    ("oleobject", "ole_object", OLE),
    (".connections+xml", "connections", CONNECTIONS),
    (".querytable+xml", "connections", CONNECTIONS),
)


@dataclass(slots=True)
class Relationships:
    """Rules for a .rels part."""

    where: str
    findings: Findings

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if local(tag) != "Relationship":
            return
        plain = {local(key).lower(): value.strip() for key, value in attributes.items()}
        kind = plain.get("type", "").rstrip("/").rpartition("/")[2].lower()
        target = plain.get("target", "")
        outside = plain.get("targetmode", "internal").lower() != "internal"
        if outside or is_remote(target):
            self._external(kind, target)
        elif kind in _BY_TYPE:
            self.findings.refuse(*_BY_TYPE[kind], self.where)

    def _external(self, kind: str, target: str) -> None:
        if kind == "hyperlink":
            self._hyperlink(target)
        elif kind in _WORKBOOK_LINKS:
            self.findings.warn(_WORKBOOK_LINK)
        elif kind == "attachedtemplate" and not is_remote(target):
            self.findings.warn(_LOCAL_TEMPLATE)
        elif kind == "image":
            self.findings.refuse("remote_image", REMOTE_IMAGE, self.where)
        elif kind in _BY_TYPE:
            self.findings.refuse(*_BY_TYPE[kind], self.where)
        else:
            self.findings.refuse("external_relationship", _EXTERNAL, self.where)

    def _hyperlink(self, target: str) -> None:
        scheme = re.match(r"([a-z][a-z0-9+.-]+):", "".join(target.split()), re.IGNORECASE)
        if target.startswith(("\\\\", "//")) or (scheme and scheme[1].lower() == "file"):
            self.findings.warn(_FILE_LINK)
        elif scheme and scheme[1].lower() not in LINK_SCHEMES:
            self.findings.refuse("hyperlink_scheme", SCHEME, self.where)


@dataclass(slots=True)
class ContentTypes:
    """Rules for [Content_Types].xml; afterwards `of` tells the content type of a part."""

    findings: Findings
    defaults: dict[str, str]
    overrides: dict[str, str]

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        kind = attributes.get("ContentType", "").strip().lower()
        if name == "Default":
            self.defaults[attributes.get("Extension", "").lower()] = kind
        elif name == "Override":
            self.overrides[attributes.get("PartName", "").lower().lstrip("/")] = kind
        for mark, code, reason in _BY_CONTENT_TYPE:
            if mark in kind:
                self.findings.refuse(code, reason, "[Content_Types].xml")

    def of(self, name: str) -> str:
        return self.overrides.get(name.lower()) or self.defaults.get(name.lower().rpartition(".")[2], "")
