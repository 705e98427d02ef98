"""The object of a pilot."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import regions
from qingyuan.catalogue.notices.parts import ObjectForm
from qingyuan.pilots.actions.content import MAX_NAME
from qingyuan.pilots.models import Pilot
from qingyuan.pilots.wording import sector_titles

MOST_OWN_POLLUTANTS = 20


class DescribeForm(forms.Form):
    """Form of the object, its place, its sectors, and what pollutes there. A draft may leave things open."""

    name = forms.CharField(label=gettext_lazy("项目名称"), max_length=MAX_NAME)
    object_form = forms.ChoiceField(label=gettext_lazy("试点对象的形态"), widget=forms.RadioSelect)
    object_name = forms.CharField(
        label=gettext_lazy("试点对象名称"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("园区、集群、行业所在区域或流域的规范名称"),
    )
    region_code = forms.ChoiceField(label=gettext_lazy("所在地"), required=False)
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("涉及的重点行业"), widget=forms.CheckboxSelectMultiple, required=False
    )
    pollutants = forms.MultipleChoiceField(
        label=gettext_lazy("特征污染物"), widget=forms.CheckboxSelectMultiple, required=False
    )
    own_pollutants = forms.CharField(
        label=gettext_lazy("自行选取的特征污染物"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("每行一项；其减排工作须已纳入地方重点工作任务，在“申报条件”中说明"),
    )

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pilot = pilot
        forms_of_object = pilot.category.forms
        known = [pollutant for form in forms_of_object for pollutant in form.pollutants]
        self.known_pollutants = {pollutant.id: pollutant.title for pollutant in known}
        if not self.known_pollutants:
            del self.fields["pollutants"], self.fields["own_pollutants"]
        else:
            self._choose("pollutants", [(p.id, p.title) for p in known])
            self.fields["pollutants"].help_text = "；".join(
                _("%(form)s：%(pollutants)s")
                % {"form": form.title, "pollutants": "、".join(p.title for p in form.pollutants)}
                for form in forms_of_object
                if form.pollutants
            )
        self._choose("object_form", [(form.kind, form.title) for form in forms_of_object])
        self._choose("region_code", [("", _("请选择")), *places(pilot)])
        self._choose("sectors", sector_choices(pilot, forms_of_object))

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @staticmethod
    def initial_of(pilot: Pilot) -> dict[str, Any]:
        known = {pollutant.id for form in pilot.category.forms for pollutant in form.pollutants}
        return {
            "name": pilot.name,
            "object_form": pilot.object_form,
            "object_name": pilot.object_name,
            "region_code": pilot.region_code,
            "sectors": pilot.sectors,
            "pollutants": [item for item in pilot.pollutants if item in known],
            "own_pollutants": "\n".join(item for item in pilot.pollutants if item not in known),
        }

    def clean_own_pollutants(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["own_pollutants"].splitlines()]
        own = list(dict.fromkeys(line for line in lines if line))
        if len(own) > MOST_OWN_POLLUTANTS:
            raise forms.ValidationError(_("最多 %d 项") % MOST_OWN_POLLUTANTS)
        if long := [line for line in own if len(line) > 60]:
            raise forms.ValidationError(_("“%s…”过长，每项不超过 60 字") % long[0][:20])
        return own

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        clean["pollutants"] = [*clean.get("pollutants", []), *clean.pop("own_pollutants", [])]
        return clean


def places(pilot: Pilot) -> list[tuple[str, str]]:
    """The prefectures of the applicant's province; the province itself where the object lies in several."""
    own = pilot.region_code or pilot.applicant.region_code or (pilot.notice.region or "")
    province = f"{own[:2]}0000" if own else ""
    rows = [(region.code, region.name) for region in regions.children(province)] if province else []
    known = regions.regions()
    if province in known:
        rows.append((province, _("%s（跨市）") % known[province].name))
    if pilot.region_code and pilot.region_code not in dict(rows):
        rows.append(
            (
                pilot.region_code,
                known[pilot.region_code].name if pilot.region_code in known else pilot.region_code,
            )
        )
    return rows


def sector_choices(
    pilot: Pilot, forms_of_object: tuple[ObjectForm, ...]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The notice's sectors: first those meant for the form of object that was chosen, then the others."""
    titles = sector_titles(pilot.notice)
    chosen = [form for form in forms_of_object if form.kind == pilot.object_form] or list(forms_of_object)
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    placed: set[str] = set()
    for form in chosen:
        meant = [key for key in titles if key in form.sectors and key not in placed]
        if meant:
            groups.append((_("通知为“%s”列出的行业") % form.title, [(key, titles[key]) for key in meant]))
            placed.update(meant)
    others = [(key, title) for key, title in titles.items() if key not in placed]
    if others:
        groups.append((_("通知列出的其他重点行业"), others))
    return groups
