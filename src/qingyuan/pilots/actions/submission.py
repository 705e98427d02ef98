"""The last step: sealed files become a received submission."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.mails import shown_until
from qingyuan.kernel import checks, storage
from qingyuan.kernel.actions import Act, Closed, Invalid, Problem, Stale, action
from qingyuan.kernel.ledger import stamp
from qingyuan.kernel.models import LedgerEntry
from qingyuan.pilots import mails_forwarding, returned, rules
from qingyuan.pilots.actions import forwarding
from qingyuan.pilots.checks import summary
from qingyuan.pilots.models import Pilot, Submission, SupplementRequest
from qingyuan.pilots.seal import Sealed

PACKING_TIME = timedelta(minutes=10)
"""A submission counts as arrived when its request did; between that and the record lies the packing, and no more."""


def _call(pilot: Pilot, **_arguments: object) -> list[Model]:
    """The call is locked too: it counts the register."""
    return [pilot.call]


@action(
    "pilot.submit",
    title=gettext_lazy("提交申报材料"),
    on=Pilot,
    may=rules.handles_pilot,
    stages=(Pilot.Stage.SIGNED,),
    to=(Pilot.Stage.SUBMITTED,),
    creates=Submission,
    clauses=("H1", "N4"),
    idempotent=True,
    mails=mails_forwarding.submit_mails,
    locks=_call,
)
def submit(pilot: Pilot, act: Act, *, sealed: Sealed) -> Submission:
    """把已签发并盖章的材料封存、登记并送达受理单位；截止之前可以再次提交，以最后一版为准。"""
    call = pilot.call
    call.refresh_from_db(fields=["closes_at", "opens_at", "stage", "register_last", "forward_closes_at"])
    arrived_at, request = min(sealed.begun_at, act.now), pilot.open_request
    if act.now - arrived_at > PACKING_TIME:
        raise Stale(_("材料包生成已超过 %d 分钟，请重新提交") % (PACKING_TIME.seconds // 60))
    if request is not None:
        returned.require(pilot, now=arrived_at)
    elif not call.accepts_at(arrived_at):
        raise Closed(_("申报已于 %s 截止") % shown_until(call.closes_at))
    if sealed.revision != pilot.revision or sealed.content_sha256 != pilot.content_sha256:
        raise Stale(_("签发之后内容有变动，材料包已过期，请刷新后重新提交"))
    checked = _check(pilot, sealed)
    for blob in (sealed.package_sha256, sealed.plan_sha256, sealed.snapshot_sha256):
        if not storage.exists(blob):
            raise Stale(_("材料包已不在存储中，请重新提交"))
    forwarding.end_waiting(pilot, act)
    pilot.submissions.filter(is_current=True).update(is_current=False)
    call.register_last += 1
    call.save(update_fields=["register_last"])
    submission = Submission.objects.create(
        pilot=pilot,
        call=call,
        version=pilot.submissions.count() + 1,
        register_number=call.register_last,
        submitted_at=arrived_at,
        submitted_by=act.by,
        snapshot=sealed.snapshot,
        snapshot_sha256=sealed.snapshot_sha256,
        package_name=sealed.package_name,
        package_sha256=sealed.package_sha256,
        package_size=sealed.package_size,
        plan_sha256=sealed.plan_sha256,
        manifest=sealed.manifest,
        mail_subject=sealed.mail_subject,
    )
    forwarding.begin(submission, act)
    act.move(pilot, Pilot.Stage.SUBMITTED)
    if request is not None:
        act.move(request, SupplementRequest.Stage.ANSWERED)
        request.answered_with, request.closed_at = submission, act.now
        request.save(update_fields=["stage", "answered_with", "closed_at"])
    act.note(
        arrived_at=stamp(arrived_at),
        version=submission.version,
        register_number=submission.register_number,
        package_sha256=sealed.package_sha256,
        package_size=sealed.package_size,
        snapshot_sha256=sealed.snapshot_sha256,
        content_sha256=sealed.content_sha256,
        self_check=checked,
    )

    def keep_number(entry: LedgerEntry) -> None:
        submission.ledger_seq = entry.seq
        submission.save(update_fields=["ledger_seq"])

    act.after_entry(keep_number)
    return submission


def _check(pilot: Pilot, sealed: Sealed) -> dict[str, Any]:
    """Raise Invalid for errors; else say which rule set found how much."""
    findings = [*checks.run("pilot", pilot), *checks.run("pilot.submit", pilot)]
    problems = [
        Problem(
            finding.message, where=finding.area, url=finding.url, clause=finding.clause, mend=finding.mend
        )
        for finding in findings
        if finding.level == "error"
    ]
    limit = pilot.notice.package.size
    if sealed.package_size > limit.max_bytes:
        found = sealed.package_size / 1024 / 1024
        problems.append(
            Problem(
                _("材料包 %(found).1f MB，超过通知规定的 %(limit)s")
                % {"found": found, "limit": limit.stated},
                where="package",
                clause=limit.clause,
                mend=_("压缩附件中的图片，或移除与申报无关的附件"),
            )
        )
    if problems:
        raise Invalid(problems)
    return summary(pilot, findings)
