"""Verbs on the implementation plan's dates and on the expected outputs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.pilots import rules
from qingyuan.pilots.models import Milestone, Output, Pilot

DRAFTING = (Pilot.Stage.DRAFTING,)
MOST_ROWS = 60


@dataclass(frozen=True)
class MilestoneRow:
    """A step of the plan; both days belong to it."""

    title: str
    starts: dt.date
    ends: dt.date
    outputs: str = ""
    responsible: str = ""


@dataclass(frozen=True)
class OutputRow:
    """A result with its benefit; `target_key` names the target that it serves."""

    title: str
    benefit: str = ""
    target_key: str = ""


def _days(row: MilestoneRow, number: int, term: tuple[dt.date, dt.date]) -> list[Problem]:
    """The order of a step's days, and whether they lie in the pilot's term."""
    problems = []
    if row.ends < row.starts:
        problems.append(
            Problem(
                _("第 %d 行的结束日期早于开始日期") % number,
                where=f"{number}.ends",
                expected=_("不早于 %s") % row.starts.isoformat(),
            )
        )
    problems += [
        Problem(
            _("第 %(row)d 行的日期 %(day)s 不在试点实施期内") % {"row": number, "day": day.isoformat()},
            where=f"{number}.{name}",
            expected=f"{term[0].isoformat()} – {term[1].isoformat()}",
            mend=_("改正日期，或先调整实施期"),
        )
        for name, day in (("starts", row.starts), ("ends", row.ends))
        if not term[0] <= day <= term[1]
    ]
    return problems


@action(
    "pilot.set_schedule",
    title=gettext_lazy("填写实施计划"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    clauses=("N6",),
)
def set_schedule(
    pilot: Pilot, act: Act, *, term_start: dt.date, term_end: dt.date, rows: Sequence[MilestoneRow]
) -> Pilot:
    """填写试点实施期和各阶段的起止日期、产出与责任单位；各阶段须在实施期内。"""
    problems = []
    if term_end <= term_start:
        problems.append(Problem(_("实施期的结束日期应晚于开始日期"), where="term_end"))
    if len(rows) > MOST_ROWS:
        problems.append(Problem(_("最多 %d 个阶段") % MOST_ROWS, where="rows"))
    for number, row in enumerate(rows, start=1):
        if not row.title.strip():
            problems.append(Problem(_("第 %d 行没有写阶段名称") % number, where=f"{number}.title"))
        problems += misfits(
            Milestone, at=str(number), title=row.title, outputs=row.outputs, responsible=row.responsible
        )
        problems += _days(row, number, (term_start, term_end))
    if problems:
        raise Invalid(problems)
    pilot.term_start, pilot.term_end = term_start, term_end
    pilot.save(update_fields=["term_start", "term_end"])
    pilot.milestones.all().delete()
    Milestone.objects.bulk_create(
        Milestone(
            pilot=pilot,
            position=number,
            title=row.title.strip(),
            starts=row.starts,
            ends=row.ends,
            outputs=row.outputs.strip(),
            responsible=row.responsible.strip(),
        )
        for number, row in enumerate(rows, start=1)
    )
    act.items(
        [
            [term_start.isoformat(), term_end.isoformat()],
            *(
                [row.title, row.starts.isoformat(), row.ends.isoformat(), row.outputs, row.responsible]
                for row in rows
            ),
        ]
    )
    return pilot


@action(
    "pilot.set_outputs",
    title=gettext_lazy("填写预期产出及效益"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    clauses=("N2", "N6"),
)
def set_outputs(pilot: Pilot, act: Act, *, rows: Sequence[OutputRow]) -> Pilot:
    """填写预期产出成果及效益，并对应到试点目标。"""
    keys = set(pilot.targets.values_list("key", flat=True))
    problems = []
    if len(rows) > MOST_ROWS:
        problems.append(Problem(_("最多 %d 项产出") % MOST_ROWS, where="rows"))
    for number, row in enumerate(rows, start=1):
        if not row.title.strip():
            problems.append(Problem(_("第 %d 行没有写产出名称") % number, where=f"{number}.title"))
        problems += misfits(Output, at=str(number), title=row.title, benefit=row.benefit)
        if row.target_key and row.target_key not in keys:
            problems.append(
                Problem(_("第 %d 行对应的目标不在目标表中") % number, where=f"{number}.target_key")
            )
    if problems:
        raise Invalid(problems)
    pilot.outputs.all().delete()
    Output.objects.bulk_create(
        Output(
            pilot=pilot,
            position=number,
            title=row.title.strip(),
            benefit=row.benefit.strip(),
            target_key=row.target_key,
        )
        for number, row in enumerate(rows, start=1)
    )
    act.items([[row.title, row.benefit, row.target_key] for row in rows])
    return pilot
