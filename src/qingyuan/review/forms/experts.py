"""Forms about experts: invitations, promises, declarations, assignments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.people.forms import Rows
from qingyuan.people.models import Expert, Interest
from qingyuan.review.models import Appointment, Case
from qingyuan.ui.forms import InstantInput

MOST_PARTIES = 400


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class InviteForm(forms.Form):
    experts = forms.ModelMultipleChoiceField(
        label=gettext_lazy("专家"), queryset=Expert.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    reply_due_at = forms.DateTimeField(label=gettext_lazy("答复期限"), widget=InstantInput)
    is_reserve = forms.BooleanField(
        label=gettext_lazy("作为候补专家"),
        required=False,
        help_text=gettext_lazy("候补专家不参加自动分派，在有人回避或更换时接替"),
    )

    def __init__(self, *args: Any, found: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["experts"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Expert.objects.filter(pk__in=[pk for pk, _label in found]).select_related(
            "user", "keeper"
        )
        field.choices = found


class AcceptForm(forms.Form):
    agreed = forms.BooleanField(label=gettext_lazy("本人已阅读并承诺遵守以上保密、廉洁、回避承诺"))
    promises_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReasonForm(forms.Form):
    reason = _reason(gettext_lazy("原因"))


class PartyRow(forms.Form):
    body_name = forms.CharField(label=gettext_lazy("单位名称"), max_length=160)
    relation = forms.ChoiceField(
        label=gettext_lazy("关系"), choices=[("", gettext_lazy("请选择")), *Interest.Relation.choices]
    )


PartyRows = formset_factory(PartyRow, formset=Rows, extra=3, can_delete=True, max_num=200, validate_max=True)


class DeclareForm(forms.Form):
    """One question per party of the round, and rows for bodies that the list does not name."""

    truthful = forms.BooleanField(label=gettext_lazy("以上申报真实、完整，如有变化立即重新申报"))

    def __init__(self, *args: Any, parties: Iterable[str], declared: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = list(parties)[:MOST_PARTIES]
        choices = [("", _("没有关系")), *Interest.Relation.choices]
        for number, name in enumerate(self.parties):
            self.fields[f"party_{number}"] = forms.ChoiceField(
                label=name, required=False, choices=choices, initial=declared.get(name, "")
            )
        others = [
            {"body_name": name, "relation": relation}
            for name, relation in declared.items()
            if name not in self.parties
        ]
        self.rows = PartyRows(
            self.data if self.is_bound else None, initial=None if self.is_bound else others, prefix="rows"
        )
        self.order_fields([*(f"party_{number}" for number in range(len(self.parties))), "truthful"])

    def is_valid(self) -> bool:
        return bool(self.rows.is_valid()) and super().is_valid()

    def interests(self) -> list[dict[str, str]]:
        chosen = [
            {"body_name": name, "relation": self.cleaned_data[f"party_{number}"]}
            for number, name in enumerate(self.parties)
            if self.cleaned_data[f"party_{number}"]
        ]
        others = [
            {"body_name": row.cleaned_data["body_name"], "relation": row.cleaned_data["relation"]}
            for row in self.rows
            if row.has_changed() and not row.cleaned_data.get("DELETE")
        ]
        return chosen + others


class AssignForm(forms.Form):
    case = forms.ModelChoiceField(label=gettext_lazy("项目"), queryset=Case.objects.none())
    appointment = forms.ModelChoiceField(label=gettext_lazy("专家"), queryset=Appointment.objects.none())
    due_at = forms.DateTimeField(label=gettext_lazy("完成期限"), widget=InstantInput)
    is_reserve = forms.BooleanField(
        label=gettext_lazy("作为本项目的候补专家"),
        required=False,
        help_text=gettext_lazy("候补专家在接替之前看不到项目"),
    )

    def __init__(
        self, *args: Any, cases: list[Case], appointments: list[tuple[Any, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        case, appointment = self.fields["case"], self.fields["appointment"]
        assert isinstance(case, forms.ModelChoiceField)
        assert isinstance(appointment, forms.ModelChoiceField)
        case.queryset = Case.objects.filter(pk__in=[one.pk for one in cases])
        case.choices = [("", _("请选择")), *((one.pk, f"{one.label} {one.title}") for one in cases)]
        appointment.queryset = Appointment.objects.filter(pk__in=[pk for pk, _label in appointments])
        appointment.choices = [("", _("请选择")), *appointments]


class ReplaceForm(forms.Form):
    reason = _reason(gettext_lazy("更换的原因"))
    by_appointment = forms.ModelChoiceField(
        label=gettext_lazy("由谁接替"), queryset=Appointment.objects.none(), required=False
    )

    def __init__(self, *args: Any, appointments: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["by_appointment"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Appointment.objects.filter(pk__in=[pk for pk, _label in appointments])
        field.choices = [("", _("暂不接替")), *appointments]


class PlanForm(forms.Form):
    """The dry run that was shown goes back as its fingerprint."""

    due_at = forms.DateTimeField(label=gettext_lazy("完成期限"), widget=InstantInput)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
