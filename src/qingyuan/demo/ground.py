"""Where the demo's objects lie: invented boundaries, reaches and sections, and the proof of a key task."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qingyuan.demo import files
from qingyuan.kernel.gate import receive
from qingyuan.pilots import actions
from qingyuan.pilots.actions.extent import ReachRow, SectionRow
from qingyuan.workbooks.polygons import UNIT, Parcel, Ring

if TYPE_CHECKING:
    from qingyuan.demo.pilots import Example
    from qingyuan.pilots.models import Pilot

# Kilometres in a ten-millionth of a degree would be too small to read: corners are written in tenths of a kilometre
# from a corner of the park, and these many units of longitude and latitude make a tenth in the middle of Henan.
EAST, NORTH = round(0.1 / 91.4 * UNIT), round(0.1 / 110.9 * UNIT)

WEST_PART = ((0, 4), (19, 0), (34, 3), (37, 22), (27, 31), (12, 29), (1, 17))
VILLAGE = ((14, 12), (21, 11), (22, 17), (15, 19))
EAST_PART = ((43, 5), (66, 2), (69, 21), (48, 24))
ZONE = ((0, 0), (26, 3), (29, 20), (14, 27), (2, 18))


def reaches(upper: str, lower: str) -> tuple[ReachRow, ...]:
    """A length of the Yellow River through two counties, and a ditch that the mills drain into."""
    return (
        ReachRow(f"{upper}上段（演示）", "黄河", "县界断面", "中游控制断面", Decimal("38.5"), "3"),
        ReachRow(f"{lower}下段（演示）", "黄河", "中游控制断面", "出境断面", Decimal("27.2"), "3"),
        ReachRow("支沟河全段（演示）", "支沟河（演示）", "企业集中区", "入黄口", Decimal("16.4"), "4"),
    )


SECTIONS = (
    SectionRow("县界断面（演示）", "黄河", "provincial", "", Decimal("0.5"), "3", "3"),
    SectionRow("中游控制断面（演示）", "黄河", "provincial", "", Decimal("38.5"), "3", "4"),
    SectionRow("出境断面（演示）", "黄河", "national", "", Decimal("65.0"), "3", "3"),
    SectionRow("入黄口断面（演示）", "支沟河（演示）", "city", "", Decimal("16.0"), "4", "5"),
)
OWN_POLLUTANT = "总氮"


def _ring(corners: tuple[tuple[int, int], ...], *, west: float, south: float) -> Ring:
    return tuple((round(west * UNIT) + x * EAST, round(south * UNIT) + y * NORTH) for x, y in corners)


def describe(pilot: Pilot, example: Example, *, by: Any) -> None:
    """What the form of the object asks for; a cluster without a line around it says nothing."""
    if example.is_rich:
        west, south = 112.58, 34.81
        parcels = [
            Parcel(
                "西片区（演示）",
                (
                    (
                        _ring(WEST_PART, west=west, south=south),
                        _ring(VILLAGE, west=west, south=south),
                    ),
                ),
            ),
            Parcel("东片区（演示）", ((_ring(EAST_PART, west=west, south=south),),)),
        ]
        _bound(pilot, parcels, area="12.6", counties="孟津区、伊川县", by=by)
    elif example.form == "park":
        west = 112 + int(pilot.region_code[2:4]) / 10
        _bound(
            pilot,
            [Parcel("", ((_ring(ZONE, west=west, south=33.0),),))],
            area="5.67",
            counties="、".join(example.counties),
            by=by,
        )
    elif example.form == "basin":
        actions.set_basin(
            pilot, by=by, key_place="yellow-river", reaches=reaches(*example.counties), sections=SECTIONS
        )
        if OWN_POLLUTANT in example.pollutants:
            _prove(pilot, by=by)
    elif example.form == "region":
        actions.set_places(pilot, by=by, key_place=example.key_place, codes=list(example.prefectures))


def _bound(pilot: Pilot, parcels: list[Parcel], *, area: str, counties: str, by: Any) -> None:
    actions.set_boundary(
        pilot,
        by=by,
        parcels=parcels,
        declared_km2=Decimal(area),
        basis="演示：园区总体规划批复，边界以规划图为准",
        prefectures=[pilot.region_code],
        counties=counties,
    )


def _prove(pilot: Pilot, *, by: Any) -> None:
    upload = receive(files.evidence("载明总氮减排任务的文件"), by=by, name="演示-重点工作任务.docx")
    actions.prove_key_task(
        pilot,
        by=by,
        pollutant=OWN_POLLUTANT,
        document="演示：水污染防治年度工作方案",
        number="演示政办〔2022〕0号",
        issuer="濮阳市人民政府办公室（演示）",
        issued_on=date(2022, 3, 18),
        page="第 6 页第（二）项",
        upload=upload,
    )
