"""The tables of the schedule and of the outputs: what stands there, then blank lines to add some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.pilots.actions.schedule import MOST_ROWS, MilestoneRow, OutputRow
from qingyuan.pilots.models import Pilot

BLANK_ROWS = 3


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class LineForm(forms.Form):
    """A line of a table; its cells have no labels of their own on the page. A blank line says nothing."""

    use_required_attribute = False
    asked: ClassVar[tuple[str, ...]] = ("title",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = int(str(self.prefix).rpartition("-")[2]) + 1 if str(self.prefix)[-1:].isdigit() else ""
        for field in self.fields.values():
            field.widget.attrs["class"] = "px-2"
            field.widget.attrs["aria-label"] = _("第 %(n)s 行 %(what)s") % {"n": number, "what": field.label}

    @property
    def is_left_out(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in self.fields)

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        if any(clean.get(name) for name in self.fields) or self.errors:
            for name in self.asked:
                if not clean.get(name) and name not in self.errors:
                    self.add_error(name, _("请填写%s，或清空本行") % self.fields[name].label)
        return clean


class MilestoneForm(LineForm):
    asked = ("title", "starts", "ends")
    title = forms.CharField(label=gettext_lazy("阶段或任务"), required=False, max_length=80)
    starts = _day(gettext_lazy("开始日期"))
    ends = _day(gettext_lazy("结束日期"))
    outputs = forms.CharField(label=gettext_lazy("阶段产出"), required=False, max_length=300)
    responsible = forms.CharField(label=gettext_lazy("责任单位"), required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        clean = super().clean()
        if clean.get("starts") and clean.get("ends") and clean["ends"] < clean["starts"]:
            self.add_error("ends", _("结束日期早于开始日期"))
        return clean


class OutputForm(LineForm):
    title = forms.CharField(label=gettext_lazy("产出成果"), required=False, max_length=80)
    benefit = forms.CharField(label=gettext_lazy("预期效益"), required=False, max_length=300)
    target_key = forms.ChoiceField(label=gettext_lazy("对应的目标"), required=False)

    def __init__(self, *args: Any, targets: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["target_key"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("不对应")), *((target.key, target.indicator) for target in targets)]


class TermForm(forms.Form):
    """The term of the pilot."""

    term_start = _day(gettext_lazy("实施期开始"), required=True)
    term_end = _day(gettext_lazy("实施期结束"), required=True)


MilestoneLines = forms.formset_factory(MilestoneForm, extra=0, max_num=MOST_ROWS, validate_max=True)
OutputLines = forms.formset_factory(OutputForm, extra=0, max_num=MOST_ROWS, validate_max=True)


class TableForm:
    """A whole table, with a head of single fields where it has one."""

    is_multipart = False
    head: forms.Form | None = None
    rows: Any
    fields: ClassVar[dict[str, forms.Field]] = {}

    @property
    def media(self) -> Any:
        return self.rows.media

    @property
    def is_bound(self) -> bool:
        return bool(self.rows.is_bound)

    @property
    def errors(self) -> Sequence[Any]:
        found = [errors for errors in self.rows.errors if errors] or list(self.rows.non_form_errors())
        return [self.head.errors, *found] if self.head is not None and self.head.errors else found

    def is_valid(self) -> bool:
        head = self.head is None or self.head.is_valid()
        return bool(self.rows.is_valid()) and head

    @property
    def titles(self) -> list[Any]:
        """The heads of the columns."""
        return [field.label for field in self.rows.empty_form.fields.values()]

    def said(self) -> list[dict[str, Any]]:
        return [row.cleaned_data for row in self.rows if not row.is_left_out]


def _with_blanks(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return lines + [{} for _number in range(max(0, min(BLANK_ROWS, MOST_ROWS - len(lines))))]


class ScheduleForm(TableForm):
    def __init__(self, data: Any = None, *, pilot: Pilot) -> None:
        term = {"term_start": pilot.term_start, "term_end": pilot.term_end}
        self.head = TermForm(data, initial=term)
        lines: list[Any] = list(pilot.milestones.values("title", "starts", "ends", "outputs", "responsible"))
        self.rows = MilestoneLines(data, prefix="row", initial=_with_blanks(lines))

    def milestones(self) -> list[MilestoneRow]:
        return [MilestoneRow(**line) for line in self.said()]


class OutputsForm(TableForm):
    def __init__(self, data: Any = None, *, pilot: Pilot) -> None:
        lines: list[Any] = list(pilot.outputs.values("title", "benefit", "target_key"))
        targets = list(pilot.targets.all())
        self.rows = OutputLines(
            data, prefix="row", initial=_with_blanks(lines), form_kwargs={"targets": targets}
        )

    def outputs(self) -> list[OutputRow]:
        return [OutputRow(**line) for line in self.said()]
