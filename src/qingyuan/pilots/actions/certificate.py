"""Verbs of the 证明函: ask another body, file its answer, note its refusal."""

from __future__ import annotations

from datetime import date

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Closed, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.canonical import sha256_hex
from qingyuan.people.models import Organisation
from qingyuan.pilots import mails_certificate, returned, rules
from qingyuan.pilots.models import Attachment, CertificateRequest, Pilot

Stage = CertificateRequest.Stage
CLAUSES = ("N5.1", "N5.2")


@action(
    "pilot.request_certificate",
    title=gettext_lazy("发出证明函"),
    on=Pilot,
    may=rules.handles_pilot,
    stages=(Pilot.Stage.DRAFTING,),
    creates=CertificateRequest,
    creates_in=(Stage.SENT,),
    clauses=CLAUSES,
    idempotent=True,
    mails=mails_certificate.request_mails,
)
def request_certificate(
    pilot: Pilot,
    act: Act,
    *,
    condition_id: str,
    question_id: str,
    text: str,
    organisation: Organisation | None = None,
    body_name: str = "",
    due_on: date | None = None,
) -> CertificateRequest:
    """请生态环境执法、财政等单位就一个条件问题出具证明；平台登记发出、收到或拒绝的日期，收到的文件即成为该问题的佐证。"""
    returned.require(pilot, now=act.now, part="eligibility")
    name = organisation.name if organisation else " ".join(body_name.split())
    problems = misfits(CertificateRequest, body_name=name, text=text)
    conditions = {condition.id: condition for condition in pilot.notice.conditions_for(pilot.category_id)}
    condition = conditions.get(condition_id)
    if condition is None or question_id not in {question.id for question in condition.questions}:
        problems.append(Problem(_("请选择要证明的条件问题"), where="question"))
    if not name:
        problems.append(
            Problem(
                _("请选择出具证明的单位，或写明其名称"), where="body_name", mend=_("平台未登记的单位写全称")
            )
        )
    if organisation is not None and organisation.pk == pilot.applicant_id:
        problems.append(Problem(_("不能由申报单位为自己出具证明"), where="organisation"))
    if not text.strip():
        problems.append(Problem(_("请写明请求证明的事项"), where="text"))
    if due_on is not None and due_on < clock.local(act.now).date():
        problems.append(
            Problem(_("答复期限不能早于今天"), where="due_on", mend=_("给出具证明的单位留出办理的时间"))
        )
    if problems:
        raise Invalid(problems)
    request = CertificateRequest.objects.create(
        pilot=pilot,
        condition_id=condition_id,
        question_id=question_id,
        organisation=organisation,
        body_name=name,
        text=text.strip(),
        sent_at=act.now,
        due_on=due_on,
    )
    act.note(
        condition=condition_id,
        question=question_id,
        organisation=str(organisation.pk) if organisation else "",
        text_sha256=sha256_hex(request.text.encode()),
        due_on=due_on.isoformat() if due_on else "",
    )
    return request


def _pilot(request: CertificateRequest, **_arguments: object) -> list[Model]:
    return [request.pilot]


def _check_day(request: CertificateRequest, act: Act, answered_on: date) -> list[Problem]:
    today = clock.local(act.now).date()
    first = clock.local(request.sent_at).date()
    if first <= answered_on <= today:
        return []
    return [Problem(_("答复日期须在发出之后、今天之前"), where="answered_on", expected=f"{first} – {today}")]


@action(
    "certificate.receive",
    title=gettext_lazy("登记收到的证明"),
    on=CertificateRequest,
    may=rules.answers_certificate,
    stages=(Stage.SENT,),
    to=(Stage.RECEIVED,),
    clauses=CLAUSES,
    idempotent=True,
    mails=mails_certificate.answer_mails,
    locks=_pilot,
)
def receive_certificate(
    request: CertificateRequest, act: Act, *, upload: Upload, answered_on: date
) -> CertificateRequest:
    """登记证明文件和它的日期；文件即附在该条件问题之下，随申报一并提交。"""
    pilot = request.pilot
    if pilot.stage != Pilot.Stage.DRAFTING:
        raise Closed(
            _("申报当前为“%s”，内容已锁定，证明不能再附入；请申报单位先退回修改") % pilot.get_stage_display()
        )
    returned.require(pilot, now=act.now, part="eligibility")
    if problems := _check_day(request, act, answered_on):
        raise Invalid(problems)
    with in_record_language():
        title = _("证明函：%s") % request.body_name[:100]
    request.attachment = Attachment.objects.create(
        pilot=pilot,
        purpose=Attachment.Purpose.EVIDENCE,
        condition_id=request.condition_id,
        question_id=request.question_id,
        title=title,
        upload=upload,
        added_at=act.now,
    )
    pilot.revision += 1
    pilot.save(update_fields=["revision"])
    request.answered_on, request.answered_at = answered_on, act.now
    act.move(request, Stage.RECEIVED)
    request.save(update_fields=["attachment", "answered_on", "answered_at", "stage"])
    act.note(sha256=upload.sha256, answered_on=answered_on.isoformat())
    return request


@action(
    "certificate.refuse",
    title=gettext_lazy("登记不予证明"),
    on=CertificateRequest,
    may=rules.answers_certificate,
    stages=(Stage.SENT,),
    to=(Stage.REFUSED,),
    mails=mails_certificate.answer_mails,
)
def refuse_certificate(
    request: CertificateRequest, act: Act, *, answered_on: date, remark: str
) -> CertificateRequest:
    """对方不予证明的，登记日期和理由；可以另发一份，或改用其他佐证。"""
    problems = _check_day(request, act, answered_on) + misfits(CertificateRequest, remark=remark)
    if not remark.strip():
        problems.append(Problem(_("请写明不予证明的理由"), where="remark"))
    if problems:
        raise Invalid(problems)
    request.answered_on, request.answered_at, request.remark = answered_on, act.now, remark.strip()
    act.move(request, Stage.REFUSED)
    request.save(update_fields=["remark", "answered_on", "answered_at", "stage"])
    act.note(answered_on=answered_on.isoformat(), remark_sha256=sha256_hex(remark.strip().encode()))
    return request
