"""What the departments do with a call: prepare, consult, publish, extend; and how the consultation stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from qingyuan.api.calls import CallDetail, CallId, detail, received_by, router, seen
from qingyuan.api.organisations import joint_router, short
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import OrganisationOut, Sent
from qingyuan.api.verbs import OBJECT, Found, expose, refuse_early
from qingyuan.calls import actions, forms, preparing, queries, rules
from qingyuan.calls.models import Call, Supplement
from qingyuan.calls.notices import known_notices
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.people.models import JointBody, Organisation

supplements_router = Router(tags=["补充通知"])
hosted = Found(JointBody, rules.handles_for_host, "joint_body")
seen_supplement = Found(Supplement, rules.can_see_supplement, "supplement", ("call__joint_body",))
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC)
NoticeId = Annotated[str, Path(..., pattern="^[A-Za-z0-9_-]{1,60}$", description="通知数据的编号")]


def _in_our_time(instant: datetime) -> datetime:
    if not EARLIEST <= instant <= LATEST:
        raise ValueError(f"{EARLIEST} – {LATEST}")
    return instant.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
DocumentNumber = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]


class Options(Sent):
    prefecture_comment: bool
    return_for_supplement: bool
    publicity: bool


class ReviseIn(Sent):
    """What of a call can be chosen; everything else stands in the notice."""

    opens_at: Instant
    closes_at: Instant = Field(description="截止时刻本身已不受理")
    mailbox: Annotated[str, StringConstraints(max_length=254)] = Field("", description="公务邮箱，随通知公布")
    options: Options
    forward_closes_at: Instant | None = Field(
        None, description="市级转报的截止时刻；不填即申报单位直接报送", examples=[None]
    )
    forward_jointly: bool = Field(False, description="市级发展改革委会同转报")
    addressees: list[UUID] = Field(
        min_length=1,
        max_length=5000,
        description="发送对象的编号，取自 /joint-bodies/…/notices/… 或 /calls/…",
    )


class PrepareIn(ReviseIn):
    notice_id: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{1,60}$")]


class OpinionIn(Sent):
    remark: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class IssueIn(Sent):
    document_number: DocumentNumber = Field("", description="由公文系统产生，尚未取得的可先空缺")


class ProposeIn(Sent):
    new_closes_at: Instant
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class OfferLine(Schema):
    """A notice that one's joint body can put to work; `call`: it has already."""

    joint_body: OrganisationOut
    notice: str
    title: str
    call: UUID | None


class OfferDetail(Schema):
    """What the notice says of the things that can be chosen: the ground of `call_prepare`."""

    notice: str
    opens_at: datetime
    closes_at: datetime
    options: dict[str, bool]
    forward_closes_at: datetime | None
    forward_jointly: bool
    addressees: list[OrganisationOut]


class VoiceOut(Schema):
    """One department: whether it has consented, and to the content as it stands."""

    organisation: OrganisationOut
    is_host: bool
    consented_at: datetime | None
    consented_by: str
    current: bool


class ConsultationOut(Schema):
    content_sha256: str
    voices: list[VoiceOut]
    missing: list[OrganisationOut]


class SupplementLine(Schema):
    id: UUID
    revision: int
    call: UUID
    stage: str
    old_closes_at: datetime
    new_closes_at: datetime
    reason: str
    document_number: str
    proposed_at: datetime
    issued_at: datetime | None


class SupplementDetail(SupplementLine):
    """`consultation` only for the departments of the call."""

    consultation: ConsultationOut | None


def consultation_of(found: queries.Consultation) -> dict[str, Any]:
    return {
        "content_sha256": found.digest,
        "voices": [
            {
                "organisation": short(voice.organisation),
                "is_host": voice.is_host,
                "consented_at": voice.consent.at if voice.consent else None,
                "consented_by": str(voice.consent.by) if voice.consent else "",
                "current": voice.current,
            }
            for voice in found.voices
        ],
        "missing": [short(body) for body in found.missing],
    }


def supplement_line(one: Supplement) -> dict[str, Any]:
    found = {name: getattr(one, name) for name in SupplementLine.model_fields if name not in {"id", "call"}}
    return {**found, "id": one.pk, "call": one.call_id}


def supplement_detail(one: Supplement, request: HttpRequest) -> dict[str, Any]:
    inside = rules.receives_for_call.test(request.user, one.call)
    queries.with_departments(one.call)
    return {
        **supplement_line(one),
        "consultation": consultation_of(queries.supplement_consultation(one)) if inside else None,
    }


@joint_router.get(
    "/notices", response=answers(list[OfferLine]), operation_id="notices_list", summary="可以拟制申报的通知"
)
def offers(request: HttpRequest) -> Any:
    """本人经办的会同机制可以据以拟制申报的通知；不经办的为空。"""
    return [
        {
            "joint_body": {"id": offer.joint_body.pk, "name": offer.joint_body.name},
            "notice": offer.notice.id,
            "title": offer.notice.title,
            "call": offer.call.pk if offer.call else None,
        }
        for offer in preparing.offers(preparing.hosted(request.user))
    ]


@joint_router.get(
    "/{joint_body}/notices/{notice_id}",
    response=answers(OfferDetail),
    operation_id="notices_detail",
    summary="通知所定的起止时间、可选环节和发送对象",
)
def offer(request: HttpRequest, joint_body: OBJECT, notice_id: NoticeId) -> Any:  # type: ignore[valid-type]
    """拟制申报的起点；核对后原样或调整后用于 call.prepare。"""
    host, notice = hosted(request, joint_body), known_notices().get(notice_id)
    if notice is None or not preparing.fits(notice, host):
        raise Http404
    return {
        "notice": notice.id,
        "opens_at": preparing.opening(notice),
        "closes_at": notice.closes.ends,
        "options": {name: getattr(notice.options, name).on for name in actions.OPTIONS},
        "forward_closes_at": None,
        "forward_jointly": False,
        **preparing.forwarding(notice),
        "addressees": [short(body) for body in preparing.addressees(notice)],
    }


@router.get(
    "/{call}/consultation",
    response=answers(ConsultationOut),
    operation_id="calls_consultation",
    summary="会签情况",
)
def consultation(request: HttpRequest, call: CallId) -> Any:
    """仅联合发文单位可见：内容的摘要，各单位是否已同意当前内容。"""
    return consultation_of(queries.consultation(queries.with_departments(received_by(request, call))))


@router.get(
    "/{call}/addressees",
    response=answers(Page[OrganisationOut]),
    operation_id="calls_addressees",
    summary="发送对象",
)
def addressees(request: HttpRequest, call: CallId, part: Query[Slice]) -> Any:
    """通知发往哪些单位。"""
    rows = seen(request, call).addressees.order_by("region_code", "kind", "name")
    return page(rows, part, short)


@router.get(
    "/{call}/supplements",
    response=answers(list[SupplementLine]),
    operation_id="supplements_list",
    summary="补充通知列表",
)
def supplements(request: HttpRequest, call: CallId) -> Any:
    """已发布的人人可见；会签中和已撤销的仅联合发文单位可见。"""
    one = seen(request, call)
    inside = rules.receives_for_call.test(request.user, one)
    return [
        supplement_line(each)
        for each in one.supplements.all()
        if inside or each.stage == Supplement.Stage.ISSUED
    ]


@supplements_router.get(
    "/{supplement}",
    response=answers(SupplementDetail),
    operation_id="supplements_detail",
    summary="一份补充通知",
)
def supplement(request: HttpRequest, supplement: OBJECT) -> Any:  # type: ignore[valid-type]
    """新旧截止时间、理由；联合发文单位还能看到会签情况。"""
    return supplement_detail(seen_supplement(request, supplement), request)


# --- verbs


def _chosen(body: ReviseIn, notice: Any, extra: list[Organisation]) -> dict[str, Any]:
    """Judged by the form of the page: the mailbox, the order of the instants, the bodies to whom it may go."""
    options = body.options.dict()
    form = forms.CallForm(
        {
            "opens_at": body.opens_at,
            "closes_at": body.closes_at,
            "mailbox": body.mailbox,
            "forward_closes_at": body.forward_closes_at,
            "forward_jointly": body.forward_jointly,
            "options": [name for name, on in options.items() if on],
            "addressees": [str(pk) for pk in body.addressees],
        },
        notice=notice,
        extra=extra,
    )
    if not form.is_valid():
        raise Invalid(
            Problem(str(message), where=name)
            for name, messages in form.errors.items()
            for message in messages
        )
    return form.arguments()


def _prepare(joint_body: JointBody, body: PrepareIn, request: HttpRequest) -> dict[str, Any]:
    refuse_early(actions.prepare, request, joint_body)
    notice = known_notices().get(body.notice_id)
    if notice is None or not preparing.fits(notice, joint_body):
        raise Invalid([Problem(_("本会同机制没有“%s”这份通知") % body.notice_id, where="notice_id")])
    return {"notice_id": notice.id, "parent": preparing.parent_call(notice), **_chosen(body, notice, [])}


def _revise(call: Call, body: ReviseIn, request: HttpRequest) -> dict[str, Any]:
    refuse_early(actions.revise, request, call)
    return _chosen(body, call.notice, list(call.addressees.all()))


def _call(call: Call, request: HttpRequest) -> dict[str, Any]:
    return detail(Call.objects.select_related("joint_body").get(pk=call.pk), request)


def _supplement(one: Supplement, request: HttpRequest) -> dict[str, Any]:
    return supplement_detail(Supplement.objects.select_related("call__joint_body").get(pk=one.pk), request)


expose(
    joint_router,
    actions.prepare,
    "/{joint_body}/calls",
    found=hosted,
    body=PrepareIn,
    kwargs=_prepare,
    shape=CallDetail,
    present=_call,
    status=201,
)
for verb, path, method, body, kwargs in (
    (actions.revise, "/{call}", "PUT", ReviseIn, _revise),
    (actions.send_for_cosign, "/{call}/send-for-cosign", "POST", None, None),
    (actions.consent, "/{call}/consent", "POST", None, None),
    (actions.return_to_draft, "/{call}/return", "POST", OpinionIn, None),
    (actions.publish, "/{call}/publish", "POST", IssueIn, None),
):
    expose(
        router,
        verb,
        path,
        found=seen,
        method=method,
        body=body,
        kwargs=kwargs,
        shape=CallDetail,
        present=_call,
    )
expose(
    router,
    actions.propose_supplement,
    "/{call}/supplements",
    found=seen,
    body=ProposeIn,
    shape=SupplementDetail,
    present=_supplement,
    status=201,
)
for step, path, body in (
    (actions.consent_to_supplement, "/{supplement}/consent", None),
    (actions.drop_supplement, "/{supplement}/drop", None),
    (actions.issue_supplement, "/{supplement}/issue", IssueIn),
):
    expose(
        supplements_router,
        step,
        path,
        found=seen_supplement,
        body=body,
        shape=SupplementDetail,
        present=_supplement,
    )
