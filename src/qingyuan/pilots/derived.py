"""Figures that follow from a target's baseline and goal: worked out here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from django.utils.translation import gettext as _

PERCENT_PLACES = Decimal("0.01")
_ENOUGH = 60
"""Digits to calculate with: 24 of a figure, and room for the division."""


@dataclass(frozen=True)
class Derived:
    """`change` is exact; `percent` is rounded half up to two places. Where one is None, `reason` says why."""

    change: Decimal | None = None
    percent: Decimal | None = None
    reason: str = ""

    @property
    def shown(self) -> str:
        """Both as people write them: −180（−60%）."""
        if self.change is None:
            return ""
        percent = f"（{signed(self.percent)}%）" if self.percent is not None else ""
        return f"{signed(self.change)}{percent}"


def derive(baseline: Decimal | None, target: Decimal | None) -> Derived:
    """Change from baseline to target, and the change in percent of the baseline's size."""
    if baseline is None:
        return Derived(reason=_("没有基准值"))
    if target is None:
        return Derived(reason=_("没有目标值"))
    with localcontext() as context:
        context.prec = _ENOUGH
        change = target - baseline
        if baseline == 0:
            return Derived(change=change, reason=_("基准值为 0，不能计算变化率"))
        percent = (change / abs(baseline) * 100).quantize(PERCENT_PLACES, rounding=ROUND_HALF_UP)
    return Derived(change=change, percent=percent)


def of(target: Any) -> Derived:
    """The derived figures of a target row."""
    return derive(target.baseline, target.target)


def plain(value: Decimal | None) -> str | None:
    """A decimal as people write it: no exponent, no trailing zeros. None stays "not stated"."""
    if value is None:
        return None
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def signed(value: Decimal | None) -> str:
    """A change with its sign; a real minus, so that it is not read as a dash."""
    text = plain(value)
    if text is None:
        return ""
    if text.startswith("-"):
        return f"−{text[1:]}"
    return text if text == "0" else f"+{text}"
