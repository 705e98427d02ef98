"""The outbox of one's bodies: what goes out in their name, released or held back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.verbs import OBJECT, Found, expose
from qingyuan.kernel.models import Mail
from qingyuan.people import actions, queries, rules

router = Router(tags=["发件箱"])
found = Found(Mail, rules.sees_mail, "mail", ("recipient",))


class MailLine(Schema):
    """A mail in the name of one of the own bodies."""

    id: UUID
    revision: int
    stage: str
    sender: UUID | None
    recipient: str = Field(description="收件人；单位的公务邮箱为空")
    address: str
    subject: str
    verb: str
    created_at: datetime
    sent_at: datetime | None


class MailDetail(MailLine):
    body: str
    attempts: int
    error: str


class MailFilters(Slice):
    stage: str = Field("", max_length=12, description="、".join(Mail.Stage.values))
    text: str = Field("", max_length=60, description="主题或收件人")


def line(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.pk,
        "revision": mail.revision,
        "stage": mail.stage,
        "sender": mail.sender_id,
        "recipient": str(mail.recipient or ""),
        "address": mail.address,
        "subject": mail.subject,
        "verb": mail.verb,
        "created_at": mail.created_at,
        "sent_at": mail.sent_at,
    }


def detail(mail: Mail, _request: HttpRequest) -> dict[str, Any]:
    return {**line(mail), "body": mail.body, "attempts": mail.attempts, "error": mail.error}


@router.get("", response=answers(Page[MailLine]), operation_id="mails_list", summary="发件箱")
def mails(request: HttpRequest, asked: Query[MailFilters]) -> Any:
    """以本人所在单位名义发出和待审发的邮件。"""
    return page(queries.outbox(request.user, stage=asked.stage, text=asked.text), asked, line)


@router.get("/{mail}", response=answers(MailDetail), operation_id="mails_detail", summary="一封邮件")
def mail(request: HttpRequest, mail: OBJECT) -> Any:  # type: ignore[valid-type]
    """全文，与发出的一致。"""
    return detail(found(request, mail), request)


for verb, path in ((actions.release_mail, "/{mail}/release"), (actions.discard_mail, "/{mail}/discard")):
    expose(router, verb, path, found=found, shape=MailDetail, present=detail)
