"""A table of the measures that a computation chose: which to take over, who answers for each, by when."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.audits.actions.adoption import Adopted
from qingyuan.audits.figures import said
from qingyuan.audits.models import Scheme
from qingyuan.audits.portfolio import Offer
from qingyuan.ui.forms import DateInput

MONEY = [("1", _("万元")), ("0.0001", _("元"))]
MASS = [("1", _("吨/年")), ("0.001", _("千克/年"))]


class UnitsForm(forms.Form):
    """In which units the sheet of measures was filled in; asked before the table, by GET."""

    money = forms.ChoiceField(label=_("备选方案表的金额单位"), choices=MONEY, required=False)
    mass = forms.ChoiceField(label=_("备选方案表的削减量单位"), choices=MASS, required=False)

    def factors(self) -> dict[str, Decimal]:
        self.is_valid()
        return {name: Decimal(self.cleaned_data.get(name) or "1") for name in ("money", "mass")}


class AdoptForm(forms.Form):
    """Names of fields are the places in which the verb finds what is wrong."""

    owner = forms.CharField(
        label=_("责任部门"),
        required=False,
        max_length=80,
        help_text=_("下表没有单独填写的采用它；部门或岗位，不填个人姓名"),
    )
    due_on = forms.DateField(
        label=_("完成期限"), required=False, widget=DateInput, help_text=_("下表没有单独填写的采用它")
    )

    def __init__(self, *args: Any, offers: Mapping[int, Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = offers
        for place, offer in offers.items():
            at = f"taken.{place}"
            self.fields[f"{at}.place"] = forms.BooleanField(
                label=offer.name, required=False, initial=not offer.done
            )
            if not offer.kind:
                self.fields[f"{at}.kind"] = forms.ChoiceField(
                    label=_("类别"), required=False, choices=[("", _("请选择")), *Scheme.Kind.choices]
                )
            self.fields[f"{at}.owner"] = forms.CharField(label=_("责任部门"), required=False, max_length=80)
            self.fields[f"{at}.due_on"] = forms.DateField(
                label=_("完成期限"), required=False, widget=DateInput
            )

    def lines(self) -> list[dict[str, Any]]:
        """For the table of the page."""
        return [
            {
                "offer": offer,
                "number": place,
                "invest": said(offer.figures.get("invest_wan_cny")),
                **{
                    name: self[f"taken.{place}.{name}"]
                    for name in ("place", "kind", "owner", "due_on")
                    if f"taken.{place}.{name}" in self.fields
                },
            }
            for place, offer in self.offers.items()
        ]

    def taken(self) -> list[Adopted]:
        """The ticked ones, each with what holds for it."""
        clean = self.cleaned_data
        return [
            Adopted(
                place=place,
                owner=clean.get(f"taken.{place}.owner") or clean.get("owner", ""),
                due_on=clean.get(f"taken.{place}.due_on") or clean.get("due_on"),
                kind=clean.get(f"taken.{place}.kind", ""),
            )
            for place in self.offers
            if clean.get(f"taken.{place}.place")
        ]
