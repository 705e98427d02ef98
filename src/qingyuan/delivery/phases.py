"""What may be said of the phase of an enterprise's audit: the same for one, for many, for a workbook. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.delivery.models import ScopeEnterprise

Phase = ScopeEnterprise.Phase
EARLIEST = date(2003, 1, 1)
"""The law on cleaner production came into force; an older day is a slip."""


@dataclass(frozen=True)
class PhaseRow:
    """An enterprise, the phase it is in, and since which day; `note` says why it fell back."""

    credit_code: str
    phase: int
    on: date
    note: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: the field, what was found, what is expected."""

    where: str
    message: str
    expected: str


def is_news(row: PhaseRow, known: ScopeEnterprise) -> bool:
    """Does the row say anything that is not known already?"""
    return (row.phase, row.on) != (known.phase, known.phase_on)


def faults(row: PhaseRow, known: ScopeEnterprise | None, *, today: date) -> Iterator[Fault]:
    """Everything that is wrong with a row about `known` (None: not in the scope of the project)."""
    if known is None:
        yield Fault("credit_code", _("该企业不在试点范围内"), _("现行基线范围内的企业"))
        return
    if known.dropped_on:
        yield Fault("credit_code", _("该企业已移出试点范围"), _("现行基线范围内的企业"))
        return
    if not is_news(row, known):
        return
    if row.phase not in Phase.values:
        yield Fault("phase", _("没有这个阶段"), "0—7")
        return
    if row.on > today:
        yield Fault("on", _("日期还没有到"), _("不晚于 %s") % today)
    if row.on < EARLIEST:
        yield Fault("on", _("日期过早"), _("不早于 %s") % EARLIEST)
    moves_on = row.phase > known.phase
    if moves_on and known.phase_on and row.on < known.phase_on:
        said = {"phase": str(known.get_phase_display()), "day": known.phase_on}
        yield Fault(
            "on",
            _("早于进入上一阶段“%(phase)s”的日期") % said,
            _("不早于 %(day)s") % said,
        )
    if not moves_on and not row.note.strip():
        yield Fault("note", _("退回或更正阶段须说明原因"), _("更正、返工等原因"))
