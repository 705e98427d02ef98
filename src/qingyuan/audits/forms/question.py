"""Forms of questions about figures."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class AskForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("要核查什么"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("数值有误的，请先在表中更正，再在这里说明"),
    )


class InsistForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("还要说明什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
