"""The life of the approved pilots: one of each category to the passed list with credited enterprises, one still under way.

Every act by its verb, on the day on which it would have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from qingyuan.catalogue import promises
from qingyuan.delivery import actions, drafts, report
from qingyuan.delivery.actions import library
from qingyuan.delivery.actions import output as outputs
from qingyuan.delivery.handing_in import Reached
from qingyuan.delivery.models import AcceptanceFiling, Project, Rectification
from qingyuan.delivery.phases import PhaseRow
from qingyuan.delivery.queries.acceptance import FILING_RELATED, RECTIFICATION_RELATED
from qingyuan.delivery.queries.project import RELATED
from qingyuan.demo import evidence, files, state
from qingyuan.demo import review as province
from qingyuan.kernel import clock
from qingyuan.kernel.gate import receive
from qingyuan.pilots.models import Pilot
from qingyuan.review import actions as review
from qingyuan.review.decisions import Row
from qingyuan.review.models import Appointment, Case, Decision, Round

if TYPE_CHECKING:
    from qingyuan.demo.world import World
    from qingyuan.people.models import User

STARTED = date(2022, 8, 15)
PERIODS = ("2022-10-08", "2023-01-06", "2023-04-07", "2023-07-07")
"""When the reports on the four quarters are handed in."""
PHASES = (
    (1, date(2022, 9, 5)),
    (2, date(2022, 10, 20)),
    (3, date(2022, 12, 5)),
    (4, date(2023, 1, 20)),
    (5, date(2023, 2, 25)),
    (6, date(2023, 3, 20)),
    (7, date(2023, 7, 5)),
)
COLLECTED = {
    "begin": date(2022, 9, 6),
    "enter": date(2022, 9, 28),
    "fix": date(2022, 10, 8),
    "compute": date(2022, 10, 9),
    "focus": date(2022, 10, 12),
}
"""When the data of a pilot are begun, entered, fixed and computed, and where it looks closer is chosen."""
REMARK = "补充三家企业方案实施效果的监测报告（演示）"
DUE = date(2023, 11, 10)
EXCLUDED = "演示：企业 2023 年 6 月停产，审核未完成"
ACCEPTED_ON = date(2023, 11, 28)
Step = tuple[datetime, Callable[[], None]]


@dataclass
class Life:
    """A pilot under way and who works on it."""

    project: Project
    handler: User

    def fresh(self) -> Project:
        return Project.objects.select_related(*RELATED).get(pk=self.project.pk)

    @property
    def pilot(self) -> Pilot:
        return Pilot.objects.select_related("call__joint_body", "applicant").get(pk=self.project.pilot_id)


def run(world: World) -> list[Life]:
    """From the approved list to the passed one; the last approved pilot stays under way."""
    lives = [begin(world, case) for case in _approved()]
    *ending, under_way = _last_of_a_kind(lives)
    for life in lives:
        work(world, life, is_ending=life in ending)
    accept(world, ending)
    for life in ending:
        credit(world, life)
    tell(world, ending[0])
    evidence.commend(world, ending)
    assert under_way.fresh().stage == Project.Stage.RUNNING
    return lives


def _approved() -> list[Case]:
    found = Case.objects.filter(stage=Case.Stage.APPROVED, submission__isnull=False).order_by("number")
    return list(found.select_related("round__call__joint_body", "submission", "pilot__call__joint_body"))


def _last_of_a_kind(lives: Sequence[Life]) -> list[Life]:
    """One of each category, and then one more."""
    first: dict[str, Life] = {}
    for life in lives:
        first.setdefault(life.project.category_id, life)
    rest = [life for life in lives if life not in first.values()]
    return [*first.values(), rest[0]]


def begin(world: World, case: Case) -> Life:
    assert case.applicant_id is not None
    handler = next(
        user for user in world.people.values() if user.standing.holds(case.applicant_id, "handler")
    )
    with clock.at(_at(STARTED, 9)):
        return Life(actions.start(case, by=handler, started_on=STARTED), handler)


# --- the work


def work(world: World, life: Life, *, is_ending: bool) -> None:
    """In the order of the calendar; who is not ending stands where it stood in spring."""
    phases = PHASES if is_ending else PHASES[:4]
    periods = PERIODS if is_ending else PERIODS[:2]
    steps: list[Step] = [(_at(on, 10), partial(move, life, phase, on)) for phase, on in phases]
    steps += [
        (_at(date.fromisoformat(day), 14), partial(tell_period, world, life, place))
        for place, day in enumerate(periods, start=1)
    ]
    steps.append((_at(date(2023, 2, 20), 15), partial(evidence.plan_schemes, life)))
    if is_ending:
        collecting = evidence.collect(life)
        steps += [(_at(on, 16), collecting[name]) for name, on in COLLECTED.items()]
        steps.append((_at(date(2023, 3, 1), 9), partial(evidence.finance, world, life)))
        steps.append((_at(date(2023, 6, 12), 15), partial(evidence.carry_out, world, life)))
        steps.append((_at(evidence.STATED_ON, 9), partial(evidence.keep_account, world, life)))
        steps.append((_at(date(2023, 7, 12), 9), partial(deliver, world, life)))
    for instant, step in sorted(steps, key=lambda one: one[0]):
        with clock.at(instant):
            step()


def move(life: Life, phase: int, on: date) -> None:
    rows = [
        PhaseRow(row.enterprise.credit_code, phase, on)
        for row in life.project.scope.filter(dropped_on=None).select_related("enterprise")
    ]
    actions.set_phases(life.fresh(), by=life.handler, rows=rows)


def tell_period(world: World, life: Life, place: int) -> None:
    """A quarter's report: every target a quarter of the way further, every step that is over done."""
    project = life.fresh()
    made = actions.begin_report(project, by=life.handler)
    content = project.baseline.content
    today = clock.local(clock.now()).date()
    figures = {
        line["key"]: report.Figure(_on_the_way(line, place), min(today, made.ends).isoformat())
        for line in content["targets"]
        if line["target"] is not None
    }
    steps = {
        line["key"]: report.Step("done", line["ends"])
        if line["ends"] < made.ends.isoformat()
        else report.Step("current" if line["starts"] <= made.ends.isoformat() else "todo")
        for line in content["milestones"]
    }
    texts = dict.fromkeys(report.TEXTS, "演示：按计划推进，共性问题集中诊断，企业联络员按周报送。")
    made = drafts.save_report(
        made,
        draft=report.Draft(texts=texts, figures=figures, steps=steps),
        revision=made.draft_revision,
        by=life.handler,
    )
    proved = next(line for line in content["targets"] if line["target"] is not None)
    over = [line["title"] for line in content["milestones"] if steps[line["key"]].state == "done"]
    name = f"演示-{over[-1] if over else '启动实施'}.docx"
    upload = receive(files.evidence(name.removesuffix(".docx")), by=life.handler, name=name)
    drafts.add_evidence(made, target_key=proved["key"], upload=upload, by=life.handler)
    made = actions.hand_in(made, by=life.handler, draft_revision=made.draft_revision)
    with clock.at(clock.now() + timedelta(days=3)):
        actions.accept(made, by=world.people["ting-jingban"])


def _on_the_way(line: Any, place: int) -> str:
    """A straight way from the baseline to the target in four quarters; the last reaches it."""
    target = Decimal(str(line["target"]))
    if line.get("baseline") is None:
        return str(target)
    begun = Decimal(str(line["baseline"]))
    return f"{begun + (target - begun) * place / len(PERIODS):.2f}"


def deliver(world: World, life: Life) -> None:
    """Every promised result as a file, handed in and accepted."""
    for one in life.project.outputs.all():
        upload = receive(files.evidence(one.title), by=life.handler, name=f"演示-{one.title}.docx")
        outputs.add_version(one, by=life.handler, title=f"{one.title}（演示）", uploads=[upload])
        one.refresh_from_db()
        outputs.hand_in(one, by=life.handler)
        one.refresh_from_db()
        outputs.accept(one, by=world.people["ting-jingban"])


# --- evaluation and acceptance


def accept(world: World, lives: Sequence[Life]) -> Round:
    """The State's second round: all three handed in and assessed; two pass, one after a rectification."""
    by = world.people[state.HANDLER]
    for hour, life in enumerate(lives, start=9):
        with clock.at(f"2023-08-21T{hour:02}:00:00+08:00"):
            hand_in(life)
    with clock.at("2023-09-04T09:00:00+08:00"):
        round_ = review.open_acceptance(world.calls["state"], by=by)
        review.start(state.fresh(round_), by=by)
        for filing in AcceptanceFiling.objects.select_related(*FILING_RELATED).order_by("handed_in_at", "pk"):
            actions.take_in(filing, by=by)
    assign(world, round_, invite(world, round_))
    then = datetime.fromisoformat("2023-09-13T09:00:00+08:00")
    for case in state.cases(round_, stage="assessment"):
        then = state.assess(case, begins=then, score=4)
    with clock.at("2023-09-22T09:00:00+08:00"):
        review.open_scores(state.fresh(round_), by=by, reason="")
        for case in state.cases(round_, stage="assessment"):
            province.conclude(world, case, by=by)
    excluded = lives[0].project.scope.select_related("enterprise").last()
    assert excluded is not None
    left_out = [{"credit_code": excluded.enterprise.credit_code, "reason": EXCLUDED}]
    # By whose case it is, never by its place in a list: the exclusion belongs to the first pilot.
    case_of = {case.pilot_id: case for case in state.cases(round_, stage="decision")}
    first, *others, last = [case_of[life.pilot.pk] for life in lives]
    rows = [
        Row(first.pk, "passed", "", {"exclusions": left_out}),
        *(Row(case.pk, "passed", "", {"exclusions": []}) for case in others),
        Row(last.pk, "rectifying", REMARK, {"due_on": DUE}),
    ]
    decide(world, round_, rows, on=date(2023, 9, 25))
    rectify(world, lives)
    decide(world, round_, [Row(last.pk, "passed", "演示：整改已核实到位")], on=ACCEPTED_ON)
    with clock.at(_at(ACCEPTED_ON, 17)):
        review.finish_acceptance(state.fresh(round_), by=by)
    return round_


def hand_in(life: Life) -> None:
    project = life.fresh()
    reached = {
        line["key"]: Reached(
            value=str(line["target"] or ""), reason="" if line["target"] else "演示：定性目标"
        )
        for line in project.baseline.content["targets"]
    }
    actions.hand_in_acceptance(
        project, by=life.handler, summary="演示：试点各项工作按方案完成，目标全部达到。", reached=reached
    )


def invite(world: World, round_: Round) -> list[Appointment]:
    """The State's experts of the selection, asked anew."""
    from qingyuan.people.models import Expert

    by = world.people[state.HANDLER]
    codes = [code for code, _name, _key, _fields, _region in state.EXPERTS]
    with clock.at("2023-09-05T09:00:00+08:00"):
        asked = review.invite_experts(
            state.fresh(round_),
            by=by,
            experts=list(Expert.objects.filter(code__in=codes).order_by("code")),
            reply_due_at=clock.now() + timedelta(days=3),
        )
    with clock.at("2023-09-06T09:00:00+08:00"):
        form = promises.form_on(clock.local(clock.now()).date())
        for appointment in asked:
            person = appointment.expert.user
            review.accept(appointment, by=person, promises_sha256=form.sha256)
            review.declare(appointment, by=person, interests=())
    found = Appointment.objects.filter(round=round_).select_related("expert__user")
    return list(found.order_by("expert__code"))


def assign(world: World, round_: Round, seats: Sequence[Appointment]) -> None:
    with clock.at("2023-09-11T09:00:00+08:00"):
        for place, case in enumerate(state.cases(round_, stage="assessment")):
            for step in (0, 2, 3):
                review.assign(
                    state.fresh(round_),
                    by=world.people[state.HANDLER],
                    case=case,
                    appointment=seats[(place + step) % len(seats)],
                    due_at=datetime.fromisoformat("2023-09-20T18:00:00+08:00"),
                )


def decide(world: World, round_: Round, rows: Sequence[Row], *, on: date) -> Decision:
    """Drafted, consented to by both, numbered by the office and released within the day."""
    by = world.people[state.HANDLER]
    with clock.at(_at(on, 9)):
        decision = review.draft(state.fresh(round_), by=by, kind="acceptance", items=list(rows))
        review.send_for_cosign(decision, by=by, due_at=clock.now() + timedelta(days=3))
    for hour, person in ((10, state.SIGNER), (14, state.COSIGNER)):
        with clock.at(_at(on, hour)):
            now = _decision(decision)
            review.consent(now, by=world.people[person], content_sha256=now.content_sha256)
    with clock.at(_at(on, 15)):
        review.record_issue(
            _decision(decision),
            by=by,
            document_number=f"演示环办科财函〔{on.year}〕{on.month}号",
            signed_by="演示·部签发",
            dated_on=on,
        )
    with clock.at(_at(on, 16)):
        review.release(_decision(decision), by=world.people[state.SIGNER])
    return decision


def _decision(decision: Decision) -> Decision:
    return Decision.objects.select_related("round__call__joint_body").get(pk=decision.pk)


def rectify(world: World, lives: Sequence[Life]) -> None:
    asked = Rectification.objects.select_related(*RECTIFICATION_RELATED).get()
    by = next(life.handler for life in lives if life.project.pk == asked.project_id)
    with clock.at("2023-10-25T10:00:00+08:00"):
        for item in asked.items.all():
            upload = receive(
                files.evidence(f"整改佐证{item.position}"), by=by, name=f"演示-整改佐证{item.position}.docx"
            )
            actions.attach(asked, by=by, position=item.position, upload=upload)
        actions.answer(
            asked, by=by, answers={item.position: "演示：已补充三份监测报告" for item in asked.items.all()}
        )
    with clock.at("2023-11-15T10:00:00+08:00"):
        now = Rectification.objects.select_related(*RECTIFICATION_RELATED).get()
        actions.accept_rectification(now, by=world.people[state.HANDLER])


# --- what follows from the passed list


def credit(world: World, life: Life) -> None:
    with clock.at(_at(ACCEPTED_ON + timedelta(days=2), 9)):
        actions.credit(life.fresh(), by=world.people["ting-jingban"])


def tell(world: World, life: Life) -> None:
    """A case of what was done, published for everybody."""
    project = life.fresh()
    with clock.at("2023-12-11T10:00:00+08:00"):
        written = library.write(
            project,
            by=life.handler,
            title=f"{project.title.removesuffix('（演示）')}：集中诊断共性问题（演示）",
            sectors=list(project.pilot.sectors),
            pollutants=[],
            measures=["joint-audit"],
            background="演示：逐家审核用时长，同类企业重复诊断。",
            done="演示：统一采集数据，按工艺分层诊断，集中评估验收。",
            replicability="演示：同类企业有五家以上的地方可以照做。",
            conditions="演示：有统一的数据采集表和牵头单位。",
            quoted=["enterprises", "days", "schemes.low.done", "schemes.measured.water_t", "audits.accepted"],
            secrets={},
            office="演示科室",
            phone="0391-00000000",
        )
        library.hand_in(written, by=life.handler)
    with clock.at("2023-12-14T10:00:00+08:00"):
        written.refresh_from_db()
        library.publish(written, by=world.people["ting-qianfa"], content_sha256=written.content_sha256)


def _at(day: date, hour: int) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T{hour:02}:00:00+08:00")
