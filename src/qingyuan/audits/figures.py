"""The figures of a scheme: as they are sent, kept, compared and shown. Blank is not zero, and neither is 不适用."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.audits.models.scheme import SchemeFigures
from qingyuan.catalogue.performance import QUANTITIES, Layout
from qingyuan.kernel.actions import Problem
from qingyuan.workbooks.performance import Figure
from qingyuan.workbooks.schema import NA

MORE = ("om_wan_cny", "life_years")
"""Kept beside the sheet's quantities, for the economics."""
NUMBERS = (*QUANTITIES, *MORE)
TITLES = {"om_wan_cny": "年运行费（万元）", "life_years": "年限（年）", "other": "其他"}


def headings(layout: Layout) -> dict[str, str]:
    """Every figure's heading with the unit in which the record keeps it, in the layout's words and order."""
    titles = {
        column.means: f"{column.title}（{QUANTITIES[column.means]}）"
        for column in layout.columns
        if column.means in QUANTITIES
    }
    # What this province's sheet does not ask for is kept all the same.
    titles |= {name: f"{name}（{unit}）" for name, unit in QUANTITIES.items() if name not in titles}
    return {**titles, **TITLES}


def values_of(row: SchemeFigures | None) -> dict[str, Figure]:
    """All figures by name."""
    if row is None:
        return dict.fromkeys(NUMBERS)
    return {name: NA if name in row.na else getattr(row, name) for name in NUMBERS}


def put(row: SchemeFigures, stated: Mapping[str, Any]) -> dict[str, list[str]]:
    """Set what is stated (names that are absent stay as they are); gives what changed, each as [was, is] in words."""
    before = {**values_of(row), "other": row.other}
    na = set(row.na)
    for name, value in stated.items():
        if name == "other":
            row.other = value
            continue
        na.discard(name)
        if value is NA:
            na.add(name)
            setattr(row, name, None)
        else:
            setattr(row, name, value)
    row.na = sorted(na)
    after = {**values_of(row), "other": row.other}
    return {
        name: [said(before[name]), said(after[name])] for name in after if not same(before[name], after[name])
    }


def same(one: Any, other: Any) -> bool:
    return one is other or (one == other and type(one) is type(other))


def said(value: Any) -> str:
    """A figure in words: empty where it is blank."""
    if value is None:
        return ""
    if value is NA:
        return "na"
    return plain(value) if isinstance(value, Decimal) else str(value)


def plain(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def problems_of(stated: Mapping[str, Any], *, at: str = "") -> list[Problem]:
    """What no column can hold, and an investment or life that cannot be."""
    found: list[Problem] = []
    for name, value in stated.items():
        where = f"{at}.{name}".lstrip(".")
        if name not in NUMBERS and name != "other":
            found.append(Problem(_("没有这个量"), where=where, expected="、".join(NUMBERS)))
        elif isinstance(value, Decimal):
            found += _number(name, value, where)
        elif name == "other" and len(value) > 300:
            found.append(Problem(_("过长"), where=where, expected=_("不超过 300 字")))
    return found


def _number(name: str, value: Decimal, where: str) -> list[Problem]:
    field: Any = SchemeFigures._meta.get_field(name)
    whole = field.max_digits - field.decimal_places
    if not value.is_finite() or (value and value.adjusted() >= whole):
        return [Problem(_("数值过大"), where=where, expected=_("整数部分不超过 %d 位") % whole)]
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > field.decimal_places:
        return [Problem(_("小数位过多"), where=where, expected=_("小数不超过 %d 位") % field.decimal_places)]
    if len(value.normalize().as_tuple().digits) > 15:
        return [Problem(_("有效数字过多"), where=where, expected=_("不超过 15 位有效数字"))]
    if name in {"invest_wan_cny", "om_wan_cny"} and value < 0:
        return [Problem(_("不得为负数"), where=where)]
    if name == "life_years" and value <= 0:
        return [Problem(_("须大于 0"), where=where)]
    return []
