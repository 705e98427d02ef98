"""Score sheets of expert assessment, as dated data: what is scored, how it is weighed, and what each score means.

The dimensions are the notice's own words; weights and anchors are ours (自拟) until an official sheet has been read.
"""

from qingyuan.catalogue.scoresheets.loader import (
    acceptance_sheet_for,
    evaluation_sheet_for,
    load_scoresheet,
    scoresheet_for,
    scoresheets,
)
from qingyuan.catalogue.scoresheets.model import Acceptance, Anchor, Criterion, Dimension, Level, ScoreSheet

__all__ = [
    "Acceptance",
    "Anchor",
    "Criterion",
    "Dimension",
    "Level",
    "ScoreSheet",
    "acceptance_sheet_for",
    "evaluation_sheet_for",
    "load_scoresheet",
    "scoresheet_for",
    "scoresheets",
]
