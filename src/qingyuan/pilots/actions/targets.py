"""The verb on the targets table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue.indicators import indicators
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.pilots import returned, rules
from qingyuan.pilots.models import Pilot, Target

DRAFTING = (Pilot.Stage.DRAFTING,)
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
MOST_PERCENT = 100


@dataclass(frozen=True)
class TargetRow:
    """One line of the targets table; None is "not stated"."""

    indicator: str
    unit: str = ""
    baseline_year: int | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    note: str = ""
    measure_id: str = ""
    indicator_id: str = ""
    formula: str = ""
    share: Decimal | None = None
    key: str = ""


def _completed(row: TargetRow) -> TargetRow:
    """A row that chooses a usual indicator takes its name and first unit where it states none."""
    usual = indicators().get(row.indicator_id)
    if usual is None or row.measure_id:
        return replace(row, indicator=row.indicator.strip(), unit=row.unit.strip())
    return replace(row, indicator=row.indicator.strip() or usual.title, unit=row.unit.strip() or usual.unit)


def _keys(rows: Sequence[TargetRow], present: set[str]) -> list[str]:
    """The key of every row: its own where it stood before, the measure's, else the next free one (t1, t2, …)."""
    taken = {row.measure_id for row in rows if row.measure_id}
    keys: list[str] = []
    number = max([int(key[1:]) for key in present if key[:1] == "t" and key[1:].isdigit()], default=0)
    for row in rows:
        if row.measure_id:
            keys.append(row.measure_id)
            continue
        if row.key in present and row.key not in taken:
            keys.append(row.key)
        else:
            number += 1
            keys.append(f"t{number}")
        taken.add(keys[-1])
    return keys


def _choice_problems(row: TargetRow, number: int) -> list[Problem]:
    """What is wrong with the chosen indicator, its unit and the share."""
    problems = []
    if row.share is not None and not 0 <= row.share <= MOST_PERCENT:
        problems.append(
            Problem(_("第 %d 行的占范围比例不合理") % number, where=f"{number}.share", expected="0–100")
        )
    if not row.indicator_id:
        return problems
    usual = indicators().get(row.indicator_id)
    if usual is None:
        problems.append(Problem(_("第 %d 行的常用指标不存在") % number, where=f"{number}.indicator_id"))
    elif row.unit and row.unit not in usual.units:
        problems.append(
            Problem(
                _("第 %(row)d 行“%(title)s”的单位“%(unit)s”不在该指标的单位内")
                % {"row": number, "title": usual.title, "unit": row.unit[:30]},
                where=f"{number}.unit",
                expected="、".join(usual.units),
                mend=_("换算成所列单位之一；确需其他单位的，不选常用指标、自行填写名称"),
            )
        )
    return problems


@action(
    "pilot.set_targets",
    title=gettext_lazy("填写试点目标"),
    on=Pilot,
    may=rules.can_write,
    stages=DRAFTING,
    clauses=("N1",),
)
def set_targets(pilot: Pilot, act: Act, *, rows: Sequence[TargetRow]) -> Pilot:
    """填写目标表：通知规定的四类目标必列，其余由申报单位自加。"""
    returned.require(pilot, now=act.now, part="targets")
    asked = {measure.id: measure for aim in pilot.notice.aims for measure in aim.measures}
    problems = []
    rows = [_completed(row) for row in rows]
    present = set(pilot.targets.values_list("key", flat=True))
    for number, row in enumerate(rows, start=1):
        problems += _choice_problems(row, number)
        if not row.indicator.strip():
            problems.append(Problem(_("第 %d 行没有写指标名称") % number, where=f"{number}.indicator"))
        problems += misfits(
            Target,
            at=str(number),
            indicator=row.indicator,
            unit=row.unit,
            note=row.note,
            formula=row.formula,
            baseline=row.baseline,
            target=row.target,
            share=row.share,
        )
        if row.baseline_year is not None and not EARLIEST_YEAR <= row.baseline_year <= LATEST_YEAR:
            problems.append(
                Problem(
                    _("第 %(row)d 行的基准年“%(year)d”不合理") % {"row": number, "year": row.baseline_year},
                    where=f"{number}.baseline_year",
                    expected=f"{EARLIEST_YEAR}–{LATEST_YEAR}",
                )
            )
        if row.measure_id and row.measure_id not in asked:
            problems.append(Problem(_("第 %d 行引用了通知没有的目标") % number, where=f"{number}.measure_id"))
    missing = [asked[key].title for key in asked if key not in {row.measure_id for row in rows}]
    problems.extend(
        Problem(_("通知要求的目标“%s”不能删除") % title, where="rows", clause="N1") for title in missing
    )
    if problems:
        raise Invalid(problems)
    keys = _keys(rows, present)
    pilot.targets.all().delete()
    Target.objects.bulk_create(
        Target(
            pilot=pilot,
            position=number,
            key=key,
            measure_id=row.measure_id,
            indicator_id="" if row.measure_id else row.indicator_id,
            indicator=asked[row.measure_id].title if row.measure_id else row.indicator.strip(),
            unit=asked[row.measure_id].unit if row.measure_id else row.unit.strip(),
            baseline_year=row.baseline_year,
            baseline=row.baseline,
            target=row.target,
            formula=row.formula.strip(),
            share=row.share,
            note=row.note.strip(),
        )
        for number, (row, key) in enumerate(zip(rows, keys, strict=True), start=1)
    )
    act.items(
        [
            [
                row.measure_id or row.indicator,
                row.unit,
                row.baseline_year,
                _text(row.baseline),
                _text(row.target),
                _text(row.share),
                row.formula.strip(),
            ]
            for row in rows
        ]
    )
    return pilot


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")
