"""What a joint decision sends, to whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.mails import SIGNATURE, host_of, recipients_of, shown_until
from qingyuan.kernel.outbox import Draft
from qingyuan.people.models import JointMember, Organisation
from qingyuan.review.models import Case, Decision


def bodies_of(decision: Decision, part: str) -> list[Organisation]:
    """The departments that have this part in the decision."""
    return [seat.organisation for seat in decision.round.joint_body.seats if seat.part == part]


def letters(
    bodies: list[Organisation],
    sender: Organisation,
    *,
    subject: str,
    body: str,
    trusted: dict[str, object] | None = None,
    **untrusted: object,
) -> list[Draft]:
    """The same letter to each of these bodies, with the platform's signature."""
    return [
        Draft(
            to=recipient,
            subject=subject,
            body=body + SIGNATURE,
            trusted=trusted or {},
            untrusted={"sender": sender.name, **untrusted},
            sender_id=sender.pk,
        )
        for _body, recipient in recipients_of(bodies)
    ]


def cosign_mails(
    decision: Decision, *, by: Any, now: datetime, result: Any, due_at: datetime | None = None, **_rest: Any
) -> list[Draft]:
    del by, now, result
    return letters(
        bodies_of(decision, JointMember.Part.COSIGNER),
        host_of(decision.round.call),
        subject=_("请会签：{title}"),
        body=_("{sender}送来《{title}》请贵单位会签，期限 {due}。请登录清源平台审阅。"),
        trusted={"due": shown_until(due_at) if due_at else ""},
        title=str(decision),
    )


def amended_mails(decision: Decision, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    del now, result
    cosigner = bodies_of(decision, JointMember.Part.COSIGNER)[0]
    return letters(
        bodies_of(decision, JointMember.Part.HOST),
        cosigner,
        subject=_("会签单位已改稿：{title}"),
        body=_("{who}修改了《{title}》，此前的同意不再算数，请对新内容重新表示意见。"),
        title=str(decision),
        who=str(by),
    )


def returned_mails(
    decision: Decision, *, by: Any, now: datetime, result: Any, remark: str = "", **_rest: Any
) -> list[Draft]:
    del now, result
    cosigner = bodies_of(decision, JointMember.Part.COSIGNER)[0]
    return letters(
        bodies_of(decision, JointMember.Part.HOST),
        cosigner,
        subject=_("退回修改：{title}"),
        body=_("{who}将《{title}》退回修改，意见：{remark}"),
        title=str(decision),
        who=str(by),
        remark=remark,
    )


def dissent_mails(
    decision: Decision, *, by: Any, now: datetime, result: Any, opinion: str = "", **_rest: Any
) -> list[Draft]:
    del by, now, result
    bodies = [*bodies_of(decision, JointMember.Part.HOST), *bodies_of(decision, JointMember.Part.COSIGNER)]
    return letters(
        bodies,
        host_of(decision.round.call),
        subject=_("意见不一致：{title}"),
        body=_("《{title}》的会签有不同意见：{opinion}。请协商后由主办单位重新拟稿。"),
        title=str(decision),
        opinion=opinion,
    )


TEXTS = {
    Case.Stage.RECOMMENDED: gettext_lazy("经会同评审，同意推荐。请按通知要求报送盖章的纸质材料。"),
    Case.Stage.APPROVED: gettext_lazy("经评审，同意开展清洁生产审核创新试点。请按实施方案组织实施。"),
    Case.Stage.NOT_SELECTED: gettext_lazy("经评审，未列入本次名单。理由：{reason}"),
    Case.Stage.REJECTED: gettext_lazy("形式校核未通过。理由：{reason}"),
    Case.Stage.EVALUATED: gettext_lazy("通过评估。请继续落实方案，完成后提交验收材料。"),
    Case.Stage.PASSED: gettext_lazy("通过评估验收，列入清洁生产审核创新试点项目名单。"),
    Case.Stage.RECTIFYING: gettext_lazy("评估验收要求限期整改，请在 {due} 前逐项整改并答复：\n{reason}"),
    Case.Stage.FAILED: gettext_lazy("未通过评估验收。理由：{reason}"),
}


def _subject(decision: Decision) -> str:
    if decision.round.is_acceptance:
        return str(_("%s结果：{name}")) % decision.round.get_sitting_display()
    return _("评审结果：{name}")


def release_mails(decision: Decision, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """One letter to each applicant with its own result; a released decision names nobody else's."""
    del by, now, result
    sender = host_of(decision.round.call)
    drafts: list[Draft] = []
    for item in decision.items.select_related("case__applicant").order_by("position"):
        if item.case.applicant is None:
            continue
        drafts += letters(
            [item.case.applicant],
            sender,
            subject=_subject(decision),
            body="《{name}》：" + str(TEXTS[Case.Stage(item.outcome)]),
            trusted={"due": item.terms.get("due_on", "")},
            name=item.case.title,
            reason=item.reason,
        )
    return drafts
