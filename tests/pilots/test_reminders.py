"""Mail before something is due: once for each lead, to those who can still act, and never twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qingyuan.kernel import clock, reminders
from qingyuan.kernel.actions import Invalid
from qingyuan.kernel.models import Mail
from qingyuan.kernel.tasks import remind
from qingyuan.pilots import actions
from tests.house.cases.pilots import forwarding_in, with_option
from tests.pilots.workspace import parsed, signed_in


def sent():
    """How often each address was reminded."""
    return sorted(Mail.objects.filter(verb=reminders.VERB).values_list("address", flat=True))


def asked(maker, world, **more):
    return actions.request_certificate(
        maker("park", stage="drafting"),
        by=world.park_handler,
        condition_id="N5.1",
        question_id="major_violation",
        text="演示",
        due_on=date(2022, 6, 27),
        **more,
    )


@pytest.mark.clause("N5.1")
def test_a_certificate_is_reminded_of_three_days_and_one_day_before_and_not_after(maker, world):
    asked(maker, world, organisation=world.luoyang_ecology)
    seen = []
    for day in range(20, 30):
        with clock.at(f"2022-06-{day}T09:00:00+08:00"):
            reminders.send()
            reminders.send()
        seen.append(len(sent()))
    # due at the end of 27 June: three days before is 25 June 00:00, one day before 27 June 00:00
    assert seen == [0, 0, 0, 0, 0, 1, 1, 2, 2, 2]
    assert set(sent()) == {world.luoyang_ecology.email}


@pytest.mark.clause("N5.2")
def test_of_an_outside_office_the_applicant_is_reminded_and_an_answer_ends_it(maker, world):
    letter = asked(maker, world, body_name="演示市财政局")
    with clock.at("2022-06-27T09:00:00+08:00"):
        assert reminders.send() == 1  # the worker slept through the first: the nearest lead alone
        assert world.park_handler.email in sent()
    actions.refuse_certificate(letter, by=world.park_handler, answered_on=date(2022, 6, 20), remark="演示")
    before = sent()
    with clock.at("2022-06-25T09:00:00+08:00"):
        assert reminders.send() == 0
    assert sent() == before


def test_a_supplement_and_a_forwarding_are_reminded_of(maker, world):
    pilot = with_option(maker("park", stage="submitted"), "return_for_supplement")
    actions.request_supplement(
        maker.fresh(pilot),
        by=world.province_handler,
        chapters=["goals"],
        parts=[],
        reason="演示",
        due_at=clock.now() + timedelta(days=5),
    )
    with clock.at(clock.now() + timedelta(days=2, minutes=1)):
        assert reminders.send() == 1
    assert {world.park_lead.email, world.park_handler.email, world.park_signer.email} <= set(sent())
    forwarding_in(maker, "waiting")
    with clock.at("2022-07-02T18:00:00+08:00"):
        assert reminders.send() == 1
    assert world.luoyang_ecology.email in sent()


def test_a_time_shorter_than_the_lead_is_not_reminded_of_at_once(maker, world):
    pilot = with_option(maker("park", stage="submitted"), "return_for_supplement")
    due = clock.now() + timedelta(hours=20)
    actions.request_supplement(
        maker.fresh(pilot), by=world.province_handler, chapters=["goals"], parts=[], reason="演示", due_at=due
    )
    with clock.at(clock.now() + timedelta(hours=1)):
        assert reminders.send() == 0


def test_a_deadline_that_moved_is_reminded_of_anew(maker, world):
    letter = asked(maker, world, organisation=world.luoyang_ecology)
    with clock.at("2022-06-27T09:00:00+08:00"):
        assert reminders.send() == 1
    type(letter).objects.filter(pk=letter.pk).update(due_on=date(2022, 6, 28))
    with clock.at("2022-06-28T09:00:00+08:00"):
        assert reminders.send() == 1


def test_the_task_runs_and_asks_for_one_next_round_only(world, settings):
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    from qingyuan.kernel.tasks import keep_reminding

    for _round in range(3):
        remind.call()
        keep_reminding()
    if remind.get_backend().supports_defer:
        assert DBTaskResult.objects.filter(task_path=remind.module_path).count() == 1


def test_a_date_in_the_past_is_refused_and_lateness_is_shown(maker, world):
    with pytest.raises(Invalid) as refusal:
        actions.request_certificate(
            maker("park", stage="drafting", name="演示过期"),
            by=world.park_handler,
            condition_id="N5.1",
            question_id="major_violation",
            text="演示",
            body_name="演示执法支队",
            due_on=date(2022, 6, 19),
        )
    assert [problem.where for problem in refusal.value.problems] == ["due_on"]
    letter = asked(maker, world, organisation=world.luoyang_ecology)
    client = signed_in(world.prefecture_handler)
    with clock.at("2022-06-27T23:59:59+08:00"):
        assert "已逾期" not in client.get("/certificates/").content.decode()
    with clock.at("2022-06-28T00:00:00+08:00"):
        page = client.get("/certificates/")
        parsed(page)
        assert "已逾期" in page.content.decode()
        assert "已逾期" in client.get(f"/certificates/{letter.pk}/").content.decode()
    assert "没有请本单位出具的证明" in signed_in(world.city_handler).get("/certificates/").content.decode()
