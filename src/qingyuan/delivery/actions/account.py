"""The account of the innovation: what happened is logged, what is assumed is said with its source, and the account is stated."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import innovation
from qingyuan.delivery.account import MEASURES
from qingyuan.delivery.efforts import AMOUNTS, EARLIEST, EffortRow
from qingyuan.delivery.models import (
    AccountStatement,
    Assumption,
    CoverageFigure,
    EffortEntry,
    LogDeclaration,
    Project,
)
from qingyuan.delivery.queries import account as queries
from qingyuan.delivery.rules import account as rules
from qingyuan.delivery.rules.project import handles_project
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.papers.canonical import canonical_bytes, sha256_hex

OVER = {Project.Stage.STOPPED, Project.Stage.ARCHIVED}
UNDER_WAY = tuple(stage for stage in Project.Stage.values if stage not in OVER)
"""The account is still kept when the pilot has been judged: papers arrive late."""


@action(
    "project.log_effort",
    title=gettext_lazy("记一笔工作量"),
    on=Project,
    may=handles_project,
    stages=UNDER_WAY,
    creates=EffortEntry,
    creates_in=("valid",),
    clauses=("N1", "N10"),
    idempotent=True,
)
def log_effort(project: Project, act: Act, *, row: EffortRow, evidence: Upload | None = None) -> EffortEntry:
    """记下实际发生的一件事：日期、类型、所涉企业、历时、人日、金额、份数和承担单位；没有数据的留空，留空不算零。"""
    _enter(project, act, [row], at="")
    made = project.efforts.order_by("-number")[0]
    if evidence is not None:
        made.evidence = evidence
        made.save(update_fields=["evidence"])
        act.note(evidence_sha256=evidence.sha256)
    return made


@action(
    "project.import_efforts",
    title=gettext_lazy("导入工作量记录"),
    on=Project,
    may=handles_project,
    stages=UNDER_WAY,
    clauses=("N1",),
    idempotent=True,
)
def import_efforts(project: Project, act: Act, *, rows: Sequence[EffortRow]) -> Project:
    """一次记入多件事；有一行不对，或与已有的记录完全相同，就一行也不记入。"""
    if not rows:
        raise Invalid([Problem(_("没有记录"), where="rows")])
    _enter(project, act, rows, at="rows.")
    return project


@action(
    "effort.void",
    title=gettext_lazy("作废工作量记录"),
    on=EffortEntry,
    may=rules.handles_effort,
    stages=("valid",),
    to=("voided",),
)
def void(effort: EffortEntry, act: Act, *, reason: str) -> EffortEntry:
    """作废记错的一笔并写明理由；作废的照原样留存，不再计入。"""
    reason = reason.strip()
    problems = misfits(EffortEntry, voided_reason=reason)
    if not reason:
        problems.append(Problem(_("请写明作废的理由"), where="reason"))
    if problems:
        raise Invalid(problems)
    effort.voided_reason = reason
    act.move(effort, EffortEntry.Stage.VOIDED)
    effort.save(update_fields=["voided_reason", "stage"])
    return effort


@action(
    "project.assume",
    title=gettext_lazy("填写传统方式的假设"),
    on=Project,
    may=handles_project,
    stages=UNDER_WAY,
    clauses=("N1",),
)
def assume(
    project: Project, act: Act, *, measure: str, low: Decimal, mid: Decimal, high: Decimal, source: str
) -> Project:
    """写明本地传统逐家审核每家所用的低、中、高值和出处，代替自拟的默认值；改动留痕。"""
    source = source.strip()
    problems = misfits(Assumption, low=low, mid=mid, high=high, source=source)
    if measure not in innovation.assumptions():
        expected = "、".join(innovation.assumptions())
        problems.append(Problem(_("没有这一项"), where="measure", expected=expected))
    if not source:
        problems.append(Problem(_("请写明出处：合同、通知、记录的名称和日期"), where="source"))
    if low < 0:
        problems.append(Problem(_("不得为负数"), where="low"))
    if not low <= mid <= high:
        problems.append(Problem(_("低、中、高须依次不降"), where="mid"))
    if problems:
        raise Invalid(problems)
    Assumption.objects.update_or_create(
        project=project,
        measure=measure,
        defaults={
            "low": low,
            "mid": mid,
            "high": high,
            "source": source,
            "set_at": act.now,
            "set_by": act.by,
        },
    )
    act.note(measure=measure, low=str(low), mid=str(mid), high=str(high), source=source)
    return project


@action(
    "project.state_coverage",
    title=gettext_lazy("填写覆盖数据"),
    on=Project,
    may=handles_project,
    stages=UNDER_WAY,
    clauses=("N1",),
)
def state_coverage(
    project: Project,
    act: Act,
    *,
    quantity: str,
    unit: str,
    year: int,
    source: str,
    covered: Decimal | None = None,
    total: Decimal | None = None,
) -> Project:
    """写明范围内企业的产值或排放量和所在区域的总量，及年份和出处；同名的一项以后填的为准，没有数据的留空。"""
    quantity, unit, source = quantity.strip(), unit.strip(), source.strip()
    problems = misfits(
        CoverageFigure, quantity=quantity, unit=unit, source=source, covered=covered, total=total
    )
    problems += [
        Problem(_("没有填写"), where=name)
        for name, value in (("quantity", quantity), ("unit", unit), ("source", source))
        if not value
    ]
    this_year = clock.local(act.now).year
    if not this_year - 20 <= year <= this_year:
        problems.append(Problem(_("年份不对"), where="year", expected=f"{this_year - 20}–{this_year}"))
    problems += [
        Problem(_("不得为负数"), where=name)
        for name, value in (("covered", covered), ("total", total))
        if value is not None and value < 0
    ]
    if covered is not None and total is not None and covered > total:
        problems.append(Problem(_("范围内企业的数大于区域总量"), where="covered"))
    if problems:
        raise Invalid(problems)
    CoverageFigure.objects.update_or_create(
        project=project,
        quantity=quantity,
        defaults={
            "unit": unit,
            "year": year,
            "covered": covered,
            "total": total,
            "source": source,
            "set_at": act.now,
            "set_by": act.by,
        },
    )
    act.note(quantity=quantity, year=year, covered=str(covered), total=str(total))
    return project


@action(
    "project.declare_log",
    title=gettext_lazy("声明记录齐全"),
    on=Project,
    may=handles_project,
    stages=UNDER_WAY,
    clauses=("N1",),
)
def declare_log(project: Project, act: Act, *, measures: Collection[str]) -> Project:
    """声明哪几项的记录已经齐全：齐全的，没有记录的企业按没有投入计；没有声明的，按没有数据计。"""
    if strange := sorted(set(measures) - set(MEASURES)):
        raise Invalid(
            [
                Problem(
                    _("没有这一项：%s") % "、".join(strange), where="measures", expected="、".join(MEASURES)
                )
            ]
        )
    project.log_declarations.exclude(measure__in=measures).delete()
    there = set(project.log_declarations.values_list("measure", flat=True))
    LogDeclaration.objects.bulk_create(
        LogDeclaration(project=project, measure=measure, declared_at=act.now, declared_by=act.by)
        for measure in sorted(set(measures) - there)
    )
    act.note(measures=sorted(set(measures)))
    return project


@action(
    "project.state_account",
    title=gettext_lazy("创新账报数"),
    on=Project,
    may=handles_project,
    stages=UNDER_WAY,
    creates=AccountStatement,
    creates_in=("stated",),
    clauses=("N1", "N10"),
    idempotent=True,
)
def state_account(project: Project, act: Act) -> AccountStatement:
    """把现在的创新账固定成一版：数字、假设和句子不再变动，供报告引用，也供主办单位计入公开汇总。"""
    content = queries.content_of(queries.book(project))
    sha256 = sha256_hex(canonical_bytes(content))
    last = project.account_statements.first()
    if not any(one["confirmed"] for one in content["measures"].values()):
        raise Invalid(
            [
                Problem(
                    _("还没有一项能与传统方式相比"),
                    where="project",
                    mend=_("先记工作量，并核对传统方式的假设"),
                )
            ]
        )
    if last is not None and last.content_sha256 == sha256:
        raise Invalid([Problem(_("与第 %d 次报数完全相同") % last.number, where="project")])
    made = AccountStatement.objects.create(
        project=project,
        number=1 if last is None else last.number + 1,
        content=content,
        content_sha256=sha256,
        made_at=act.now,
        made_by=act.by,
    )
    act.note(number=made.number, content_sha256=sha256)
    return made


@action(
    "statement.release",
    title=gettext_lazy("计入公开汇总"),
    on=AccountStatement,
    may=rules.releases_statement,
    stages=("stated", "retracted"),
    to=("public",),
    clauses=("N1",),
)
def release(statement: AccountStatement, act: Act) -> AccountStatement:
    """把这一次报数计入向社会公开的合计；公开的只有合计，不列单个试点和企业，同一试点只计最新公开的一次。"""
    act.move(statement, AccountStatement.Stage.PUBLIC)
    return statement


@action(
    "statement.retract",
    title=gettext_lazy("从公开汇总撤下"),
    on=AccountStatement,
    may=rules.releases_statement,
    stages=("public",),
    to=("retracted",),
)
def retract(statement: AccountStatement, act: Act, *, reason: str) -> AccountStatement:
    """报数有误的，写明理由后从公开合计中撤下。"""
    reason = reason.strip()
    problems = misfits(AccountStatement, retracted_reason=reason)
    if not reason:
        problems.append(Problem(_("请写明撤下的理由"), where="reason"))
    if problems:
        raise Invalid(problems)
    statement.retracted_reason = reason
    statement.save(update_fields=["retracted_reason"])
    act.move(statement, AccountStatement.Stage.RETRACTED)
    return statement


# --- taking rows in


def _enter(project: Project, act: Act, rows: Sequence[EffortRow], *, at: str) -> None:
    """All or nothing; four statements for any number of rows."""
    codes: Mapping[str, Any] = dict(project.scope.values_list("enterprise__credit_code", "pk"))
    today = clock.local(act.now).date()
    problems = [
        problem
        for place, row in enumerate(rows)
        for problem in _wrong(row, codes, today, at=f"{at}{place}." if at else "")
    ]
    there = queries.identities(project)
    first: dict[tuple[Any, ...], int] = {}
    for place, row in enumerate(rows):
        where = f"{at}{place}.day" if at else "day"
        if row.identity in there:
            problems.append(
                Problem(
                    _("与已有的第 %d 笔完全相同") % there[row.identity],
                    where=where,
                    mend=_("确是另一件事的，在说明中写清区别"),
                )
            )
        elif (seen := first.setdefault(row.identity, place)) != place:
            problems.append(Problem(_("与前面第 %d 行完全相同") % (seen + 1), where=where))
    if problems:
        raise Invalid(problems)
    number = project.efforts.aggregate(last=Max("number"))["last"] or 0
    made = EffortEntry.objects.bulk_create(
        EffortEntry(
            project=project,
            number=number + place,
            day=row.day,
            kind=row.kind,
            done_by=row.done_by,
            note=row.note,
            recorded_at=act.now,
            recorded_by=act.by,
            **{name: getattr(row, name) for name in AMOUNTS},
        )
        for place, row in enumerate(rows, start=1)
    )
    through = EffortEntry.enterprises.through
    through.objects.bulk_create(
        through(effortentry_id=one.pk, scopeenterprise_id=codes[code])
        for one, row in zip(made, rows, strict=True)
        for code in dict.fromkeys(row.enterprises)
    )
    act.items([[str(part) for part in row.identity] for row in rows])


def _wrong(row: EffortRow, codes: Mapping[str, UUID], today: date, *, at: str) -> Iterator[Problem]:
    kinds = innovation.kinds()
    if row.kind not in kinds:
        yield Problem(_("没有这个类型"), where=f"{at}kind", expected="、".join(kinds))
    if not EARLIEST <= row.day <= today:
        yield Problem(
            _("日期不对"),
            where=f"{at}day",
            expected=_("%(first)s 至 %(last)s") % {"first": EARLIEST, "last": today},
        )
    if strange := [code for code in row.enterprises if code not in codes]:
        yield Problem(
            _("不在试点范围内：%s") % "、".join(strange[:5]),
            where=f"{at}enterprises",
            mend=_("填范围内企业的统一社会信用代码；公共工作留空"),
        )
    values = {name: getattr(row, name) for name in AMOUNTS}
    for name, value in values.items():
        if value is not None and value.is_finite() and value < 0:
            yield Problem(_("不得为负数"), where=f"{at}{name}")
    asked = set(kinds[row.kind].asks) if row.kind in kinds else set(AMOUNTS)
    if (
        all(values.get(name) is None for name in AMOUNTS)
        and "visits" not in asked
        and not (row.kind in kinds and kinds[row.kind].visits)
    ):
        yield Problem(_("历时、人日、金额、份数至少填一项"), where=f"{at}person_days")
    found = misfits(EffortEntry, done_by=row.done_by, note=row.note, **values)
    for problem in found:
        yield Problem(problem.message, where=f"{at}{problem.where}", expected=problem.expected)
