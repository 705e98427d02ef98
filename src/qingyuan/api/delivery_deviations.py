"""Deviations of approved pilots over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field, StringConstraints

from qingyuan.api.delivery import TAG, projects_router, sees_project
from qingyuan.api.problems import answers
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import expose
from qingyuan.delivery import actions
from qingyuan.delivery.deviations import RULES
from qingyuan.delivery.models import DeviationNote
from qingyuan.delivery.queries import deviation as queries
from qingyuan.delivery.queries.process import today

Telling = Annotated[str, StringConstraints(max_length=1000)]


class DeviationNoteOut(Schema):
    rule: str
    item: str
    since: date
    cause: str
    measure: str
    until: date


class DeviationOut(Schema):
    """A deviation that stands today; `note` is the last word on it."""

    rule: str = Field(examples=list(RULES))
    item: str
    title: str
    reason: str
    numbers: list[list[str]]
    since: date
    who: str = Field(description="handler 实施单位，supervisor 主办单位")
    is_open: bool
    note: DeviationNoteOut | None


class ExplainIn(Sent):
    rule: Annotated[str, StringConstraints(max_length=30)] = Field(examples=list(RULES))
    item: Annotated[str, StringConstraints(max_length=40)] = ""
    cause: Telling
    measure: Telling
    until: date


def note_line(one: DeviationNote, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("rule", "item", "since", "cause", "measure", "until")}


def standing_line(one: queries.Standing) -> dict[str, Any]:
    found = one.deviation
    return {
        **{name: getattr(found, name) for name in ("rule", "item", "title", "reason", "since", "who")},
        "numbers": [list(pair) for pair in found.numbers],
        "is_open": one.is_open,
        "note": note_line(one.note) if one.note else None,
    }


@projects_router.get(
    "/{project}/deviations",
    response=answers(list[DeviationOut]),
    operation_id="project_deviations",
    summary="现有偏差",
)
def deviations(request: HttpRequest, project: UUID) -> Any:
    """由规则按当日数据得出，早的在前。"""
    found = sees_project(request, project)
    return [standing_line(one) for one in queries.standing([found], on=today())[found.pk]]


expose(
    projects_router, actions.explain_deviation, "/{project}/deviation-notes",
    found=sees_project, body=ExplainIn, shape=DeviationNoteOut, present=note_line, status=201, tag=TAG,
)  # fmt: skip
