"""Credits of a passed pilot over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.delivery import TAG, projects_router, sees_project
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import expose
from qingyuan.delivery import actions
from qingyuan.delivery import credits as reads
from qingyuan.delivery.models import CreditBatch
from qingyuan.registry import codes

Which = Annotated[str, StringConstraints(min_length=1, max_length=36, strip_whitespace=True)]


class CreditLineOut(Schema):
    scope_enterprise: int
    name: str
    credit_code: str
    credited_to: str = Field(description="记录计入的信用代码：并入的，为并入后的企业")
    state: Literal["not_yet", "waiting", "credited", "revoked", "excluded", "dropped"]
    reason: str
    note: str
    record: UUID | None
    completed_on: date | None
    next_due: date | None
    certificate: str


class CreditBatchOut(Schema):
    """One run: `left` enterprises still waited when it was done; call the operation again until it is 0."""

    project: UUID
    number: int
    kind: str = Field(description="credit 计入、revoke 撤销、again 重新计入")
    count: int
    left: int
    reason: str
    at: datetime


class WhichIn(Sent):
    which: Which = Field(
        description="all 全部；unentitled 结论更正后不应计入的；或一家企业的 scope_enterprise"
    )
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


def batch_line(one: CreditBatch, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("number", "kind", "count", "left", "reason", "at")
    return {**{name: getattr(one, name) for name in names}, "project": one.project_id}


def credit_line(one: reads.Line) -> dict[str, Any]:
    record = one.record
    return {
        "scope_enterprise": one.row.pk,
        "name": one.row.name,
        "credit_code": one.row.enterprise.credit_code,
        "credited_to": one.target.credit_code,
        "state": one.state,
        "reason": one.reason,
        "note": one.note,
        "record": record.pk if record else None,
        "completed_on": record.completed_on if record else None,
        "next_due": record.certificate.next_due if record and one.state == "credited" else None,
        "certificate": codes.shown(record.certificate.code) if record else "",
    }


@projects_router.get(
    "/{project}/credits",
    response=answers(Page[CreditLineOut]),
    operation_id="project_credits",
    summary="范围内企业计入审核的情况",
)
def credits(request: HttpRequest, project: UUID, part: Query[Slice]) -> Any:  # noqa: A001 (the operation's own name)
    """每家企业：已计入的给出记录和证书，未计入的写明原因。"""
    found = sees_project(request, project)
    return page(reads.lines(found, reads.conclusion_of(found)), part, credit_line)


for verb, path, body in (
    (actions.credit, "/{project}/credits", None),
    (actions.revoke_credit, "/{project}/credits/revoke", WhichIn),
    (actions.credit_again, "/{project}/credits/again", WhichIn),
):
    expose(
        projects_router,
        verb,
        path,
        found=sees_project,
        body=body,
        shape=CreditBatchOut,
        present=batch_line,
        status=201,
        tag=TAG,
    )
