"""A chapter of the plan."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from qingyuan.ui.forms import RichTextarea


class ChapterForm(forms.Form):
    """The text, and the revision on which it was begun."""

    html = forms.CharField(
        label=gettext_lazy("正文"),
        required=False,
        strip=False,
        widget=RichTextarea({"rows": 24}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
