"""Commendations over HTTP, for both departments: the names of people stand in none of these answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from qingyuan.api.organisations import joint_router
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.delivery.actions import commendation as actions
from qingyuan.delivery.commending import Body, Person
from qingyuan.delivery.models import Commendation
from qingyuan.delivery.queries import commendation as queries
from qingyuan.delivery.rules import commendation as rules
from qingyuan.people.models import JointBody

TAG = "通报表扬"
commendations_router = Router(tags=[TAG])
sees_commendation = Found(
    Commendation, by=rules.sees_commendation, arg="commendation", related=queries.RELATED
)
sees_joint_body = Found(JointBody, by=rules.sees_joint_body, arg="joint_body")
Reason = Annotated[str, StringConstraints(max_length=500)]
Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class CommendedBodyOut(Schema):
    project: UUID
    organisation: UUID
    name: str
    reason: str


class CommendationOut(Schema):
    """`persons` is how many people are on the list; their names are on the departments' pages alone."""

    id: UUID
    revision: int
    stage: str
    joint_body: UUID
    title: str
    basis: str
    bodies: list[CommendedBodyOut]
    persons: int
    attachment_number: str
    content_sha256: str
    cosign_due_at: datetime | None
    document_number: str
    dated_on: date | None
    issued_at: datetime | None


class CommendedBodyIn(Sent):
    project: UUID
    organisation: UUID
    reason: Reason


class CommendedPersonIn(Sent):
    name: Annotated[str, StringConstraints(max_length=40)]
    body: Annotated[str, StringConstraints(max_length=120)]
    reason: Reason


class CommendationIn(Sent):
    title: Annotated[str, StringConstraints(max_length=120)]
    basis: Annotated[str, StringConstraints(max_length=2000)] = ""
    attachment_number: Annotated[str, StringConstraints(max_length=40)] = ""
    bodies: Annotated[list[CommendedBodyIn], Field(max_length=500)]
    persons: Annotated[list[CommendedPersonIn], Field(max_length=200)] = []


class CommendationCosignIn(Sent):
    due_at: AwareDatetime


class CommendationConsentIn(Sent):
    content_sha256: Digest


class CommendationDissentIn(CommendationConsentIn):
    opinion: Annotated[str, StringConstraints(max_length=1000)]


class CommendationReturnIn(Sent):
    remark: Annotated[str, StringConstraints(max_length=1000)]


class CommendationIssueIn(Sent):
    document_number: Annotated[str, StringConstraints(max_length=60)]
    dated_on: date


def commendation_line(one: Commendation, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = (
        "revision", "stage", "title", "basis", "attachment_number", "content_sha256", "cosign_due_at",
        "document_number", "dated_on", "issued_at",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "joint_body": one.joint_body_id,
        "bodies": [
            {
                "project": body.project_id,
                "organisation": body.organisation_id,
                "name": body.organisation.name,
                "reason": body.reason,
            }
            for body in one.bodies.all()
        ],
        "persons": len(one.persons.all()),
    }


def _draft(_obj: Any, body: CommendationIn, _request: HttpRequest) -> dict[str, Any]:
    return {
        "title": body.title,
        "basis": body.basis,
        "attachment_number": body.attachment_number,
        "bodies": [Body(one.project, one.organisation, one.reason) for one in body.bodies],
        "persons": [Person(one.name, one.body, one.reason) for one in body.persons],
    }


@commendations_router.get(
    "", response=answers(Page[CommendationOut]), operation_id="commendations", summary="通报表扬"
)
def commendations(request: HttpRequest, part: Query[Slice]) -> Any:
    """本单位主办和会签的，新的在前。"""
    found = queries.commendations(request.user).prefetch_related("bodies__organisation", "persons")
    return page(found, part, commendation_line)


@commendations_router.get(
    "/{commendation}", response=answers(CommendationOut), operation_id="commendation", summary="一份通报表扬"
)
def commendation(request: HttpRequest, commendation: UUID) -> Any:
    """主办和会签单位可见。"""
    return commendation_line(sees_commendation(request, commendation))


expose(
    joint_router, actions.draft, "/{joint_body}/commendations",
    found=sees_joint_body, body=CommendationIn, kwargs=_draft, shape=CommendationOut,
    present=commendation_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    commendations_router, actions.revise, "/{commendation}/revise",
    found=sees_commendation, body=CommendationIn, kwargs=_draft, shape=CommendationOut,
    present=commendation_line, tag=TAG,
)  # fmt: skip
for verb, path, body in (
    (actions.send_for_cosign, "/{commendation}/cosign", CommendationCosignIn),
    (actions.consent, "/{commendation}/consent", CommendationConsentIn),
    (actions.dissent, "/{commendation}/dissent", CommendationDissentIn),
    (actions.return_to_draft, "/{commendation}/return", CommendationReturnIn),
    (actions.issue, "/{commendation}/issue", CommendationIssueIn),
    (actions.drop, "/{commendation}/drop", None),
    (actions.erase_persons, "/{commendation}/erase-persons", None),
):
    expose(
        commendations_router,
        verb,
        path,
        found=sees_commendation,
        body=body,
        shape=CommendationOut,
        present=commendation_line,
        tag=TAG,
    )
