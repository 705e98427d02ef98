"""The notices that this installation knows: those that ship, and those of the folders in its settings."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from qingyuan.catalogue.notices import loader
from qingyuan.catalogue.notices.model import Notice


def folders() -> tuple[Path, ...]:
    return tuple(Path(folder) for folder in settings.QINGYUAN_NOTICES)


def known_notices() -> dict[str, Notice]:
    return loader.notices(*folders())


def notice_of(notice_id: str) -> Notice:
    return known_notices()[notice_id]


def notice_text(notice: Notice) -> str | None:
    """The notice's own words; None where it names no text."""
    return loader.notice_text(notice, *folders())
