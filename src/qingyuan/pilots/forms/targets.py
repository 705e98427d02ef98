"""The targets table. An empty cell is "not stated"; 0 is zero."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue.notices.parts import Aim, Measure
from qingyuan.pilots.actions.content import TargetRow
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.snapshot import plain

BLANK_ROWS = 3
MOST_ROWS = 60
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?$")


class Figure(forms.DecimalField):
    """A decimal as people write it: thousands marks and full-width digits are understood, exponents are not."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_digits=24,
            decimal_places=6,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            bare = unicodedata.normalize("NFKC", value).replace(",", "").replace(" ", "")
            if bare and not _NUMBER.match(bare):
                raise forms.ValidationError(
                    _("“%s”不是数字；应只写数字和小数点，如 1200.5；没有数据请留空") % value[:40],
                    code="invalid",
                )
            value = bare
        return super().to_python(value)


class RowForm(forms.Form):
    """One line of the table; the lines that the notice asks for keep their name and unit."""

    use_required_attribute = False

    measure_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    indicator = forms.CharField(label=gettext_lazy("指标"), required=False, max_length=80)
    unit = forms.CharField(label=gettext_lazy("单位"), required=False, max_length=30)
    baseline_year = forms.IntegerField(
        label=gettext_lazy("基准年"),
        required=False,
        min_value=1990,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    baseline = Figure(label=gettext_lazy("基准值（传统审核）"))
    target = Figure(label=gettext_lazy("目标值（试点）"))
    note = forms.CharField(label=gettext_lazy("依据与说明"), required=False, max_length=300)
    drop = forms.BooleanField(label=gettext_lazy("删除"), required=False)

    FIGURES = ("baseline_year", "baseline", "target")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = int(str(self.prefix).rpartition("-")[2]) + 1 if str(self.prefix)[-1:].isdigit() else ""
        for field in self.fields.values():
            # A cell has no label of its own on the page.
            field.widget.attrs["class"] = "px-2"
            field.widget.attrs["aria-label"] = _("第 %(n)s 行 %(what)s") % {"n": number, "what": field.label}

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        if not clean.get("measure_id") and not clean.get("drop"):
            written = any(clean.get(name) not in (None, "") for name in ("unit", *self.FIGURES, "note"))
            if not clean.get("indicator") and (written or any(name in self.errors for name in self.FIGURES)):
                self.add_error("indicator", _("请填写指标名称，或清空本行"))
        return clean

    @property
    def is_left_out(self) -> bool:
        clean = self.cleaned_data
        return bool(clean.get("drop")) or not (clean.get("measure_id") or clean.get("indicator"))


Rows = forms.formset_factory(RowForm, extra=0, max_num=MOST_ROWS, validate_max=True)


class TargetsForm:
    """The whole table: what the notice asks, then the applicant's own targets, then blank lines to add some."""

    is_multipart = False

    def __init__(
        self, data: Any = None, files: Any = None, *, pilot: Pilot, initial: dict[str, Any] | None = None
    ) -> None:
        del files, initial
        self.fields: dict[str, forms.Field] = {}
        self.measures: dict[str, tuple[Aim, Measure]] = {
            measure.id: (aim, measure) for aim in pilot.notice.aims for measure in aim.measures
        }
        self.rows: Any = Rows(data, prefix="row", initial=self._initial(pilot))
        self.is_bound = data is not None

    def _initial(self, pilot: Pilot) -> list[dict[str, Any]]:
        stored = list(pilot.targets.all())
        asked = {target.measure_id: target for target in stored if target.measure_id}
        lines = [
            {"measure_id": key, "indicator": measure.title, "unit": measure.unit, **_figures(asked.get(key))}
            for key, (_aim, measure) in self.measures.items()
        ]
        lines += [
            {"indicator": target.indicator, "unit": target.unit, **_figures(target)}
            for target in stored
            if not target.measure_id
        ]
        return lines + [{} for _number in range(max(0, min(BLANK_ROWS, MOST_ROWS - len(lines))))]

    @property
    def media(self) -> Any:
        return self.rows.media

    @property
    def errors(self) -> Sequence[Any]:
        """Empty when nothing is wrong (a formset would list an empty dictionary for every line)."""
        return [errors for errors in self.rows.errors if errors] or list(self.rows.non_form_errors())

    def is_valid(self) -> bool:
        return bool(self.rows.is_valid())

    def lines(self) -> list[tuple[RowForm, Aim | None, Measure | None]]:
        """The lines with what the notice says of them."""
        found = []
        for row in self.rows:
            aim, measure = self.measures.get(str(row["measure_id"].value() or ""), (None, None))
            found.append((row, aim, measure))
        return found

    def targets(self) -> list[TargetRow]:
        """The lines of a valid table that say something."""
        return [
            TargetRow(
                indicator=clean["indicator"] or self._title(clean["measure_id"]),
                unit=clean["unit"],
                baseline_year=clean["baseline_year"],
                baseline=clean["baseline"],
                target=clean["target"],
                note=clean["note"],
                measure_id=clean["measure_id"],
            )
            for row in self.rows
            if not row.is_left_out
            for clean in [row.cleaned_data]
        ]

    def _title(self, measure_id: str) -> str:
        return self.measures[measure_id][1].title if measure_id in self.measures else ""


def _figures(target: Any) -> dict[str, Any]:
    if target is None:
        return {}
    return {
        "baseline_year": target.baseline_year,
        "baseline": plain(target.baseline),
        "target": plain(target.target),
        "note": target.note,
    }
