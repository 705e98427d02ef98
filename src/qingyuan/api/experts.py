"""The pool of experts for operators, the own declaration for the expert."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from qingyuan.api.organisations import BodyName, Day, body_named
from qingyuan.api.people import router as me_router
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Key, Sent
from qingyuan.api.verbs import NOTHING, Found, Own, expose, refuse_early, was_done
from qingyuan.catalogue.sectors import sectors
from qingyuan.kernel.actions import Invalid, NotAllowed, Problem
from qingyuan.kernel.permission import judge
from qingyuan.people import actions, queries
from qingyuan.people.models import Expert, User
from qingyuan.people.pool import actions as pool
from qingyuan.people.pool import queries as pool_queries
from qingyuan.people.pool.rules import can_see_expert, can_see_pool

router = Router(tags=["专家"])


class ExpertLine(Schema):
    id: UUID
    revision: int
    code: str
    name: str
    stage: str
    fields: list[str]
    categories: list[str]
    methods: list[str]
    employer: str
    region_code: str
    title: str


class InterestLine(Schema):
    body_name: str
    registered: bool = Field(description="是否为平台已登记的单位")
    relation: str
    until: date | None


class InterestsOut(Schema):
    """The declaration that stands, with the expert's code."""

    code: str
    revision: int
    interests: list[InterestLine]


class EnrolIn(Sent):
    email: Annotated[str, StringConstraints(max_length=254)] = Field(description="专家账号的邮箱")
    code: Annotated[str, StringConstraints(min_length=1, max_length=12, strip_whitespace=True)] = Field(
        examples=["E-001"]
    )
    fields: list[Key] = Field([], max_length=100)
    employer: BodyName = Field("", description="工作单位登记的全称，可不填")
    title: Annotated[str, StringConstraints(max_length=40)] = ""


class KnowledgeIn(Sent):
    """The whole description: it replaces the one before."""

    fields: list[Key] = Field([], max_length=40)
    categories: list[Key] = Field([], max_length=40)
    methods: list[Annotated[str, StringConstraints(max_length=30)]] = Field([], max_length=12)
    employer: BodyName = Field("", description="工作单位全称；与平台登记的单位同名的自动对应")
    region_code: Annotated[str, StringConstraints(max_length=6)] = ""
    title: Annotated[str, StringConstraints(max_length=40)] = ""


class InterestIn(Sent):
    body_name: BodyName
    relation: Literal["employed", "consulting", "cooperation", "kin", "other"]
    until: Day | None = None


class InterestsIn(Sent):
    """The whole declaration: it replaces the one before."""

    interests: list[InterestIn] = Field(max_length=200)
    truthful: Literal[True] = Field(description="申报真实、完整，如有变化将及时更新")


def line(expert: Expert) -> dict[str, Any]:
    return {
        "id": expert.pk,
        "revision": expert.revision,
        "code": expert.code,
        "name": str(expert.user),
        "stage": expert.stage,
        "fields": expert.fields,
        "categories": expert.categories,
        "methods": expert.methods,
        "employer": expert.employer_label,
        "region_code": expert.region_code,
        "title": expert.title,
    }


def declaration(expert: Expert, _request: HttpRequest) -> dict[str, Any]:
    return {
        "code": expert.code,
        "revision": expert.revision,
        "interests": [
            {
                "body_name": row.organisation.name if row.organisation else row.body_name,
                "registered": row.organisation is not None,
                "relation": row.relation,
                "until": row.until,
            }
            for row in expert.interests.select_related("organisation").order_by("pk")
        ],
    }


def _myself(request: HttpRequest) -> Expert:
    expert = queries.expert_of(request.user)
    if expert is None:
        raise Http404
    return expert


@router.get("", response=answers(Page[ExpertLine]), operation_id="experts_list", summary="专家库")
def experts(request: HttpRequest, part: Query[Slice]) -> Any:
    """主管部门人员看到可以使用的专家，平台运维人员看到全部。"""
    if not (verdict := judge(can_see_pool, request.user)):
        raise NotAllowed(verdict.reasons)
    return page(pool_queries.experts(request.user), part, line)


@me_router.get(
    "/interests", response=answers(InterestsOut), operation_id="me_interests", summary="本人申报的利益关系"
)
def interests(request: HttpRequest) -> Any:
    """仅专家本人；不在专家库的为 404。"""
    return declaration(_myself(request), request)


def _enrol(_none: None, body: EnrolIn, request: HttpRequest) -> dict[str, Any]:
    """The same questions as on the page; a repeated request is the verb's to recognise."""
    verb = actions.enrol_expert
    refuse_early(verb, request, None)
    user = User.objects.filter(email__iexact=body.email).select_related("expert").first()
    problems = [
        Problem(_("没有“%s”这个专业领域") % name, where="fields", expected="、".join(sectors()))
        for name in body.fields
        if name not in sectors()
    ]
    if user is None or not body.email:
        problems.append(Problem(_("没有邮箱为 %s 的账号，请先由其单位添加人员") % body.email, where="email"))
    elif not was_done(verb, request):
        if hasattr(user, "expert"):
            problems.append(Problem(_("此人已在专家库中，代码 %s") % user.expert.code, where="email"))
        if Expert.objects.filter(code=body.code).exists():
            problems.append(Problem(_("代码 %s 已被使用") % body.code, where="code"))
    if problems:
        raise Invalid(problems)
    employer = body_named(body.employer, where="employer") if body.employer else None
    return {
        "user": user,
        "code": body.code,
        "fields": list(body.fields),
        "employer": employer,
        "region_code": employer.region_code if employer else "",
        "title": body.title,
    }


def _declare(_expert: Expert, body: InterestsIn, _request: HttpRequest) -> dict[str, Any]:
    """A body of the register where the name is registered, else the name as it was given."""
    known = queries.named(row.body_name for row in body.interests)
    rows = []
    for row in body.interests:
        registered = known.get(row.body_name)
        named = {"organisation": registered} if registered else {"body_name": row.body_name}
        rows.append({**named, "relation": row.relation, "until": row.until})
    return {"interests": rows}


expose(
    router,
    actions.enrol_expert,
    "",
    found=NOTHING,
    body=EnrolIn,
    kwargs=_enrol,
    shape=ExpertLine,
    present=lambda expert, _request: line(expert),
    status=201,
)
expose(
    me_router,
    actions.declare_interests,
    "/interests",
    found=Own(_myself),
    method="PUT",
    body=InterestsIn,
    kwargs=_declare,
    shape=InterestsOut,
    present=declaration,
)

sees_expert = Found(Expert, by=can_see_expert, arg="expert", related=("user", "employer", "keeper"))
expose(
    router,
    pool.describe,
    "/{expert}",
    found=sees_expert,
    method="PUT",
    body=KnowledgeIn,
    shape=ExpertLine,
    present=lambda expert, _request: line(expert),
)
for verb, path in ((pool.rest, "/{expert}/rest"), (pool.restore, "/{expert}/restore")):
    expose(
        router,
        verb,
        path,
        found=sees_expert,
        shape=ExpertLine,
        present=lambda expert, _request: line(expert),
    )
