"""Promotion activities, and what passed pilots got."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery.models import Practice, Project, Promotion, Support
from qingyuan.delivery.rules import project as projects
from qingyuan.delivery.rules import promotion as rules
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.people.models import Organisation

MOST_COUNTED = 1_000_000


def _day(day: date, act: Act, where: str) -> list[Problem]:
    today = clock.local(act.now).date()
    if day <= today:
        return []
    return [Problem(_("日期还没有到"), where=where, expected=_("不晚于 %s") % today)]


@action(
    "promotion.record",
    title=gettext_lazy("登记推广活动"),
    on=Organisation,
    may=rules.records_promotion,
    stages=("active",),
    creates=Promotion,
    creates_in=("recorded",),
    clauses=("N12",),
    idempotent=True,
)
def record(
    organiser: Organisation,
    act: Act,
    *,
    title: str,
    kind: str,
    held_on: date,
    place: str,
    bodies: int,
    people: int,
    project: UUID | None = None,
    cases: Sequence[UUID] = (),
    note: str = "",
    material: Upload | None = None,
) -> Promotion:
    """由主办单位登记一次推广活动：培训、现场会、观摩或宣传；参加的单位和人员只记数目，不记姓名。"""
    texts = {"title": title.strip(), "place": place.strip(), "note": note.strip()}
    problems = misfits(Promotion, **texts)
    problems += [
        Problem(_("请填写%s") % what, where=name)
        for name, what in (("title", _("活动名称")), ("place", _("地点")))
        if not texts[name]
    ]
    if kind not in Promotion.Kind.values:
        problems.append(Problem(_("请选择活动形式"), where="kind"))
    problems += _day(held_on, act, "held_on")
    for name, number in (("bodies", bodies), ("people", people)):
        if not 0 <= number <= MOST_COUNTED:
            problems.append(Problem(_("数目须在 0 到 %d 之间") % MOST_COUNTED, where=name))
    found = None
    if project is not None:
        found = Project.objects.filter(projects.visible_projects(act.by), pk=project).first()
        if found is None:
            problems.append(Problem(_("没有这个试点，或者您看不到"), where="project"))
    shown = list(Practice.objects.filter(pk__in=list(cases), stage=Practice.Stage.PUBLISHED))
    if len(shown) != len(set(cases)):
        problems.append(Problem(_("只能选已发布的案例"), where="cases"))
    if problems:
        raise Invalid(problems)
    promotion = Promotion.objects.create(
        organiser=organiser,
        project=found,
        kind=kind,
        held_on=held_on,
        bodies=bodies,
        people=people,
        material=material,
        recorded_at=act.now,
        recorded_by=act.by,
        **texts,
    )
    promotion.cases.set(shown)
    act.note(kind=kind, held_on=held_on.isoformat(), bodies=bodies, people=people, cases=len(shown))
    return promotion


@action(
    "promotion.strike",
    title=gettext_lazy("注销推广活动"),
    on=Promotion,
    may=rules.handles_promotion,
    stages=("recorded",),
    to=("struck",),
)
def strike(promotion: Promotion, act: Act, *, reason: str) -> Promotion:
    """登记有误的，写明理由注销，不再计数；更正的另行登记。"""
    _struck(promotion, act, reason)
    return promotion


def _struck(row: Promotion | Support, act: Act, reason: str) -> None:
    problems = misfits(type(row), struck_reason=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("请写明注销的理由"), where="reason"))
    if problems:
        raise Invalid(problems)
    row.struck_reason = reason.strip()
    act.move(row, type(row).Stage.STRUCK)
    row.save(update_fields=["stage", "struck_reason"])


@action(
    "support.record",
    title=gettext_lazy("登记奖励支持"),
    on=Project,
    may=rules.records_support,
    stages=("passed", "archived"),
    creates=Support,
    creates_in=("recorded",),
    clauses=("N15", "H4"),
    idempotent=True,
)
def record_support(
    project: Project,
    act: Act,
    *,
    kind: str,
    amount: Decimal | None,
    basis: str,
    given_by: str,
    given_on: date,
    note: str = "",
    evidence: Upload | None = None,
) -> Support:
    """通过评估验收的试点得到的奖励和支持：种类、金额、依据、给予单位、日期和凭证。"""
    conclusion = getattr(project, "conclusion", None)
    texts = {"basis": basis.strip(), "given_by": given_by.strip(), "note": note.strip()}
    problems = misfits(Support, amount=amount, **texts)
    if conclusion is None or not conclusion.passed:
        problems.append(Problem(_("只有通过评估验收的试点才登记奖励支持"), where="project", clause="N15"))
    elif given_on < conclusion.listed_on:
        problems.append(
            Problem(
                _("日期早于通过名单的成文日期"),
                where="given_on",
                expected=_("不早于 %s") % conclusion.listed_on,
            )
        )
    problems += _day(given_on, act, "given_on")
    problems += [
        Problem(_("请填写%s") % what, where=name)
        for name, what in (("basis", _("依据")), ("given_by", _("给予单位")))
        if not texts[name]
    ]
    if kind not in Support.Kind.values:
        problems.append(Problem(_("请选择支持的种类"), where="kind"))
    if kind in {Support.Kind.REWARD, Support.Kind.FUND} and amount is None:
        problems.append(Problem(_("资金奖励和专项资金须填写金额"), where="amount"))
    if amount is not None and not amount > 0:
        problems.append(Problem(_("金额须大于 0"), where="amount"))
    if problems:
        raise Invalid(problems)
    support = Support.objects.create(
        project=project,
        kind=kind,
        amount=amount,
        given_on=given_on,
        evidence=evidence,
        recorded_at=act.now,
        recorded_by=act.by,
        **texts,
    )
    act.note(
        kind=kind, amount=format(amount, "f") if amount is not None else "", given_on=given_on.isoformat()
    )
    return support


@action(
    "support.strike",
    title=gettext_lazy("注销奖励支持"),
    on=Support,
    may=rules.handles_support,
    stages=("recorded",),
    to=("struck",),
)
def strike_support(support: Support, act: Act, *, reason: str) -> Support:
    """登记有误的，写明理由注销，不再计数；更正的另行登记。"""
    _struck(support, act, reason)
    return support
