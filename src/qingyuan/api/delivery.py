"""Approved pilots over HTTP: start, read, change the baseline."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.review_rounds import cases_router
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.delivery import actions
from qingyuan.delivery.baseline import KINDS
from qingyuan.delivery.models import ChangeRequest, Project, ScopeEnterprise
from qingyuan.delivery.queries import project as queries
from qingyuan.delivery.rules import project as rules
from qingyuan.review.models import Case

TAG = "试点实施"
projects_router = Router(tags=[TAG])
changes_router = Router(tags=[TAG])
sees_project = Found(Project, by=rules.sees_project, arg="project", related=queries.RELATED)
sees_change = Found(
    ChangeRequest,
    by=rules.sees_change,
    arg="change",
    related=tuple(f"project__{name}" for name in queries.RELATED),
)
approved_case = Found(
    Case,
    by=rules.sees_approved_case,
    arg="case",
    related=("round__call__joint_body", "submission", "pilot__call__joint_body"),
)
Opinion = Annotated[str, StringConstraints(max_length=1000)]


class ProjectOut(Schema):
    id: UUID
    revision: int
    stage: str
    case: UUID
    pilot: UUID
    applicant: UUID
    title: str
    category: str
    region: str
    approved_on: date
    approval_number: str
    started_on: date
    term_end: date


class BaselineOut(Schema):
    """The baseline in force; `content` as sealed, with keys for milestones and outputs."""

    project: UUID
    number: int
    content_sha256: str
    made_at: datetime
    content: dict[str, Any]


class ScopeEnterpriseOut(Schema):
    name: str
    credit_code: str
    phase: int = Field(description="审核阶段：0 未开始，1–7 为七个阶段")
    phase_on: date | None
    dropped_on: date | None


class ChangeOut(Schema):
    id: UUID
    revision: int
    stage: str
    project: UUID
    number: int
    kind: str = Field(examples=list(KINDS))
    item: str
    was: str
    becomes: str
    reason: str
    asked_at: datetime
    decided_at: datetime | None
    opinion: str
    baseline: int | None = Field(description="同意后形成的基线版次")


class StartIn(Sent):
    started_on: date
    approval_number: Annotated[str, StringConstraints(max_length=60)] = Field(
        "", description="国家不在本平台批准的，填同意开展试点名单的文号"
    )
    approved_on: date | None = None
    term_end: date | None = Field(None, description="获批的实施方案没有写明期限的，填批准的截止日期")


class ChangeIn(Sent):
    kind: str = Field(examples=["term"], max_length=12)
    item: Annotated[str, StringConstraints(max_length=40)] = Field("", description="基线中的一项；期限不填")
    becomes: Annotated[str, StringConstraints(max_length=300)] = ""
    reason: Annotated[str, StringConstraints(max_length=2000)]


class ProjectStopIn(Sent):
    reason: Annotated[str, StringConstraints(max_length=500)]


class ChangeOpinionIn(Sent):
    opinion: Opinion = ""


def project_line(one: Project, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("revision", "stage", "title", "approved_on", "approval_number", "started_on", "term_end")
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "case": one.case_id,
        "pilot": one.pilot_id,
        "applicant": one.applicant_id,
        "category": one.category_id,
        "region": one.region_code,
    }


def enterprise_line(one: ScopeEnterprise) -> dict[str, Any]:
    return {
        "name": one.name,
        "credit_code": one.enterprise.credit_code,
        "phase": one.phase,
        "phase_on": one.phase_on,
        "dropped_on": one.dropped_on,
    }


def change_line(one: ChangeRequest, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("revision", "stage", "number", "kind", "item", "was", "becomes", "reason")
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "project": one.project_id,
        "asked_at": one.asked_at,
        "decided_at": one.decided_at,
        "opinion": one.opinion,
        "baseline": one.made.number if one.made else None,
    }


@projects_router.get("", response=answers(Page[ProjectOut]), operation_id="projects", summary="试点实施")
def projects(request: HttpRequest, part: Query[Slice]) -> Any:
    """本单位实施、受理或批准的试点，期限近的在前。"""
    return page(queries.projects(request.user), part, project_line)


@projects_router.get(
    "/{project}", response=answers(ProjectOut), operation_id="project", summary="一个试点的实施情况"
)
def project(request: HttpRequest, project: UUID) -> Any:
    """实施单位及其授权人员、受理和批准的联合单位可见。"""
    return project_line(sees_project(request, project))


@projects_router.get(
    "/{project}/baseline", response=answers(BaselineOut), operation_id="project_baseline", summary="现行基线"
)
def baseline(request: HttpRequest, project: UUID) -> Any:
    """获批方案，以及此后同意的变更。"""
    found = sees_project(request, project).baseline
    names = ("number", "content_sha256", "made_at", "content")
    return {"project": project, **{name: getattr(found, name) for name in names}}


@projects_router.get(
    "/{project}/scope",
    response=answers(Page[ScopeEnterpriseOut]),
    operation_id="project_scope",
    summary="范围内企业",
)
def scope(request: HttpRequest, project: UUID, part: Query[Slice]) -> Any:
    """企业和各自的审核阶段；已移出的也列出。"""
    found = sees_project(request, project)
    return page(found.scope.select_related("enterprise"), part, enterprise_line)


@projects_router.get(
    "/{project}/changes",
    response=answers(list[ChangeOut]),
    operation_id="project_changes",
    summary="变更申请",
)
def changes(request: HttpRequest, project: UUID) -> Any:
    """新的在前。"""
    return [change_line(one) for one in sees_project(request, project).changes.select_related("made")]


@changes_router.get("/{change}", response=answers(ChangeOut), operation_id="change", summary="一份变更申请")
def change(request: HttpRequest, change: UUID) -> Any:
    """实施单位及其授权人员、受理和批准的联合单位可见。"""
    return change_line(sees_change(request, change))


expose(
    cases_router, actions.start, "/{case}/start",
    found=approved_case, body=StartIn, shape=ProjectOut, present=project_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    projects_router, actions.ask_change, "/{project}/changes",
    found=sees_project, body=ChangeIn, shape=ChangeOut, present=change_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    projects_router, actions.stop, "/{project}/stop",
    found=sees_project, body=ProjectStopIn, shape=ProjectOut, present=project_line, tag=TAG,
)  # fmt: skip
for verb, path, body in (
    (actions.approve, "/{change}/approve", ChangeOpinionIn),
    (actions.refuse, "/{change}/refuse", ChangeOpinionIn),
    (actions.withdraw, "/{change}/withdraw", None),
):
    expose(
        changes_router,
        verb,
        path,
        found=sees_change,
        body=body,
        shape=ChangeOut,
        present=change_line,
        tag=TAG,
    )
