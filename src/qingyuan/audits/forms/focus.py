"""A table of candidates by factors; rows without a name are left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits.actions.focus import Candidate
from qingyuan.catalogue.focus import FocusMethod

ROWS = 10


class FocusForm(forms.Form):
    """Names of fields are the places in which the verb finds what is wrong; empty rows close up."""

    title = forms.CharField(
        label=gettext_lazy("审核对象"),
        max_length=120,
        help_text=gettext_lazy("园区、企业或行业的名称；备选审核重点是其中的车间、工序、设备或企业"),
    )

    def __init__(self, *args: Any, method: FocusMethod, earlier: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.method = method
        self.rows = max(ROWS, len(earlier) + 3)
        for place in range(self.rows):
            row: Any = earlier[place] if place < len(earlier) else {"name": "", "scores": {}}
            self.fields[f"row.{place}.name"] = forms.CharField(
                label=_("备选审核重点"), required=False, max_length=120, initial=row["name"]
            )
            for factor in method.factors:
                self.fields[f"row.{place}.{factor.id}"] = forms.DecimalField(
                    label=factor.title,
                    required=False,
                    min_value=0,
                    max_value=method.score_most,
                    max_digits=6,
                    decimal_places=2,
                    initial=row["scores"].get(factor.id),
                )

    def lines(self) -> list[list[Any]]:
        """For the table of the page."""
        return [
            [self[f"row.{place}.name"], *(self[f"row.{place}.{one.id}"] for one in self.method.factors)]
            for place in range(self.rows)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in range(self.rows):
            name = " ".join(str(cleaned.get(f"row.{place}.name") or "").split())
            stated = [
                factor.id
                for factor in self.method.factors
                if cleaned.get(f"row.{place}.{factor.id}") is not None
            ]
            if stated and not name and f"row.{place}.name" not in self.errors:
                self.add_error(f"row.{place}.name", _("打了分的一行要写明备选的名称"))
            for factor in self.method.factors if name else ():
                field = f"row.{place}.{factor.id}"
                if factor.id not in stated and field not in self.errors:
                    self.add_error(field, _("没有打分"))
        return cleaned

    def candidates(self) -> list[Candidate]:
        found = []
        for place in range(self.rows):
            name = " ".join(self.cleaned_data[f"row.{place}.name"].split())
            if name:
                scores = {one.id: self.cleaned_data[f"row.{place}.{one.id}"] for one in self.method.factors}
                found.append(Candidate(name=name, scores=scores))
        return found
