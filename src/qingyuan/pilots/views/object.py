"""The object of a pilot."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.pilots import actions
from qingyuan.pilots.forms.object import DescribeForm
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.views.frame import PartPage
from qingyuan.pilots.wording import region_name, sector_titles


def described(pilot: Pilot) -> list[tuple[str, Any]]:
    """The object in words, for reading."""
    titles = sector_titles(pilot.notice)
    known = {pollutant.id: pollutant.title for form in pilot.category.forms for pollutant in form.pollutants}
    rows = [
        (_("项目名称"), pilot.name),
        (_("申报类别"), pilot.category.title),
        (_("试点对象的形态"), pilot.form.title if pilot.form else ""),
        (_("试点对象名称"), pilot.object_name),
        (_("所在地"), region_name(pilot.region_code)),
        (_("涉及的重点行业"), "、".join(titles.get(key, key) for key in pilot.sectors)),
    ]
    if known:
        rows.append((_("特征污染物"), "、".join(known.get(key, key) for key in pilot.pollutants)))
    return rows


class DescribePage(PartPage):
    verb = actions.describe
    form_class = DescribeForm
    template_name = "pilots/object.html"
    part = "object"
    button = gettext_lazy("保存")
    done = gettext_lazy("试点对象已保存")

    def get_state(self) -> Any:
        pilot = self.object
        return [
            pilot.name,
            pilot.object_form,
            pilot.object_name,
            pilot.region_code,
            list(pilot.sectors),
            list(pilot.pollutants),
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"pilot": self.object}

    def get_initial(self) -> dict[str, Any]:
        return DescribeForm.initial_of(self.object)

    def get_context(self) -> dict[str, Any]:
        forms = self.object.category.forms
        return {**super().get_context(), "rows": described(self.object), "object_forms": forms}
