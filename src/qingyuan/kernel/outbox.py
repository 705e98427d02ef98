"""Mail: shown before the verb, written with it, sent after it.

A template is a plain text with `{placeholders}`. Values are trusted (ours: dates, links, stage names) or
untrusted (typed by somebody: project names, remarks). Untrusted values lose line breaks and control
characters, are cut, and cannot carry a working link into our mail.
"""

from __future__ import annotations

import logging
import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from string import Formatter
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone

from qingyuan.kernel import clock
from qingyuan.kernel.models import Mail

logger = logging.getLogger(__name__)
MAX_UNTRUSTED = 200
_LATE = re.compile(r"\[\[([a-z-]+):([0-9a-f-]{36})\]\]")
_late: dict[str, Callable[[str, str], str]] = {}
LEASE = timedelta(minutes=5)
"""How long a worker that took a mail has for it, before another one tries."""
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720)]
"""Before the second try, the third, ...; after the last one the mail counts as failed and its senders are told.
By the machine's clock: a demo's shifted or a test's stopped one must not hold mail back."""


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
    line = line.replace("[[", "[ [")
    line = re.sub(r"(?i)\b(https?|ftp|javascript|data):", r"\1：", " ".join(line.split()))
    return line if len(line) <= MAX_UNTRUSTED else line[: MAX_UNTRUSTED - 1] + "…"


def register_late(mark: str, fill: Callable[[str, str], str]) -> None:
    """Let `[[mark:id]]` in a mail become `fill(id, address)` when it leaves: what must not lie in the outbox."""
    _late[mark] = fill


def late_filled(body: str, address: str) -> str:
    """The body with its marks filled in for this address; a mark that nobody knows, or that is not for it, goes."""
    return _LATE.sub(lambda found: _late[found[1]](found[2], address) if found[1] in _late else "", body)


def queue(drafts: list[Draft], *, verb: str, at: datetime, ledger_seq: int | None) -> list[Mail]:
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


def wake(*, after: timedelta | None = None) -> None:
    """Ask the worker to deliver; with the database's own queue this stands in the same transaction as the mail."""
    from qingyuan.kernel.tasks import deliver_mail

    if deliver_mail.get_backend().supports_defer:
        deliver_mail.using(run_after=timezone.now() + after if after else None).enqueue()
    elif after is None:
        transaction.on_commit(deliver_mail.enqueue)


def deliver() -> int:
    """Send everything that is due, and ask for another round when something waits for a later try.

    Each mail is claimed in a short transaction (a lease), sent outside any, and marked in another: a slow mail server
    holds no lock, one mail that cannot be sent stops no other, and a crash in between sends it once more.
    Returns how many left.
    """
    sent = 0
    while (mail := _claim()) is not None:
        sent += _send(mail)
    if later := Mail.objects.filter(stage=Mail.Stage.QUEUED).aggregate(first=Min("next_try_at"))["first"]:
        wake(after=max(later - timezone.now(), timedelta(seconds=5)))
    return sent


def _claim() -> Mail | None:
    """The oldest mail that is due, leased to this worker."""
    due = Mail.objects.filter(stage=Mail.Stage.QUEUED).filter(
        Q(next_try_at__isnull=True) | Q(next_try_at__lte=timezone.now())
    )
    for mail in due.order_by("created_at", "pk")[:20]:
        leased = due.filter(pk=mail.pk).update(next_try_at=timezone.now() + LEASE, attempts=F("attempts") + 1)
        if leased:
            mail.attempts += 1
            return mail
    return None


def _send(mail: Mail) -> bool:
    message = EmailMessage(
        mail.subject,
        late_filled(mail.body, mail.address),
        settings.DEFAULT_FROM_EMAIL,
        [mail.address],
        headers={"X-Qingyuan-Mail": str(mail.pk)},
    )
    rows = Mail.objects.filter(pk=mail.pk, stage=Mail.Stage.QUEUED)
    try:
        message.send()
    except Exception as error:  # noqa: BLE001 (whatever is wrong with one mail or its address, the others must leave)
        reason = f"{type(error).__name__}: {error}"[:300]
        logger.warning("mail %s stays: %s", mail.pk, reason)
        if mail.attempts >= len(PAUSES) + 1:
            rows.update(stage=Mail.Stage.FAILED, error=reason, next_try_at=None)
        else:
            rows.update(error=reason, next_try_at=timezone.now() + PAUSES[mail.attempts - 1])
        return False
    rows.update(stage=Mail.Stage.SENT, sent_at=clock.now(), error="", next_try_at=None)
    return True
