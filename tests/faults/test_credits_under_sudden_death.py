"""kill -9 while the enterprises of a passed pilot are credited: none is lost, none counts twice, on both databases."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import date

import pytest
from django.conf import settings
from django.db import connection

from qingyuan.delivery.models import ScopeEnterprise
from qingyuan.registry import actions as registry
from qingyuan.registry.actions import StatedEnterprise, ensure_enterprises
from tests.delivery_maker import conclude, project_in
from tests.pilot_maker import credit_code

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, MANY = 80_001, 50
POINTS = [
    ("before-the-records", 1),
    ("before-the-ledger", 1),
    ("before-the-commit", 1),
    ("between-two-entries", 2),
    ("before-the-commit", 2),
]
CHANCES = 2


@pytest.fixture
def passed(live_maker, live_world):
    """A passed pilot with many enterprises: two dropped, three left out, two merged; and who shall be credited."""
    project = project_in(live_maker, "running")
    stated = [
        StatedEnterprise(f"演示{number}", credit_code(number), is_demo=True)
        for number in range(FIRST, FIRST + MANY)
    ]
    known = ensure_enterprises(stated)
    rows = ScopeEnterprise.objects.bulk_create(
        ScopeEnterprise(project=project, enterprise=one, name=one.name) for one in known.values()
    )
    ScopeEnterprise.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(dropped_on=date(2022, 9, 19))
    left_out = [
        {"credit_code": rows[place].enterprise.credit_code, "reason": "演示：未实施方案"}
        for place in (2, 3, 4)
    ]
    conclude(live_maker, project, exclusions=left_out)
    # One into another of the scope, one into an enterprise outside of it: each credited once.
    outside = ensure_enterprises([StatedEnterprise("演示外", credit_code(79_000), is_demo=True)])
    by = live_world.province_handler
    registry.merge(rows[5].enterprise, by=by, into=rows[6].enterprise)
    registry.merge(rows[7].enterprise, by=by, into=next(iter(outside.values())))
    expected = set(project.scope.filter(dropped_on=None).values_list("enterprise__credit_code", flat=True))
    expected -= {rows[place].enterprise.credit_code for place in (2, 3, 4, 5, 7)}
    return project, by, sorted(expected | {credit_code(79_000)})


@pytest.fixture
def start(passed, tmp_path):
    """Start a process of its own on this very database (SQLite: on a copy in a file)."""
    project, by, _expected = passed
    copy = None
    if connection.vendor == "sqlite":
        copy = tmp_path / "copy.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        url = f"sqlite:///{copy}"
    else:
        given = connection.settings_dict
        url = f"postgresql://{given['USER']}:@/{given['NAME']}?host={given['HOST']}&port={given['PORT']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "QINGYUAN_DATABASE_URL": url,
        "QINGYUAN_DATA": str(settings.DATA_DIR),
    }
    running = []

    def run(mode, number=1):
        marker = tmp_path / f"marker{len(running)}"
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.credit_victim", mode, str(project.pk), str(by.pk), str(marker), str(number)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        running.append(child)
        return child, marker

    run.copy = copy
    yield run
    for child in running:
        child.kill()
        child.wait()
        child.stdout.close()
        child.stderr.close()


def wait_for(child, marker):
    for _try in range(1200):
        if marker.exists() and marker.read_text():
            return
        assert child.poll() is None, child.stderr.read()
        time.sleep(0.05)  # waiting for another process, not for ourselves
    raise AssertionError("the process never came to its point")


def kill(child):
    child.send_signal(signal.SIGKILL)
    child.wait()


def finish(child):
    _said, wrong = child.communicate(timeout=120)
    assert child.returncode == 0, wrong


def ask(copy, sql):
    """Rows out of the database on which the processes work: this one, or its copy in a file."""
    if copy is None:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    with contextlib.closing(sqlite3.connect(copy)) as other:
        return other.execute(sql).fetchall()


def facts(copy):
    codes = ask(
        copy,
        "SELECT e.credit_code FROM registry_auditrecord r JOIN registry_enterprise e ON e.id = r.enterprise_id"
        " WHERE r.kind = 'credit' ORDER BY e.credit_code",
    )
    bodies = ask(copy, "SELECT body FROM kernel_ledgerentry WHERE verb = 'project.credit' ORDER BY seq")
    return {
        "codes": [code for (code,) in codes],
        "certificates": ask(copy, "SELECT COUNT(*) FROM registry_certificate")[0][0],
        "batches": [one for (one,) in ask(copy, "SELECT count FROM delivery_creditbatch ORDER BY number")],
        "entries": [json.loads(body)["payload"]["items"] for (body,) in bodies],
    }


def whole(found):
    """What is on record is whole acts: no record without its certificate, run and ledger entry, none twice."""
    assert len(found["codes"]) == len(set(found["codes"])) == found["certificates"]
    assert found["batches"] == found["entries"]
    assert sum(found["batches"]) == len(found["codes"])
    return found


@pytest.mark.sqlite
@pytest.mark.clause("N13")
@pytest.mark.clause("H5")
def test_whenever_it_dies_the_next_run_completes_it(passed, start):
    _project, _by, expected = passed
    before = 0
    for point, number in POINTS:
        child, marker = start(point, number)
        wait_for(child, marker)
        kill(child)
        found = whole(facts(start.copy))
        assert set(found["codes"]) <= set(expected)
        # The act in which it died is gone as a whole; those before it stand.
        assert len(found["codes"]) == before + 7 * (number - 1)
        before = len(found["codes"])
    chance = random.Random(20221122)
    for again in range(CHANCES):
        child, marker = start("any", again)
        wait_for(child, marker)
        time.sleep(chance.uniform(0, 0.25))  # somewhere in its work
        kill(child)
        found = whole(facts(start.copy))
        assert set(found["codes"]) <= set(expected)
    finish(start("run")[0])
    assert whole(facts(start.copy))["codes"] == expected
    # Again: nobody waits any more. And the chain of the ledger holds.
    child, marker = start("again")
    finish(child)
    assert marker.read_text() == "the ledger holds"
    assert whole(facts(start.copy))["codes"] == expected


@pytest.mark.sqlite
def test_two_processes_at_once_credit_everybody_once(passed, start):
    children = [start("run", number)[0] for number in (1, 2)]
    for child in children:
        finish(child)
    assert whole(facts(start.copy))["codes"] == passed[2]
