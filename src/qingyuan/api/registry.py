"""The registry of enterprises over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.throttling import BaseThrottle
from pydantic import Field, StringConstraints

from qingyuan.api.limits import MINUTE, left_of, within
from qingyuan.api.organisations import router as organisations_router
from qingyuan.api.problems import Problems, answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.registry_records import AuditRecordOut, StandingOut, record_line, standing_line
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import OBJECT, Found, expose, refuse_early
from qingyuan.catalogue import credit_code
from qingyuan.kernel.actions import Invalid, NotAllowed, Problem
from qingyuan.kernel.permission import judge
from qingyuan.people.models import Organisation
from qingyuan.registry import actions, involvement, own, queries, rules
from qingyuan.registry.actions.listing import ListRow
from qingyuan.registry.models import AuditRecord, Enterprise, ListImport

TAG = "企业库"
router = Router(tags=[TAG])
records_router = Router(tags=[TAG])
public_router = Router(tags=["公开"], auth=None)
found_enterprise = Found(Enterprise, rules.sees_enterprise, "enterprise", ("merged_into",))
found_record = Found(AuditRecord, rules.sees_record, "record", ("enterprise",))
found_department = Found(Organisation, rules.keeps_registry, "organisation")
MOST_ROWS = 5_000
LOOKS_A_MINUTE = 30


Code = Annotated[str, StringConstraints(min_length=1, max_length=30)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Source = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Short = Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)]


class LookupRate(BaseThrottle):
    """So many look-ups a minute from one address: the code of one enterprise, not a list of all."""

    what = "enterprise-lookup"

    def allow_request(self, request: HttpRequest) -> bool:
        from allauth.account.adapter import get_adapter

        key = f"{self.what}:{get_adapter(request).get_client_ip(request)}"
        return within(key, limit=LOOKS_A_MINUTE, window=MINUTE)

    def wait(self) -> float:
        return left_of(MINUTE)


class EnterpriseLine(Schema):
    id: UUID
    revision: int
    stage: str = Field(description="active 在册、closed 已关停、merged 已并入")
    name: str
    credit_code: str
    region: str
    sector_code: str
    listed_on: date | None
    merged_into: UUID | None


class DutyOut(Schema):
    """`basis` is what is in force on the day `due`."""

    step: str = Field(description="disclose 公布信息、start 启动审核、report 报送报告、next 下一轮审核")
    title: str
    since: date
    due: date
    state: str = Field(description="open、overdue、done、done_late")
    done_on: date | None
    basis: list[str]
    warnings: list[str]


class FormerNameOut(Schema):
    name: str
    until: date


class EnterprisePilotOut(Schema):
    title: str
    url: str
    state: str


class EnterpriseOut(EnterpriseLine):
    address: str
    permit: str
    permit_number: str
    disclosed_on: date | None
    started_on: date | None
    closed_on: date | None
    closed_reason: str
    former_names: list[FormerNameOut]
    duties: list[DutyOut]
    standing: StandingOut | None
    audits: list[AuditRecordOut]
    pilots: list[EnterprisePilotOut]


class ListImportOut(Schema):
    id: int
    at: datetime
    rows: int
    added: int
    changed: int
    renamed: int
    records: int


class LookupRecord(Schema):
    completed_on: date
    kind: str
    level: str
    source: str


class LookupOut(Schema):
    name: str
    credit_code: str
    audits: list[LookupRecord]


class EnterpriseFilters(Schema):
    text: Annotated[str, StringConstraints(max_length=60)] = Field(
        "", description="名称的一部分，或信用代码的开头"
    )
    region: Annotated[str, StringConstraints(pattern="^([0-9]{6})?$")] = ""
    stage: Literal["", "active", "closed", "merged"] = ""
    due: Literal["", "overdue", "soon"] = Field("", description="overdue 已过期限、soon 一年内到期")


class RenameIn(Sent):
    name: Name = Field(examples=["演示新名有限公司"])
    on: date


class CloseIn(Sent):
    on: date
    reason: Reason


class MergeIn(Sent):
    into: Code = Field(description="并入的在册企业的统一社会信用代码")


class RecordAuditIn(Sent):
    kind: Literal["mandatory", "voluntary"]
    completed_on: date
    level: Literal["", "I", "II", "III"] = ""
    source: Annotated[Source, StringConstraints(min_length=1)]


class RevokeAuditIn(Sent):
    reason: Reason


class ListRowIn(Sent):
    """Blank texts and null days leave what the registry holds."""

    name: Name
    credit_code: Code
    region_code: Annotated[str, StringConstraints(pattern="^[0-9]{6}$")]
    sector_code: Annotated[str, StringConstraints(max_length=8)] = ""
    address: Source = ""
    permit: Literal["", "key", "simplified", "registered"] = ""
    permit_number: Short = ""
    listed_on: date | None = None
    disclosed_on: date | None = None
    started_on: date | None = None
    audit_on: date | None = None
    audit_kind: Literal["", "mandatory", "voluntary"] = ""
    audit_level: Literal["", "I", "II", "III"] = ""
    audit_source: Source = ""


class ListIn(Sent):
    rows: list[ListRowIn] = Field(min_length=1, max_length=MOST_ROWS)


def line(one: Enterprise) -> dict[str, Any]:
    names = ("revision", "stage", "name", "credit_code", "sector_code", "listed_on")
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "region": one.region_code,
        "merged_into": one.merged_into_id,
    }


def detail(one: Enterprise, request: HttpRequest) -> dict[str, Any]:
    records = list(queries.records_of(one).select_related("certificate"))
    names = ("address", "permit", "permit_number", "disclosed_on", "started_on", "closed_on", "closed_reason")
    entries = [one.pk, *one.merged_from.values_list("pk", flat=True)]
    return {
        **line(one),
        **{name: getattr(one, name) for name in names},
        "former_names": [{"name": old.name, "until": old.until} for old in one.former_names.all()],
        "duties": [
            {name: getattr(duty, name) for name in DutyOut.model_fields}
            for duty in queries.duties_of(one, records)
        ],
        "standing": standing_line(own.standing_of(one, records, own.pilots_of(entries))),
        "audits": [record_line(record) for record in records],
        "pilots": [
            {"title": pilot.title, "url": pilot.url, "state": pilot.state}
            for pilot in involvement.of(request.user, entries)
        ],
    }


def import_line(one: ListImport, _request: HttpRequest) -> dict[str, Any]:
    return {"id": one.pk, **{name: getattr(one, name) for name in ListImportOut.model_fields if name != "id"}}


@router.get("", response=answers(Page[EnterpriseLine]), operation_id="enterprises", summary="企业基础信息库")
def enterprises(request: HttpRequest, asked: Query[EnterpriseFilters], part: Query[Slice]) -> Any:
    """国家和省级主管部门看到所辖企业，按信用代码排序。"""
    if not (verdict := judge(rules.sees_registry, request.user)):
        raise NotAllowed(verdict.reasons)
    return page(queries.enterprises(request.user, **asked.model_dump()), part, line)


@router.get("/{enterprise}", response=answers(EnterpriseOut), operation_id="enterprise", summary="一家企业")
def enterprise(request: HttpRequest, enterprise: OBJECT) -> Any:  # type: ignore[valid-type]
    """审核期限和当日有效的依据、审核记录、曾用名，以及您可以看到的试点。"""
    return detail(found_enterprise(request, enterprise), request)


@public_router.get(
    "/enterprise-audits/{code}",
    response={**answers(LookupOut, public=True, limited=True), 404: Problems},
    operation_id="enterprise_audits",
    summary="按信用代码查审核记录",
    throttle=LookupRate(),
)
def lookup(request: HttpRequest, code: Code) -> Any:  # noqa: ARG001
    """任何人可查：须填 18 位完整代码，只给出企业名称、代码和有效的审核记录。"""
    found = queries.looked_up(code)
    if found is None:
        raise Http404
    one, records = found
    return {
        "name": one.name,
        "credit_code": one.credit_code,
        "audits": [{name: getattr(row, name) for name in LookupRecord.model_fields} for row in records],
    }


def _merge(one: Enterprise, body: MergeIn, request: HttpRequest) -> dict[str, Any]:
    refuse_early(actions.merge, request, one)
    code = credit_code.normalise(body.into)
    into = Enterprise.objects.filter(rules.visible_enterprises(request.user), credit_code=code).first()
    if into is None:
        raise Invalid([Problem(_("企业库中没有这个信用代码"), where="into")])
    return {"into": into}


def _rows(_department: Organisation, body: ListIn, _request: HttpRequest) -> dict[str, Any]:
    return {
        "rows": [
            ListRow(**{**row.model_dump(), "credit_code": credit_code.normalise(row.credit_code)})
            for row in body.rows
        ]
    }


for verb, path, shape, make in (
    (actions.rename, "rename", RenameIn, None),
    (actions.close, "close", CloseIn, None),
    (actions.reopen, "reopen", None, None),
    (actions.merge, "merge", MergeIn, _merge),
):
    expose(
        router, verb, "/{enterprise}/" + path,
        found=found_enterprise, body=shape, kwargs=make, shape=EnterpriseOut, present=detail, tag=TAG,
    )  # fmt: skip
expose(
    router, actions.record_audit, "/{enterprise}/audits",
    found=found_enterprise, body=RecordAuditIn, shape=AuditRecordOut, present=record_line, status=201, tag=TAG,
)  # fmt: skip
expose(
    records_router, actions.revoke_audit, "/{record}/revoke",
    found=found_record, body=RevokeAuditIn, shape=AuditRecordOut, present=record_line, tag=TAG,
)  # fmt: skip
expose(
    organisations_router, actions.import_list, "/{organisation}/enterprises",
    found=found_department, body=ListIn, kwargs=_rows, shape=ListImportOut, present=import_line, status=201, tag=TAG,
)  # fmt: skip
