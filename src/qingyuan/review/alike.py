"""雷同检查: the same enterprise, or the same words, in two applications of one level, across batches.

It shows and never judges: a text may be alike because one body wrote both, because a service body wrote for two, or
because one was copied. The officers read the passages and say what follows.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache

from qingyuan.calls.notices import known_notices, notice_text
from qingyuan.catalogue.notices.model import Notice
from qingyuan.catalogue.notices.parts import Chapter, Section
from qingyuan.engine.similarity import WIDTH, Collection
from qingyuan.kernel import storage
from qingyuan.papers import richtext
from qingyuan.papers.docx_blocks import Blocks
from qingyuan.papers.docx_inline import Runs
from qingyuan.papers.docx_package import Unreadable, open_package
from qingyuan.review.models import Case, CaseFile, Round

LEAST_CONTAINMENT = 0.02
"""Below a fiftieth of the shorter plan, set phrases of the trade are all that is found."""
LEAST_SHARED = 40
KEPT_SECONDS = 7 * 24 * 3600
SCHEMA = 1


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Two cases that share enterprises or words; `shared` counts runs of 12 characters."""

    first: UUID
    second: UUID
    shared: int
    containment: float
    resemblance: float
    enterprises: tuple[tuple[str, str], ...]
    """Credit code and name of each enterprise in both scopes."""


def compared(round_: Round) -> Any:
    """The cases of this round and of every other round of the same departments, by round and number."""
    return (
        Case.objects.filter(round__call__joint_body=round_.joint_body)
        .exclude(stage=Case.Stage.WITHDRAWN)
        .order_by("round__opened_at", "round_id", "number")
    )


def pairs(round_: Round) -> list[Alike]:
    """All pairs with a case of this round, the most alike first.

    Kept for a week under the fingerprint of what was compared; two queries when it is known.
    """
    keys = list(compared(round_).values_list("pk", "submission__package_sha256"))
    plans = CaseFile.objects.filter(case__round__call__joint_body=round_.joint_body, kind=CaseFile.Kind.PLAN)
    files = list(plans.order_by("pk").values_list("case_id", "upload__sha256"))
    print_ = hashlib.sha256(repr((SCHEMA, round_.pk, keys, files)).encode()).hexdigest()
    known = cache.get(name := f"alike:{print_}")
    if known is None:
        known = [_as_data(one) for one in _compare(round_)]
        cache.set(name, known, KEPT_SECONDS)
    return [_from_data(row) for row in known]


def of_case(case: Case) -> list[Alike]:
    """The pairs that this case is one of."""
    return [one for one in pairs(case.round) if case.pk in {one.first, one.second}]


def _compare(round_: Round) -> list[Alike]:
    cases = list(compared(round_).select_related("submission").prefetch_related("files__upload"))
    here = {place for place, case in enumerate(cases) if case.round_id == round_.pk}
    collection = Collection([text_of(case) for case in cases], common=common_words(round_))
    named = _enterprises(cases)
    found: dict[tuple[int, int], dict[str, Any]] = {
        key: {"enterprises": codes} for key, codes in named.items()
    }
    for pair in collection.pairs(least_containment=LEAST_CONTAINMENT, least_shared=LEAST_SHARED):
        found.setdefault((pair.first, pair.second), {})["text"] = pair
    rows = []
    for (first, second), what in found.items():
        if not ({first, second} & here) or cases[first].pilot_id == cases[second].pilot_id is not None:
            continue
        text = what.get("text")
        rows.append(
            Alike(
                first=cases[first].pk,
                second=cases[second].pk,
                shared=text.shared if text else 0,
                containment=text.containment if text else 0.0,
                resemblance=text.resemblance if text else 0.0,
                enterprises=tuple(what.get("enterprises", ())),
            )
        )
    return sorted(rows, key=lambda one: (-one.containment, -len(one.enterprises), str(one.first)))


def _enterprises(cases: list[Case]) -> dict[tuple[int, int], list[tuple[str, str]]]:
    """For every two cases with an enterprise in common: the codes and names, by credit code."""
    holders: dict[str, list[int]] = defaultdict(list)
    names: dict[str, str] = {}
    for place, case in enumerate(cases):
        for row in case.snapshot.get("scope", ()):
            if code := row.get("credit_code"):
                names.setdefault(code, str(row.get("name", "")))
                holders[code].append(place)
    found: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for code in sorted(holders):
        places = sorted(set(holders[code]))
        for number, first in enumerate(places):
            for second in places[number + 1 :]:
                found[first, second].append((code, names[code]))
    return found


def text_of(case: Case) -> str:
    """What the plan says: the sealed chapters, or the uploaded Word file of an imported case."""
    if case.submission is not None:
        return "\n".join(richtext.to_text(chapter["html"]) for chapter in case.snapshot["chapters"])
    return "\n".join(_uploaded(case))


def _uploaded(case: Case) -> Iterator[str]:
    for file in case.files.all():
        if file.kind == CaseFile.Kind.PLAN and file.upload.kind == "docx" and file.upload.is_readable:
            try:
                with storage.open_blob(file.upload.sha256) as source:
                    package = open_package(source)
                    yield from _words(Blocks(package, Runs(package, {})).body())
            except Unreadable:
                continue  # the page says which cases have no text to compare


def _words(blocks: Any) -> Iterator[str]:
    from qingyuan.papers.docx_html import to_html

    yield richtext.to_text(to_html(blocks, own=False))


def has_text(case: Case) -> bool:
    """Is there a text of this case to compare at all? (No query beyond its files.)"""
    return case.submission_id is not None or any(
        file.kind == CaseFile.Kind.PLAN and file.upload.kind == "docx" for file in case.files.all()
    )


def common_words(round_: Round) -> list[str]:
    """What everybody repeats: the notices' own text, and the words of the outline."""
    notices = known_notices()
    notice: Notice | None = round_.notice
    found: list[str] = []
    while notice is not None:
        found.append(notice_text(notice) or "")
        for chapter in notice.outline.chapters:
            parts: list[Chapter | Section] = [chapter, *chapter.sections]
            for part in parts:
                found += [part.title, *part.guidance, *(quote.wording for quote in part.quotes)]
        notice = notices.get(notice.parent) if notice.parent else None
    return [text for text in found if len(text) >= WIDTH]


@dataclass(frozen=True, kw_only=True)
class Shared:
    """A passage of two plans with a few words around it on either side."""

    before: tuple[str, str]
    words: tuple[str, str]
    after: tuple[str, str]
    length: int


def passages(case: Case, other: Case, *, around: int = 24) -> list[Shared]:
    """The passages that two plans share, the longest first."""
    texts = [text_of(case), text_of(other)]
    found = Collection(texts, common=common_words(case.round)).passages(0, 1)
    rows = []
    for passage in sorted(found, key=lambda one: (-one.length, one.first)):
        spans = (passage.first, passage.second)
        rows.append(
            Shared(
                before=_both(texts, [(max(0, start - around), start) for start, _end in spans]),
                words=_both(texts, spans),
                after=_both(texts, [(end, end + around) for _start, end in spans]),
                length=passage.length,
            )
        )
    return rows


def _both(texts: list[str], spans: Any) -> tuple[str, str]:
    left, right = (text[slice(*span)] for text, span in zip(texts, spans, strict=True))
    return left, right


def _as_data(one: Alike) -> dict[str, Any]:
    return {
        "first": str(one.first),
        "second": str(one.second),
        "shared": one.shared,
        "containment": one.containment,
        "resemblance": one.resemblance,
        "enterprises": [list(pair) for pair in one.enterprises],
    }


def _from_data(row: dict[str, Any]) -> Alike:
    return Alike(
        first=UUID(row["first"]),
        second=UUID(row["second"]),
        shared=row["shared"],
        containment=row["containment"],
        resemblance=row["resemblance"],
        enterprises=tuple((code, name) for code, name in row["enterprises"]),
    )
