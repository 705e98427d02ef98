"""Which command computes which data, of which parts it consists, and with which libraries. Pure but for `parts`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version as installed
from typing import Final

from qingyuan.audits.models import DatasetVersion
from qingyuan.papers.canonical import canonical_bytes, sha256_hex

COMMANDS: Final = {"industry": "diagnose", "park": "park", "region": "region"}
"""By the template of the data sheet."""
_LIBRARIES: Final = ("numpy", "scipy", "highspy")
_PARTS: Final[dict[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "diagnose": (("diagnose", ("enterprises",)),),
    "park": (
        ("balance", ("flows",)),
        ("heat", ("streams",)),
        ("match", ("streams", "heat_links")),
        ("water", ("processes",)),
        ("water", ("waters",)),
        ("exchange", ("offers", "needs")),
        ("select", ("measures", "targets")),
    ),
    "region": (
        ("river", ("reaches",)),
        ("air", ("receptors", "matrix")),
        ("select", ("measures", "targets")),
    ),
}
"""The parts of a command in their order, each with the tables that it needs."""


@cache
def engine_versions() -> dict[str, str]:
    """What computes here; by these versions a result can be had again."""
    return {name: installed(name) for name in ("qingyuan", *_LIBRARIES)}


def input_hash(command: str, content_sha256: str, engine: dict[str, str]) -> str:
    """Runs of one hash have one result: same command, same figures, same engine."""
    return sha256_hex(canonical_bytes({"command": command, "content": content_sha256, "engine": engine}))


def parts(command: str, version: DatasetVersion) -> list[str]:
    """What will be computed, in order: the steps of the progress bar (one query, remembered by the version)."""
    tables = _tables_of(version)
    return [name for name, needed in _PARTS[command] if set(needed) <= tables]


def _tables_of(version: DatasetVersion) -> set[str]:
    known: set[str] | None = getattr(version, "_table_names", None)
    if known is None:
        known = set(version.tables.values_list("name", flat=True))
        version._table_names = known  # type: ignore[attr-defined]  # noqa: SLF001 (a memory of the row, like cached_property)
    return known
