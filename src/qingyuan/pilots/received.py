"""收件登记簿: what a call's departments have received, and who has not finished. Page, workbook and API share it.

A received application is shown as it was sealed, whatever its applicant is writing since. Of an unfinished one only
applicant, name, category, stage and how much is filled in are told; never what was written.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.catalogue import regions
from qingyuan.kernel import clock
from qingyuan.pilots import envelopes, forwarding
from qingyuan.pilots.models import Answer, Chapter, Pilot, ScopeEntry, Submission, Target
from qingyuan.pilots.places import ELSEWHERE, place, prefecture_of, prefectures
from qingyuan.pilots.wording import sector_titles

Stage = Pilot.Stage
STATES: Mapping[str, str | Promise] = {
    "received": gettext_lazy("已收到"),
    "unfinished": gettext_lazy("未完成"),
    "withdrawn": gettext_lazy("已撤回"),
}
COLUMNS: Mapping[str, str | Promise] = {
    "number": gettext_lazy("收件登记号"),
    "name": gettext_lazy("项目名称"),
    "applicant": gettext_lazy("申报单位"),
    "prefecture": gettext_lazy("所在地"),
    "category": gettext_lazy("类别"),
    "sectors": gettext_lazy("重点行业"),
    "state": gettext_lazy("状态"),
    "detail": gettext_lazy("进度"),
    "at": gettext_lazy("收件时间"),
    "paper": gettext_lazy("纸质件"),
    "version": gettext_lazy("版本"),
}
"""Columns of page and workbook, in their order."""
SORTS = ("number", "name", "applicant", "prefecture", "category", "state", "at", "version")
LONGEST_SEARCH = 80


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the reader asked for; values that the call does not know are dropped by `read`."""

    category: str = ""
    prefecture: str = ""
    state: str = ""
    sector: str = ""
    forwarding: str = ""
    search: str = ""
    sort: str = ""

    @classmethod
    def read(cls, call: Call, given: Mapping[str, str]) -> Filters:
        """From the address of the page (or of the API)."""
        sort = given.get("sort", "")
        return cls(
            category=_known(given.get("category", ""), {category.id for category in call.notice.categories}),
            prefecture=_known(given.get("prefecture", ""), {ELSEWHERE, *regions.regions()}),
            state=_known(given.get("state", ""), STATES),
            sector=_known(given.get("sector", ""), set(call.notice.sectors.ids)),
            forwarding=_known(
                given.get("forwarding", ""), forwarding.FILTERS if call.forward_closes_at else ()
            ),
            search=" ".join(given.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH],
            sort=sort if sort.removeprefix("-") in SORTS else "",
        )

    @property
    def narrows(self) -> bool:
        return any((self.category, self.prefecture, self.state, self.sector, self.forwarding, self.search))


def _known(value: str, values: Iterable[str]) -> str:
    return value if value in values else ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One application as the register shows it; times are aware, `sectors` are titles."""

    pilot_id: uuid.UUID
    submission_id: uuid.UUID | None
    number: str
    name: str
    applicant: str
    prefecture: str
    category: str
    sectors: str
    state: str
    detail: str
    received_at: datetime | None
    version: int | None
    paper: str = ""

    @property
    def state_title(self) -> str:
        return str(STATES[self.state])

    @property
    def tone(self) -> str:
        """The badge's colour."""
        return {"received": "good", "unfinished": "warn"}.get(self.state, "neutral")

    @property
    def url(self) -> str:
        """The page of the version that is shown; only rows with a `submission_id` have one."""
        return reverse("pilots:submission", args=[self.submission_id])

    @property
    def has_earlier(self) -> bool:
        return (self.version or 0) > 1

    @property
    def at(self) -> str:
        """Time of receipt in Asia/Shanghai, to the second."""
        return f"{clock.local(self.received_at):%Y-%m-%d %H:%M:%S}" if self.received_at else ""

    @property
    def cells(self) -> tuple[str | int | None, ...]:
        """The values in the order of `COLUMNS`."""
        return (
            self.number, self.name, self.applicant, self.prefecture, self.category,
            self.sectors, self.state_title, self.detail, self.at, self.paper, self.version,
        )  # fmt: skip


def register(call: Call, filters: Filters) -> QuerySet[Any]:
    """The applications of a call, filtered and sorted; `rows` turns a slice of it into what is shown.

    Withdrawn applications stay in the register when they had been received; others were nobody's business.
    """
    found = _filtered(_all(call), filters)
    if filters.forwarding:
        ways = forwarding.standing_as(call, filters.forwarding, clock.now())
        is_on_way = Exists(ways.filter(submission=OuterRef("shown_id")))
        found = found.filter(state="received").filter(
            ~is_on_way if filters.forwarding == "direct" else is_on_way
        )
    return _sorted(found, filters.sort).annotate(copies=envelopes.copies())


def _all(call: Call) -> QuerySet[Any]:
    latest = Submission.objects.filter(pilot=OuterRef("pk")).order_by("-version")
    reopened = Q(current__isnull=False) & ~Q(stage=Stage.SUBMITTED)

    def of_shown(column: str) -> Case:
        """A column of the submission that the row shows: the current one, or the last of a withdrawn application."""
        return Case(
            When(stage=Stage.WITHDRAWN, then=Subquery(latest.values(column)[:1])),
            default=F(f"current__{column}"),
        )

    def sealed(*path: str, live: Combinable, unfinished: Combinable) -> Case:
        """A value as sealed: of the snapshot only where the live row may say something else by now."""
        return Case(
            When(stage=Stage.WITHDRAWN, then=Subquery(latest.values(sealed=_key(path, "snapshot"))[:1])),
            When(reopened, then=_key(path, "current__snapshot")),
            When(current__isnull=False, then=live),
            default=unfinished,
            output_field=TextField(),
        )

    return (
        Pilot.objects.filter(call=call)
        .order_by()
        .select_related("applicant")
        .only("stage", "category_id", "applicant__name")
        .alias(current=FilteredRelation("submissions", condition=Q(submissions__is_current=True)))
        .filter(~Q(stage=Stage.WITHDRAWN) | Exists(Submission.objects.filter(pilot=OuterRef("pk"))))
        .annotate(
            state=Case(
                When(stage=Stage.WITHDRAWN, then=Value("withdrawn")),
                When(current__isnull=False, then=Value("received")),
                default=Value("unfinished"),
                output_field=CharField(),
            ),
            shown_id=of_shown("pk"),
            number=of_shown("register_number"),
            received_at=of_shown("submitted_at"),
            version=of_shown("version"),
            shown_name=sealed("name", live=F("name"), unfinished=F("name")),
            shown_region=sealed(
                "object", "region", live=F("region_code"), unfinished=F("applicant__region_code")
            ),
            shown_sectors=sealed("sectors", live=Cast("sectors", TextField()), unfinished=Value("[]")),
        )
    )


def _key(path: tuple[str, ...], column: str) -> KeyTextTransform:
    *outer, last = path
    expression: KeyTransform | str = column
    for key in outer:
        expression = KeyTransform(key, expression)
    return KeyTextTransform(last, expression)


def _filtered(found: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    if filters.category:
        found = found.filter(category_id=filters.category)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.prefecture == ELSEWHERE:
        found = found.exclude(reduce(or_, map(_in_prefecture, prefectures(found_in=""))))
    elif filters.prefecture:
        found = found.filter(_in_prefecture(filters.prefecture))
    if filters.sector:
        # The list as JSON text: a key between quotes is found by both databases.
        found = found.filter(shown_sectors__contains=f'"{filters.sector}"')
    if filters.search:
        found = found.filter(
            Q(shown_name__icontains=filters.search) | Q(applicant__name__icontains=filters.search)
        )
    return found


def _sorted(found: QuerySet[Any], sort: str) -> QuerySet[Any]:
    """By a column, then by register number; the newest receipts stand first when nothing is asked."""
    columns = {
        "name": "shown_name",
        "applicant": "applicant__name",
        "prefecture": "shown_region",
        "category": "category_id",
        "state": "state",
        "at": "received_at",
        "version": "version",
        "number": "number",
    }
    column = F(columns[sort.removeprefix("-")]) if sort else F("number")
    descending = sort.startswith("-") or not sort
    first = column.desc(nulls_last=True) if descending else column.asc(nulls_last=True)
    return found.order_by(first, F("number").desc(nulls_last=True), "pk")


def _in_prefecture(code: str) -> Q:
    """济源示范区 (419001) is itself; the others are found by the first four digits of their counties' codes."""
    return Q(shown_region__startswith=code[:4]) if code.endswith("00") else Q(shown_region=code)


def rows(call: Call, slice_: Iterable[Pilot]) -> list[Row]:
    """What is shown of a slice of `register`: that query, and one more for the unfinished among them."""
    found: list[Any] = list(slice_)
    forwarded = forwarding.details(call, [pilot.shown_id for pilot in found])
    filled = _filled(call, [pilot for pilot in found if pilot.state == "unfinished"])
    categories = {category.id: category.title for category in call.notice.categories}
    titles = sector_titles(call.notice)
    stages = dict(Stage.choices)
    return [
        Row(
            pilot_id=pilot.pk,
            submission_id=pilot.shown_id,
            number=_label(pilot.received_at, pilot.number),
            name=pilot.shown_name,
            applicant=pilot.applicant.name,
            prefecture=place(prefecture_of(pilot.shown_region or "")),
            category=categories.get(pilot.category_id, pilot.category_id),
            sectors="、".join(titles.get(key, key) for key in json.loads(pilot.shown_sectors or "[]")),
            state=pilot.state,
            detail=_detail(
                pilot, str(stages[pilot.stage]), filled.get(pilot.pk), forwarded.get(pilot.shown_id, "")
            ),
            received_at=pilot.received_at,
            version=pilot.version,
            paper=envelopes.said(call, pilot.copies),
        )
        for pilot in found
    ]


def _label(received_at: datetime | None, number: int | None) -> str:
    if received_at is None or number is None:
        return ""
    return Submission(submitted_at=received_at, register_number=number).register_label


def _detail(pilot: Any, stage: str, filled: tuple[int, int] | None, forwarded: str) -> str:
    if pilot.state == "received":
        writing = "" if pilot.stage == Stage.SUBMITTED else _("正在编制新版本")
        return "；".join(filter(None, (forwarded, writing)))
    if filled is None:
        return ""
    return _("%(stage)s，已填 %(done)d/%(all)d 项") % {"stage": stage, "done": filled[0], "all": filled[1]}


def _filled(call: Call, unfinished: list[Any]) -> dict[uuid.UUID, tuple[int, int]]:
    """How many of the parts that are asked for hold something: object, scope, conditions, chapters, targets. One query."""
    if not unfinished:
        return {}

    def count(rows: QuerySet[Any], what: str = "pk") -> Coalesce:
        inside = (
            rows.filter(pilot=OuterRef("pk"))
            .order_by()
            .values("pilot")
            .annotate(n=Count(what, distinct=True))
        )
        return Coalesce(Subquery(inside.values("n"), output_field=IntegerField()), 0)

    counted = (
        Pilot.objects.filter(pk__in=[pilot.pk for pilot in unfinished])
        .order_by()
        .annotate(
            conditions=count(Answer.objects.all(), "condition_id"),
            chapters_written=count(Chapter.objects.exclude(html="")),
            targets_set=count(
                Target.objects.exclude(measure_id="").filter(baseline__isnull=False, target__isnull=False)
            ),
            described=Case(
                When(Q(object_form="") | Q(object_name="") | Q(region_code=""), then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            ),
            has_scope=Case(
                When(Exists(ScopeEntry.objects.filter(pilot=OuterRef("pk"))), then=Value(1)),
                default=Value(0),
                output_field=IntegerField(),
            ),
        )
        .values_list(
            "pk",
            F("described") + F("has_scope") + F("conditions") + F("chapters_written") + F("targets_set"),
            "category_id",
        )
    )
    notice = call.notice
    always = 2 + len(notice.leaves()) + sum(len(aim.measures) for aim in notice.aims)
    return {pk: (done, always + len(notice.conditions_for(category))) for pk, done, category in counted}


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many applications of the call there are, by state and by prefecture (code, state -> number)."""

    states: Mapping[str, int]
    prefectures: Mapping[str, Mapping[str, int]]

    @property
    def table(self) -> list[tuple[str, str, list[int], int]]:
        """Code, name, a number for every state and the sum; the most received first."""
        lines = [
            (code, place(code), [by_state.get(state, 0) for state in STATES], sum(by_state.values()))
            for code, by_state in self.prefectures.items()
        ]
        return sorted(lines, key=lambda line: (-line[2][0], line[0]))


def counts(call: Call) -> Counts:
    """Of the whole call, whatever is filtered; one query."""
    states: Counter[str] = Counter()
    places: dict[str, Counter[str]] = {}
    grouped = (
        _all(call)
        .values("shown_region", "state")
        .annotate(n=Count("pk"))
        .values_list("shown_region", "state", "n")
    )
    for region, state, number in grouped:
        states[state] += number
        places.setdefault(prefecture_of(region or ""), Counter())[state] += number
    return Counts(states=states, prefectures=places)
