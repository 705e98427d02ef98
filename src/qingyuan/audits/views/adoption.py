"""From a chosen portfolio to schemes: what was chosen, the table to fill in, what would come of it, and the taking over."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from qingyuan.audits import portfolio as portfolios
from qingyuan.audits import reads
from qingyuan.audits.actions import adoption as actions
from qingyuan.audits.figures import headings, said
from qingyuan.audits.forms.adoption import AdoptForm, UnitsForm
from qingyuan.audits.layouts import layout_of
from qingyuan.audits.models import Scheme
from qingyuan.audits.views.run import RunVerbPage
from qingyuan.kernel.errors import Invalid
from qingyuan.kernel.permission import Verdict

HUGE_WAN_CNY = 100_000
"""An investment of a billion yuan in one scheme: more likely the sheet was filled in by yuan."""
MOST_AT_ONCE = 200
"""Of one page: the next ones come when these have been taken over."""


class AdoptPage(RunVerbPage):
    """GET: the table. POST: what would come of it. POST with `confirm`: it is done."""

    verb = actions.adopt
    form_class = AdoptForm
    template_name = "audits/run/adopt.html"
    check_revision = False
    button = _("确认列为方案")
    done = _("已列为试点的方案。")
    explain = _(
        "先预览会新增哪些方案，再确认。无/低费和中/高费按预期投资额和当日适用的界限划分；已经是试点方案的保持原样，不会重复。"
    )

    @cached_property
    def units(self) -> UnitsForm:
        return UnitsForm(self.request.GET)

    @cached_property
    def portfolio(self) -> portfolios.Portfolio:
        return portfolios.read(self.object, **self.units.factors())

    @cached_property
    def standing(self) -> dict[int, Scheme]:
        return portfolios.standing(self.object.dataset.pilot_id, self.portfolio.offers)

    @cached_property
    def open_offers(self) -> dict[int, portfolios.Offer]:
        found = {
            place: one
            for place, one in enumerate(self.portfolio.offers)
            if one.enterprise_id is not None and place not in self.standing
        }
        return dict(list(found.items())[:MOST_AT_ONCE])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reads.note(
            self.object.dataset, by=request.user, what=_("查看第 %d 次计算选定的方案") % self.object.number
        )
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._was_done(request.POST.get("key", "")[:80]):
            return self.succeeded(None)  # the same click once more: what it took over stands already
        if "confirm" in request.POST or not self.verb.allowed(request.user, self.object):
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        if not form.is_valid():
            return self.render(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        taken = form.taken()
        problems = list(actions.obstacles(self.object, portfolio=self.portfolio, taken=taken))
        if problems:
            return self._refused(form, Invalid(problems))
        return self.render(form, verdict=Verdict(ok=True))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"offers": self.open_offers}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"portfolio": self.portfolio, "taken": form.taken()}

    def render(self, form: Any, **more: Any) -> HttpResponse:
        self.preview = (
            self._preview(form.taken())
            if form is not None and form.is_bound and form.is_valid() and not more.get("refusal")
            else []
        )
        return super().render(form, **more)

    def _preview(self, taken: list[actions.Adopted]) -> list[dict[str, Any]]:
        """The schemes that would be made, with their codes and figures."""
        offers, pilot = self.portfolio.offers, self.object.dataset.pilot
        titles = headings(layout_of(pilot))
        wanted = [(one.place, offers[one.place].enterprise_id, actions.kind_of(one, offers)) for one in taken]
        codes = portfolios.codes(pilot.pk, wanted)
        return [
            {
                "code": codes.get(one.place, ("—", 0))[0],
                "kind": dict(Scheme.Kind.choices).get(actions.kind_of(one, offers), "—"),
                "offer": offers[one.place],
                "owner": one.owner,
                "due_on": one.due_on,
                "figures": [
                    (titles.get(name, name), said(value)) for name, value in offers[one.place].figures.items()
                ],
            }
            for one in taken
        ]

    def get_context(self) -> dict[str, Any]:
        offers = self.portfolio.offers
        layout = layout_of(self.object.dataset.pilot)
        waiting = sum(
            1 for place, one in enumerate(offers) if one.enterprise_id and place not in self.standing
        )
        return {
            **super().get_context(),
            "run": self.object,
            "units": self.units,
            "doubt": self._doubt(),
            "preview": self.preview,
            "kinds": dict(Scheme.Kind.choices),
            "classes": layout.cost_classes,
            "present": [(offers[place], scheme) for place, scheme in self.standing.items()],
            "unmatched": [one for one in offers if one.enterprise_id is None],
            "hidden_count": max(0, waiting - len(self.open_offers)),
            "stats": [
                (_("选定"), len(offers)),
                (_("可列入"), waiting),
                (_("已是方案"), len(self.standing)),
                (_("对应不上企业"), sum(1 for one in offers if one.enterprise_id is None)),
            ],
        }

    def _doubt(self) -> str:
        """What looks like sums in another unit than the one that is asked for."""
        stated = [one.figures.get("invest_wan_cny") for one in self.open_offers.values()]
        largest = max((value for value in stated if isinstance(value, Decimal)), default=Decimal(0))
        if largest < HUGE_WAN_CNY:
            return ""
        return _("投资最大的一项达 %s 亿元：备选方案表如果按元填写，请把金额单位改为“元”后重新列出。") % (
            f"{largest / 10_000:,.1f}"
        )

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("audits:schemes", args=[self.object.dataset.pilot_id])
