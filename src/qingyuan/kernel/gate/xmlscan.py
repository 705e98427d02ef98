"""Streaming XML with a guard: no document type, no entities, no strange encodings, no endless tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from xml.parsers import expat  # guarded below: a DOCTYPE is refused before its entities exist

from qingyuan.kernel.gate.refusal import RefusedContent

MOST_MARKUP = 16_000_000
# Expat rescans an unfinished token with every piece it gets; this keeps that from growing squarely.
LONGEST_TOKEN = 4 * 1024 * 1024
_ENCODINGS = {None, "utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii"}


class Rules(Protocol):
    """What looks at the elements of one part; `attach` installs its callbacks."""

    def attach(self, parser: expat.XMLParserType) -> None: ...


@dataclass(slots=True)
class Budget:
    """How much markup the parts of one file may hold together: bounds the time of a scan."""

    left: int = MOST_MARKUP


def local(name: str) -> str:
    """The name without its prefix; judging by it alone errs on the side of refusing."""
    return name.rpartition(":")[2]


def scan(pieces: Iterable[bytes], *, where: str, rules: Rules, budget: Budget) -> None:
    """Parse `pieces` as one XML document and let `rules` see it; raises RefusedContent."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype(where)
    parser.XmlDeclHandler = _refuse_encoding(where)
    rules.attach(parser)
    fed = 0
    try:
        for piece in pieces:
            budget.left -= piece.count(b"<")
            parser.Parse(piece, False)
            fed += len(piece)
            if budget.left < 0 or fed - parser.CurrentByteIndex > LONGEST_TOKEN:
                raise _too_complex(where)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise RefusedContent(
            "xml_malformed",
            f"{where} 第 {error.lineno} 行不是合格的 XML，文件可能已损坏，无法可靠检查，因此不收。请用原来的软件打开，另存后重新上传。",
        ) from error


def _too_complex(where: str) -> RefusedContent:
    return RefusedContent(
        "too_complex",
        f"{where} 的结构异常庞大，检查它会拖垮系统，因此不收。请删去空白行列和多余格式，或拆成几个文件后上传。",
    )


def _refuse_doctype(where: str) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise RefusedContent(
            "xml_dtd",
            f"{where} 含有文档类型或实体定义（DTD），可被用来读取服务器文件或耗尽内存，因此不收。请用 Office 或 WPS 打开，另存后重新上传。",
        )

    return refuse


def _refuse_encoding(where: str) -> Callable[..., None]:
    def refuse(_version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding.lower() if encoding else None) not in _ENCODINGS:
            shown = str(encoding)[:40]
            raise RefusedContent(
                "xml_encoding",
                f"{where} 使用了 {shown} 编码，只接受 UTF-8 或 UTF-16，因此不收。请用 Office 或 WPS 打开，另存后重新上传。",
            )

    return refuse
