"""纸质收件登记: the register of a call's paper on the screen and as a workbook, and its verbs."""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.kernel import clock
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.names import clean_name
from qingyuan.review.actions import arrival as verbs
from qingyuan.review.forms.consultation import CompareForm, ReasonForm, RegisterForm
from qingyuan.review.models import Case, PaperArrival
from qingyuan.review.queries import arrival as queries
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_table


def register(request: HttpRequest, call: Call) -> HttpResponse:
    """What came on paper; `?show=missing`: what did not."""
    missing = queries.missing(call)
    wants_missing = request.GET.get("show") == "missing"
    page = paginate(request, missing if wants_missing else queries.arrivals(call))
    named = queries.titles(call)
    context: dict[str, Any] = {
        "call": call,
        "page": page,
        "wants_missing": wants_missing,
        "deliveries": [(one, call.notice.deadline(one.by).at) for one in queries.paper_of(call)],
        "stats": [
            (
                _("已登记"),
                PaperArrival.objects.filter(call=call).exclude(stage=PaperArrival.Stage.VOID).count(),
            ),
            (_("未到"), missing.count()),
        ],
        "overdue": queries.is_overdue(call),
        "may_register": verbs.register.allowed(request.user, call).ok,
    }
    if wants_missing:
        stages = dict(Case.Stage.choices)
        context["absent"] = [(one, stages.get(one.case_stage, "—")) for one in page.object_list]
    else:
        may = verbs.register.may.test(request.user, call)
        context["rows"] = [
            (
                one,
                named.get(one.delivery_id, one.delivery_id),
                queries.TONES[PaperArrival.Stage(one.stage)],
                queries.late(call, one),
                may and one.stage in {"registered", "differs"},
                may and one.stage != "void",
            )
            for one in page.object_list
        ]
    return TemplateResponse(request, "review/arrival/register.html", context)


def workbook(_request: HttpRequest, call: Call) -> HttpResponse:
    columns = {
        "number": _("登记号"),
        "title": _("项目名称、申报单位"),
        "electronic": _("电子收件登记号"),
        "delivery": _("材料"),
        "arrived_on": _("寄达日期"),
        "courier": _("寄送方式和单号"),
        "copies": _("份数"),
        "state": _("核对"),
        "note": _("备注"),
    }
    target = io.BytesIO()
    write_table(
        target,
        Table(
            name="paper",
            title=_("纸质收件登记"),
            columns=tuple(
                Column(name=key, title_zh=title, kind="integer" if key == "copies" else "text")
                for key, title in columns.items()
            ),
        ),
        queries.table_rows(call, queries.arrivals(call)),
        title=call.title,
        subtitle=_("纸质收件登记，截至 %s") % f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
    )
    response = HttpResponse(target.getvalue(), content_type=ACCEPTED["xlsx"].media_type)
    name = clean_name(f"{_('纸质收件登记')}_{clock.local(clock.now()):%Y%m%d-%H%M}.xlsx")
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response["Cache-Control"] = "private, no-store"
    return response


class RegisterPage(VerbPage):
    verb = verbs.register
    form_class = RegisterForm
    check_revision = False
    done = gettext_lazy("已登记纸质收件")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"call": self.object}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("review:arrivals", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url()}


class _ArrivalPage(VerbPage):
    object_arg = "arrival"

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("review:arrivals", args=[self.object.call_id])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url()}


class ComparePage(_ArrivalPage):
    verb = verbs.compare
    form_class = CompareForm
    done = gettext_lazy("已登记核对结果")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"arrival": self.object}


class VoidPage(_ArrivalPage):
    verb = verbs.void
    form_class = ReasonForm
    done = gettext_lazy("登记已作废")
    danger = True
