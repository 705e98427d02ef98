"""Forms of the kick-off and of changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import baseline
from qingyuan.delivery.models import ChangeRequest, Project
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import DateInput

EVIDENCE = frozenset({"pdf", "ofd", "docx", "xlsx", "jpg", "png"})


class StartForm(forms.Form):
    """`asks_approval`: where the State decides outside the product, its list is noted here."""

    started_on = forms.DateField(
        label=_("启动日期"), widget=DateInput, help_text=_("启动会或开工之日，不早于批准日期")
    )
    approval_number = forms.CharField(
        label=_("同意开展试点名单的文号"), max_length=Project._meta.get_field("approval_number").max_length
    )
    approved_on = forms.DateField(label=_("名单成文日期"), widget=DateInput)

    term_end = forms.DateField(
        label=_("实施截止日期"), widget=DateInput, help_text=_("获批的实施方案没有写明期限，按批准的填写")
    )

    def __init__(self, *args: Any, asks_approval: bool, asks_term: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_term:
            del self.fields["term_end"]
        if not asks_approval:
            del self.fields["approval_number"], self.fields["approved_on"]


class ChangeForm(OversizeAware):
    """A change of one line. Without JavaScript: the kind was chosen on the page before."""

    item = forms.ChoiceField(label=_("变更的内容"))
    becomes = forms.CharField(
        label=_("变更为"), required=False, max_length=ChangeRequest._meta.get_field("becomes").max_length
    )
    reason = forms.CharField(label=_("理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    evidence = UploadField(
        label=_("佐证材料"), allow=EVIDENCE, required=False, help_text=_("可不附；如会议纪要、批复")
    )

    def __init__(self, *args: Any, content: baseline.Content, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == "scope_add":
            self.fields["item"] = forms.CharField(
                label=_("统一社会信用代码"), max_length=ChangeRequest._meta.get_field("item").max_length
            )
            self.fields["becomes"].label = _("企业名称")
        else:
            field = self.fields["item"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = baseline.choices(content, kind)
        if kind == "scope_drop":
            del self.fields["becomes"]
        elif kind in HELP:
            self.fields["becomes"].help_text = HELP[kind]


HELP = {
    "term": _("起止日期，例如 2023-08-01 至 2024-08-01"),
    "milestone": _("起止日期，例如 2023-08-01 至 2023-12-31"),
    "target": _("只填数，单位不变"),
    "output": _("变更后的成果名称；不再产出的写“不再产出”"),
}


class StopForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"),
        max_length=Project._meta.get_field("stopped_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ApproveForm(forms.Form):
    opinion = forms.CharField(
        label=_("意见"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RefuseForm(forms.Form):
    opinion = forms.CharField(label=_("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
