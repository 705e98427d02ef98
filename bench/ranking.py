"""The ranking page with 1,000 cases x 3 reviews: weights, mean, median, spread, harshness, rank intervals."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

CASES, EXPERTS, READS = 1000, 100, 3


def fill(round_: Any, *, cases: int = CASES, experts: int = EXPERTS) -> None:
    """Invented cases, experts and submitted sheets written directly; the seed is fixed."""
    from qingyuan.kernel import clock
    from qingyuan.people.models import Expert, User
    from qingyuan.review.models import Appointment, Assessment, Assignment, Case
    from qingyuan.review.queries.panel import sheet_of

    generator = random.Random(2022)
    sheet, now = sheet_of(round_), clock.now()
    categories = [category.id for category in round_.notice.categories]
    rows = Case.objects.bulk_create(
        Case(
            round=round_,
            stage=Case.Stage.ASSESSMENT,
            number=number,
            title=f"演示项目{number:04d}",
            applicant_name=f"演示单位{number:04d}",
            region_code=f"4{100 + number % 17:03d}00",
            category_id=categories[number % len(categories)],
            received_at=now,
        )
        for number in range(10_001, 10_001 + cases)
    )
    users = User.objects.bulk_create(
        User(username=f"bench-expert-{index}", display_name=f"演示专家{index}") for index in range(experts)
    )
    pool = Expert.objects.bulk_create(
        Expert(user=user, code=f"B-{index:04d}") for index, user in enumerate(users)
    )
    harsh = [generator.gauss(0, 0.5) for _expert in pool]
    appointments = Appointment.objects.bulk_create(
        Appointment(
            round=round_,
            expert=expert,
            stage="accepted",
            invited_at=now,
            reply_due_at=now,
            replied_at=now,
            promises_sha256="0" * 64,
            declared_at=now,
        )
        for expert in pool
    )
    given = [(case, index) for case in rows for index in generator.sample(range(experts), READS)]
    assignments = Assignment.objects.bulk_create(
        Assignment(case=case, appointment=appointments[index], stage="submitted", assigned_at=now, due_at=now)
        for case, index in given
    )

    def score(index: int, level: float) -> int:
        return min(sheet.highest, max(sheet.lowest, round(level - harsh[index] + generator.gauss(0, 0.6))))

    level = {case.pk: generator.gauss(3.3, 0.6) for case in rows}
    Assessment.objects.bulk_create(
        Assessment(
            assignment=assignment,
            stage=Assessment.Stage.SUBMITTED,
            sheet_id=sheet.id,
            scores={name: score(index, level[case.pk]) for name in sheet.weights},
            confidence="high",
            overall=sheet.overall[0].id,
            opinion="演示意见",
            opened_at=now - timedelta(minutes=generator.randint(10, 200)),
            submitted_at=now,
            sha256=f"{number:064x}",
        )
        for number, (assignment, (case, index)) in enumerate(zip(assignments, given, strict=True))
    )


def round_of(world: Any) -> Any:
    """A round of the world's call under way, with its scores opened."""
    from qingyuan.kernel import clock
    from qingyuan.review.models import Round, ScoreRelease

    round_ = Round.objects.create(
        call=world.call, stage=Round.Stage.REVIEWING, opened_at=clock.now(), opened_by=world.province_handler
    )
    fill(round_)
    ScoreRelease.objects.create(round=round_, at=clock.now(), by=world.province_handler)
    return round_
