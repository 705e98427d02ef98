"""What a project of the financing reserve must show before it is admitted, and its economics as banks read them.

Pure: a project in, reasons and figures out. The assumptions are ours (自拟); the formulae are those of `engine.economics`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qingyuan.catalogue.regions import regions

if TYPE_CHECKING:
    from qingyuan.registry.models import ReserveProject

RATE, TAX_RATE, YEARS = Decimal("0.06"), Decimal("0.25"), Decimal(10)
"""Discount rate, income tax and, where no life is stated, years: our own assumptions, shown beside every figure."""
_CODE = re.compile(r"([0-9]{4})-([0-9]{6})-([0-9]{2})-([0-9]{2})-([0-9]{6})")
_EARLIEST = 2010
NUMBERS = (
    "total_invest_wan_cny",
    "own_funds_wan_cny",
    "benefit_wan_cny",
    "om_wan_cny",
    "life_years",
    "financed_wan_cny",
)


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing or wrong for the admission: the field and a sentence."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Economics:
    """In 万元, years and percent, rounded to two decimals; None where it is not defined, with the reason."""

    gap_wan_cny: Decimal | None
    payback_years: Decimal | None
    npv_wan_cny: Decimal | None
    irr_pct: Decimal | None
    reason: str = ""


def code_faults(code: str) -> list[str]:
    """What is wrong with an 投资项目代码 by its published form: year, region, sector, kind and running number."""
    found = _CODE.fullmatch(code)
    if found is None:
        return [_("24 位，形如 2017-410300-26-03-001234")]
    faults = []
    if int(found[1]) < _EARLIEST:
        faults.append(_("前四位是年份"))
    known = regions()
    if found[2] != "000000" and found[2][:2] + "0000" not in known:
        faults.append(_("第二段是地区的行政区划代码"))
    if found[4] == "00":
        faults.append(_("第四段是项目类型，如 01 审批、02 核准、03 备案"))
    return faults


def gaps(project: ReserveProject) -> list[Gap]:
    """Everything that stands against the admission, in the order of the form."""
    found = []
    if not project.investment_code:
        found.append(Gap("investment_code", _("没有投资项目代码")))
    elif faults := code_faults(project.investment_code):
        found.append(Gap("investment_code", _("投资项目代码不成立：%s") % "；".join(faults)))
    found += _money(project)
    if not project.environmental_benefit:
        found.append(Gap("environmental_benefit", _("没有写明环境效益")))
    for name, title in (("eia", _("环评手续")), ("land", _("用地手续")), ("permit", _("排污许可"))):
        state = getattr(project, name)
        if not state:
            found.append(Gap(name, _("没有写明%s") % title))
        elif state == "pending":
            found.append(Gap(name, _("%s还在办理") % title))
    if not project.contact_body:
        found.append(Gap("contact_body", _("没有联系单位")))
    return found


def _money(project: ReserveProject) -> list[Gap]:
    found = []
    total, own = project.total_invest_wan_cny, project.own_funds_wan_cny
    if total is None or total <= 0:
        found.append(Gap("total_invest_wan_cny", _("没有总投资")))
    if own is None:
        found.append(Gap("own_funds_wan_cny", _("没有写明自有资金")))
    elif total is not None and own >= total > 0:
        found.append(Gap("own_funds_wan_cny", _("自有资金不少于总投资，没有融资需求")))
    if project.benefit_wan_cny is None:
        found.append(Gap("benefit_wan_cny", _("没有年经济效益，不能计算回收期和内部收益率")))
    return found


def economics(projects: Sequence[ReserveProject]) -> list[Economics]:
    """Of every project, in their order, computed together."""
    from qingyuan.engine.economics import Scheme, appraise

    ready = [
        one for one in projects if one.total_invest_wan_cny is not None and one.benefit_wan_cny is not None
    ]
    figures = appraise(
        [
            Scheme(
                measure=str(one.pk),
                invest=float(one.total_invest_wan_cny or 0),
                saving=float(one.benefit_wan_cny or 0),
                om=float(one.om_wan_cny or 0),
                life=float(one.life_years) if one.life_years else None,
            )
            for one in ready
        ],
        rate=float(RATE),
        tax_rate=float(TAX_RATE),
        years=float(YEARS),
    )
    by_key = {figure.measure: figure for figure in figures}
    return [_economics(one, by_key.get(str(one.pk))) for one in projects]


def _economics(project: ReserveProject, figure: Any) -> Economics:
    total, own = project.total_invest_wan_cny, project.own_funds_wan_cny
    gap = None if total is None or own is None else max(total - own, Decimal(0))
    if figure is None:
        return Economics(
            gap_wan_cny=gap,
            payback_years=None,
            npv_wan_cny=None,
            irr_pct=None,
            reason=_("没有总投资或年经济效益"),
        )
    return Economics(
        gap_wan_cny=gap,
        payback_years=_rounded(figure.N),
        npv_wan_cny=_rounded(figure.NPV),
        irr_pct=_rounded(figure.IRR_pct),
        reason="；".join(dict.fromkeys(figure.reasons.values())),
    )


def _rounded(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(round(value, 2)))


def assumptions() -> str:
    return _(
        "折现率 %(rate)s%%、所得税率 %(tax)s%%，没有写明年限的按 %(years)s 年（均为自拟假设，非银行口径）"
    ) % {
        "rate": int(RATE * 100),
        "tax": int(TAX_RATE * 100),
        "years": YEARS,
    }
