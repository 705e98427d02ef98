"""Evaluation and acceptance of a pilot over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import File, Form, Schema, UploadedFile
from ninja.responses import Status
from pydantic import Field, StringConstraints

from qingyuan.api.delivery import TAG, projects_router, sees_project
from qingyuan.api.limits import VerbRate
from qingyuan.api.problems import answers
from qingyuan.api.verbs import OBJECT, OPTIONAL_KEY, REVISION, Exposed, refuse_early, revision
from qingyuan.delivery import actions
from qingyuan.delivery.forms.acceptance import exclusion_lines
from qingyuan.delivery.forms.project import EVIDENCE
from qingyuan.delivery.models import Conclusion
from qingyuan.delivery.queries import acceptance as queries
from qingyuan.kernel.gate import receive


class ConclusionExclusionOut(Schema):
    credit_code: str
    name: str
    reason: str


class ConclusionOut(Schema):
    project: UUID
    outcome: str = Field(examples=Conclusion.Outcome.values)
    listed_on: date
    document_number: str
    source: str = Field(examples=Conclusion.Source.values)
    reason: str
    recorded_at: datetime
    exclusions: list[ConclusionExclusionOut] = Field(description="结论指明不计审核记录的企业")


class ConcludeIn(Schema):
    outcome: Annotated[str, StringConstraints(max_length=10)] = Field(examples=["passed"])
    document_number: Annotated[str, StringConstraints(max_length=60)]
    listed_on: date
    reason: Annotated[str, StringConstraints(max_length=2000)] = Field("", description="未通过的理由")
    exclusions: Annotated[str, StringConstraints(max_length=200_000)] = Field(
        "", description="不计审核记录的企业，一行一家：统一社会信用代码，空格，理由"
    )


def conclusion_line(one: Conclusion) -> dict[str, Any]:
    names = ("outcome", "listed_on", "document_number", "source", "reason", "recorded_at")
    return {
        **{name: getattr(one, name) for name in names},
        "project": one.project_id,
        "exclusions": [
            {
                "credit_code": row.scope_enterprise.enterprise.credit_code,
                "name": row.scope_enterprise.name,
                "reason": row.reason,
            }
            for row in one.exclusions.select_related("scope_enterprise__enterprise")
        ],
    }


@projects_router.get(
    "/{project}/conclusion",
    response=answers(ConclusionOut),
    operation_id="project_conclusion",
    summary="评估验收结论",
)
def conclusion(request: HttpRequest, project: UUID) -> Any:
    """还没有结论的，404。"""
    found = queries.conclusion_of(sees_project(request, project))
    if found is None:
        raise Http404
    return conclusion_line(found)


@projects_router.post(
    "/{project}/conclude",
    response=answers(ConclusionOut, limited=True),
    throttle=VerbRate(),
    operation_id="project_conclude",
    summary=str(actions.conclude.title),
    tags=[TAG],
)
def conclude(
    request: HttpRequest,
    *,
    project: OBJECT,  # type: ignore[valid-type]
    file: Annotated[UploadedFile, File(..., description="公布的名单或文件：" + "、".join(sorted(EVIDENCE)))],
    form: Annotated[ConcludeIn, Form(...)],
    idempotency_key: str | None = OPTIONAL_KEY,
    if_match: str | None = REVISION,
) -> Any:
    """国家在本平台之外评估验收的，由受理申报的主办单位据公布的名单或文件登记（multipart/form-data）。"""
    found = sees_project(request, project)
    refuse_early(actions.conclude, request, found)
    given = form.dict()
    made = actions.conclude(
        found,
        by=request.user,
        key=idempotency_key,
        expect=revision(if_match),
        evidence=receive(file, by=request.user, allow=EVIDENCE),
        **{**given, "exclusions": exclusion_lines(given["exclusions"])},
    )
    return Status(200, conclusion_line(made))


Exposed.operations[actions.conclude.name] = ("POST", "/{project}/conclude")
