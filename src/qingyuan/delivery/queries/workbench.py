"""What really happened to a pilot's audits on the platform, beside what was estimated. What is missing is not zero.

Days are calendar days of Shanghai and count both ends. An estimate is the engine's (the newest diagnosis of the pilot) or
the plan's own target; where there is none, nothing is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from qingyuan.audits.models import Dataset, EnterpriseSheet, FigureQuestion, Finding, Run
from qingyuan.catalogue import innovation
from qingyuan.delivery import account_words as words
from qingyuan.delivery.models import Conclusion, Project
from qingyuan.delivery.queries.account import Book
from qingyuan.kernel import clock

EFFORT: Final = "effort:"
OF_ENGINE: Final[Mapping[str, str]] = {
    "collecting": f"{EFFORT}assumed:collect_days",
    "elapsed": f"{EFFORT}this_way:calendar_days",
    "days": f"{EFFORT}assumed:joint_review_days",
    "person_days": f"{EFFORT}this_way:person_days",
    "money": f"{EFFORT}this_way:money_cny",
}
"""By line: the finding that estimates it for the whole pilot."""
OF_PLAN: Final[Mapping[str, tuple[str, Mapping[str, int]]]] = {
    "elapsed": ("audit_days", {"天": 1, "日": 1}),
    "money": ("audit_cost", {"万元": 10_000, "元": 1}),
}
"""By line: the aim of the notice that a plan sets, and its units in those of the line."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    value: Fraction
    source: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened. `actual` None: `why` says what is missing; `of` is what it is counted out of.

    `is_partial`: enterprises lack data, so that what is known is only a part, and no difference means anything.
    """

    id: str
    title: str
    unit: str
    actual: Fraction | None
    of: int | None = None
    why: str = ""
    is_partial: bool = False
    estimate: Estimate | None = None

    @property
    def difference(self) -> Fraction | None:
        """Actual less estimate; None where one of them is missing."""
        if self.actual is None or self.estimate is None or self.is_partial:
            return None
        return self.actual - self.estimate.value

    @property
    def percent(self) -> Fraction | None:
        if self.difference is None or self.estimate is None or not self.estimate.value:
            return None
        return 100 * self.difference / self.estimate.value

    # --- as people read them

    @property
    def shown(self) -> str:
        if self.actual is None:
            return "—"
        if self.of is not None:
            return f"{words.rounded(self.actual)} / {self.of} {self.unit}"
        return words.amount(self.actual, self.unit)

    @property
    def estimated(self) -> str:
        return words.amount(self.estimate.value, self.unit) if self.estimate else "—"

    @property
    def differs(self) -> str:
        if self.difference is None:
            return "—"
        sign = "+" if self.difference > 0 else ""
        percent = "" if self.percent is None else f"（{sign}{words.rounded(self.percent, 1)}%）"
        return f"{sign}{words.amount(self.difference, self.unit)}{percent}"

    @property
    def tone(self) -> str:
        """Less than was estimated is good."""
        return "neutral" if not self.difference else "good" if self.difference < 0 else "warn"


def happened(project: Project, book: Book) -> list[Line]:
    """Every line, in the order of an audit (six queries, however much there is)."""
    estimates = _estimates(project)
    return [
        *_datasets(project, estimates.get("collecting")),
        _elapsed(project, estimates.get("elapsed")),
        *_asked(project),
        *_logged(book, estimates),
    ]


def _datasets(project: Project, estimate: Estimate | None) -> Iterator[Line]:
    rows = list(
        Dataset.objects.filter(pilot=project.pilot_id)
        .annotate(
            fixed_at=Min("versions__made_at"),
            computed_at=Min("runs__ended_at", filter=Q(runs__stage=Run.Stage.DONE)),
        )
        .values_list("created_at", "fixed_at", "computed_at")
    )
    begun = min((row[0] for row in rows), default=None)
    for name, title, ends, waiting in (
        (
            "collecting",
            _("数据采集历时（新建数据集到定版）"),
            [row[1] for row in rows],
            _("还有 %d 份数据集没有定版"),
        ),
        (
            "computing",
            _("从新建数据集到算出结果"),
            [row[2] for row in rows],
            _("还有 %d 份数据集没有算出结果"),
        ),
    ):
        open_ = sum(one is None for one in ends)
        yield Line(
            id=name,
            title=title,
            unit=_("天"),
            actual=_days(begun, max(ends)) if begun is not None and not open_ else None,
            why=(waiting % open_ if rows else _("还没有数据集")) if open_ or not rows else "",
            estimate=estimate if name == "collecting" else None,
        )


def _elapsed(project: Project, estimate: Estimate | None) -> Line:
    """From the first day of the work to the passed list (one query)."""
    conclusion = Conclusion.objects.filter(project=project).first()
    is_over = conclusion is not None and conclusion.outcome == Conclusion.Outcome.PASSED
    return Line(
        id="elapsed",
        title=_("从开始实施到通过评估验收"),
        unit=_("天"),
        actual=Fraction((conclusion.listed_on - project.started_on).days + 1)
        if conclusion is not None and is_over
        else None,
        why="" if is_over else _("还没有通过评估验收"),
        estimate=estimate,
    )


def _days(begun: datetime, ended: datetime) -> Fraction:
    return Fraction((clock.local(ended).date() - clock.local(begun).date()).days + 1)


def _asked(project: Project) -> Iterator[Line]:
    """Sheets of enterprises and questions on figures (two queries)."""
    sheets = EnterpriseSheet.objects.filter(dataset__pilot=project.pilot_id).aggregate(
        all=Count("pk"), done=Count("pk", filter=Q(stage=EnterpriseSheet.Stage.SIGNED))
    )
    yield _share("sheets", _("企业自填并签署的表"), _("份"), sheets, _("没有邀请企业自填"))
    questions = FigureQuestion.objects.filter(dataset__pilot=project.pilot_id).aggregate(
        all=Count("pk"), done=Count("pk", filter=Q(stage=FigureQuestion.Stage.SETTLED))
    )
    yield _share("questions", _("已了结的核查问题"), _("个"), questions, _("没有提出核查问题"))


def _share(name: str, title: str, unit: str, counted: Mapping[str, int], none: str) -> Line:
    known = bool(counted["all"])
    return Line(
        id=name,
        title=title,
        unit=unit,
        actual=Fraction(counted["done"]) if known else None,
        of=counted["all"] if known else None,
        why="" if known else none,
    )


def _logged(book: Book, estimates: Mapping[str, Estimate]) -> Iterator[Line]:
    """What the log of efforts states: visits, days, people, money (no query)."""
    for name in ("visits", "days", "person_days", "money"):
        measure, result = innovation.measures()[name], book.results[name]
        lacking = result.enterprises - result.stated
        yield Line(
            id=name,
            title=_("工作量记录：%s") % measure.title,
            unit=measure.unit,
            actual=result.actual,
            is_partial=bool(lacking),
            why=_("工作量记录里没有填")
            if result.actual is None
            else _("%d 家没有数据，不与估算比较") % lacking
            if lacking
            else "",
            estimate=estimates.get(name),
        )


def _estimates(project: Project) -> dict[str, Estimate]:
    """The newest diagnosis's, else the plan's (one query)."""
    found: dict[str, Estimate] = {}
    rows = (
        Finding.objects.filter(
            run__dataset__pilot=project.pilot_id,
            run__stage=Run.Stage.DONE,
            run__command="diagnose",
            key__in=OF_ENGINE.values(),
        )
        .select_related("run__dataset")
        .order_by("run__ended_at", "run__number")
    )
    by_key: dict[str, Finding] = {row.key: row for row in rows}  # the newest wins
    for name, key in OF_ENGINE.items():
        if (row := by_key.get(key)) is not None:
            said = {"dataset": row.run.dataset.title, "number": row.run.number}
            found[name] = Estimate(
                value=Fraction(row.value),
                source=_("引擎核算（%(dataset)s，第 %(number)d 次计算）") % said,
            )
    for name, (aim, units) in OF_PLAN.items():
        if name not in found and (value := _aimed(project.baseline.content["targets"], aim, units)):
            found[name] = Estimate(value=value, source=_("实施方案的目标值"))
    return found


def _aimed(targets: list[dict[str, Any]], aim: str, units: Mapping[str, int]) -> Fraction | None:
    for line in targets:
        if line.get("measure") == aim and line.get("target") and line.get("unit") in units:
            return Fraction(str(line["target"])) * units[line["unit"]]
    return None
