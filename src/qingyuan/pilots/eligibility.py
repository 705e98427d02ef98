"""Verdicts on the eligibility conditions of a pilot, from its answers and evidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from qingyuan.calls.models import Call
from qingyuan.catalogue.notices.conditions import Condition, ConditionVerdict, Question, judge_condition
from qingyuan.people.models import Organisation
from qingyuan.pilots.models import Attachment, Pilot


@dataclass(frozen=True)
class Judged:
    """A condition with what is answered, what is asked now, the files, and the verdict."""

    condition: Condition
    answers: dict[str, Any]
    questions: tuple[Question, ...]
    files: dict[str, list[Attachment]]
    verdict: ConditionVerdict


def judge_all(pilot: Pilot) -> list[Judged]:
    """All conditions of the pilot's category (two queries)."""
    answers: dict[str, dict[str, Any]] = {}
    for answer in pilot.answers.all():
        answers.setdefault(answer.condition_id, {})[answer.question_id] = answer.value
    files: dict[str, dict[str, list[Attachment]]] = {}
    for attachment in pilot.attachments.select_related("upload"):
        if attachment.purpose == Attachment.Purpose.EVIDENCE:
            files.setdefault(attachment.condition_id, {}).setdefault(attachment.question_id, []).append(
                attachment
            )
    judged = []
    for condition in pilot.notice.conditions_for(pilot.category_id):
        given, attached = answers.get(condition.id, {}), files.get(condition.id, {})
        count = Counter({question: len(items) for question, items in attached.items()})
        judged.append(
            Judged(
                condition=condition,
                answers=given,
                questions=condition.asked(answers=given, facts=pilot.facts),
                files=attached,
                verdict=judge_condition(condition, answers=given, evidence_count=count, facts=pilot.facts),
            )
        )
    return judged


def is_meant_for(call: Call, body: Organisation) -> bool:
    """Applicants answer the call of their own province; a national call is answered by the provinces."""
    notice = call.notice
    return notice.level == "provincial" and (
        not notice.region or not body.region_code or notice.region[:2] == body.region_code[:2]
    )
