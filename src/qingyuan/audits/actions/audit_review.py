"""Verbs on the evaluation and acceptance of an enterprise's audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import evaluating, extent, sittings
from qingyuan.audits.actions.scheme import need, today
from qingyuan.audits.mails import audit_review as mails
from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.models.scheme import Scheme
from qingyuan.audits.queries import audit_review as queries
from qingyuan.audits.rules import audit_review as rules
from qingyuan.audits.sittings import STRICTNESS, Sitting
from qingyuan.catalogue.evaluations import Evaluation, evaluations
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.people.models import Organisation
from qingyuan.pilots.models import Pilot

Stage, Kind = AuditReview.Stage, AuditReview.Kind
MOST_ROWS = 500
"""Results of one act."""
RECORDED = [
    "stage", "revision", "held_on", "opinion", "evidence", "scores", "vetoes", "total", "rectify_by", "organised_by",
    "recorded_at", "recorded_by",
]  # fmt: skip


@action(
    "audit_review.ask",
    title=gettext_lazy("申请评估或验收"),
    on=Pilot,
    may=rules.asks_review,
    stages=(Pilot.Stage.SUBMITTED,),
    creates=AuditReview,
    creates_in=(Stage.ASKED,),
    clauses=("N11",),
    idempotent=True,
    mails=mails.asked,
)
def ask(pilot: Pilot, act: Act, *, credit_code: str, kind: str, statement: str = "") -> AuditReview:
    """为一家企业的审核申请评估（无/低费方案基本完成、中/高费方案实施之前）或验收（确定的方案都已完成或写明理由不实施）。"""
    statement = statement.strip()
    problems = misfits(AuditReview, statement=statement)
    covered = {one.credit_code: one for one in extent.of(pilot)}
    if kind not in Kind.values:
        problems.append(Problem(_("没有这一种"), where="kind", expected="evaluate、accept"))
    if credit_code not in covered:
        problems.append(
            Problem(_("不是试点范围内的企业"), where="credit_code", expected=_("范围内企业的信用代码"))
        )
    if problems:
        raise Invalid(problems)
    enterprise_id = covered[credit_code].id
    reviews = list(AuditReview.objects.filter(pilot=pilot, enterprise=enterprise_id))
    schemes = Scheme.objects.filter(pilot=pilot, enterprise=enterprise_id)
    sheet = evaluating.sheet_for(pilot, kind)
    problems = evaluating.why_not(kind, sheet, schemes, reviews)
    last = evaluating.latest(reviews, kind)
    if last is not None and last.stage in {Stage.RECTIFY, Stage.FAILED} and not statement:
        problems.append(Problem(_("上一次没有通过，须说明整改情况"), where="statement"))
    if problems:
        raise Invalid(problems)
    rounds = AuditReview.objects.filter(pilot=pilot, enterprise=enterprise_id, kind=kind)
    made = AuditReview.objects.create(
        pilot=pilot,
        enterprise_id=enterprise_id,
        kind=kind,
        round=(rounds.aggregate(last=Max("round"))["last"] or 0) + 1,
        sheet_id=sheet.id,
        statement=statement,
        asked_at=act.now,
        asked_by=act.by,
    )
    act.note(kind=kind, round=made.round, sheet=sheet.id)
    return made


@action(
    "audit_review.withdraw",
    title=gettext_lazy("撤回申请"),
    on=AuditReview,
    may=rules.keeps_review,
    stages=(Stage.ASKED,),
    to=(Stage.WITHDRAWN,),
)
def withdraw(review: AuditReview, act: Act) -> AuditReview:
    """撤回尚未组织的评估或验收申请；以后可以再申请。"""
    act.move(review, Stage.WITHDRAWN)
    return review


@action(
    "audit_review.record",
    title=gettext_lazy("登记评估验收结果"),
    on=AuditReview,
    may=rules.records_review,
    stages=(Stage.ASKED,),
    to=STRICTNESS,
    clauses=("N11",),
    mails=mails.recorded,
)
def record(
    review: AuditReview,
    act: Act,
    *,
    held_on: date,
    scores: Mapping[str, Decimal],
    vetoes: Sequence[str] = (),
    opinion: str,
    conclusion: str = "",
    rectify_by: date | None = None,
    evidence: Upload | None = None,
) -> AuditReview:
    """逐项记分、勾选否决项，合计和结论按评分表得出；可以从严，不能从宽。须整改的写明期限，整改后再申请一次。"""
    sheet = evaluating.sheet_of(review)
    sitting = Sitting(
        held_on=held_on,
        scores=scores,
        vetoes=vetoes,
        opinion=opinion,
        conclusion=conclusion,
        rectify_by=rectify_by,
        evidence=evidence,
    )
    if problems := sittings.problems_of(sitting, sheet, today=today(act)):
        raise Invalid(problems)
    outcome, conclusion = sittings.put(review, sitting, sheet)
    review.organised_by = _organiser(review.pilot, sheet, act)
    review.recorded_at, review.recorded_by = act.now, act.by
    act.move(review, conclusion)
    review.save()
    act.note(
        total=str(outcome.total),
        by_sheet=outcome.conclusion,
        vetoes=review.vetoes,
        held_on=held_on.isoformat(),
        evidence_sha256=evidence.sha256 if evidence else "",
    )
    return review


def _waiting(pilot: Pilot, sheet: str, **_rest: object) -> list[AuditReview]:
    return list(queries.waiting_by_sheet(pilot, sheet))


@action(
    "audit_review.record_many",
    title=gettext_lazy("批量登记评估验收结果"),
    on=Pilot,
    may=rules.records_reviews,
    stages=(Pilot.Stage.SUBMITTED,),
    clauses=("N11",),
    idempotent=True,
    mails=mails.recorded_many,
    locks=_waiting,
)
def record_many(pilot: Pilot, act: Act, *, sheet: str, rows: Sequence[Sitting]) -> Pilot:
    """一次登记多家企业的评估或验收结果，同一张评分表；有一处错误就一家也不登记，并逐处列出。结果与逐家登记的相同。"""
    used = evaluations().get(sheet)
    waiting = {one.enterprise.credit_code: one for one in _waiting(pilot, sheet)} if used else {}
    problems = [] if used else [Problem(_("没有这张评分表"), where="sheet")]
    if not rows:
        problems.append(Problem(_("没有要登记的结果"), where="rows"))
    if len(rows) > MOST_ROWS:
        problems.append(Problem(_("一次最多登记 %d 家") % MOST_ROWS, where="rows"))
    if problems or used is None:
        raise Invalid(problems)
    problems += sittings.problems_of_many(rows, waiting, used, by=act.by, today=today(act))
    if problems:
        raise Invalid(problems)
    done = []
    organiser = _organiser(pilot, used, act)
    for row in rows:
        review = waiting[row.credit_code]
        _outcome, conclusion = sittings.put(review, row, used)
        review.stage = conclusion
        review.organised_by, review.recorded_at, review.recorded_by = organiser, act.now, act.by
        review.revision += 1
        done.append(review)
    AuditReview.objects.bulk_update(done, RECORDED, batch_size=200)
    act.note(sheet=sheet)
    act.items(
        [
            [
                one.enterprise.credit_code,
                one.round,
                one.stage,
                str(one.total),
                one.held_on.isoformat(),
                one.vetoes,
            ]
            for one in done
            if one.held_on
        ]
    )
    return pilot


def _organiser(pilot: Pilot, sheet: Evaluation, act: Act) -> Organisation:
    """The host of the departments, or the applicant where the sheet lets it hold the sitting and its people record."""
    host = next(seat for seat in pilot.call.joint_body.seats if seat.part == "host").organisation
    if "joint_body" in sheet.recorded_by and act.by.standing.holds(host.pk):
        return host
    return pilot.applicant


@action(
    "audit_review.revoke",
    title=gettext_lazy("撤销评估验收结果"),
    on=AuditReview,
    may=rules.records_review,
    stages=STRICTNESS,
    to=(Stage.REVOKED,),
    mails=mails.recorded,
)
def revoke(review: AuditReview, act: Act, *, reason: str) -> AuditReview:
    """登记有误或事后发现弄虚作假的，写明理由撤销；记录留存，须重新申请。"""
    reason = reason.strip()
    problems = need(reason, "reason")
    problems += [
        Problem(one.message, where="reason", expected=one.expected)
        for one in misfits(AuditReview, revoked_reason=reason)
    ]
    if problems:
        raise Invalid(problems)
    review.revoked_reason = reason
    act.move(review, Stage.REVOKED)
    review.save(update_fields=["stage", "revoked_reason"])
    return review
