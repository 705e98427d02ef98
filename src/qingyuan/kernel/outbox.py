"""Mail: shown before the verb, written with it, sent after it.

A template is a plain text with `{placeholders}`. Values are trusted (ours: dates, links, stage names) or
untrusted (typed by somebody: project names, remarks). Untrusted values lose line breaks and control
characters, are cut, and cannot carry a working link into our mail.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from string import Formatter
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from qingyuan.kernel import clock
from qingyuan.kernel.models import Mail

MAX_UNTRUSTED = 200
MAX_ATTEMPTS = 5


@dataclass(frozen=True)
class Recipient:
    """A person of the house, or (`user` None) an official address from a notice."""

    address: str
    label: str
    user_id: Any = None


@dataclass(frozen=True)
class Draft:
    """A mail before it exists: what the page shows and what the outbox then keeps, word for word the same."""

    to: Recipient
    subject: str
    body: str
    trusted: Mapping[str, object] = field(default_factory=dict)
    untrusted: Mapping[str, object] = field(default_factory=dict)
    sender_id: uuid.UUID | None = None
    hold: bool = False
    """Wait in the outbox until somebody of the sending body has read and released it."""

    def rendered_subject(self) -> str:
        return " ".join(self._fill(self.subject).split())[:300]

    def rendered_body(self) -> str:
        return self._fill(self.body)

    def _fill(self, template: str) -> str:
        values = {name: str(value) for name, value in self.trusted.items()}
        values.update({name: defuse(str(value)) for name, value in self.untrusted.items()})
        missing = {
            name for _text, name, _spec, _conversion in Formatter().parse(template) if name
        } - values.keys()
        if missing:
            raise KeyError(f"mail template asks for {sorted(missing)}, which were not given")
        # One pass with literal values: a value that itself holds braces is never read as a template.
        return re.sub(r"\{(\w+)\}", lambda match: values[match.group(1)], template)


def defuse(value: str) -> str:
    """Make a typed value harmless inside our mail: one line, no control or direction marks, no live link."""
    line = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in value)
    line = "".join(char for char in line if unicodedata.category(char) != "Cf")
    line = re.sub(r"(?i)\b(https?|ftp|javascript|data):", r"\1：", " ".join(line.split()))
    return line if len(line) <= MAX_UNTRUSTED else line[: MAX_UNTRUSTED - 1] + "…"


def queue(drafts: list[Draft], *, verb: str, at: datetime, ledger_seq: int) -> list[Mail]:
    """Write the drafts into the outbox, inside the transaction of their verb; the worker is woken after commit."""
    mails = Mail.objects.bulk_create(
        Mail(
            stage=Mail.Stage.DRAFT if draft.hold else Mail.Stage.QUEUED,
            recipient_id=draft.to.user_id,
            address=draft.to.address,
            subject=draft.rendered_subject(),
            body=draft.rendered_body(),
            sender_id=draft.sender_id,
            verb=verb,
            ledger_seq=ledger_seq,
            created_at=at,
        )
        for draft in drafts
    )
    if any(mail.stage == Mail.Stage.QUEUED for mail in mails):
        wake()
    return mails


def wake() -> None:
    """Ask the worker to deliver, once the present transaction is committed."""

    def enqueue() -> None:
        from qingyuan.kernel.tasks import deliver_mail

        deliver_mail.enqueue()

    transaction.on_commit(enqueue)


def deliver(*, limit: int = 200) -> int:
    """Send what is queued; each mail in its own transaction, so that one refusal holds back no other.

    Returns how many left. A mail is sent at least once: a crash between sending and marking sends it again.
    """
    sent = 0
    for mail_id in list(
        Mail.objects.filter(stage=Mail.Stage.QUEUED)
        .order_by("created_at")
        .values_list("pk", flat=True)[:limit]
    ):
        with transaction.atomic():
            mail = (
                Mail.objects.select_for_update(skip_locked=_can_skip_locked())
                .filter(pk=mail_id, stage=Mail.Stage.QUEUED)
                .first()
            )
            if mail is not None:
                sent += _send(mail)
    return sent


def _can_skip_locked() -> bool:
    from django.db import connection

    return connection.features.has_select_for_update_skip_locked


def _send(mail: Mail) -> bool:
    mail.attempts += 1
    try:
        EmailMessage(
            mail.subject,
            mail.body,
            settings.DEFAULT_FROM_EMAIL,
            [mail.address],
            headers={"X-Qingyuan-Mail": str(mail.pk)},
        ).send()
    except OSError as error:  # smtplib's errors are OSErrors
        mail.error = f"{type(error).__name__}: {error}"[:300]
        mail.stage = Mail.Stage.FAILED if mail.attempts >= MAX_ATTEMPTS else Mail.Stage.QUEUED
    else:
        mail.stage, mail.sent_at, mail.error = Mail.Stage.SENT, clock.now(), ""
    mail.save(update_fields=["attempts", "error", "stage", "sent_at"])
    return mail.stage == Mail.Stage.SENT
