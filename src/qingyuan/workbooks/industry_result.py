"""A diagnosis as plain data: what `diagnose --json` prints and result.json holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from qingyuan.catalogue import diagnosis as catalogue
from qingyuan.engine.diagnosis import Diagnosis, Replication
from qingyuan.engine.economics import cost_class
from qingyuan.engine.indices.exact import NAMES
from qingyuan.engine.indices.system import LEVELS
from qingyuan.workbooks.industry_case import SectorData


def result(data: SectorData, found: Diagnosis) -> dict[str, Any]:
    """The one JSON value; enterprises by name, shares as fractions, amounts a year."""
    assert data.case is not None
    names = data.case.sector.names
    loaded = data.indicators.loaded if data.indicators else None
    return {
        "status": "done",
        "dataset": data.file,
        "system": loaded.file.id if loaded else None,
        "verified": bool(loaded and loaded.file.verified),
        "enterprises": len(names),
        "output_unit": data.output_unit,
        "levels": _levels(data),
        "indicators": [
            {name: value for name, value in asdict(gap).items() if name != "failing"} for gap in found.gaps
        ],
        "bundles": [asdict(one) | {"level": data.case.options.bundle_level} for one in found.bundles],
        "bundles_found": found.bundles_found,
        "potential": [asdict(one) for one in found.potential],
        "potential_basis": dict(data.counted),
        "potential_left_out": dict(data.left_out),
        "replication": [
            {
                "measure": one.measure,
                "indicators": list(one.indicators),
                "enterprises": [names[place] for place in one.places],
                "saving": one.amounts["saving_cny"],
                "counted": one.counted,
                "reports": one.reports,
                "cost_class": cost_class_of(data, one),
                **one.amounts,
                "effects": dict(one.effects),
            }
            for one in found.replication
        ],
        "frontier": [
            {
                "enterprise": names[place],
                "crs": score.crs,
                "vrs": score.vrs,
                "scale": score.scale,
                "peers": [names[peer] for peer in score.peers],
                "verified": score.verified,
            }
            for place, score in enumerate(found.frontier)
        ],
        "frontier_basis": {"inputs": list(data.case.inputs), "outputs": list(data.case.outputs)},
        "sample": _sample(found, names),
        "effort": asdict(found.effort) | {"assumptions": assumptions(data, "工作量")},
        "flags": [asdict(one) for one in found.flags],
        "assumptions": assumptions(data),
        "notes": list(data.notes),
    }


def cost_class_of(data: SectorData, one: Replication) -> str | None:
    """By the setting 无/低费 ("low") or 中/高费 ("high"); None where no report states an investment."""
    assert data.settings is not None
    if one.typical_invest_cny is None:
        return None
    return cost_class(one.typical_invest_cny, low_up_to=data.settings.needed("low_cost_cny"))


def assumptions(data: SectorData, group: str = "") -> list[dict[str, Any]]:
    """Every setting with the value used and where it comes from."""
    assert data.settings is not None
    return [
        {
            "id": one.setting.id,
            "title": one.setting.title,
            "value": one.value,
            "unit": one.setting.unit,
            "source": one.source,
        }
        for one in data.settings.assumptions.values()
        if not group or one.setting.group == group
    ]


def defaults_source() -> str:
    """Where our defaults come from, said beside them."""
    return catalogue.source()


def _levels(data: SectorData) -> dict[str, int] | None:
    """How many enterprises stand at each level, where the system rates as a whole; `none`: figures lack."""
    if not data.rated or data.rating is None:
        return None
    counts = Counter(NAMES.get(int(code), "none") for code in data.rating.levels)
    return {level: counts[level] for level in (*LEVELS, "below", "none")}


def _sample(found: Diagnosis, names: tuple[str, ...]) -> dict[str, Any]:
    drawn = found.sample
    return {
        "enterprises": [names[place] for place in drawn.chosen],
        "strata": [asdict(one) for one in drawn.strata],
        "coverage": drawn.coverage,
        "coverage_output": drawn.coverage_output,
        "radius": drawn.radius,
        "max_distance": drawn.max_distance,
        "stands_for": {
            names[place]: [
                name for name, other in zip(names, drawn.stands_for, strict=True) if other == place
            ]
            for place in drawn.chosen
        },
    }
