"""Forms of the joint decision: a line a case, and the words of the departments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.review.decisions import LONGEST_REASON, Row, outcomes, positive, quota_of
from qingyuan.review.forms.exclusions import ExclusionsField, as_lines
from qingyuan.review.models import Case, CosignCheck, Decision, Round
from qingyuan.ui.forms import DateInput, InstantInput


class DecisionForm(forms.Form):
    """Outcome, reason and place of every case. Selected projects are ordered by their place, ties by number."""

    note = forms.CharField(
        label=gettext_lazy("综合说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("供会签单位审阅并印入呈批件，不公开"),
    )
    over_quota_reason = forms.CharField(
        label=gettext_lazy("超出推荐名额的理由"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        round_: Round,
        kind: str,
        cases: Sequence[Case],
        placed: dict[Any, tuple[str, str, int]] | None = None,
        terms: dict[Any, dict[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.round, self.kind, self.cases = round_, kind, list(cases)
        titles = dict(Case.Stage.choices)
        choices = [("", _("请选择"))] + [(value, titles[value]) for value in outcomes(round_, kind)]
        for case in self.cases:
            outcome, reason, place = (placed or {}).get(case.pk, ("", "", 0))
            self.fields[f"outcome-{case.number}"] = forms.ChoiceField(
                label=_("%s 的结论") % case.label,
                choices=choices,
                initial=outcome,
                required=False,
            )
            self.fields[f"place-{case.number}"] = forms.IntegerField(
                label=_("%s 的次序") % case.label,
                min_value=1,
                max_value=9999,
                required=False,
                initial=place or None,
            )
            self.fields[f"reason-{case.number}"] = forms.CharField(
                label=_("%s 的理由") % case.label,
                required=False,
                max_length=LONGEST_REASON,
                initial=reason,
                widget=forms.Textarea(attrs={"rows": 1}),
            )
            if kind == Decision.Kind.ACCEPTANCE:
                self._add_terms(case, ((terms or {}).get(case.pk)) or {})
        quota = None if round_.is_acceptance else quota_of(round_)
        if quota is None or kind == Decision.Kind.FORM:
            del self.fields["over_quota_reason"]
        else:
            self.fields["over_quota_reason"].help_text = _(
                "通知规定推荐%(word)s不超过 %(most)d 个；超出时写明理由"
            ) % {"word": _("原则上") if quota.in_principle else "", "most": quota.maximum}

    def _add_terms(self, case: Case, terms: dict[str, Any]) -> None:
        self.fields[f"due-{case.number}"] = forms.DateField(
            label=_("%s 的整改期限") % case.label,
            required=False,
            initial=terms.get("due_on") or None,
            widget=DateInput(),
        )
        if self.round.is_evaluation:
            return  # whose audit does not count is said with the list
        self.fields[f"exclusions-{case.number}"] = ExclusionsField(
            label=_("%s 不计审核记录的企业") % case.label,
            initial=as_lines(terms.get("exclusions", ())),
            widget=forms.Textarea(attrs={"rows": 1}),
        )

    def terms_of(self, case: Case) -> list[Any]:
        """The further fields of a row of acceptance."""
        names = (f"due-{case.number}", f"exclusions-{case.number}")
        return [self[name] for name in names if name in self.fields]

    def lines(self) -> Iterator[tuple[Case, Any, Any, Any, list[Any]]]:
        """The table: case, outcome, place, reason, further terms."""
        for case in self.cases:
            yield (
                case,
                self[f"outcome-{case.number}"],
                self[f"place-{case.number}"],
                self[f"reason-{case.number}"],
                self.terms_of(case),
            )

    def head_fields(self) -> list[Any]:
        return [self[name] for name in ("note", "over_quota_reason") if name in self.fields]

    def arguments(self) -> dict[str, Any]:
        """The verb's arguments. Selected first, by place; the rest by number. Cases without an outcome are left out."""
        clean = self.cleaned_data
        chosen = positive(self.round)

        def key(case: Case) -> tuple[bool, int, int]:
            outcome = clean.get(f"outcome-{case.number}")
            return outcome != chosen, clean.get(f"place-{case.number}") or 9999, case.number

        return {
            "items": [
                Row(
                    case.pk,
                    clean[f"outcome-{case.number}"],
                    clean.get(f"reason-{case.number}", ""),
                    {
                        "due_on": clean.get(f"due-{case.number}"),
                        "exclusions": clean.get(f"exclusions-{case.number}") or [],
                    },
                )
                for case in sorted(self.cases, key=key)
                if clean.get(f"outcome-{case.number}")
            ],
            "note": clean.get("note", ""),
            "over_quota_reason": clean.get("over_quota_reason", ""),
        }


class SendForm(forms.Form):
    due_at = forms.DateTimeField(label=gettext_lazy("会签期限"), widget=InstantInput())

    def clean_due_at(self) -> Any:
        due = self.cleaned_data["due_at"]
        if due <= clock.now():
            raise forms.ValidationError(_("会签期限须晚于现在"))
        return due


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=gettext_lazy("意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ConsentForm(forms.Form):
    """Consent is to the content that was shown; the hash says which."""

    content_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class DissentForm(ConsentForm):
    opinion = forms.CharField(
        label=gettext_lazy("不同意的意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class IssueForm(OversizeAware):
    document_number = forms.CharField(label=gettext_lazy("发文字号"), max_length=60)
    signed_by = forms.CharField(label=gettext_lazy("签发人"), max_length=40)
    dated_on = forms.DateField(
        label=gettext_lazy("成文日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sealed_copy = UploadField(
        allow=frozenset({"pdf", "ofd", "png", "jpg"}),
        label=gettext_lazy("盖章件（扫描件或 OFD）"),
        required=False,
        help_text=gettext_lazy("PDF、OFD 或图片"),
    )


class CosignCheckForm(forms.Form):
    topic = forms.ChoiceField(label=gettext_lazy("核查事项"), choices=CosignCheck.Topic.choices)
    result = forms.ChoiceField(
        label=gettext_lazy("结论"), choices=CosignCheck.Result.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("不符合的，写明理由"),
    )
