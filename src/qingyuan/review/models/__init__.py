"""What a review is made of; one module per idea."""

from qingyuan.review.models.arrival import PaperArrival
from qingyuan.review.models.assessment import (
    Assessment,
    PanelPost,
    PanelPostEdit,
    PanelSummary,
    ScoreRelease,
    SealedAssessment,
)
from qingyuan.review.models.consultation import Consultation
from qingyuan.review.models.decision import CosignCheck, Decision, DecisionConsent, DecisionItem
from qingyuan.review.models.draws import Draw
from qingyuan.review.models.experts import Appointment, Assignment, DeclaredInterest
from qingyuan.review.models.formcheck import FormCheck
from qingyuan.review.models.publicity import Objection, Publicity
from qingyuan.review.models.round import Case, Round
from qingyuan.review.models.state import Bundle, CaseFile
from qingyuan.review.models.truthfulness import Truthfulness
from qingyuan.review.models.visits import Visit, VisitItem, VisitMember, VisitPhoto, VisitSync

__all__ = [
    "Appointment",
    "Assessment",
    "Assignment",
    "Bundle",
    "Case",
    "CaseFile",
    "Consultation",
    "CosignCheck",
    "Decision",
    "DecisionConsent",
    "DecisionItem",
    "DeclaredInterest",
    "Draw",
    "FormCheck",
    "Objection",
    "PanelPost",
    "PanelPostEdit",
    "PanelSummary",
    "PaperArrival",
    "Publicity",
    "Round",
    "ScoreRelease",
    "SealedAssessment",
    "Truthfulness",
    "Visit",
    "VisitItem",
    "VisitMember",
    "VisitPhoto",
    "VisitSync",
]
