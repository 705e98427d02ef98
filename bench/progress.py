"""Rows about pilots under way: the process page and the deviations of one with 500 enterprises, on PostgreSQL."""

from __future__ import annotations

from time import process_time
from typing import Any

from bench.measure import Row, cpu_ms

ENTERPRISES = 500


def rows(maker: Any, page: Any) -> list[Row]:
    """Rows of `bench.pages`: `page` measures an address; the pilot is made here, beside the round's own cases."""
    from datetime import date, timedelta

    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from bench.pages import _client
    from qingyuan.delivery import actions
    from qingyuan.delivery.phases import PhaseRow
    from qingyuan.delivery.queries import deviation
    from qingyuan.kernel import clock
    from qingyuan.registry.models import Enterprise
    from qingyuan.review.models import Case
    from tests.delivery_maker import APPROVAL, DURING, STARTED
    from tests.review_maker import opened

    world = maker.world
    pilot = maker("park", stage="submitted", scope=ENTERPRISES)
    stated = {
        "stage": Case.Stage.RECOMMENDED,
        "title": pilot.name,
        "applicant": pilot.applicant,
        "applicant_name": pilot.applicant.name,
        "region_code": "410300",
        "category_id": pilot.category_id,
        "received_at": clock.now(),
        "submission": pilot.submissions.get(),
    }
    # A round that was opened before this pilot was handed in does not hold it yet.
    case, _made = Case.objects.update_or_create(
        round=opened(maker), pilot=pilot, defaults=stated, create_defaults={**stated, "number": 90_001}
    )
    with clock.at(DURING):
        project = actions.start(case, by=world.province_handler, started_on=STARTED, **APPROVAL)
        scope = Enterprise.objects.filter(in_projects__project=project)
        scope.update(listed_on=date(2022, 8, 1))
        codes = list(scope.values_list("credit_code", flat=True))
        moved = [
            PhaseRow(code, number % 7 + 1, STARTED + timedelta(days=number % 5))
            for number, code in enumerate(codes)
        ]
        with CaptureQueriesContext(connection) as queries:
            started = process_time()
            actions.set_phases(project, by=world.park_handler, rows=moved)
            setting = (process_time() - started) * 1000
        client = _client(world.park_handler)
        listed = reverse("delivery:process", args=[project.pk])
        return [
            Row(f"phases of {ENTERPRISES} enterprises set at once", cpu_ms=setting, sql=len(queries)),
            page(
                f"process page, 50 of {ENTERPRISES} enterprises, phases and statutory days of all",
                lambda: client.get(listed),
                budget="<= 12 SQL, <= 150 ms",
                sql=12,
                ms=150,
                peers="",
            ),
            page(
                f"deviations of a pilot with {ENTERPRISES} enterprises",
                lambda: client.get(reverse("delivery:deviations", args=[project.pk])),
                budget="<= 16 SQL, <= 60 ms",
                sql=16,
                ms=60,
                peers="",
            ),
            _rules(project, deviation),
        ]


def _rules(project: Any, deviation: Any) -> Row:
    """The rules alone, without a database."""
    from qingyuan.catalogue.supervision import supervision
    from qingyuan.delivery import deviations

    day = project.term_end
    facts = deviation.facts_of([project], on=day)[project.pk]
    limits = supervision(on=day)
    return Row(
        "the eight rules of deviations on one pilot", cpu_ms=cpu_ms(lambda: deviations.find(facts, limits))
    )
