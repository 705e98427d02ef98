"""Verbs of 退回补充完善: the receiving side asks, withdraws the request, or notes that it lapsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.mails import host_of
from qingyuan.kernel.actions import Act, Closed, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.papers.canonical import sha256_hex
from qingyuan.pilots import mails_returned, returned, rules, snapshot
from qingyuan.pilots.models import ChapterRemark, Pilot, SignOff, SupplementRequest

Stage = SupplementRequest.Stage


@action(
    "pilot.request_supplement",
    title=gettext_lazy("退回补充完善"),
    on=Pilot,
    may=rules.handles_for_receiver & rules.call_takes_supplements,
    stages=(Pilot.Stage.SUBMITTED,),
    to=(Pilot.Stage.DRAFTING,),
    creates=SupplementRequest,
    creates_in=(Stage.OPEN,),
    idempotent=True,
    mails=mails_returned.request_mails,
)
def request_supplement(
    pilot: Pilot,
    act: Act,
    *,
    chapters: Sequence[str],
    parts: Sequence[str],
    reason: str,
    due_at: datetime,
    remarks: Mapping[str, str] | None = None,
) -> SupplementRequest:
    """请申报单位在期限内补充完善指定的章节和部分；期间只有指定的内容可以修改，再次签发提交后形成新版本，已收到的版本在此之前一直有效。"""
    known = {leaf.id for leaf in pilot.notice.leaves()}
    problems = misfits(SupplementRequest, reason=reason)
    if unknown := sorted({*chapters} - known):
        problems.append(Problem(_("大纲没有这些章节：%s") % "、".join(unknown)[:200], where="chapters"))
    if unknown := sorted({*parts} - returned.PARTS.keys()):
        problems.append(Problem(_("申报没有这些部分：%s") % "、".join(unknown)[:200], where="parts"))
    said = {chapter: text.strip() for chapter, text in (remarks or {}).items() if text.strip()}
    for chapter, text in said.items():
        problems += misfits(ChapterRemark, at=chapter, text=text)
        if chapter not in chapters:
            problems.append(
                Problem(
                    _("对没有勾选的章节提了意见"),
                    where=f"{chapter}.text",
                    mend=_("勾选这一章，或删去意见"),
                )
            )
    if not chapters and not parts:
        problems.append(Problem(_("请指定要补充完善的章节或部分"), where="chapters"))
    if not reason.strip():
        problems.append(Problem(_("请写明退回的理由和要求"), where="reason"))
    if due_at <= act.now:
        problems.append(
            Problem(_("补充完善的期限须在现在之后"), where="due_at", mend=_("给申报单位留出办理的时间"))
        )
    submission = pilot.submissions.filter(is_current=True).first()
    if submission is None:
        problems.append(Problem(_("没有已收到的现行版本")))
    if problems or submission is None:
        raise Invalid(problems)
    request = SupplementRequest.objects.create(
        pilot=pilot,
        submission=submission,
        organisation=host_of(pilot.call),
        chapters=[leaf.id for leaf in pilot.notice.leaves() if leaf.id in chapters],
        parts=[part for part in returned.PARTS if part in parts],
        reason=reason.strip(),
        due_at=due_at,
        asked_at=act.now,
        asked_by=act.by,
    )
    ChapterRemark.objects.bulk_create(
        ChapterRemark(chapter=chapter, request=request, text=said[chapter.outline_id], at=act.now, by=act.by)
        for chapter in pilot.chapters.filter(outline_id__in=said)
    )
    SignOff.objects.create(
        pilot=pilot, step=SignOff.Step.SUPPLEMENT, by=act.by, at=act.now, remark=request.reason
    )
    act.move(pilot, Pilot.Stage.DRAFTING)
    # The database holds that a submitted pilot is bound: stage and binding are saved together.
    pilot.content_sha256, pilot.no_state_secrets = "", False
    pilot.save(update_fields=["content_sha256", "no_state_secrets", "stage"])
    act.note(
        version=submission.version,
        chapters=request.chapters,
        parts=request.parts,
        due_at=request.due_at.isoformat(),
        reason_sha256=sha256_hex(request.reason.encode()),
        remarks={chapter: sha256_hex(text.encode()) for chapter, text in sorted(said.items())},
    )
    return request


def _pilot(request: SupplementRequest, **_arguments: object) -> list[Model]:
    """The pilot goes back with its request; both are locked."""
    return [request.pilot]


def _restore(request: SupplementRequest, act: Act) -> None:
    """The received version stands again. What was typed meanwhile stays in the working papers, bound to nothing."""
    pilot = Pilot.objects.get(pk=request.pilot_id)
    act.move(pilot, Pilot.Stage.SUBMITTED)
    pilot.content_sha256 = snapshot.content_hash(request.submission.snapshot)
    pilot.no_state_secrets = True
    pilot.revision += 1
    pilot.save(update_fields=["content_sha256", "no_state_secrets", "stage", "revision"])
    request.closed_at = act.now
    request.save(update_fields=["closed_at"])


@action(
    "supplement_request.cancel",
    title=gettext_lazy("取消退回"),
    on=SupplementRequest,
    may=rules.handles_request,
    stages=(Stage.OPEN,),
    to=(Stage.CANCELLED,),
    mails=mails_returned.cancel_mails,
    locks=_pilot,
)
def cancel_request(request: SupplementRequest, act: Act, *, remark: str) -> SupplementRequest:
    """受理单位取消这次退回；申报回到已提交，以已收到的版本为准。"""
    if not remark.strip():
        raise Invalid([Problem(_("请写明取消的原因"), where="remark")])
    _restore(request, act)
    act.move(request, Stage.CANCELLED)
    act.note(remark_sha256=sha256_hex(remark.strip().encode()))
    return request


@action(
    "supplement_request.lapse",
    title=gettext_lazy("登记逾期未补充"),
    on=SupplementRequest,
    may=rules.handles_request | rules.handles_returned_pilot,
    stages=(Stage.OPEN,),
    to=(Stage.LAPSED,),
    mails=mails_returned.lapse_mails,
    locks=_pilot,
)
def lapse_request(request: SupplementRequest, act: Act) -> SupplementRequest:
    """期限已过而没有再次提交：申报回到已提交，评审以已收到的版本为准。"""
    if act.now < request.due_at:
        raise Closed(_("补充完善的期限还没有到，不能登记逾期"))
    _restore(request, act)
    act.move(request, Stage.LAPSED)
    return request
