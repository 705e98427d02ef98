"""Doubts and questions: the applicant's list, asking, answering, settling; and the enterprise's own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from qingyuan.audits import actions, datasets, reads
from qingyuan.audits.actions.question import MOST_ASKED, Asked
from qingyuan.audits.forms.question import AnswerForm, AskForm, InsistForm
from qingyuan.audits.models import Dataset, FigureQuestion
from qingyuan.audits.queries import question as queries
from qingyuan.audits.views.dataset_frame import DatasetVerbPage, show
from qingyuan.audits.views.sheet_own import Desk
from qingyuan.kernel.errors import Refused
from qingyuan.ui.pagination import paginate

SHOWN_DOUBTS = 200


def questions(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """What the checks doubt, and what was asked."""
    doubts = queries.doubts_of(dataset)
    stage = request.GET.get("stage", "")
    stage = stage if stage in FigureQuestion.Stage.values else ""
    page = paginate(request, queries.questions_of(dataset, stage=stage))
    reads.note(dataset, by=request.user, what="核查疑点和问题")
    return show(
        request,
        "audits/question/list.html",
        dataset,
        "questions",
        doubts=doubts[:SHOWN_DOUBTS],
        doubts_count=len(doubts),
        page=page,
        rows=[(one, queries.TONES[one.stage]) for one in page.object_list],
        stages=FigureQuestion.Stage.choices,
        stage=stage,
        may_ask=actions.ask.allowed(request.user, dataset).ok,
        unasked=sum(1 for one in doubts if not one.asked),
    )


class AskDoubtsPage(DatasetVerbPage):
    """Ask about all that the checks doubt and nobody has asked about yet."""

    verb = actions.ask
    part = "questions"
    check_revision = False
    title = gettext_lazy("就全部疑点提问")
    done = gettext_lazy("核查问题已提出")
    explain = gettext_lazy(
        "把还没有提问的核查疑点逐格提成问题；属于企业的，由企业答复或更正，每家企业收到一封邮件。"
    )

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        del form
        wanted = [one for one in queries.doubts_of(self.object) if not one.asked]
        unique = {(one.doubt.row, one.doubt.column): one.doubt for one in reversed(wanted)}
        asked = [Asked(one.row, one.column, one.message, one.rule) for one in unique.values()]
        return {"questions": asked[:MOST_ASKED]}

    def get_cancel_url(self) -> str:
        return reverse("audits:questions", args=[self.object.pk])


class AskPage(DatasetVerbPage):
    """About one cell."""

    verb = actions.ask
    form_class = AskForm
    template_name = "audits/question/ask.html"
    part = "questions"
    check_revision = False
    button = gettext_lazy("提出")
    done = gettext_lazy("核查问题已提出")

    @cached_property
    def row(self) -> Any:
        found = self.object.rows.filter(pk=self.kwargs["row"]).first()
        if found is None:
            raise Http404
        return found

    def get_initial(self) -> dict[str, Any]:
        found = (
            one for one in queries.doubts_of(self.object)
            if (one.doubt.row, one.doubt.column) == (self.row.pk, self.kwargs["column"])
        )  # fmt: skip
        first = next(found, None)
        return {"text": first.doubt.message} if first else {}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"questions": [Asked(self.row.pk, self.kwargs["column"], form.cleaned_data["text"])]}

    def get_context(self) -> dict[str, Any]:
        table = datasets.table_of(self.object, self.row.table)
        column = (
            next((one for one in table.columns if one.name == self.kwargs["column"]), None) if table else None
        )
        if table is None or column is None:
            raise Http404
        return {
            **super().get_context(),
            "row_name": datasets.row_name(table, self.row.values),
            "column": column,
            "value": self.row.values.get(column.name, ""),
        }

    def get_cancel_url(self) -> str:
        return reverse("audits:questions", args=[self.object.pk])


class QuestionVerbPage(DatasetVerbPage):
    template_name = "audits/question/verb.html"
    object: FigureQuestion
    object_arg = "question"
    part = "questions"

    def dataset_of(self) -> Dataset:
        return self.object.dataset

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "question": self.object, "tone": queries.TONES[self.object.stage]}

    def get_cancel_url(self) -> str:
        return reverse("audits:questions", args=[self.object.dataset_id])


class AnswerPage(QuestionVerbPage):
    verb = actions.answer
    form_class = AnswerForm
    done = gettext_lazy("答复已保存")


class SettlePage(QuestionVerbPage):
    verb = actions.settle
    done = gettext_lazy("已了结")


class InsistPage(QuestionVerbPage):
    verb = actions.insist
    form_class = InsistForm
    done = gettext_lazy("已退回再答")


# --- the enterprise's own


def own_questions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is asked of it, and what the checks would have it look at again."""
    desk.note("企业查看核查问题")
    asked = queries.questions_of(desk.sheet.dataset).filter(enterprise=desk.sheet.enterprise_id)
    context = {
        **desk.context("questions"),
        "rows": [
            (one, queries.TONES[one.stage], desk.url("answer", one.pk) if one.stage == "open" else "")
            for one in asked[:200]
        ],
        "doubts": [
            (one, desk.url("row", one.doubt.row))
            for one in queries.doubts_of(desk.sheet.dataset, enterprise=desk.sheet.enterprise)
        ],
    }
    return TemplateResponse(request, "audits/question/own.html", context)


class OwnAnswerPage(View):
    """An enterprise answers a question on one of its figures."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.desk: Desk = args[0]
        found = (
            FigureQuestion.objects.select_related(*queries.RELATED)
            .filter(
                dataset=self.desk.sheet.dataset_id,
                enterprise=self.desk.sheet.enterprise_id,
                pk=kwargs["asked"],
            )
            .first()
        )
        if found is None:
            raise Http404
        self.question = found

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        self.desk.note("企业查看一个核查问题")
        return self.render(request, AnswerForm())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.render(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            actions.answer(self.question, by=self.desk.filler, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            return self.render(request, form, status=refusal.status)
        messages.success(request, _("答复已保存"))
        return HttpResponseRedirect(self.desk.url("questions"))

    def render(self, request: HttpRequest, form: AnswerForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
        row = self.question.row
        context = {
            **self.desk.context("questions"),
            "question": self.question,
            "form": form,
            "row_url": self.desk.url("row", row.pk) if row is not None else "",
            "back": self.desk.url("questions"),
            "value": row.values.get(self.question.column, "") if row is not None else "",
        }
        return TemplateResponse(request, "audits/question/answer.html", context, status=int(status))
