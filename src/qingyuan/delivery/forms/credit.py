"""Forms of the credits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import CreditBatch

STATES = [
    ("", _("全部")),
    ("not_yet", _("尚未到计入时点")),
    ("waiting", _("待计入")),
    ("credited", _("已计入")),
    ("revoked", _("已撤销")),
    ("excluded", _("结论指明不计")),
    ("dropped", _("已移出范围")),
]


class CreditFilter(forms.Form):
    text = forms.CharField(label=_("名称或信用代码"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("情况"), required=False, choices=STATES)

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class WhichForm(forms.Form):
    """All of them or one; with the reason."""

    which = forms.ChoiceField(label=_("企业"))
    reason = forms.CharField(
        label=_("理由"),
        max_length=CreditBatch._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["which"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
