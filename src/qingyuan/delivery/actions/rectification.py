"""Rectification: the applicant answers item by item with evidence, the State accepts, sends back, or notes the lapse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery.mails import acceptance as mails
from qingyuan.delivery.models import Project, Rectification, RectificationEvidence, RectificationItem
from qingyuan.delivery.rules import acceptance as rules
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.kernel.models import Upload
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review.actions.acceptance import rectification_ended
from qingyuan.review.models import Case
from qingyuan.review.queries.panel import sheet_of

Stage = Rectification.Stage
MOST_FILES = 20


@action(
    "rectification.attach",
    title=gettext_lazy("上传整改佐证"),
    on=Rectification,
    may=rules.handles_rectification,
    stages=(Stage.ASKED,),
    clauses=("N11",),
    idempotent=True,
)
def attach(rectification: Rectification, act: Act, *, position: int, upload: Upload) -> RectificationEvidence:
    """为一条整改要求上传佐证材料；答复提交之前可以增删。"""
    item = _item(rectification, position)
    if item.evidence.filter(upload__sha256=upload.sha256).exists():
        raise Invalid([Problem(_("这份文件已经上传过"), where="upload")])
    if item.evidence.count() >= MOST_FILES:
        raise Invalid([Problem(_("每条最多 %d 份佐证") % MOST_FILES, where="upload")])
    made = RectificationEvidence.objects.create(item=item, upload=upload, at=act.now)
    act.note(position=position, sha256=upload.sha256)
    return made


@action(
    "rectification.detach",
    title=gettext_lazy("撤下整改佐证"),
    on=Rectification,
    may=rules.handles_rectification,
    stages=(Stage.ASKED,),
)
def detach(rectification: Rectification, act: Act, *, evidence: RectificationEvidence) -> Rectification:
    """撤下传错的佐证材料；答复提交之后不能再撤。"""
    if evidence.item.rectification_id != rectification.pk:
        raise Invalid([Problem(_("这份佐证不属于这次整改"), where="evidence")])
    act.note(position=evidence.item.position, sha256=evidence.upload.sha256)
    RectificationEvidence.objects.filter(pk=evidence.pk).delete()
    return rectification


def _item(rectification: Rectification, position: int) -> RectificationItem:
    found = rectification.items.filter(position=position).first()
    if found is None:
        raise Invalid([Problem(_("没有第 %d 条整改要求") % position, where="position")])
    return found


@action(
    "rectification.answer",
    title=gettext_lazy("提交整改答复"),
    on=Rectification,
    may=rules.handles_rectification,
    stages=(Stage.ASKED,),
    to=(Stage.ANSWERED,),
    clauses=("N11",),
    mails=mails.rectification_answered,
)
def answer(rectification: Rectification, act: Act, *, answers: Mapping[int, str]) -> Rectification:
    """逐条写明整改情况，每条至少一份佐证；提交后封存，由评估验收的主办单位核实。"""
    items = list(rectification.items.prefetch_related("evidence__upload"))
    problems = [
        Problem(_("没有第 %d 条整改要求") % position, where=f"answer-{position}")
        for position in answers
        if position not in {item.position for item in items}
    ]
    for item in items:
        text = answers.get(item.position, "").strip()
        at = f"answer-{item.position}"
        if not text:
            problems.append(Problem(_("第 %d 条还没有答复") % item.position, where=at))
        if not item.evidence.all():
            problems.append(
                Problem(_("第 %d 条没有佐证材料") % item.position, where=at, mend=_("先上传佐证，再提交答复"))
            )
        problems += [
            Problem(one.message, where=at, expected=one.expected)
            for one in misfits(RectificationItem, answer=text)
        ]
        item.answer = text
    if problems:
        raise Invalid(problems)
    RectificationItem.objects.bulk_update(items, ["answer"])
    rectification.answered_at, rectification.answered_by = act.now, act.by
    rectification.content_sha256 = _hash(rectification, items)
    act.move(rectification, Stage.ANSWERED)
    rectification.save(update_fields=["stage", "answered_at", "answered_by", "content_sha256"])
    late = rectification.is_late(clock.local(act.now).date())
    act.note(content_sha256=rectification.content_sha256, late=late)
    return rectification


def _hash(rectification: Rectification, items: list[RectificationItem]) -> str:
    return sha256_hex(
        canonical_bytes(
            {
                "case": str(rectification.case_id),
                "number": rectification.number,
                "items": [
                    {
                        "requirement": item.requirement,
                        "answer": item.answer,
                        "evidence": sorted(one.upload.sha256 for one in item.evidence.all()),
                    }
                    for item in items
                ],
            }
        )
    )


def _case_and_project(rectification: Rectification, **_arguments: object) -> Iterable[Model]:
    return [rectification.case, rectification.project]


def _end(rectification: Rectification, act: Act, stage: Stage) -> None:
    act.move(rectification, stage)
    rectification.ended_at, rectification.ended_by = act.now, act.by
    rectification.save(update_fields=["stage", "remark", "ended_at", "ended_by"])
    rectification_ended(Case.objects.get(pk=rectification.case_id), act)
    act.move(Project.objects.get(pk=rectification.project_id), Project.Stage.EVALUATING)


@action(
    "rectification.accept",
    title=gettext_lazy("整改到位"),
    on=Rectification,
    may=rules.organises_rectification,
    stages=(Stage.ANSWERED,),
    to=(Stage.ACCEPTED,),
    clauses=("N11",),
    mails=mails.rectification_accepted,
    locks=_case_and_project,
)
def accept_rectification(rectification: Rectification, act: Act, *, remark: str = "") -> Rectification:
    """核实各条整改到位；试点回到待会同决定，由两部门重新作出结论。"""
    if problems := misfits(Rectification, remark=remark.strip()):
        raise Invalid(problems)
    rectification.remark = remark.strip()
    _end(rectification, act, Stage.ACCEPTED)
    act.note(content_sha256=rectification.content_sha256)
    return rectification


@action(
    "rectification.send_back",
    title=gettext_lazy("退回继续整改"),
    on=Rectification,
    may=rules.organises_rectification,
    stages=(Stage.ANSWERED,),
    to=(Stage.ASKED,),
    clauses=("N11",),
    mails=mails.rectification_sent_back,
)
def send_back_rectification(
    rectification: Rectification, act: Act, *, remark: str, due_on: date
) -> Rectification:
    """整改不到位的，写明哪一条、为什么，另定期限继续整改；退回有次数限制。"""
    problems = misfits(Rectification, remark=remark.strip())
    if not remark.strip():
        problems.append(Problem(_("请写明退回的理由"), where="remark"))
    if due_on <= clock.local(act.now).date():
        problems.append(Problem(_("整改期限须晚于今天"), where="due_on"))
    terms = sheet_of(rectification.case.round).acceptance
    most = terms.rounds if terms else 0
    if rectification.sent_back >= most:
        problems.append(
            Problem(
                _("已退回 %d 次，不能再退回") % rectification.sent_back,
                expected=_("最多 %d 次") % most,
                mend=_("认定整改到位，或在期满后登记逾期未完成"),
            )
        )
    if problems:
        raise Invalid(problems)
    rectification.remark, rectification.due_on = remark.strip(), due_on
    rectification.sent_back += 1
    act.move(rectification, Stage.ASKED)
    rectification.save(update_fields=["stage", "remark", "due_on", "sent_back"])
    act.note(sent_back=rectification.sent_back, due_on=due_on.isoformat())
    return rectification


@action(
    "rectification.lapse",
    title=gettext_lazy("登记整改未完成"),
    on=Rectification,
    may=rules.organises_rectification,
    stages=(Stage.ASKED, Stage.ANSWERED),
    to=(Stage.LAPSED,),
    clauses=("N11",),
    mails=mails.rectification_lapsed,
    locks=_case_and_project,
)
def lapse(rectification: Rectification, act: Act, *, remark: str) -> Rectification:
    """期限已过仍没有整改到位的，登记并说明；试点回到待会同决定，由两部门作出结论。"""
    problems = misfits(Rectification, remark=remark.strip())
    if not remark.strip():
        problems.append(Problem(_("请说明情况"), where="remark"))
    if not rectification.is_late(clock.local(act.now).date()):
        problems.append(Problem(_("整改期限还没有过"), expected=_("%s 之后") % rectification.due_on))
    if problems:
        raise Invalid(problems)
    rectification.remark = remark.strip()
    _end(rectification, act, Stage.LAPSED)
    return rectification
