"""The phases of the enterprises' audits over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.delivery import TAG, ProjectOut, project_line, projects_router, sees_project
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import expose
from qingyuan.delivery import actions
from qingyuan.delivery.models import PhaseChange, Project
from qingyuan.delivery.phases import PhaseRow
from qingyuan.delivery.queries import process as queries


class StatutoryDayOut(Schema):
    """A statutory day of an enterprise, with the law that is in force on it."""

    step: str
    title: str
    since: date
    due: date
    state: str = Field(description="done 已完成，done_late 逾期完成，open 未到期，overdue 已过期限")
    done_on: date | None
    basis: list[str]


class EnterpriseProcessOut(Schema):
    name: str
    credit_code: str
    phase: int = Field(description="审核阶段：0 未开始，1—7 为七个阶段")
    phase_on: date | None
    states: list[str] = Field(
        description="overdue 法定期限已过，soon 即将到期，stalled 长期没有进展，dropped 已移出范围"
    )
    duties: list[StatutoryDayOut]


class PhaseChangeOut(Schema):
    credit_code: str
    was: int
    phase: int
    on: date
    note: str
    at: datetime


class PhaseIn(Sent):
    credit_code: Annotated[str, StringConstraints(max_length=30)]
    phase: int = Field(ge=0, le=7)
    on: date
    note: Annotated[str, StringConstraints(max_length=300)] = ""


class PhasesIn(Sent):
    rows: list[PhaseIn] = Field(min_length=1, max_length=actions.phase.MOST_ROWS)


def process_line(line: queries.Line) -> dict[str, Any]:
    row = line.row
    names = ("step", "title", "since", "due", "state", "done_on")
    return {
        "name": row.name,
        "credit_code": row.enterprise.credit_code,
        "phase": row.phase,
        "phase_on": row.phase_on,
        "states": sorted(line.states),
        "duties": [
            {**{name: getattr(duty, name) for name in names}, "basis": list(duty.basis)}
            for duty in line.duties
        ],
    }


def change_line(one: PhaseChange) -> dict[str, Any]:
    names = ("was", "phase", "on", "note", "at")
    return {
        "credit_code": one.scope_enterprise.enterprise.credit_code,
        **{name: getattr(one, name) for name in names},
    }


def rows(_project: Project, body: Any, _request: HttpRequest) -> dict[str, Any]:
    return {"rows": [PhaseRow(row.credit_code, row.phase, row.on, row.note) for row in body.rows]}


@projects_router.get(
    "/{project}/process",
    response=answers(Page[EnterpriseProcessOut]),
    operation_id="project_process",
    summary="各企业的审核阶段和法定期限",
)
def process(request: HttpRequest, project: UUID, part: Query[Slice]) -> Any:
    """已移出范围的也列出。"""
    return page(queries.lines(sees_project(request, project)), part, process_line)


@projects_router.get(
    "/{project}/phase-changes",
    response=answers(Page[PhaseChangeOut]),
    operation_id="project_phase_changes",
    summary="审核阶段的改动记录",
)
def phase_changes(request: HttpRequest, project: UUID, part: Query[Slice]) -> Any:
    """新的在前。"""
    found = PhaseChange.objects.filter(scope_enterprise__project=sees_project(request, project))
    return page(found.select_related("scope_enterprise__enterprise"), part, change_line)


expose(
    projects_router, actions.set_phases, "/{project}/phases",
    found=sees_project, body=PhasesIn, kwargs=rows, shape=ProjectOut, present=project_line, tag=TAG,
)  # fmt: skip
