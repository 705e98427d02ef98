"""Experts, draws and visits as each side meets them, at the width of a desk and of a phone."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from qingyuan.review.models import Appointment, Case, Round
from tests.draw_maker import conduct
from tests.experts_maker import assigned, invited, pool, ready
from tests.visit_maker import take


def url(name: str, *arguments: Any) -> str:
    return reverse(f"review:{name}", args=[getattr(one, "pk", one) for one in arguments])


@pytest.fixture
def staged(live_review: Any) -> Any:
    """Nine experts, six asked, four ready; one must stand back from the first case; a draw done, one announced; three visits."""
    review = live_review
    Case.objects.filter(round=review.round).update(stage="assessment")
    review.experts = pool(review.world, 9, employer="演示·环境科学研究院")
    asked = invited(review.round, review.experts[:6], by=review.province_handler)
    review.ready = [ready(one) for one in asked[:3]]
    bound = [{"body_name": review.park.name, "relation": "consulting"}]
    review.ready.append(ready(asked[3], interests=bound))
    review.visits = [
        take(review, review.cases[0], until="done"),
        take(review, review.cases[1], until="notified"),
    ]
    review.visits.append(take(review, review.cases[2], until="planned"))
    review.own = Appointment.objects.get(round=review.round, expert=review.expert.expert)
    review.work = [assigned(case, review.own, by=review.province_handler) for case in review.cases[1:3]]
    for case in review.cases[:3]:
        for one in review.ready[:2]:
            assigned(case, one, by=review.province_handler)
    review.drawn = conduct(review, review.round, take=2, reserves=1, strata="place")
    review.announced = conduct(
        review, review.round, kind="experts", case=review.cases[3], until="announced", take=1
    )
    return review


def test_the_departments_pages(staged, look):
    office = look("province_handler")
    round_, case = staged.round, staged.cases[0]
    for name, path in {
        "experts": url("experts", round_),
        "experts-conflicts": url("conflicts", round_),
        "experts-invite": url("invite-experts", round_),
        "experts-assign": url("assign", round_) + f"?case={case.pk}",
        "experts-plan": url("assign-all", round_),
        "experts-case": url("case-experts", case),
        "experts-appointment": url("appointment", staged.ready[3]),
        "experts-replace": url("replace", staged.work[0]),
        "draws": url("draws", round_),
        "draw-announce": url("draw-experts", round_) + f"?case={case.pk}",
        "draw-drawn": staged.drawn.get_absolute_url(),
        "draw-announced": staged.announced.get_absolute_url(),
        "visits": url("visits", round_),
        "visits-arrange": url("arrange-visits", round_),
        "visit-planned": staged.visits[2].get_absolute_url(),
        "visit-team": url("visit-team", staged.visits[2]),
        "visit-schedule": url("visit-schedule", staged.visits[2]),
        "visit-done": staged.visits[0].get_absolute_url(),
        "visit-of-case": url("case-visit", case),
        "case-papers": url("case-papers", case),
    }.items():
        office.go(f"review-{name}", path)


def test_the_experts_pages(staged, look):
    expert = look(staged.expert.username)
    for name, path in {
        "my": url("my"),
        "my-appointment": url("appointment", staged.own),
        "my-declare": url("declare", staged.own),
        "my-task": url("assignment", staged.work[0]),
        "my-open": url("assess", staged.work[0]),
        "my-recuse": url("recuse", staged.work[0]),
        "my-visit": staged.visits[1].get_absolute_url(),
        "my-field": url("visit-field", staged.visits[1]),
    }.items():
        expert.go(f"review-{name}", path)
    asked = look(staged.experts[4].user.username)
    appointment = Appointment.objects.get(round=staged.round, expert=staged.experts[4])
    asked.go("review-asked", url("my"))
    asked.go("review-accept", url("accept", appointment))
    none = look(staged.experts[5].user.username)
    Appointment.objects.filter(expert=staged.experts[5]).delete()
    none.go("review-my-empty", url("my"))


def test_the_visited_applicants_and_the_publics_pages(staged, look):
    applicant = look("park_handler")
    applicant.go("review-visited", staged.visits[0].get_absolute_url())
    applicant.go("review-reply", url("visit-reply", staged.visits[0]))
    Round.objects.filter(pk=staged.round.pk).update(stage="published")
    applicant.go("review-public-draws", url("public-draws"))
    applicant.go("review-public-draw", url("public-draw", staged.drawn))
