"""Verbs of a round of acceptance, and what rooms above do to its cases from within their own verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.catalogue.scoresheets import ScoreSheet, acceptance_sheet_for, evaluation_sheet_for
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.models import Upload
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review.models import Case, CaseFile, Round
from qingyuan.review.rules import acceptance as rules

TAKES = (Round.Stage.PREPARING, Round.Stage.REVIEWING)
"""Stages of a round of acceptance in which pilots are taken in."""


@action(
    "round.open_acceptance",
    title=gettext_lazy("建立评估验收"),
    on=Call,
    may=rules.opens_acceptance,
    stages=("open",),
    creates=Round,
    creates_in=("preparing",),
    clauses=("N11",),
    idempotent=True,
)
def open_acceptance(call: Call, act: Act) -> Round:
    """同意开展名单公布之后，为本批试点建立一轮评估验收：沿用专家聘请、回避、评分封存、现场调查和会同决定；实施单位提交验收材料后逐个接收。评分表规定评估、验收分两次进行的，先建立评估，有试点通过评估后再建立验收。"""
    problems = []
    held = list(call.rounds.filter(kind=Round.Kind.ACCEPTANCE))
    # What was begun decides, not the sheet of today: a change of sheet never splits or joins what is under way.
    is_second = [one.sitting for one in held] == [Round.Sitting.EVALUATION]
    if held and not is_second:
        problems.append(Problem(_("这份通知已经建立过评估验收"), where="call"))
    if is_second and not held[0].cases.filter(stage=Case.Stage.EVALUATED).exists():
        problems.append(
            Problem(_("还没有试点通过评估"), where="call", mend=_("评估结论公布之后才能建立验收"))
        )
    decided = [Round.Stage.PUBLISHED, Round.Stage.ARCHIVED]
    if not call.rounds.filter(kind=Round.Kind.SELECTION, stage__in=decided).exists():
        problems.append(
            Problem(
                _("同意开展试点的名单还没有公布"), where="call", mend=_("评审结论公布之后才能建立评估验收")
            )
        )
    try:
        sitting, sheet = _next(call, is_second=is_second, act=act)
    except KeyError:
        problems.append(Problem(_("没有可用的评估验收评分表"), where="call"))
    if problems:
        raise Invalid(problems)
    made = Round.objects.create(
        call=call,
        kind=Round.Kind.ACCEPTANCE,
        sitting=sitting,
        opened_at=act.now,
        opened_by=act.by,
        sheet_id=sheet.id,
        is_demo=call.rounds.filter(is_demo=True).exists(),
    )
    act.note(sheet=sheet.id, sitting=sitting)
    return made


def _next(call: Call, *, is_second: bool, act: Act) -> tuple[Round.Sitting, ScoreSheet]:
    """The sitting that is opened next, and its sheet. Raises KeyError where no sheet is in force."""
    day = clock.local(act.now).date()
    sheet = acceptance_sheet_for(call.notice, on=day)
    if is_second:
        return Round.Sitting.ACCEPTANCE, sheet
    if sheet.acceptance and sheet.acceptance.sittings == "two":
        return Round.Sitting.EVALUATION, evaluation_sheet_for(call.notice, on=day)
    return Round.Sitting.WHOLE, sheet


@action(
    "round.finish_acceptance",
    title=gettext_lazy("结束评估验收"),
    on=Round,
    may=rules.finishes_acceptance,
    stages=("reviewing",),
    to=("published",),
    clauses=("N11",),
)
def finish_acceptance(round_: Round, act: Act) -> Round:
    """本批试点都有了结论，评估验收即告结束，可以归档；之后不再接收验收材料。"""
    waiting = [case for case in round_.cases.order_by("number") if case.is_open]
    problems = [
        Problem(
            _("“%(case)s”还没有结论（%(stage)s）") % {"case": case.title, "stage": case.get_stage_display()},
            url=case.get_absolute_url(),
        )
        for case in waiting
    ]
    if not round_.case_last:
        problems.append(Problem(_("还没有接收任何试点的验收材料")))
    if problems:
        raise Invalid(problems)
    act.move(round_, Round.Stage.PUBLISHED)
    return round_


def content_hash(content: Mapping[str, Any]) -> str:
    return sha256_hex(canonical_bytes(content))


def enter(
    round_: Round, act: Act, *, approved: Case, content: Mapping[str, Any], files: Sequence[Upload]
) -> Case:
    """A pilot handed in for acceptance becomes a case of the round, ready for its panel (the round is locked)."""
    if round_.stage not in TAKES:
        raise Invalid([Problem(_("这一轮评估验收已经结束，不再接收"), where="round")])
    case = Case.objects.create(
        round=round_,
        stage=Case.Stage.ASSESSMENT,
        pilot_id=approved.pilot_id,
        submission_id=approved.submission_id,
        number=round_.case_last + 1,
        title=approved.title,
        applicant_id=approved.applicant_id,
        applicant_name=approved.applicant_name,
        region_code=approved.region_code,
        category_id=approved.category_id,
        received_at=act.now,
        content=dict(content),
        content_sha256=content_hash(content),
    )
    round_.case_last = case.number
    round_.save(update_fields=["case_last"])
    CaseFile.objects.bulk_create(
        CaseFile(case=case, kind=CaseFile.Kind.REPORT, upload=upload, by=act.by, at=act.now)
        for upload in files
    )
    return case


def rectification_ended(case: Case, act: Act) -> None:
    """Answers were accepted, or the day passed: the departments decide on the pilot again (the case is locked)."""
    case.rectified += 1
    case.save(update_fields=["rectified"])
    act.move(case, Case.Stage.DECISION)
