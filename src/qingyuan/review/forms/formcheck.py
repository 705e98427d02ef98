"""The officer's sheet, made from the notice's dimensions and from the findings; and the examination of truth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.review.models import FormCheck, Truthfulness
from qingyuan.review.models.truthfulness import CHECKS

UNSAID = ("", _("（未判断）"))
NOTE = {"rows": 2}


class JudgeForm(forms.Form):
    """Fields `d-<dimension>`, `f-<finding>` with their `-note`, and the opinion; everything may stay open for now."""

    def __init__(self, *args: Any, check: FormCheck, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.check = check
        for one in check.dimensions:
            self._line(
                f"d-{one.id}", one.title, FormCheck.Word.choices, check.on_dimensions.get(one.id, {}), ""
            )
        for finding in check.findings:
            level = gettext("须改正") if finding["severity"] == "error" else gettext("请核对")
            said = check.on_findings.get(finding["id"], {})
            mend = "；".join(filter(None, [finding["excerpt"], finding["mend"]]))
            self._line(
                f"f-{finding['id']}",
                f"〔{level}〕{finding['message']}",
                FormCheck.OnFinding.choices,
                said,
                mend,
            )
        self.fields["opinion"] = forms.CharField(
            label=_("总体意见"),
            required=False,
            max_length=2000,
            initial=check.opinion,
            widget=forms.Textarea(attrs={"rows": 5}),
        )

    def _line(self, name: str, title: str, choices: Any, said: dict[str, str], hint: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=title,
            required=False,
            choices=[UNSAID, *choices],
            initial=said.get("word", ""),
            help_text=hint,
        )
        self.fields[f"{name}-note"] = forms.CharField(
            label=gettext("说明"),
            required=False,
            max_length=1000,
            initial=said.get("note", ""),
            widget=forms.Textarea(attrs={**NOTE, "aria-label": gettext("对“%s”的说明") % title[:60]}),
        )

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        clean = self.cleaned_data

        def said(prefix: str, keys: list[str]) -> dict[str, dict[str, str]]:
            return {
                key: {"word": clean[f"{prefix}-{key}"], "note": clean[f"{prefix}-{key}-note"]} for key in keys
            }

        return {
            "dimensions": said("d", [one.id for one in self.check.dimensions]),
            "findings": said("f", [one["id"] for one in self.check.findings]),
            "opinion": clean["opinion"],
        }


class RejectionForm(forms.Form):
    reason = forms.CharField(
        label=_("不予通过的理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("会同决定后，理由原文告知申报单位"),
    )


class ReturnForm(forms.Form):
    remark = forms.CharField(label=_("退回的意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class ExamineForm(forms.Form):
    """What was compared with what result."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, title in CHECKS.items():
            self.fields[f"{key}-word"] = forms.ChoiceField(
                label=str(title), choices=[("", UNSAID[1]), *Truthfulness.Word.choices]
            )
            self.fields[f"{key}-note"] = forms.CharField(
                label=gettext("比对了什么、结果如何"),
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs=dict(NOTE)),
            )
        self.fields["result"] = forms.ChoiceField(
            label=_("审查结论"), choices=Truthfulness.Result.choices, widget=forms.RadioSelect
        )
        self.fields["note"] = forms.CharField(
            label=_("情况说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
        )

    def arguments(self) -> dict[str, Any]:
        clean = self.cleaned_data
        return {
            "checks": {key: {"word": clean[f"{key}-word"], "note": clean[f"{key}-note"]} for key in CHECKS},
            "result": clean["result"],
            "note": clean["note"],
        }
