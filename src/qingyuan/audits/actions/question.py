"""Verbs on questions about figures: ask, answer, settle, insist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import datasets
from qingyuan.audits.mails import question as mails
from qingyuan.audits.models import Dataset, FigureQuestion
from qingyuan.audits.rules import dataset as dataset_rules
from qingyuan.audits.rules import question as rules
from qingyuan.kernel.actions import Act, Invalid, Problem, action

OPEN, ANSWERED, SETTLED = (
    FigureQuestion.Stage.OPEN,
    FigureQuestion.Stage.ANSWERED,
    FigureQuestion.Stage.SETTLED,
)
MOST_ASKED = 500


@dataclass(frozen=True)
class Asked:
    """A question on one cell."""

    row: int
    column: str
    text: str
    rule: str = ""


@action(
    "dataset.ask",
    title=gettext_lazy("提出核查问题"),
    on=Dataset,
    may=dataset_rules.writes_raw,
    stages=(Dataset.Stage.COLLECTING,),
    clauses=("N14",),
    idempotent=True,
    mails=mails.asked,
)
def ask(dataset: Dataset, act: Act, *, questions: Sequence[Asked]) -> Dataset:
    """就一个或几个单元格提出核查问题；属于某家企业的由企业答复或更正，其余由申报单位自己答复。"""
    tables = {table.name: table for table in datasets.schema_of(dataset)}
    rows = dataset.rows.in_bulk([one.row for one in questions[:MOST_ASKED]])
    standing = set(
        FigureQuestion.objects.filter(dataset=dataset).exclude(stage=SETTLED).values_list("row_id", "column")
    )
    problems = [] if questions else [Problem(_("请至少提出一个问题"), where="questions")]
    if len(questions) > MOST_ASKED:
        problems.append(Problem(_("一次最多 %d 个问题") % MOST_ASKED, where="questions"))
    made = []
    for one in questions[:MOST_ASKED]:
        row, text = rows.get(one.row), one.text.strip()
        table = tables.get(row.table) if row else None
        column = next((each for each in table.columns if each.name == one.column), None) if table else None
        if row is None or table is None or column is None:
            problems.append(Problem(_("这一格已不存在，请刷新页面"), where="row"))
            continue
        if not text or len(text) > 500:
            problems.append(Problem(_("请写明要核查什么，不超过 500 字"), where="text"))
        if (one.row, one.column) in standing:
            problems.append(Problem(_("这一格已有没有了结的问题：%s") % column.title_zh, where="text"))
        standing.add((one.row, one.column))
        made.append(
            FigureQuestion(
                dataset=dataset,
                enterprise_id=row.enterprise_id,
                row=row,
                table=row.table,
                column=one.column,
                place=f"{table.title} · {datasets.row_name(table, row.values)} · {column.heading}"[:300],
                rule=one.rule[:12],
                text=text,
                value=row.values.get(one.column, "")[:200],
                asked_at=act.now,
                asked_by=act.by,
            )
        )
    if problems:
        raise Invalid(problems)
    FigureQuestion.objects.bulk_create(made)
    act.items([[str(one.pk), one.rule] for one in made])
    return dataset


@action(
    "question.answer",
    title=gettext_lazy("答复核查问题"),
    on=FigureQuestion,
    may=rules.answers,
    stages=(OPEN,),
    to=(ANSWERED,),
    clauses=("N14",),
    mails=mails.answered,
)
def answer(question: FigureQuestion, act: Act, *, answer: str) -> FigureQuestion:
    """说明情况，或先更正数值再答复；提问的一方确认后了结。"""
    answer = answer.strip()
    if not answer or len(answer) > 1000:
        raise Invalid([Problem(_("请写答复，不超过 1,000 字"), where="answer")])
    question.answer, question.answered_at, question.answered_by = answer, act.now, act.by
    question.answered_value = (
        str(question.row.values.get(question.column, ""))[:200] if question.row is not None else ""
    )
    act.move(question, ANSWERED)
    question.save(update_fields=["answer", "answered_at", "answered_by", "answered_value", "stage"])
    act.note(corrected=question.answered_value != question.value)
    return question


@action(
    "question.settle",
    title=gettext_lazy("了结核查问题"),
    on=FigureQuestion,
    may=rules.asks,
    stages=(OPEN, ANSWERED),
    to=(SETTLED,),
)
def settle(question: FigureQuestion, act: Act) -> FigureQuestion:
    """认可答复或更正，或撤回问题。"""
    question.settled_at, question.settled_by = act.now, act.by
    act.move(question, SETTLED)
    question.save(update_fields=["settled_at", "settled_by", "stage"])
    return question


@action(
    "question.insist",
    title=gettext_lazy("继续追问"),
    on=FigureQuestion,
    may=rules.asks,
    stages=(ANSWERED,),
    to=(OPEN,),
    mails=mails.insisted,
)
def insist(question: FigureQuestion, act: Act, *, text: str) -> FigureQuestion:
    """答复没有说清的，写明还要说明什么，退回再答；原来的问和答留在问题里。"""
    text = text.strip()
    if not text:
        raise Invalid([Problem(_("请写明还要说明什么"), where="text")])
    whole = f"{question.text}｜{_('答')}：{question.answer}｜{_('追问')}：{text}"
    question.text = whole if len(whole) <= 500 else "…" + whole[-499:]
    question.answer = ""
    act.move(question, OPEN)
    question.save(update_fields=["text", "answer", "stage"])
    return question
