"""Forms of promotion activities and support."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models import Promotion, Support
from qingyuan.delivery.queries import promotion as queries
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import DateInput

MATERIAL = frozenset({"pdf", "ofd", "docx", "xlsx", "jpg", "png"})


class PromotionForm(OversizeAware):
    title = forms.CharField(label=_("活动名称"), max_length=120)
    kind = forms.ChoiceField(label=_("形式"), choices=Promotion.Kind.choices)
    held_on = forms.DateField(label=_("日期"), widget=DateInput)
    place = forms.CharField(label=_("地点"), max_length=120)
    bodies = forms.IntegerField(label=_("参加单位数"), min_value=0)
    people = forms.IntegerField(label=_("参加人数"), min_value=0, help_text=_("只记数目，不记姓名"))
    project = forms.ChoiceField(label=_("所属试点"), required=False)
    cases = forms.MultipleChoiceField(
        label=_("推广的案例"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    material = UploadField(
        label=_("材料"),
        allow=MATERIAL,
        required=False,
        help_text=_("通知、课件或报道；签到表等含个人信息的不要上传"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["project"].choices = [
            ("", _("不属于某一个试点")),
            *((str(one.pk), one.title) for one in queries.projects_of(user)),
        ]
        fields["cases"].choices = [(str(one.pk), one.title) for one in queries.cases()]


class SupportForm(OversizeAware):
    kind = forms.ChoiceField(label=_("种类"), choices=Support.Kind.choices)
    amount = forms.DecimalField(
        label=_("金额（万元）"),
        required=False,
        max_digits=14,
        decimal_places=4,
        help_text=_("不是资金的不填"),
    )
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("法律条款或者文件名称、文号"))
    given_by = forms.CharField(label=_("给予单位"), max_length=120)
    given_on = forms.DateField(label=_("日期"), widget=DateInput)
    note = forms.CharField(
        label=_("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    evidence = UploadField(label=_("凭证"), allow=MATERIAL, required=False)


class StrikeForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
