"""A chapter of the plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.papers import quoting
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

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Quoted figures stand in the editor as their short codes."""
        value = super().get_initial_for_field(field, field_name)
        return quoting.to_codes(value) if field_name == "html" and isinstance(value, str) else value

    def offer_pictures(self, pilot: Any) -> None:
        """Where the editor sends pictures, and below which address it finds them again."""
        self.fields["html"].widget.attrs["data-pictures"] = reverse("pilots:picture-upload", args=[pilot.pk])


class RemarkChapterForm(forms.Form):
    """A remark on a chapter."""

    text = forms.CharField(
        label=gettext_lazy("意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
