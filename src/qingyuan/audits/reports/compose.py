"""The whole report: seven chapters and the performance sheet. The same record gives the same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from qingyuan.audits import sheet_paper
from qingyuan.audits.layouts import layout_of
from qingyuan.audits.models import Run
from qingyuan.audits.queries import scheme as schemes
from qingyuan.audits.reports import groundwork, portfolio, results
from qingyuan.audits.reports.model import Draft, Missing
from qingyuan.kernel import clock
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.audit_docx import Report, write_audit
from qingyuan.papers.performance_docx import Paper
from qingyuan.pilots.models import Pilot

CHAPTERS: Final = (
    "筹划与组织",
    "预评估",
    "评估",
    "方案产生和筛选",
    "可行性分析",
    "方案实施",
    "持续清洁生产",
)
"""As auditors know them from an enterprise's report; one to five serve the 评估."""
TITLES: Final[Mapping[str, str]] = {
    "industry": "行业清洁生产整体审核报告",
    "park": "园区清洁生产整体审核报告",
    "region": "区域流域清洁生产协同审核报告",
}
WANTED: Final[Mapping[str, tuple[tuple[str, int, str, str], ...]]] = {
    "diagnose": (("diagnose", 3, "没有行业诊断的结果", "enterprises"),),
    "park": (
        ("balance", 3, "没有物料平衡", "flows"),
        ("heat", 3, "没有能量梯级利用的分析", "streams"),
        ("water", 3, "没有水资源梯级利用的分析", "processes"),
        ("match", 4, "没有企业之间的热量匹配", "heat_links"),
        ("exchange", 4, "没有副产物交换和共享设施的方案", "offers"),
        ("select", 4, "没有方案组合的优选", "measures"),
    ),
    "region": (
        ("river", 3, "没有河流水质响应", "reaches"),
        ("air", 3, "没有大气环境响应", "receptors"),
        ("select", 4, "没有方案组合的优选", "measures"),
    ),
}
"""What a report of that kind would have: the part, its chapter, the sentence where it lacks, and the table to fill in."""
ANNEX: Final = "附表　绩效表"


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A report that can be shown and written: its chapters, the annex, and by which computations."""

    title: str
    pilot: Pilot
    runs: Sequence[Run]
    chapters: Sequence[Draft]
    annex: Paper
    annex_missing: Sequence[Missing]

    @property
    def missing(self) -> int:
        return sum(len(one.missing) for one in self.chapters) + len(self.annex_missing)


@in_record_language()
def compose(run: Run, others: Sequence[Run] = ()) -> Composed:
    """The report on a finished computation, with further ones of the same pilot."""
    pilot = run.dataset.pilot
    found = [results.of(one) for one in (run, *others)]
    chapters = {place: Draft(number=place, title=title) for place, title in enumerate(CHAPTERS, start=1)}
    ledger = list(schemes.schemes(pilot))
    groundwork.organise(chapters[1], pilot, found)
    groundwork.survey(chapters[2], pilot, found)
    for one in found:
        results.fill(chapters, one)
    portfolio.generate(chapters[4], pilot, ledger)
    portfolio.judge(chapters[5], pilot, ledger)
    portfolio.carry_out(chapters[6], pilot, ledger)
    portfolio.continue_(chapters[7], pilot, ledger)
    _say_what_lacks(chapters, found)
    layout = layout_of(pilot, on=_day(run))
    rows = schemes.sheet_rows(ledger, basis="planned")
    annex = sheet_paper.sheet_of(
        pilot, layout, rows, title=f"{ANNEX}（{layout.title}）", on=_day(run), whole=True
    )
    missing = [] if rows else [portfolio.lacking("绩效表还没有方案", pilot)]
    return Composed(
        title=TITLES[run.dataset.template],
        pilot=pilot,
        runs=(run, *others),
        chapters=tuple(chapters.values()),
        annex=annex,
        annex_missing=tuple(missing),
    )


def _say_what_lacks(chapters: Mapping[int, Draft], found: Sequence[results.Result]) -> None:
    """Parts that the data did not allow, with the table where they are entered."""
    there = results.computed(found)
    for one in found:
        dataset = one.run.dataset
        for key, number, what, table in WANTED[one.run.command]:
            if key not in there:
                chapters[number].missing.append(
                    Missing(
                        what=what,
                        where=f"审核数据—{dataset.title}—数据表，补齐后重新定版计算",
                        url=reverse("audits:grid", args=[dataset.pk, table]),
                    )
                )


def _day(run: Run) -> dt.date:
    assert run.ended_at is not None
    return clock.local(run.ended_at).date()


@in_record_language()
def document(composed: Composed) -> bytes:
    """The Word file. It bears the day of the computation, so that it can be made again to the byte."""
    run = composed.runs[0]
    return write_audit(
        Report(
            title=composed.title,
            subject=f"{composed.pilot.name}；{composed.pilot.applicant.name}",
            on=_day(run),
            chapters=tuple(one.chapter for one in composed.chapters),
            annex=composed.annex,
        )
    )
