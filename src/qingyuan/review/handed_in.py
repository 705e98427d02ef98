"""What a pilot hands in for its acceptance, as it lies sealed in `Case.content`, made ready for pages and citations.

Content (schema 1): `summary` text; `targets` [{key, indicator, unit, baseline, target, reached, met, reason}]; `scope`
[{credit_code, name, phase}]; `parts` [{id, title, columns, rows, note}] that rooms contributed; `files` [{name, sha256}].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.review.models import Case

MET = {"yes": "完成", "no": "未完成", "": "待核"}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One part: a heading that can be cited, a table, a text."""

    anchor: str
    title: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    text: str = ""

    @property
    def cited(self) -> str:
        return _("验收材料：%s") % self.title


def parts_of(case: Case) -> list[Shown]:
    """Empty for a case of selection."""
    return parts(case.content) if case.content else []


def parts(content: dict[str, Any]) -> list[Shown]:
    return [
        Shown(anchor="handed-summary", title=_("工作总结"), text=content["summary"]),
        Shown(
            anchor="handed-targets",
            title=_("目标完成情况"),
            columns=[_("指标"), _("单位"), _("基准值"), _("目标值"), _("完成值"), _("是否完成"), _("说明")],
            rows=[
                [
                    row["indicator"],
                    row["unit"] or "—",
                    _text(row["baseline"]),
                    _text(row["target"]),
                    row["reached"] or "—",
                    MET[row["met"]],
                    row["reason"] or "—",
                ]
                for row in content["targets"]
            ],
        ),
        Shown(
            anchor="handed-scope",
            title=_("范围内企业"),
            columns=[_("企业"), _("统一社会信用代码"), _("审核阶段")],
            rows=[[row["name"], row["credit_code"], row["phase"]] for row in content["scope"]],
        ),
        *(
            Shown(
                anchor=f"handed-{part['id']}",
                title=part["title"],
                columns=part["columns"],
                rows=part["rows"],
                text=part["note"],
            )
            for part in content["parts"]
        ),
    ]


def _text(value: Any) -> str:
    return "—" if value in (None, "") else str(value)
