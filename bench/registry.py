"""Rows about the registry: 100,000 enterprises taken in, and then listed, searched and looked up, on PostgreSQL."""

from __future__ import annotations

from time import process_time
from typing import Any

from bench.measure import Row, cpu_ms

ROWS, FIRST = 100_000, 200_000


def rows(world: Any, page: Any) -> list[Row]:
    """Rows of `bench.pages`: `page` measures an address."""
    from datetime import date

    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from bench.pages import _client
    from tests.pilot_maker import credit_code
    from tests.registry_maker import row, take_in

    audit = {
        "audit_on": date(2018, 6, 30),
        "audit_kind": "mandatory",
        "audit_source": "演示〔2018〕1号",
    }
    with CaptureQueriesContext(connection) as queries:
        take_in(world, *(row(number, **audit) for number in range(FIRST - 10, FIRST)))
    given = [row(number, **audit) for number in range(FIRST, FIRST + ROWS)]
    started = process_time()
    take_in(world, *given)
    time = (process_time() - started) * 1000
    again = cpu_ms(lambda: take_in(world, *given), runs=1)
    client = _client(world.province_handler)
    listed = reverse("registry:enterprises")
    return [
        Row(f"registry import of {ROWS:,} enterprises with audits", cpu_ms=time, sql=len(queries)),
        Row(f"the same {ROWS:,} again: nothing changes", cpu_ms=again),
        page(
            f"registry, 50 of {ROWS:,} enterprises",
            lambda: client.get(listed),
            budget="<= 12 SQL, <= 150 ms",
            sql=12,
            ms=150,
            peers="",
        ),
        page(
            f"registry, overdue ones of {ROWS:,}, found by part of the name",
            lambda: client.get(listed, {"text": "业29999", "due": "soon"}),
            budget="<= 12 SQL, <= 300 ms",
            sql=12,
            ms=300,
            peers="",
        ),
        page(
            "audits of one enterprise looked up by code, API",
            lambda: Client().get(f"/api/v1/enterprise-audits/{credit_code(FIRST)}"),
            budget="<= 8 SQL (5 of them the brake), <= 50 ms",
            sql=8,
            ms=50,
            peers="",
        ),
    ]
