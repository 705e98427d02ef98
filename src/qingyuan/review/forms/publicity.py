"""Forms of the 公示."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import clock
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.review.models import Case, Objection, Publicity
from qingyuan.review.publicity import LONGEST_ANSWER
from qingyuan.review.queries import publicity as queries
from qingyuan.ui.forms import InstantInput


class PubliciseForm(forms.Form):
    ends_at = forms.DateTimeField(label=_("公示截止"), widget=InstantInput())
    contact = forms.CharField(
        label=_("书面异议寄送地址"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("受理单位、地址和公务联系方式，原样公开；不要写个人号码"),
    )
    answer_days = forms.IntegerField(
        label=_("答复期限（天）"),
        min_value=1,
        max_value=LONGEST_ANSWER,
        help_text=_("自收到异议之日起几天内答复，原样公开"),
    )

    def __init__(self, *args: Any, least_days: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_at"].help_text = (
            gettext("通知规定公示不少于 %d 日；到这一刻不再接收异议") % least_days
            if least_days
            else gettext("通知没有规定公示天数；到这一刻不再接收异议")
        )


class ProjectField(forms.ModelChoiceField):
    """One of the projects on the list, or none for the list as a whole."""

    def label_from_instance(self, obj: Case) -> str:
        return f"{obj.title}（{obj.applicant_name}）"


class ObjectionForm(forms.Form):
    case = ProjectField(
        queryset=Case.objects.none(),
        label=_("针对的项目"),
        required=False,
        empty_label=_("整份名单"),
    )
    text = forms.CharField(
        label=_("异议内容"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("写明事实和理由，以及可以核实的线索。不要写国家秘密和他人隐私"),
    )
    objector = forms.CharField(
        label=_("异议人"), max_length=120, help_text=_("单位名称或本人姓名；只供核实和答复，不公开")
    )
    objector_contact = forms.CharField(
        label=_("联系方式"), max_length=200, help_text=_("电话或者邮箱；只供核实和答复，不公开")
    )

    def __init__(self, *args: Any, publicity: Publicity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = queries.listed_cases(publicity)  # type: ignore[attr-defined]


class RegisterForm(OversizeAware, ObjectionForm):
    """The same, as it came on paper."""

    channel = forms.ChoiceField(
        label=_("收到的方式"),
        choices=[one for one in Objection.Channel.choices if one[0] != Objection.Channel.WEB],
    )
    received_at = forms.DateTimeField(label=_("收到的时间"), widget=InstantInput())
    upload = UploadField(
        allow=frozenset({"pdf", "ofd", "png", "jpg"}),
        label=_("来件扫描件"),
        required=False,
        help_text=_("PDF、OFD 或图片；只有主办单位经办人可以打开"),
    )
    field_order = ("channel", "received_at", "case", "text", "objector", "objector_contact", "upload")

    def clean_received_at(self) -> Any:
        received = self.cleaned_data["received_at"]
        if received > clock.now():
            raise forms.ValidationError(gettext("收到的时间不能晚于现在"))
        return received


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("核实结论"), choices=Objection.Outcome.choices, widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("核实情况和答复"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("凭查询码可以看到；不要写异议人和第三人的个人信息"),
    )


class StopForm(forms.Form):
    reason = forms.CharField(
        label=_("终止的理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会告知会签单位和名单上的申报单位"),
    )
