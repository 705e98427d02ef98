"""Remarks and confirmations of the sign-off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

LONGEST = 1000


def _remark(label: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )


class RemarkForm(forms.Form):
    remark = _remark(gettext_lazy("意见（可不填）"), required=False)


class ReturnForm(forms.Form):
    remark = _remark(gettext_lazy("退回的意见"), required=True)


class WithdrawForm(forms.Form):
    remark = _remark(gettext_lazy("撤回的原因"), required=True)


class SignForm(forms.Form):
    no_state_secrets = forms.BooleanField(
        label=gettext_lazy("我确认：本申报全部材料不含国家秘密，可以在本平台（互联网）上传输和保存")
    )
    remark = _remark(gettext_lazy("意见（可不填）"), required=False)
