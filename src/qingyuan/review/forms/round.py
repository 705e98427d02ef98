"""Forms for rounds and cases as such."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.review.actions.round import MOST_EXPERTS


class ConfigureForm(forms.Form):
    """The arrangement of a round; fixed when the review starts."""

    experts_per_case = forms.IntegerField(label=_("每个项目的专家人数"), min_value=1, max_value=MOST_EXPERTS)
    cap_per_expert = forms.IntegerField(label=_("每位专家最多评审的项目数"), min_value=1, max_value=1000)
    avoids_own_region = forms.BooleanField(
        label=_("专家回避本地区的项目"),
        required=False,
        help_text=_("省级评审按设区的市回避，国家评审按省回避"),
    )
    sheet_id = forms.CharField(
        label=_("评分表"), required=False, max_length=60, help_text=_("留空则使用本级默认的评分表")
    )

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        return {**clean, "sheet_id": clean.get("sheet_id", "")}


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("来函和撤回的原因"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明来函的日期和文号"),
    )
