"""《清洁生产审核创新试点项目名单》 (N11), the second public list: pilots that passed, and nothing of any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from qingyuan.catalogue import regions
from qingyuan.delivery import library
from qingyuan.delivery.models import Conclusion, ScopeEnterprise
from qingyuan.kernel import clock
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review.bundles import province_of
from qingyuan.review.models import Decision

TITLE = "清洁生产审核创新试点项目名单"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody looks for; empty is anything."""

    province: str = ""
    category: str = ""
    year: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One pilot as the public sees it; `enterprises` are those of its scope whose audits count."""

    project: UUID
    title: str
    applicant: str
    programme: str
    batch: str
    category_id: str
    category: str
    region: str
    place: str
    document_number: str
    listed_on: date
    enterprises: int

    @property
    def province(self) -> str:
        return province_of(self.region)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """The pilots that one paper lists."""

    document_number: str
    listed_on: date
    lines: tuple[Line, ...]

    @property
    def enterprises(self) -> int:
        return sum(line.enterprises for line in self.lines)


def on_the_list() -> QuerySet[Conclusion]:
    """Passed, by a paper of today or earlier; where decided here, by a decision that is released."""
    counted = (
        ScopeEnterprise.objects.filter(project=OuterRef("project"), dropped_on=None, exclusions__isnull=True)
        .order_by()
        .values("project")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        Conclusion.objects.filter(
            Q(source=Conclusion.Source.RECORDED) | Q(item__decision__stage=Decision.Stage.RELEASED),
            outcome=Conclusion.Outcome.PASSED,
            listed_on__lte=clock.local(clock.now()).date(),
        )
        .select_related("project__applicant", "project__pilot__call")
        .annotate(enterprises=Coalesce(Subquery(counted), 0))
        .order_by("-listed_on", "document_number", "project__region_code", "project__title", "pk")
    )


def lines() -> list[Line]:
    """The whole list, the newest paper first (one query)."""
    return [_line(one) for one in on_the_list()]


def _line(one: Any) -> Line:
    project = one.project
    notice = project.pilot.call.notice
    titles = {category.id: category.title for category in notice.categories}
    return Line(
        project=project.pk,
        title=project.title,
        applicant=project.applicant.name,
        programme=notice.programme,
        batch=notice.batch,
        category_id=project.category_id,
        category=titles.get(project.category_id, project.category_id),
        region=project.region_code,
        place=library.place(project.region_code),
        document_number=one.document_number,
        listed_on=one.listed_on,
        enterprises=one.enterprises,
    )


def chosen(found: Iterable[Line], wanted: Wanted) -> list[Line]:
    """Those that fit; an unknown wish fits nothing."""
    return [
        line
        for line in found
        if wanted.province in {"", line.province}
        and wanted.category in {"", line.category_id}
        and wanted.year in {"", str(line.listed_on.year)}
    ]


def papers(found: Sequence[Line]) -> list[Paper]:
    """Grouped by paper: number and day; in the order of the list."""
    return [
        Paper(listed_on=day, document_number=number, lines=tuple(group))
        for (day, number), group in groupby(found, key=lambda line: (line.listed_on, line.document_number))
    ]


def offered(found: Iterable[Line]) -> Mapping[str, list[tuple[str, str]]]:
    """Choices that lead to a pilot (no query)."""
    kept = list(found)
    known = regions.regions()
    provinces = {line.province for line in kept if line.province in known}
    return {
        "province": [(code, known[code].name) for code in sorted(provinces)],
        "category": sorted(
            {line.category_id: line.category for line in kept}.items(), key=lambda one: one[1]
        ),
        "year": [(year, year) for year in sorted({str(line.listed_on.year) for line in kept}, reverse=True)],
    }


def fingerprint(found: Iterable[Line], *more: str) -> str:
    """Changes with anything that the list says; `more` belongs to it as well: the question, the page."""
    said = [
        {**asdict(line), "project": str(line.project), "listed_on": line.listed_on.isoformat()}
        for line in found
    ]
    return sha256_hex(canonical_bytes([said, list(more)]))[:32]
