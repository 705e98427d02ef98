"""Notices as typed, validated data. A notice that does not hold together fails to load with file, line and reason."""

from qingyuan.catalogue.notices.conditions import (
    AnswerError,
    Condition,
    ConditionVerdict,
    Question,
    judge_condition,
    read_answer,
)
from qingyuan.catalogue.notices.loader import load_notice, notice_text, notices
from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.problems import CatalogueError, Problem

__all__ = [
    "AnswerError",
    "CatalogueError",
    "Condition",
    "ConditionVerdict",
    "Notice",
    "Problem",
    "Question",
    "judge_condition",
    "load_notice",
    "notice_text",
    "notices",
    "read_answer",
]
