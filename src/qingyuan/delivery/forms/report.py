"""The form of a progress report, and those around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery import report
from qingyuan.delivery.actions.rhythm import MOST_DAYS
from qingyuan.delivery.baseline import Content
from qingyuan.delivery.forms.project import EVIDENCE
from qingyuan.delivery.models import ReportDecision, ReportingRhythm
from qingyuan.delivery.report import STATES, TEXTS, Draft, Figure, Step
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import DateInput

OPINION = ReportDecision._meta.get_field("opinion").max_length


@dataclass(frozen=True)
class Line:
    """A line of the baseline with its fields, and what the period before said."""

    stated: Mapping[str, Any]
    fields: tuple[forms.BoundField, ...]
    before: str


class ReportForm(forms.Form):
    """Everything is text and nothing is required: a draft may be as unfinished as its writer is."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, baseline: Content, previous: Draft | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.baseline, self.previous = baseline, previous
        for key, title in TEXTS.items():
            self.fields[f"text-{key}"] = forms.CharField(
                label=title, required=False, widget=forms.Textarea(attrs={"rows": 4})
            )
        for line in baseline["targets"]:
            self._figure(f"figure-{line['key']}", line["indicator"])
        for line in baseline["milestones"]:
            self._step(f"step-{line['key']}", line["title"])

    def _figure(self, name: str, title: str) -> None:
        self.fields[f"{name}-value"] = _short(_("%s：本期数值") % title, inputmode="decimal")
        self.fields[f"{name}-measured_on"] = _short(_("%s：测算日期") % title, type="date")
        self.fields[f"{name}-note"] = _short(_("%s：说明") % title)

    def _step(self, name: str, title: str) -> None:
        self.fields[f"{name}-state"] = forms.ChoiceField(
            label=_("%s：进度") % title, required=False, choices=[("", "—"), *STATES.items()]
        )
        self.fields[f"{name}-done_on"] = _short(_("%s：完成日期") % title, type="date")
        self.fields[f"{name}-note"] = _short(_("%s：说明") % title)
        self.fields[f"{name}-state"].widget.attrs["aria-label"] = self.fields[f"{name}-state"].label

    @property
    def texts(self) -> list[forms.BoundField]:
        return [self[f"text-{key}"] for key in TEXTS]

    @property
    def figures(self) -> list[Line]:
        known = self.previous.figures if self.previous else {}
        return [
            Line(line, self._of("figure", line, Figure), known.get(line["key"], Figure()).value)
            for line in self.baseline["targets"]
        ]

    @property
    def steps(self) -> list[Line]:
        known = self.previous.steps if self.previous else {}
        return [
            Line(
                line, self._of("step", line, Step), str(STATES.get(known.get(line["key"], Step()).state, ""))
            )
            for line in self.baseline["milestones"]
        ]

    def _of(self, kind: str, line: Mapping[str, Any], shape: Any) -> tuple[forms.BoundField, ...]:
        return tuple(self[f"{kind}-{line['key']}-{name}"] for name in shape.__dataclass_fields__)

    @staticmethod
    def initial_of(draft: Draft, revision: int) -> dict[str, Any]:
        found: dict[str, Any] = {"revision": revision}
        found |= {f"text-{key}": text for key, text in draft.texts.items()}
        for kind, lines in (("figure", draft.figures), ("step", draft.steps)):
            for key, line in lines.items():
                found |= {f"{kind}-{key}-{name}": value for name, value in vars(line).items()}
        return found

    def draft(self) -> Draft:
        """What was sent, whether or not it is right."""
        said = self.cleaned_data

        def of(kind: str, line: Mapping[str, Any], shape: Any) -> Any:
            names = shape.__dataclass_fields__
            return shape(**{name: said.get(f"{kind}-{line['key']}-{name}", "") for name in names})

        return report.fitted(
            Draft(
                texts={key: said.get(f"text-{key}", "") for key in TEXTS},
                figures={line["key"]: of("figure", line, Figure) for line in self.baseline["targets"]},
                steps={line["key"]: of("step", line, Step) for line in self.baseline["milestones"]},
            ),
            self.baseline,
        )


def _short(label: str, **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=forms.TextInput(attrs={"aria-label": label, **attributes})
    )


class EvidenceForm(OversizeAware):
    target_key = forms.ChoiceField(label=gettext_lazy("证明哪个目标"))
    file = UploadField(label=gettext_lazy("佐证材料"), allow=EVIDENCE)

    def __init__(self, *args: Any, baseline: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target_key"].choices = [  # type: ignore[attr-defined]
            (line["key"], line["indicator"]) for line in baseline["targets"]
        ]


class ReadForm(forms.Form):
    opinion = forms.CharField(
        label=gettext_lazy("意见"),
        required=False,
        max_length=OPINION,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SendBackForm(forms.Form):
    opinion = forms.CharField(
        label=gettext_lazy("退回的理由"), max_length=OPINION, widget=forms.Textarea(attrs={"rows": 3})
    )


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(label=gettext_lazy("频次"), choices=ReportingRhythm.Rhythm.choices)
    due_days = forms.IntegerField(label=gettext_lazy("期满后几日内报送"), min_value=0, max_value=MOST_DAYS)
    from_on = forms.DateField(
        label=gettext_lazy("自哪一天起"),
        widget=DateInput,
        help_text=gettext_lazy("这一天及以后开始的各期适用"),
    )
    reason = forms.CharField(
        label=gettext_lazy("依据或理由"), max_length=ReportingRhythm._meta.get_field("reason").max_length
    )
