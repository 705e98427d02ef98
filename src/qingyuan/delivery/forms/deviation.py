"""The form of an explanation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import DeviationNote
from qingyuan.ui.forms import DateInput


class ExplainForm(forms.Form):
    cause = forms.CharField(
        label=_("原因"),
        max_length=DeviationNote._meta.get_field("cause").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    measure = forms.CharField(
        label=_("措施"),
        max_length=DeviationNote._meta.get_field("measure").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = forms.DateField(
        label=_("见效日期"), widget=DateInput, help_text=_("到这一天偏差仍在的，须重新说明")
    )
