"""Forms of schemes: texts, days, and figures in which blank, na and 0 are three things."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits.figures import MORE, TITLES, headings, said
from qingyuan.audits.models.scheme import Scheme, SchemeFigures
from qingyuan.catalogue import credit_code
from qingyuan.catalogue.performance import QUANTITIES, Layout
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import DateInput, SizedFileInput
from qingyuan.workbooks.schema import NA, NA_WORDS

EVIDENCE = frozenset({"pdf", "ofd", "docx", "xlsx", "jpg", "png"})
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")


def _longest(name: str) -> int:
    return int(Scheme._meta.get_field(name).max_length or 0)  # type: ignore[union-attr]


class FigureBound(BoundField):
    """Stands beside others: many short numbers in few rows."""

    def css_classes(self, extra_classes: Any = None) -> str:
        return f"{super().css_classes(extra_classes)} q-short".strip()


class FigureField(forms.CharField):
    """A number, blank (not stated) or na (does not apply)."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, max_length=40, widget=widget, **kwargs)

    def get_bound_field(self, form: Any, field_name: str) -> FigureBound:
        return FigureBound(form, self, field_name)

    def to_python(self, value: Any) -> Any:
        text = (
            unicodedata.normalize("NFKC", super().to_python(value) or "").replace(" ", "").replace("−", "-")
        )
        if not text:
            return None
        if text.casefold() in NA_WORDS:
            return NA
        if not _NUMBER.fullmatch(text):
            raise forms.ValidationError(_("请填数字；没有数据的留空，不适用的填 na，数值为零的填 0"))
        return Decimal(text.replace(",", ""))

    def run_validators(self, value: Any) -> None:
        """The verb says what does not fit."""

    def validate(self, value: Any) -> None:
        """Blank is an answer."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else said(value)


class FiguresMixin(forms.Form):
    """Adds the layout's figures; `figures()` gives them by name."""

    def add_figures(self, layout: Layout, *, more: bool) -> None:
        titles = headings(layout)
        for name in (*QUANTITIES, *(MORE if more else ())):
            self.fields[name] = FigureField(label=titles[name])
        self.fields["other"] = forms.CharField(
            label=TITLES["other"], required=False, max_length=300, help_text=_("表中没有列的效果")
        )

    def figures(self) -> dict[str, Any]:
        names = [name for name in (*QUANTITIES, *MORE, "other") if name in self.fields]
        return {name: self.cleaned_data[name] for name in names}


class SchemeForm(FiguresMixin):
    title = forms.CharField(label=gettext_lazy("方案名称"), max_length=_longest("title"))
    content = forms.CharField(
        label=gettext_lazy("方案内容"),
        required=False,
        max_length=_longest("content"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    owner = forms.CharField(
        label=gettext_lazy("责任部门"),
        required=False,
        max_length=_longest("owner"),
        help_text=gettext_lazy("部门或岗位，不填个人姓名"),
    )
    due_on = forms.DateField(label=gettext_lazy("完成期限"), required=False, widget=DateInput)

    def __init__(self, *args: Any, layout: Layout, asks_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_figures(layout, more=True)
        if asks_reason:
            self.fields["reason"] = forms.CharField(
                label=_("修改的理由"),
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("方案已经确定，修改须写明理由"),
            )


class ProposeForm(SchemeForm):
    credit_code = forms.CharField(
        label=gettext_lazy("企业"), max_length=30, help_text=gettext_lazy("试点范围内企业的统一社会信用代码")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        required=False,
        choices=[("", gettext_lazy("按预期投资额划分")), *Scheme.Kind.choices],
    )
    field_order = ("credit_code", "title", "kind")

    def clean_credit_code(self) -> str:
        return credit_code.normalise(self.cleaned_data["credit_code"])


class ScreenForm(forms.Form):
    feasibility = forms.CharField(
        label=gettext_lazy("可行性分析结论"),
        max_length=_longest("feasibility"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("技术、环境、经济上为什么可行"),
    )


class ConfirmForm(forms.Form):
    owner = forms.CharField(
        label=gettext_lazy("责任部门"),
        max_length=_longest("owner"),
        help_text=gettext_lazy("部门或岗位，不填个人姓名"),
    )
    due_on = forms.DateField(label=gettext_lazy("完成期限"), widget=DateInput)


class StartSchemeForm(forms.Form):
    started_on = forms.DateField(label=gettext_lazy("开始实施日期"), widget=DateInput)


class MeasureForm(FiguresMixin, OversizeAware):
    evidence = UploadField(
        label=gettext_lazy("佐证材料"),
        required=False,
        allow=EVIDENCE,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES),
        help_text=gettext_lazy("监测报告、发票、照片等"),
    )
    field_order = ("finished_on",)

    def __init__(self, *args: Any, layout: Layout, asks_day: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_figures(layout, more=False)
        if asks_day:
            self.fields["finished_on"] = forms.DateField(label=_("完成日期"), widget=DateInput)
            self.order_fields(("finished_on", *QUANTITIES, "other", "evidence"))
        else:
            self.order_fields((*QUANTITIES, "other", "evidence"))


class DropForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=_longest("dropped_reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SchemeFilter(forms.Form):
    text = forms.CharField(label=gettext_lazy("方案、企业或信用代码"), required=False, max_length=60)
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"), required=False, choices=[("", gettext_lazy("全部")), *Scheme.Kind.choices]
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[("", gettext_lazy("全部")), *Scheme.Stage.choices],
    )

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class SheetForm(OversizeAware):
    """The file is read on the next page; nothing changes before that page is confirmed."""

    file = forms.FileField(
        label=gettext_lazy("绩效表"),
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx,.csv"),
        help_text=gettext_lazy("Excel 工作簿（.xlsx）或 CSV，按模板填写"),
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("口径"),
        choices=SchemeFigures.Basis.choices,
        help_text=gettext_lazy("预期效果，或实施后的实测效果"),
    )
    enterprise = forms.CharField(
        label=gettext_lazy("只有一家企业的，填信用代码"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("表中有企业名称或信用代码列的不填"),
    )

    def clean_enterprise(self) -> str:
        return credit_code.normalise(self.cleaned_data["enterprise"])


class PortfolioForm(OversizeAware):
    measures = forms.FileField(
        label=gettext_lazy("方案表"),
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".csv,.xlsx"),
        help_text=gettext_lazy(
            "交给 qingyuan select 或 measures 的方案表（CSV 或 .xlsx），投资、节约和削减量由此取得"
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("选择结果"),
        required=False,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".json"),
        help_text=gettext_lazy("qingyuan select --json 的结果；不上传的，方案表的每一行都成为方案"),
    )
    money = forms.ChoiceField(
        label=gettext_lazy("方案表中的金额单位"),
        choices=[("1", gettext_lazy("万元")), ("0.0001", gettext_lazy("元"))],
    )
    mass = forms.ChoiceField(
        label=gettext_lazy("方案表中的削减量单位"),
        choices=[("1", gettext_lazy("吨/年")), ("0.001", gettext_lazy("千克/年"))],
    )
