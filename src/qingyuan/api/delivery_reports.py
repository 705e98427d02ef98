"""Progress reports over HTTP: the calendar, the draft, handing in, the department's word."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.calls import router as calls_router
from qingyuan.api.delivery import TAG, projects_router, sees_project
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.calls.models import Call
from qingyuan.calls.rules import can_see_call
from qingyuan.delivery import actions, drafts
from qingyuan.delivery import report as contents
from qingyuan.delivery.models import ProgressReport, ReportingRhythm
from qingyuan.delivery.queries import report as queries
from qingyuan.delivery.queries.process import today
from qingyuan.delivery.rules import report as rules

reports_router = Router(tags=[TAG])
sees_report = Found(
    ProgressReport, by=rules.sees_report, arg="report", related=(*queries.RELATED, "saved_by")
)
sees_call = Found(Call, by=can_see_call, arg="call", related=("joint_body",))
Number = Annotated[str, StringConstraints(max_length=contents.LONGEST_NUMBER)]
Note = Annotated[str, StringConstraints(max_length=contents.LONGEST_NOTE)]
Words = Annotated[str, StringConstraints(max_length=1000)]


class ReportPeriodOut(Schema):
    title: str
    starts: date
    ends: date
    due: date
    state: str = Field(
        description="upcoming 未到，running 本期进行中，due 待报送，late 逾期未报，handed_in 待审阅，returned 退回补充，accepted 已审阅"
    )
    report: UUID | None


class ProgressReportOut(Schema):
    id: UUID
    revision: int
    draft_revision: int
    stage: str
    project: UUID
    title: str
    starts: date
    ends: date
    due: date
    returns: int
    first_handed_in_on: date | None
    content: dict[str, Any] = Field(description="填报中的内容：texts、figures（按目标）、steps（按节点）")


class ReportVersionOut(Schema):
    """A sealed version and the words on it."""

    number: int
    at: datetime
    content_sha256: str
    content: dict[str, Any]
    decisions: list[dict[str, Any]]


class ProgressLineOut(Schema):
    project: UUID
    title: str
    applicant: str
    period: str
    due: date | None
    state: str
    handed_in: int
    late: int
    days: int


class RhythmOut(Schema):
    rhythm: str
    due_days: int
    from_on: date
    reason: str


class FigureIn(Sent):
    value: Number = ""
    measured_on: Number = ""
    note: Note = ""


class StepIn(Sent):
    state: Number = ""
    done_on: Number = ""
    note: Note = ""


class ReportDraftIn(Sent):
    revision: int = Field(ge=0, description="读到的 draft_revision；其间有人保存过则以 409 拒绝")
    texts: dict[str, Annotated[str, StringConstraints(max_length=contents.LONGEST_TEXT)]] = {}
    figures: dict[str, FigureIn] = {}
    steps: dict[str, StepIn] = {}


class HandInReportIn(Sent):
    draft_revision: int = Field(ge=0)


class ReportWordIn(Sent):
    opinion: Words = ""


class RhythmIn(Sent):
    rhythm: str = Field(examples=["monthly", "quarterly"], max_length=10)
    due_days: int = Field(ge=0, le=120)
    from_on: date
    reason: Annotated[str, StringConstraints(max_length=300)]


def report_line(one: ProgressReport, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = (
        "revision",
        "draft_revision",
        "stage",
        "starts",
        "ends",
        "due",
        "returns",
        "first_handed_in_on",
        "content",
    )
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "project": one.project_id,
        "title": one.period.title,
    }


def rhythm_line(one: ReportingRhythm, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("rhythm", "due_days", "from_on", "reason")}


def overview_line(one: queries.Overdue) -> dict[str, Any]:
    return {
        "project": one.project.pk,
        "title": one.project.title,
        "applicant": one.project.applicant.name,
        "period": one.slot.period.title if one.slot else "",
        "due": one.slot.period.due if one.slot else None,
        **{name: getattr(one, name) for name in ("state", "handed_in", "late", "days")},
    }


@reports_router.get(
    "", response=answers(Page[ProgressLineOut]), operation_id="progress_overview", summary="各试点的报送情况"
)
def overview(request: HttpRequest, part: Query[Slice]) -> Any:
    """实施中的试点，逾期最久的在前。"""
    return page(queries.overview(list(queries.running(request.user)), today=today()), part, overview_line)


@projects_router.get(
    "/{project}/report-calendar",
    response=answers(list[ReportPeriodOut]),
    operation_id="project_report_calendar",
    summary="调度日历",
)
def report_calendar(request: HttpRequest, project: UUID) -> Any:
    """从启动到实施期限的各期。"""
    day = today()
    return [
        {
            **{name: getattr(slot.period, name) for name in ("title", "starts", "ends", "due")},
            "state": slot.state(day),
            "report": slot.report.pk if slot.report else None,
        }
        for slot in queries.calendar_of(sees_project(request, project))
    ]


@reports_router.get(
    "/{report}", response=answers(ProgressReportOut), operation_id="progress_report", summary="一份进展报告"
)
def report(request: HttpRequest, report: UUID) -> Any:
    """报送前的内容只有填报单位看得到。"""
    found = sees_report(request, report)
    line = report_line(found)
    return line if rules.handles_report.test(request.user, found) else {**line, "content": {}}


@reports_router.get(
    "/{report}/versions",
    response=answers(list[ReportVersionOut]),
    operation_id="progress_report_versions",
    summary="已报送的各版",
)
def versions(request: HttpRequest, report: UUID) -> Any:
    """每一版封存的内容和审阅意见。"""
    found = sees_report(request, report).versions.prefetch_related("decisions")
    return [
        {
            **{name: getattr(one, name) for name in ("number", "at", "content_sha256", "content")},
            "decisions": [
                {"accepted": word.accepted, "opinion": word.opinion, "at": word.at}
                for word in one.decisions.all()
            ],
        }
        for one in found
    ]


@reports_router.put(
    "/{report}/draft",
    response=answers(ProgressReportOut),
    operation_id="save_progress_report",
    summary="保存填报内容",
)
def save(request: HttpRequest, report: UUID, body: ReportDraftIn) -> Any:
    """整体替换填报内容；基线没有的目标和节点略去。"""
    draft = contents.Draft(
        texts=body.texts,
        figures={key: contents.Figure(**one.model_dump()) for key, one in body.figures.items()},
        steps={key: contents.Step(**one.model_dump()) for key, one in body.steps.items()},
    )
    found = sees_report(request, report)
    return report_line(drafts.save_report(found, draft=draft, revision=body.revision, by=request.user))


expose(
    projects_router, actions.begin_report, "/{project}/reports",
    found=sees_project, shape=ProgressReportOut, present=report_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    calls_router, actions.set_rhythm, "/{call}/rhythm",
    found=sees_call, body=RhythmIn, shape=RhythmOut, present=rhythm_line, status=201, tag=TAG,
)  # fmt: skip
for verb, path, body in (
    (actions.hand_in, "/{report}/hand-in", HandInReportIn),
    (actions.accept, "/{report}/accept", ReportWordIn),
    (actions.send_back, "/{report}/send-back", ReportWordIn),
):
    expose(
        reports_router,
        verb,
        path,
        found=sees_report,
        body=body,
        shape=ProgressReportOut,
        present=report_line,
        tag=TAG,
    )
