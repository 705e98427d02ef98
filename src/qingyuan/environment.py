"""Read settings from the environment: typed, loud about what is wrong, secrets also from files."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class SettingError(Exception):
    """A setting in the environment cannot be used; the sentence says which and what was expected."""


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that `<name>_FILE` names (for mounted secrets)."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text("utf-8").strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE={path} cannot be read: {error.strerror}") from error
    return os.environ.get(name, default)


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name).strip().lower()
    if value in {"", "default"}:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name}={value!r}: expected 1 or 0")


def number(name: str, default: int) -> int:
    value = text(name).strip()
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise SettingError(f"{name}={value!r}: expected a whole number") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def paths(name: str) -> list[str]:
    """A path list, parted like PATH (`a:b`, on Windows `a;b`)."""
    return [part for part in text(name).split(os.pathsep) if part]


def origin(url: str) -> str:
    """Scheme and host of an address, as a content security policy names it."""
    parts = urlsplit(url)
    if not parts.scheme or not parts.netloc:
        raise SettingError(f"{url!r} is not an address: expected https://host/…")
    return f"{parts.scheme}://{parts.netloc}"


def database(url: str, *, data_dir: Path) -> dict[str, object]:
    """Django's database entry for `postgres://...`, `sqlite:///path` or, when empty, the embedded SQLite file."""
    if not url:
        url = f"sqlite:///{data_dir / 'qingyuan.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(url.removeprefix("sqlite:///")),
            # Writers queue for the lock at BEGIN instead of failing in the middle of a transaction. With
            # synchronous=FULL a commit has reached the disk: a receipt that was shown survives a power cut.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict[str, object] = dict(parse_qsl(parts.query))
        host = options.pop("host", None) or parts.hostname or ""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")) or "qingyuan",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "OPTIONS": options,
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise SettingError(f"QINGYUAN_DATABASE_URL={url!r}: expected postgres://… or sqlite:///…")
