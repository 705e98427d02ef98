"""A question to another body, its answer; an envelope in the register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.calls.models import Call
from qingyuan.kernel import clock
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.people.models import Organisation
from qingyuan.people.models.organisation import AUTHORITIES, PREFECTURE_BUREAUS, Kind
from qingyuan.pilots.models import Submission
from qingyuan.review.actions.arrival import MOST_COPIES
from qingyuan.review.consultation_files import files_of
from qingyuan.review.models import Case, Consultation, PaperArrival
from qingyuan.ui.forms import DateInput, SizedFileInput

CONSULTED = {*AUTHORITIES, *PREFECTURE_BUREAUS, Kind.DESK, Kind.GOVERNMENT, Kind.DEPARTMENT}


class AskForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("征求意见的处（司）室或单位"),
        required=False,
        empty_label=_("不在其中，写在下面"),
    )
    body_name = forms.CharField(
        label=_("或单位名称（平台未登记）"),
        required=False,
        max_length=120,
        help_text=_("例如厅执法局、大气处、水处、环评处；未登记的单位由您另行送达，收到复函后在此登记"),
    )
    question = forms.CharField(label=_("问题"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    shown = forms.MultipleChoiceField(
        label=_("随附的封存材料"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("对方只能看到勾选的文件"),
    )
    due_on = forms.DateField(
        label=_("请在何日之前答复"), widget=DateInput, help_text=_("当日仍算按期；到期前三天和前一天邮件提醒")
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = case.round.joint_body.region_code
        bodies = Organisation.objects.filter(kind__in=CONSULTED, stage=Organisation.Stage.ACTIVE)
        if region:
            hosts = [part.organisation_id for part in case.round.joint_body.seats]
            bodies = bodies.filter(Q(region_code__startswith=region[:2]) | Q(parent__in=hosts))
        self.fields["organisation"].queryset = bodies.exclude(name=case.applicant_name)  # type: ignore[attr-defined]
        self.fields["shown"].choices = [(one["sha256"], one["title"]) for one in files_of(case)]  # type: ignore[attr-defined]


class AnswerForm(OversizeAware):
    word = forms.ChoiceField(label=_("意见"), choices=Consultation.Word.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("意见内容"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    file = UploadField(
        label=_("复函"),
        required=False,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES),
        help_text=_("盖章件的扫描件（PDF、OFD、PNG、JPG），可以不附"),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class SubmissionChoice(forms.ModelChoiceField):
    """By register number and name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.register_label} {obj.snapshot['name']}"


def submissions_of(call: Call) -> Any:
    return Submission.objects.filter(call=call, is_current=True).order_by("register_number")


class RegisterForm(forms.Form):
    delivery_id = forms.ChoiceField(label=_("材料"))
    submission = SubmissionChoice(
        Submission.objects.none(), label=_("对应的电子申报"), required=False, empty_label=_("没有或不清楚")
    )
    title = forms.CharField(
        label=_("封面上的项目名称、申报单位"),
        required=False,
        max_length=160,
        help_text=_("选择了对应的电子申报，可以不填"),
    )
    arrived_on = forms.DateField(label=_("寄达日期"), widget=DateInput)
    courier = forms.CharField(
        label=_("寄送方式"), required=False, max_length=60, help_text=_("快递公司、挂号或当面递交")
    )
    courier_number = forms.CharField(label=_("快递单号"), required=False, max_length=60)
    copies = forms.IntegerField(label=_("份数"), min_value=1, max_value=MOST_COPIES)
    note = forms.CharField(
        label=_("备注"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paper = [one for one in call.notice.package.deliveries if one.medium == "paper"]
        self.fields["delivery_id"].choices = [  # type: ignore[attr-defined]
            (one.id, f"{'、'.join(one.contents)}（{one.copies} 份）") for one in paper
        ]
        self.fields["submission"].queryset = submissions_of(call)  # type: ignore[attr-defined]
        self.initial.setdefault("copies", paper[0].copies if paper else 1)
        self.initial.setdefault("arrived_on", clock.local(clock.now()).date())


class CompareForm(forms.Form):
    same = forms.TypedChoiceField(
        label=_("核对结果"),
        choices=[("yes", _("与电子件一致")), ("no", _("与电子件不一致"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    submission = SubmissionChoice(
        Submission.objects.none(), label=_("对应的电子申报"), required=False, empty_label=_("按登记的不变")
    )
    note = forms.CharField(
        label=_("说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, arrival: PaperArrival, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].queryset = submissions_of(arrival.call)  # type: ignore[attr-defined]
