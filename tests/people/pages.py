"""What the tests of this room's pages share: addresses, a mail in the outbox, forms as a browser posts them."""

from __future__ import annotations

from django.urls import reverse

from qingyuan.kernel import outbox
from tests.people.strict import strict


def url(name, *arguments):
    return reverse(f"people:{name}", args=[getattr(one, "pk", one) for one in arguments])


def held_mail(world, *, subject="演示邮件", body="演示正文", sender=None, hold=True):
    draft = outbox.Draft(
        to=outbox.Recipient("bureau@example.org", "洛阳市生态环境局"),
        subject=subject,
        body=body,
        sender_id=(sender or world.park).pk,
        hold=hold,
    )
    from qingyuan.kernel import clock

    return outbox.queue([draft], verb="pilot.submit", at=clock.now(), ledger_seq=1)[0]


def post(client, address, **data):
    """Post a verb's page as a browser does: with the hidden fields of the page."""
    form = next(
        one for one in strict(client.get(address)).iter("form") if one.get("action", "").startswith(address)
    )
    hidden = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    return client.post(address, {**hidden, **data})
