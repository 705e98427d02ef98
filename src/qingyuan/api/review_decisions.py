"""Joint decisions over HTTP, for the departments that decide."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from qingyuan.api.problems import answers
from qingyuan.api.review_experts import rounds_router, sees_round
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.review import actions
from qingyuan.review.decisions import LONGEST_REASON, Row
from qingyuan.review.models import Decision
from qingyuan.review.rules import decision as rules

TAG = "会同决定"
decisions_router = Router(tags=[TAG])
Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Long = Annotated[str, StringConstraints(min_length=1, max_length=1000)]

sees_decision = Found(
    Decision, by=rules.sees_decision, arg="decision", related=("round__call__joint_body", "sealed_copy")
)


class ExclusionIn(Schema):
    credit_code: Annotated[str, StringConstraints(max_length=18)]
    reason: Annotated[str, StringConstraints(max_length=500)]


class ItemIn(Schema):
    case: UUID
    outcome: str = Field(examples=["recommended", "not_selected"], max_length=12)
    reason: Annotated[str, StringConstraints(max_length=LONGEST_REASON)] = ""
    due_on: date | None = Field(
        None, description="评估验收要求整改的，整改期限；整改要求在 reason 中一行一条"
    )
    exclusions: list[ExclusionIn] = Field(
        default_factory=list, max_length=2000, description="通过评估验收的，结论指明不计审核记录的企业"
    )


class RowsIn(Sent):
    """Selected projects stand in the order of the list."""

    items: list[ItemIn] = Field(max_length=2000)
    note: Annotated[str, StringConstraints(max_length=2000)] = ""
    over_quota_reason: Annotated[str, StringConstraints(max_length=500)] = ""


class DraftIn(RowsIn):
    kind: str = Field(examples=["final", "form", "acceptance"], max_length=10)


class DueIn(Sent):
    due_at: AwareDatetime


class DecisionRemarkIn(Sent):
    remark: Long


class ConsentIn(Sent):
    content_sha256: Hash = Field(description="您阅看的内容的指纹：内容其间被修改则以 409 拒绝")


class DissentIn(ConsentIn):
    opinion: Long


class DecisionIssueIn(Sent):
    document_number: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    signed_by: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    dated_on: date


class ItemOut(Schema):
    case: UUID
    label: str
    outcome: str
    reason: str
    position: int
    terms: dict[str, Any] = Field(description="评估验收：整改期限，不计审核记录的企业")


class WordOut(Schema):
    organisation: UUID
    agrees: bool
    opinion: str
    at: datetime
    content_sha256: str


class DecisionOut(Schema):
    id: UUID
    revision: int
    stage: str
    kind: str
    round: UUID
    content_sha256: str
    cosign_due_at: datetime | None
    document_number: str
    dated_on: date | None
    released_at: datetime | None
    over_quota_reason: str
    note: str
    items: list[ItemOut]
    words: list[WordOut]


def decision_line(one: Decision, _request: HttpRequest | None = None) -> dict[str, Any]:
    one = Decision.objects.select_related("round").get(pk=one.pk)
    items = one.items.select_related("case__round")
    return {
        "id": one.pk,
        "revision": one.revision,
        "stage": one.stage,
        "kind": one.kind,
        "round": one.round_id,
        "content_sha256": one.content_sha256,
        "cosign_due_at": one.cosign_due_at,
        "document_number": one.document_number,
        "dated_on": one.dated_on,
        "released_at": one.released_at,
        "over_quota_reason": one.over_quota_reason,
        "note": one.note,
        "items": [
            {
                "case": item.case_id,
                "label": item.case.label,
                "outcome": item.outcome,
                "reason": item.reason,
                "position": item.position,
                "terms": item.terms,
            }
            for item in items
        ],
        "words": [
            {
                "organisation": word.organisation_id,
                "agrees": word.agrees,
                "opinion": word.opinion,
                "at": word.at,
                "content_sha256": word.content_sha256,
            }
            for word in one.consents.all()
        ],
    }


@decisions_router.get(
    "/{decision}", response=answers(DecisionOut), operation_id="decision", summary="会同决定"
)
def decision(request: HttpRequest, decision: UUID) -> Any:
    """所列项目、各单位意见和发文登记；仅会同的各单位可见。"""
    return decision_line(sees_decision(request, decision))


@rounds_router.get(
    "/{round}/decisions",
    response=answers(list[DecisionOut]),
    operation_id="round_decisions",
    summary="本轮评审的会同决定",
    tags=[TAG],
)
def decisions_of_round(request: HttpRequest, round: UUID) -> Any:  # noqa: A002
    """新的在前。"""
    return [decision_line(one) for one in sees_round(request, round).decisions.all()]


def _rows(_obj: Any, body: RowsIn, _request: HttpRequest) -> dict[str, Any]:
    return {
        "items": [
            Row(
                item.case,
                item.outcome,
                item.reason,
                {"due_on": item.due_on, "exclusions": [one.dict() for one in item.exclusions]},
            )
            for item in body.items
        ],
        "note": body.note,
        "over_quota_reason": body.over_quota_reason,
    }


def _draft(round_: Any, body: DraftIn, request: HttpRequest) -> dict[str, Any]:
    return {"kind": body.kind, **_rows(round_, body, request)}


expose(
    rounds_router,
    actions.draft,
    "/{round}/decisions",
    found=sees_round,
    body=DraftIn,
    kwargs=_draft,
    shape=DecisionOut,
    present=decision_line,
    status=201,
    tag=TAG,
)
for verb, path, method, body, kwargs in (
    (actions.revise, "/{decision}", "PUT", RowsIn, _rows),
    (actions.send_for_cosign, "/{decision}/send", "POST", DueIn, None),
    (actions.amend, "/{decision}/amend", "POST", RowsIn, _rows),
    (actions.return_to_draft, "/{decision}/return", "POST", DecisionRemarkIn, None),
    (actions.consent, "/{decision}/consent", "POST", ConsentIn, None),
    (actions.dissent, "/{decision}/dissent", "POST", DissentIn, None),
    (actions.drop, "/{decision}/drop", "POST", None, None),
    (actions.record_issue, "/{decision}/issue", "POST", DecisionIssueIn, None),
    (actions.release, "/{decision}/release", "POST", None, None),
):
    expose(
        decisions_router,
        verb,
        path,
        found=sees_decision,
        method=method,
        body=body,
        kwargs=kwargs,
        shape=DecisionOut,
        present=decision_line,
    )
