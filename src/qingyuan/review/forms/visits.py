"""Forms of site visits."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.review import avoidance
from qingyuan.review.actions.visits import Member
from qingyuan.review.models import Visit
from qingyuan.review.queries import visits as queries
from qingyuan.ui.forms import DateInput

PLACE_HELP = _("可不填；纬度在前，例如 34.6197, 112.4540（CGCS2000）。只用于编排行程")


class PlaceField(forms.CharField):
    """Latitude and longitude in degrees, or nothing."""

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "").strip()
        if not text:
            return None
        parts = re.split(r"[\s,，]+", text)
        try:
            latitude, longitude = (Decimal(part).quantize(Decimal("0.000001")) for part in parts)
        except (ValueError, ArithmeticError) as error:
            raise forms.ValidationError(gettext("应为“纬度, 经度”两个数")) from error
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise forms.ValidationError(gettext("纬度应在 ±90、经度应在 ±180 之内（纬度在前）"))
        return latitude, longitude


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 4}))


class ArrangeForm(forms.Form):
    days = forms.CharField(
        label=_("调查日期"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一天，例如 2022-07-06；现场按由近及远的次序平均排到各天"),
    )
    start = PlaceField(label=_("出发地坐标"), required=False, help_text=PLACE_HELP)

    def clean_days(self) -> list[date]:
        found, wrong = [], []
        for line in self.cleaned_data["days"].split():
            try:
                found.append(date.fromisoformat(line))
            except ValueError:
                wrong.append(gettext("“%s”不是日期，应如 2022-07-06") % line[:20])
        if wrong:
            raise forms.ValidationError(wrong)
        return found


class ScheduleForm(forms.Form):
    day = forms.DateField(label=_("日期"), widget=DateInput)
    position = forms.IntegerField(label=_("当天次序"), min_value=1, max_value=50)
    address = forms.CharField(label=_("地址"), max_length=200)
    place = PlaceField(label=_("坐标"), required=False, help_text=PLACE_HELP)


class TeamForm(forms.Form):
    """Officers and experts; those who must stay away are named with the reason and cannot be chosen."""

    officers = forms.MultipleChoiceField(
        label=_("组织单位人员"), required=False, widget=forms.CheckboxSelectMultiple
    )
    experts = forms.MultipleChoiceField(label=_("专家"), required=False, widget=forms.CheckboxSelectMultiple)
    lead = forms.ChoiceField(label=_("组长"))

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_officers = {str(one.pk): one for one in queries.officers(visit.case.round)}
        appointed = list(queries.experts(visit.case.round))
        reasons = avoidance.bars_of(visit.case, appointed)
        self.known_experts = {str(one.pk): one for one in appointed if not reasons[one.pk]}
        barred = [(one, reasons[one.pk]) for one in appointed if reasons[one.pk]]
        of_officers = [(key, str(one)) for key, one in self.known_officers.items()]
        self.fields["officers"].choices = of_officers  # type: ignore[attr-defined]
        self.fields["experts"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.code} {one.user}") for key, one in self.known_experts.items()
        ]
        if barred:
            names = "；".join(f"{one.code}：{'、'.join(why)}" for one, why in barred)
            self.fields["experts"].help_text = gettext("须回避，不能选：%s") % names
        by_user = [(str(one.user_id), f"{one.code} {one.user}") for one in self.known_experts.values()]
        self.fields["lead"].choices = [*of_officers, *by_user]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        clean = self.cleaned_data
        members = [Member(self.known_officers[key]) for key in clean["officers"]]
        members += [Member(self.known_experts[key].user, self.known_experts[key]) for key in clean["experts"]]
        people = {str(one.user.pk): one.user for one in members} | self.known_officers
        people |= {str(one.user_id): one.user for one in self.known_experts.values()}
        return {"members": members, "lead": people[clean["lead"]]}


class ConcludeForm(forms.Form):
    conclusion = forms.CharField(
        label=_("结论：现场实际情况与申报内容是否相符"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    other_matters = forms.CharField(
        label=_("其他清洁生产有关情况"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("答复"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("对不符、无法核实之处逐条说明；没有意见的写“无意见”"),
    )
