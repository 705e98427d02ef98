"""Forms of the financing reserve."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.people.forms import region_choices
from qingyuan.registry.models import ReserveProject
from qingyuan.ui.forms import DateInput

_STATES = [("", _("没有写明")), *ReserveProject.State.choices]


def _longest(name: str) -> int:
    return int(ReserveProject._meta.get_field(name).max_length or 0)  # type: ignore[union-attr]


def _money(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, max_digits=18, decimal_places=6, min_value=0, **more
    )


class ReserveFilter(forms.Form):
    text = forms.CharField(label=_("项目、企业、信用代码或投资项目代码"), required=False, max_length=60)
    stage = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *ReserveProject.Stage.choices]
    )
    region = forms.ChoiceField(label=_("所在地区"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = region_choices(gettext("全部地区"))  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class ReserveForm(forms.Form):
    title = forms.CharField(label=_("项目名称"), max_length=_longest("title"))
    content = forms.CharField(
        label=_("建设内容"),
        required=False,
        max_length=_longest("content"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    investment_code = forms.CharField(
        label=_("投资项目代码"),
        required=False,
        max_length=24,
        help_text=_("全国投资项目在线审批监管平台的 24 位代码，如 2017-410300-26-03-001234"),
    )
    total_invest_wan_cny = _money(_("总投资（万元）"))
    own_funds_wan_cny = _money(_("自有资金（万元）"))
    benefit_wan_cny = _money(_("年经济效益（万元）"), help_text=_("税前、未扣运行费"))
    om_wan_cny = _money(_("年运行费（万元）"))
    life_years = forms.DecimalField(
        label=_("年限（年）"), required=False, max_digits=6, decimal_places=2, min_value=0
    )
    environmental_benefit = forms.CharField(
        label=_("环境效益"),
        required=False,
        max_length=_longest("environmental_benefit"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    eia = forms.ChoiceField(label=_("环评手续"), required=False, choices=_STATES)
    land = forms.ChoiceField(label=_("用地手续"), required=False, choices=_STATES)
    permit = forms.ChoiceField(label=_("排污许可"), required=False, choices=_STATES)
    approvals = forms.CharField(
        label=_("手续文号"),
        required=False,
        max_length=_longest("approvals"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    contact_body = forms.CharField(
        label=_("联系单位"),
        required=False,
        max_length=_longest("contact_body"),
        help_text=_("单位或部门，不填个人"),
    )


class AdmitForm(forms.Form):
    admitted_on = forms.DateField(label=_("入库日期"), widget=DateInput)


class FinanceForm(forms.Form):
    financed_on = forms.DateField(label=_("日期"), widget=DateInput)
    financed_wan_cny = forms.DecimalField(
        label=_("金额（万元）"), max_digits=18, decimal_places=6, min_value=0
    )
    financed_by = forms.CharField(
        label=_("提供支持的单位"), max_length=_longest("financed_by"), help_text=_("银行、基金或财政资金")
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"), max_length=_longest("withdrawn_reason"), widget=forms.Textarea(attrs={"rows": 3})
    )
