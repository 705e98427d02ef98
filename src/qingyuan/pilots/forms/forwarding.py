"""Forms of a bureau that forwards or returns an application."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.pilots.models import ForwardingOpinion

Word = ForwardingOpinion.Word
LONGEST = 2000


class GiveForm(forms.Form):
    word = forms.ChoiceField(
        label=_("意见"),
        choices=[(Word.AGREE.value, Word.AGREE.label), (Word.DISSENT.value, Word.DISSENT.label)],
        widget=forms.RadioSelect,
        help_text=_("不同意也转报：材料和意见一并送受理单位，由受理单位判断"),
    )
    text = forms.CharField(
        label=_("意见内容"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("同意的可以不写；不同意的写明理由。提出后不能更改，申报单位和受理单位都能看到"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("word") == Word.DISSENT and not cleaned.get("text", "").strip():
            self.add_error("text", gettext("请写明理由"))
        return cleaned


class ReturnForm(forms.Form):
    text = forms.CharField(
        label=_("退回的理由"),
        max_length=1000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("写明改哪里、怎么改；随邮件告知申报单位"),
    )
