"""One letter to every mailbox of some bodies."""

from __future__ import annotations

from qingyuan.calls.mails import SIGNATURE, recipients_of
from qingyuan.kernel.outbox import Draft
from qingyuan.people.models import Organisation


def letters(
    bodies: list[Organisation],
    sender: Organisation,
    *,
    subject: str,
    body: str,
    trusted: dict[str, object] | None = None,
    **untrusted: object,
) -> list[Draft]:
    """`subject` and `body` are templates; what somebody typed goes in as `untrusted`."""
    return [
        Draft(
            to=recipient,
            subject=subject,
            body=body + SIGNATURE,
            trusted=trusted or {},
            untrusted=untrusted,
            sender_id=sender.pk,
        )
        for _body, recipient in recipients_of(bodies)
    ]
