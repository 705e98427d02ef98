"""The measures that a computation chose become the pilot's schemes, at once or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.audits import portfolio as portfolios
from qingyuan.audits.actions.scheme import need
from qingyuan.audits.figures import problems_of, put
from qingyuan.audits.layouts import layout_of
from qingyuan.audits.models import Run, Scheme, SchemeEvent, SchemeFigures, SchemeImport
from qingyuan.audits.portfolio import Offer, Portfolio
from qingyuan.audits.rules import run as rules
from qingyuan.kernel.actions import Act, Invalid, Problem, action
from qingyuan.kernel.fields import misfits


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """One offer (by its place in the portfolio) with who answers for it and by when; `kind` where no investment is stated."""

    place: int
    owner: str
    due_on: date | None
    kind: str = ""


@action(
    "run.adopt",
    title=gettext_lazy("列为试点的方案"),
    on=Run,
    may=rules.adopts_run,
    stages=("done",),
    creates=SchemeImport,
    clauses=("N3a", "N10"),
    idempotent=True,
    locks=lambda run, **_rest: [run.dataset.pilot],
)
def adopt(run: Run, act: Act, *, portfolio: Portfolio, taken: Sequence[Adopted]) -> SchemeImport:
    """把计算选定的方案组合列为试点的方案：按企业对应，落实责任部门和期限；已经列入的方案保持原样，不会重复。"""
    pilot, offers = run.dataset.pilot, portfolio.offers
    if problems := list(obstacles(run, portfolio=portfolio, taken=taken)):
        raise Invalid(problems)
    standing = portfolios.standing(pilot.pk, offers)
    new = [one for one in taken if one.place not in standing]
    wanted = [(one.place, offers[one.place].enterprise_id, kind_of(one, offers)) for one in new]
    codes = portfolios.codes(pilot.pk, wanted)
    finding = run.findings.filter(key=portfolios.CHOSEN).first()
    schemes, figures, events = [], [], []
    for one in new:
        offer = offers[one.place]
        assert offer.enterprise_id is not None  # `obstacles` has refused the others
        scheme = Scheme(
            pilot=pilot,
            enterprise_id=offer.enterprise_id,
            kind=kind_of(one, offers),
            number=codes[one.place][1],
            title=portfolios.title_of(offer),
            content=offer.name if len(offer.name) > 120 else "",
            owner=one.owner.strip(),
            due_on=one.due_on,
            run=run,
            finding=finding,
            run_measure=offer.name,
            made_at=act.now,
            made_by=act.by,
        )
        row = SchemeFigures(scheme=scheme, basis=SchemeFigures.Basis.PLANNED)
        changes = put(row, offer.figures)
        schemes.append(scheme)
        figures.append(row)
        events.append(
            SchemeEvent(
                scheme=scheme,
                at=act.now,
                by=act.by,
                what=act.verb,
                stage=scheme.stage,
                reason=_("取自“%(dataset)s”第 %(number)d 次计算")
                % {"dataset": run.dataset.title, "number": run.number},
                changes=changes,
            )
        )
    Scheme.objects.bulk_create(schemes)
    SchemeFigures.objects.bulk_create(figures)
    SchemeEvent.objects.bulk_create(events)
    made = SchemeImport.objects.create(
        pilot=pilot,
        origin=SchemeImport.Origin.RUN,
        basis=SchemeFigures.Basis.PLANNED,
        layout_id=layout_of(pilot).id[:60],
        run=run,
        at=act.now,
        by=act.by,
        rows=len(taken),
        added=len(schemes),
    )
    act.items([_fact(one, offers) for one in taken])
    act.note(result=run.result_sha256, added=len(schemes))
    return made


def kind_of(one: Adopted, offers: Sequence[Offer]) -> str:
    """By the investment where one is stated: the threshold is data and nobody's choice."""
    return offers[one.place].kind or one.kind


def _fact(one: Adopted, offers: Sequence[Offer]) -> list[Any]:
    offer = offers[one.place]
    return [
        offer.credit_code,
        offer.name,
        kind_of(one, offers),
        one.due_on.isoformat() if one.due_on else None,
    ]


def obstacles(run: Run, *, portfolio: Portfolio, taken: Sequence[Adopted]) -> Iterator[Problem]:
    """Everything that keeps these from being taken over."""
    if (portfolio.run_id, portfolio.result_sha256) != (run.pk, run.result_sha256):
        yield Problem(_("不是这次计算的方案组合"), where="portfolio")
        return
    if not portfolio.offers:
        yield Problem(_("这次计算没有选定方案"), where="portfolio")
        return
    if not taken:
        yield Problem(_("没有勾选方案"), where="taken", expected=_("至少一个方案"))
    standing = portfolios.standing(run.dataset.pilot_id, portfolio.offers)
    seen: dict[Any, int] = {}
    for number, one in enumerate(taken):
        if not 0 <= one.place < len(portfolio.offers):
            yield Problem(_("方案组合中没有这一项"), where=f"taken.{number}.place")
            continue
        offer, at = portfolio.offers[one.place], f"taken.{one.place}"
        key = (offer.enterprise_id or offer.stated, offer.name)
        if key in seen:
            yield Problem(_("与第 %d 项重复") % (seen[key] + 1), where=f"{at}.place")
        seen[key] = one.place
        if offer.enterprise_id is None:
            yield Problem(
                offer.why,
                where=f"{at}.enterprise",
                expected=_("试点范围内企业的名称或信用代码"),
                mend=_("不勾选这一项，或在数据中改正企业后重新计算"),
            )
        if len(offer.name) > portfolios.LONGEST_NAME:
            yield Problem(_("方案名称过长"), where=f"{at}.place", expected=_("不超过 200 字"))
        if one.place in standing:
            continue
        if kind_of(one, portfolio.offers) not in Scheme.Kind.values:
            yield Problem(_("数据没有写明投资，请选择类别"), where=f"{at}.kind", expected="low、high")
        owner = one.owner.strip()
        yield from need(owner, f"{at}.owner")
        yield from misfits(Scheme, at=at, owner=owner)
        if one.due_on is None:
            yield Problem(_("没有写明完成期限"), where=f"{at}.due_on")
        yield from problems_of(offer.figures, at=at)
