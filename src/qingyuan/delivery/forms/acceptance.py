"""Forms of evaluation and acceptance."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.forms.project import EVIDENCE
from qingyuan.delivery.models import Conclusion
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import DateInput

BETWEEN = re.compile(r"([\s，,：:]+)")


def exclusion_lines(text: str) -> list[dict[str, str]]:
    """One enterprise a line: its credit code, then the reason."""
    rows = []
    for line in text.splitlines():
        if line.strip():
            code, _between, reason = (*BETWEEN.split(line.strip(), maxsplit=1), "", "")[:3]
            rows.append({"credit_code": code, "reason": reason.strip()})
    return rows


class ExclusionsField(forms.CharField):
    """Lines of credit code and reason, as data."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("不计审核记录的企业"),
            required=False,
            max_length=200_000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("结论指明不计的，一行一家：统一社会信用代码，空格，理由。没有的不填"),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        return exclusion_lines(super().clean(value))


class ConcludeForm(OversizeAware):
    outcome = forms.ChoiceField(
        label=_("评估验收结果"), choices=Conclusion.Outcome.choices, widget=forms.RadioSelect
    )
    document_number = forms.CharField(
        label=_("名单或文件的文号"),
        max_length=Conclusion._meta.get_field("document_number").max_length,
        help_text=_("《清洁生产审核创新试点项目名单》的发文字号；未通过的填说明结果的文件"),
    )
    listed_on = forms.DateField(label=_("成文日期"), widget=DateInput)
    evidence = UploadField(label=_("公布的名单或文件"), allow=EVIDENCE)
    exclusions = ExclusionsField()
    reason = forms.CharField(
        label=_("未通过的理由"),
        required=False,
        max_length=Conclusion._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("通过的可不填"),
    )
