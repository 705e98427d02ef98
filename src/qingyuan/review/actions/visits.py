"""Verbs of a site visit: plan, arrange, team, notify, conclude, reply, sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.record_language import in_record_language
from qingyuan.people.models import Expert, User
from qingyuan.people.rules import in_joint_body
from qingyuan.review import avoidance, itinerary
from qingyuan.review.claims import claims, claims_of_acceptance
from qingyuan.review.mails import visits as mails
from qingyuan.review.models import Case, Draw, Round, Visit, VisitItem, VisitMember
from qingyuan.review.queries import draws as drawn
from qingyuan.review.queries import visits as queries
from qingyuan.review.rules import draws as draw_rules
from qingyuan.review.rules import ground
from qingyuan.review.rules import visits as rules

MOST_DAYS = 60


def _plan(case: Case, act: Act, *, draw: Draw | None, reason: str) -> Visit:
    visit = Visit.objects.create(
        case=case,
        draw=draw,
        reason=reason,
        address=case.snapshot.get("object", {}).get("name", "")[:200],
        planned_at=act.now,
        is_demo=case.round.is_demo,
    )
    with in_record_language():
        found = (
            claims_of_acceptance(case.content) if case.content else claims(case.snapshot, case.round.notice)
        )
    VisitItem.objects.bulk_create(
        VisitItem(visit=visit, position=number, group=claim.group[:20], claim=claim.text)
        for number, claim in enumerate(found, start=1)
    )
    return visit


@action(
    "visit.plan",
    title=gettext_lazy("安排现场调查"),
    on=Case,
    may=ground.handles_case,
    stages=("form_check", "assessment", "decision"),
    creates=Visit,
    creates_in=("planned",),
    clauses=("H3",),
    idempotent=True,
)
def plan_visit(case: Case, act: Act, *, reason: str) -> Visit:
    """不经抽取、因故去现场的，写明理由。核对单由申报材料自己的说法生成。申报单位在发出通知之前不知情。"""
    problems = misfits(Visit, reason=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("不经抽取的须写明去这一现场的理由"), where="reason"))
    if queries.is_planned(case):
        problems.append(Problem(_("这个项目已经安排了现场调查")))
    if problems:
        raise Invalid(problems)
    return _plan(case, act, draw=None, reason=reason.strip())


@action(
    "visit.plan_drawn",
    title=gettext_lazy("按抽取结果安排现场调查"),
    on=Draw,
    may=draw_rules.organises_draw,
    stages=("drawn",),
    clauses=("N9",),
)
def plan_drawn(draw: Draw, act: Act) -> Draw:
    """为抽中的每个项目安排一次现场调查；已经安排的不重复。"""
    if draw.kind != Draw.Kind.SITES:
        raise Invalid([Problem(_("这次抽取的不是现场"))])
    made = [
        _plan(case, act, draw=draw, reason="")
        for case in drawn.drawn_cases(draw)
        if not queries.is_planned(case)
    ]
    act.items([str(visit.pk) for visit in made])
    return draw


@action(
    "visit.arrange",
    title=gettext_lazy("编排行程"),
    on=Round,
    may=ground.handles_round,
    stages=("reviewing", "deciding"),
)
def arrange_visits(
    round_: Round, act: Act, *, days: Sequence[date], start: tuple[Decimal, Decimal] | None
) -> Round:
    """把筹备中的现场按由近及远的次序排到所选的各天；排好后仍可逐个改动。"""
    visits = list(queries.visits_of(round_).filter(stage=Visit.Stage.PLANNED))
    problems = []
    if not 1 <= len(set(days)) <= MOST_DAYS:
        problems.append(Problem(_("请选 1 至 %d 天") % MOST_DAYS, where="days"))
    if any(day < clock.local(act.now).date() for day in days):
        problems.append(Problem(_("日期已经过去"), where="days"))
    if not visits:
        problems.append(Problem(_("没有筹备中的现场调查")))
    if problems:
        raise Invalid(problems)
    stops = [itinerary.Stop(str(one.pk), one.case.region_code, queries.place_of(one)) for one in visits]
    origin = (float(start[0]), float(start[1])) if start else None
    placed = itinerary.over_days(stops, sorted(set(days)), start=origin)
    by_key = {str(one.pk): one for one in visits}
    for key, day, position in placed:
        by_key[key].day, by_key[key].position = day, position
    Visit.objects.bulk_update(visits, ["day", "position"])
    act.items([[key, day.isoformat(), position] for key, day, position in placed])
    return round_


@action(
    "visit.schedule",
    title=gettext_lazy("设定日期和地点"),
    on=Visit,
    may=rules.handles_visit,
    stages=("planned",),
)
def schedule_visit(
    visit: Visit,
    act: Act,
    *,
    day: date,
    position: int,
    address: str,
    place: tuple[Decimal, Decimal] | None,
) -> Visit:
    """这一现场的日期、当天的次序、地址；坐标（可不填）只用于编排行程。"""
    problems = misfits(Visit, address=address.strip())
    if not address.strip():
        problems.append(Problem(_("请写明地址"), where="address"))
    if day < clock.local(act.now).date():
        problems.append(Problem(_("日期已经过去"), where="day"))
    if problems:
        raise Invalid(problems)
    visit.day, visit.position, visit.address = day, position, address.strip()
    visit.latitude, visit.longitude = place or (None, None)
    visit.save(update_fields=["day", "position", "address", "latitude", "longitude"])
    return visit


@dataclass(frozen=True)
class Member:
    """One of a team to be: an officer, or an expert of the pool."""

    user: User
    expert: Expert | None = None

    @property
    def fingerprint(self) -> str:
        return f"{self.user.pk}/{self.expert.pk if self.expert else ''}"


@action(
    "visit.set_team",
    title=gettext_lazy("确定调查组"),
    on=Visit,
    may=rules.handles_visit,
    stages=("planned", "notified"),
)
def set_team(visit: Visit, act: Act, *, members: Sequence[Member], lead: User) -> Visit:
    """调查组由组织单位人员和专家组成，有一名组长。须回避的专家不能进组，没有例外。"""
    problems = []
    for one in members:
        if one.expert is None and not in_joint_body(one.user, visit.case.round.joint_body):
            problems.append(Problem(_("%s 不是组织单位人员") % one.user, where="officers"))
        if one.expert is not None and (reasons := avoidance.bars(visit.case, one.expert)):
            text = _("专家 %(code)s 须回避：%(why)s") % {"code": one.expert.code, "why": "；".join(reasons)}
            problems.append(Problem(text, where="experts"))
    if lead.pk not in {one.user.pk for one in members}:
        problems.append(Problem(_("组长须在调查组之内"), where="lead"))
    if problems:
        raise Invalid(problems)
    visit.team.all().delete()
    unique = {one.user.pk: one for one in members}
    VisitMember.objects.bulk_create(
        VisitMember(visit=visit, user=one.user, expert=one.expert, is_lead=one.user.pk == lead.pk)
        for one in unique.values()
    )
    act.items(sorted(str(one.user.ref) for one in unique.values()))
    return visit


@action(
    "visit.notify",
    title=gettext_lazy("发出现场调查通知"),
    on=Visit,
    may=rules.handles_visit,
    stages=("planned",),
    to=("notified",),
    clauses=("H3", "N9"),
    mails=mails.notified,
)
def notify(visit: Visit, act: Act) -> Visit:
    """申报单位由这份通知得知现场调查。日期、地址、调查组须已确定。"""
    problems = []
    if visit.day is None or not visit.address:
        problems.append(Problem(_("尚未设定日期和地点")))
    elif visit.day < clock.local(act.now).date():
        problems.append(Problem(_("设定的日期已经过去")))
    if not visit.team.filter(is_lead=True).exists():
        problems.append(Problem(_("尚未确定调查组和组长")))
    if problems:
        raise Invalid(problems)
    visit.notified_at = act.now
    visit.save(update_fields=["notified_at"])
    act.move(visit, Visit.Stage.NOTIFIED)
    return visit


@action(
    "visit.conclude",
    title=gettext_lazy("结束现场调查"),
    on=Visit,
    may=rules.leads_team,
    stages=("notified",),
    to=("done",),
    clauses=("H3",),
    mails=mails.concluded,
)
def conclude(visit: Visit, act: Act, *, conclusion: str, other_matters: str = "") -> Visit:
    """每一条都须有结论，不符和无法核实的须有说明。结束后交申报单位答复，现场记录不再改动。"""
    items = list(visit.items.all())
    problems = [
        Problem(_("第 %d 条还没有核对") % item.position, where=f"item-{item.position}")
        for item in items
        if not item.answer
    ]
    problems += [
        Problem(
            _("第 %(n)d 条为“%(answer)s”，须写明情况")
            % {"n": item.position, "answer": item.get_answer_display()},
            where=f"item-{item.position}",
        )
        for item in items
        if item.answer in {VisitItem.Answer.INCONSISTENT, VisitItem.Answer.UNVERIFIABLE}
        and not item.note.strip()
    ]
    if not conclusion.strip():
        problems.append(Problem(_("请写明现场实际情况与申报内容是否相符"), where="conclusion"))
    if problems:
        raise Invalid(problems)
    visit.conclusion, visit.other_matters, visit.done_at = conclusion.strip(), other_matters.strip(), act.now
    visit.save(update_fields=["conclusion", "other_matters", "done_at"])
    act.move(visit, Visit.Stage.DONE)
    act.items([[item.position, item.answer, item.note] for item in items])
    act.note(photos=list(visit.photos.values_list("upload__sha256", flat=True)))
    return visit


@action(
    "visit.reply",
    title=gettext_lazy("答复现场调查"),
    on=Visit,
    may=rules.replies,
    stages=("done",),
    to=("replied",),
)
def reply(visit: Visit, act: Act, *, reply: str) -> Visit:
    """申报单位对调查结论和不符、无法核实之处的说明；没有意见也须写明。"""
    if not reply.strip():
        raise Invalid([Problem(_("请写明答复；没有意见的写“无意见”"), where="reply")])
    visit.reply, visit.replied_at, visit.replied_by = reply.strip(), act.now, act.by
    visit.content_sha256 = queries.content_hash(visit)
    visit.save(update_fields=["reply", "replied_at", "replied_by", "content_sha256"])
    act.move(visit, Visit.Stage.REPLIED)
    act.note(content_sha256=visit.content_sha256)
    return visit


@action(
    "visit.sign_team",
    title=gettext_lazy("调查组签字"),
    on=Visit,
    may=rules.leads_team,
    stages=("replied",),
    to=("signed",),
)
def sign_team(visit: Visit, act: Act) -> Visit:
    """组长代表调查组签字，签的是核对单、结论和答复的哈希。"""
    visit.team_signed_at, visit.team_signed_by = act.now, act.by
    visit.save(update_fields=["team_signed_at", "team_signed_by"])
    return _signed(visit, act)


@action(
    "visit.sign_applicant",
    title=gettext_lazy("申报单位签字"),
    on=Visit,
    may=rules.signs_for_applicant,
    stages=("replied",),
    to=("signed",),
    clauses=("H3",),
)
def sign_applicant(visit: Visit, act: Act) -> Visit:
    """申报单位签发人签字，确认现场记录和本单位的答复属实。"""
    visit.applicant_signed_at, visit.applicant_signed_by = act.now, act.by
    visit.save(update_fields=["applicant_signed_at", "applicant_signed_by"])
    return _signed(visit, act)


def _signed(visit: Visit, act: Act) -> Visit:
    act.note(content_sha256=visit.content_sha256)
    if visit.team_signed_at and visit.applicant_signed_at:
        act.move(visit, Visit.Stage.SIGNED)
    return visit


@action(
    "visit.cancel",
    title=gettext_lazy("取消现场调查"),
    on=Visit,
    may=rules.handles_visit,
    stages=("planned", "notified"),
    to=("cancelled",),
    mails=mails.cancelled,
)
def cancel(visit: Visit, act: Act, *, reason: str) -> Visit:
    """取消须有理由；已经通知的，申报单位会收到取消的通知。"""
    problems = misfits(Visit, cancel_reason=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("请写明取消的理由"), where="reason"))
    if problems:
        raise Invalid(problems)
    visit.cancel_reason = reason.strip()
    visit.save(update_fields=["cancel_reason"])
    act.move(visit, Visit.Stage.CANCELLED)
    return visit
