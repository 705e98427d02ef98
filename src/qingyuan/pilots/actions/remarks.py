"""Remarks on a chapter: what the applicant's own reviewer or signer wants changed before the plan goes on."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.papers.canonical import sha256_hex
from qingyuan.pilots import rules
from qingyuan.pilots.models import ChapterRemark, Pilot, RemarkReply

Stage = Pilot.Stage
MAX_OPEN = 100


@action(
    "pilot.remark_chapter",
    title=gettext_lazy("提出章节意见"),
    on=Pilot,
    may=rules.reviews_pilot | rules.signs_pilot,
    stages=(Stage.DRAFTING, Stage.REVIEWING, Stage.SIGNING, Stage.SIGNED),
)
def remark_chapter(pilot: Pilot, act: Act, *, outline_id: str, text: str) -> ChapterRemark:
    """审核人、签发人对某一节提出修改意见；意见显示在该节旁边，直到处理完毕。"""
    problems = misfits(ChapterRemark, text=text)
    text = text.strip()
    if not text:
        problems.append(Problem(_("请写明意见"), where="text"))
    chapter = pilot.chapters.filter(outline_id=outline_id).first()
    if chapter is None:
        problems.append(Problem(_("大纲没有这一章"), where="outline_id"))
    elif chapter.remarks.filter(resolved_at__isnull=True).count() >= MAX_OPEN:
        problems.append(Problem(_("本节未处理的意见已有 %d 条，请先处理") % MAX_OPEN, where="text"))
    if problems or chapter is None:
        raise Invalid(problems)
    act.note(chapter=outline_id, remark_sha256=sha256_hex(text.encode()))
    return ChapterRemark.objects.create(chapter=chapter, text=text, at=act.now, by=act.by)


@action(
    "pilot.resolve_remark",
    title=gettext_lazy("章节意见已处理"),
    on=Pilot,
    may=rules.can_write | rules.reviews_pilot | rules.signs_pilot,
    stages=(Stage.DRAFTING, Stage.REVIEWING, Stage.SIGNING),
)
def resolve_remark(pilot: Pilot, act: Act, *, remark_id: int) -> ChapterRemark:
    """按意见改好之后标为已处理；意见和处理人都留存。"""
    remark = _remark(pilot, remark_id)
    if remark.resolved_at is None:
        remark.resolved_at, remark.resolved_by = act.now, act.by
        remark.save(update_fields=["resolved_at", "resolved_by"])
    act.note(chapter=remark.chapter.outline_id, remark=remark.pk)
    return remark


def _remark(pilot: Pilot, remark_id: int) -> ChapterRemark:
    found = ChapterRemark.objects.select_related("chapter").filter(pk=remark_id, chapter__pilot=pilot).first()
    if found is None:
        raise Invalid([Problem(_("没有这条意见"), where="remark_id")])
    return found


def _reply(remark: ChapterRemark, act: Act, text: str) -> None:
    text, problems = text.strip(), misfits(RemarkReply, text=text.strip())
    if not text:
        problems.append(Problem(_("请写明内容"), where="text"))
    if remark.replies.count() >= MAX_OPEN:
        problems.append(Problem(_("这条意见的答复已有 %d 条，请另提意见") % MAX_OPEN, where="text"))
    if problems:
        raise Invalid(problems)
    RemarkReply.objects.create(remark=remark, text=text, at=act.now, by=act.by)
    act.note(chapter=remark.chapter.outline_id, remark=remark.pk, text_sha256=sha256_hex(text.encode()))


@action(
    "pilot.answer_remark",
    title=gettext_lazy("答复章节意见"),
    on=Pilot,
    may=rules.can_write | rules.reviews_pilot | rules.signs_pilot,
    stages=(Stage.DRAFTING, Stage.REVIEWING, Stage.SIGNING, Stage.SIGNED),
)
def answer_remark(pilot: Pilot, act: Act, *, remark_id: int, text: str) -> ChapterRemark:
    """在一条意见之下答复或追问；意见仍未处理，直到标为已处理。"""
    remark = _remark(pilot, remark_id)
    _reply(remark, act, text)
    return remark


@action(
    "pilot.reopen_remark",
    title=gettext_lazy("意见尚未处理好"),
    on=Pilot,
    may=rules.reviews_pilot | rules.signs_pilot,
    stages=(Stage.DRAFTING, Stage.REVIEWING, Stage.SIGNING, Stage.SIGNED),
)
def reopen_remark(pilot: Pilot, act: Act, *, remark_id: int, text: str) -> ChapterRemark:
    """审核人、签发人认为没有改好的，写明理由，意见重新列为未处理。"""
    remark = _remark(pilot, remark_id)
    if remark.resolved_at is None:
        raise Invalid([Problem(_("这条意见还没有标为已处理，可以直接答复"), where="remark_id")])
    _reply(remark, act, text)
    remark.resolved_at = remark.resolved_by = None
    remark.save(update_fields=["resolved_at", "resolved_by"])
    return remark
