"""Rows about what everybody reads of pilots that passed: the list and the statistics, on PostgreSQL."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bench.measure import Row

PILOTS, ENTERPRISES = 200, 20
FIRST = 500_000


def fill(maker: Any, *, pilots: int = PILOTS, enterprises: int = ENTERPRISES) -> None:
    """Passed pilots with their scopes, written directly: as many ends by verbs take half an hour."""
    from bench.data import fill as apply_for
    from qingyuan.delivery.models import Conclusion, Project, ScopeEnterprise
    from qingyuan.kernel import clock
    from qingyuan.pilots.models import Submission
    from qingyuan.registry.models import Enterprise
    from qingyuan.review.models import Case
    from tests.pilot_maker import credit_code
    from tests.review_maker import opened

    world, now = maker.world, clock.now()
    round_ = opened(maker)  # before there are applications that it would have to take in
    world.call.refresh_from_db()
    received = [one for one in apply_for(world.call, pilots * 3 // 2) if one.stage == "submitted"][:pilots]
    versions = Submission.objects.filter(pilot__in=received).order_by("version")
    sealed = {one.pilot_id: one for one in versions}
    cases = Case.objects.bulk_create(
        Case(
            round=round_,
            stage=Case.Stage.RECOMMENDED,
            number=number,
            title=pilot.name,
            applicant_name=pilot.applicant.name,
            applicant=pilot.applicant,
            pilot=pilot,
            submission=sealed[pilot.pk],
            region_code=pilot.region_code,
            category_id=pilot.category_id,
            received_at=now,
        )
        for number, pilot in enumerate(received, start=60_001)
    )
    day = clock.local(now).date()
    projects = Project.objects.bulk_create(
        Project(
            stage=Project.Stage.PASSED,
            case=case,
            pilot=case.pilot,
            applicant=case.applicant,
            title=case.title,
            category_id=case.category_id,
            region_code=case.region_code,
            approved_on=date(2022, 1, 10),
            started_on=date(2022, 1, 20),
            started_by=world.park_handler,
            term_end=day,
            is_demo=True,
        )
        for case in cases
    )
    firms = Enterprise.objects.bulk_create(
        Enterprise(name=f"演示企业{number}", credit_code=credit_code(number), is_demo=True)
        for number in range(FIRST, FIRST + len(projects) * enterprises)
    )
    ScopeEnterprise.objects.bulk_create(
        ScopeEnterprise(project=projects[place // enterprises], enterprise=firm, name=firm.name)
        for place, firm in enumerate(firms)
    )
    paper = maker.upload(by=world.province_handler, name="演示名单.pdf")
    Conclusion.objects.bulk_create(
        Conclusion(
            project=project,
            outcome=Conclusion.Outcome.PASSED,
            listed_on=day - timedelta(days=place % 4),
            document_number=f"演示环办科财函〔2022〕{place % 4 + 1}号",
            source=Conclusion.Source.RECORDED,
            evidence=paper,
            recorded_at=now,
            recorded_by=world.province_handler,
        )
        for place, project in enumerate(projects)
    )


def rows(maker: Any, page: Any) -> list[Row]:
    """Rows of `bench.pages`: `page` measures an address."""
    from django.test import Client
    from django.urls import reverse

    fill(maker)
    public = Client()
    listed, counted = reverse("delivery:passed"), reverse("statistics")
    about = f"{PILOTS} passed pilots with {PILOTS * ENTERPRISES:,} enterprises"
    return [
        page(
            f"public list of {about}, 50 rows",
            lambda: public.get(listed),
            budget="<= 12 SQL, <= 100 ms",
            sql=12,
            ms=100,
            peers="",
        ),
        page(
            f"public statistics with charts, {about}",
            lambda: public.get(counted),
            budget="<= 15 SQL, <= 150 ms",
            sql=15,
            ms=150,
            peers="",
        ),
    ]
