"""What a pilot hands in for its acceptance, as it lies sealed in `Case.content`, made ready for pages and citations.

Content (schema 1): `summary` text; `targets` [{key, indicator, unit, baseline, target, reached, met, reason}]; `scope`
[{credit_code, name, phase}]; `parts` [{id, title, columns, rows, note}] that rooms contributed; `files` [{name, sha256}];
where the summary quotes charts, `charts` as `papers.drawn` keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from qingyuan.kernel.gate.serve import serve_png
from qingyuan.papers.drawn import Drawn, of_plain, placed
from qingyuan.review.models import Case


def _no_address(_sha256: str) -> str:
    return ""


MET = {"yes": "完成", "no": "未完成", "": "待核"}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One part: a heading that can be cited, a table, a text."""

    anchor: str
    title: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    text: str = ""
    charts: Sequence[Drawn] = ()
    """That the text quotes, in its order."""
    address: Callable[[str], str] = field(default=_no_address, repr=False)
    """Where a chart's picture is shown, by its hash."""

    @property
    def pieces(self) -> list[tuple[str, Drawn | None, str, str]]:
        """For the page: a text, or a chart with its address and anchor."""
        return [
            (piece, None, "", "")
            if isinstance(piece, str)
            else ("", piece, self.address(piece.sha256), _anchor(piece))
            for piece in placed(self.text, self.charts)
        ]

    @property
    def cited(self) -> str:
        return _("验收材料：%s") % self.title


def parts_of(case: Case, *, address: Callable[[str], str] = _no_address) -> list[Shown]:
    """Empty for a case of selection."""
    return parts(case.content, address=address) if case.content else []


def cited_charts(case: Case) -> list[tuple[str, str]]:
    """Anchor and words of every chart that was handed in."""
    return [
        (_anchor(one), _("验收材料：%(words)s（%(source)s）") % {"words": one.mention, "source": one.source})
        for one in of_plain(case.content or {})
    ]


def _anchor(chart: Drawn) -> str:
    return f"handed-{chart.anchor}"


def serve_chart(content: Mapping[str, Any], sha256: str) -> FileResponse:
    """A picture of the sealed content, for a view that has checked the right; any other is not found."""
    for one in of_plain(content):
        if one.sha256 == sha256:
            return serve_png(sha256, name=f"{one.title}.png")
    raise Http404


def parts(content: dict[str, Any], *, address: Callable[[str], str] = _no_address) -> list[Shown]:
    return [
        Shown(
            anchor="handed-summary",
            title=_("工作总结"),
            text=content["summary"],
            charts=of_plain(content),
            address=address,
        ),
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
