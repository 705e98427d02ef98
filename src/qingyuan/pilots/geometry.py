"""Where the object of a pilot lies, as plain data: what the snapshot keeps and every page, paper and check reads.

`object_geometry` of a snapshot is optional: it is missing where nothing was stated, and in snapshots of before.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue import key_regions
from qingyuan.catalogue.key_regions import MemberList
from qingyuan.catalogue.notices.parts import ObjectForm
from qingyuan.catalogue.regions import region_groups
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.papers.river_sketch import Reach as DrawnReach
from qingyuan.papers.river_sketch import Station, draw_rivers
from qingyuan.papers.sketch import Ground, draw_boundary
from qingyuan.pilots.derived import plain
from qingyuan.pilots.models import Boundary, Pilot, Section, WaterClass
from qingyuan.workbooks.polygons import UNIT

BOUNDED = frozenset({"park", "cluster"})
CLASSES = {value: str(label) for value, label in WaterClass.choices}
LEVELS = dict(Section.Level.choices)
M2_IN_KM2 = 1_000_000


def data_of(pilot: Pilot) -> dict[str, Any] | None:
    """What the snapshot keeps, or None where nothing was stated (one query for a park, two for a region, three for a
    basin, none for others).
    """
    kind = pilot.object_form
    found: dict[str, Any] = {}
    if kind in BOUNDED:
        boundary = boundary_of(pilot)
        found = boundary_data(boundary) if boundary else {}
    elif kind == "region":
        found = region_data(pilot)
    elif kind == "basin":
        found = basin_data(pilot)
    form = pilot.form
    if form is not None and form.pollutants and (tasks := key_tasks_data(pilot)):
        found["key_tasks"] = tasks
    return {"kind": kind, **found} if any(found.values()) else None


def boundary_of(pilot: Pilot) -> Boundary | None:
    return Boundary.objects.select_related("upload").filter(pilot=pilot).first()


def boundary_data(boundary: Boundary) -> dict[str, Any]:
    return {
        "crs": "CGCS2000",
        "unit": "1e-7 degree",
        "parcels": boundary.parcels,
        "area_m2": boundary.area_m2,
        "declared_km2": plain(boundary.declared_km2),
        "basis": boundary.basis,
        "prefectures": list(boundary.prefectures),
        "counties": boundary.counties,
        "reason": boundary.reason,
        "file": {"name": boundary.upload.name, "sha256": boundary.upload.sha256} if boundary.upload else None,
    }


def region_data(pilot: Pilot) -> dict[str, Any]:
    codes = [place.code for place in pilot.places.all()]
    return {"place": pilot.key_place, "prefectures": codes} if codes or pilot.key_place else {}


def basin_data(pilot: Pilot) -> dict[str, Any]:
    reaches = [
        {
            "name": reach.name,
            "river": reach.river,
            "from": reach.starts_at,
            "to": reach.ends_at,
            "length_km": plain(reach.length_km),
            "target": reach.target,
        }
        for reach in pilot.reaches.all()
    ]
    sections = [
        {
            "name": section.name,
            "river": section.river,
            "level": section.level,
            "code": section.code,
            "km": plain(section.km),
            "target": section.target,
            "present": section.present,
        }
        for section in pilot.sections.all()
    ]
    if not (reaches or sections or pilot.key_place):
        return {}
    return {"place": pilot.key_place, "reaches": reaches, "sections": sections}


def key_tasks_data(pilot: Pilot) -> list[dict[str, Any]]:
    return [
        {
            "pollutant": task.pollutant,
            "document": task.document,
            "number": task.number,
            "issuer": task.issuer,
            "issued_on": task.issued_on.isoformat(),
            "page": task.page,
            "file": {"name": task.attachment.upload.name, "sha256": task.attachment.upload.sha256}
            if task.attachment
            else None,
        }
        for task in pilot.key_tasks.select_related("attachment__upload")
    ]


def of_snapshot(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The geometry of any snapshot; empty where it has none."""
    found: dict[str, Any] | None = snapshot.get("object_geometry")
    return found or {}


def own_pollutants(form: ObjectForm | None, chosen: list[str], known: set[str]) -> list[str]:
    """Of the pollutants that were chosen, those that the notice does not name for any form of the category."""
    return [name for name in chosen if name not in known] if form is not None and form.pollutants else []


def km2(area_m2: int) -> str:
    """Square kilometres as people write them: three digits after the point, more for the smallest."""
    value = Decimal(area_m2) / M2_IN_KM2
    return f"{value:.3f}" if value >= Decimal("0.1") else f"{value:.6f}"


def difference(data: dict[str, Any]) -> Decimal | None:
    """By how many percent the drawn area differs from the declared one; None where one is missing."""
    if not data.get("area_m2") or not data.get("declared_km2"):
        return None
    declared = Decimal(data["declared_km2"])
    return (Decimal(data["area_m2"]) / M2_IN_KM2 - declared) / declared * 100


def lists_in_force(day: date) -> dict[str, MemberList]:
    """The lists of members that held on a day (that of the notice), by key region."""
    return key_regions.lists_on(day)


def regions_of(code: str, day: date) -> tuple[str, ...]:
    """Ids of the key regions whose list in force names a place."""
    return key_regions.regions_of(code, day)


def lists_are_verified() -> bool:
    return key_regions.are_verified()


def groups_of(code: str, day: date) -> list[str]:
    """The same by their titles."""
    return [region_groups()[group].title for group in regions_of(code, day)]


def place_title(value: str) -> str:
    """A key region or basin by its title; other words as they stand."""
    group = region_groups().get(value)
    return group.title if group else value


def drawing(data: dict[str, Any], *, mark: str = "object") -> str:
    """The schematic drawing as SVG; empty where there is nothing to draw. `mark` keeps ids apart on one page."""
    if data.get("parcels"):
        grounds = [
            Ground(
                name=row["name"],
                polygons=tuple(
                    tuple(tuple((x / UNIT, y / UNIT) for x, y in ring) for ring in polygon)
                    for polygon in row["polygons"]
                ),
                note=f"{km2(row['area_m2'])} km²",
            )
            for row in data["parcels"]
        ]
        return draw_boundary(grounds, title=_("边界示意图"), mark=mark)
    if data.get("reaches"):
        reaches = [
            DrawnReach(
                river=row["river"],
                name=row["name"],
                length=float(row["length_km"]) if row["length_km"] else None,
                note=CLASSES.get(row["target"], ""),
                starts=row["from"],
                ends=row["to"],
            )
            for row in data["reaches"]
        ]
        stations = [
            Station(
                river=row["river"],
                name=row["name"],
                km=float(row["km"]) if row["km"] else None,
                note=" ".join(
                    filter(None, [str(LEVELS.get(row["level"], "")), CLASSES.get(row["present"], "")])
                ),
                meets=bool(row["target"] and row["present"] and row["present"] <= row["target"]),
            )
            for row in data["sections"]
        ]
        return draw_rivers(reaches, stations, title=_("河段与断面示意图"), mark=mark)
    return ""


def coordinates_hash(parcel: dict[str, Any]) -> str:
    """By which a change of single points is seen."""
    return sha256_hex(canonical_bytes(parcel["polygons"]))[:16]
