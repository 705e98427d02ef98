"""Economics of cleaner-production schemes as auditors compute them, and the cost of each unit abated.

Formulae of audit training (exercises and sources in the documentation of the terminal command `measures`):

    P = saving - om                     yearly operating saving, before tax
    D = invest / Y                      straight-line depreciation over Y years
    T = P - D                           taxable profit
    E = T - tax * max(T, 0)             net profit; a loss bears no tax and earns none
    F = E + D                           net cash flow of a year
    N = invest / F                      payback, years
    NPV = F * a(i, Y) - invest          a(i, Y) = sum over t = 1..Y of (1 + i)^-t
    NPVR = 100 * NPV / invest           percent
    IRR: the rate at which NPV is 0; auditors interpolate it linearly between the two whole percents around it.

Money is in one unit throughout (元, 万元 …): the unit of the input is the unit of the output. Rates are fractions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

NO_FLOW = "年净现金流量不为正，投资收不回来"
NO_INVESTMENT = "没有投资"
NO_RATE_FOUND = "内部收益率超出可计算的范围"
NO_WHOLE_PERCENT = "内部收益率低于 -99%，没有可供插值的整数百分点"


class EconomicsError(ValueError):
    """An argument outside what the formulae are defined for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A scheme (方案). `saving` is gross and yearly, before tax; `om` its yearly running cost; `life` in years.

    `effects` are yearly reductions by pollutant or resource, each in its own unit.
    """

    measure: str
    invest: float
    saving: float
    om: float = 0.0
    life: float | None = None
    effects: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """The figures of one scheme. An undefined ratio is None, with its reason under its name."""

    measure: str
    years: float
    P: float
    D: float
    T: float
    E: float
    F: float
    N: float | None
    NPV: float
    NPVR_pct: float | None
    IRR_pct: float | None
    IRR_interpolated_pct: float | None
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Abatement:
    """One step of a marginal abatement cost curve; `cumulative` counts this step and all cheaper ones."""

    measure: str
    marginal_cost: float
    effect: float
    cumulative: float


def cost_class(invest: float, *, low_up_to: float) -> Literal["low", "high"]:
    """无/低费 ("low") up to the threshold, 中/高费 ("high") above it; both in the same unit of money."""
    return "low" if invest <= low_up_to else "high"


def annuity(rate: float | Numbers, years: float | Numbers) -> Numbers:
    """a(i, Y) = (1 - (1 + i)^-Y) / i, and Y at i = 0; exact to rounding for rates near 0 too."""
    log = np.log1p(np.asarray(rate, dtype=np.float64))
    years = np.asarray(years, dtype=np.float64)
    growth = np.expm1(log)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # infinite far below zero
        value = -np.expm1(-log * years) / growth
    return np.asarray(np.where(growth == 0, years, value), dtype=np.float64)


def recovery_factor(rate: float, years: float) -> float:
    """CRF(i, n) = i (1 + i)^n / ((1 + i)^n - 1) = 1 / a(i, n); 1/n at i = 0."""
    return 1.0 / float(annuity(rate, years))


def appraise(
    schemes: Sequence[Scheme], *, rate: float = 0.06, tax_rate: float = 0.25, years: float = 10.0
) -> list[Appraisal]:
    """The figures of every scheme, in their order. `years` stands in where a scheme states no life.

    Raises EconomicsError for a rate not above -1, a tax rate outside [0, 1], years or lives not above 0,
    a negative investment, and a rate so far below 0 that a present value is not finite.
    """
    _check(schemes, rate=rate, tax_rate=tax_rate, years=years)
    if not schemes:
        return []
    invest = np.array([one.invest for one in schemes], dtype=np.float64)
    life = np.array([years if one.life is None else one.life for one in schemes], dtype=np.float64)
    saved = np.array([one.saving - one.om for one in schemes], dtype=np.float64)
    depreciation = invest / life
    profit = saved - depreciation
    net = profit - tax_rate * np.maximum(profit, 0.0)
    flow = net + depreciation
    npv = flow * annuity(rate, life) - invest
    if not np.isfinite(npv).all():
        worst = schemes[int(np.argmin(np.isfinite(npv)))].measure
        raise EconomicsError(
            f"{worst}: at rate {rate} the present value is beyond all numbers: expected a rate nearer 0"
        )
    irr = internal_rates(invest, flow, life)
    return [
        _appraisal(
            scheme,
            years=float(life[k]),
            figures=(saved[k], depreciation[k], profit[k], net[k], flow[k], npv[k]),
            irr=float(irr[k]),
        )
        for k, scheme in enumerate(schemes)
    ]


def internal_rates(invest: Numbers, flow: Numbers, life: Numbers) -> Numbers:
    """The rate at which flow * a(rate, life) = invest, as a fraction; nan where invest or flow is not above 0.

    In x = ln(1 + rate) the annuity falls from above invest/flow at x = -ln(invest/flow) (its first year alone) to below
    it at x = ln(1 + flow/invest) (an annuity without end), for lives of a year or more: the bracket of the root.
    """
    from scipy.optimize.elementwise import find_root

    rates = np.full(invest.shape, np.nan)
    sound = (invest > 0) & (flow > 0)
    if not sound.any():
        return rates
    wanted, lives = invest[sound] / flow[sound], life[sound]
    # A life under a year pays back a part of the flow only: its bracket reaches further down.
    low = -np.log(wanted / np.minimum(lives, 1.0)) / np.minimum(lives, 1.0)
    high = np.log1p(1.0 / wanted)
    low, high = np.minimum(low, high) - 1e-9, np.maximum(low, high) + 1e-9

    def excess(x: Numbers, aim: Numbers, span: Numbers) -> Numbers:
        return annuity(np.expm1(x), span) - aim

    found = find_root(excess, (low, high), args=(wanted, lives), tolerances={"xrtol": 1e-14, "xatol": 1e-15})
    rates[sound] = np.where(found.success, np.expm1(found.x), np.nan)
    return rates


def interpolated_rate(invest: float, flow: float, life: float, irr: float) -> float | None:
    """The internal rate in percent as auditors find it: i1 + NPV1 / (NPV1 + |NPV2|) between whole percents i1, i1 + 1.

    None where i1 would be -100 %, at which nothing can be discounted.
    """
    below = math.floor(irr * 100 + 1e-9)
    if below <= -100:
        return None
    npv = flow * annuity(np.array([below, below + 1]) / 100, life) - invest
    if npv[0] == npv[1]:
        return irr * 100
    return float(below + npv[0] / (npv[0] - npv[1]))


def abatement_curves(
    schemes: Sequence[Scheme], *, rate: float = 0.06, years: float = 10.0
) -> dict[str, list[Abatement]]:
    """Per pollutant the schemes that reduce it, the cheapest unit first (negative: it pays).

    Marginal cost = (invest * CRF(rate, life) + om - saving) / effect: the whole net cost of a scheme is laid on each
    pollutant in turn, so that the curves of two pollutants must not be added.
    """
    _check(schemes, rate=rate, tax_rate=0.0, years=years)
    curves: dict[str, list[Abatement]] = {}
    for pollutant in dict.fromkeys(name for scheme in schemes for name in scheme.effects):
        steps = sorted(
            (
                (scheme.invest * recovery_factor(rate, scheme.life or years) + scheme.om - scheme.saving)
                / effect,
                scheme.measure,
                effect,
            )
            for scheme in schemes
            if (effect := scheme.effects.get(pollutant, 0.0)) > 0
        )
        total = 0.0
        curve = []
        for cost, measure, effect in steps:
            total += effect
            curve.append(Abatement(measure=measure, marginal_cost=cost, effect=effect, cumulative=total))
        curves[pollutant] = curve
    return curves


def _check(schemes: Sequence[Scheme], *, rate: float, tax_rate: float, years: float) -> None:
    if not (math.isfinite(rate) and rate > -1):
        raise EconomicsError(f"rate {rate}: expected a fraction above -1, such as 0.06")
    if not 0 <= tax_rate <= 1:
        raise EconomicsError(f"tax rate {tax_rate}: expected a fraction from 0 to 1, such as 0.25")
    if not (math.isfinite(years) and years > 0):
        raise EconomicsError(f"years {years}: expected a number above 0")
    for scheme in schemes:
        if not (math.isfinite(scheme.invest) and scheme.invest >= 0):
            raise EconomicsError(f"{scheme.measure}: invest {scheme.invest}: expected 0 or more")
        if scheme.life is not None and not (math.isfinite(scheme.life) and scheme.life > 0):
            raise EconomicsError(f"{scheme.measure}: life {scheme.life}: expected a number above 0")


def _appraisal(
    scheme: Scheme, *, years: float, figures: tuple[float, float, float, float, float, float], irr: float
) -> Appraisal:
    saved, depreciation, profit, net, flow, npv = (float(figure) for figure in figures)
    invest = scheme.invest
    reasons: dict[str, str] = {}
    if flow <= 0:
        reasons |= dict.fromkeys(("N", "IRR_pct", "IRR_interpolated_pct"), NO_FLOW)
    if invest == 0:
        reasons |= dict.fromkeys(("NPVR_pct", "IRR_pct", "IRR_interpolated_pct"), NO_INVESTMENT)
    has_rate = math.isfinite(irr) and "IRR_pct" not in reasons
    if not has_rate and "IRR_pct" not in reasons:
        reasons |= dict.fromkeys(("IRR_pct", "IRR_interpolated_pct"), NO_RATE_FOUND)
    interpolated = interpolated_rate(invest, flow, years, irr) if has_rate else None
    if has_rate and interpolated is None:
        reasons["IRR_interpolated_pct"] = NO_WHOLE_PERCENT
    return Appraisal(
        measure=scheme.measure,
        years=years,
        P=saved,
        D=depreciation,
        T=profit,
        E=net,
        F=flow,
        N=invest / flow if flow > 0 else None,
        NPV=npv,
        NPVR_pct=100 * npv / invest if invest > 0 else None,
        IRR_pct=irr * 100 if has_rate else None,
        IRR_interpolated_pct=interpolated,
        reasons=reasons,
    )
