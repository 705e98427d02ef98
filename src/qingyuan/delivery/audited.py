"""What the audits of a pilot's enterprises come to: schemes, evaluations, the reserve, over the final scope only. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from qingyuan.audits.figures import headings, plain
from qingyuan.audits.layouts import layout_of
from qingyuan.audits.models import Dataset, DatasetVersion
from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.models.scheme import Scheme, SchemeFigures
from qingyuan.audits.queries import audit_review
from qingyuan.audits.queries.audit_review import Line
from qingyuan.catalogue.performance import QUANTITIES
from qingyuan.delivery.models import Project
from qingyuan.registry.models import ReserveProject

Basis, Kind = SchemeFigures.Basis, AuditReview.Kind


@dataclass(frozen=True, kw_only=True)
class Audited:
    """By enterprise, and in total. `sums` by basis and quantity: None where nobody states it."""

    lines: list[Line]
    sums: Mapping[str, Mapping[str, Decimal | None]]
    titles: Mapping[str, str]
    """What the province's sheet calls each quantity."""

    def done(self, kind: str) -> tuple[int, int]:
        """Done and standing schemes of a kind."""
        counts = [line.low if kind == Scheme.Kind.LOW else line.high for line in self.lines]
        return sum(done for done, _all in counts), sum(number for _done, number in counts)

    def passed(self, kind: str) -> int:
        """Enterprises whose last round that stands was passed."""
        last = (line.latest[kind] for line in self.lines)
        return sum(one is not None and one.stage == AuditReview.Stage.PASSED for one in last)

    @property
    def is_empty(self) -> bool:
        return not any(
            line.low[1] or line.high[1] or any(one is not None for one in line.latest.values())
            for line in self.lines
        )

    def stated(self, basis: str) -> Iterator[tuple[str, str, str, str]]:
        """Name, title, total and unit of every quantity that somebody states."""
        for name, unit in QUANTITIES.items():
            if (total := self.sums[basis][name]) is not None:
                yield name, self.titles[name], plain(total), unit


def of(project: Project) -> Audited:
    """Five queries, whatever the number of enterprises and schemes."""
    titles = headings(layout_of(project.pilot))
    return Audited(
        lines=audit_review.lines(project.pilot),
        sums=_sums(project),
        titles={name: titles[name].rpartition("（")[0] or titles[name] for name in QUANTITIES},
    )


def covered(project: Project) -> Any:
    """The enterprises of the final scope, for a condition."""
    return project.scope.filter(dropped_on=None).values("enterprise")


def schemes(project: Project) -> QuerySet[Scheme]:
    """The schemes of the final scope that were not given up."""
    found = Scheme.objects.filter(pilot=project.pilot_id, enterprise__in=covered(project))
    return found.exclude(stage=Scheme.Stage.DROPPED)


def _sums(project: Project) -> dict[str, dict[str, Decimal | None]]:
    found: dict[str, dict[str, Decimal | None]] = {basis: dict.fromkeys(QUANTITIES) for basis in Basis.values}
    totals = {f"sum_{name}": Sum(name) for name in QUANTITIES}
    rows = SchemeFigures.objects.filter(scheme__in=schemes(project))
    row: Any
    for row in rows.order_by().values("basis").annotate(**totals):
        found[row["basis"]] = {name: row[f"sum_{name}"] for name in QUANTITIES}
    return found


def held(project: Project) -> QuerySet[AuditReview]:
    """Every sitting on an enterprise of the final scope that was held and stands or was revoked."""
    found = AuditReview.objects.filter(pilot=project.pilot_id, enterprise__in=covered(project))
    return found.exclude(recorded_at=None).select_related("enterprise", "evidence", "organised_by")


def reserve(project: Project) -> dict[str, Any]:
    """Retrofit projects of the pilot's schemes in the financing reserve (one query)."""
    own = Scheme.objects.filter(pilot=project.pilot_id).values("pk")
    found = ReserveProject.objects.filter(source_scheme__in=own).exclude(stage=ReserveProject.Stage.WITHDRAWN)
    rows = list(found.values_list("stage", "financed_wan_cny"))
    financed = [amount for stage, amount in rows if stage == ReserveProject.Stage.FINANCED and amount]
    return {
        "all": len(rows),
        "admitted": sum(stage != ReserveProject.Stage.NOMINATED for stage, _amount in rows),
        "financed": len(financed),
        "wan_cny": sum(financed, Decimal()) if financed else None,
    }


def versions(project: Project) -> list[DatasetVersion]:
    """The last fixed version of every dataset, in the order of their beginning (two queries)."""
    last: dict[Any, DatasetVersion] = {}
    found = DatasetVersion.objects.filter(dataset__pilot=project.pilot_id).select_related("dataset")
    for one in found.order_by("dataset__created_at", "dataset_id", "-number"):
        last.setdefault(one.dataset_id, one)
    return list(last.values())


def title_of(dataset: Dataset) -> str:
    return f"{dataset.title}（{dataset.year} 年）"
