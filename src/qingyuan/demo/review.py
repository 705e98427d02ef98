"""The scene of a review: twelve applications received, and the province's round over them, every act by its verb."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser

from qingyuan.catalogue import promises
from qingyuan.demo import actions as accounts
from qingyuan.demo import applicants, cast, pilots
from qingyuan.kernel import clock
from qingyuan.people import actions as people
from qingyuan.people.models import Expert
from qingyuan.people.pool import actions as pool
from qingyuan.review import actions, drafts
from qingyuan.review.actions import formcheck, truthfulness
from qingyuan.review.decisions import Row
from qingyuan.review.models import Appointment, Assessment, Assignment, Case, Decision, Publicity, Round
from qingyuan.review.models.truthfulness import CHECKS
from qingyuan.review.scoring import Content

if TYPE_CHECKING:
    from qingyuan.demo.world import World

REJECTED, UNFINISHED = 11, 12
"""Numbers of the case whose form is refused, and of the one that is still being looked at."""
SEATS = ((0, 1, 3), (1, 2, 4), (2, 3, 5))
"""Which experts sit together: each panel is one of these, turned on by the case's number."""
QUALITY = (5, 4, 3, 4, 2, 4, 3, 5, 3, 4, 2, 3)
"""About what the experts give each case."""
MOST = 5
"""Recommended by a province 原则上 (N8)."""
A_SHEET = timedelta(minutes=20)
ASSESSING = datetime.fromisoformat("2022-07-04T08:30:00+08:00")
OPINION = "演示：总体可行，建议补充基准年数据的来源和测算依据。"


def run(world: World) -> Round:
    """The round over what was received, in the order of the calendar."""
    round_ = open_round(world)
    for case in round_.cases.order_by("number"):
        check_form(world, case)
    seats = appoint(world, round_)
    assign(world, round_, seats)
    then = ASSESSING
    for case in round_.cases.filter(stage="assessment", number__lte=8).order_by("number"):
        then = assess(case, begins=then, unfinished=case.number > 6)
    refuse(world, round_)
    return round_


def finish(world: World) -> Round:
    """A round whose decision is released: all forms passed, all sheets in, five recommended, both departments agreed."""
    round_ = ready(world)
    decision = agree(world, round_)
    with clock.at("2022-07-08T16:00:00+08:00"):
        actions.release(decision, by=world.people["ting-qianfa"])
    return _fresh(round_)


def lie_open(world: World) -> Publicity:
    """The same decision under a call that asks for 公示: a week's period, one objection settled, one waiting."""
    by = world.people["ting-jingban"]
    decision = agree(world, ready(world))
    with clock.at("2022-07-08T16:00:00+08:00"):
        publicity = actions.publicise(
            decision,
            by=by,
            ends_at=datetime.fromisoformat("2022-07-16T00:00:00+08:00"),
            contact="河南省生态环境厅科技标准处（演示地址），信封注明“试点公示异议”",
            answer_days=10,
        )
    first = decision.items.select_related("case").order_by("position")[0].case
    with clock.at("2022-07-10T10:20:00+08:00"):
        settled = actions.lodge_objection(
            publicity,
            by=AnonymousUser(),
            case=first,
            objector="演示·某行业协会",
            objector_contact="演示电话",
            text="演示：方案所列企业数量与公开资料不一致，请核实。",
        )
    with clock.at("2022-07-11T15:00:00+08:00"):
        actions.lodge_objection(
            publicity,
            by=AnonymousUser(),
            objector="演示·李某",
            objector_contact="演示邮箱",
            text="演示：名单中的园区项目较多，建议说明区域平衡的考虑。",
        )
        actions.settle_objection(
            settled,
            by=by,
            outcome="dismissed",
            answer="演示：经与封存的企业清单核对，数量一致；公开资料统计口径不同。",
        )
    return publicity


def ready(world: World) -> Round:
    """All forms passed, all sheets in, all panels have concluded: everything waits for the joint decision."""
    round_ = open_round(world)
    for case in round_.cases.order_by("number"):
        check_form(world, case, only_passing=True)
    seats = appoint(world, round_)
    assign(world, round_, seats)
    then = ASSESSING
    for case in round_.cases.order_by("number"):
        then = assess(case, begins=then)
    by = world.people["ting-jingban"]
    with clock.at("2022-07-06T09:00:00+08:00"):
        actions.open_scores(_fresh(round_), by=by, reason="")
        for case in round_.cases.order_by("number"):
            conclude(world, case)
    return _fresh(round_)


def agree(world: World, round_: Round) -> Decision:
    """The five best of the experts are recommended; drafted, and consented to by both."""
    by, signer = world.people["ting-jingban"], world.people["ting-qianfa"]
    cases = sorted(round_.cases.all(), key=lambda case: (-QUALITY[case.number - 1], case.number))
    rows = [Row(case.pk, "recommended") for case in cases[:MOST]]
    rows += [
        Row(case.pk, "not_selected", "演示：创新点与同类项目相近，可复制性说明不足") for case in cases[MOST:]
    ]
    with clock.at("2022-07-07T09:00:00+08:00"):
        decision = actions.draft(
            _fresh(round_), by=by, kind=Decision.Kind.FINAL, items=rows, note="演示：按专家评审结果拟定"
        )
        actions.send_for_cosign(decision, by=by, due_at=datetime.fromisoformat("2022-07-08T18:00:00+08:00"))
    for hour, person in ((10, signer), (14, world.people["fagai-qianfa"])):
        with clock.at(f"2022-07-08T{hour}:00:00+08:00"):
            decision.refresh_from_db()
            actions.consent(decision, by=person, content_sha256=decision.content_sha256)
    return Decision.objects.select_related("round__call__joint_body").get(pk=decision.pk)


def apply(world: World) -> None:
    """Eleven more applicants come, with the one of the first scene twelve."""
    with clock.at("2022-06-18T09:00:00+08:00"):
        for body in applicants.BODIES:
            world.bodies[body.key] = people.register_organisation(
                by=world.operator,
                kind=body.kind,
                name=body.name,
                region_code=body.region,
                email=f"{body.key}@{cast.DOMAIN}",
                is_demo=True,
            )
        for person in applicants.PEOPLE:
            for body_key, role in person.places:
                people.add_member(
                    world.bodies[body_key],
                    by=world.operator,
                    email=person.email,
                    name=person.name,
                    role=role,
                )
        world.people |= accounts.open_accounts(world.operator, applicants.PEOPLE)
    pilots.build(world, applicants.EXAMPLES, first=applicants.FIRST_NUMBER)


def open_round(world: World) -> Round:
    """The day after the call has closed."""
    by = world.people["ting-jingban"]
    call = world.calls["henan"]
    with clock.at("2022-07-01T08:40:00+08:00"):
        round_ = actions.open_round(call, by=by)
        actions.configure(
            round_, by=by, sheet_id="", experts_per_case=3, cap_per_expert=6, avoids_own_region=True
        )
    with clock.at("2022-07-01T08:50:00+08:00"):
        actions.start(_fresh(round_), by=by)
    return _fresh(round_)


def check_form(world: World, case: Case, *, only_passing: bool = False) -> None:
    """Ten pass, one is to be refused, one is still open (or all pass); truth is examined where the form passed."""
    by = world.people["ting-jingban"]
    with clock.at(f"2022-07-01T10:{case.number:02}:00+08:00"):
        check = formcheck.begin(case, by=by)
        refused = case.number == REJECTED and not only_passing
        open_yet = case.number == UNFINISHED and not only_passing
        judged = list(check.dimensions)[: 2 if open_yet else None]
        said = {
            one.id: {"word": "fails" if refused and one is judged[0] else "meets", "note": "演示"}
            for one in judged
        }
        findings = {one["id"]: {"word": "overridden", "note": "演示：已核对"} for one in check.findings}
        check = formcheck.judge(check, by=by, dimensions=said, findings=findings, opinion="演示：格式完整")
        if refused:
            formcheck.propose_rejection(check, by=by, reason="演示：申报内容与通知的类别要求不符")
        elif not open_yet:
            formcheck.pass_check(check, by=by)
            _examine(world, case)


def _examine(world: World, case: Case) -> None:
    made = truthfulness.examine(
        _fresh_case(case),
        by=world.people["ting-jingban"],
        checks={key: {"word": "agrees", "note": "演示：比对一致"} for key in CHECKS},
        result="true",
        note="演示",
    )
    truthfulness.sign(made, by=world.people["ting-qianfa"])


def appoint(world: World, round_: Round) -> list[Appointment]:
    """Six of the province's pool are invited, accept with their promises, and declare that nothing binds them."""
    by = world.people["ting-jingban"]
    with clock.at("2022-07-01T15:00:00+08:00"):
        rows = [
            pool.PoolRow(
                code=code,
                name=name,
                email=f"{key}@{cast.DOMAIN}",
                title="高级工程师（演示）",
                region_code=region,
                fields=fields,
            )
            for code, name, key, fields, region in applicants.EXPERTS
        ]
        pool.import_pool(world.bodies["ecology-410000"], by=by, rows=rows)
        known = [cast.Person(key, name) for _code, name, key, _fields, _region in applicants.EXPERTS]
        world.people |= accounts.open_accounts(world.operator, known)
        experts = Expert.objects.filter(code__in=[row.code for row in rows]).order_by("code")
        asked = actions.invite_experts(
            round_, by=by, experts=list(experts), reply_due_at=clock.now() + timedelta(days=2)
        )
    with clock.at("2022-07-02T09:00:00+08:00"):
        form = promises.form_on(clock.local(clock.now()).date())
        for appointment in asked:
            person = appointment.expert.user
            actions.accept(appointment, by=person, promises_sha256=form.sha256)
            actions.declare(appointment, by=person, interests=())
    return list(
        Appointment.objects.filter(round=round_).select_related("expert__user").order_by("expert__code")
    )


def assign(world: World, round_: Round, seats: list[Appointment]) -> None:
    """Three experts to every case that passed its form check, the load spread evenly."""
    by = world.people["ting-jingban"]
    with clock.at("2022-07-02T15:00:00+08:00"):
        for case in round_.cases.filter(stage="assessment").order_by("number"):
            for seat in SEATS[case.number % len(SEATS)]:
                actions.assign(
                    round_,
                    by=by,
                    case=case,
                    appointment=seats[(seat + case.number) % len(seats)],
                    due_at=datetime.fromisoformat("2022-07-08T18:00:00+08:00"),
                )


def assess(case: Case, *, begins: datetime, unfinished: bool = False) -> datetime:
    """The experts of a case fill in their sheets one after the other; the last one has only begun where unfinished."""
    seats = list(Assignment.objects.filter(case=case).order_by("pk"))
    for assignment in seats:
        with clock.at(begins):
            last = unfinished and assignment is seats[-1]
            fill(assignment, score=QUALITY[case.number - 1], submitted=not last)
        begins += A_SHEET
    return begins


def fill(assignment: Assignment, *, score: int, submitted: bool = True) -> None:
    """One sheet about this score; handed in, or left as it is."""
    by = assignment.appointment.expert.user
    opened = actions.open_assessment(assignment, by=by)
    made = Assessment.objects.select_related(*drafts.RELATED).get(pk=opened.pk)
    sheet = made.sheet
    turn = int(assignment.appointment.expert.code[-2:])
    scores = {
        dimension: min(5, max(1, score + (turn + place * score) % 3 - 1))
        for place, dimension in enumerate(sheet.weights)
    }
    content = Content(
        scores=scores,
        comments={
            dimension: "演示：依据见方案相应章节"
            for dimension, given in scores.items()
            if given in sheet.comment_at
        },
        criteria={one.id: sheet.criterion_levels[0].id for one in sheet.criteria},
        confidence="high",
        overall=sheet.overall[0].id,
        opinion=OPINION,
    )
    made = drafts.save_assessment(made, content=content, revision=0, by=by)
    if submitted:
        with clock.at(clock.now() + A_SHEET):
            actions.submit_assessment(made, by=by, draft_revision=made.draft_revision)


def conclude(world: World, case: Case, *, by: Any = None) -> None:
    """The chair writes what the panel thinks, and the case goes on to the joint decision."""
    by = by or world.people["ting-jingban"]
    chair = case.assignments.select_related("appointment__expert__user").order_by("pk")[0]
    summary = actions.name_chair(case, by=by, chair=chair)
    overall = Assessment.objects.get(assignment=chair).overall
    actions.summarise(summary, by=chair.appointment.expert.user, overall=overall, text=OPINION)
    actions.conclude_assessment(_fresh_case(case), by=by)


def refuse(world: World, round_: Round) -> Decision:
    """The refusal of one form is drafted and sent to the co-signing department; the host has consented."""
    by = world.people["ting-jingban"]
    case = round_.cases.get(number=REJECTED)
    with clock.at("2022-07-05T10:00:00+08:00"):
        decision = actions.draft(
            _fresh(round_),
            by=by,
            kind=Decision.Kind.FORM,
            items=[Row(case.pk, "rejected", "演示：申报内容与通知的类别要求不符")],
            note="演示：其余项目形式校核情况见登记簿",
        )
        actions.send_for_cosign(decision, by=by, due_at=datetime.fromisoformat("2022-07-07T18:00:00+08:00"))
    with clock.at("2022-07-05T15:00:00+08:00"):
        decision.refresh_from_db()
        actions.consent(decision, by=world.people["ting-qianfa"], content_sha256=decision.content_sha256)
    return decision


def _fresh(round_: Round) -> Round:
    return Round.objects.select_related("call__joint_body").get(pk=round_.pk)


def _fresh_case(case: Case) -> Any:
    return Case.objects.select_related("round__call__joint_body", "submission").get(pk=case.pk)
