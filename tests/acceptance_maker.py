"""A pilot that the State approved here, handed in for acceptance, with the State's round over it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from qingyuan.kernel import clock
from qingyuan.review.decisions import Row
from tests.assessment_maker import Panel
from tests.delivery_maker import APPROVAL, DURING, STARTED, hand_in
from tests.review.state_rounds import national_call
from tests.review_maker import round_in

AT = "2023-09-10T09:00:00+08:00"
DUE = date(2023, 11, 30)
ITEMS = "补充三家企业的监测报告\n补充方案实施台账"


def approved(maker: Any) -> Any:
    """A case that the State's round approved; the selection itself is tested where it belongs."""
    from qingyuan.pilots.models import Submission
    from qingyuan.review.actions.round import case_of
    from qingyuan.review.models import Round

    round_in(maker, "reviewing")  # the province's, over a pilot that others work on
    pilot = maker("park", stage="submitted", name="演示验收项目")
    round_ = Round.objects.create(
        call=national_call(maker),
        stage="published",
        opened_at=clock.now(),
        opened_by=maker.world.state_handler,
        case_last=1,
    )
    case = case_of(round_, Submission.objects.get(pilot=pilot), 1)
    case.stage = "approved"
    case.save()
    return case


def state_project(maker: Any) -> Any:
    """A pilot that the State approved, under way."""
    from qingyuan.delivery import actions
    from qingyuan.delivery.models import Project
    from qingyuan.delivery.queries.project import RELATED

    world = maker.world
    found = Project.objects.filter(case__round__call__joint_body=world.joint["state"]).first()
    if found is None:
        case = approved(maker)
        with clock.at(max(clock.now(), datetime.fromisoformat(DURING))):
            found = actions.start(case, by=world.park_handler, started_on=STARTED, **APPROVAL)
    return Project.objects.select_related(*RELATED).get(pk=found.pk)


def acceptance_round(maker: Any) -> Any:
    """The State's round of acceptance, under way."""
    from qingyuan.review import actions
    from qingyuan.review.models import Round

    call = state_project(maker).case.round.call
    found = Round.objects.filter(call=call, kind="acceptance").first()
    if found is None:
        found = actions.open_acceptance(call, by=maker.world.state_handler)
        actions.start(found, by=maker.world.state_handler)
    return Round.objects.select_related("call__joint_body").get(pk=found.pk)


def filing_in(maker: Any, stage: str) -> Any:
    from qingyuan.delivery import actions
    from qingyuan.delivery.models import AcceptanceFiling
    from qingyuan.delivery.queries.acceptance import FILING_RELATED

    project = state_project(maker)
    found = project.filings.first()
    if found is None:
        acceptance_round(maker)
        found = hand_in(maker, project)
    if stage == "taken_in" and found.stage == "handed_in":
        actions.take_in(found, by=maker.world.state_handler)
    if stage == "returned" and found.stage == "handed_in":
        actions.send_back_filing(found, by=maker.world.state_handler, reason="演示：缺少台账")
    return AcceptanceFiling.objects.select_related(*FILING_RELATED).get(pk=found.pk)


def panelled(maker: Any, *scores: int) -> Any:
    """The case taken in, its panel done, and ready for the joint decision."""
    from qingyuan.review import actions
    from qingyuan.review.models import Case

    case = filing_in(maker, "taken_in").case
    panel = Panel(maker.world, case)
    panel.submit(*(scores or (4, 4, 4)))
    chair = panel.assignments[0]
    summary = actions.name_chair(panel.reload(), by=maker.world.state_handler, chair=chair)
    actions.summarise(summary, by=panel.users[0], overall="pass", text="演示：同意通过")
    actions.conclude_assessment(panel.reload(), by=maker.world.state_handler)
    return Case.objects.select_related("round__call__joint_body", "submission").get(pk=case.pk)


def drafted(maker: Any, *rows: Any) -> Any:
    from qingyuan.review import actions

    round_ = acceptance_round(maker)
    return actions.draft(round_, by=maker.world.state_handler, kind="acceptance", items=list(rows))


def fresh(decision: Any) -> Any:
    from qingyuan.review.models import Decision

    return Decision.objects.select_related("round__call__joint_body").get(pk=decision.pk)


def released(maker: Any, decision: Any) -> Any:
    """Consulted, agreed by both, numbered and released."""
    from datetime import timedelta

    from qingyuan.review import actions

    world = maker.world
    actions.send_for_cosign(decision, by=world.state_handler, due_at=clock.now() + timedelta(days=5))
    for signer in (world.state_signer, world.ndrc_signer):
        now = fresh(decision)
        actions.consent(now, by=signer, content_sha256=now.content_sha256)
    actions.record_issue(
        fresh(decision),
        by=world.state_handler,
        document_number="环办科财函〔2023〕演示9号",
        signed_by="演示签发人",
        dated_on=clock.local(clock.now()).date(),
    )
    actions.release(fresh(decision), by=world.state_signer)
    return fresh(decision)


def rectification_in(maker: Any, stage: str) -> Any:
    """Asked by a released decision; further on by the verbs."""
    from qingyuan.delivery import actions
    from qingyuan.delivery.models import Rectification
    from qingyuan.delivery.queries.acceptance import RECTIFICATION_RELATED

    world = maker.world
    found = Rectification.objects.first()
    if found is None:
        case = panelled(maker)
        row = Row(case.pk, "rectifying", ITEMS, {"due_on": DUE})
        released(maker, drafted(maker, row))
        found = Rectification.objects.get()
    if stage in {"answered", "accepted"} and found.stage == "asked":
        answer(maker, found)
        found.refresh_from_db()
    if stage == "accepted" and found.stage == "answered":
        actions.accept_rectification(found, by=world.state_handler)
    if stage == "lapsed" and found.stage != stage:
        with clock.at("2023-12-01T09:00:00+08:00"):
            actions.lapse(found, by=world.state_handler, remark="演示：逾期")
    return Rectification.objects.select_related(*RECTIFICATION_RELATED).get(pk=found.pk)


def answer(maker: Any, rectification: Any) -> Any:
    from qingyuan.delivery import actions

    by = maker.world.park_handler
    for item in rectification.items.all():
        if not item.evidence.exists():
            upload = maker.upload(by=by, name=f"佐证{rectification.number}-{item.position}.pdf")
            actions.attach(rectification, by=by, position=item.position, upload=upload)
    answers = {item.position: "演示：已补充" for item in rectification.items.all()}
    return actions.answer(rectification, by=by, answers=answers)


class Accepting:
    """The world of an acceptance under way; `project`, `round`, `filing`, `case` are rows."""

    def __init__(self, maker: Any) -> None:
        self.maker, self.world = maker, maker.world
        self.filing = filing_in(maker, "taken_in")
        self.project = state_project(maker)
        self.round = acceptance_round(maker)

    @property
    def case(self) -> Any:
        from qingyuan.review.models import Case

        return Case.objects.select_related("round__call__joint_body", "submission").get(
            pk=self.filing.case_id
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)


@contextmanager
def accepting(maker: Any) -> Any:
    """The clock stands after the term."""
    state_project(maker)
    with clock.at(AT):
        yield Accepting(maker)
