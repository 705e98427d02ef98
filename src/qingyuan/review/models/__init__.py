"""What a review is made of; one module per idea."""

from qingyuan.review.models.decision import CosignCheck, Decision, DecisionConsent, DecisionItem
from qingyuan.review.models.round import Case, Round

__all__ = ["Case", "CosignCheck", "Decision", "DecisionConsent", "DecisionItem", "Round"]
