"""What all pages of one dataset share."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.audits.models import Dataset
from qingyuan.audits.queries.dataset import TONES
from qingyuan.audits.rules import dataset as rules
from qingyuan.ui.verbpage import VerbPage


def tabs(user: Any, dataset: Dataset, part: str) -> list[dict[str, Any]]:
    """The parts of a dataset's page that this person may open (no query beyond who is named)."""
    reads = rules.reads_raw.test(user, dataset)
    found = [
        ("overview", _("概况"), "audits:dataset", True),
        ("tables", _("数据表"), "audits:tables", reads),
        ("sheets", _("企业填报"), "audits:sheets", True),
        ("questions", _("核查"), "audits:questions", reads),
        ("field", _("现场记录"), "audits:field-log", reads),
        ("versions", _("版本"), "audits:versions", True),
        ("runs", _("计算"), "audits:runs", reads),
        ("aggregates", _("汇总"), "audits:aggregates", True),
        ("access", _("查阅人员"), "audits:access", True),
        ("reads", _("查阅记录"), "audits:reads", True),
    ]
    return [
        {"title": title, "url": reverse(name, args=[dataset.pk]), "current": slug == part}
        for slug, title, name, shown in found
        if shown
    ]


def frame(user: Any, dataset: Dataset, part: str) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "pilot": dataset.pilot,
        "part": part,
        "tabs": tabs(user, dataset, part),
        "stage_tone": TONES[dataset.stage],
        "is_collecting": dataset.stage == Dataset.Stage.COLLECTING,
    }


def show(
    request: HttpRequest,
    template: str,
    dataset: Dataset,
    part: str,
    *,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    """A page of a dataset that only shows."""
    context = {**frame(request.user, dataset, part), **more}
    return TemplateResponse(request, template, context, status=int(status))


class DatasetVerbPage(VerbPage):
    """A verb on a dataset (or on what hangs on one: override `dataset_of`) inside the dataset's frame."""

    template_name = "audits/dataset/verb.html"
    page_template = "audits/dataset/base.html"
    part = "overview"

    def dataset_of(self) -> Dataset:
        return self.object

    def get_context(self) -> dict[str, Any]:
        dataset = self.dataset_of()
        return {**frame(self.request.user, dataset, self.part), "object_url": self.get_cancel_url()}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return self.dataset_of().get_absolute_url()
