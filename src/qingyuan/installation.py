"""Which installation a terminal command works on, and how it starts: by environment, or a demo that stands here.

Knows no Django until `start`: `qingyuan --help` must not wait for it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

DEMO_FILE = "demo.json"


class CannotStart(Exception):  # noqa: N818 (a sentence for the person at the terminal)
    """The installation cannot be used; the sentence says what is missing."""


def data_folder() -> Path:
    return Path(os.environ.get("QINGYUAN_DATA") or "var").resolve()


def keep_private() -> None:
    """What this process makes from now on (database, files, backups) is readable by its own user only."""
    os.umask(0o077)


def demo_state() -> dict[str, Any] | None:
    """What a demo remembers between its starts; None where no demo was made."""
    try:
        state: dict[str, Any] = json.loads((data_folder() / DEMO_FILE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise CannotStart(
            f"{data_folder() / DEMO_FILE} is damaged ({error}): remove the folder and start again"
        ) from error
    return state


def remember_demo(state: dict[str, Any]) -> None:
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{DEMO_FILE}.new"
    fresh.write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n", "utf-8")
    fresh.replace(folder / DEMO_FILE)


def adopt(*, secret_needed: bool = True) -> None:
    """Complete the environment for this process and its children.

    Without a secret key, a data folder in which `qingyuan demo` was run is taken as that demo. Commands that
    sign nothing and serve nobody (`secret_needed` False) run without one.
    """
    if secret_needed:
        keep_private()
    environment = os.environ
    environment.setdefault("DJANGO_SETTINGS_MODULE", "qingyuan.settings")
    if environment.get("QINGYUAN_SECRET_KEY") or environment.get("QINGYUAN_SECRET_KEY_FILE"):
        return
    state = demo_state()
    if state is not None:
        environment.setdefault("QINGYUAN_DEMO", "1")
        environment.setdefault("QINGYUAN_CLOCK_OFFSET", str(state["clock_offset"]))
    elif not secret_needed:
        environment.setdefault("QINGYUAN_TESTING", "1")


def start(*, secret_needed: bool = True) -> None:
    """Make Django ready; raises CannotStart with a sentence where the environment does not allow it."""
    adopt(secret_needed=secret_needed)
    from qingyuan.environment import SettingError

    try:
        import django

        django.setup()
    except SettingError as error:
        raise CannotStart(str(error)) from error


def is_prepared() -> bool:
    """Does the database stand as this version of the product expects it?"""
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        raise CannotStart(f"the database cannot be reached: {error}") from error


def prepare() -> None:
    """Create or upgrade the database, its cache table and the data folders. Safe to repeat."""
    from django.conf import settings
    from django.core.management import call_command

    make_folders()
    call_command("migrate", interactive=False, verbosity=0)
    if str(settings.CACHES["default"]["BACKEND"]).endswith("DatabaseCache"):
        call_command("createcachetable", verbosity=0)


def make_folders() -> None:
    """The data folder and its parts; whitenoise warns about a static folder that is not there."""
    for name in ("", "static", "blobs"):
        (data_folder() / name).mkdir(parents=True, exist_ok=True)


def another(port: int) -> int:
    return port + 1 if port < 65535 else port - 1


def ensure_free(host: str, port: int, *, remedy: str) -> None:
    """Fail with a sentence before anything is started, where the address cannot be listened on."""
    import errno
    import socket

    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # As the server does it: a port that a server left a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(f"端口 {port} 已被占用：{remedy}") from error
        raise CannotStart(f"不能在 {host}:{port} 上监听（{error.strerror}）：{remedy}") from error
