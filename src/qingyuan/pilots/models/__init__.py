"""A pilot and what belongs to it."""

from qingyuan.pilots.models.content import Answer, Attachment, Chapter, ScopeEntry, Target
from qingyuan.pilots.models.pilot import Pilot, SignOff
from qingyuan.pilots.models.schedule import Milestone, Output
from qingyuan.pilots.models.submission import Submission

__all__ = [
    "Answer",
    "Attachment",
    "Chapter",
    "Milestone",
    "Output",
    "Pilot",
    "ScopeEntry",
    "SignOff",
    "Submission",
    "Target",
]
