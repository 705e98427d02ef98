"""What a receipt says and whether it holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.kernel.actions import verbs
from qingyuan.papers.ledger_receipt import check_receipt
from qingyuan.site import queries


@dataclass(frozen=True)
class Judgement:
    """`problems` empty: the receipt holds against `head`; `facts` are then what it says, as label and value."""

    problems: list[str]
    head: str = ""
    facts: tuple[tuple[str, str], ...] = ()


def judge(document: Any, *, stated_head: str) -> Judgement:
    """Check a receipt against the head that the reader states; without one, against this platform's own chain."""
    head = stated_head.lower() or _own_head(document)
    if not head:
        return Judgement([_("本平台的台账没有回执所载链头的编号，请核对这是不是本平台的回执")])
    problems = check_receipt(document, head_hash=head)
    return Judgement(problems, head, () if problems else tuple(_facts(document)))


def _own_head(document: Any) -> str:
    stated = document.get("head") if isinstance(document, dict) else None
    seq = stated.get("seq") if isinstance(stated, dict) else None
    return (queries.hash_of_entry(seq) or "") if isinstance(seq, int) else ""


def _facts(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Only from a receipt that holds: its body is what the ledger hashed."""
    body = json.loads(document["body"])
    verb = verbs().get(str(body.get("verb", "")))
    payload = body.get("payload", {})
    facts = [
        (_("台账编号"), str(document["seq"])),
        (_("事项"), str(verb.title) if verb else str(body.get("verb", ""))),
        (_("时间"), _instant(str(body.get("at", "")))),
    ]
    names = {
        "register_number": _("收件登记号"),
        "version": _("提交版本"),
        "package_size": _("材料包大小（字节）"),
        "package_sha256": _("材料包 SHA-256"),
        "snapshot_sha256": _("申报数据 SHA-256"),
        "content_sha256": _("签发内容 SHA-256"),
    }
    facts += [(label, str(payload[name])) for name, label in names.items() if name in payload]
    return facts


def _instant(text: str) -> str:
    from qingyuan.kernel import clock

    try:
        return f"{clock.local(datetime.fromisoformat(text)):%Y-%m-%d %H:%M:%S} (UTC+8)"
    except ValueError:
        return text
