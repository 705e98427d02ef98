"""Enterprises that a conclusion leaves out, as people type them: a line each."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

BETWEEN = re.compile(r"([\s，,：:]+)")
LONGEST = 200_000


def exclusion_lines(text: str) -> list[dict[str, str]]:
    """One enterprise a line: its credit code, then the reason."""
    rows = []
    for line in text.splitlines():
        if line.strip():
            code, _between, reason = (*BETWEEN.split(line.strip(), maxsplit=1), "", "")[:3]
            rows.append({"credit_code": code, "reason": reason.strip()})
    return rows


def as_lines(rows: Any) -> str:
    return "\n".join(f"{row['credit_code']} {row['reason']}" for row in rows)


class ExclusionsField(forms.CharField):
    """Lines of credit code and reason, as data."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("不计审核记录的企业"),
                "required": False,
                "max_length": LONGEST,
                "widget": forms.Textarea(attrs={"rows": 4}),
                "help_text": _("结论指明不计的，一行一家：统一社会信用代码，空格，理由。没有的不填"),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> Any:
        return exclusion_lines(super().clean(value))
