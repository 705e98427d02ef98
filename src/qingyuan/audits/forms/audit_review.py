"""Forms of the evaluation and acceptance of an enterprise's audit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.catalogue import credit_code
from qingyuan.catalogue.evaluations import Evaluation
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import DateInput, SizedFileInput

EVIDENCE = frozenset({"pdf", "ofd", "docx", "jpg", "png"})


class AskForm(forms.Form):
    credit_code = forms.CharField(
        label=gettext_lazy("企业"), max_length=30, help_text=gettext_lazy("试点范围内企业的统一社会信用代码")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("申请"), choices=AuditReview.Kind.choices, widget=forms.RadioSelect
    )
    statement = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("上一次没有通过的，写明整改情况"),
    )

    def clean_credit_code(self) -> str:
        return credit_code.normalise(self.cleaned_data["credit_code"])


class RecordReviewForm(OversizeAware):
    held_on = forms.DateField(label=gettext_lazy("会议日期"), widget=DateInput)
    opinion = forms.CharField(
        label=gettext_lazy("意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    conclusion = forms.ChoiceField(
        label=gettext_lazy("结论"),
        required=False,
        choices=[
            ("", gettext_lazy("按评分表得出")),
            *((one.value, one.label) for one in (AuditReview.Stage.RECTIFY, AuditReview.Stage.FAILED)),
        ],
        help_text=gettext_lazy("可以从严，不能从宽"),
    )
    rectify_by = forms.DateField(
        label=gettext_lazy("整改期限"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("结论为须整改的填写"),
    )
    evidence = UploadField(
        label=gettext_lazy("评估验收意见（扫描件）"),
        required=False,
        allow=EVIDENCE,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES),
    )

    def __init__(self, *args: Any, sheet: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        names = []
        for group in sheet.groups:
            for item in group.items:
                names.append(f"scores.{item.id}")
                self.fields[names[-1]] = forms.DecimalField(
                    label=f"{group.title}：{item.title}",
                    min_value=Decimal(0),
                    max_value=item.points,
                    decimal_places=2,
                    max_digits=5,
                    help_text=_("满分 %(points)s。%(asks)s") % {"points": item.points, "asks": item.asks},
                    widget=forms.NumberInput(attrs={"step": str(sheet.step)}),
                )
        if sheet.vetoes:
            self.fields["vetoes"] = forms.MultipleChoiceField(
                label=_("否决项"),
                required=False,
                choices=[(veto.id, veto.title) for veto in sheet.vetoes],
                widget=forms.CheckboxSelectMultiple,
                help_text=_("有一项即为不通过"),
            )
        self.order_fields(["held_on", *names, "vetoes", "opinion", "conclusion", "rectify_by", "evidence"])

    def scores(self) -> dict[str, Decimal]:
        return {item.id: self.cleaned_data[f"scores.{item.id}"] for item in self.sheet.items}


class ManyReviewsForm(OversizeAware):
    file = UploadField(
        label=gettext_lazy("结果表"),
        allow=frozenset({"xlsx"}),
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx"),
        help_text=gettext_lazy("先下载结果表，填好再上传；Excel 工作簿（.xlsx）"),
    )


class RevokeReviewForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
