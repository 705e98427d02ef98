"""Pages of the financing reserve: the list, one project, its verbs, the sheet for banks."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import clock
from qingyuan.kernel.record_language import in_record_language
from qingyuan.registry import forms_reserve as forms
from qingyuan.registry import queries, reserve
from qingyuan.registry import queries_reserve as found
from qingyuan.registry.actions import reserve as actions
from qingyuan.registry.models import ReserveProject
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage
from qingyuan.workbooks.reserve import reserve_table
from qingyuan.workbooks.write import write_table

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def projects(request: HttpRequest) -> HttpResponse:
    form = forms.ReserveFilter(request.GET)
    page = paginate(request, found.projects(request.user, **form.chosen()))
    context = {
        "form": form,
        "page": page,
        "rows": [(*line, found.TONES[line[0].stage]) for line in found.lines(page.object_list)],
        "filtered": any(form.chosen().values()),
        "query": request.GET.urlencode(),
        "assumptions": reserve.assumptions(),
    }
    return TemplateResponse(request, "registry/reserve/list.html", context)


@in_record_language()
def export(request: HttpRequest) -> FileResponse:
    """The list as the page asks for it, for banks and funds."""
    form = forms.ReserveFilter(request.GET)
    rows = found.projects(request.user, **form.chosen())[: found.MOST_EXPORTED]
    target = io.BytesIO()
    title = "生态环保金融支持项目储备库"
    write_table(
        target, reserve_table(), [_sheet_row(*line) for line in found.lines(rows)], title=title,
        subtitle=reserve.assumptions(),
    )  # fmt: skip
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{title}.xlsx", content_type=MEDIA)


def _sheet_row(one: ReserveProject, figures: reserve.Economics, gaps: list[reserve.Gap]) -> dict[str, Any]:
    names = (
        "title", "content", "investment_code", "total_invest_wan_cny", "own_funds_wan_cny", "benefit_wan_cny",
        "om_wan_cny", "life_years", "environmental_benefit", "approvals", "contact_body", "admitted_on",
        "financed_on", "financed_wan_cny", "financed_by",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "enterprise": one.enterprise.name,
        "credit_code": one.enterprise.credit_code,
        "region": queries.place(one.enterprise.region_code),
        "stage": one.get_stage_display(),
        "nominated_by": one.nominated_by.name,
        "gap_wan_cny": figures.gap_wan_cny,
        "payback_years": figures.payback_years,
        "npv_wan_cny": figures.npv_wan_cny,
        "irr_pct": figures.irr_pct,
        "eia": one.get_eia_display(),
        "land": one.get_land_display(),
        "permit": one.get_permit_display(),
        "missing": "；".join(gap.message for gap in gaps),
    }


def project(request: HttpRequest, project: ReserveProject) -> HttpResponse:
    ((_one, figures, gaps),) = found.lines([project])
    steps = (
        (actions.withdraw, "withdraw", False),
        (actions.revise, "revise", bool(gaps)),
        (actions.admit, "admit", not gaps),
        (actions.finance, "finance", True),
    )
    return TemplateResponse(
        request,
        "registry/reserve/page.html",
        {
            "project": project,
            "tone": found.TONES[project.stage],
            "figures": figures,
            "gaps": gaps,
            "place": queries.place(project.enterprise.region_code),
            "assumptions": reserve.assumptions(),
            "steps": [
                (verb.title, reverse(f"registry:reserve-{name}", args=[project.pk]), primary)
                for verb, name, primary in steps
                if verb.allowed(request.user, project).ok
            ],
        },
    )


class NominatePage(VerbPage):
    verb = actions.nominate
    form_class = forms.ReserveForm
    check_revision = False
    explain = _("主管部门直接推荐；资料可以以后补齐，入库之前逐条核对。")
    done = _("已推荐。")


class ProjectPage(VerbPage):
    object_arg = "project"
    object: ReserveProject


class RevisePage(ProjectPage):
    verb = actions.revise
    form_class = forms.ReserveForm
    done = _("资料已保存。")

    @property
    def explain(self) -> str:  # type: ignore[override]
        missing = "；".join(gap.message for gap in reserve.gaps(self.object))
        return str(_("入库还缺：%s。") % missing if missing else _("资料已经齐全，可以由主管部门办理入库。"))

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in actions.FIELDS}


class AdmitPage(ProjectPage):
    verb = actions.admit
    form_class = forms.AdmitForm
    explain = _("资料齐全、手续办妥才能入库；还缺的逐条列出。")
    done = _("已入库。")

    def get_initial(self) -> dict[str, Any]:
        return {"admitted_on": clock.local(clock.now()).date()}


class FinancePage(ProjectPage):
    verb = actions.finance
    form_class = forms.FinanceForm
    done = _("已登记。")


class WithdrawPage(ProjectPage):
    verb = actions.withdraw
    form_class = forms.WithdrawForm
    danger = True
    done = _("已退出储备库。")
