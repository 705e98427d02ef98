"""Forms of the summary report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.papers import quoting
from qingyuan.ui.forms import RichTextarea


class ChapterForm(forms.Form):
    """The text, and the revision on which it was begun."""

    html = forms.CharField(label=_("正文"), required=False, strip=False, widget=RichTextarea({"rows": 22}))
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Quoted figures stand in the editor as their short codes."""
        value = super().get_initial_for_field(field, field_name)
        return quoting.to_codes(value) if field_name == "html" and isinstance(value, str) else value


class ReturnForm(forms.Form):
    remark = forms.CharField(label=_("意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class AcceptForm(forms.Form):
    content_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    opinion = forms.CharField(
        label=_("意见"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
