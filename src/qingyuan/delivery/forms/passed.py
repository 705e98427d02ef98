"""The filter above the list of passed pilots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 40


class PassedFilter(forms.Form):
    """By province, category and year; choices lead to a pilot, or are not offered."""

    province = forms.ChoiceField(label=_("省份"), required=False)
    category = forms.ChoiceField(label=_("试点类别"), required=False)
    year = forms.ChoiceField(label=_("年度"), required=False)

    def __init__(self, *args: Any, offered: Mapping[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in offered.items():
            field: Any = self.fields[name]
            field.choices = [("", _("不限")), *choices]
