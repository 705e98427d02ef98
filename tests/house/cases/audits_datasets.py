"""Datasets of a pilot for the matrices: raw figures are for whom the applicant named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qingyuan.audits.models import RawAccess
from tests.dataset_maker import content_of, dataset_in

HANDLERS = {"park_handler", "park_lead", "park_and_province"}
NAMED = {"park_handler"}


def another_version(maker: Any) -> Any:
    return dataset_in(maker, "ready", title="另一份").versions.get()


OBJECTS: dict[str, Callable[[Any, str], Any]] = {"audits.dataset": dataset_in}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "pilot.begin_dataset": lambda m, o: {"template": "region", "title": "演示新数据集", "year": 2021},
    "dataset.import_workbook": lambda m, o: {
        "content": content_of(discharge="13"),
        "upload": m.upload(by=m.world.park_handler, name="演示数据.pdf"),
    },
    "dataset.take_version": lambda m, o: {"version": another_version(m), "tables": ["enterprises"]},
    "dataset.take_scope": lambda m, o: {},
    "dataset.fix_version": lambda m, o: {},
    "dataset.resume": lambda m, o: {},
    "dataset.name_access": lambda m, o: {"user": m.world.park_reviewer},
    "dataset.end_access": lambda m, o: {"access_id": o.accesses.filter(ended_at=None).first().pk},
}
MAY: dict[str, set[str]] = {
    "pilot.begin_dataset": HANDLERS | {"consultant"},
    "dataset.import_workbook": NAMED,
    "dataset.take_version": NAMED,
    "dataset.take_scope": NAMED,
    "dataset.fix_version": NAMED,
    "dataset.resume": NAMED,
    "dataset.name_access": HANDLERS,
    "dataset.end_access": HANDLERS,
}
# All enterprises of the scope stand in the sheet already; a version that is the same is not fixed again.
CONTENT_MAY_REFUSE = {"dataset.take_scope", "dataset.fix_version"}


def a_row(maker: Any) -> Any:
    return dataset_in(maker, "ready").rows.filter(table="reaches").first()


def an_access(maker: Any) -> Any:
    return RawAccess.objects.get(dataset=dataset_in(maker, "ready"), ended_at=None)


ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "audits.dataset": lambda maker: dataset_in(maker, "ready"),
    "row": a_row,
    "access": an_access,
}
