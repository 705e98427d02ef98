"""Forms of the account of the innovation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qingyuan.catalogue import innovation
from qingyuan.delivery.efforts import AMOUNTS, EffortRow
from qingyuan.delivery.models import AccountStatement, Assumption, CoverageFigure, EffortEntry, Project
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import DateInput, SizedFileInput

EVIDENCE = frozenset({"pdf", "ofd", "docx", "xlsx", "jpg", "png"})
XLSX = frozenset({"xlsx"})


def _longest(model: Any, name: str) -> int:
    return int(model._meta.get_field(name).max_length)


class EffortForm(OversizeAware):
    """One thing that happened. Which enterprises it was about: named ones, all in scope, or none (common work)."""

    day = forms.DateField(label=_("日期"), widget=DateInput)
    kind = forms.ChoiceField(label=_("类型"))
    whole = forms.BooleanField(
        label=_("所涉企业为全部范围内企业"),
        required=False,
        help_text=_("共同评估验收等涉及每一家的，勾选这里"),
    )
    enterprises = forms.MultipleChoiceField(
        label=_("所涉企业"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("可多选；一家也不选的是公共工作，由有记录的企业分摊"),
    )
    days = forms.DecimalField(
        label=_("历时（天）"), required=False, min_value=0, help_text=_("评估验收从申请到出具意见的天数")
    )
    person_days = forms.DecimalField(label=_("人日"), required=False, min_value=0)
    money = forms.DecimalField(label=_("金额（元）"), required=False, min_value=0)
    documents = forms.IntegerField(label=_("份数"), required=False, min_value=0)
    done_by = forms.CharField(
        label=_("承担单位"),
        required=False,
        max_length=_longest(EffortEntry, "done_by"),
        help_text=_("填单位，不填个人姓名"),
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=_longest(EffortEntry, "note"))
    evidence = UploadField(
        label=_("佐证材料"), allow=EVIDENCE, required=False, help_text=_("可不附；如合同、签到表、发票")
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = dict(
            project.scope.filter(dropped_on=None).values_list("enterprise__credit_code", "name")
        )
        self.fields["enterprises"].choices = [  # type: ignore[attr-defined]
            (code, f"{name}（{code}）") for code, name in self.codes.items()
        ]
        self.fields["kind"].choices = [(kind.id, kind.title) for kind in innovation.kinds().values()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("whole") and cleaned.get("enterprises"):
            self.add_error("whole", gettext("已选了企业，又勾选了全部，请只用一种"))
        return cleaned

    def row(self) -> EffortRow:
        clean = self.cleaned_data
        chosen = tuple(self.codes) if clean["whole"] else tuple(clean["enterprises"])
        return EffortRow(
            day=clean["day"],
            kind=clean["kind"],
            enterprises=chosen,
            done_by=clean["done_by"].strip(),
            note=clean["note"].strip(),
            **{name: clean[name] for name in AMOUNTS},
        )


class EffortsForm(OversizeAware):
    file = UploadField(
        label=_("工作量记录"),
        allow=XLSX,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx"),
        help_text=_("Excel 工作簿（.xlsx），按模板填写"),
    )


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("作废的理由"),
        max_length=_longest(EffortEntry, "voided_reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AssumeForm(forms.Form):
    measure = forms.ChoiceField(label=_("项目"))
    low = forms.DecimalField(label=_("低"), min_value=0)
    mid = forms.DecimalField(label=_("中"), min_value=0)
    high = forms.DecimalField(label=_("高"), min_value=0)
    source = forms.CharField(
        label=_("出处"),
        max_length=_longest(Assumption, "source"),
        help_text=_("合同、通知、统计或记录的名称、文号和日期；是估计的写明估计的依据"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            (one.id, f"{one.title}（{one.unit}）") for one in innovation.assumptions().values()
        ]


class CoverageForm(forms.Form):
    quantity = forms.CharField(
        label=_("指标"),
        max_length=_longest(CoverageFigure, "quantity"),
        help_text=_("例如：工业总产值、化学需氧量排放量"),
    )
    unit = forms.CharField(label=pgettext_lazy("计量", "单位"), max_length=_longest(CoverageFigure, "unit"))
    year = forms.IntegerField(label=_("年份"), min_value=1990, max_value=2200)
    covered = forms.DecimalField(label=_("范围内企业合计"), required=False, min_value=0)
    total = forms.DecimalField(label=_("所在区域总量"), required=False, min_value=0)
    source = forms.CharField(
        label=_("出处"), max_length=_longest(CoverageFigure, "source"), help_text=_("统计年鉴、环境统计等")
    )


class DeclareForm(forms.Form):
    measures = forms.MultipleChoiceField(
        label=_("记录已经齐全的项目"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measures"].choices = [  # type: ignore[attr-defined]
            (one.id, one.title) for one in innovation.measures().values()
        ]


class RetractForm(forms.Form):
    reason = forms.CharField(
        label=_("撤下的理由"),
        max_length=_longest(AccountStatement, "retracted_reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
