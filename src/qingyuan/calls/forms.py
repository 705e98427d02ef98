"""Forms of calls and supplementary notices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.calls import preparing, queries
from qingyuan.calls.actions import OPTIONS
from qingyuan.catalogue.notices.model import Notice
from qingyuan.people.models import Organisation
from qingyuan.people.queries import region_name
from qingyuan.ui.forms import InstantInput

MIDNIGHT = _("截止时刻本身已不受理：“18:00 前”填 18:00；只写到某日的填次日 00:00，页面显示为该日 24:00")


class CallFilter(forms.Form):
    text = forms.CharField(label=_("标题、文号或发文单位"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部状态")),
            ("open", _("正在申报")),
            ("upcoming", _("即将开始")),
            ("closed", _("已截止")),
            ("draft", _("拟稿、会签中")),
        ],
    )


class BodiesField(forms.MultipleChoiceField):
    """Registered bodies as check boxes, grouped by place."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, bodies: Sequence[Organisation]) -> None:
        self.bodies = {str(body.pk): body for body in bodies}
        self.choices = [
            (name, [(str(body.pk), self._label(body)) for body in group])
            for name, group in groupby(bodies, key=lambda body: region_name(body.region_code))
        ]

    @staticmethod
    def _label(body: Organisation) -> str:
        return body.name if body.email else gettext("%s（没有公务邮箱，收不到邮件）") % body.name

    def clean(self, value: Any) -> list[Organisation]:
        return [self.bodies[one] for one in super().clean(value)]


class CallForm(forms.Form):
    """What of a call can be chosen; everything else stands in the notice."""

    opens_at = forms.DateTimeField(
        label=_("开始时间"), widget=InstantInput, help_text=_("北京时间；从这一刻起可以提交")
    )
    closes_at = forms.DateTimeField(label=_("截止时间"), widget=InstantInput, help_text=MIDNIGHT)
    mailbox = forms.EmailField(
        label=_("收件邮箱"),
        required=False,
        help_text=_("本次申报接收电子件的公务邮箱，随通知公布；不填个人邮箱"),
    )
    forward_closes_at = forms.DateTimeField(
        label=_("市级转报截止时间"),
        widget=InstantInput,
        required=False,
        help_text=_("空着：申报单位直接报送。填写：经所在市生态环境局转报，须晚于申报截止时间"),
    )
    forward_jointly = forms.BooleanField(
        label=_("市级发展改革委会同转报"),
        required=False,
        help_text=_("经市级转报时，两家都提出意见后才算转报"),
    )
    options = forms.MultipleChoiceField(
        label=_("可选环节"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("已按通知勾选；与通知不一致的，请在会签时说明"),
    )
    addressees = BodiesField(label=_("发送对象"), help_text=_("已按通知的发送范围勾选"))

    def __init__(self, *args: Any, notice: Notice, extra: Iterable[Organisation] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        addressed = preparing.addressees(notice)
        known = {body.pk for body in addressed}
        bodies = [*addressed, *(body for body in extra if body.pk not in known)]
        field = self.fields["addressees"]
        assert isinstance(field, BodiesField)
        field.offer(sorted(bodies, key=lambda body: (body.region_code, body.kind, body.name)))
        places = preparing.unregistered_places(notice, addressed)
        said = gettext("通知主送：%s。") % (
            notice.addressees.wording or "、".join(notice.addressees.bodies)
        ).rstrip("：:")
        if places:
            said += gettext("尚有单位未登记的地区：%s；请平台运维人员登记后再补选。") % "、".join(places)
        field.help_text = said
        field.error_messages["required"] = gettext("至少选择一个发送对象")
        self.fields["options"].choices = [  # type: ignore[attr-defined]
            (name, f"{queries.option_title(name)}：{getattr(notice.options, name).why}") for name in OPTIONS
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", gettext("截止时间须晚于开始时间"))
        forward = cleaned.get("forward_closes_at")
        if forward and closes and forward <= closes:
            self.add_error("forward_closes_at", gettext("转报截止须晚于申报截止时间"))
        if cleaned.get("forward_jointly") and not forward and "forward_closes_at" not in self.errors:
            self.add_error("forward_jointly", gettext("不经市级转报的，没有会同转报"))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """As the verbs take them."""
        chosen = self.cleaned_data["options"]
        return {**self.cleaned_data, "options": {name: name in chosen for name in OPTIONS}}


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=_("修改意见"),
        max_length=200,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("写明改哪里、怎么改；不超过 200 字，随邮件告知主办单位经办人"),
    )


class PublicationForm(forms.Form):
    document_number = forms.CharField(
        label=_("发文字号"),
        max_length=60,
        required=False,
        help_text=_("由公文系统产生，发文后填入；尚未取得的可先空缺"),
    )


class SupplementForm(forms.Form):
    new_closes_at = forms.DateTimeField(label=_("新的截止时间"), widget=InstantInput, help_text=MIDNIGHT)
    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("写入补充通知，发给全部申报单位；不超过 200 字"),
    )

    def __init__(self, *args: Any, closes_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closes_at = closes_at

    def clean_new_closes_at(self) -> datetime:
        new: datetime = self.cleaned_data["new_closes_at"]
        if new <= self.closes_at:
            raise forms.ValidationError(
                gettext("须晚于现在的截止时间 %s；截止时间只能延长，不能提前")
                % queries.plain_until(self.closes_at)
            )
        return new
