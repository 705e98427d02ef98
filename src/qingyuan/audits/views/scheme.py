"""Schemes: all pilots', one pilot's, one scheme, and its verbs."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.audits.actions import scheme as actions
from qingyuan.audits.actions.reserve import nominate
from qingyuan.audits.figures import MORE, headings, said, values_of
from qingyuan.audits.forms import scheme as forms
from qingyuan.audits.layouts import layout_of
from qingyuan.audits.models.scheme import Scheme, SchemeFigures
from qingyuan.audits.queries import scheme as queries
from qingyuan.audits.rules.run import sees_run
from qingyuan.audits.views.frame import AuditsVerbPage, show
from qingyuan.catalogue.performance import COST_CLASSES, QUANTITIES
from qingyuan.kernel import clock, gate
from qingyuan.kernel.actions import verbs
from qingyuan.kernel.gate.serve import serve
from qingyuan.pilots.models import Pilot
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.performance_doubts import doubts_of

SHOWN = (
    "invest_wan_cny",
    "benefit_wan_cny",
    "electricity_wan_kwh",
    "coal_tce",
    "co2_t",
    "water_t",
    "cod_t",
    "voc_t",
)
"""Quantities of the summary; the sheet has all of them."""


def pilots(request: HttpRequest) -> HttpResponse:
    """The pilots whose schemes the reader sees."""
    page = paginate(request, queries.pilots(request.user))
    return TemplateResponse(request, "audits/scheme/pilots.html", {"page": page})


def schemes(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """The schemes of all enterprises of a pilot."""
    form = forms.SchemeFilter(request.GET)
    page = paginate(request, queries.schemes(pilot, **form.chosen()))
    tally = queries.tally(pilot)
    titles = headings(layout_of(pilot))
    sums = [(titles[name], tally["sums"]["planned"][name], tally["sums"]["measured"][name]) for name in SHOWN]
    counts = tally["counts"]
    writes = actions.propose.allowed(request.user, pilot).ok
    return show(
        request,
        "audits/scheme/list.html",
        pilot,
        "schemes",
        form=form,
        filtered=any(form.chosen().values()),
        page=page,
        rows=[
            (one, queries.TONES[one.stage], _brief(one, "planned"), _brief(one, "measured"))
            for one in page.object_list
        ],
        counts=[
            (
                kind.label,
                [counts[kind.value][stage] for stage in Scheme.Stage.values],
                sum(counts[kind.value].values()),
            )
            for kind in Scheme.Kind
        ],
        stages=[stage.label for stage in Scheme.Stage],
        sums=[(title, said(planned), said(measured)) for title, planned, measured in sums],
        any_sum=any(planned is not None or measured is not None for _title, planned, measured in sums),
        writes=writes,
        imports=pilot.scheme_imports.all()[:5] if writes else [],
    )


def _brief(scheme: Scheme, basis: str) -> dict[str, str]:
    values = values_of(queries.basis_of(scheme, basis))
    return {"invest": said(values["invest_wan_cny"]), "benefit": said(values["benefit_wan_cny"])}


def scheme(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """One scheme: what it was to bring, what was measured, what happened to it."""
    layout = layout_of(scheme.pilot)
    rows = {row.basis: row for row in scheme.figures.all()}
    planned, measured = (rows.get(basis) for basis in SchemeFigures.Basis.values)
    titles = headings(layout)
    before, after = values_of(planned), values_of(measured)
    lines = [
        (titles[name], said(before[name]), said(after[name]))
        for name in (*QUANTITIES, *MORE)
        if before[name] is not None or after[name] is not None
    ]
    invest = planned.invest_wan_cny if planned else None
    known = verbs()
    return show(
        request,
        "audits/scheme/page.html",
        scheme.pilot,
        "schemes",
        scheme=scheme,
        run_url=scheme.run.get_absolute_url()
        if scheme.run and sees_run.test(request.user, scheme.run)
        else "",
        tone=queries.TONES[scheme.stage],
        lines=lines,
        others=[
            (label, row.other)
            for label, row in ((_("预期"), planned), (_("实测"), measured))
            if row and row.other
        ],
        cost=COST_CLASSES[layout.cost_classes.of(invest)] if invest is not None else "",
        cost_source=layout.cost_classes.source,
        doubts=[
            (titles[one.column], one.message)
            for values in (before, after)
            for one in doubts_of(values, layout, kind=scheme.kind)
        ],
        steps=[
            (verb.title, reverse(f"audits:scheme-{name}", args=[scheme.pk]), primary)
            for verb, name, primary in STEPS
            if verb.allowed(request.user, scheme).ok
            and (verb is not nominate or scheme.kind == Scheme.Kind.HIGH)
        ],
        events=[
            (
                event,
                known[event.what].title if event.what in known else event.what,
                _changes(event.changes, titles),
            )
            for event in scheme.events.select_related("by")
        ],
    )


STEPS = (
    (actions.drop, "drop", False),
    (actions.restore, "restore", True),
    (actions.revise, "revise", False),
    (nominate, "nominate", False),
    (actions.screen, "screen", False),
    (actions.confirm, "confirm", True),
    (actions.start, "start", True),
    (actions.measure, "measure", False),
    (actions.finish, "finish", True),
)
TEXTS = {"title": _("方案名称"), "content": _("方案内容"), "owner": _("责任部门"), "due_on": _("完成期限")}


def _changes(changes: dict[str, list[str]], titles: dict[str, str]) -> list[tuple[Any, str, str]]:
    return [
        (TEXTS.get(name) or titles.get(name, name), was, becomes) for name, (was, becomes) in changes.items()
    ]


def evidence(_request: HttpRequest, scheme: Scheme) -> FileResponse:
    if scheme.evidence is None:
        raise Http404
    return serve(scheme.evidence)


class ProposePage(AuditsVerbPage):
    verb = actions.propose
    form_class = forms.ProposeForm
    part = "schemes"
    check_revision = False
    explain = _(
        "编号自动接续：无/低费 WD1、WD2……，中/高费 ZG1、ZG2……。没有数据的留空，不适用的填 na，数值为零的填 0。"
    )
    done = _("方案已列入。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"layout": layout_of(self.object)}

    def get_initial(self) -> dict[str, Any]:
        return {"credit_code": self.request.GET.get("enterprise", "")[:18]}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        names = ("credit_code", "title", "kind", "content", "owner", "due_on")
        return {**{name: form.cleaned_data[name] for name in names}, "figures": form.figures()}

    def get_cancel_url(self) -> str:
        return reverse("audits:schemes", args=[self.object.pk])


class SchemePage(AuditsVerbPage):
    object_arg = "scheme"
    part = "schemes"
    object: Scheme

    def pilot_of(self) -> Pilot:
        return self.object.pilot

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class RevisePage(SchemePage):
    verb = actions.revise
    form_class = forms.SchemeForm
    explain = _("原来的内容和数值留在方案的记录里。没有数据的留空，不适用的填 na，数值为零的填 0。")
    done = _("方案已修改。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            "layout": layout_of(self.object.pilot),
            "asks_reason": self.object.stage in {Scheme.Stage.CONFIRMED, Scheme.Stage.RUNNING},
        }

    def get_initial(self) -> dict[str, Any]:
        planned = self.object.figures.filter(basis="planned").first()
        return {
            **{name: getattr(self.object, name) for name in ("title", "content", "owner", "due_on")},
            **values_of(planned),
            "other": planned.other if planned else "",
        }

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        names = ("title", "content", "owner", "due_on")
        return {
            **{name: form.cleaned_data[name] for name in names},
            "figures": form.figures(),
            "reason": form.cleaned_data.get("reason", ""),
        }


class ScreenPage(SchemePage):
    verb = actions.screen
    form_class = forms.ScreenForm
    done = _("已判定可行。")


class ConfirmPage(SchemePage):
    verb = actions.confirm
    form_class = forms.ConfirmForm
    explain = _("确定后列入实施计划；再修改须写明理由。")
    done = _("方案已确定。")

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.object.owner, "due_on": self.object.due_on}


class StartSchemePage(SchemePage):
    verb = actions.start
    form_class = forms.StartSchemeForm
    explain = _("中/高费方案须在企业的审核通过评估之后实施。")
    done = _("已登记开始实施。")

    def get_initial(self) -> dict[str, Any]:
        return {"started_on": clock.local(clock.now()).date()}


class MeasurePage(SchemePage):
    verb = actions.measure
    form_class = forms.MeasureForm
    explain = _("按一年的量填写；没有测得的留空，不适用的填 na，数值为零的填 0。原来的数值留在方案的记录里。")
    done = _("实测效果已登记。")
    asks_day = False

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"request": self.request} if self.request.method == "POST" else {}
        return {"layout": layout_of(self.object.pilot), "asks_day": self.asks_day, **more}

    def get_initial(self) -> dict[str, Any]:
        row = self.object.figures.filter(basis="measured").first()
        day = {"finished_on": clock.local(clock.now()).date()} if self.asks_day else {}
        return {**values_of(row), "other": row.other if row else "", **day}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        file = form.cleaned_data.get("evidence")
        received = gate.receive(file, by=self.request.user, allow=forms.EVIDENCE) if file else None
        day = {"finished_on": form.cleaned_data["finished_on"]} if self.asks_day else {}
        return {**day, "figures": form.figures(), "evidence": received}


class FinishPage(MeasurePage):
    verb = actions.finish
    asks_day = True
    explain = _("登记完成日期；实测的投资和效果按一年的量填写，还没有测得的留空，之后再补登。")
    done = _("已登记完成。")


class DropPage(SchemePage):
    verb = actions.drop
    form_class = forms.DropForm
    danger = True
    explain = _("筛除或放弃的方案留在记录里，编号不再使用；可以恢复后重新筛选。")
    done = _("方案不再实施。")


class RestorePage(SchemePage):
    verb = actions.restore
    explain = _("回到“提出”，从头筛选。")
    done = _("方案已恢复。")


class NominatePage(SchemePage):
    verb = nominate
    check_revision = False
    explain = _("名称、内容、投资和效益取自方案；投资项目代码、自有资金和手续在储备库中补齐。")
    done = _("已推荐，请补齐入库资料。")
