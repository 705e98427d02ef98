"""Bodies: the list, one body with its people and authorisations, and what is done with them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Query, Router, Schema, UploadedFile
from ninja.responses import Status
from pydantic import AfterValidator, Field, StringConstraints

from qingyuan.api.attachments import BINARY
from qingyuan.api.limits import VerbRate
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import OrganisationOut, RegionCode, Sent
from qingyuan.api.verbs import (
    KEY,
    NOTHING,
    OBJECT,
    REVISION,
    Exposed,
    Found,
    expose,
    refuse_early,
    revision,
    was_done,
)
from qingyuan.catalogue.regions import regions
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.kernel.gate import receive
from qingyuan.kernel.gate.serve import serve
from qingyuan.people import actions, queries, rules
from qingyuan.people.forms import AuthorisationForm, JointBodyForm
from qingyuan.people.models import Authorisation, JointBody, Kind, Membership, Organisation, Role
from qingyuan.people.models.organisation import AUTHORITIES

router = Router(tags=["单位"])
authorisations_router = Router(tags=["授权"])
joint_router = Router(tags=["会同机制"])
found = Found(Organisation, rules.can_see_organisation, "organisation", ("parent",))
PARTIES = ("applicant", "service_body", "secrecy_agreement")
found_authorisation = Found(Authorisation, rules.is_party, "authorisation", PARTIES)
BodyName = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)]
AGREEMENT_KINDS = AuthorisationForm.base_fields["secrecy_agreement"].allow  # type: ignore[attr-defined]
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


def _in_our_time(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"{EARLIEST} – {LATEST}")
    return day


Day = Annotated[date, AfterValidator(_in_our_time)]


class BodyLine(Schema):
    """A body in a list, with the roles that the token's owner holds there."""

    id: UUID
    revision: int
    name: str
    kind: str
    kind_title: str
    stage: str
    region_code: str
    my_roles: list[str]


class PartOut(Schema):
    organisation: OrganisationOut
    part: str


class JointOut(Schema):
    """Departments that decide only together."""

    id: UUID
    name: str
    level: str
    region_code: str
    parts: list[PartOut]


class BodyDetail(BodyLine):
    credit_code: str
    email: str
    parent: OrganisationOut | None
    may_apply: bool
    joint_bodies: list[JointOut]


class MemberLine(Schema):
    """One role of one person; `id` is what removing takes."""

    id: int
    name: str
    email: str
    role: str
    since: datetime


class AuthorisationLine(Schema):
    """`valid_until` is the last day, inclusive, in Asia/Shanghai."""

    id: UUID
    revision: int
    stage: str
    applicant: OrganisationOut
    service_body: OrganisationOut
    scope: str
    valid_from: date
    valid_until: date
    has_agreement: bool


class BodyFilters(Slice):
    text: str = Field("", max_length=60, description="名称的一部分，或信用代码")
    kind: str = Field("", max_length=20)
    region: RegionCode = ""


class AuthorisationFilters(Slice):
    direction: Literal["given", "held"] = Field("given", description="given 本单位授出的、held 授予本单位的")


class RegisterIn(Sent):
    name: BodyName = Field(description="全称，与公章一致")
    kind: Annotated[str, StringConstraints(max_length=20)] = Field(examples=["park"])
    region_code: RegionCode = Field("", examples=["410300"])
    parent: BodyName = Field("", description="上级单位登记的全称，可不填")
    credit_code: Annotated[str, StringConstraints(max_length=18, strip_whitespace=True, to_upper=True)] = ""
    email: Annotated[str, StringConstraints(max_length=254)] = Field("", description="公务邮箱，不填个人邮箱")


class JointIn(Sent):
    level: Literal["state", "province"]
    host: BodyName = Field(description="主办单位登记的全称")
    cosigner: BodyName = Field(description="会签单位登记的全称")


class MemberIn(Sent):
    name: Annotated[str, StringConstraints(max_length=40)]
    email: Annotated[str, StringConstraints(max_length=150)]
    role: Annotated[str, StringConstraints(max_length=10)] = Field(description="、".join(Role.values))


class GrantIn(Schema):
    """Sent as a form, so that the signed secrecy agreement can come along."""

    service_body: BodyName = Field(description="咨询服务机构登记的全称")
    scope: Annotated[str, StringConstraints(max_length=10)] = Field(
        description="、".join(Authorisation.Scope.values)
    )
    valid_from: Day
    valid_until: Day


def short(body: Organisation) -> dict[str, Any]:
    return {"id": body.pk, "name": body.name}


def line(body: Organisation, user: Any) -> dict[str, Any]:
    return {
        "id": body.pk,
        "revision": body.revision,
        "name": body.name,
        "kind": body.kind,
        "kind_title": str(body.get_kind_display()),
        "stage": body.stage,
        "region_code": body.region_code,
        "my_roles": sorted(user.standing.roles.get(body.pk, ())),
    }


def joint_line(joint: JointBody) -> dict[str, Any]:
    return {
        "id": joint.pk,
        "name": joint.name,
        "level": joint.level,
        "region_code": joint.region_code,
        "parts": [{"organisation": short(part.organisation), "part": part.part} for part in joint.seats],
    }


def member_line(membership: Membership) -> dict[str, Any]:
    return {
        "id": membership.pk,
        "name": str(membership.user),
        "email": membership.user.email,
        "role": membership.role,
        "since": membership.since,
    }


def authorisation_line(one: Authorisation) -> dict[str, Any]:
    return {
        "id": one.pk,
        "revision": one.revision,
        "stage": one.stage,
        "applicant": short(one.applicant),
        "service_body": short(one.service_body),
        "scope": one.scope,
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "has_agreement": one.secrecy_agreement_id is not None,
    }


def body_named(name: str, *, where: str, kinds: frozenset[Any] = frozenset()) -> Organisation:
    """A registered body by its full name, as the pages ask for it; no list of all bodies is given out."""
    body = queries.named([name]).get(name)
    if body is None or (kinds and body.kind not in kinds):
        raise Invalid(
            [
                Problem(
                    _("没有找到已登记的“%s”") % name,
                    where=where,
                    mend=_("请填写登记时的全称，或请平台运维人员先登记"),
                )
            ]
        )
    return body


@router.get("", response=answers(Page[BodyLine]), operation_id="organisations_list", summary="单位列表")
def organisations(request: HttpRequest, asked: Query[BodyFilters]) -> Any:
    """本人所在的单位；平台运维人员可见全部。"""
    rows = queries.organisations(request.user, text=asked.text, kind=asked.kind, region=asked.region)
    return page(rows, asked, lambda body: line(body, request.user))


@router.get(
    "/{organisation}", response=answers(BodyDetail), operation_id="organisations_detail", summary="一个单位"
)
def organisation(request: HttpRequest, organisation: OBJECT) -> Any:  # type: ignore[valid-type]
    """基本信息、会同机制。"""
    return detail(found(request, organisation), request)


def detail(body: Organisation, request: HttpRequest) -> dict[str, Any]:
    return {
        **line(body, request.user),
        "credit_code": body.credit_code,
        "email": body.email,
        "parent": short(body.parent) if body.parent else None,
        "may_apply": body.may_apply,
        "joint_bodies": [joint_line(joint) for joint in queries.joint_bodies(body)],
    }


@router.get(
    "/{organisation}/members",
    response=answers(Page[MemberLine]),
    operation_id="organisations_members",
    summary="单位人员",
)
def members(request: HttpRequest, organisation: OBJECT, part: Query[Slice]) -> Any:  # type: ignore[valid-type]
    """本单位人员及其角色，一人多岗的各列一条。"""
    rows = found(request, organisation).memberships.select_related("user")
    return page(rows.order_by("user__display_name", "role", "pk"), part, member_line)


@router.get(
    "/{organisation}/authorisations",
    response=answers(Page[AuthorisationLine]),
    operation_id="organisations_authorisations",
    summary="单位的授权",
)
def authorisations(
    request: HttpRequest,
    organisation: OBJECT,  # type: ignore[valid-type]
    asked: Query[AuthorisationFilters],
) -> Any:
    """授给咨询服务机构的，或者本机构受托的。"""
    body = found(request, organisation)
    rows = body.authorisations_given if asked.direction == "given" else body.authorisations_held
    return page(
        rows.select_related(*PARTIES).order_by("stage", "-valid_until", "pk"), asked, authorisation_line
    )


@router.post(
    "/{organisation}/authorisations",
    response=answers(AuthorisationLine, ok=201, limited=True),
    operation_id="authorisation_grant",
    summary=str(actions.grant_authorisation.title),
    throttle=VerbRate(),
)
def grant(
    request: HttpRequest,
    *,
    organisation: OBJECT,  # type: ignore[valid-type]
    form: Annotated[GrantIn, Form(...)],
    secrecy_agreement: Annotated[
        UploadedFile | None, File(None, description="双方签署的保密协议：pdf、ofd、docx、png、jpg")
    ] = None,
    idempotency_key: str = KEY,
    if_match: str | None = REVISION,
) -> Any:
    """在保密协议之下授权一家咨询服务机构，限定范围和期限（multipart/form-data）。须为本单位的牵头负责人或签发人。"""
    body, verb = found(request, organisation), actions.grant_authorisation
    refuse_early(verb, request, body)
    service = body_named(form.service_body, where="service_body", kinds=frozenset({Kind.SERVICE}))
    agreement = (
        receive(secrecy_agreement, by=request.user, allow=AGREEMENT_KINDS) if secrecy_agreement else None
    )
    made = verb(
        body,
        by=request.user,
        key=idempotency_key,
        expect=revision(if_match),
        service_body=service,
        scope=form.scope,
        valid_from=form.valid_from,
        valid_until=form.valid_until,
        secrecy_agreement=agreement,
    )
    return Status(201, authorisation_line(made))


@authorisations_router.get(
    "/{authorisation}",
    response=answers(AuthorisationLine),
    operation_id="authorisations_detail",
    summary="一项授权",
)
def authorisation(request: HttpRequest, authorisation: OBJECT) -> Any:  # type: ignore[valid-type]
    """双方单位的人员可见。"""
    return authorisation_line(found_authorisation(request, authorisation))


@authorisations_router.get(
    "/{authorisation}/agreement",
    response=answers(None),
    operation_id="authorisations_agreement",
    summary="下载保密协议",
    openapi_extra={"responses": {200: BINARY}},
)
def agreement(request: HttpRequest, authorisation: OBJECT) -> Any:  # type: ignore[valid-type]
    """双方单位的人员可见；没有上传的为 404。"""
    one = found_authorisation(request, authorisation)
    if one.secrecy_agreement is None:
        raise Http404
    return serve(one.secrecy_agreement)


# --- verbs


def _register(_none: None, body: RegisterIn, request: HttpRequest) -> dict[str, Any]:
    refuse_early(actions.register_organisation, request, None)
    if body.region_code and body.region_code not in regions():
        raise Invalid([Problem(_("没有“%s”这个地区代码") % body.region_code, where="region_code")])
    given = body.dict()
    return {**given, "parent": body_named(body.parent, where="parent") if body.parent else None}


def _joint(_none: None, body: JointIn, request: HttpRequest) -> dict[str, Any]:
    verb = actions.form_joint_body
    refuse_early(verb, request, None)
    host = body_named(body.host, where="host", kinds=AUTHORITIES)
    cosigner = body_named(body.cosigner, where="cosigner", kinds=AUTHORITIES)
    name = JointBodyForm.joint_name(host, cosigner)
    if host == cosigner:
        raise Invalid([Problem(_("会签单位不能与主办单位相同"), where="cosigner")])
    if not was_done(verb, request) and JointBody.objects.filter(name=name).exists():
        raise Invalid([Problem(_("这两家单位的会同机制已经登记"), where="host")])
    return {
        "name": name,
        "level": body.level,
        "region_code": host.region_code,
        "host": host,
        "cosigners": [cosigner],
    }


def _present_body(body: Organisation, request: HttpRequest) -> dict[str, Any]:
    return line(body, request.user)


expose(
    router,
    actions.register_organisation,
    "",
    found=NOTHING,
    body=RegisterIn,
    kwargs=_register,
    shape=BodyLine,
    present=_present_body,
    status=201,
)
expose(
    joint_router,
    actions.form_joint_body,
    "",
    found=NOTHING,
    body=JointIn,
    kwargs=_joint,
    shape=JointOut,
    present=lambda joint, _request: joint_line(joint),
    status=201,
)
expose(
    router,
    actions.add_member,
    "/{organisation}/members",
    found=found,
    body=MemberIn,
    shape=MemberLine,
    present=lambda membership, _request: member_line(membership),
    status=201,
)
expose(
    router,
    actions.remove_member,
    "/{organisation}/members/{membership_id}",
    words={"membership_id": Annotated[int, Path(..., ge=1, le=2**63 - 1, description="人员一项的编号")]},
    found=found,
    method="DELETE",
    shape=BodyLine,
    present=_present_body,
)
expose(
    authorisations_router,
    actions.end_authorisation,
    "/{authorisation}/end",
    found=found_authorisation,
    shape=AuthorisationLine,
    present=lambda one, _request: authorisation_line(one),
)
Exposed.operations[actions.grant_authorisation.name] = ("POST", "/{organisation}/authorisations")
