"""The object of a pilot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.pilots import actions, geometry
from qingyuan.pilots.actions.key_tasks import own_pollutants
from qingyuan.pilots.forms.object import DescribeForm
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.views.extent import shown
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
        pilot = self.object
        data = geometry.data_of(pilot) or {}
        proved = {task["pollutant"] for task in data.get("key_tasks", []) if task["file"]}
        return {
            **super().get_context(),
            "rows": described(pilot),
            "object_forms": pilot.category.forms,
            "ground": shown(data, pilot.notice),
            "extent_links": list(extent_links(pilot)),
            "unproved": [name for name in own_pollutants(pilot) if name not in proved],
        }


def extent_links(pilot: Pilot) -> Iterator[tuple[str, str]]:
    """The pages on where an object of this form lies, as address and words."""
    kind = pilot.object_form
    if kind in geometry.BOUNDED:
        yield reverse("pilots:boundary", args=[pilot.pk]), _("边界坐标与面积")
    if kind == "region":
        yield reverse("pilots:places", args=[pilot.pk]), _("区域所含地市")
    if kind == "basin":
        yield reverse("pilots:basin", args=[pilot.pk]), _("河段和断面")
    if own_pollutants(pilot) or (pilot.form and pilot.form.pollutants and pilot.key_tasks.exists()):
        yield reverse("pilots:key-tasks", args=[pilot.pk]), _("重点工作任务依据")
