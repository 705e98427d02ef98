"""Forms of a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits.models import Dataset, DatasetVersion
from qingyuan.kernel import clock
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.people.models import Organisation, User
from qingyuan.ui.forms import SizedFileInput
from qingyuan.workbooks.collected import TEMPLATES
from qingyuan.workbooks.schema import Column, Table

XLSX = frozenset({"xlsx"})
OF_CATEGORY = {"sector": "industry", "park": "park", "region": "region"}


class BeginForm(forms.Form):
    template = forms.ChoiceField(
        label=gettext_lazy("采集表"),
        choices=Dataset.Template.choices,
        help_text=gettext_lazy("行业：指标、能耗水耗、方案；园区：物质、热、水、共生；区域流域：排放与响应"),
    )
    title = forms.CharField(
        label=gettext_lazy("名称"), max_length=120, help_text=gettext_lazy("如“2021年审核数据”")
    )
    year = forms.IntegerField(
        label=gettext_lazy("数据年份"),
        min_value=1990,
        max_value=2100,
        help_text=gettext_lazy("各项数值所属的年度"),
    )

    @staticmethod
    def begun(category_id: str) -> dict[str, Any]:
        year = clock.local(clock.now()).year - 1
        return {
            "template": OF_CATEGORY.get(category_id, "park"),
            "title": _("%d年审核数据") % year,
            "year": year,
        }


class WorkbookForm(OversizeAware):
    file = UploadField(
        label=gettext_lazy("填好的采集表"),
        allow=XLSX,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx"),
        help_text=gettext_lazy("Excel 工作簿（.xlsx）。有一处错误就全部不导入；没有填写的表保持不变"),
    )


class TakeForm(forms.Form):
    version = forms.ModelChoiceField(label=gettext_lazy("取用哪一版"), queryset=DatasetVersion.objects.none())
    tables = forms.MultipleChoiceField(
        label=gettext_lazy("取用哪些表"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("所选各表整体替换；该版中没有数据的表不会被清空"),
    )

    def __init__(
        self, *args: Any, versions: Sequence[DatasetVersion], tables: Sequence[Table], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        version, chosen = self.fields["version"], self.fields["tables"]
        assert isinstance(version, forms.ModelChoiceField)
        assert isinstance(chosen, forms.MultipleChoiceField)
        version.queryset = DatasetVersion.objects.filter(pk__in=[one.pk for one in versions]).select_related(
            "dataset__pilot"
        )
        version.label_from_instance = lambda obj: (  # type: ignore[method-assign]
            _("%(pilot)s · %(title)s · 第 %(number)d 版")
            % {"pilot": obj.dataset.pilot.name, "title": obj.dataset.title, "number": obj.number}
        )
        chosen.choices = [(table.name, table.title) for table in tables]


class FixForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("仍有未了结的核查问题时定版的理由"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("没有未了结的问题时留空；填写的理由随该版留存"),
    )


class AccessForm(forms.Form):
    who = forms.ChoiceField(label=gettext_lazy("人员或单位"))

    def __init__(
        self, *args: Any, people: Sequence[User], units: Sequence[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        self.people = {f"user-{one.pk}": one for one in people}
        self.units = {f"unit-{one.pk}": one for one in units}
        who.choices = [
            ("", _("请选择")),
            (_("申报单位人员"), [(key, str(one)) for key, one in self.people.items()]),
            (_("授权在有效期内的技术支撑单位"), [(key, one.name) for key, one in self.units.items()]),
        ]

    def chosen(self) -> Mapping[str, Any]:
        who = self.cleaned_data["who"]
        return {"user": self.people.get(who), "organisation": self.units.get(who)}


class RowForm(forms.Form):
    """One row as a form: a field per column, every cell as text in the column's own words."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(
        self,
        *args: Any,
        table: Table,
        values: Mapping[str, str],
        fixed: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.places = {
            f"c{place}": column for place, column in enumerate(table.columns) if column.name not in fixed
        }
        for field, column in self.places.items():
            self.fields[field] = field_of(column)
            self.initial.setdefault(field, values.get(column.name, ""))

    def texts(self) -> dict[str, str]:
        """What was typed, by column."""
        return {column.name: self.cleaned_data[field] for field, column in self.places.items()}

    def field_name(self, column: str) -> str:
        return next((field for field, one in self.places.items() if one.name == column), "")


def field_of(column: Column) -> forms.CharField:
    """A cell's field. Whether its text is a number the table's own reader says, in one way everywhere."""
    label = column.heading + (_("（必填）") if column.required else "")
    attrs: dict[str, str] = {"autocomplete": "off"}
    if column.kind in {"decimal", "integer"}:
        attrs["inputmode"] = "decimal"
    if column.kind == "date":
        attrs["placeholder"] = "2021-12-31"
    if column.kind == "choice":
        offered = [("", "—"), *((one, one) for one in column.choices)]
        offered += [("na", _("不适用"))] if column.allow_na else []
        return forms.CharField(
            label=label, required=False, help_text=column.note, widget=forms.Select(choices=offered)
        )
    return forms.CharField(
        label=label,
        required=False,
        max_length=column.longest,
        help_text=column.note,
        widget=forms.TextInput(attrs=attrs),
    )


__all__ = ["TEMPLATES", "AccessForm", "BeginForm", "FixForm", "RowForm", "TakeForm", "WorkbookForm"]
