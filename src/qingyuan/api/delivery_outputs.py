"""The results of a pilot over HTTP: what was promised and added, editions with their files, the departments' word."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Schema, UploadedFile
from ninja.responses import Status
from pydantic import Field, StringConstraints

from qingyuan.api.attachments import BINARY
from qingyuan.api.delivery import TAG, projects_router, sees_project
from qingyuan.api.limits import VerbRate
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import KEY, REVISION, Exposed, Found, expose, refuse_early, revision
from qingyuan.catalogue import outputs as catalogue
from qingyuan.delivery.actions import output as verbs
from qingyuan.delivery.models import Output, OutputFile, OutputVersion
from qingyuan.delivery.queries import output as queries
from qingyuan.delivery.rules import output as rules
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.kernel.gate import receive, serve

outputs_router = Router(tags=[TAG])
files_router = Router(tags=[TAG])
sees_output = Found(Output, by=rules.sees_output, arg="output", related=queries.OUTPUT_RELATED)
sees_file = Found(OutputFile, by=rules.sees_output_file, arg="file", related=queries.FILE_RELATED)
Title = Annotated[str, StringConstraints(max_length=80)]
Keys = Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=200)]


class OutputOut(Schema):
    id: UUID
    revision: int
    stage: str
    project: UUID
    key: str = Field(description="基线中的编号 o1、o2…；增补的为 x1、x2…")
    kind: str = Field(examples=list(catalogue.kinds()))
    title: str
    benefit: str
    targets: list[str]
    milestone: str
    due_on: date
    added_reason: str = Field(description="增补的理由；方案承诺的为空")
    dropped_reason: str
    may_be_published: bool


class OutputFileOut(Schema):
    id: UUID
    name: str
    size: int
    sha256: str
    state: str


class OutputVersionOut(Schema):
    number: int
    title: str
    note: str
    content_sha256: str
    made_at: datetime
    handed_in_at: datetime | None
    verdict: str = Field(description="accepted 认可、returned 退回，空为未审")
    opinion: str
    judged_at: datetime | None
    files: list[OutputFileOut]


class OutputArrangeIn(Sent):
    kind: Annotated[str, StringConstraints(max_length=20)] = Field(examples=["norm"])
    milestone: Annotated[str, StringConstraints(max_length=12)] = Field("", description="空为实施期限")
    targets: Keys = Field(default_factory=list)


class OutputAddIn(OutputArrangeIn):
    title: Title
    benefit: Annotated[str, StringConstraints(max_length=300)] = ""
    reason: Annotated[str, StringConstraints(max_length=500)]


class OutputVersionIn(Schema):
    title: Annotated[str, StringConstraints(max_length=120)]
    note: Annotated[str, StringConstraints(max_length=1000)] = ""


class OutputAcceptIn(Sent):
    opinion: Annotated[str, StringConstraints(max_length=1000)] = ""


class OutputSendBackIn(Sent):
    opinion: Annotated[str, StringConstraints(max_length=1000)]


class OutputMarkIn(Sent):
    public: bool = Field(description="已确认不含国家秘密、商业秘密和个人信息，可以公开")


class OutputDropIn(Sent):
    reason: Annotated[str, StringConstraints(max_length=500)]


def output_line(one: Output, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = (
        "revision", "stage", "key", "kind", "title", "benefit", "targets", "milestone", "due_on",
        "added_reason", "dropped_reason", "may_be_published",
    )  # fmt: skip
    return {"id": one.pk, "project": one.project_id, **{name: getattr(one, name) for name in names}}


def version_line(one: OutputVersion, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = (
        "number", "title", "note", "content_sha256", "made_at", "handed_in_at", "verdict", "opinion", "judged_at",
    )  # fmt: skip
    files = [
        {
            "id": file.pk,
            "name": file.upload.name,
            "size": file.upload.size,
            "sha256": file.upload.sha256,
            "state": file.upload.stage,
        }
        for file in one.files.all()
    ]
    return {**{name: getattr(one, name) for name in names}, "files": files}


@projects_router.get(
    "/{project}/outputs",
    response=answers(Page[OutputOut]),
    operation_id="project_outputs",
    summary="产出成果",
)
def outputs(request: HttpRequest, project: UUID, part: Query[Slice]) -> Any:
    """承诺的和增补的，按编号。"""
    return page(sees_project(request, project).outputs.order_by("position"), part, output_line)


@outputs_router.get("/{output}", response=answers(OutputOut), operation_id="output", summary="一项产出成果")
def output(request: HttpRequest, output: UUID) -> Any:
    """实施单位及其授权人员、受理和批准的联合单位可见。"""
    return output_line(sees_output(request, output))


@outputs_router.get(
    "/{output}/versions",
    response=answers(list[OutputVersionOut]),
    operation_id="output_versions",
    summary="成果的各版",
)
def versions(request: HttpRequest, output: UUID) -> Any:
    """新的在前；没有提交的版本只有实施单位及其授权人员可见。"""
    found = sees_output(request, output)
    return [
        version_line(one) for one in queries.versions_for(request.user, found.project).filter(output=found)
    ]


@outputs_router.post(
    "/{output}/versions",
    response=answers(OutputVersionOut, ok=201, limited=True),
    throttle=VerbRate(),
    operation_id="output_add_version",
    summary=str(verbs.add_version.title),
)
def add_version(
    request: HttpRequest,
    *,
    output: UUID,
    files: Annotated[list[UploadedFile], File(..., description="一至十份文件，按内容判断")],
    form: Annotated[OutputVersionIn, Form(...)],
    idempotency_key: str = KEY,
    if_match: str | None = REVISION,
) -> Any:
    """上传成果的新版本（multipart/form-data）。含宏、脚本、加密或与扩展名不符的文件会被拒收，并说明原因。"""
    one = sees_output(request, output)
    refuse_early(verbs.add_version, request, one)
    if len(files) > verbs.MOST_FILES:
        raise Invalid([Problem(_("请附 1 至 %d 份文件") % verbs.MOST_FILES, where="files")])
    made = verbs.add_version(
        one,
        by=request.user,
        key=idempotency_key,
        expect=revision(if_match),
        uploads=[receive(file, by=request.user) for file in files],
        **form.dict(),
    )
    return Status(201, version_line(made))


Exposed.operations[verbs.add_version.name] = ("POST", "/{output}/versions")


@files_router.get(
    "/{file}",
    response=answers(None),
    operation_id="output_file",
    summary="下载成果文件",
    openapi_extra={"responses": {200: BINARY}},
)
def output_file(request: HttpRequest, file: UUID) -> Any:
    """查验通过的文件原样给出。"""
    return serve(sees_file(request, file).upload)


expose(
    projects_router, verbs.add_output, "/{project}/outputs",
    found=sees_project, body=OutputAddIn, shape=OutputOut, present=output_line, status=201, tag=TAG,
)  # fmt: skip
for verb, path, body in (
    (verbs.arrange, "/{output}/arrange", OutputArrangeIn),
    (verbs.hand_in, "/{output}/hand-in", None),
    (verbs.accept, "/{output}/accept", OutputAcceptIn),
    (verbs.send_back, "/{output}/send-back", OutputSendBackIn),
    (verbs.mark, "/{output}/mark", OutputMarkIn),
    (verbs.drop, "/{output}/drop", OutputDropIn),
):
    expose(
        outputs_router,
        verb,
        path,
        found=sees_output,
        body=body,
        shape=OutputOut,
        present=output_line,
        tag=TAG,
    )
