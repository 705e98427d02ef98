"""The checks by name: the names and parameters stand in catalogue.notices.selfcheck, the code here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from qingyuan.pilots.selfcheck.hits import Hit
from qingyuan.pilots.selfcheck.material import Material

Check = Callable[[Material, Any], Iterable[Hit]]
CODE: dict[str, Check] = {}


def named(check: Check) -> Check:
    """Register a check under the name of its function."""
    CODE[check.__name__] = check
    return check
