"""Score sheets over HTTP, past the same gates as the pages: a conflict hides a case, a draft is its expert's alone,
members read each other only after submitting, and departments only once the scores are opened.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import Field, StrictInt, StringConstraints

from qingyuan.api.limits import VerbRate
from qingyuan.api.problems import answers
from qingyuan.api.review_experts import assignments_router, rounds_router, sees_round
from qingyuan.api.review_rounds import RoundOut, round_line
from qingyuan.api.shapes import Key, Sent
from qingyuan.api.verbs import OBJECT, Found, expose
from qingyuan.review import actions, drafts, scoring
from qingyuan.review.models import Assessment, Assignment
from qingyuan.review.rules import assessment as rules

TAG = "专家评审"
assessments_router = Router(tags=[TAG])
Why = Annotated[str, StringConstraints(max_length=500)]
Comment = Annotated[str, StringConstraints(max_length=scoring.LONGEST_COMMENT)]

past_the_gate = Found(
    Assignment,
    by=rules.assesses,
    arg="assignment",
    related=("case__round__call__joint_body", "case__submission", "appointment__expert"),
)
_ASSESSED = (*drafts.RELATED, "assignment__case__submission")
own_sheet = Found(Assessment, by=rules.owns_assessment, arg="assessment", related=_ASSESSED)
reads_sheet = Found(Assessment, by=rules.reads_assessment, arg="assessment", related=_ASSESSED)
officers_sheet = Found(Assessment, by=rules.sees_assessment_as_officer, arg="assessment", related=_ASSESSED)


class SheetOut(Schema):
    """One expert's score sheet, whole."""

    id: UUID
    revision: int
    stage: str = Field(examples=["draft", "submitted"])
    assignment: UUID
    case: UUID
    code: str
    sheet_id: str
    scores: dict[str, int]
    comments: dict[str, str]
    evidence: dict[str, list[str]]
    criteria: dict[str, str]
    confidence: str
    overall: str
    opinion: str
    draft_revision: int
    opened_at: datetime
    submitted_at: datetime | None
    sha256: str


class SheetStateOut(Schema):
    """How far a sheet is; nothing of what stands on it."""

    id: UUID
    revision: int
    stage: str
    case: UUID
    code: str


class SheetDraftIn(Sent):
    """The whole sheet as it stands; what is left out is empty."""

    draft_revision: int = Field(ge=0, le=2**31 - 1, description="您读到的 draft_revision")
    scores: dict[Key, StrictInt] = Field({}, max_length=60, examples=[{"idea": 4}])
    comments: dict[Key, Comment] = Field({}, max_length=60)
    evidence: dict[Key, list[Key]] = Field({}, max_length=60, examples=[{"idea": ["chapter-goals"]}])
    criteria: dict[Key, Key] = Field({}, max_length=60)
    confidence: Annotated[str, StringConstraints(max_length=20)] = ""
    overall: Annotated[str, StringConstraints(max_length=20)] = ""
    opinion: Annotated[str, StringConstraints(max_length=scoring.LONGEST_OPINION)] = ""


class SheetSubmitIn(Sent):
    draft_revision: int = Field(ge=0, le=2**31 - 1, description="您核对过的 draft_revision")


class SheetReopenIn(Sent):
    reason: Why = Field(examples=["一项评分与理由不符，请核对"])


class ScoresOpenIn(Sent):
    reason: Why = Field("", description="仍有未提交的评分时须写明提前启封的理由")


def sheet_out(one: Assessment, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = [name for name in SheetOut.model_fields if name not in {"assignment", "case"}]
    return {
        **{name: getattr(one, name) for name in names},
        "assignment": one.assignment_id,
        "case": one.assignment.case_id,
    }


def state_out(one: Assessment, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {name: sheet_out(one)[name] for name in SheetStateOut.model_fields}


@assignments_router.get(
    "/{assignment}/assessment",
    response=answers(SheetOut),
    operation_id="assignments_assessment",
    summary="我的评分表",
    tags=[TAG],
)
def own(request: HttpRequest, assignment: UUID) -> Any:
    """只有承担这一任务、通过评审门槛的专家本人可见；还没有开始评分的为 404。"""
    sheet = getattr(past_the_gate(request, assignment), "assessment", None)
    if sheet is None:
        raise Http404
    return sheet_out(sheet)


@assessments_router.get(
    "/{assessment}", response=answers(SheetOut), operation_id="assessments_detail", summary="一份评分表"
)
def sheet(request: HttpRequest, assessment: UUID) -> Any:
    """本人可见；提交之后，已提交自己评分的同组专家可见；组织单位在启封之后可见。草稿对他人一律 404。"""
    found = reads_sheet(request, assessment)
    if found.stage != Assessment.Stage.SUBMITTED and not rules.owns_assessment.test(request.user, found):
        raise Http404
    return sheet_out(found)


@assessments_router.put(
    "/{assessment}",
    response=answers(SheetOut, limited=True),
    throttle=VerbRate(),
    operation_id="assessments_save",
    summary="保存评分草稿",
)
def save(request: HttpRequest, assessment: OBJECT, body: SheetDraftIn) -> Any:  # type: ignore[valid-type]
    """只有专家本人；其间在别处保存过的以 409 拒绝，什么也不改。草稿不记台账，提交时才封存。"""
    given = {name: getattr(body, name) for name in scoring.Content.__dataclass_fields__}
    return sheet_out(
        drafts.save_assessment(
            own_sheet(request, assessment),
            content=scoring.Content(**given),
            revision=body.draft_revision,
            by=request.user,
        )
    )


expose(
    assignments_router, actions.open_assessment, "/{assignment}/assessment",
    found=past_the_gate, shape=SheetOut, present=sheet_out, status=201, tag=TAG,
)  # fmt: skip
expose(
    assessments_router, actions.submit_assessment, "/{assessment}/submit",
    found=own_sheet, body=SheetSubmitIn, shape=SheetOut, present=sheet_out,
)  # fmt: skip
expose(
    assessments_router, actions.reopen_assessment, "/{assessment}/reopen",
    found=officers_sheet, body=SheetReopenIn, shape=SheetStateOut, present=state_out,
)  # fmt: skip
expose(
    rounds_router, actions.open_scores, "/{round}/open-scores",
    found=sees_round, body=ScoresOpenIn, shape=RoundOut, present=round_line, tag=TAG,
)  # fmt: skip
