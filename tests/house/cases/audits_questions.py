"""Questions about figures for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qingyuan.audits import actions
from qingyuan.audits.actions.question import Asked
from qingyuan.audits.models import FigureQuestion
from qingyuan.audits.queries.question import RELATED
from tests.dataset_maker import fresh, sheet_in

NAMED = {"park_handler"}


def question_in(maker: Any, stage: str) -> Any:
    """On what an enterprise discharges."""
    by = maker.world.park_handler
    sheet = sheet_in(maker, title=f"核查{stage}")
    row = sheet.dataset.rows.get(table="emissions", enterprise=sheet.enterprise)
    if not sheet.dataset.questions.exists():
        asked = Asked(row.pk, "discharge_t", "演示：与执行报告不一致，请核对")
        actions.ask(fresh(sheet.dataset), by=by, questions=[asked])
    question = FigureQuestion.objects.select_related(*RELATED).get(dataset=sheet.dataset)
    if stage != "open" and question.stage == "open":
        actions.answer(question, by=by, answer="演示：电话核对，执行报告为上半年数")
    question = FigureQuestion.objects.select_related(*RELATED).get(pk=question.pk)
    if stage == "settled" and question.stage != "settled":
        actions.settle(question, by=by)
    return FigureQuestion.objects.select_related(*RELATED).get(pk=question.pk)


def one_question(_maker: Any, dataset: Any) -> dict[str, Any]:
    row = dataset.rows.filter(table="emissions").order_by("position").first()
    return {"questions": [Asked(row.pk, "discharge_t", "演示：请核对")]}


OBJECTS: dict[str, Callable[[Any, str], Any]] = {"audits.figurequestion": question_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "dataset.ask": one_question,
    "question.answer": lambda m, o: {"answer": "演示：已更正"},
    "question.settle": lambda m, o: {},
    "question.insist": lambda m, o: {"text": "演示：请附监测报告"},
}
MAY: dict[str, set[str]] = {
    "dataset.ask": NAMED,
    "question.answer": NAMED,
    "question.settle": NAMED,
    "question.insist": NAMED,
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "audits.figurequestion": lambda maker: question_in(maker, "answered"),
}
