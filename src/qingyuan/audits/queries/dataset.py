"""Datasets as lists and as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet

from qingyuan.audits import datasets
from qingyuan.audits.models import Dataset, DatasetVersion
from qingyuan.audits.rules import dataset as rules
from qingyuan.pilots import queries as pilots
from qingyuan.pilots import rules as pilot_rules
from qingyuan.pilots.models import Pilot
from qingyuan.workbooks.schema import Table

RELATED = ("pilot__call__joint_body", "pilot__applicant")
TONES: Mapping[str, str] = {Dataset.Stage.COLLECTING: "info", Dataset.Stage.READY: "good"}


def visible(user: Any) -> QuerySet[Dataset]:
    """The datasets of the pilots on which this person works, with the number of their last version."""
    return (
        Dataset.objects.filter(rules.visible_datasets(user))
        .select_related(*RELATED)
        .annotate(last_number=Max("versions__number"))
        .order_by("-created_at", "pk")
    )


def pilots_to_begin(user: Any) -> list[Pilot]:
    """Pilots for which this person may begin a dataset (one query)."""
    found = pilots.visible(user).exclude(stage=Pilot.Stage.WITHDRAWN).order_by("-created_at")[:50]
    return [pilot for pilot in found if pilot_rules.can_write.test(user, pilot)]


@dataclass(frozen=True)
class TableLine:
    """A table with how many rows it has."""

    table: Table
    rows: int
    is_needed: bool


def table_lines(dataset: Dataset) -> list[TableLine]:
    """All tables of the template in their order (two queries)."""
    counted = dict(
        dataset.rows.order_by().values("table").annotate(number=Count("pk")).values_list("table", "number")
    )
    return [
        TableLine(table, counted.get(table.name, 0), not table.optional)
        for table in datasets.schema_of(dataset)
    ]


def versions_of(dataset: Dataset) -> QuerySet[DatasetVersion]:
    return dataset.versions.select_related("made_by").order_by("-number")


def versions_to_take(user: Any, dataset: Dataset) -> list[DatasetVersion]:
    """Fixed versions of the same template of the same applicant that this person may read."""
    found = (
        DatasetVersion.objects.filter(
            dataset__template=dataset.template, dataset__pilot__applicant=dataset.pilot.applicant_id
        )
        .select_related("dataset__pilot__applicant")
        .prefetch_related("dataset__accesses")
        .order_by("-made_at")[:100]
    )
    return [one for one in found if rules.reads_raw.test(user, one.dataset)]
