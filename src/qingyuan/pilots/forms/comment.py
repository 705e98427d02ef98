"""The comment of a bureau."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class CommentForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("意见"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("不超过 2000 字；提出后不能更改，申报单位和受理单位都能看到"),
    )
