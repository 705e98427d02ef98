"""Sheets by which a single enterprise's audit is evaluated 评估 and accepted 验收, as dated data with their origin."""

from qingyuan.catalogue.evaluations.loader import evaluation_for, evaluations, load_evaluation
from qingyuan.catalogue.evaluations.model import Evaluation, Group, Item, Outcome, Veto

__all__ = [
    "Evaluation",
    "Group",
    "Item",
    "Outcome",
    "Veto",
    "evaluation_for",
    "evaluations",
    "load_evaluation",
]
