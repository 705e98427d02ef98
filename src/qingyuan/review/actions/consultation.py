"""Verbs of 征求意见: ask, answer, decline, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.people.models import Organisation
from qingyuan.review import consultation_mails as mails
from qingyuan.review.consultation_files import files_of
from qingyuan.review.models import Case, Consultation
from qingyuan.review.rules import consultation as rules

Stage = Consultation.Stage
CLAUSES = ("N9", "H3")


@action(
    "consultation.ask",
    title=gettext_lazy("征求意见"),
    on=Case,
    may=rules.asks,
    stages=("form_check", "assessment", "decision"),
    creates=Consultation,
    creates_in=(Stage.SENT,),
    clauses=CLAUSES,
    idempotent=True,
    mails=mails.ask_mails,
)
def ask(
    case: Case,
    act: Act,
    *,
    question: str,
    due_on: date,
    organisation: Organisation | None = None,
    body_name: str = "",
    files: Sequence[str] = (),
) -> Consultation:
    """就一个项目征求有关处（司）室或单位的意见；对方只看到所提的问题和勾选的文件，看不到评审的其他内容。"""
    name = organisation.name if organisation else " ".join(body_name.split())
    known = {one["sha256"]: one for one in files_of(case)}
    problems = misfits(Consultation, body_name=name, question=question.strip())
    if not name:
        problems.append(
            Problem(
                _("请选择征求意见的单位，或写明其名称"), where="body_name", mend=_("平台未登记的单位写全称")
            )
        )
    if organisation is not None and organisation.pk == case.applicant_id:
        problems.append(Problem(_("不能就申报单位自己的项目征求它的意见"), where="organisation"))
    if not question.strip():
        problems.append(Problem(_("请写明征求意见的问题"), where="question"))
    if due_on < clock.local(act.now).date():
        problems.append(Problem(_("答复期限不能早于今天"), where="due_on"))
    if {*files} - known.keys():
        problems.append(
            Problem(_("有的文件不属于这个项目的封存材料"), where="shown", mend=_("请刷新页面后重选"))
        )
    if problems:
        raise Invalid(problems)
    one = Consultation.objects.create(
        case=case,
        organisation=organisation,
        body_name=name,
        question=question.strip(),
        files=[known[sha256] for sha256 in dict.fromkeys(files)],
        asked_at=act.now,
        asked_by=act.by,
        due_on=due_on,
    )
    act.note(
        organisation=str(organisation.pk) if organisation else "",
        question_sha256=sha256_hex(one.question.encode()),
        files=[file["sha256"] for file in one.files],
        due_on=due_on.isoformat(),
    )
    return one


def _close(one: Consultation, act: Act, stage: str, **more: Any) -> None:
    one.closed_at, one.closed_by = act.now, act.by
    for name, value in more.items():
        setattr(one, name, value)
    act.move(one, stage)
    one.save(update_fields=["stage", "closed_at", "closed_by", *more])


@action(
    "consultation.answer",
    title=gettext_lazy("答复意见"),
    on=Consultation,
    may=rules.answers,
    stages=(Stage.SENT,),
    to=(Stage.ANSWERED,),
    clauses=CLAUSES,
    idempotent=True,
    mails=mails.answer_mails,
)
def answer(
    one: Consultation, act: Act, *, word: str, answer: str = "", upload: Upload | None = None
) -> Consultation:
    """就所提问题给出意见，可附盖章复函；答复后不再改动，逾期答复照收并标明。"""
    text = answer.strip()
    problems = misfits(Consultation, answer=text)
    if word not in Consultation.Word.values:
        problems.append(Problem(_("请选择意见"), where="word"))
    elif word != Consultation.Word.AGREES and not text:
        problems.append(Problem(_("请写明意见的内容"), where="answer"))
    if problems:
        raise Invalid(problems)
    _close(one, act, Stage.ANSWERED, word=word, answer=text, upload=upload)
    act.note(
        word=word,
        late=one.is_late,
        answer_sha256=sha256_hex(canonical_bytes({"word": word, "text": text})),
        upload_sha256=upload.sha256 if upload else "",
    )
    return one


def _reason(text: str) -> str:
    problems = misfits(Consultation, answer=text.strip())
    if not text.strip():
        problems.append(Problem(_("请写明理由"), where="reason"))
    if problems:
        raise Invalid(problems)
    return text.strip()


@action(
    "consultation.decline",
    title=gettext_lazy("不予答复"),
    on=Consultation,
    may=rules.answers,
    stages=(Stage.SENT,),
    to=(Stage.DECLINED,),
    mails=mails.answer_mails,
)
def decline(one: Consultation, act: Act, *, reason: str) -> Consultation:
    """不属于本单位职责等原因不能答复的，写明理由，由主办单位另行征求。"""
    text = _reason(reason)
    _close(one, act, Stage.DECLINED, answer=text)
    act.note(reason_sha256=sha256_hex(text.encode()))
    return one


@action(
    "consultation.withdraw",
    title=gettext_lazy("撤回征求意见"),
    on=Consultation,
    may=rules.withdraws,
    stages=(Stage.SENT,),
    to=(Stage.WITHDRAWN,),
    mails=mails.withdraw_mails,
)
def withdraw(one: Consultation, act: Act, *, reason: str) -> Consultation:
    """不再需要答复的，写明原因撤回；对方待办随之消除。"""
    text = _reason(reason)
    _close(one, act, Stage.WITHDRAWN, answer=text)
    act.note(reason_sha256=sha256_hex(text.encode()))
    return one
