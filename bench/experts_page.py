"""Rows about the pages of the assignment: 1,000 cases under assessment, 60 experts ready, on PostgreSQL."""

from __future__ import annotations

from typing import Any

from bench.measure import Row

CASES, EXPERTS = 1000, 60


def rows(maker: Any, page: Any) -> list[Row]:
    """Rows of `bench.pages`: the applications of the call are the cases; `page` measures an address."""
    from datetime import timedelta

    from django.urls import reverse

    from bench import ranking
    from bench.pages import _client
    from qingyuan.kernel import clock
    from qingyuan.review.models import Appointment, Case, Round
    from tests.experts_maker import invited, pool, ready

    world = maker.world
    round_ = Round.objects.filter(call=world.call).first() or ranking.round_of(world)
    categories = [category.id for category in round_.notice.categories]
    with clock.at(round_.call.closes_at + timedelta(hours=2)):
        type(round_).objects.filter(pk=round_.pk).update(stage="reviewing", cap_per_expert=100)
        # The cases of the ranking's row are decided; these are assigned.
        Case.objects.filter(round=round_).update(stage="not_selected")
        Case.objects.bulk_create(
            Case(
                round=round_,
                stage=Case.Stage.ASSESSMENT,
                number=number,
                title=f"演示待评项目{number}",
                applicant_name=f"演示待评单位{number}",
                region_code=f"4{100 + number % 17:03d}00",
                category_id=categories[number % len(categories)],
                received_at=clock.now(),
            )
            for number in range(20_001, 20_001 + CASES)
        )
        # Nor do its experts take part.
        Appointment.objects.filter(round=round_).update(stage="released")
        round_.refresh_from_db()
        experts = pool(world, EXPERTS, categories=tuple(categories[:2]), employer="演示·环境科学研究院")
        for one in invited(round_, experts, by=world.province_handler):
            ready(one)
        client = _client(world.province_handler)
        plan, matrix = (reverse(f"review:{name}", args=[round_.pk]) for name in ("assign-all", "conflicts"))
        return [
            page(
                f"dry run of the assignment, 1,000 cases x {EXPERTS} experts, conflicts and proof",
                lambda: client.get(plan),
                budget="<= 32 SQL, <= 3000 ms",
                sql=32,
                ms=3000,
                peers="",
            ),
            page(
                f"conflicts page, 50 of 1,000 cases x {EXPERTS} experts",
                lambda: client.get(matrix),
                budget="<= 32 SQL, <= 150 ms",
                sql=32,
                ms=150,
                peers="",
            ),
        ]
