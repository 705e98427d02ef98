"""Sign-off inside the applicant: 经办人 -> 审核人 -> 签发人."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import checks
from qingyuan.kernel.actions import Act, Closed, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.papers.canonical import sha256_hex
from qingyuan.pilots import mails, rules, snapshot
from qingyuan.pilots.actions import forwarding
from qingyuan.pilots.checks import summary
from qingyuan.pilots.models import Pilot, SignOff, SupplementRequest

Stage = Pilot.Stage


def _record(pilot: Pilot, act: Act, step: str, *, remark: str = "", content_sha256: str = "") -> None:
    if problems := misfits(SignOff, remark=remark):
        raise Invalid(problems)
    SignOff.objects.create(
        pilot=pilot, step=step, by=act.by, at=act.now, remark=remark, content_sha256=content_sha256
    )


def _refuse_while_errors(pilot: Pilot, act: Act) -> None:
    """Note which rule set found how much; raise Invalid for errors."""
    findings = checks.run("pilot", pilot)
    errors = [finding for finding in findings if finding.level == "error"]
    if errors:
        raise Invalid(
            [
                Problem(
                    finding.message,
                    where=finding.area,
                    url=finding.url,
                    clause=finding.clause,
                    mend=finding.mend,
                )
                for finding in errors
            ],
            _("提交前自查还有 %d 处未完成") % len(errors),
        )
    act.note(self_check=summary(pilot, findings))


@action(
    "pilot.hand_in",
    title=gettext_lazy("送审"),
    on=Pilot,
    may=rules.handles_pilot,
    stages=(Stage.DRAFTING,),
    to=(Stage.REVIEWING,),
    clauses=("N6",),
    idempotent=True,
    mails=mails.hand_in_mails,
)
def hand_in(pilot: Pilot, act: Act, *, remark: str = "") -> Pilot:
    """自查全部通过后，由经办人送本单位审核人；审核期间内容锁定。"""
    _refuse_while_errors(pilot, act)
    digest = snapshot.content_hash(snapshot.build(pilot))
    _record(pilot, act, SignOff.Step.HAND_IN, remark=remark, content_sha256=digest)
    act.move(pilot, Stage.REVIEWING)
    act.note(content_sha256=digest)
    return pilot


@action(
    "pilot.pass_review",
    title=gettext_lazy("审核通过"),
    on=Pilot,
    may=rules.reviews_pilot,
    stages=(Stage.REVIEWING,),
    to=(Stage.SIGNING,),
    idempotent=True,
    mails=mails.review_mails,
)
def pass_review(pilot: Pilot, act: Act, *, remark: str = "") -> Pilot:
    """审核人核对全部内容后，送签发人。"""
    digest = snapshot.content_hash(snapshot.build(pilot))
    _record(pilot, act, SignOff.Step.REVIEW, remark=remark, content_sha256=digest)
    act.move(pilot, Stage.SIGNING)
    act.note(content_sha256=digest)
    return pilot


@action(
    "pilot.return_for_changes",
    title=gettext_lazy("退回修改"),
    on=Pilot,
    may=rules.reviews_pilot | rules.signs_pilot | rules.handles_pilot,
    stages=(Stage.REVIEWING, Stage.SIGNING, Stage.SIGNED),
    to=(Stage.DRAFTING,),
    mails=mails.return_mails,
)
def return_for_changes(pilot: Pilot, act: Act, *, remark: str) -> Pilot:
    """写明意见，退回经办人修改；修改后须重新送审。"""
    if not remark.strip():
        raise Invalid([Problem(_("请写明退回的意见"), where="remark")])
    _record(pilot, act, SignOff.Step.RETURN, remark=remark.strip())
    _unbind(pilot)
    act.move(pilot, Stage.DRAFTING)
    act.note(remark_sha256=sha256_hex(remark.strip().encode()))
    return pilot


def _unbind(pilot: Pilot) -> None:
    pilot.content_sha256, pilot.no_state_secrets = "", False
    # The database holds that a signed pilot is bound: stage and binding are saved together.
    pilot.stage = Stage.DRAFTING
    pilot.save(update_fields=["content_sha256", "no_state_secrets", "stage"])


@action(
    "pilot.sign",
    title=gettext_lazy("签发"),
    on=Pilot,
    may=rules.signs_pilot,
    stages=(Stage.SIGNING,),
    to=(Stage.SIGNED,),
    idempotent=True,
    mails=mails.sign_mails,
)
def sign(pilot: Pilot, act: Act, *, no_state_secrets: bool, remark: str = "") -> Pilot:
    """签发人对确定的内容签发，并确认材料不含国家秘密；内容的指纹随即固定，提交的只能是这一版。"""
    if not no_state_secrets:
        raise Invalid([Problem(_("须确认材料不涉及国家秘密，涉密内容不得上网"), where="no_state_secrets")])
    _refuse_while_errors(pilot, act)
    digest = snapshot.content_hash(snapshot.build(pilot))
    pilot.content_sha256, pilot.no_state_secrets = digest, True
    pilot.save(update_fields=["content_sha256", "no_state_secrets"])
    _record(pilot, act, SignOff.Step.SIGN, remark=remark, content_sha256=digest)
    act.move(pilot, Stage.SIGNED)
    act.note(content_sha256=digest, no_state_secrets=True)
    return pilot


@action(
    "pilot.reopen",
    title=gettext_lazy("重新编制（再次提交）"),
    on=Pilot,
    may=rules.handles_pilot,
    stages=(Stage.SUBMITTED,),
    to=(Stage.DRAFTING,),
)
def reopen(pilot: Pilot, act: Act) -> Pilot:
    """截止之前可以修改后再次提交，形成新版本；在新版本提交之前，已收到的版本一直有效。"""
    if not pilot.call.accepts_at(act.now):
        raise Closed(_("申报已截止，不能再修改；已收到的版本有效"))
    _record(pilot, act, SignOff.Step.REOPEN)
    _unbind(pilot)
    act.move(pilot, Stage.DRAFTING)
    return pilot


@action(
    "pilot.withdraw",
    title=gettext_lazy("撤回申报"),
    on=Pilot,
    may=rules.signs_pilot,
    stages=(Stage.DRAFTING, Stage.REVIEWING, Stage.SIGNING, Stage.SIGNED, Stage.SUBMITTED),
    to=(Stage.WITHDRAWN,),
    mails=mails.withdraw_mails,
)
def withdraw(pilot: Pilot, act: Act, *, remark: str) -> Pilot:
    """申报是自愿的：截止之前签发人可以撤回；已收到的版本留档，但不再参加评审。"""
    if not remark.strip():
        raise Invalid([Problem(_("请写明撤回的原因"), where="remark")])
    if pilot.submissions.exists() and not pilot.call.accepts_at(act.now):
        raise Closed(_("申报已截止，已收到的申报不能在此撤回，请联系受理单位"))
    _record(pilot, act, SignOff.Step.WITHDRAW, remark=remark.strip())
    forwarding.end_waiting(pilot, act)
    pilot.submissions.filter(is_current=True).update(is_current=False)
    if (request := pilot.open_request) is not None:
        act.move(request, SupplementRequest.Stage.CANCELLED)
        request.closed_at = act.now
        request.save(update_fields=["closed_at"])
    act.move(pilot, Stage.WITHDRAWN)
    act.note(remark_sha256=sha256_hex(remark.strip().encode()))
    return pilot
