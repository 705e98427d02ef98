"""The case library over HTTP: open reads of what is published, and the verbs of those who write and publish."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.delivery import projects_router, sees_project
from qingyuan.api.problems import Problems, answers
from qingyuan.api.public import router as public_router
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.delivery.actions import library as actions
from qingyuan.delivery.models import Practice
from qingyuan.delivery.queries import library as queries
from qingyuan.delivery.rules import library as rules

TAG = "案例库"
practices_router = Router(tags=[TAG])
sees_practice = Found(Practice, by=rules.sees_practice, arg="practice", related=queries.WITHIN)
Ids = Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=30)]


class CaseWord(Schema):
    id: str
    title: str


class CaseText(Schema):
    name: str
    title: str
    text: str


class CaseResult(Schema):
    """A figure quoted from the pilot's own record."""

    label: str
    value: str
    unit: str
    source: str


class CaseContact(Schema):
    """The body, never a person."""

    body: str
    office: str
    phone: str
    email: str


class PublishedCaseOut(Schema):
    """A published case: its sealed public content."""

    id: UUID
    title: str
    project: str
    programme: str
    batch: str
    category: CaseWord
    region: str = Field(description="GB/T 2260 代码")
    place: str
    sectors: list[CaseWord]
    pollutants: list[CaseWord]
    measures: list[CaseWord]
    texts: list[CaseText]
    results: list[CaseResult]
    contact: CaseContact
    published_at: datetime
    url: str


class PracticeOut(Schema):
    """A case as those inside see it; `secrets` names what is not public, and why."""

    id: UUID
    revision: int
    stage: str
    project: UUID
    title: str
    sectors: list[str]
    pollutants: list[str]
    measures: list[str]
    background: str
    done: str
    replicability: str
    conditions: str
    quoted: list[str] = Field(description="引用的台账数据，按名称")
    secrets: dict[str, str]
    office: str
    phone: str
    content_sha256: str
    returned_remark: str
    handed_in_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str


class PracticeIn(Sent):
    title: Annotated[str, StringConstraints(max_length=80)]
    sectors: Ids = Field([], examples=[["steel"]])
    pollutants: Ids = Field([], examples=[["cod"]])
    measures: Ids = Field([], examples=[["process"]])
    background: Annotated[str, StringConstraints(max_length=4000)] = ""
    done: Annotated[str, StringConstraints(max_length=8000)] = ""
    replicability: Annotated[str, StringConstraints(max_length=4000)] = ""
    conditions: Annotated[str, StringConstraints(max_length=4000)] = ""
    quoted: Annotated[list[Annotated[str, StringConstraints(max_length=80)]], Field(max_length=60)] = Field(
        [], examples=[["enterprises"]]
    )
    secrets: dict[str, Annotated[str, StringConstraints(max_length=300)]] = Field(
        default_factory=dict, description="商业秘密：字段（如 background、fact:enterprises）和理由"
    )
    office: Annotated[str, StringConstraints(max_length=60)] = ""
    phone: Annotated[str, StringConstraints(max_length=30)] = Field("", description="单位固定电话")


class PracticeRemarkIn(Sent):
    remark: Annotated[str, StringConstraints(max_length=1000)]


class PracticePublishIn(Sent):
    content_sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] = Field(
        description="您核对过的公开内容的指纹"
    )


class PracticeWithdrawIn(Sent):
    reason: Annotated[str, StringConstraints(max_length=500)]


class Sought(Slice):
    words: str = Field("", max_length=80, description="关键词，空格隔开")
    sector: str = Field("", max_length=40)
    category: str = Field("", max_length=40)
    pollutant: str = Field("", max_length=40)
    measure: str = Field("", max_length=40)
    region: str = Field("", max_length=6, description="GB/T 2260 代码；省级代码含全省")


def published_line(one: Practice) -> dict[str, Any]:
    content = one.content
    names = ("title", "project", "programme", "batch", "category", "texts", "results", "contact")
    return {
        **{name: content[name] for name in (*names, "sectors", "pollutants", "measures")},
        "id": one.pk,
        "region": content["region"]["code"],
        "place": content["region"]["title"],
        "published_at": one.published_at,
        "url": one.public_url,
    }


def practice_line(one: Practice, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = (
        "revision", "stage", "title", "sectors", "pollutants", "measures", "background", "done",
        "replicability", "conditions", "secrets", "office", "phone", "content_sha256", "returned_remark",
        "handed_in_at", "published_at", "withdrawn_at", "withdrawn_reason",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "project": one.project_id,
        "quoted": one.facts,
    }


@public_router.get(
    "/published-cases",
    response=answers(Page[PublishedCaseOut], public=True),
    operation_id="published_cases",
    summary="已发布的典型案例",
    tags=[TAG],
)
def published_cases(request: HttpRequest, sought: Query[Sought]) -> Any:  # noqa: ARG001
    """按关键词、行业、类别、污染物、措施和所在地查找；不需要令牌，新的在前。"""
    names = ("words", "sector", "category", "pollutant", "measure", "region")
    wanted = queries.Wanted(**{name: getattr(sought, name) for name in names})
    return page(queries.published(wanted), sought, published_line)


@public_router.get(
    "/published-cases/{practice}",
    response={**answers(PublishedCaseOut, public=True), 404: Problems},
    operation_id="published_case",
    summary="一个典型案例",
    tags=[TAG],
)
def published_case(request: HttpRequest, practice: UUID) -> Any:  # noqa: ARG001
    """已发布案例的全部公开内容；没有发布或已经撤下的一律 404。"""
    found = queries.one_published(practice)
    if found is None:
        raise Http404
    return published_line(found)


@practices_router.get(
    "", response=answers(Page[PracticeOut]), operation_id="practices", summary="典型案例（内部）"
)
def practices(request: HttpRequest, part: Query[Slice]) -> Any:
    """本单位编写的，和本单位受理或批准的试点所写的，连同没有公开的。"""
    return page(queries.practices(request.user).defer(None), part, practice_line)


@practices_router.get(
    "/{practice}", response=answers(PracticeOut), operation_id="practice", summary="一个典型案例（内部）"
)
def practice(request: HttpRequest, practice: UUID) -> Any:
    """实施单位及其授权人员、受理和批准的联合单位可见。"""
    return practice_line(sees_practice(request, practice))


expose(
    projects_router, actions.write, "/{project}/practices",
    found=sees_project, body=PracticeIn, shape=PracticeOut, present=practice_line, status=201, tag=TAG,
)  # fmt: skip
for verb, path, body in (
    (actions.revise, "/{practice}/revise", PracticeIn),
    (actions.hand_in, "/{practice}/hand-in", None),
    (actions.send_back, "/{practice}/return", PracticeRemarkIn),
    (actions.publish, "/{practice}/publish", PracticePublishIn),
    (actions.withdraw, "/{practice}/withdraw", PracticeWithdrawIn),
):
    expose(
        practices_router,
        verb,
        path,
        found=sees_practice,
        body=body,
        shape=PracticeOut,
        present=practice_line,
        tag=TAG,
    )
