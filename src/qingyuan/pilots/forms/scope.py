"""Enterprises in the scope: one by form, many by workbook."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import credit_code
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.pilots.actions.content import ScopeRow
from qingyuan.pilots.models import Pilot, ScopeEntry
from qingyuan.pilots.wording import sector_titles
from qingyuan.ui.forms import SizedFileInput
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA, Table
from qingyuan.workbooks.scope import scope_table

LONGEST_NAME = ScopeEntry._meta.get_field("stated_name").max_length or 0
LONGEST_NOTE = ScopeEntry._meta.get_field("note").max_length or 0
XLSX = frozenset({"xlsx"})


def ordered_sectors(pilot: Pilot) -> dict[str, str]:
    """The notice's sectors, those of the pilot first."""
    titles = sector_titles(pilot.notice)
    own = [key for key in titles if key in pilot.sectors]
    return {key: titles[key] for key in [*own, *(key for key in titles if key not in own)]}


class SearchForm(forms.Form):
    """Above the list."""

    q = forms.CharField(label=gettext_lazy("企业名称或信用代码"), required=False, max_length=80)
    sector = forms.ChoiceField(label=gettext_lazy("所属行业"), required=False)

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sector = self.fields["sector"]
        assert isinstance(sector, forms.ChoiceField)
        sector.choices = [("", _("全部")), *ordered_sectors(pilot).items()]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {"text": self.cleaned_data.get("q", ""), "sector": self.cleaned_data.get("sector", "")}


class EnterpriseForm(forms.Form):
    """One enterprise."""

    name = forms.CharField(
        label=gettext_lazy("企业名称"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("与营业执照一致的全称"),
    )
    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        max_length=40,
        help_text=gettext_lazy("18 位；空格和全角字符会自动整理，校验位按 GB 32100 核对"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "q-mono"}),
    )
    sector = forms.ChoiceField(label=gettext_lazy("所属行业"), required=False)
    note = forms.CharField(label=gettext_lazy("备注"), required=False, max_length=LONGEST_NOTE)

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sector = self.fields["sector"]
        assert isinstance(sector, forms.ChoiceField)
        sector.choices = [("", _("请选择")), *ordered_sectors(pilot).items()]

    def clean_credit_code(self) -> str:
        code = credit_code.normalise(self.cleaned_data["credit_code"])
        if problems := credit_code.check(code):
            raise forms.ValidationError(problems)
        return code


class ImportForm(OversizeAware):
    """A workbook with the whole list."""

    file = UploadField(
        label=gettext_lazy("企业名单"),
        allow=XLSX,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx"),
        help_text=gettext_lazy("Excel 工作簿（.xlsx），按模板填写；导入后整体替换现有名单"),
    )


def table_of(pilot: Pilot) -> Table:
    """The list's schema with the columns and lengths that an application keeps."""
    whole = scope_table(check_code=credit_code.check, sectors=tuple(sector_titles(pilot.notice).values()))
    longest = {"name": LONGEST_NAME, "note": LONGEST_NOTE}
    kept = tuple(
        replace(column, longest=longest.get(column.name, column.longest))
        for column in whole.columns
        if column.name in {"name", "code", "sector", "note"}
    )
    return replace(whole, columns=kept)


def rows_of(pilot: Pilot, reading: Reading) -> list[ScopeRow]:
    """The rows of a workbook without problems."""
    keys = {title: key for key, title in sector_titles(pilot.notice).items()}
    return [
        ScopeRow(
            name=row["name"],
            credit_code=row["code"],
            sector=keys.get(row["sector"], ""),
            note="" if row["note"] in (None, NA) else row["note"],
        )
        for row in reading.rows()
    ]
