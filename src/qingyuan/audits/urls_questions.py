"""Addresses of questions about figures; `urls.py` of this room includes them."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.audits.models import Dataset, FigureQuestion
from qingyuan.audits.queries.dataset import RELATED
from qingyuan.audits.queries.question import RELATED as QUESTION_RELATED
from qingyuan.audits.rules import dataset as dataset_rules
from qingyuan.audits.rules import question as rules
from qingyuan.audits.urls_sheets import both
from qingyuan.audits.views import questions
from qingyuan.kernel.guards import sees
from qingyuan.ui import navigation

_raw = sees(Dataset, by=dataset_rules.reads_raw, arg="dataset", related=RELATED)
_asked = sees(FigureQuestion, by=rules.reads_question, arg="question", related=QUESTION_RELATED)
_DATASET, _QUESTION = "datasets/<uuid:dataset>/", "figure-questions/<uuid:question>/"

urlpatterns = [
    path(f"{_DATASET}questions/", _raw(require_GET(questions.questions)), name="questions"),
    path(f"{_DATASET}questions/doubts/", _raw(questions.AskDoubtsPage.as_view()), name="ask-doubts"),
    path(f"{_DATASET}rows/<int:row>/ask/<str:column>/", _raw(questions.AskPage.as_view()), name="ask"),
    path(f"{_QUESTION}answer/", _asked(questions.AnswerPage.as_view()), name="answer-question"),
    path(f"{_QUESTION}settle/", _asked(questions.SettlePage.as_view()), name="settle-question"),
    path(f"{_QUESTION}insist/", _asked(questions.InsistPage.as_view()), name="insist-question"),
    *both("questions/", require_GET(questions.own_questions), "-questions"),
    *both("questions/<uuid:asked>/", questions.OwnAnswerPage.as_view(), "-answer"),
]
navigation.under("audits:datasets", urlpatterns)
