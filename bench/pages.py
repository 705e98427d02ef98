"""Rows about pages and verbs, on PostgreSQL with 1,000 applications."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.measure import Row, cpu_ms

APPLICATIONS = 1000


def measure() -> list[Row]:
    return in_a_database(_rows)


def in_a_database(rows: Callable[[], list[Row]]) -> list[Row]:
    """Build a database of its own, let `rows` fill it and measure, and drop it."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    from qingyuan.kernel import clock

    setup_test_environment()
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        with clock.at("2022-06-20T09:00:00+08:00"):
            return rows()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def _rows() -> list[Row]:
    from django.urls import reverse

    from bench import editor, experts_page, progress, public, ranking, registry, scope
    from bench.data import fill
    from tests.cast import build_world
    from tests.pilot_maker import PilotMaker

    world = build_world()
    maker = PilotMaker(world)
    pilot = maker("park", stage="submitted", scope=30)
    ready = maker("park", stage="sealed", scope=30)
    world.call.refresh_from_db()
    fill(world.call, APPLICATIONS)
    province, applicant = _client(world.province_handler), _client(world.park_handler)
    received = reverse("pilots:received", args=[world.call.pk])
    detail = reverse("pilots:pilot", args=[pilot.pk])
    ranked = reverse("review:ranking", args=[ranking.round_of(world).pk])
    return [
        _page(
            "applications list, 1,000 applications, 50 rows",
            lambda: province.get(received),
            budget="<= 12 SQL, <= 60 ms, <= 80 KB",
            sql=12,
            ms=60,
            size=80 * 1024,
            peers="pretalx 23 SQL, 400 ms, 179 KB; Hypha 140 SQL, 245 ms, 383 KB; Indico 21 SQL, 1,613 ms, 6.9 MB",
        ),
        _page(
            "application detail with everything",
            lambda: applicant.get(detail),
            budget="<= 25 SQL, <= 50 ms",
            sql=25,
            ms=50,
            peers="Indico 42 SQL, 75 ms; Hypha up to 1,042 SQL",
        ),
        _page(
            "ranking page, 1,000 applications x 3 reviews",
            lambda: province.get(f"{ranked}?w-idea=30"),
            budget="<= 15 SQL, <= 120 ms",
            sql=15,
            ms=120,
            peers="pretalx 36 SQL, 1,900 ms (without harshness and intervals)",
        ),
        _submit(ready, world.park_handler),
        editor.autosave(maker("park"), world.park_handler),
        *scope.rows(maker("park"), world.park_handler),
        # Last: it takes the cases of the ranking out of the review.
        *experts_page.rows(maker, _page),
        *registry.rows(world, _page),
        *progress.rows(maker, _page),
        *public.rows(maker, _page),
    ]


def _client(user: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _page(
    work: str,
    get: Callable[[], Any],
    *,
    budget: str,
    sql: int,
    ms: float,
    peers: str,
    size: int | None = None,
) -> Row:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        response = get()
    count = len(queries)  # before the next request empties the log
    assert response.status_code == 200, response.status_code
    body = len(response.content)
    time = cpu_ms(get)
    within = count <= sql and time <= ms and (size is None or body <= size)
    return Row(work, cpu_ms=time, sql=count, size=body, budget=budget, within=within, peers=peers)


def _submit(pilot: Any, user: Any) -> Row:
    """Checks + snapshot + ledger + outbox, without the packaging; each run is rolled back."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from qingyuan.pilots import actions, seal

    sealed = seal.seal(pilot)

    def submit() -> None:
        with transaction.atomic():
            actions.submit(pilot, by=user, sealed=sealed)
            transaction.set_rollback(True)

    with CaptureQueriesContext(connection) as queries:
        submit()
    time = cpu_ms(submit)
    return Row(
        "final submit: checks + snapshot + ledger + outbox",
        cpu_ms=time,
        sql=len(queries),
        budget="<= 40 ms without packaging",
        within=time <= 40,
        peers="pretalx 106 ms",
    )
