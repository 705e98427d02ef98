"""The ground of all tests: a real database, a clock that stands in the call of 2022, and the cast."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest

# CI judges a change, not the day's luck: the same examples every time. At a desk they are new ones each run.
hypothesis.settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")

pytest_plugins = ["tests.cast", "tests.pilot_maker", "tests.review_maker", "tests.delivery_maker"]


@pytest.fixture(autouse=True)
def _fast_passwords(settings: object) -> None:
    """Argon2 is slow on purpose; tests that are about passwords set it back."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_ledger() -> Iterator[None]:
    """Tests with real transactions empty the database afterwards; the ledger's triggers would refuse that."""
    from django.core.management.commands.flush import Command
    from django.db import connection

    from qingyuan.kernel import triggers
    from qingyuan.kernel.models import LedgerHead

    original = Command.handle

    def handle(self: Command, **options: object) -> None:
        triggers.remove(connection)
        original(self, **options)
        triggers.install(connection)
        LedgerHead.objects.get_or_create(pk=1, defaults={"seq": 0, "hash": "0" * 64})

    Command.handle = handle
    yield
    Command.handle = original


@pytest.fixture(autouse=True)
def now() -> Iterator[object]:
    """All tests stand at an hour at which the Henan call of 2022 takes applications, unless they move the clock."""
    from qingyuan.kernel import clock

    with clock.at("2022-06-20T09:00:00+08:00") as instant:
        yield instant
