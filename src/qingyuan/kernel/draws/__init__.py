"""Verifiable draws (随机抽取、随机抽查): commit, reveal, recompute. Pure: no Django, no clock, no files.

The algorithm is described for re-implementation in docs/draws.md; what stands here follows that document.
"""

from qingyuan.kernel.draws.algorithm import Outcome, Stream, draw, outcome_sha256, seed_of
from qingyuan.kernel.draws.record import KIND, VERSION, Report, Step, verify
from qingyuan.kernel.draws.terms import (
    EXTERNAL,
    ORGANISER,
    SECOND,
    SECOND_BODY,
    Candidate,
    Exclusion,
    PublicValue,
    Terms,
    commitment,
    is_secret,
    supervisor_sha256,
)

__all__ = [
    "EXTERNAL",
    "KIND",
    "ORGANISER",
    "SECOND",
    "SECOND_BODY",
    "VERSION",
    "Candidate",
    "Exclusion",
    "Outcome",
    "PublicValue",
    "Report",
    "Step",
    "Stream",
    "Terms",
    "commitment",
    "draw",
    "is_secret",
    "outcome_sha256",
    "seed_of",
    "supervisor_sha256",
    "verify",
]
