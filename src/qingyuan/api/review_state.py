"""The State's round over HTTP: take in what provinces recommended, files of imported cases, and the archive."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Schema, UploadedFile
from ninja.responses import Status
from pydantic import Field, StringConstraints

from qingyuan.api.limits import VerbRate
from qingyuan.api.problems import answers
from qingyuan.api.review_experts import rounds_router, sees_round
from qingyuan.api.review_rounds import RoundOut, cases_router, round_line, sees_case
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import KEY, OBJECT, REVISION, Exposed, expose, refuse_early, revision
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.kernel.gate import receive
from qingyuan.review import actions
from qingyuan.review.forms.state import FILES
from qingyuan.review.models import Bundle, CaseFile, Round

TAG = "国家评审"


class BundleOut(Schema):
    """What one province handed in."""

    id: int
    round: UUID
    source: UUID | None = Field(description="省级评审；导入的为空")
    region_code: str
    sender: str
    document_number: str
    received_at: datetime
    cases: int


class CaseFileOut(Schema):
    id: int
    case: UUID
    kind: str = Field(examples=["plan", "letter", "other"])
    name: str
    size: int
    sha256: str
    at: datetime


class TakeInIn(Sent):
    source: UUID = Field(description="省级评审的编号")


class CaseFileIn(Schema):
    """Sent as a form beside the file."""

    kind: Annotated[str, StringConstraints(max_length=10)] = Field(
        description="、".join(CaseFile.Kind.values), examples=["plan"]
    )


def bundle_out(one: Bundle, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("id", "region_code", "sender", "document_number", "received_at")
    counted = getattr(one, "counted", None)
    return {
        **{name: getattr(one, name) for name in names},
        "round": one.round_id,
        "source": one.source_id,
        "cases": one.cases.count() if counted is None else counted,
    }


def file_out(one: CaseFile) -> dict[str, Any]:
    return {
        "id": one.pk,
        "case": one.case_id,
        "kind": one.kind,
        "name": one.upload.name,
        "size": one.upload.size,
        "sha256": one.upload.sha256,
        "at": one.at,
    }


@rounds_router.get(
    "/{round}/bundles",
    response=answers(list[BundleOut]),
    operation_id="round_bundles",
    summary="各省的推荐",
    tags=[TAG],
)
def bundles(request: HttpRequest, round: UUID) -> Any:  # noqa: A002
    """已接收和已导入的；组织评审的联合单位可见。"""
    found = sees_round(request, round)
    return [bundle_out(one) for one in found.bundles.annotate(counted=Count("cases"))]


@cases_router.get(
    "/{case}/files",
    response=answers(list[CaseFileOut]),
    operation_id="case_files",
    summary="导入项目的推荐材料",
    tags=[TAG],
)
def files(request: HttpRequest, case: UUID) -> Any:
    """在平台上申报的项目没有另上传的材料。"""
    return [file_out(one) for one in sees_case(request, case).files.select_related("upload")]


@cases_router.post(
    "/{case}/files",
    response=answers(CaseFileOut, ok=201, limited=True),
    throttle=VerbRate(),
    operation_id="case_attach_file",
    summary=str(actions.attach_file.title),
    tags=[TAG],
)
def attach(
    request: HttpRequest,
    *,
    case: OBJECT,  # type: ignore[valid-type]
    file: Annotated[UploadedFile, File(..., description="、".join(sorted(FILES)) + "，按内容判断")],
    form: Annotated[CaseFileIn, Form(...)],
    idempotency_key: str = KEY,
    if_match: str | None = REVISION,
) -> Any:
    """上传导入项目的实施方案、推荐函和其他材料（multipart/form-data）；经查验，不合格的拒收并说明原因。"""
    found = sees_case(request, case)
    refuse_early(actions.attach_file, request, found)
    made = actions.attach_file(
        found,
        by=request.user,
        key=idempotency_key,
        expect=revision(if_match),
        kind=form.kind,
        upload=receive(file, by=request.user, allow=FILES),
    )
    return Status(201, file_out(made))


def _source(round_: Round, body: TakeInIn, _request: HttpRequest) -> dict[str, Any]:
    """Only rounds under this call are known here: others must not be told apart from none."""
    source = Round.objects.filter(call__parent=round_.call_id, pk=body.source).first()
    if source is None:
        raise Invalid([Problem(_("不是本通知下的省级评审"), where="source")])
    return {"source": source}


expose(
    rounds_router, actions.take_in, "/{round}/take-in", body=TakeInIn, kwargs=_source,
    found=sees_round, shape=BundleOut, present=bundle_out, status=201, tag=TAG,
)  # fmt: skip
expose(
    rounds_router, actions.archive, "/{round}/archive",
    found=sees_round, shape=RoundOut, present=round_line, tag=TAG,
)  # fmt: skip
Exposed.operations[actions.attach_file.name] = ("POST", "/{case}/files")
