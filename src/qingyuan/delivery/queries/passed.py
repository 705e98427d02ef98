"""清洁生产审核创新试点项目名单: the passed list, a list of its own beside the approved one. Failed pilots are never published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from qingyuan.catalogue import regions
from qingyuan.delivery.models import Conclusion
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.review.bundles import province_of

TITLE = "清洁生产审核创新试点项目名单"


@dataclass(frozen=True, kw_only=True)
class Passed:
    """One pilot as the public sees it."""

    number: int
    project: UUID
    title: str
    applicant: str
    category: str
    place: str
    document_number: str
    listed_on: dt.date


def conclusions() -> QuerySet[Conclusion]:
    """Of passed pilots, the newest list first; within a list by place and title."""
    return (
        Conclusion.objects.filter(outcome=Conclusion.Outcome.PASSED)
        .select_related("project__applicant", "project__pilot__call")
        .order_by("-listed_on", "document_number", "project__region_code", "project__title", "pk")
    )


def lines(found: Iterable[Conclusion], *, first: int = 1) -> list[Passed]:
    """No query beyond that of `found`."""
    return [
        Passed(
            number=number,
            project=one.project_id,
            title=one.project.title,
            applicant=str(one.project.applicant),
            category=one.project.category.title,
            place=_place(one.project.region_code),
            document_number=one.document_number,
            listed_on=one.listed_on,
        )
        for number, one in enumerate(found, start=first)
    ]


def _place(code: str) -> str:
    known = regions.regions()
    names = dict.fromkeys(known[one].name for one in (province_of(code), code) if one in known)
    return "".join(names)


def fingerprint() -> str:
    """Changes when anything that the list shows changes (one query)."""
    rows = conclusions().values_list(
        "pk", "project__title", "project__applicant__name", "document_number", "listed_on"
    )
    return sha256_hex(
        canonical_bytes(
            [[str(pk), title, name, number, day.isoformat()] for pk, title, name, number, day in rows]
        )
    )
