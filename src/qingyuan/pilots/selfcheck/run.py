"""The rule set of a notice over one application: pure on a stored snapshot, or on a pilot as it stands now."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.notices.selfcheck import SelfCheck
from qingyuan.pilots.selfcheck import (  # noqa: F401 (they register themselves)
    agreement,
    completeness,
    dates,
    depth,
    extent,
    leftovers,
    naming,
    plausibility,
)
from qingyuan.pilots.selfcheck.hits import Found
from qingyuan.pilots.selfcheck.material import File, Material
from qingyuan.pilots.selfcheck.named import CODE
from qingyuan.pilots.selfcheck.standing import standing
from qingyuan.pilots.upcasts import upcast

ORDER = {"error": 0, "warning": 1, "info": 2}


def run_on_snapshot(
    snapshot: dict[str, Any],
    notice: Notice,
    *,
    files: Iterable[File] | None = None,
    closes_on: dt.date | None = None,
) -> list[Found]:
    """Every finding of the notice's rule set on a snapshot of any schema, errors first. No database, no clock.

    The self-check of a pilot and the form check of a received version are both this function: the latter hands in the sealed
    snapshot as it is kept. `files`: the attachments as they are stored now; None for a sealed snapshot.
    `closes_on`: the day on which applications close, if known.
    """
    material = Material(upcast(snapshot), notice, None if files is None else tuple(files))
    found = [
        Found(
            rule=rule.id,
            severity=rule.severity,
            clause=hit.clause or rule.clause,
            message=rule.say(hit.message),
            mend=_mend(hit.mend, rule.wording),
            hit=hit,
        )
        for rule in notice.self_check.rules_for(material.category.id)
        for hit in CODE[rule.check](material, rule.told())
    ]
    found += standing(material, closes_on=closes_on)
    return sorted(found, key=lambda one: ORDER[one.severity])


def _mend(mend: str, wording: str | None) -> str:
    return _("%(mend)s。通知原文：“%(wording)s”") % {"mend": mend, "wording": wording} if wording else mend


def summary(rules: SelfCheck, levels: Iterable[str]) -> dict[str, Any]:
    """What the ledger keeps of a self-check: the rule set with its version, and how many findings of each severity."""
    count = Counter(levels)
    return {"rule_set": rules.id, "version": rules.version, **{level: count[level] for level in ORDER}}
