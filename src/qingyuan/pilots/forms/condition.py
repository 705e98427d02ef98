"""The questions of an eligibility condition as a form, made from the notice's data."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.conditions import AnswerError, Condition, Question, read_answer
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.pilots.models import Attachment, Pilot
from qingyuan.ui.forms import DateInput

PREFIX = "q"
FILE = "file-"
MAX_TEXT = 2000
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?$", re.ASCII)
_YES_NO = [("yes", "是"), ("no", "否")]


class InlineRadios(forms.RadioSelect):
    """Two short choices on one line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attrs["class"] = "d-flex gap-4"

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        option["attrs"].pop("class", None)  # the class is the group's
        return option


def field_of(question: Question) -> forms.Field:
    """The form field that asks a question. Nothing is required here: an open question leaves the verdict open."""
    common: dict[str, Any] = {"label": question.label, "help_text": question.help, "required": False}
    options = [(option.value, option.label) for option in question.options]
    match question.kind:
        case "yes_no":
            return forms.ChoiceField(choices=_YES_NO, widget=InlineRadios, **common)
        case "choice":
            return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)
        case "multi_choice":
            return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **common)
        case "number":
            common["label"] = f"{question.label}（{question.unit}）" if question.unit else question.label
            return forms.CharField(
                max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **common
            )
        case "date":
            return forms.CharField(max_length=10, widget=DateInput(), **common)
        case _:
            return forms.CharField(max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3}), **common)


def stored(question: Question, value: Any) -> Any:
    """A form's value as it is kept: bool, list, text, or None for an open question."""
    if value in ("", None, []):
        return None
    if question.kind == "yes_no":
        return value == "yes"
    if question.kind == "number":
        # As typed but plain: 1,200.50 and full-width digits become 1200.50.
        return _bare(value)
    return value


def read(question: Question, value: Any) -> None:
    """Raise AnswerError, with what is expected, when a form's value does not answer its question."""
    if question.kind == "number":
        value = _bare(value)
        if value and not _PLAIN.match(value):
            raise AnswerError(_("“%s”不是数字；应只写数字和小数点，如 1200.5") % value)
    read_answer(question, value)


def _bare(text: str) -> str:
    """A number without the marks that people set between thousands, full-width characters made plain."""
    return unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")


def shown(question: Question, value: Any) -> Any:
    """A kept answer as the form shows it."""
    if question.kind == "yes_no" and isinstance(value, bool):
        return "yes" if value else "no"
    return value


def posted_answers(condition: Condition, data: Any) -> dict[str, Any]:
    """What stands in a posted form, unchecked: enough to know which questions are asked."""
    answers: dict[str, Any] = {}
    for question in condition.questions:
        name = f"{PREFIX}-{question.id}"
        raw: Any = data.getlist(name) if question.kind == "multi_choice" else data.get(name, "").strip()
        if raw not in ("", []):
            answers[question.id] = raw
    return answers


class ConditionForm(OversizeAware):
    """The questions that are asked now, each with its evidence file where the notice wants one."""

    def __init__(
        self,
        *args: Any,
        pilot: Pilot,
        condition: Condition,
        answers: dict[str, Any],
        attached: dict[str, list[Attachment]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, prefix=PREFIX, **kwargs)
        self.condition = condition
        self.attached = attached
        given = posted_answers(condition, self.data) if self.is_bound else answers
        self.questions = condition.asked(answers=given, facts=pilot.facts)
        for question in self.questions:
            self.fields[question.id] = field_of(question)
            if not self.is_bound:
                self.initial[question.id] = shown(question, answers.get(question.id))
            if question.evidence:
                self.fields[f"{FILE}{question.id}"] = UploadField(
                    label=_("佐证材料：%s") % question.evidence.what, required=False
                )

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        for question in self.questions:
            if question.id not in clean:
                continue
            try:
                read(question, clean[question.id])
            except AnswerError as error:
                self.add_error(question.id, str(error))
        return clean

    def answers(self) -> dict[str, Any]:
        """What to keep of a valid form."""
        return {
            question.id: stored(question, self.cleaned_data.get(question.id)) for question in self.questions
        }

    def evidence(self) -> dict[str, Any]:
        """Question id -> the file that came with it."""
        names = {question.id: f"{FILE}{question.id}" for question in self.questions if question.evidence}
        return {key: self.cleaned_data[name] for key, name in names.items() if self.cleaned_data.get(name)}

    def places(self) -> list[Place]:
        """Every question of the condition; one that is not asked now keeps an empty place."""
        asked = {question.id for question in self.questions}
        return [
            Place(
                question,
                self[question.id] if question.id in asked else None,
                self[f"{FILE}{question.id}"] if question.id in asked and question.evidence else None,
                self.attached.get(question.id, []),
                self._kept(question) if question.id not in asked else [],
            )
            for question in self.condition.questions
        ]

    def _kept(self, question: Question) -> list[tuple[str, str]]:
        """What was typed into a question that has just gone: kept in the page in case it comes back."""
        name = f"{PREFIX}-{question.id}"
        values = self.data.getlist(name) if isinstance(self.data, MultiValueDict) else []
        return [(name, value) for value in values if value]


@dataclass(frozen=True)
class Place:
    """A question's place on the page."""

    question: Question
    field: forms.BoundField | None
    file: forms.BoundField | None
    attached: list[Attachment]
    kept: list[tuple[str, str]]
