"""Remarks on chapters by the applicant's own reviewer and signer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.pilots import actions
from qingyuan.pilots.forms.plan import RemarkChapterForm
from qingyuan.pilots.models import ChapterRemark
from qingyuan.pilots.views.frame import PilotVerbPage


class RemarkPage(PilotVerbPage):
    verb = actions.remark_chapter
    form_class = RemarkChapterForm
    part = "plan"
    check_revision = False
    explain = gettext_lazy(
        "意见显示在这一节旁边和章节列表里，直到标为已处理。要经办人修改的，请再“退回修改”。"
    )
    button = gettext_lazy("提出意见")
    done = gettext_lazy("意见已记下")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.leaf = next(
            (leaf for leaf in self.object.notice.leaves() if leaf.id == kwargs["outline_id"]), None
        )
        if self.leaf is None:
            raise Http404
        self.title = f"{self.verb.title}：{self.leaf.title}"

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"outline_id": self.kwargs["outline_id"], "text": form.cleaned_data["text"]}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("pilots:chapter", args=[self.object.pk, self.kwargs["outline_id"]])


class ResolvePage(PilotVerbPage):
    verb = actions.resolve_remark
    part = "plan"
    check_revision = False
    done = gettext_lazy("已标为处理完毕")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = ChapterRemark.objects.select_related("chapter").filter(chapter__pilot=self.object)
        found = rows.filter(pk=kwargs["remark"]).first()
        if found is None:
            raise Http404
        self.remark: ChapterRemark = found
        self.explain = found.text

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        del form
        return {"remark_id": self.remark.pk}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("pilots:chapter", args=[self.object.pk, self.remark.chapter.outline_id])


class _ThreadPage(ResolvePage):
    """Words below a remark."""

    form_class = RemarkChapterForm

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"remark_id": self.remark.pk, "text": form.cleaned_data["text"]}


class AnswerPage(_ThreadPage):
    verb = actions.answer_remark
    done = gettext_lazy("已答复")


class ReopenRemarkPage(_ThreadPage):
    verb = actions.reopen_remark
    done = gettext_lazy("意见已重新列为未处理")
