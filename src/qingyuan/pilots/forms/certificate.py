"""A letter that asks for a certificate, and its answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.people.models import Organisation
from qingyuan.people.models.organisation import Kind
from qingyuan.pilots.models import Pilot
from qingyuan.ui.forms import SizedFileInput

CERTIFIERS = (
    Kind.PROVINCE_ECOLOGY,
    Kind.PREFECTURE_ECOLOGY,
    Kind.PREFECTURE_REFORM,
    Kind.DESK,
    Kind.GOVERNMENT,
    Kind.DEPARTMENT,
)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CertificateForm(forms.Form):
    question = forms.ChoiceField(label=gettext_lazy("要证明的条件"))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("出具证明的单位（平台已登记）"),
        required=False,
        empty_label=gettext_lazy("不在其中，写在下面"),
    )
    body_name = forms.CharField(
        label=gettext_lazy("或单位名称（平台未登记）"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("例如市生态环境综合行政执法支队、市财政局；未登记的单位由您另行送达"),
    )
    text = forms.CharField(
        label=gettext_lazy("请求证明的事项"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    due_on = forms.DateField(
        label=gettext_lazy("请在何日之前答复"),
        required=False,
        widget=DAY,
        help_text=gettext_lazy("当日仍算按期；期限前三天和前一天邮件提醒。可以不填"),
    )

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = [  # type: ignore[attr-defined]
            (
                condition.title,
                [
                    (f"{condition.id}/{question.id}", f"{condition.clause} {question.label}")
                    for question in condition.questions
                    if question.evidence is not None
                ],
            )
            for condition in pilot.notice.conditions_for(pilot.category_id)
            if any(question.evidence is not None for question in condition.questions)
        ]
        self.fields["organisation"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]
            Q(region_code__startswith=pilot.applicant.region_code[:2]),
            kind__in=CERTIFIERS,
            stage=Organisation.Stage.ACTIVE,
        ).exclude(pk=pilot.applicant_id)

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        clean = dict(self.cleaned_data)
        condition, _slash, question = clean.pop("question").partition("/")
        return {**clean, "condition_id": condition, "question_id": question}


class ReceiveForm(OversizeAware):
    answered_on = forms.DateField(label=gettext_lazy("证明的日期"), widget=DAY)
    file = UploadField(
        label=gettext_lazy("证明文件"),
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES),
        help_text=gettext_lazy("盖章件的扫描件（PDF、OFD、PNG、JPG）"),
    )


class RefuseForm(forms.Form):
    answered_on = forms.DateField(label=gettext_lazy("答复的日期"), widget=DAY)
    remark = forms.CharField(
        label=gettext_lazy("不予证明的理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


def today() -> str:
    return f"{clock.local(clock.now()):%Y-%m-%d}"
