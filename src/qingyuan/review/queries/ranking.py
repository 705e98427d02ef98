"""The ranking of a round: every case with what its reviews say, counted in arrays, for page, workbook and panel alike.

Nothing is stored: another weighting is another address. The raw mean always stands beside whatever is added to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from django.utils.translation import gettext as _

from qingyuan.catalogue import regions
from qingyuan.catalogue.scoresheets import ScoreSheet
from qingyuan.engine import panel as engine
from qingyuan.people.models import JointBody
from qingyuan.review import scoring
from qingyuan.review.models import Assessment, Assignment, Case, Round
from qingyuan.review.queries.panel import GONE, active_assignments, sheet_of

RANKED = [
    Case.Stage.ASSESSMENT,
    Case.Stage.DECISION,
    Case.Stage.RECOMMENDED,
    Case.Stage.APPROVED,
    Case.Stage.NOT_SELECTED,
]
MOST_WEIGHT = 100
Basis = Literal["mean", "adjusted"]
_SORTS = ("rank", "number", "median", "trimmed", "spread", "adjusted")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the reader asked for: other weights, the score that ranks, what is shown and in which order."""

    weights: Mapping[str, int]
    is_what_if: bool = False
    refused: str = ""
    basis: Basis = "mean"
    category: str = ""
    prefecture: str = ""
    sort: str = "rank"

    @classmethod
    def read(cls, round_: Round, sheet: ScoreSheet, given: Mapping[str, str]) -> Wish:
        """Weights stand in the address as `w-<dimension>`; what is no weight is refused as a whole and said."""
        weights, refused = dict(sheet.weights), ""
        asked = {name: given[f"w-{name}"].strip() for name in weights if f"w-{name}" in given}
        is_number = all(
            text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= MOST_WEIGHT
            for text in asked.values()
        )
        if asked and not is_number:
            refused = _("权重须为 0 至 %d 的整数，以下仍按评分表的权重计算") % MOST_WEIGHT
        elif asked and not any(int(text) for text in {**dict.fromkeys(weights, "0"), **asked}.values()):
            refused = _("权重不能全部为 0，以下仍按评分表的权重计算")
        elif asked:
            weights |= {name: int(text) for name, text in asked.items()}
        sort = given.get("sort", "")
        categories = {category.id for category in round_.notice.categories}
        return cls(
            weights=weights,
            is_what_if=weights != sheet.weights,
            refused=refused,
            basis="adjusted" if given.get("basis") == "adjusted" else "mean",
            category=given.get("category", "") if given.get("category", "") in categories else "",
            prefecture=given.get("prefecture", "")
            if given.get("prefecture", "") in regions.regions()
            else "",
            sort=sort if sort.removeprefix("-") in _SORTS else "rank",
        )


@dataclass(frozen=True, kw_only=True)
class Line:
    """One case as it is shown; numbers as text with two decimals, "—" where there is none."""

    pk: Any
    rank: str
    interval: str
    label: str
    title: str
    applicant: str
    place: str
    category: str
    counts: int
    mean: str
    median: str
    trimmed: str
    spread: str
    adjusted: str
    other_rank: str
    criteria: str
    hints: Sequence[tuple[str, str]]
    is_within: bool


class Ranking:
    """All cases of a round in arrays (two queries); `lines` turns the wanted ones into text."""

    def __init__(self, round_: Round, wish: Wish, *, sheet: ScoreSheet | None = None) -> None:
        self.round, self.wish = round_, wish
        self.sheet = sheet or sheet_of(round_)
        self.cases = list(
            Case.objects.filter(round=round_, stage__in=RANKED)
            .order_by("number")
            .values_list("pk", "number", "title", "applicant_name", "category_id", "region_code")
        )
        self._read_reviews()
        self._judge()

    def _read_reviews(self) -> None:
        place = {row[0]: index for index, row in enumerate(self.cases)}
        reviews = [
            row
            for row in Assessment.objects.filter(
                stage=Assessment.Stage.SUBMITTED,
                sheet_id=self.sheet.id,
                assignment__case__round=self.round,
                assignment__is_reserve=False,
            )
            .exclude(assignment__stage__in=GONE)
            .order_by()
            .values_list(
                "assignment__case_id",
                "assignment__appointment__expert_id",
                "scores",
                "opened_at",
                "submitted_at",
                *(["criteria"] if self.sheet.criteria else []),
            )
            if row[0] in place
        ]
        names = list(self.sheet.weights)
        experts = {pk: index for index, pk in enumerate(sorted({row[1] for row in reviews}))}
        scores = np.array([[row[2][name] for name in names] for row in reviews], dtype=np.float64)
        weights = np.array([self.wish.weights[name] for name in names], dtype=np.float64)
        totals = scores.reshape(-1, len(names)) @ weights * (100 / (self.sheet.highest * weights.sum()))
        project = np.array([place[row[0]] for row in reviews], dtype=np.intp)
        expert = np.array([experts[row[1]] for row in reviews], dtype=np.intp)
        self.ratings = engine.Ratings.of(
            project=project, expert=expert, score=totals, projects=len(self.cases), experts=len(experts)
        )
        spent = np.array(
            [(row[4] - row[3]).total_seconds() / 60 if row[4] else np.nan for row in reviews],
            dtype=np.float64,
        )
        self.minutes = spent[np.lexsort((expert, project))]
        self.met: Counter[int] = Counter()
        if self.sheet.criteria:
            best = self.sheet.criterion_levels[0].id
            for row in reviews:
                self.met[place[row[0]]] += sum(level == best for level in row[5].values())

    def _judge(self) -> None:
        ratings, sheet = self.ratings, self.sheet
        self.summary = engine.summarise(ratings)
        self.adjustment = engine.adjust(ratings)
        is_adjusted = self.wish.basis == "adjusted"
        self.intervals = engine.rank_intervals(
            ratings,
            self.adjustment,
            of=self.adjustment.score if is_adjusted else ratings.means,
            adjusted=is_adjusted,
            # The same round gives the same intervals on every screen and in the workbook.
            seed=self.round.pk.int % 2**32,
        )
        self.other_rank = engine.ranks(ratings.means if is_adjusted else self.adjustment.score)
        self.disagree = engine.disagreements(self.summary, points=sheet.disagreement)
        self.tied = engine.tied_by_interval(self.intervals)
        self.quota = quota_of(self.round)
        self.edge = (
            engine.borderline(self.intervals, quota=self.quota)
            if self.quota is not None
            else np.zeros(len(self.cases), dtype=np.bool_)
        )
        outlying = engine.outlying(ratings, self.adjustment)
        hasty = engine.hasty(
            ratings, self.minutes, floor=sheet.reading.minutes, share=sheet.reading.share / 100
        ).flags
        self.outlying = np.bincount(ratings.project[outlying], minlength=len(self.cases))
        self.hasty = np.bincount(ratings.project[hasty], minlength=len(self.cases))

    # --- which cases, in which order

    def order(self) -> list[int]:
        """Indices of the cases that the filters keep, in the wished order; unscored ones last, ties by number."""
        wish = self.wish
        kept = [
            index
            for index, (_pk, _number, _title, _name, category, region) in enumerate(self.cases)
            if (not wish.category or category == wish.category)
            and (not wish.prefecture or region == wish.prefecture)
        ]
        key = wish.sort.removeprefix("-")
        if key == "number":
            return kept[::-1] if wish.sort.startswith("-") else kept
        if key == "rank":
            values = np.where(self.intervals.rank > 0, -self.intervals.rank, -np.inf).astype(np.float64)
        elif key == "adjusted":
            values = self.adjustment.score
        else:
            values = getattr(self.summary, key)
        values = np.nan_to_num(values, nan=-np.inf)
        is_reversed = wish.sort.startswith("-")
        return sorted(
            kept, key=lambda index: (values[index] == -np.inf, values[index] * (1 if is_reversed else -1))
        )

    def lines(self, indices: Sequence[int]) -> list[Line]:
        categories = {category.id: category.title for category in self.round.notice.categories}
        known = regions.regions()
        year = _year(self.round)
        return [self._line(index, categories, known, year) for index in indices]

    def _line(self, index: int, categories: Mapping[str, str], known: Mapping[str, Any], year: int) -> Line:
        pk, number, title, applicant, category, region = self.cases[index]
        rank, low, high = (
            int(values[index]) for values in (self.intervals.rank, self.intervals.low, self.intervals.high)
        )
        summary = self.summary
        has_interval = rank and not self.intervals.reason
        return Line(
            pk=pk,
            rank=str(rank) if rank else "—",
            interval=(f"{low}–{high}" if low != high else str(low)) if has_interval else "—",
            label=f"{year}-{number:03d}",
            title=title,
            applicant=applicant,
            place=known[region].name if region in known else region,
            category=categories.get(category, category),
            counts=int(summary.counts[index]),
            mean=scoring.points(float(summary.mean[index])),
            median=scoring.points(float(summary.median[index])),
            trimmed=scoring.points(float(summary.trimmed[index])),
            spread=scoring.points(float(summary.spread[index])),
            adjusted=scoring.points(float(self.adjustment.score[index])),
            other_rank=str(int(self.other_rank[index]) or "—"),
            criteria=f"{self.met[index]}/{int(summary.counts[index]) * len(self.sheet.criteria)}",
            hints=self._hints(index),
            is_within=self.quota is not None and 0 < rank <= self.quota,
        )

    def _hints(self, index: int) -> list[tuple[str, str]]:
        """Words for a person to look again, each with its tone."""
        found = []
        if self.edge[index]:
            found.append((_("临界"), "warn"))
        if self.tied[index]:
            found.append((_("名次未拉开"), "info"))
        if self.disagree[index]:
            found.append((_("分歧较大"), "bad"))
        if self.outlying[index]:
            found.append((_("评分偏离 %d 份") % self.outlying[index], "warn"))
        if self.hasty[index]:
            found.append((_("用时过短 %d 份") % self.hasty[index], "warn"))
        wanted = self.round.experts_per_case
        if self.summary.counts[index] < wanted:
            found.append((_("评分不足 %d 份") % wanted, "warn"))
        return found

    # --- balance

    def balance(self) -> dict[str, list[tuple[str, int, int, str]]]:
        """By category and by prefecture: name, cases, of them within the quota, mean of the means."""
        categories = {category.id: category.title for category in self.round.notice.categories}
        known = regions.regions()
        names = {code: known[code].name if code in known else code for code in {row[5] for row in self.cases}}
        return {
            "category": self._group([row[4] for row in self.cases], categories),
            "prefecture": self._group([row[5] for row in self.cases], names),
        }

    def _group(self, keys: Sequence[str], titles: Mapping[str, str]) -> list[tuple[str, int, int, str]]:
        quota = self.quota or 0
        whole: Counter[str] = Counter(keys)
        within: Counter[str] = Counter()
        scores: dict[str, list[float]] = {}
        for key, rank, mean in zip(
            keys, self.intervals.rank.tolist(), self.summary.mean.tolist(), strict=True
        ):
            if 0 < rank <= quota:
                within[key] += 1
            if rank:
                scores.setdefault(key, []).append(mean)
        return [
            (
                titles.get(key, key),
                number,
                within[key],
                scoring.points(sum(scores[key]) / len(scores[key]) if key in scores else None),
            )
            for key, number in sorted(whole.items(), key=lambda item: (-item[1], item[0]))
        ]


def quota_of(round_: Round) -> int | None:
    """How many a province recommends at most; the State's round has no such number."""
    if round_.level != JointBody.Level.PROVINCE:
        return None
    return next((quota.maximum for quota in round_.notice.quotas if quota.per == "province"), None)


def figures_of_case(case: Case) -> dict[str, str]:
    """Of one case alone, as its panel sees it: nothing of other cases or of experts' harshness goes in (one query)."""
    sheet = sheet_of(case.round)
    totals = [
        float(total)
        for scores in Assessment.objects.filter(
            stage=Assessment.Stage.SUBMITTED,
            assignment__in=active_assignments(case).order_by().values("pk"),
            sheet_id=sheet.id,
        )
        .order_by()
        .values_list("scores", flat=True)
        if (total := scoring.total_of(sheet, scores)) is not None
    ]
    ratings = engine.Ratings.of(
        project=[0] * len(totals), expert=range(len(totals)), score=totals, projects=1, experts=len(totals)
    )
    found = engine.summarise(ratings)
    return {
        name: scoring.points(float(getattr(found, name)[0]))
        for name in ("mean", "median", "trimmed", "spread", "width")
    } | {"is_split": "1" if engine.disagreements(found, points=sheet.disagreement)[0] else ""}


def waiting_lines(round_: Round, *, most: int = 50) -> list[Assignment]:
    """Who has not submitted, the earliest due first (one query)."""
    return list(
        Assignment.objects.filter(case__round=round_, case__stage=Case.Stage.ASSESSMENT, is_reserve=False)
        .exclude(stage__in=GONE)
        .exclude(assessment__stage=Assessment.Stage.SUBMITTED)
        .select_related("case__round", "appointment__expert")
        .order_by("due_at", "case__number")[:most]
    )


def _year(round_: Round) -> int:
    from qingyuan.kernel import clock

    return clock.local(round_.opened_at).year
