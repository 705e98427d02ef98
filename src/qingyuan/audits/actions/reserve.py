"""A scheme on its way to the financing reserve: the registry takes over what is known of it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits.figures import plain, values_of
from qingyuan.audits.layouts import layout_of
from qingyuan.audits.models.scheme import Scheme, SchemeFigures
from qingyuan.audits.rules import scheme as rules
from qingyuan.catalogue.performance import QUANTITIES, Layout
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.registry.actions.reserve import enter_reserve
from qingyuan.registry.models import ReserveProject

MONEY = ("invest_wan_cny", "benefit_wan_cny")


@action(
    "scheme.nominate",
    title=gettext_lazy("推荐进入储备库"),
    on=Scheme,
    may=rules.writes_scheme,
    stages=(Scheme.Stage.FEASIBLE, Scheme.Stage.CONFIRMED, Scheme.Stage.RUNNING),
    creates=ReserveProject,
    creates_in=(ReserveProject.Stage.NOMINATED,),
    clauses=("H4",),
    idempotent=True,
)
def nominate(scheme: Scheme, act: Act) -> ReserveProject:
    """把中/高费方案推荐进入生态环保金融支持项目储备库：名称、内容、投资和效益取自方案，其余资料在储备库中补齐。"""
    if scheme.kind != Scheme.Kind.HIGH:
        raise Invalid([Problem(_("只有中/高费方案可以推荐进入储备库"), where="kind")])
    planned = scheme.figures.filter(basis=SchemeFigures.Basis.PLANNED).first() or SchemeFigures()
    return enter_reserve(
        enterprise=scheme.enterprise,
        nominated_by=scheme.pilot.applicant,
        act=act,
        source_scheme=scheme.pk,
        source_title=scheme.pilot.name,
        title=scheme.title,
        content=scheme.content,
        total_invest_wan_cny=planned.invest_wan_cny,
        benefit_wan_cny=planned.benefit_wan_cny,
        om_wan_cny=planned.om_wan_cny,
        life_years=planned.life_years,
        environmental_benefit=benefit_in_words(planned, layout_of(scheme.pilot)),
        contact_body=scheme.pilot.applicant.name[:120],
    )


def benefit_in_words(figures: SchemeFigures, layout: Layout) -> str:
    """What a year brings besides money, in the sheet's words; what is not stated is left out."""
    values = values_of(figures)
    parts = [
        f"{column.title} {plain(value)} {QUANTITIES[column.means]}"
        for column in layout.columns
        if column.means in QUANTITIES
        and column.means not in MONEY
        and isinstance(value := values[column.means], Decimal)
        and value
    ]
    text = "、".join(parts) + (f"；{figures.other}" if figures.other else "")
    return (f"预期每年：{text}" if text else "")[:1000]
