"""What a review is made of; one module per idea."""

from qingyuan.review.models.decision import CosignCheck, Decision, DecisionConsent, DecisionItem
from qingyuan.review.models.draws import Draw
from qingyuan.review.models.experts import Appointment, Assignment, DeclaredInterest
from qingyuan.review.models.round import Case, Round

__all__ = [
    "Appointment",
    "Assignment",
    "Case",
    "CosignCheck",
    "Decision",
    "DecisionConsent",
    "DecisionItem",
    "DeclaredInterest",
    "Draw",
    "Round",
]
