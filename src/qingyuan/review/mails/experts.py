"""What experts get by mail. No mail names a project or an applicant: a conflict may come to light after it left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.kernel import clock
from qingyuan.kernel.outbox import Draft, Recipient
from qingyuan.people.models import Expert, Organisation
from qingyuan.review.models import Assignment, Round

CLOSING = "\n\n清源 · 清洁生产审核创新试点平台"


def host_of(round_: Round) -> Organisation:
    """The department in whose name the review writes."""
    return round_.joint_body.host


def _to(expert: Expert) -> Recipient:
    return Recipient(expert.user.email, str(expert.user), expert.user_id)


def _when(instant: datetime | None) -> str:
    return clock.local(instant).strftime("%Y-%m-%d %H:%M") if instant else ""


def invitation(
    round_: Round,
    *,
    by: Any,
    now: datetime,
    result: Any,
    experts: Sequence[Expert] = (),
    reply_due_at: datetime | None = None,
    **_rest: Any,
) -> list[Draft]:
    del by, now, result
    if not experts:
        return []
    host = host_of(round_)
    return [
        Draft(
            to=_to(expert),
            subject=_("邀请您担任评审专家（{code}）"),
            body=_(
                "您好：\n\n{host}邀请您担任“{call}”的评审专家。\n\n请在 {due} 前登录清源平台答复；接受前请阅读保密、廉洁、回避承诺，"
                "接受后先申报利益关系，再查看评审任务。"
            )
            + CLOSING,
            trusted={"due": _when(reply_due_at), "code": expert.code},
            untrusted={"host": host.name, "call": round_.call.title},
            sender_id=host.pk,
        )
        for expert in experts
        if expert.user.email
    ]


def work(round_: Round, assignments: Iterable[Assignment]) -> list[Draft]:
    """One mail an expert: how many tasks, by when."""
    by_expert: dict[Any, list[Assignment]] = {}
    for one in assignments:
        if not one.is_reserve:
            by_expert.setdefault(one.appointment.expert_id, []).append(one)
    if not by_expert:
        return []
    host = host_of(round_)
    drafts = []
    for ones in by_expert.values():
        expert = ones[0].appointment.expert
        if not expert.user.email:
            continue
        drafts.append(
            Draft(
                to=_to(expert),
                subject=_("您有 {count} 项新的评审任务（{code}）"),
                body=_(
                    "您好：\n\n{host}已向您分派 {count} 项评审任务，请在 {due} 前完成。\n\n请登录清源平台，在“我的评审”中查看任务和任务书。"
                    "发现应当回避的，请立即在该任务中提出。"
                )
                + CLOSING,
                trusted={
                    "count": len(ones),
                    "due": _when(min(one.due_at for one in ones)),
                    "code": expert.code,
                },
                untrusted={"host": host.name},
                sender_id=host.pk,
            )
        )
    return drafts
