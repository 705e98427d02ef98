"""What changes a pilot: its content, the sign-off, the submission. Each is a verb, or the guarded save of a chapter."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path

from qingyuan.api import pilots, shapes, submissions
from qingyuan.api.calls import router as calls_router
from qingyuan.api.calls import seen as call_seen
from qingyuan.api.limits import VerbRate, spend_package
from qingyuan.api.pilots import Outline, PilotId, router
from qingyuan.api.problems import ChapterConflict, answers
from qingyuan.api.verbs import expose, refuse_early
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.pilots import actions, drafts
from qingyuan.pilots.actions.schedule import MilestoneRow, OutputRow
from qingyuan.pilots.actions.scope import ScopeRow
from qingyuan.pilots.actions.targets import TargetRow
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.seal import refuse_unready, seal

Condition = Annotated[str, Path(..., pattern="^[A-Za-z0-9._-]{1,40}$", description="申报条件的编号，如 N5.1")]

EntryId = Annotated[int, Path(..., ge=1, le=2**63 - 1, description="范围内企业这一行的编号，取自 GET scope")]
RemarkId = Annotated[int, Path(..., ge=1, le=2**63 - 1, description="意见的编号")]


def _create(_call: Any, body: shapes.CreateIn, request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    applicant = user.standing.organisations.get(body.applicant)
    if applicant is None:
        raise Invalid([Problem(_("您不是这个单位的人员"), where="applicant", mend=_("可用的单位见 /me"))])
    return {"applicant": applicant, "category_id": body.category_id, "name": body.name}


def _answers(_pilot: Pilot, body: shapes.AnswersIn, _request: HttpRequest) -> dict[str, Any]:
    return {"answers": dict(body.answers)}


def _scope(_pilot: Pilot, body: shapes.ScopeIn, _request: HttpRequest) -> dict[str, Any]:
    return {"rows": [ScopeRow(**row.dict()) for row in body.rows]}


def _targets(_pilot: Pilot, body: shapes.TargetsIn, _request: HttpRequest) -> dict[str, Any]:
    return {"rows": [TargetRow(**row.dict(exclude={"change", "percent"})) for row in body.rows]}


def _schedule(_pilot: Pilot, body: shapes.ScheduleIn, _request: HttpRequest) -> dict[str, Any]:
    rows = [MilestoneRow(**row.dict()) for row in body.rows]
    return {"term_start": body.term_start, "term_end": body.term_end, "rows": rows}


def _outputs(_pilot: Pilot, body: shapes.OutputsIn, _request: HttpRequest) -> dict[str, Any]:
    return {"rows": [OutputRow(**row.dict()) for row in body.rows]}


def _sealed(pilot: Pilot, _body: None, request: HttpRequest) -> dict[str, Any]:
    """The package is built before the verb, outside its transaction, and only for somebody who may submit now."""
    refuse_early(actions.submit, request, pilot)
    refuse_unready(pilot)
    spend_package(request)
    return {"sealed": seal(pilot)}


expose(
    calls_router,
    actions.create,
    "/{call}/pilots",
    found=call_seen,
    body=shapes.CreateIn,
    kwargs=_create,
    shape=shapes.PilotDetail,
    present=pilots.after,
    status=201,
    tag="试点",
)
for verb, path, method, body, kwargs in (
    (actions.describe, "/{pilot}/object", "PUT", shapes.DescribeIn, None),
    (actions.add_enterprise, "/{pilot}/scope", "POST", shapes.ScopeRowIn, None),
    (actions.import_scope, "/{pilot}/scope", "PUT", shapes.ScopeIn, _scope),
    (actions.add_known, "/{pilot}/scope/known", "POST", shapes.KnownIn, None),
    (actions.set_targets, "/{pilot}/targets", "PUT", shapes.TargetsIn, _targets),
    (actions.set_schedule, "/{pilot}/schedule", "PUT", shapes.ScheduleIn, _schedule),
    (actions.set_outputs, "/{pilot}/outputs", "PUT", shapes.OutputsIn, _outputs),
    (actions.hand_in, "/{pilot}/hand-in", "POST", shapes.RemarkIn, None),
    (actions.pass_review, "/{pilot}/pass-review", "POST", shapes.RemarkIn, None),
    (actions.return_for_changes, "/{pilot}/return", "POST", shapes.ReasonIn, None),
    (actions.sign, "/{pilot}/sign", "POST", shapes.SignIn, None),
    (actions.reopen, "/{pilot}/reopen", "POST", None, None),
    (actions.withdraw, "/{pilot}/withdraw", "POST", shapes.ReasonIn, None),
):
    expose(
        router,
        verb,
        path,
        found=pilots.found,
        method=method,
        body=body,
        kwargs=kwargs,
        shape=shapes.PilotDetail,
        present=pilots.after,
        tag="试点",
    )
expose(
    router,
    actions.answer_condition,
    "/{pilot}/eligibility/{condition_id}",
    words={"condition_id": Condition},
    found=pilots.found,
    method="PUT",
    body=shapes.AnswersIn,
    kwargs=_answers,
    shape=shapes.PilotDetail,
    present=pilots.after,
    tag="试点",
)
expose(
    router,
    actions.remove_enterprise,
    "/{pilot}/scope/{entry_id}",
    words={"entry_id": EntryId},
    found=pilots.found,
    method="DELETE",
    shape=shapes.PilotDetail,
    present=pilots.after,
    tag="试点",
)
expose(
    router,
    actions.submit,
    "/{pilot}/submit",
    found=pilots.found,
    kwargs=_sealed,
    costly=lambda pilot, submission: submission.pilot_id == pilot.pk,
    shape=submissions.SubmissionDetail,
    present=submissions.after,
    status=201,
    tag="试点",
)


expose(
    router,
    actions.remark_chapter,
    "/{pilot}/chapters/{outline_id}/remarks",
    words={"outline_id": Outline},
    found=pilots.found,
    body=shapes.ChapterRemarkIn,
    shape=shapes.ChapterRemarkOut,
    present=pilots.remark_line,
    status=201,
    tag="试点",
)
expose(
    router,
    actions.resolve_remark,
    "/{pilot}/remarks/{remark_id}/resolve",
    words={"remark_id": RemarkId},
    found=pilots.found,
    shape=shapes.ChapterRemarkOut,
    present=pilots.remark_line,
    tag="试点",
)


for thread_verb, path in (
    (actions.answer_remark, "/{pilot}/remarks/{remark_id}/answer"),
    (actions.reopen_remark, "/{pilot}/remarks/{remark_id}/reopen"),
):
    expose(
        router,
        thread_verb,
        path,
        words={"remark_id": RemarkId},
        found=pilots.found,
        body=shapes.ChapterRemarkIn,
        shape=shapes.ChapterRemarkOut,
        present=pilots.remark_line,
        tag="试点",
    )


@router.put(
    "/{pilot}/chapters/{outline_id}",
    response=answers(shapes.ChapterOut, on_409=ChapterConflict, limited=True),
    throttle=VerbRate(),
    operation_id="chapters_put",
    summary="保存一章",
)
def save_chapter(request: HttpRequest, pilot: PilotId, outline_id: Outline, body: shapes.ChapterIn) -> Any:
    """保存经过清理的文字。其间有人保存过本章时返回 409，`yours` 是您的文字，`theirs` 是现有的文字，两份都不丢。"""
    one = pilots.found(request, pilot)
    saved = drafts.save_chapter(
        one, outline_id=outline_id, html=body.html, revision=body.revision, by=request.user
    )
    leaf = next(leaf for leaf in one.notice.leaves() if leaf.id == outline_id)
    return {**pilots.chapter_line(leaf, saved), "html": saved.html}
