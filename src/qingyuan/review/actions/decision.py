"""Verbs of the joint decision: draft, consult, edit, consent or dissent, record what the office system issued, release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, Problem, Stale, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.ledger import stamp
from qingyuan.kernel.models import Upload
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.canonical import sha256_hex
from qingyuan.people.models import Role
from qingyuan.review import acceptance, decisions, decisions_mails, followers, publicity_mails
from qingyuan.review import publicity as conditions
from qingyuan.review.actions import publicity as publicities
from qingyuan.review.decisions import Row
from qingyuan.review.models import (
    Case,
    CosignCheck,
    Decision,
    DecisionConsent,
    DecisionItem,
    Publicity,
    Round,
)
from qingyuan.review.queries.formcheck import truthfulness_problems
from qingyuan.review.rules import decision as rules
from qingyuan.review.rules import ground


def _write(decision: Decision, rows: Sequence[Row], *, note: str, over_quota_reason: str) -> None:
    """The rows as given; raises Invalid with everything that stands against them."""
    problems = decisions.problems_of(decision.round, decision.kind, rows, over_quota_reason=over_quota_reason)
    problems += misfits(Decision, note=note, over_quota_reason=over_quota_reason)
    if problems:
        raise Invalid(problems)
    decision.note, decision.over_quota_reason = note.strip(), over_quota_reason.strip()
    decision.save(update_fields=["note", "over_quota_reason"])
    decision.items.all().delete()
    DecisionItem.objects.bulk_create(
        DecisionItem(
            decision=decision,
            case_id=row.case_id,
            outcome=row.outcome,
            reason=row.reason.strip(),
            position=position,
            terms=acceptance.as_terms(row),
        )
        for position, row in enumerate(rows, start=1)
    )


def _hash(decision: Decision) -> str:
    return decisions.content_hash(decision, list(decision.items.select_related("case")))


@action(
    "decision.draft",
    title=gettext_lazy("拟定会同决定"),
    on=Round,
    may=ground.handles_round,
    stages=("reviewing", "deciding"),
    to=("deciding",),
    creates=Decision,
    creates_in=("drafting",),
    clauses=("H2", "N8", "N9"),
    idempotent=True,
)
def draft(
    round_: Round,
    act: Act,
    *,
    kind: str,
    items: Sequence[Row],
    note: str = "",
    over_quota_reason: str = "",
) -> Decision:
    """由主办单位拟稿：每个项目的结论和理由，推荐项目按推荐次序排列；评审结论须包括全部尚未办结的项目。"""
    if kind not in Decision.Kind.values:
        raise Invalid([Problem(_("没有这种决定"), where="kind", expected="、".join(Decision.Kind.values))])
    if round_.decisions.filter(kind=kind).exclude(stage__in=_ended(kind)).exists():
        raise Invalid([Problem(_("已有一份同类决定在办理，请在其上修改"), where="kind")])
    decision = Decision.objects.create(round=round_, kind=kind, drafted_at=act.now)
    _write(decision, items, note=note, over_quota_reason=over_quota_reason)
    if kind == Decision.Kind.FINAL and round_.stage == Round.Stage.REVIEWING:
        act.move(round_, Round.Stage.DECIDING)
    act.note(kind=kind)
    act.items([{"case": str(row.case_id), "outcome": str(row.outcome)} for row in items])
    return decision


def _ended(kind: str) -> list[str]:
    """The stages that leave room for another decision of the kind."""
    return ["dropped"] if kind == Decision.Kind.FINAL else ["dropped", "released"]


@action(
    "decision.revise",
    title=gettext_lazy("修改拟稿"),
    on=Decision,
    may=rules.handles_decision,
    stages=("drafting",),
)
def revise(
    decision: Decision, act: Act, *, items: Sequence[Row], note: str = "", over_quota_reason: str = ""
) -> Decision:
    """修改各项目的结论、理由和次序。"""
    _write(decision, items, note=note, over_quota_reason=over_quota_reason)
    act.items([{"case": str(row.case_id), "outcome": str(row.outcome)} for row in items])
    return decision


def _untrue(decision: Decision, rows: Sequence[Row]) -> list[Problem]:
    """Nothing is recommended whose truth the province has not examined and signed for (N14)."""
    chosen = [row.case_id for row in rows if row.outcome == decisions.positive(decision.round)]
    cases = Case.objects.filter(round=decision.round_id, pk__in=chosen)
    return truthfulness_problems(decision.round, list(cases)) if chosen else []


@action(
    "decision.send_for_cosign",
    title=gettext_lazy("送会签"),
    on=Decision,
    may=rules.handles_decision,
    stages=("drafting",),
    to=("cosign",),
    clauses=("N14",),
    mails=decisions_mails.cosign_mails,
)
def send_for_cosign(decision: Decision, act: Act, *, due_at: datetime) -> Decision:
    """送各会同单位在期限内审阅；会签单位可以直接修改、退回、同意或者提出不同意见。推荐的项目须已签发真实性审查。"""
    rows = [Row(item.case_id, item.outcome, item.reason, item.terms) for item in decision.items.all()]
    problems = decisions.problems_of(
        decision.round, decision.kind, rows, over_quota_reason=decision.over_quota_reason
    )
    problems += _untrue(decision, rows)
    if due_at <= act.now:
        problems.append(
            Problem(_("会签期限须晚于现在"), where="due_at", expected=_("晚于 %s") % stamp(act.now))
        )
    if problems:
        raise Invalid(problems)
    decision.content_sha256, decision.cosign_due_at = _hash(decision), due_at
    decision.save(update_fields=["content_sha256", "cosign_due_at"])
    act.move(decision, Decision.Stage.COSIGN)
    act.note(content_sha256=decision.content_sha256, due_at=stamp(due_at))
    return decision


@action(
    "decision.amend",
    title=gettext_lazy("会签修改"),
    on=Decision,
    may=rules.edits_for_cosigner,
    stages=("cosign",),
    mails=decisions_mails.amended_mails,
)
def amend(
    decision: Decision, act: Act, *, items: Sequence[Row], note: str = "", over_quota_reason: str = ""
) -> Decision:
    """会签单位直接改稿；改动之后，各单位此前的同意都不再算数，须对新内容重新表示意见。"""
    _write(decision, items, note=note, over_quota_reason=over_quota_reason)
    decision.content_sha256 = _hash(decision)
    decision.save(update_fields=["content_sha256"])
    act.note(content_sha256=decision.content_sha256)
    return decision


def _publicities(decision: Decision, **_arguments: object) -> Iterable[Model]:
    return decision.publicities.exclude(stage=Publicity.Stage.STOPPED)


@action(
    "decision.return_to_draft",
    title=gettext_lazy("退回主办单位修改"),
    on=Decision,
    may=rules.edits_for_cosigner | rules.handles_decision,
    stages=("cosign", "disagreed", "agreed"),
    to=("drafting",),
    mails=publicity_mails.returned,
    locks=_publicities,
)
def return_to_draft(decision: Decision, act: Act, *, remark: str) -> Decision:
    """写明意见，退回拟稿；重新送会签后各单位重新表示意见。已经公示的，公示随之终止。"""
    if not remark.strip():
        raise Invalid([Problem(_("请写明退回修改的意见"), where="remark")])
    if lying_open := conditions.standing(decision):
        with in_record_language():
            why = _("退回拟稿修改")
        publicities.end(lying_open, act, Publicity.Stage.STOPPED, reason=why)
    act.move(decision, Decision.Stage.DRAFTING)
    act.note(remark_sha256=sha256_hex(remark.encode()))
    return decision


def _say(decision: Decision, act: Act, *, seen: str, agrees: bool, opinion: str) -> None:
    if seen != decision.content_sha256:
        raise Stale(_("您阅看之后内容又有修改，请重新核对现在的内容"))
    for organisation in rules.bodies_of(act.by, decision, Role.SIGNER):
        DecisionConsent.objects.update_or_create(
            decision=decision,
            organisation=organisation,
            content_sha256=decision.content_sha256,
            defaults={"by": act.by, "at": act.now, "agrees": agrees, "opinion": opinion},
        )
    act.note(content_sha256=decision.content_sha256, agrees=agrees)


@action(
    "decision.consent",
    title=gettext_lazy("同意"),
    on=Decision,
    may=rules.signs_decision | rules.cosigns_decision,
    stages=("cosign",),
    to=("agreed",),
    clauses=("H2", "N9"),
    idempotent=True,
)
def consent(decision: Decision, act: Act, *, content_sha256: str) -> Decision:
    """代表本单位同意所阅看的内容；主办和全部会签单位都同意同一内容，决定才成立。"""
    _say(decision, act, seen=content_sha256, agrees=True, opinion="")
    parts = {part.organisation_id for part in decision.round.joint_body.seats}
    agreed = decision.consents.filter(content_sha256=decision.content_sha256, agrees=True)
    if parts <= set(agreed.values_list("organisation_id", flat=True)):
        act.move(decision, Decision.Stage.AGREED)
    return decision


@action(
    "decision.dissent",
    title=gettext_lazy("提出不同意见"),
    on=Decision,
    may=rules.signs_decision | rules.cosigns_decision,
    stages=("cosign",),
    to=("disagreed",),
    mails=decisions_mails.dissent_mails,
)
def dissent(decision: Decision, act: Act, *, content_sha256: str, opinion: str) -> Decision:
    """代表本单位表示不同意并写明意见；意见不一致是一种状态，由主办单位协商后重新拟稿。"""
    problems = misfits(DecisionConsent, opinion=opinion.strip())
    if not opinion.strip():
        problems.append(Problem(_("请写明不同意的意见"), where="opinion"))
    if problems:
        raise Invalid(problems)
    _say(decision, act, seen=content_sha256, agrees=False, opinion=opinion.strip())
    act.move(decision, Decision.Stage.DISAGREED)
    return decision


@action(
    "decision.drop",
    title=gettext_lazy("撤销拟稿"),
    on=Decision,
    may=rules.handles_decision,
    stages=("drafting", "disagreed"),
    to=("dropped",),
)
def drop(decision: Decision, act: Act) -> Decision:
    """撤销这份拟稿；已有的意见照原样留存。"""
    act.move(decision, Decision.Stage.DROPPED)
    return decision


@action(
    "decision.record_issue",
    title=gettext_lazy("登记发文"),
    on=Decision,
    may=rules.handles_decision,
    stages=("agreed", "released"),
)
def record_issue(
    decision: Decision,
    act: Act,
    *,
    document_number: str,
    signed_by: str,
    dated_on: date,
    sealed_copy: Upload | None = None,
) -> Decision:
    """登记公文系统产生的发文字号、签发人、成文日期和盖章件；平台不生成文号。"""
    problems = misfits(Decision, document_number=document_number.strip(), signed_by=signed_by.strip())
    problems += [
        Problem(_("请填写%s") % title, where=where)
        for where, title, value in (
            ("document_number", _("发文字号"), document_number),
            ("signed_by", _("签发人"), signed_by),
        )
        if not value.strip()
    ]
    if decision.stage == Decision.Stage.AGREED:
        problems += conditions.before_taking_effect(decision)
    if problems:
        raise Invalid(problems)
    decision.document_number, decision.signed_by = document_number.strip(), signed_by.strip()
    decision.dated_on = dated_on
    if sealed_copy is not None:
        decision.sealed_copy = sealed_copy
    decision.save(update_fields=["document_number", "signed_by", "dated_on", "sealed_copy"])
    followers.issued(decision)
    act.note(
        document_number=decision.document_number,
        dated_on=dated_on.isoformat(),
        sealed_copy_sha256=decision.sealed_copy.sha256 if decision.sealed_copy else "",
    )
    return decision


def _all_of(decision: Decision, **_arguments: object) -> Iterable[Model]:
    return [
        decision.round,
        *(item.case for item in decision.items.select_related("case")),
        *_publicities(decision),
        *followers.locked_by(decision),
    ]


@action(
    "decision.release",
    title=gettext_lazy("公布决定"),
    on=Decision,
    may=rules.signs_decision,
    stages=("agreed",),
    to=("released",),
    clauses=("H2", "N8", "N9", "N11"),
    idempotent=True,
    mails=decisions_mails.release_mails,
    locks=_all_of,
)
def release(decision: Decision, act: Act) -> Decision:
    """会同一致的决定一并生效：所列项目同时进入各自结论，逐一通知申报单位；评审结论公布后本轮评审即告结束。通知规定公示的，公示结束才能公布。"""
    if _hash(decision) != decision.content_sha256:
        raise Stale(_("内容与各单位同意的不一致，请退回重新会签"))
    problems = conditions.before_taking_effect(decision)
    if decision.makes_passed_list and not (decision.document_number and decision.dated_on):
        problems.append(
            Problem(
                _("还没有登记发文字号和成文日期"),
                mend=_("先登记发文：名单的文号和日期是企业计入审核记录的依据"),
            )
        )
    if problems:
        raise Invalid(problems)
    items = list(decision.items.select_related("case"))
    moved = [item for item in items if item.case.stage not in decisions.before(decision.kind)]
    if moved:
        raise Invalid(
            [
                Problem(
                    _("“%(case)s”会签期间已变为“%(stage)s”，须退回重新会签")
                    % {"case": item.case.title, "stage": item.case.get_stage_display()},
                    where=f"items.{item.case.number}",
                )
                for item in moved
            ]
        )
    for item in items:
        act.move(item.case, item.outcome)
    if decision.kind == Decision.Kind.FINAL:
        act.move(Round.objects.get(pk=decision.round_id), Round.Stage.PUBLISHED)
    decision.released_at = act.now
    decision.save(update_fields=["released_at"])
    act.move(decision, Decision.Stage.RELEASED)
    followers.follow(decision, items, act)
    act.note(content_sha256=decision.content_sha256)
    act.items([{"case": str(item.case_id), "outcome": item.outcome} for item in items])
    return decision


@action(
    "case.note_cosign_check",
    title=gettext_lazy("登记会签单位核查"),
    on=Case,
    may=rules.checks_for_cosigner,
    stages=("form_check", "returned", "assessment", "decision"),
)
def note_cosign_check(case: Case, act: Act, *, topic: str, result: str, note: str = "") -> CosignCheck:
    """会签单位登记自己的核查结论：产业政策、节能审查；不符合的写明理由。"""
    problems = misfits(CosignCheck, note=note.strip())
    if topic not in CosignCheck.Topic.values:
        problems.append(Problem(_("没有这项核查"), where="topic"))
    if result not in CosignCheck.Result.values:
        problems.append(Problem(_("请选择核查结论"), where="result"))
    if result == CosignCheck.Result.DOES_NOT and not note.strip():
        problems.append(Problem(_("不符合的，请写明理由"), where="note"))
    if problems:
        raise Invalid(problems)
    body = next(body for body in case.round.joint_body.cosigners if act.by.standing.holds(body.pk))
    check, _made = CosignCheck.objects.update_or_create(
        case=case,
        topic=topic,
        defaults={"result": result, "note": note.strip(), "organisation": body, "by": act.by, "at": act.now},
    )
    act.note(topic=topic, result=result)
    return check
