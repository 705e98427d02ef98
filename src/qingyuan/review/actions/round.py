"""Verbs on a round and on its cases as such: open, arrange, start, note a withdrawal."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.catalogue.scoresheets import scoresheets
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.pilots.models import Submission
from qingyuan.pilots.snapshot import upcast
from qingyuan.review.models import Case, Round
from qingyuan.review.rules import ground

MOST_EXPERTS = 15


@action(
    "round.open",
    title=gettext_lazy("建立评审"),
    on=Call,
    may=ground.handles_call,
    stages=("open",),
    creates=Round,
    creates_in=("preparing",),
    clauses=("H3", "N9"),
    idempotent=True,
)
def open_round(call: Call, act: Act) -> Round:
    """申报截止后建立一轮评审：把收件登记簿中现行有效的申报逐一立为评审项目，编号不断号。"""
    problems = []
    if call.rounds.filter(kind=Round.Kind.SELECTION).exists():
        problems.append(Problem(_("这份通知已经建立过评审"), where="call"))
    if act.now < call.closes_at:
        problems.append(
            Problem(_("申报尚未截止，不能建立评审"), where="call", mend=_("截止后再建立；截止前先做收件登记"))
        )
    if problems:
        raise Invalid(problems)
    round_ = Round.objects.create(call=call, opened_at=act.now, opened_by=act.by)
    # A pilot that is being supplemented at this moment still counts with the version that was received.
    received = (
        Submission.objects.filter(call=call, is_current=True)
        .exclude(pilot__stage="withdrawn")
        .select_related("pilot__applicant")
        .order_by("register_number")
    )
    cases = [case_of(round_, submission, number) for number, submission in enumerate(received, start=1)]
    Case.objects.bulk_create(cases)
    round_.case_last = len(cases)
    round_.save(update_fields=["case_last"])
    act.items([{"number": case.number, "submission": str(case.submission_id)} for case in cases])
    return round_


def case_of(round_: Round, submission: Submission, number: int) -> Case:
    """A case as the sealed version says, whatever the applicant's working papers say since."""
    sealed = upcast(submission.snapshot)
    pilot = submission.pilot
    return Case(
        round=round_,
        pilot=pilot,
        submission=submission,
        number=number,
        title=sealed["name"],
        applicant=pilot.applicant,
        applicant_name=sealed["applicant"]["name"],
        region_code=sealed["object"]["region"] or pilot.applicant.region_code,
        category_id=sealed["category"]["id"],
        received_at=submission.submitted_at,
    )


def is_for_acceptance(sheet_id: str) -> bool:
    sheet = scoresheets().get(sheet_id)
    return sheet is not None and sheet.acceptance is not None


@action(
    "round.configure",
    title=gettext_lazy("设定评审安排"),
    on=Round,
    may=ground.handles_round,
    stages=("preparing",),
)
def configure(
    round_: Round,
    act: Act,
    *,
    sheet_id: str,
    experts_per_case: int,
    cap_per_expert: int,
    avoids_own_region: bool,
) -> Round:
    """设定评分表、每个项目的专家人数、每位专家的项目上限和地区回避规则；评审开始后不再改动。"""
    problems = misfits(Round, sheet_id=sheet_id)
    if not 1 <= experts_per_case <= MOST_EXPERTS:
        problems.append(
            Problem(
                _("每个项目的专家人数须为 1 至 %d") % MOST_EXPERTS,
                where="experts_per_case",
                expected=f"1–{MOST_EXPERTS}",
            )
        )
    if round_.is_acceptance and sheet_id and not is_for_acceptance(sheet_id):
        problems.append(
            Problem(_("这不是评估验收的评分表"), where="sheet_id", mend=_("留空则使用默认的评分表"))
        )
    if cap_per_expert < 1:
        problems.append(Problem(_("每位专家至少评审 1 个项目"), where="cap_per_expert", expected="≥ 1"))
    if problems:
        raise Invalid(problems)
    round_.sheet_id, round_.experts_per_case = sheet_id, experts_per_case
    round_.cap_per_expert, round_.avoids_own_region = cap_per_expert, avoids_own_region
    round_.save(update_fields=["sheet_id", "experts_per_case", "cap_per_expert", "avoids_own_region"])
    act.note(
        sheet=sheet_id,
        experts_per_case=experts_per_case,
        cap_per_expert=cap_per_expert,
        avoids_own_region=avoids_own_region,
    )
    return round_


@action(
    "round.start",
    title=gettext_lazy("开始评审"),
    on=Round,
    may=ground.handles_round,
    stages=("preparing",),
    to=("reviewing",),
    clauses=("H3", "N9"),
)
def start(round_: Round, act: Act) -> Round:
    """锁定评审安排，开始形式校核和专家评审。"""
    act.move(round_, Round.Stage.REVIEWING)
    act.note(cases=round_.case_last)
    return round_


@action(
    "case.note_withdrawal",
    title=gettext_lazy("登记撤回申报"),
    on=Case,
    may=ground.handles_case,
    stages=("form_check", "returned", "assessment", "decision"),
    to=("withdrawn",),
)
def note_withdrawal(case: Case, act: Act, *, reason: str) -> Case:
    """申报单位截止后来函撤回的，登记后不再评审；已形成的评审记录照原样留存。"""
    problems = misfits(Case, withdrawn_reason=reason.strip())
    if not reason.strip():
        problems.append(Problem(_("请写明来函的日期、文号和撤回的原因"), where="reason"))
    if case.content:
        problems.append(Problem(_("评估验收的试点不能撤回申报"), mend=_("由会同决定作出结论")))
    if problems:
        raise Invalid(problems)
    case.withdrawn_reason = reason.strip()
    case.save(update_fields=["withdrawn_reason"])
    act.move(case, Case.Stage.WITHDRAWN)
    return case
