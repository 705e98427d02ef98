"""The comment of a prefecture bureau, where the call asks for it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.papers.canonical import sha256_hex
from qingyuan.people.models import Role
from qingyuan.pilots import area, mails
from qingyuan.pilots.models import Pilot, PrefectureComment


@action(
    "pilot.comment",
    title=gettext_lazy("提出市级意见"),
    on=Pilot,
    may=area.can_comment,
    stages=(Pilot.Stage.SUBMITTED,),
    creates=PrefectureComment,
    idempotent=True,
    mails=mails.comment_mails,
)
def comment(pilot: Pilot, act: Act, *, text: str) -> PrefectureComment:
    """所在地的市级生态环境局、发展改革委对已提交的申报提出意见；意见附在该版本旁，供受理单位参考，提出后不能更改。"""
    text = text.strip()
    problems = misfits(PrefectureComment, text=text)
    if not text:
        problems.append(Problem(_("请填写意见"), where="text"))
    bureau = area.bureau_for(act.by, pilot, Role.HANDLER, Role.LEAD)
    submission = pilot.submissions.filter(is_current=True).first()
    if submission is not None and submission.comments.filter(organisation=bureau).exists():
        problems.append(Problem(_("本单位已对这一版本提出过意见"), where="text"))
    if problems or submission is None or bureau is None:
        raise Invalid(problems or [Problem(_("没有已收到的现行版本"))])
    made = PrefectureComment.objects.create(
        submission=submission, organisation=bureau, by=act.by, at=act.now, text=text
    )
    act.note(version=submission.version, organisation=str(bureau.pk), text_sha256=sha256_hex(text.encode()))
    return made
