"""Enterprises in the scope: one by form, many by workbook."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import credit_code, sectors
from qingyuan.kernel import clock
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.pilots.actions.scope import MAX_CHOSEN, ScopeRow
from qingyuan.pilots.models import Pilot, ScopeEntry
from qingyuan.pilots.wording import check_prefecture, full_prefecture, sector_titles
from qingyuan.ui.forms import SizedFileInput
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA, Table
from qingyuan.workbooks.scope import PERMITS, SIZES, check_audit_day, scope_table

LONGEST = {
    column: int(getattr(ScopeEntry._meta.get_field(field), "max_length", 0) or 0)
    for column, field in (
        ("name", "stated_name"),
        ("note", "note"),
        ("pollutants", "pollutants"),
        ("prefecture", "prefecture"),
        ("county", "county"),
    )
}
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
    doubled = forms.ChoiceField(
        label=gettext_lazy("是否重复"),
        required=False,
        choices=[("", gettext_lazy("全部")), ("1", gettext_lazy("同时列入另一申报"))],
    )

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sector = self.fields["sector"]
        assert isinstance(sector, forms.ChoiceField)
        sector.choices = [("", _("全部")), *ordered_sectors(pilot).items()]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {
            "text": self.cleaned_data.get("q", ""),
            "sector": self.cleaned_data.get("sector", ""),
            "doubled": self.cleaned_data.get("doubled") == "1",
        }


class EnterpriseForm(forms.Form):
    """One enterprise."""

    name = forms.CharField(
        label=gettext_lazy("企业名称"),
        max_length=LONGEST["name"],
        help_text=gettext_lazy("与营业执照一致的全称"),
    )
    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        max_length=40,
        help_text=gettext_lazy("18 位；空格和全角字符会自动整理，校验位按 GB 32100 核对"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "q-mono"}),
    )
    sector = forms.ChoiceField(label=gettext_lazy("所属行业"), required=False)
    sector_code = forms.CharField(
        label=gettext_lazy("行业代码"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("GB/T 4754 大类至小类，如 2614 或 C2614"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "q-mono"}),
    )
    size = forms.ChoiceField(
        label=gettext_lazy("企业规模"),
        required=False,
        choices=[("", gettext_lazy("请选择")), *ScopeEntry.Size.choices],
    )
    permit = forms.ChoiceField(
        label=gettext_lazy("排污许可管理类别"),
        required=False,
        choices=[("", gettext_lazy("请选择")), *ScopeEntry.Permit.choices],
    )
    last_audit = forms.DateField(
        label=gettext_lazy("上次审核日期"),
        required=False,
        help_text=gettext_lazy("没有做过的留空"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    pollutants = forms.CharField(
        label=gettext_lazy("主要污染物"),
        required=False,
        max_length=LONGEST["pollutants"],
        help_text=gettext_lazy("以顿号分开，如 COD、氨氮、VOCs"),
    )
    prefecture = forms.CharField(
        label=gettext_lazy("所在市"), required=False, max_length=LONGEST["prefecture"]
    )
    county = forms.CharField(
        label=gettext_lazy("所在县（市、区）"), required=False, max_length=LONGEST["county"]
    )
    note = forms.CharField(label=gettext_lazy("备注"), required=False, max_length=LONGEST["note"])

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

    def clean_sector_code(self) -> str:
        code = str(self.cleaned_data["sector_code"])
        if code and (problems := sectors.check_code(code)):
            raise forms.ValidationError(problems)
        return code

    def clean_last_audit(self) -> Any:
        day = self.cleaned_data["last_audit"]
        if day and (problems := check_audit_day(day, clock.local(clock.now()).date())):
            raise forms.ValidationError([_("应为%s") % problem for problem in problems])
        return day

    def clean_prefecture(self) -> str:
        name = str(self.cleaned_data["prefecture"])
        if problems := check_prefecture(name):
            raise forms.ValidationError(problems)
        return full_prefecture(name)


class KnownForm(forms.Form):
    """Enterprises chosen among those that a search in the registry found."""

    codes = forms.MultipleChoiceField(
        label=gettext_lazy("企业"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选择一家企业")},
    )
    sector = forms.ChoiceField(label=gettext_lazy("所属行业"), required=False)

    def __init__(self, *args: Any, pilot: Pilot, found: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes, sector = self.fields["codes"], self.fields["sector"]
        assert isinstance(codes, forms.ChoiceField)
        assert isinstance(sector, forms.ChoiceField)
        codes.choices = [(one.credit_code, f"{one.name}　{one.credit_code}") for one in found[:MAX_CHOSEN]]
        sector.choices = [("", _("请选择")), *ordered_sectors(pilot).items()]


class ImportForm(OversizeAware):
    """A workbook with the whole list."""

    file = UploadField(
        label=gettext_lazy("企业名单"),
        allow=XLSX,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx"),
        help_text=gettext_lazy("Excel 工作簿（.xlsx），按模板填写；导入后整体替换现有名单"),
    )


def table_of(pilot: Pilot) -> Table:
    """The list's schema with the lengths that an application keeps."""
    whole = scope_table(
        check_code=credit_code.check,
        sectors=tuple(sector_titles(pilot.notice).values()),
        check_sector_code=sectors.check_code,
        check_prefecture=check_prefecture,
        today=clock.local(clock.now()).date(),
    )
    columns = (replace(column, longest=LONGEST.get(column.name, column.longest)) for column in whole.columns)
    return replace(whole, columns=tuple(columns))


def rows_of(pilot: Pilot, reading: Reading) -> list[ScopeRow]:
    """The rows of a workbook without problems."""
    keys = {title: key for key, title in sector_titles(pilot.notice).items()}
    sizes, permits = ({title: key for key, title in titles.items()} for titles in (SIZES, PERMITS))

    def said(value: Any) -> Any:
        return "" if value is None or value is NA else value

    return [
        ScopeRow(
            name=row["name"],
            credit_code=row["code"],
            sector=keys.get(row["sector"], ""),
            note=said(row["note"]),
            sector_code=said(row["sector_code"]),
            size=sizes.get(row["size"], ""),
            permit=permits.get(row["permit"], ""),
            last_audit=said(row["last_audit"]) or None,
            pollutants=said(row["pollutants"]),
            prefecture=said(row["prefecture"]),
            county=said(row["county"]),
        )
        for row in reading.rows()
    ]
