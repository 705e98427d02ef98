"""Forms of the registry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.catalogue import credit_code
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.people.forms import region_choices
from qingyuan.registry.actions.audits import BY_HAND
from qingyuan.registry.models import AuditRecord, Enterprise
from qingyuan.ui.forms import DateInput, SizedFileInput

XLSX = frozenset({"xlsx"})


class EnterpriseFilter(forms.Form):
    text = forms.CharField(label=_("名称或信用代码"), required=False, max_length=60)
    region = forms.ChoiceField(label=_("所在地区"), required=False)
    stage = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *Enterprise.Stage.choices]
    )
    due = forms.ChoiceField(
        label=_("下一轮审核"),
        required=False,
        choices=[("", _("不限")), ("overdue", _("已过期限")), ("soon", _("一年内到期"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = region_choices(gettext("全部地区"))  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("text", "region", "stage", "due")}


class RenameForm(forms.Form):
    name = forms.CharField(label=_("新名称"), max_length=Enterprise._meta.get_field("name").max_length)
    on = forms.DateField(label=_("更名日期"), widget=DateInput, help_text=_("营业执照变更登记的日期"))


class CloseForm(forms.Form):
    on = forms.DateField(label=_("关停日期"), widget=DateInput)
    reason = forms.CharField(
        label=_("理由"),
        max_length=Enterprise._meta.get_field("closed_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MergeForm(forms.Form):
    into = forms.CharField(label=_("并入的企业"), max_length=30, help_text=_("在册企业的统一社会信用代码"))

    def clean_into(self) -> Enterprise:
        code = credit_code.normalise(self.cleaned_data["into"])
        found = Enterprise.objects.filter(credit_code=code).first()
        if found is None:
            raise forms.ValidationError(gettext("企业库中没有这个信用代码"))
        return found


class RecordForm(forms.Form):
    kind = forms.ChoiceField(label=_("审核性质"), choices=[(one.value, one.label) for one in BY_HAND])
    completed_on = forms.DateField(label=_("完成日期"), widget=DateInput, help_text=_("通过评估验收的日期"))
    level = forms.ChoiceField(
        label=_("达到的清洁生产水平"), required=False, choices=[("", _("未评定")), *AuditRecord.Level.choices]
    )
    source = forms.CharField(
        label=_("依据文件"),
        max_length=AuditRecord._meta.get_field("source").max_length,
        help_text=_("验收意见的文号或名称"),
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"),
        max_length=AuditRecord._meta.get_field("revoked_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ListForm(OversizeAware):
    file = UploadField(
        label=_("企业基础信息清单"),
        allow=XLSX,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx"),
        help_text=_("Excel 工作簿（.xlsx），按模板填写"),
    )
