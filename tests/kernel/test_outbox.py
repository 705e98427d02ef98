"""Mail is what the page showed, typed text cannot abuse it, and a dead server loses none of it."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail as sent

from qingyuan.kernel import clock, outbox
from qingyuan.kernel.models import Mail
from qingyuan.people import actions as people
from qingyuan.pilots import actions


def draft(**changes: object) -> outbox.Draft:
    values: dict[str, object] = {
        "to": outbox.Recipient("a@example.org", "甲"),
        "subject": "关于{name}",
        "body": "{name}：请于{until}前处理。",
        "trusted": {"until": "6月30日"},
        "untrusted": {"name": "项目"},
    }
    return outbox.Draft(**{**values, **changes})


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("甲\r\nBcc: all@example.org", "甲 Bcc: all@example.org"),
        ("点击 https://evil.example/x", "点击 https：//evil.example/x"),
        ("JAVASCRIPT:alert(1)", "JAVASCRIPT：alert(1)"),
        ("反转\u202e文本\u200b", "反转文本"),
        ("{until}", "{until}"),
    ],
)
def test_typed_text_is_one_harmless_line(typed, shown):
    text = draft(untrusted={"name": typed})
    assert text.rendered_subject() == f"关于{shown}"
    assert text.rendered_body().startswith(shown)


def test_typed_text_is_cut_and_a_missing_placeholder_is_a_fault_of_ours():
    assert len(draft(untrusted={"name": "长" * 900}).rendered_body()) < 260
    with pytest.raises(KeyError, match="until"):
        draft(trusted={}).rendered_body()


@pytest.mark.sqlite
def test_the_preview_is_word_for_word_what_leaves(maker, world):
    pilot = maker("park", stage="ready")
    shown = [
        (d.to.address, d.rendered_subject(), d.rendered_body())
        for d in actions.hand_in.preview(pilot, by=world.park_handler)
    ]
    actions.hand_in(pilot, by=world.park_handler)
    kept = list(Mail.objects.filter(verb="pilot.hand_in").values_list("address", "subject", "body"))
    assert shown
    assert sorted(shown) == sorted(kept)


@pytest.mark.sqlite
def test_mail_leaves_after_the_commit_and_not_before(maker, world, django_capture_on_commit_callbacks):
    pilot = maker("park", stage="ready")
    sent.outbox.clear()
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        actions.hand_in(pilot, by=world.park_handler)
    assert sent.outbox == []
    for callback in waiting:
        callback()
    # All that was queued leaves: the worker is told that there is mail, not which.
    assert [m.to[0] for m in sent.outbox if m.subject.startswith("待审核")] == [world.park_reviewer.email]
    assert not Mail.objects.filter(stage="queued").exists()


def due_now() -> None:
    """Let the pause after a failure be over."""
    Mail.objects.filter(stage="queued").update(next_try_at=None)


@pytest.mark.sqlite
def test_a_dead_mail_server_loses_nothing_and_is_not_asked_for_ever(world, monkeypatch):
    Mail.objects.all().delete()
    outbox.queue([draft(sender_id=world.park.pk)], verb="test", at=clock.now(), ledger_seq=1)

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    for _try in outbox.PAUSES:
        assert outbox.deliver() == 0
        assert Mail.objects.get().stage == "queued"
        attempts = Mail.objects.get().attempts
        outbox.deliver()  # many wake-ups within the pause do not use up the tries
        assert Mail.objects.get().attempts == attempts
        due_now()
    outbox.deliver()
    mail = Mail.objects.get()
    assert mail.stage == "failed"
    assert "SMTPServerDisconnected" in mail.error
    monkeypatch.undo()
    assert outbox.deliver() == 0
    people.release_mail(mail, by=world.park_handler)
    assert outbox.deliver() == 1


@pytest.mark.sqlite
def test_one_impossible_address_holds_back_no_other(world, mailoutbox):
    Mail.objects.all().delete()
    bad = outbox.Recipient(f"a@{'好' * 60}.cn", "甲")
    outbox.queue(
        [draft(to=bad), *[draft(subject=f"第{n}封{{name}}") for n in range(250)]],
        verb="test",
        at=clock.now(),
        ledger_seq=1,
    )
    assert outbox.deliver() == 250
    assert Mail.objects.filter(stage="queued").count() <= 1
    assert not Mail.objects.filter(stage="queued", error="").exists()


@pytest.mark.django_db(transaction=True)
def test_a_slow_mail_server_holds_no_lock(live_world, monkeypatch):
    from django.db import connection, transaction

    Mail.objects.all().delete()
    inside: list[bool] = []
    monkeypatch.setattr(
        "django.core.mail.EmailMessage.send", lambda *_a, **_k: inside.append(connection.in_atomic_block)
    )
    with transaction.atomic():
        outbox.queue([draft()], verb="test", at=clock.now(), ledger_seq=1)
    assert inside == [False]
    assert Mail.objects.get().stage == "sent"


def test_two_workers_send_a_mail_once(world, monkeypatch):
    Mail.objects.all().delete()
    outbox.queue([draft()], verb="test", at=clock.now(), ledger_seq=1)
    counts: list[int] = []

    def send(*_args: object, **_kwargs: object) -> None:
        counts.append(outbox.deliver())  # the other worker comes while the first one sends

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    assert outbox.deliver() == 1
    assert counts == [0]


@pytest.mark.sqlite
def test_held_mail_waits_for_a_release(world, mailoutbox):
    held = outbox.queue(
        [draft(hold=True, sender_id=world.park.pk)], verb="test", at=clock.now(), ledger_seq=1
    )[0]
    outbox.deliver()
    held.refresh_from_db()
    assert held.stage == "draft"
    people.release_mail(held, by=world.park_handler)
    outbox.deliver()
    held.refresh_from_db()
    assert held.stage == "sent"
    assert any(message.subject == "关于项目" for message in mailoutbox)
