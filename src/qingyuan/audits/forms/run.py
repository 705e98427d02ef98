"""What a computation is asked with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.audits.models import Dataset, DatasetVersion


class StartForm(forms.Form):
    """Which version; the newest unless another is meant."""

    version = forms.ModelChoiceField(
        queryset=DatasetVersion.objects.none(), label=_("数据版本"), empty_label=None
    )
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=200,
        help_text=_("可写明这次计算的用意，例如“按补齐后的用水数据”。"),
    )

    def __init__(self, *args: Any, dataset: Dataset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["version"]
        field.queryset = dataset.versions.order_by("-number")
        field.label_from_instance = lambda one: _("第 %(number)d 版") % {"number": one.number}
