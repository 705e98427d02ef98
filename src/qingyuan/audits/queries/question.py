"""Doubts about the figures of a dataset, and the questions that were asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.audits import datasets
from qingyuan.audits.doubts import Doubt, Line, of_table
from qingyuan.audits.filling import own_tables
from qingyuan.audits.models import Dataset, DatasetVersion, FigureQuestion
from qingyuan.kernel.errors import Problem
from qingyuan.workbooks.schema import Table

RELATED = (
    "dataset__pilot__call__joint_body",
    "dataset__pilot__applicant",
    "enterprise",
    "row",
    "asked_by",
    "answered_by",
    "settled_by",
)
TONES: Mapping[str, str] = {
    FigureQuestion.Stage.OPEN: "warn",
    FigureQuestion.Stage.ANSWERED: "info",
    FigureQuestion.Stage.SETTLED: "good",
}
RULES = {
    "required": "缺项",
    "balance": "不平衡",
    "bounds": "超出界限",
    "statistics": "与统计不符",
    "outlier": "离群",
    "slip": "疑似单位错",
    "jump": "年际突变",
}


@dataclass(frozen=True)
class DoubtLine:
    """A doubt with its place in words."""

    doubt: Doubt
    table: Table
    name: str
    heading: str
    value: str
    asked: bool

    @property
    def rule(self) -> str:
        return RULES[self.doubt.rule]

    @property
    def key(self) -> str:
        return f"{self.doubt.row}.{self.doubt.column}"


def doubts_of(dataset: Dataset, *, enterprise: Any = None) -> list[DoubtLine]:
    """Every doubt, the same number of queries however many rows; with `enterprise` only those of its rows."""
    tables = own_tables(dataset)
    lines: dict[str, list[Line]] = defaultdict(list)
    values: dict[int, Mapping[str, str]] = {}
    mine: set[int] = set()
    rows = dataset.rows.filter(table__in=[table.name for table in tables]).order_by("table", "position")
    for pk, name, whose, said in rows.values_list("pk", "table", "enterprise_id", "values"):
        lines[name].append(Line(pk, said.get("enterprise", ""), said))
        values[pk] = said
        if enterprise is None or whose == enterprise.pk:
            mine.add(pk)
    before = _year_before(dataset)
    asked = set(
        FigureQuestion.objects.filter(dataset=dataset)
        .exclude(stage=FigureQuestion.Stage.SETTLED)
        .values_list("row_id", "column")
    )
    found = []
    for table in tables:
        headings = {column.name: column.heading for column in table.columns}
        for one in of_table(table, lines[table.name], before=before.get(table.name, [])):
            if one.row in mine:
                said = values[one.row]
                found.append(
                    DoubtLine(
                        one,
                        table,
                        datasets.row_name(table, said),
                        headings[one.column],
                        said.get(one.column, ""),
                        (one.row, one.column) in asked,
                    )
                )
    return found


def _year_before(dataset: Dataset) -> dict[str, list[Line]]:
    """The last fixed version of the same pilot's data of the year before."""
    version = (
        DatasetVersion.objects.filter(
            dataset__pilot=dataset.pilot_id,
            dataset__template=dataset.template,
            dataset__year=dataset.year - 1,
        )
        .order_by("-made_at")
        .first()
    )
    found: dict[str, list[Line]] = {}
    for one in version.tables.all() if version else ():
        rows = [{name: cell for name, cell in zip(one.columns, row, strict=True) if cell} for row in one.rows]
        found[one.name] = [Line(0, row.get("enterprise", ""), row) for row in rows]
    return found


def questions_of(dataset: Dataset, *, stage: str = "") -> QuerySet[FigureQuestion]:
    """The open first, then those that wait for being settled."""
    found = FigureQuestion.objects.filter(dataset=dataset).select_related(*RELATED)
    if stage:
        found = found.filter(stage=stage)
    order = Case(When(stage="open", then=0), When(stage="answered", then=1), default=2)
    return found.order_by(order, "-asked_at", "pk")


def unsettled(dataset: Dataset) -> Iterator[Problem]:
    """What keeps a dataset from being fixed unless a reason is given (one query)."""
    number = (
        FigureQuestion.objects.filter(dataset=dataset).exclude(stage=FigureQuestion.Stage.SETTLED).count()
    )
    if number:
        yield Problem(
            _("有 %d 个核查问题没有了结") % number,
            where="reason",
            mend=_("逐个了结，或写明仍要定版的理由"),
            url=reverse("audits:questions", args=[dataset.pk]),
        )
