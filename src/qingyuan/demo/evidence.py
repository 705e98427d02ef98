"""What the passed pilots of the demo can show: data, a computation, schemes, the enterprises' evaluations, the reserve, the account, a commendation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from qingyuan.audits import evaluating
from qingyuan.audits.actions import audit_review, focus
from qingyuan.audits.actions import reserve as nominations
from qingyuan.audits.actions import scheme as schemes
from qingyuan.audits.models import AuditReview, Scheme
from qingyuan.audits.sittings import Sitting
from qingyuan.catalogue.focus import focus_method
from qingyuan.delivery.actions import account, commendation
from qingyuan.delivery.commending import Body
from qingyuan.delivery.efforts import EffortRow
from qingyuan.demo import applicants, pilots, spine
from qingyuan.kernel import clock
from qingyuan.registry.actions import reserve

if TYPE_CHECKING:
    from qingyuan.demo.delivery import Life
    from qingyuan.demo.world import World

HIGH_TITLE = "演示：中水回用和膜浓缩改造"
HIGH: Mapping[str, Decimal] = {
    "invest_wan_cny": Decimal(180),
    "benefit_wan_cny": Decimal(46),
    "water_t": Decimal(52000),
    "cod_t": Decimal("6.4"),
    "om_wan_cny": Decimal(9),
    "life_years": Decimal(10),
}
MEASURED = {"invest_wan_cny": Decimal(174), "benefit_wan_cny": Decimal("41.5"), "water_t": Decimal(47600)}
LOW = (
    ("演示：更换高效照明和电机", {"invest_wan_cny": Decimal("3.2"), "benefit_wan_cny": Decimal("2.1"), "electricity_wan_kwh": Decimal("2.6")}),
    ("演示：冷凝水回收利用", {"invest_wan_cny": Decimal("4.5"), "benefit_wan_cny": Decimal("3.4"), "water_t": Decimal(5200)}),
)  # fmt: skip
FEASIBLE = "演示：技术成熟，投资可以收回"
HEATED, CHOOSING = 5, 4
"""Of how many enterprises of a park heat and schemes are computed."""
AUDITED = 3
"""Enterprises of every pilot whose schemes and evaluations are shown in full."""
EFFORTS = (
    (date(2022, 9, 20), "training", {"person_days": Decimal(24)}, "演示：统一培训企业联络员"),
    (date(2022, 11, 15), "work", {"person_days": Decimal(160)}, "演示：统一采集数据、分层诊断"),
    (date(2023, 3, 10), "money", {"money": Decimal(480_000)}, "演示：委托技术支撑单位"),
    (date(2023, 6, 20), "review", {"days": Decimal(40), "person_days": Decimal(18)}, "演示：集中评估"),
    (date(2023, 7, 10), "document", {"documents": Decimal(12)}, "演示：合编审核报告"),
)
STATED_ON = date(2023, 7, 20)
COMMENDED = "演示：统一诊断、集中评估验收，减轻企业负担成效突出"


def collect(life: Life) -> dict[str, Callable[[], None]]:
    """The joint audit's data of the whole scope, and where it looks closer; small enough to be computed in seconds."""
    firms = list(life.project.scope.filter(dropped_on=None).select_related("enterprise"))
    names = [one.enterprise.name for one in firms]
    example = next(one for one in (*pilots.EXAMPLES, *applicants.EXAMPLES) if one.name == life.pilot.name)
    data = spine.Data(
        life.pilot,
        life.handler,
        life.project.category_id,
        f"{life.pilot.object_name}审核数据（演示）",
        spine.sheets_of(life.project.category_id, names, example.counties, heated=HEATED, choosing=CHOOSING),
    )
    return {
        "begin": data.begin,
        "enter": data.enter,
        "fix": data.fix,
        "compute": lambda: data.compute("演示：审核基准年"),
        "focus": partial(choose_focus, life, names[:AUDITED]),
    }


def choose_focus(life: Life, names: Sequence[str]) -> None:
    """审核重点 by the weighted sum: the first enterprise comes first."""
    factors = focus_method(on=clock.local(clock.now()).date()).factors
    candidates = [
        focus.Candidate(name=name, scores={one.id: Decimal(8 - 2 * place) for one in factors})
        for place, name in enumerate(names)
    ]
    focus.score_focus(life.pilot, by=life.handler, title=life.pilot.object_name, candidates=candidates)


def plan_schemes(life: Life) -> None:
    """Two schemes at little cost for the first enterprises, and one at high cost that the reserve is told of."""
    pilot = life.pilot
    codes = _codes(life)[:AUDITED]
    for code in codes:
        for title, figures in LOW:
            made = schemes.propose(
                pilot, by=life.handler, credit_code=code, title=title, kind="low", figures=figures
            )
            schemes.screen(made, by=life.handler, feasibility=FEASIBLE)
            schemes.confirm(made, by=life.handler, owner="演示设备部", due_on=date(2023, 5, 31))
            schemes.start(made, by=life.handler, started_on=date(2023, 2, 20))
    made = schemes.propose(
        pilot, by=life.handler, credit_code=codes[0], title=HIGH_TITLE, kind="high", figures=HIGH
    )
    schemes.screen(made, by=life.handler, feasibility=FEASIBLE)
    nominations.nominate(made, by=life.handler)


def carry_out(world: World, life: Life) -> None:
    """What costs little is done; the sitting on all of them together; then what costs more."""
    pilot = life.pilot
    for made in pilot.schemes.filter(kind=Scheme.Kind.LOW, stage=Scheme.Stage.RUNNING):
        schemes.finish(
            made, by=life.handler, finished_on=date(2023, 6, 5), figures={"invest_wan_cny": Decimal("3.8")}
        )
    _sit(world, life, "evaluate", on=date(2023, 6, 15))
    with clock.at(_at(date(2023, 6, 16), 10)):
        for made in pilot.schemes.filter(kind=Scheme.Kind.HIGH):
            schemes.confirm(made, by=life.handler, owner="演示环保部", due_on=date(2023, 6, 30))
            schemes.start(made, by=life.handler, started_on=date(2023, 6, 16))
    with clock.at(_at(date(2023, 7, 3), 10)):
        for made in pilot.schemes.filter(kind=Scheme.Kind.HIGH):
            schemes.finish(made, by=life.handler, finished_on=date(2023, 7, 2), figures=MEASURED)
    _sit(world, life, "accept", on=date(2023, 7, 8))


def _sit(world: World, life: Life, kind: str, *, on: date) -> None:
    """Asked for by the body, held for all three at once, recorded by the province in one act."""
    pilot, codes = life.pilot, _codes(life)[:AUDITED]
    with clock.at(_at(on - timedelta(days=2), 9)):
        for code in codes:
            audit_review.ask(pilot, by=life.handler, credit_code=code, kind=kind)
    with clock.at(_at(on, 17)):
        sheet = evaluating.sheet_for(pilot, kind)
        scores = {
            item.id: item.points - (item.points * Decimal("0.1") // sheet.step) * sheet.step
            for item in sheet.items
        }
        rows = [
            Sitting(credit_code=code, held_on=on, scores=scores, opinion="演示：同意通过，按计划继续实施")
            for code in codes
        ]
        audit_review.record_many(pilot, by=world.people["ting-jingban"], sheet=sheet.id, rows=rows)
    assert not AuditReview.objects.filter(pilot=pilot, stage=AuditReview.Stage.ASKED).exists()


def keep_account(world: World, life: Life) -> None:
    """What the joint audit took, all of it; fixed once and counted in public."""
    codes = tuple(_codes(life))
    for day, kind, amounts, note in EFFORTS:
        row = EffortRow(
            day=day, kind=kind, enterprises=codes, done_by="演示技术支撑单位", note=note, **amounts
        )
        account.log_effort(life.fresh(), by=life.handler, row=row)
    made = account.state_account(life.fresh(), by=life.handler)
    with clock.at(_at(STATED_ON, 15)):
        account.release(made, by=world.people["ting-jingban"])


def finance(world: World, life: Life) -> None:
    """The retrofit project with all that banks ask, admitted."""
    from qingyuan.registry.models import ReserveProject

    one = ReserveProject.objects.get(source_scheme__in=life.pilot.schemes.values("pk"))
    place = life.project.region_code or "410300"
    with clock.at(_at(date(2023, 3, 1), 9)):
        reserve.revise(
            one,
            by=life.handler,
            title=one.title,
            investment_code=f"2023-{place}-77-02-{100_000 + one.nominated_at.microsecond % 899_999:06d}",
            total_invest_wan_cny=Decimal(180),
            own_funds_wan_cny=Decimal(80),
            benefit_wan_cny=Decimal(46),
            om_wan_cny=Decimal(9),
            life_years=Decimal(10),
            environmental_benefit="演示：年节水 5.2 万 t，削减 COD 6.4 t",
            eia="obtained",
            land="not_needed",
            permit="obtained",
            contact_body=life.project.applicant.name,
        )
        one.refresh_from_db()
        reserve.admit(one, by=world.people["ting-jingban"], admitted_on=date(2023, 3, 1))


def commend(world: World, lives: Sequence[Life]) -> None:
    """通报表扬 of the bodies, by both departments of the province."""
    bodies = [Body(life.project.pk, life.project.applicant_id, COMMENDED) for life in lives[:2]]
    people = world.people
    with clock.at("2023-12-12T09:00:00+08:00"):
        one = commendation.draft(
            lives[0].fresh().supervisor,
            by=people["ting-jingban"],
            title="关于通报表扬清洁生产审核创新试点有关单位的通知（演示）",
            basis="演示：试点通过国家评估和验收。",
            bodies=bodies,
        )
        one = commendation.send_for_cosign(
            one, by=people["ting-jingban"], due_at=clock.now() + timedelta(days=3)
        )
    for hour, who in ((10, "ting-qianfa"), (14, "fagai-qianfa")):
        with clock.at(_at(date(2023, 12, 13), hour)):
            one = commendation.consent(one, by=people[who], content_sha256=one.content_sha256)
    with clock.at(_at(date(2023, 12, 15), 9)):
        commendation.issue(
            one, by=people["ting-qianfa"], document_number="演示豫环〔2023〕15号", dated_on=date(2023, 12, 15)
        )


def _codes(life: Life) -> list[Any]:
    found = life.project.scope.filter(dropped_on=None).order_by("enterprise__credit_code")
    return list(found.values_list("enterprise__credit_code", flat=True))


def _at(day: date, hour: int) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T{hour:02}:00:00+08:00")
