"""What really happened as plain rows, and the workbook in which they come."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue import credit_code, innovation
from qingyuan.delivery.models import Project
from qingyuan.kernel import clock, storage
from qingyuan.kernel.models import Upload
from qingyuan.workbooks.efforts import effort_table
from qingyuan.workbooks.read import Reading, read_table
from qingyuan.workbooks.schema import Table

AMOUNTS = ("days", "person_days", "money", "documents")
EARLIEST = dt.date(2016, 7, 1)
"""Since then the present procedure of audits is in force (《清洁生产审核办法》); an older day is a slip."""
_BETWEEN = re.compile(r"[、，,；;\s]+")


@dataclass(frozen=True, kw_only=True)
class EffortRow:
    """One thing that took time, people or money; `enterprises` are credit codes, none for common work."""

    day: dt.date
    kind: str
    enterprises: tuple[str, ...] = ()
    days: Decimal | None = None
    person_days: Decimal | None = None
    money: Decimal | None = None
    documents: Decimal | None = None
    done_by: str = ""
    note: str = ""

    @property
    def identity(self) -> tuple[Any, ...]:
        """Two rows of the same identity are the same thing told twice."""
        amounts = (getattr(self, name) for name in AMOUNTS)
        return (
            self.day.isoformat(),
            self.kind,
            tuple(sorted(set(self.enterprises))),
            *(None if one is None else format(one.normalize(), "f") for one in amounts),
            self.done_by,
            self.note,
        )


def codes_in(text: str) -> tuple[str, ...]:
    """The credit codes of a cell, however they are set apart."""
    return tuple(credit_code.normalise(one) for one in _BETWEEN.split(text.strip()) if one)


def table_of(project: Project) -> Table:
    """The schema of this project's log (one query)."""
    known = set(project.scope.values_list("enterprise__credit_code", flat=True))
    today = clock.local(clock.now()).date()

    def check_codes(text: str) -> list[str]:
        strange = [code for code in codes_in(text) if code not in known]
        return [_("试点范围内企业的信用代码（%s 不在范围内）") % "、".join(strange[:5])] if strange else []

    def check_day(day: dt.date) -> list[str]:
        return (
            []
            if EARLIEST <= day <= today
            else [_("%(first)s 至 %(last)s 的日期") % {"first": EARLIEST, "last": today}]
        )

    titles = [kind.title for kind in innovation.kinds().values()]
    return effort_table(kinds=titles, check_codes=check_codes, check_day=check_day)


def read_upload(project: Project, upload: Upload) -> Reading:
    with storage.open_blob(upload.sha256) as source:
        return read_table(source, table_of(project), name=upload.name)


def rows_of(reading: Reading) -> list[EffortRow]:
    """The rows of a workbook without problems."""
    ids = {kind.title: kind.id for kind in innovation.kinds().values()}
    return [
        EffortRow(
            day=row["day"],
            kind=ids[row["kind"]],
            enterprises=codes_in(row.get("codes") or ""),
            done_by=(row.get("done_by") or "").strip(),
            note=(row.get("note") or "").strip(),
            **{name: _decimal(row, name) for name in AMOUNTS},
        )
        for row in reading.rows()
    ]


def _decimal(row: Mapping[str, Any], name: str) -> Decimal | None:
    value = row.get(name)
    return None if value is None else Decimal(str(value))
