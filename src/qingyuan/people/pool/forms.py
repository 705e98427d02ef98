"""Forms of the pool."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.people.forms import NameList, region_choices
from qingyuan.people.models import Expert, Organisation
from qingyuan.people.pool import wording
from qingyuan.people.pool.actions import PoolRow
from qingyuan.ui.forms import SizedFileInput

XLSX = frozenset({"xlsx"})
SUGGESTED = 500


class PoolFilter(forms.Form):
    text = forms.CharField(label=_("代码、姓名或单位"), required=False, max_length=60)
    field = forms.ChoiceField(label=_("专业领域"), required=False)
    stage = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *Expert.Stage.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", gettext("全部领域")), *wording.sector_titles().items()]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("text", "field", "stage")}


class KnowledgeForm(forms.Form):
    """What an expert knows and where the expert works."""

    title = forms.CharField(label=_("职称"), max_length=40, required=False)
    employer = forms.CharField(
        label=_("工作单位"),
        max_length=120,
        required=False,
        widget=NameList,
        help_text=_("全称；与平台登记的单位同名的自动对应，回避以此为据"),
    )
    region_code = forms.ChoiceField(label=_("所在地区"), required=False)
    fields_of_work = forms.MultipleChoiceField(
        label=_("专业领域"), widget=forms.CheckboxSelectMultiple, required=False
    )
    categories = forms.MultipleChoiceField(
        label=_("熟悉的试点类别"), widget=forms.CheckboxSelectMultiple, required=False
    )
    methods = forms.CharField(
        label=_("方法专长"),
        max_length=400,
        required=False,
        help_text=_("以顿号分开，每项不超过 30 字，最多 12 项，如物质流分析、能值分析"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = region_choices(gettext("（随工作单位）"))  # type: ignore[attr-defined]
        self.fields["fields_of_work"].choices = list(wording.sector_titles().items())  # type: ignore[attr-defined]
        self.fields["categories"].choices = list(wording.category_titles().items())  # type: ignore[attr-defined]
        names = Organisation.objects.filter(stage=Organisation.Stage.ACTIVE).order_by("name")
        self.fields["employer"].widget.names = names.values_list("name", flat=True)[:SUGGESTED]  # type: ignore[attr-defined]

    def clean_methods(self) -> str:
        if problems := wording.method_problems(self.cleaned_data["methods"]):
            raise forms.ValidationError(problems)
        return str(self.cleaned_data["methods"])

    def knowledge(self) -> dict[str, Any]:
        """The arguments of `expert.describe`."""
        cleaned = self.cleaned_data
        return {
            "title": cleaned["title"],
            "employer": cleaned["employer"].strip(),
            "region_code": cleaned["region_code"],
            "fields": cleaned["fields_of_work"],
            "categories": cleaned["categories"],
            "methods": wording.parts(cleaned["methods"]),
        }


class AdmitForm(KnowledgeForm):
    """One expert more: what a row of the workbook holds."""

    code = forms.CharField(label=_("专家代码"), max_length=12, help_text=_("公开场合只显示代码，如 E-001"))
    name = forms.CharField(label=_("姓名"), max_length=40)
    email = forms.EmailField(label=_("邮箱"), help_text=_("没有账号的，按此邮箱建立账号并发出通知"))
    field_order = ("code", "name", "email")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if Expert.objects.filter(code=code).exists():
            raise forms.ValidationError(gettext("代码 %s 已被使用") % code)
        return code

    def row(self) -> PoolRow:
        known = self.knowledge()
        return PoolRow(
            code=self.cleaned_data["code"],
            name=self.cleaned_data["name"].strip(),
            email=self.cleaned_data["email"].strip().lower(),
            title=known["title"],
            employer=known["employer"],
            region_code=known["region_code"],
            fields=tuple(known["fields"]),
            categories=tuple(known["categories"]),
            methods=tuple(known["methods"]),
        )


class PoolImportForm(OversizeAware):
    file = UploadField(
        label=_("专家名单"),
        allow=XLSX,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx"),
        help_text=_("Excel 工作簿（.xlsx），按模板或导出的名单填写"),
    )
