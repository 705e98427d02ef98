"""Summary reports over HTTP: read, and their verbs. Chapters are written in the editor's pages, or here one at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.delivery import projects_router, sees_project
from qingyuan.api.problems import answers
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose, refuse_early
from qingyuan.delivery import summary_drafts, summary_text
from qingyuan.delivery.actions import summary as actions
from qingyuan.delivery.models import Summary
from qingyuan.delivery.queries.library import WITHIN
from qingyuan.delivery.rules import summary as rules

TAG = "经验总结"
summaries_router = Router(tags=[TAG])
sees_summary = Found(Summary, by=rules.sees_summary, arg="summary", related=WITHIN)
Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class SummaryChapterOut(Schema):
    """`html` holds quoted figures as empty elements (data-quote) while the report is written."""

    id: str
    title: str
    html: str
    revision: int


class SummaryOut(Schema):
    id: UUID
    revision: int
    stage: str
    project: UUID
    chapters: list[SummaryChapterOut]
    content_sha256: str
    document_sha256: str
    handed_in_at: datetime | None
    returned_remark: str
    accepted_at: datetime | None
    opinion: str


class SummaryChapterIn(Sent):
    html: Annotated[str, StringConstraints(max_length=summary_drafts.MOST_CHARACTERS)]
    revision: int = Field(ge=0, le=2_000_000_000, description="所依据的章节版本")


class SummaryRemarkIn(Sent):
    remark: Annotated[str, StringConstraints(max_length=1000)]


class SummaryAcceptIn(Sent):
    content_sha256: Digest
    opinion: Annotated[str, StringConstraints(max_length=1000)] = ""


def summary_line(one: Summary, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = (
        "revision", "stage", "content_sha256", "document_sha256", "handed_in_at", "returned_remark",
        "accepted_at", "opinion",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "project": one.project_id,
        "chapters": [
            {
                "id": leaf.heading.id,
                "title": leaf.heading.title,
                "html": leaf.text.html if leaf.text else "",
                "revision": leaf.text.revision if leaf.text else 0,
            }
            for leaf in summary_text.leaves(one)
        ],
    }


@summaries_router.get(
    "/{summary}", response=answers(SummaryOut), operation_id="summary", summary="经验总结报告"
)
def summary(request: HttpRequest, summary: UUID) -> Any:
    """实施单位及其授权人员、受理和批准的联合单位可见。"""
    return summary_line(sees_summary(request, summary))


@summaries_router.put(
    "/{summary}/chapters/{outline_id}",
    response=answers(SummaryOut),
    operation_id="summary_chapter_save",
    summary="保存一章",
)
def save_chapter(request: HttpRequest, summary: UUID, outline_id: str, body: SummaryChapterIn) -> Any:
    """其间有人改过则以 409 拒绝；引用数据写作 {{数据:名称}}。"""
    found = sees_summary(request, summary)
    summary_drafts.save_chapter(
        found, outline_id=outline_id, html=body.html, revision=body.revision, by=request.user
    )
    return summary_line(found)


def _sealed(summary: Summary, _body: Any, request: HttpRequest) -> dict[str, Any]:
    refuse_early(actions.hand_in, request, summary)
    return {"sealed": summary_text.seal(summary)}


expose(
    projects_router, actions.begin, "/{project}/summary",
    found=sees_project, shape=SummaryOut, present=summary_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    summaries_router, actions.hand_in, "/{summary}/hand-in",
    found=sees_summary, kwargs=_sealed, shape=SummaryOut, present=summary_line, tag=TAG,
)  # fmt: skip
expose(
    summaries_router, actions.send_back, "/{summary}/return",
    found=sees_summary, body=SummaryRemarkIn, shape=SummaryOut, present=summary_line, tag=TAG,
)  # fmt: skip
expose(
    summaries_router, actions.accept, "/{summary}/accept",
    found=sees_summary, body=SummaryAcceptIn, shape=SummaryOut, present=summary_line, tag=TAG,
)  # fmt: skip
