"""What a review is made of; one module per idea."""

from qingyuan.review.models.assessment import (
    Assessment,
    PanelPost,
    PanelPostEdit,
    PanelSummary,
    ScoreRelease,
    SealedAssessment,
)
from qingyuan.review.models.decision import CosignCheck, Decision, DecisionConsent, DecisionItem
from qingyuan.review.models.draws import Draw
from qingyuan.review.models.experts import Appointment, Assignment, DeclaredInterest
from qingyuan.review.models.round import Case, Round
from qingyuan.review.models.visits import Visit, VisitItem, VisitMember, VisitPhoto, VisitSync

__all__ = [
    "Appointment",
    "Assessment",
    "Assignment",
    "Case",
    "CosignCheck",
    "Decision",
    "DecisionConsent",
    "DecisionItem",
    "DeclaredInterest",
    "Draw",
    "PanelPost",
    "PanelPostEdit",
    "PanelSummary",
    "Round",
    "ScoreRelease",
    "SealedAssessment",
    "Visit",
    "VisitItem",
    "VisitMember",
    "VisitPhoto",
    "VisitSync",
]
