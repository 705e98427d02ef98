"""Choosing the focus of an audit: scores in, ranking kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits.figures import plain
from qingyuan.audits.models import FocusSheet
from qingyuan.audits.rules import scheme as rules
from qingyuan.catalogue.focus import focus_method
from qingyuan.engine.focus import FocusError, rank
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits
from qingyuan.pilots.models import Pilot

MOST_CANDIDATES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One candidate with its score by factor."""

    name: str
    scores: Mapping[str, Decimal]


@action(
    "pilot.score_focus",
    title=gettext_lazy("确定审核重点"),
    on=Pilot,
    may=rules.writes_schemes,
    stages=rules.STAGES,
    creates=FocusSheet,
    clauses=("N1",),
    idempotent=True,
)
def score_focus(pilot: Pilot, act: Act, *, title: str, candidates: Sequence[Candidate]) -> FocusSheet:
    """按权重总和计分排序法给备选的审核重点打分排序；因素和权重按当日适用的因素表，结果留存，不再改动。"""
    method = focus_method(on=clock.local(act.now).date())
    title = " ".join(title.split())
    problems = [] if title else [Problem(_("没有填写"), where="title")]
    problems += misfits(FocusSheet, title=title)
    problems += _of_names(candidates)
    weights = {factor.id: factor.weight for factor in method.factors}
    ranking = []
    try:
        ranking = rank(weights, {one.name: one.scores for one in candidates}, score_most=method.score_most)
    except FocusError as error:
        places = {one.name: place for place, one in enumerate(candidates)}
        problems += [
            Problem(
                reason,
                where=f"candidates.{places[name]}.{factor}" if name in places else "candidates",
                expected=_("0 到 %s 之间的分数") % plain(method.score_most),
            )
            for name, factor, reason in error.faults
        ]
    if problems:
        raise Invalid(problems)
    last = FocusSheet.objects.filter(pilot=pilot).aggregate(last=Max("number"))["last"] or 0
    made = FocusSheet.objects.create(
        pilot=pilot,
        number=last + 1,
        title=title,
        method_id=method.id,
        factors=[{"id": one.id, "title": one.title, "weight": plain(one.weight)} for one in method.factors],
        score_most=plain(method.score_most),
        scores=[
            {"name": one.name, "scores": {factor: plain(one.scores[factor]) for factor in weights}}
            for one in candidates
        ],
        ranking=[
            {
                "candidate": one.candidate,
                "weighted": [plain(value) for value in one.weighted],
                "total": plain(one.total),
                "rank": one.rank,
                "tied": one.tied,
            }
            for one in ranking
        ],
        made_at=act.now,
        made_by=act.by,
    )
    act.note(number=made.number, method=method.id, candidates=len(candidates))
    return made


def _of_names(candidates: Sequence[Candidate]) -> list[Problem]:
    problems = []
    if len(candidates) > MOST_CANDIDATES:
        problems.append(Problem(_("最多 %d 个备选") % MOST_CANDIDATES, where="candidates"))
    seen: set[str] = set()
    for place, one in enumerate(candidates):
        if not one.name.strip():
            problems.append(Problem(_("没有填写"), where=f"candidates.{place}.name"))
        elif len(one.name) > 120:
            problems.append(Problem(_("过长"), where=f"candidates.{place}.name", expected=_("不超过 120 字")))
        elif one.name in seen:
            problems.append(Problem(_("名称重复"), where=f"candidates.{place}.name"))
        seen.add(one.name)
    return problems
