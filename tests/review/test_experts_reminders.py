"""Experts hear before a deadline, once for each lead, and never of a case that they must not see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qingyuan.kernel import clock, reminders
from qingyuan.kernel.models import Mail
from qingyuan.people import actions as people
from qingyuan.people.models import Expert
from qingyuan.review.models import Assignment, Case
from tests.experts_maker import assigned, invited, ready

pytestmark = pytest.mark.django_db


def test_invitations_and_tasks_are_reminded_of_but_not_those_in_conflict(review):
    Case.objects.filter(round=review.round).update(stage="assessment")
    (made,) = invited(review.round, [review.expert.expert], by=review.province_handler)
    now = clock.now()
    told = Mail.objects.filter(address=review.expert.email, verb="remind")
    with clock.at(now + timedelta(days=8)):
        reminders.send()
        reminders.send()
    assert [mail.subject for mail in told] == ["评审聘请待答复（E-001）"]
    appointment = ready(made)
    first = assigned(review.cases[0], appointment, by=review.province_handler)
    assigned(review.cases[1], appointment, by=review.province_handler)
    people.declare_interests(
        Expert.objects.get(pk=review.expert.expert.pk),
        by=review.expert,
        interests=[{"organisation": review.park, "relation": "consulting"}],
    )
    with clock.at(first.due_at - timedelta(hours=20)):
        reminders.send()
    tasks = told.filter(subject__startswith="评审任务将到期")
    assert tasks.count() == 1
    assert not any(case.title in mail.body for case in review.cases for mail in tasks)
    Assignment.objects.update(stage="submitted")
    with clock.at(first.due_at - timedelta(minutes=1)):
        reminders.send()
    assert tasks.count() == 1
