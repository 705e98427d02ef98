"""The targets table. An empty cell is "not stated"; 0 is zero."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qingyuan.catalogue import indicators
from qingyuan.catalogue.notices.parts import Aim, Measure
from qingyuan.pilots import derived
from qingyuan.pilots.actions.targets import TargetRow
from qingyuan.pilots.derived import plain
from qingyuan.pilots.models import Pilot

BLANK_ROWS = 3
MOST_ROWS = 60
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?$")


class Figure(forms.DecimalField):
    """A decimal as people write it: thousands marks and full-width digits are understood, exponents are not."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **{"max_digits": 24, "decimal_places": 6, **kwargs},
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


def _usual() -> list[Any]:
    """The catalogue's indicators in groups, to choose from."""
    groups = [
        (title, [(one.id, f"{one.title}（{one.unit}）") for one in group])
        for title, group in indicators.by_kind()
    ]
    return [("", _("自拟指标")), *groups]


class RowForm(forms.Form):
    """One line of the table; the lines that the notice asks for keep their name and unit."""

    use_required_attribute = False

    measure_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    indicator_id = forms.ChoiceField(label=gettext_lazy("常用指标"), required=False, choices=_usual)
    indicator = forms.CharField(label=gettext_lazy("指标"), required=False, max_length=80)
    unit = forms.CharField(label=pgettext_lazy("计量", "单位"), required=False, max_length=30)
    baseline_year = forms.IntegerField(
        label=gettext_lazy("基准年"),
        required=False,
        min_value=1990,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    baseline = Figure(label=gettext_lazy("基准值（传统审核）"))
    target = Figure(label=gettext_lazy("目标值（试点）"))
    share = Figure(
        label=gettext_lazy("占试点范围的比例（%）"),
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
    )
    formula = forms.CharField(label=gettext_lazy("节约量计算方法"), required=False, max_length=300)
    note = forms.CharField(label=gettext_lazy("依据与说明"), required=False, max_length=300)
    drop = forms.BooleanField(label=gettext_lazy("删除"), required=False)

    FIGURES = ("baseline_year", "baseline", "target", "share")
    derived = derived.Derived()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = int(str(self.prefix).rpartition("-")[2]) + 1 if str(self.prefix)[-1:].isdigit() else ""
        for field in self.fields.values():
            # A cell has no label of its own on the page.
            field.widget.attrs["class"] = "px-2"
            if field.label in {self.fields["formula"].label, self.fields["note"].label}:
                field.widget.attrs["placeholder"] = field.label
            field.widget.attrs["aria-label"] = _("第 %(n)s 行 %(what)s") % {"n": number, "what": field.label}

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        if not clean.get("measure_id") and not clean.get("drop"):
            written = any(
                clean.get(name) not in (None, "") for name in ("unit", *self.FIGURES, "formula", "note")
            )
            self._check_usual(clean)
            if not (clean.get("indicator") or clean.get("indicator_id")) and (
                written or any(name in self.errors for name in self.FIGURES)
            ):
                self.add_error("indicator", _("请填写指标名称，或清空本行"))
        return clean

    def _check_usual(self, clean: dict[str, Any]) -> None:
        usual = indicators.indicators().get(clean.get("indicator_id") or "")
        unit = clean.get("unit")
        if usual is not None and unit and unit not in usual.units:
            self.add_error(
                "unit",
                _("“%(title)s”的单位应为：%(units)s")
                % {"title": usual.title, "units": "、".join(usual.units)},
            )

    @property
    def is_left_out(self) -> bool:
        clean = self.cleaned_data
        return bool(clean.get("drop")) or not any(
            clean.get(name) for name in ("measure_id", "indicator", "indicator_id")
        )


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
            {
                "key": target.key,
                "indicator_id": target.indicator_id,
                "indicator": target.indicator,
                "unit": target.unit,
                **_figures(target),
            }
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
            if not self.is_bound:
                row.derived = row.initial.get("derived", derived.Derived())
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
                indicator_id="" if clean["measure_id"] else clean["indicator_id"],
                formula=clean["formula"],
                share=clean["share"],
                key=clean["key"],
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
        "share": plain(target.share),
        "formula": target.formula,
        "derived": derived.of(target),
        "note": target.note,
    }
