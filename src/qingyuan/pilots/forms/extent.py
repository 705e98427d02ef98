"""Where the object lies: the boundary, the places of a region, the tables of a basin, and the proofs of key tasks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import regions
from qingyuan.catalogue.regions import region_groups
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.pilots import geometry
from qingyuan.pilots.actions.extent import MOST_REACHES, MOST_SECTIONS, ReachRow, SectionRow
from qingyuan.pilots.actions.key_tasks import own_pollutants
from qingyuan.pilots.forms.schedule import LineForm, TableForm
from qingyuan.pilots.models import Pilot, Reach, Section, WaterClass
from qingyuan.ui.forms import SizedFileInput
from qingyuan.workbooks.basin import reach_table, section_table
from qingyuan.workbooks.coordinates import MOST_TEXT, LineProblem, as_text, read_geojson, read_text
from qingyuan.workbooks.polygons import Parcel, from_data, problems_of
from qingyuan.workbooks.read import Reading
from qingyuan.workbooks.schema import NA, Table

GEOJSON = frozenset({"geojson"})
BLANK_ROWS = 3
OTHER = "other"


def prefecture_choices(pilot: Pilot, *, with_groups: bool = False) -> list[tuple[str, str]]:
    """The known prefectures, those of the applicant's province first; with the key regions that name them."""
    own = (pilot.applicant.region_code or pilot.notice.region or "")[:2]
    rows = [region for region in regions.regions().values() if region.level == "prefecture"]
    rows.sort(key=lambda region: (region.code[:2] != own, region.code))
    titles = []
    for region in rows:
        groups = geometry.groups_of(region.code, pilot.notice.issued.day) if with_groups else []
        titles.append((region.code, f"{region.name}（{'、'.join(groups)}）" if groups else region.name))
    return titles


class BoundaryForm(OversizeAware):
    """The boundary as a file or as a list of coordinates, and what the papers say of it."""

    file = UploadField(
        label=gettext_lazy("GeoJSON 文件"),
        required=False,
        allow=GEOJSON,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".geojson,.json"),
        help_text=gettext_lazy(
            "面（Polygon、MultiPolygon），经纬度；上传后替换下面的坐标，片区名称取自属性 name 或“名称”"
        ),
    )
    coordinates = forms.CharField(
        label=gettext_lazy("拐点坐标"),
        required=False,
        max_length=MOST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "q-mono", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "CGCS2000 经纬度，一行一点，先经度后纬度：112.4536,34.6197 或 112°27′13″,34°37′11″，前面可有点号；"
            "空行分开几个环，不必重复首点；“# 名称”另起一个片区；“内环”表示下面一环是要扣除的部分"
        ),
    )
    declared_km2 = forms.DecimalField(
        label=gettext_lazy("批复面积（平方公里）"),
        required=False,
        max_digits=12,
        decimal_places=4,
        min_value=Decimal(0),
    )
    basis = forms.CharField(
        label=gettext_lazy("划定边界的文件"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("文件名称和文号"),
    )
    prefectures = forms.MultipleChoiceField(
        label=gettext_lazy("所在地市"), required=False, widget=forms.CheckboxSelectMultiple
    )
    counties = forms.CharField(label=gettext_lazy("所在县（市、区）"), required=False, max_length=200)
    reason = forms.CharField(
        label=gettext_lazy("跨地市的理由"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("通知为“原则上不跨地市行政区域”；只在一个地市的不填"),
    )

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["prefectures"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = prefecture_choices(pilot)
        self.parcels: Sequence[Parcel] = ()

    @staticmethod
    def initial_of(pilot: Pilot) -> dict[str, Any]:
        boundary = geometry.boundary_of(pilot)
        if boundary is None:
            home = regions.regions().get(pilot.region_code)
            return {"prefectures": [home.code] if home is not None and home.level == "prefecture" else []}
        return {
            "coordinates": as_text(from_data(boundary.parcels)),
            "declared_km2": boundary.declared_km2,
            "basis": boundary.basis,
            "prefectures": boundary.prefectures,
            "counties": boundary.counties,
            "reason": boundary.reason,
        }

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        file, text = clean.get("file"), clean.get("coordinates") or ""
        if not file and not text.strip():
            return clean
        if file:
            file.seek(0)
            self.parcels, problems = read_geojson(file.read())
            file.seek(0)
        else:
            self.parcels, problems = read_text(text)
        problems = problems or [LineProblem(sentence) for sentence in problems_of(self.parcels)]
        for problem in problems:
            self.add_error("file" if file else "coordinates", str(problem))
        return clean


class PlacesForm(forms.Form):
    """Which key region, and which prefectures."""

    key_place = forms.ChoiceField(
        label=gettext_lazy("属于通知所列的哪个区域"), required=False, widget=forms.RadioSelect
    )
    other = forms.CharField(
        label=gettext_lazy("其他区域（通知中的“等”）"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("选“其他”时填写"),
    )
    codes = forms.MultipleChoiceField(
        label=gettext_lazy("区域所含地市"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_key_places(self.fields["key_place"], pilot)
        if "codes" in self.fields:
            codes = self.fields["codes"]
            assert isinstance(codes, forms.ChoiceField)
            codes.choices = prefecture_choices(pilot, with_groups=True)

    @staticmethod
    def initial_of(pilot: Pilot) -> dict[str, Any]:
        known = pilot.key_place in region_groups()
        return {
            "key_place": pilot.key_place if known or not pilot.key_place else OTHER,
            "other": "" if known else pilot.key_place,
            "codes": [place.code for place in pilot.places.all()] if pilot.object_form == "region" else [],
        }

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        other = " ".join((clean.pop("other", "") or "").split())
        if clean.get("key_place") == OTHER:
            if not other:
                self.add_error("other", _("请写明是哪个区域（流域）"))
            clean["key_place"] = other
        return clean


def _offer_key_places(field: forms.Field, pilot: Pilot) -> None:
    assert isinstance(field, forms.ChoiceField)
    form = pilot.form
    known = region_groups()
    field.choices = [
        *((key, known[key].title) for key in (form.places if form else ())),
        (OTHER, _("其他")),
    ]


class BasinHead(PlacesForm):
    """Which basin."""

    codes = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key_place"].label = _("属于通知所列的哪个流域")
        self.fields["other"].label = _("其他流域（通知中的“等”）")


def _classes(*, worst: bool) -> list[tuple[str, Any]]:
    return [("", "—"), *(WaterClass.choices if worst else WaterClass.choices[:-1])]


class ReachLine(LineForm):
    asked = ("name", "river")
    name = forms.CharField(label=gettext_lazy("河段名称"), required=False, max_length=80)
    river = forms.CharField(label=gettext_lazy("河流"), required=False, max_length=60)
    starts_at = forms.CharField(label=gettext_lazy("起点"), required=False, max_length=80)
    ends_at = forms.CharField(label=gettext_lazy("止点"), required=False, max_length=80)
    length_km = forms.DecimalField(
        label=gettext_lazy("长度（km）"), required=False, max_digits=8, decimal_places=3
    )
    target = forms.ChoiceField(label=gettext_lazy("水质目标"), required=False, choices=_classes(worst=False))


class SectionLine(LineForm):
    asked = ("name", "river")
    name = forms.CharField(label=gettext_lazy("断面名称"), required=False, max_length=80)
    river = forms.CharField(label=gettext_lazy("河流"), required=False, max_length=60)
    level = forms.ChoiceField(
        label=gettext_lazy("级别"), required=False, choices=[("", "—"), *Section.Level.choices]
    )
    code = forms.CharField(label=gettext_lazy("断面编码"), required=False, max_length=30)
    km = forms.DecimalField(label=gettext_lazy("里程（km）"), required=False, max_digits=8, decimal_places=3)
    target = forms.ChoiceField(label=gettext_lazy("目标类别"), required=False, choices=_classes(worst=False))
    present = forms.ChoiceField(label=gettext_lazy("现状类别"), required=False, choices=_classes(worst=True))


ReachLines = forms.formset_factory(ReachLine, extra=0, max_num=MOST_REACHES, validate_max=True)
SectionLines = forms.formset_factory(SectionLine, extra=0, max_num=MOST_SECTIONS, validate_max=True)
REACH_FIELDS = ("name", "river", "starts_at", "ends_at", "length_km", "target")
SECTION_FIELDS = ("name", "river", "level", "code", "km", "target", "present")


class _Lines(TableForm):
    def __init__(self, rows: Any) -> None:
        self.rows = rows


class BasinForm(TableForm):
    """The head and both tables as one form."""

    def __init__(self, data: Any = None, *, pilot: Pilot) -> None:
        self.head = BasinHead(data, initial=PlacesForm.initial_of(pilot), pilot=pilot)
        reaches: list[Any] = list(Reach.objects.filter(pilot=pilot).values(*REACH_FIELDS))
        sections: list[Any] = list(Section.objects.filter(pilot=pilot).values(*SECTION_FIELDS))
        self.reaches = _Lines(ReachLines(data, prefix="reach", initial=_with_blanks(reaches, MOST_REACHES)))
        self.sections = _Lines(
            SectionLines(data, prefix="section", initial=_with_blanks(sections, MOST_SECTIONS))
        )
        self.rows = self.reaches.rows

    @property
    def tables(self) -> list[tuple[str, _Lines]]:
        return [(_("河段"), self.reaches), (_("断面"), self.sections)]

    @property
    def errors(self) -> Sequence[Any]:
        found = [*self.reaches.errors, *self.sections.errors]
        return [self.head.errors, *found] if self.head is not None and self.head.errors else found

    def is_valid(self) -> bool:
        assert self.head is not None
        return self.head.is_valid() & self.reaches.is_valid() & self.sections.is_valid()

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        assert self.head is not None
        return {
            "key_place": self.head.cleaned_data["key_place"],
            "reaches": [ReachRow(**line) for line in self.reaches.said()],
            "sections": [SectionRow(**line) for line in self.sections.said()],
        }


def _with_blanks(lines: list[Any], most: int) -> list[Any]:
    return lines + [{} for _number in range(max(0, min(BLANK_ROWS, most - len(lines))))]


class BasinImportForm(OversizeAware):
    """A workbook with one of the two tables."""

    file = UploadField(
        label=gettext_lazy("Excel 工作簿"),
        allow=frozenset({"xlsx"}),
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx"),
        help_text=gettext_lazy("按模板填写（.xlsx）；导入后整体替换现有的这张表"),
    )


TABLES: dict[str, Any] = {"reaches": reach_table, "sections": section_table}


def table_of(kind: str) -> Table:
    table: Table = TABLES[kind]()
    return table


def rows_of(kind: str, reading: Reading) -> list[ReachRow] | list[SectionRow]:
    """The rows of a workbook without problems, as the verb takes them."""
    levels = {str(label): value for value, label in Section.Level.choices}
    classes = {str(label): value for value, label in WaterClass.choices}
    keyed = {"level": levels, "target": classes, "present": classes}
    numbers = {"length_km", "km"}

    def said(name: str, value: Any) -> Any:
        if value is None or value is NA:
            return None if name in numbers else ""
        return keyed[name].get(value, "") if name in keyed else value

    lines = [{name: said(name, value) for name, value in row.items()} for row in reading.rows()]
    return (
        [ReachRow(**line) for line in lines] if kind == "reaches" else [SectionRow(**line) for line in lines]
    )


class KeyTaskForm(OversizeAware):
    """In which document the reduction of a self-chosen pollutant is a local key task."""

    pollutant = forms.ChoiceField(label=gettext_lazy("污染物"))
    document = forms.CharField(label=gettext_lazy("文件名称"), max_length=200)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=80)
    issuer = forms.CharField(label=gettext_lazy("发文机关"), max_length=120)
    issued_on = forms.DateField(
        label=gettext_lazy("印发日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    page = forms.CharField(
        label=gettext_lazy("页码、条款"), max_length=60, help_text=gettext_lazy("如：第 12 页第（三）项")
    )
    file = UploadField(
        label=gettext_lazy("文件"),
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES),
        help_text=gettext_lazy("载明该项任务的文件（PDF、OFD、Word、PNG、JPG）"),
    )

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pollutant"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name) for name in own_pollutants(pilot)]
