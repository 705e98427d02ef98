"""The phases of the enterprises' audits."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import credit_code
from qingyuan.delivery import phases
from qingyuan.delivery.models import PhaseChange, Project, ScopeEnterprise
from qingyuan.delivery.phases import PhaseRow
from qingyuan.delivery.rules import project as rules
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits

MOST_ROWS = 5000


@action(
    "project.set_phases",
    title=gettext_lazy("更新审核阶段"),
    on=Project,
    may=rules.handles_project,
    stages=("running",),
    clauses=("N10",),
    idempotent=True,
)
def set_phases(project: Project, act: Act, *, rows: Sequence[PhaseRow]) -> Project:
    """更新一家或多家企业的审核阶段和进入日期；有一处错误就全部不改。每次改动留一条记录，与现状相同的略过。"""
    if not rows:
        raise Invalid([Problem(_("请至少选择一家企业"), where="rows")])
    if len(rows) > MOST_ROWS:
        raise Invalid([Problem(_("一次最多 %d 家企业") % MOST_ROWS, where="rows")])
    clean = [
        PhaseRow(credit_code.normalise(row.credit_code), row.phase, row.on, " ".join(row.note.split()))
        for row in rows
    ]
    known = {
        one.enterprise.credit_code: one
        for one in project.scope.select_related("enterprise").filter(
            enterprise__credit_code__in=[row.credit_code for row in clean]
        )
    }
    if problems := _problems(clean, known, act):
        raise Invalid(problems)
    news = [(row, known[row.credit_code]) for row in clean if phases.is_news(row, known[row.credit_code])]
    if not news:
        raise Invalid([Problem(_("与现状相同，没有要更新的"), where="rows")])
    PhaseChange.objects.bulk_create(
        PhaseChange(
            scope_enterprise=one,
            was=one.phase,
            phase=row.phase,
            on=row.on,
            note=row.note,
            at=act.now,
            by=act.by,
        )
        for row, one in news
    )
    act.items([[row.credit_code, one.phase, row.phase, row.on.isoformat(), row.note] for row, one in news])
    for row, one in news:
        one.phase = row.phase
        one.phase_on = row.on
    ScopeEnterprise.objects.bulk_update([one for _row, one in news], ["phase", "phase_on"], batch_size=500)
    return project


def _problems(rows: Sequence[PhaseRow], known: dict[str, ScopeEnterprise], act: Act) -> list[Problem]:
    today = clock.local(act.now).date()
    seen: dict[str, int] = {}
    problems = []
    for number, row in enumerate(rows, start=1):
        where = f"rows.{number}" if len(rows) > 1 else ""
        named = f"{row.credit_code}：" if len(rows) > 1 else ""
        problems += misfits(PhaseChange, at=where, note=row.note)
        problems += [
            Problem(
                f"{named}{fault.message}", where=f"{where}.{fault.where}".lstrip("."), expected=fault.expected
            )
            for fault in phases.faults(row, known.get(row.credit_code), today=today)
        ]
        if row.credit_code in seen:
            problems.append(
                Problem(
                    _("与第 %d 家重复：同一统一社会信用代码") % seen[row.credit_code],
                    where=f"{where}.credit_code",
                )
            )
        seen.setdefault(row.credit_code, number)
    return problems
