"""Handing in a report that was filed elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue.filings import Filing
from qingyuan.kernel.gate.forms import OversizeAware
from qingyuan.ui.forms import SizedFileInput


class FilingForm(OversizeAware):
    """The file is read on the next page; nothing changes before that page is confirmed."""

    filing = forms.ChoiceField(label=gettext_lazy("报表"))
    year = forms.IntegerField(
        label=gettext_lazy("报表年度"),
        min_value=1990,
        max_value=2100,
        help_text=gettext_lazy("须与数据集的年度相同"),
    )
    file = forms.FileField(
        label=gettext_lazy("文件"),
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx,.csv"),
        help_text=gettext_lazy("Excel 工作簿（.xlsx）或 CSV"),
    )

    def __init__(self, *args: Any, filings: list[Filing], year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted_year = year
        field: Any = self.fields["filing"]
        field.choices = [(one.id, one.title) for one in filings]

    def clean_year(self) -> int:
        year = int(self.cleaned_data["year"])
        if year != self.wanted_year:
            raise forms.ValidationError(
                _("数据集是 %(wanted)d 年度的，报表是 %(found)d 年度的")
                % {"wanted": self.wanted_year, "found": year}
            )
        return year
