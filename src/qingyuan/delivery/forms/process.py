"""Forms of the phases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import PhaseChange, ScopeEnterprise
from qingyuan.delivery.phases import PhaseRow
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import DateInput, SizedFileInput

XLSX = frozenset({"xlsx"})
STATES = [
    ("", _("不限")),
    ("overdue", _("法定期限已过")),
    ("soon", _("即将到期")),
    ("stalled", _("长期没有进展")),
    ("dropped", _("已移出范围")),
]


class ProcessFilter(forms.Form):
    text = forms.CharField(label=_("名称或信用代码"), required=False, max_length=60)
    phase = forms.ChoiceField(
        label=_("审核阶段"), required=False, choices=[("", _("全部阶段")), *ScopeEnterprise.Phase.choices]
    )
    state = forms.ChoiceField(label=_("情况"), required=False, choices=STATES)

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class PhaseForm(forms.Form):
    """The phase of the chosen enterprises, all of them on the same day."""

    enterprises = forms.MultipleChoiceField(label=_("企业"), widget=forms.CheckboxSelectMultiple)
    phase = forms.TypedChoiceField(label=_("审核阶段"), coerce=int, choices=ScopeEnterprise.Phase.choices)
    on = forms.DateField(label=_("进入日期"), widget=DateInput)
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=PhaseChange._meta.get_field("note").max_length,
        help_text=_("退回前一阶段或更正日期的，写明原因"),
    )

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprises"].choices = offered  # type: ignore[attr-defined]

    def rows(self) -> list[PhaseRow]:
        clean = self.cleaned_data
        return [PhaseRow(code, clean["phase"], clean["on"], clean["note"]) for code in clean["enterprises"]]


class PhaseImportForm(OversizeAware):
    file = UploadField(
        label=_("企业审核阶段表"),
        allow=XLSX,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx"),
        help_text=_("先导出现状，在表中改动后再导入；Excel 工作簿（.xlsx）"),
    )
