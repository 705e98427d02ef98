"""What stands on a score sheet: read from a form or a program, judged against the sheet, and put under seal."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue.scoresheets import ScoreSheet
from qingyuan.kernel import quotables
from qingyuan.kernel.errors import Problem
from qingyuan.papers import quoting
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.pilots.quotes import key_of
from qingyuan.review import handed_in
from qingyuan.review.models import Assessment, Case

LONGEST_COMMENT = 2000
LONGEST_OPINION = 5000
MOST_SCOPE_ROWS = 40
"""With more enterprises the list is quoted as a whole: a form of a thousand boxes helps nobody."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """One filled sheet. Field names on pages and in problems: `score-<dimension>`, `comment-<dimension>` and so on."""

    scores: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, list[str]] = field(default_factory=dict)
    criteria: Mapping[str, str] = field(default_factory=dict)
    confidence: str = ""
    overall: str = ""
    opinion: str = ""

    @classmethod
    def of(cls, assessment: Assessment) -> Content:
        return cls(**{name: getattr(assessment, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Place:
    """Something of the application that can be quoted as evidence; `id` is also its anchor on the page."""

    id: str
    title: str
    chapter: str = ""


def places_of(case: Case) -> list[Place]:
    """Chapters, targets and enterprises of the sealed version, in its order; of an imported case the files that came."""
    if case.submission_id is None:
        return [
            Place(f"file-{file.pk}", _("材料：%(kind)s %(name)s") % {"kind": kind, "name": file.upload.name})
            for file in case.files.select_related("upload")
            if (kind := file.get_kind_display())
        ]
    sealed = case.snapshot
    found = [Place(one.anchor, one.cited) for one in handed_in.parts_of(case)]
    found += [Place(anchor, words) for anchor, words in handed_in.cited_charts(case)]
    found += [
        Place(f"chapter-{chapter['id']}", title, chapter["id"])
        for chapter, title in zip(sealed.get("chapters", ()), chapter_titles(case), strict=True)
    ]
    found += [
        Place(one.anchor, _("引用的计算结果：%(label)s %(value)s") % {"label": one.label, "value": one.value})
        for one in computed_in(case)
    ]
    found += [
        Place(
            one.anchor, _("引用的图：%(title)s（%(chapter)s）") % {"title": one.title, "chapter": one.chapter}
        )
        for one in drawn_in(case)
    ]
    names = measure_names(case)
    found += [
        Place(f"target-{number}", _("目标：%s") % target_name(row, names))
        for number, row in enumerate(sealed.get("targets", ()), start=1)
    ]
    scope = sealed.get("scope", ())
    if len(scope) > MOST_SCOPE_ROWS:
        found.append(Place("scope", _("范围内企业名单")))
    else:
        found += [
            Place(f"scope-{number}", _("企业：%s") % row["name"]) for number, row in enumerate(scope, start=1)
        ]
    return found


@dataclass(frozen=True)
class Computed:
    """A figure of a computation as the sealed plan quotes it; its label is public to whoever reads the plan."""

    anchor: str
    label: str
    value: str
    """As it was sealed."""
    chapter: str
    """Title of the first chapter that says it."""


def computed_in(case: Case) -> list[Computed]:
    """Quoted figures of computations, in the order of the sealed chapters (two queries, none where nothing is quoted).

    What a newer computation says is not part of what was handed in: reviewers never see it.
    """
    said: dict[tuple[str, str], tuple[str, str]] = {}
    titles = chapter_titles(case) if case.submission_id else []
    for chapter, title in zip(case.snapshot.get("chapters", ()) if titles else (), titles, strict=True):
        for key, number, value in quoting.figures(chapter["html"]):
            if key.startswith(quoting.FINDING):
                said.setdefault((key, number), (value, title))
    if not said or case.submission is None:
        return []
    keys = {place: key_of(case.submission.pilot_id, *place) for place in said}
    answers = quotables.resolve(list(keys.values()))
    return [
        Computed(
            f"finding-{key.removeprefix(quoting.FINDING)}-{number}",
            answers[keys[key, number]].label if keys[key, number] in answers else _("计算结果"),
            value,
            title,
        )
        for (key, number), (value, title) in said.items()
    ]


@dataclass(frozen=True)
class DrawnIn:
    """A chart of a computation as the sealed plan shows it."""

    anchor: str
    title: str
    upload: str
    """By which the sealed version names its picture."""
    chapter: str
    """Title of the first chapter that shows it."""


def drawn_in(case: Case) -> list[DrawnIn]:
    """Charts of computations among the pictures of the sealed chapters, each once, in their order (no query of its own)."""
    if case.submission_id is None:
        return []
    found: dict[str, DrawnIn] = {}
    sealed = {one["upload"] for one in case.snapshot.get("pictures", ())}
    for chapter, title in zip(case.snapshot.get("chapters", ()), chapter_titles(case), strict=True):
        for one in quoting.marked(chapter["html"]):
            anchor = f"chart-{one.code}-{one.number}"
            if one.upload in sealed:
                found.setdefault(anchor, DrawnIn(anchor, one.title or _("图"), one.upload, title))
    return list(found.values())


def chapter_titles(case: Case) -> list[str]:
    """The sealed chapters as people cite them: 四（一）试点内容; the seal knows a section's own number only."""
    above = {
        section.id: chapter.number
        for chapter in case.round.notice.outline.chapters
        for section in chapter.sections
    }
    return [
        f"{above[chapter['id']]}{chapter['number']}{chapter['title']}"
        if chapter["id"] in above
        else f"{chapter['number']}、{chapter['title']}"
        for chapter in case.snapshot.get("chapters", ())
    ]


def measure_names(case: Case) -> dict[str, str]:
    """Titles of the figures that the notice asks for."""
    return {measure.id: measure.title for aim in case.round.notice.aims for measure in aim.measures}


def target_name(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return row["indicator"] or names.get(row["measure"], row["measure"])


def out_of_place(sheet: ScoreSheet, content: Content, places: list[Place]) -> list[Problem]:
    """Values that the sheet does not know and texts that are too long: refused even in a draft."""
    return list(_strange(sheet, content, {place.id for place in places}))


def _strange(sheet: ScoreSheet, content: Content, places: set[str]) -> Iterator[Problem]:
    scale = range(sheet.lowest, sheet.highest + 1)
    criteria = {criterion.id for criterion in sheet.criteria}
    levels = {level.id for level in sheet.criterion_levels}
    for name, score in content.scores.items():
        if name not in sheet.weights or score not in scale:
            expected = f"{sheet.lowest}–{sheet.highest}"
            yield Problem(_("评分表没有这一项或这个分值"), where=f"score-{name}", expected=expected)
    for name, text in content.comments.items():
        if name not in sheet.weights or len(text) > LONGEST_COMMENT:
            yield Problem(
                _("理由过长或不属于评分表"),
                where=f"comment-{name}",
                expected=_("不超过 %d 字") % LONGEST_COMMENT,
            )
    for name, quoted in content.evidence.items():
        if name not in sheet.weights or not set(quoted) <= places:
            yield Problem(_("所引材料不在申报材料中"), where=f"evidence-{name}")
    for name, level in content.criteria.items():
        if name not in criteria or level not in levels:
            yield Problem(_("评分表没有这一项或这个等级"), where=f"criterion-{name}")
    for name, value, known in (
        ("confidence", content.confidence, sheet.confidence),
        ("overall", content.overall, sheet.overall),
    ):
        if value and value not in {level.id for level in known}:
            yield Problem(_("评分表没有这个选项"), where=name)
    if len(content.opinion) > LONGEST_OPINION:
        yield Problem(_("意见过长"), where="opinion", expected=_("不超过 %d 字") % LONGEST_OPINION)


def missing(sheet: ScoreSheet, content: Content) -> list[Problem]:
    """What stands between a draft and its submission, all of it."""
    return list(_missing(sheet, content))


def _missing(sheet: ScoreSheet, content: Content) -> Iterator[Problem]:
    for dimension in sheet.dimensions:
        score = content.scores.get(dimension.id)
        if score is None:
            yield Problem(_("“%s”还没有评分") % dimension.title, where=f"score-{dimension.id}")
        elif score in sheet.comment_at and not content.comments.get(dimension.id, "").strip():
            yield Problem(
                _("“%(title)s”评为 %(score)d 分，须写明理由") % {"title": dimension.title, "score": score},
                where=f"comment-{dimension.id}",
                mend=_("写明依据申报材料的哪一处"),
            )
    for criterion in sheet.criteria:
        if criterion.id not in content.criteria:
            yield Problem(_("“%s”还没有判断") % criterion.title, where=f"criterion-{criterion.id}")
    if not content.confidence:
        yield Problem(_("请选择对本次评分的把握"), where="confidence")
    if not content.overall:
        yield Problem(_("请选择总体意见"), where="overall")
    if not content.opinion.strip():
        yield Problem(_("请填写总体评价和修改建议"), where="opinion")


def seal(assessment: Assessment, content: Content) -> tuple[dict[str, Any], str]:
    """The content as it is sealed, with a random salt, and its SHA-256. Every call makes another salt."""
    sealed = {
        "schema": 1,
        "salt": secrets.token_hex(16),
        "case": str(assessment.assignment.case_id),
        "expert": assessment.code,
        "sheet": assessment.sheet_id,
        **asdict(content),
    }
    return sealed, sha256_hex(canonical_bytes(sealed))


def total_of(sheet: ScoreSheet, scores: Mapping[str, int]) -> Fraction | None:
    """Points of 100; None while a score is missing."""
    return sheet.total(scores) if all(name in scores for name in sheet.weights) else None


def points(value: Fraction | float | None) -> str:
    """Points as people read them: two decimals, halves up."""
    if value is None or value != value:  # noqa: PLR0124 (NaN is the one value that differs from itself)
        return "—"
    exact = (
        Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(repr(value))
    )
    return str(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
