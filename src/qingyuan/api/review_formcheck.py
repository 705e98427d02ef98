"""Form check, truth, consultations and paper over HTTP: officers read and judge; asked bodies read their own questions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from qingyuan.api.calls import router as calls_router
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.review_rounds import cases_router
from qingyuan.api.shapes import Key, Sent
from qingyuan.api.verbs import Found, expose
from qingyuan.calls.models import Call
from qingyuan.calls.rules import receives_for_call
from qingyuan.kernel.actions import Invalid, Problem
from qingyuan.people.models import Organisation
from qingyuan.pilots.models import Submission
from qingyuan.review.actions import arrival, consultation, formcheck, truthfulness
from qingyuan.review.models import Case, Consultation, FormCheck, PaperArrival, Truthfulness
from qingyuan.review.queries import arrival as paper
from qingyuan.review.queries import formcheck as queries
from qingyuan.review.rules import consultation as asked_rules
from qingyuan.review.rules import formcheck as rules
from qingyuan.review.rules import ground

checks_router = Router(tags=["形式校核"])
truth_router = Router(tags=["形式校核"])
consultations_router = Router(tags=["征求意见"])
arrivals_router = Router(tags=["收件登记"])
Note = Annotated[str, StringConstraints(max_length=1000)]
Long = Annotated[str, StringConstraints(max_length=2000)]
DAY = "2022-07-05"


class Said(Schema):
    """One judgement: a word and, where it needs one, its reason."""

    word: Key = Field(examples=["meets"])
    note: Note = Field("", examples=["第二章缺少基准年"])


class FormCheckOut(Schema):
    id: UUID
    revision: int
    case: UUID
    stage: str = Field(examples=["open", "passed", "sent_back", "failing"])
    rule_set: str
    findings: list[dict[str, Any]]
    findings_sha256: str
    on_dimensions: dict[str, Any]
    on_findings: dict[str, Any]
    opinion: str
    begun_at: datetime
    concluded_at: datetime | None
    request: UUID | None = Field(description="退回补充完善的编号")


class CaseChecksOut(Schema):
    """A case and how far its checks are."""

    id: UUID
    revision: int
    label: str
    title: str
    applicant: str
    stage: str
    form_check: str
    truthfulness: str


class TruthfulnessOut(Schema):
    id: UUID
    revision: int
    case: UUID
    stage: str
    sealed_sha256: str
    checks: dict[str, Any]
    result: str
    note: str
    examined_at: datetime
    signed_at: datetime | None
    remark: str


class CaseConsultationOut(Schema):
    """What the asked body and the officers may read: the question, the files that it names, the answer."""

    id: UUID
    revision: int
    title: str = Field(description="项目名称")
    applicant: str
    body_name: str
    stage: str
    question: str
    files: list[dict[str, Any]]
    asked_at: datetime
    due_on: date
    is_late: bool
    word: str
    answer: str
    closed_at: datetime | None


class ArrivalOut(Schema):
    id: UUID
    revision: int
    number: str
    title: str
    submission: UUID | None
    delivery: str
    arrived_on: date
    courier: str
    courier_number: str
    copies: int
    stage: str
    is_late: bool
    note: str


class CheckJudgeIn(Sent):
    dimensions: dict[Key, Said] = Field({}, max_length=50, examples=[{"format": {"word": "meets"}}])
    findings: dict[str, Said] = Field({}, max_length=2000, examples=[{}])
    opinion: Long = ""


class CheckReasonIn(Sent):
    reason: Note = Field(examples=["不属于本处职责"])


class CheckRejectIn(Sent):
    reason: Long = Field(examples=["不符合申报条件"])


class TruthReturnIn(Sent):
    remark: Note = Field(examples=["请补充比对环境统计数据"])


class CheckSendBackIn(Sent):
    chapters: list[Key] = Field([], max_length=200, examples=[["goals"]])
    parts: list[Key] = Field([], max_length=20, examples=[["targets"]])
    reason: Note = Field(examples=["目标没有基准年，请补充。"])
    due_at: AwareDatetime = Field(examples=["2022-07-05T10:00:00Z"])


class TruthExamineIn(Sent):
    checks: dict[Key, Said] = Field(max_length=50, examples=[{"statistics": {"word": "agrees"}}])
    result: Key = Field(examples=["true"])
    note: Long = ""


class ConsultationAskIn(Sent):
    question: Long = Field(examples=["近三年有无重大环境违法？"])
    due_on: date = Field(examples=[DAY])
    organisation: UUID | None = Field(None, description="平台登记的单位；未登记的写 body_name")
    body_name: Annotated[str, StringConstraints(max_length=120)] = ""
    files: list[str] = Field([], max_length=200, description="随附封存文件的 SHA-256")


class ConsultationAnswerIn(Sent):
    word: Key = Field(examples=["agrees"])
    answer: Annotated[str, StringConstraints(max_length=4000)] = ""


class PaperRegisterIn(Sent):
    delivery_id: Key = Field(examples=["paper"])
    arrived_on: date = Field(examples=[DAY])
    copies: int = Field(ge=1, le=100, examples=[5])
    title: Annotated[str, StringConstraints(max_length=160)] = ""
    submission: UUID | None = None
    courier: Annotated[str, StringConstraints(max_length=60)] = ""
    courier_number: Annotated[str, StringConstraints(max_length=60)] = ""
    note: Note = ""


class PaperCompareIn(Sent):
    same: bool
    note: Note = ""
    submission: UUID | None = None


_INSIDE = ("case__round__call__joint_body", "case__submission", "case__pilot__call")
sees_case = Found(
    Case, ground.sees_case_as_officer, "case", ("round__call__joint_body", "submission", "pilot__call")
)
sees_check = Found(FormCheck, rules.sees_check, "check", _INSIDE)
sees_truth = Found(Truthfulness, rules.sees_truthfulness, "truthfulness", _INSIDE)
sees_consultation = Found(
    Consultation,
    asked_rules.sees_consultation,
    "consultation",
    ("case__round__call__joint_body", "organisation"),
)
sees_arrival = Found(PaperArrival, asked_rules.sees_arrival, "arrival", ("call__joint_body",))
sees_call = Found(Call, receives_for_call, "call", ("joint_body",))


def check_out(one: FormCheck, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = [name for name in FormCheckOut.model_fields if name not in {"case", "request"}]
    return {**{name: getattr(one, name) for name in names}, "case": one.case_id, "request": one.request_id}


def truth_out(one: Truthfulness, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = [name for name in TruthfulnessOut.model_fields if name != "case"]
    return {**{name: getattr(one, name) for name in names}, "case": one.case_id}


def consultation_out(one: Consultation, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = [name for name in CaseConsultationOut.model_fields if name not in {"title", "applicant"}]
    return {
        **{name: getattr(one, name) for name in names},
        "title": one.case.title,
        "applicant": one.case.applicant_name,
    }


def arrival_out(one: PaperArrival, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = ("id", "revision", "title", "arrived_on", "courier", "courier_number", "copies", "stage", "note")
    return {
        **{name: getattr(one, name) for name in names},
        "number": one.label,
        "submission": one.submission_id,
        "delivery": one.delivery_id,
        "is_late": one.is_late,
    }


def case_out(case: Case, _request: HttpRequest | None = None) -> dict[str, Any]:
    (line,) = queries.lines([case])
    return {
        "id": case.pk,
        "revision": case.revision,
        "label": case.label,
        "title": case.title,
        "applicant": case.applicant_name,
        "stage": case.stage,
        "form_check": line.check.title,
        "truthfulness": line.truth.title,
    }


@cases_router.get(
    "/{case}/checks",
    response=answers(CaseChecksOut),
    operation_id="case_checks",
    summary="一个评审项目的校核情况",
)
def case(request: HttpRequest, case: UUID) -> Any:
    """组织评审的联合单位可见。"""
    return case_out(sees_case(request, case))


@cases_router.get(
    "/{case}/form-checks",
    response=answers(list[FormCheckOut]),
    operation_id="case_form_checks",
    summary="一个项目的各次形式校核",
)
def form_checks(request: HttpRequest, case: UUID) -> Any:
    """新的在前；问题清单照原样，连同其哈希。"""
    return [check_out(one) for one in sees_case(request, case).form_checks.all()]


@cases_router.get(
    "/{case}/truthfulness",
    response=answers(list[TruthfulnessOut]),
    operation_id="case_truthfulness",
    summary="一个项目的真实性审查",
)
def truth(request: HttpRequest, case: UUID) -> Any:
    """新的在前。"""
    return [truth_out(one) for one in sees_case(request, case).truthfulness.all()]


@cases_router.get(
    "/{case}/consultations",
    response=answers(list[CaseConsultationOut]),
    operation_id="case_consultations",
    summary="一个项目的征求意见",
)
def case_consultations(request: HttpRequest, case: UUID) -> Any:
    """组织评审的联合单位可见。"""
    return [
        consultation_out(one)
        for one in Consultation.objects.filter(case=sees_case(request, case)).select_related("case")
    ]


@consultations_router.get(
    "",
    response=answers(Page[CaseConsultationOut]),
    operation_id="consultations_list",
    summary="征求本单位意见的问题",
)
def consultations(request: HttpRequest, part: Query[Slice]) -> Any:
    """只列向您所在单位提出的问题；其他单位的不存在。"""
    found = Consultation.objects.filter(asked_rules.asked_of(request.user)).select_related("case")
    return page(found.order_by("due_on", "pk"), part, consultation_out)


@consultations_router.get(
    "/{consultation}",
    response=answers(CaseConsultationOut),
    operation_id="consultations_detail",
    summary="一次征求意见",
)
def one_consultation(request: HttpRequest, consultation: UUID) -> Any:
    """被征求意见的单位和组织评审的联合单位可见。"""
    return consultation_out(sees_consultation(request, consultation))


@calls_router.get(
    "/{call}/arrivals",
    response=answers(Page[ArrivalOut]),
    operation_id="calls_arrivals",
    summary="纸质收件登记",
    tags=["收件登记"],
)
def arrivals(request: HttpRequest, call: UUID, part: Query[Slice]) -> Any:
    """按登记号；受理的联合单位可见。"""
    found = sees_call(request, call)

    def line(one: PaperArrival) -> dict[str, Any]:
        one.call = found
        return arrival_out(one)

    return page(paper.arrivals(found), part, line)


def _said(given: dict[str, Said]) -> dict[str, dict[str, str]]:
    return {key: {"word": said.word, "note": said.note} for key, said in given.items()}


def _judge(_check: FormCheck, body: CheckJudgeIn, _request: HttpRequest) -> dict[str, Any]:
    return {
        "dimensions": _said(body.dimensions),
        "findings": _said(body.findings),
        "opinion": body.opinion,
    }


def _examine(_case: Case, body: TruthExamineIn, _request: HttpRequest) -> dict[str, Any]:
    return {"checks": _said(body.checks), "result": body.result, "note": body.note}


def _ask(_case: Case, body: ConsultationAskIn, _request: HttpRequest) -> dict[str, Any]:
    organisation = None
    if body.organisation is not None:
        organisation = Organisation.objects.filter(
            pk=body.organisation, stage=Organisation.Stage.ACTIVE
        ).first()
        if organisation is None:
            raise Invalid([Problem(_("没有这个单位"), where="organisation")])
    given = {name: getattr(body, name) for name in ("question", "due_on", "body_name", "files")}
    return {**given, "organisation": organisation}


def _submission(call_id: UUID, pk: UUID | None) -> Submission | None:
    if pk is None:
        return None
    found = Submission.objects.filter(call=call_id, pk=pk).first()
    if found is None:
        raise Invalid([Problem(_("这份电子申报不属于本通知"), where="submission")])
    return found


def _register(call: Call, body: PaperRegisterIn, _request: HttpRequest) -> dict[str, Any]:
    given = {name: getattr(body, name) for name in PaperRegisterIn.model_fields}
    return {**given, "submission": _submission(call.pk, body.submission)}


def _compare(one: PaperArrival, body: PaperCompareIn, _request: HttpRequest) -> dict[str, Any]:
    return {"same": body.same, "note": body.note, "submission": _submission(one.call_id, body.submission)}


expose(
    cases_router, formcheck.begin, "/{case}/form-checks",
    found=sees_case, shape=FormCheckOut, present=check_out, status=201,
)  # fmt: skip
expose(
    cases_router, formcheck.take_new_version, "/{case}/take-new-version",
    found=sees_case, shape=CaseChecksOut, present=case_out,
)  # fmt: skip
expose(
    cases_router, truthfulness.examine, "/{case}/truthfulness", body=TruthExamineIn, kwargs=_examine,
    found=sees_case, shape=TruthfulnessOut, present=truth_out, status=201,
)  # fmt: skip
expose(
    cases_router, consultation.ask, "/{case}/consultations", body=ConsultationAskIn, kwargs=_ask,
    found=sees_case, shape=CaseConsultationOut, present=consultation_out, status=201,
)  # fmt: skip
expose(
    checks_router, formcheck.judge, "/{check}/judge", body=CheckJudgeIn, kwargs=_judge,
    found=sees_check, shape=FormCheckOut, present=check_out,
)  # fmt: skip
for check_verb, check_path, check_body in (
    (formcheck.pass_check, "/{check}/pass", None),
    (formcheck.propose_rejection, "/{check}/propose-rejection", CheckRejectIn),
    (formcheck.reopen, "/{check}/reopen", None),
    (formcheck.send_back, "/{check}/send-back", CheckSendBackIn),
):
    expose(
        checks_router,
        check_verb,
        check_path,
        body=check_body,
        found=sees_check,
        shape=FormCheckOut,
        present=check_out,
    )
for truth_verb, truth_path, truth_body in (
    (truthfulness.sign, "/{truthfulness}/sign", None),
    (truthfulness.send_back_examination, "/{truthfulness}/return", TruthReturnIn),
):
    expose(
        truth_router,
        truth_verb,
        truth_path,
        body=truth_body,
        found=sees_truth,
        shape=TruthfulnessOut,
        present=truth_out,
    )
for asked_verb, asked_path, asked_body in (
    (consultation.answer, "/{consultation}/answer", ConsultationAnswerIn),
    (consultation.decline, "/{consultation}/decline", CheckReasonIn),
    (consultation.withdraw, "/{consultation}/withdraw", CheckReasonIn),
):
    expose(
        consultations_router, asked_verb, asked_path, body=asked_body,
        found=sees_consultation, shape=CaseConsultationOut, present=consultation_out,
    )  # fmt: skip
expose(
    calls_router, arrival.register, "/{call}/arrivals", body=PaperRegisterIn, kwargs=_register,
    found=sees_call, shape=ArrivalOut, present=arrival_out, status=201, tag="收件登记",
)  # fmt: skip
expose(
    arrivals_router, arrival.compare, "/{arrival}/compare", body=PaperCompareIn, kwargs=_compare,
    found=sees_arrival, shape=ArrivalOut, present=arrival_out,
)  # fmt: skip
expose(
    arrivals_router, arrival.void, "/{arrival}/void", body=CheckReasonIn,
    found=sees_arrival, shape=ArrivalOut, present=arrival_out,
)  # fmt: skip
