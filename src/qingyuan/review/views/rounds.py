"""Rounds: the list, one round with its cases, and the verbs on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.review import actions
from qingyuan.review.forms.round import ConfigureForm
from qingyuan.review.models import Round
from qingyuan.review.panels import panels_of
from qingyuan.review.queries import ground
from qingyuan.review.views.frame import RoundVerbPage
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage


def rounds(request: HttpRequest) -> HttpResponse:
    found = list(ground.rounds(request.user))
    return TemplateResponse(
        request,
        "review/round/list.html",
        {
            "rounds": [(one, ground.ROUND_TONES[one.stage]) for one in found],
            "openable": ground.openable_calls(request.user),
            "acceptable": ground.acceptable_calls(request.user),
        },
    )


def round_page(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """One round: its numbers, what may be done, its cases."""
    round_ = kwargs["round"]
    filters = ground.Filters.read(round_, request.GET.dict())
    page = paginate(request, ground.cases(round_, filters).select_related("round"))
    categories = {category.id: category.title for category in round_.notice.categories}
    census = ground.census(round_)
    context = {
        "round": round_,
        "tone": ground.ROUND_TONES[round_.stage],
        "stats": [(title, number) for _stage, title, number in census.stages],
        "page": page,
        "rows": [
            (case, categories.get(case.category_id, case.category_id), ground.TONES[case.stage])
            for case in page.object_list
        ],
        "filters": filters,
        "choices": [
            _choice("category", _("类别"), list(categories.items()), filters.category),
            _choice("prefecture", _("所在地"), census.prefectures, filters.prefecture),
            _choice(
                "stage", _("状态"), [(value, title) for value, title, _n in census.stages], filters.stage
            ),
        ],
        "panels": panels_of(request.user, round_),
        "may_start": actions.start.allowed(request.user, round_).ok,
        "may_configure": actions.configure.allowed(request.user, round_).ok,
        "may_finish": actions.finish_acceptance.allowed(request.user, round_).ok,
    }
    return TemplateResponse(request, "review/round/page.html", context)


def _choice(name: str, label: Any, options: list[tuple[str, str]], chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [(value, title, value == chosen) for value, title in options],
    }


class OpenPage(VerbPage):
    """The register becomes a round of review."""

    verb = actions.open_round
    explain = _("把收件登记簿中现行有效的申报逐一立为评审项目。建立之后先设定评审安排，再开始评审。")
    check_revision = False

    def get_success_url(self, result: Any) -> str:
        return reverse("review:round", args=[result.pk])

    def get_cancel_url(self) -> str:
        return reverse("calls:call", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url()}


class OpenAcceptancePage(OpenPage):
    """A round for the evaluation and acceptance of the pilots that this call's selection approved."""

    verb = actions.open_acceptance
    explain = _("建立之后先设定安排、聘请专家；实施单位提交的验收材料在“验收材料”中逐个接收。")


class FinishAcceptancePage(RoundVerbPage):
    verb = actions.finish_acceptance
    statement = _("结束后不再接收验收材料。")


class ConfigurePage(RoundVerbPage):
    verb = actions.configure
    form_class = ConfigureForm

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ConfigureForm.base_fields}


class StartPage(RoundVerbPage):
    verb = actions.start
    statement = _("开始后评审安排不再改动。")
