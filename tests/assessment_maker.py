"""Panels of experts over the review's cases, and score sheets filled in, by the product's own verbs where they are ours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from qingyuan.kernel import clock

OPINION = "演示：总体可行，建议补充测算依据"


def expert_of(world: Any, number: int) -> Any:
    """Expert E-9xx of the pool with a user of their own (made once)."""
    from qingyuan.people import actions as people
    from qingyuan.people.models import Expert, User

    code = f"E-9{number:02d}"
    found = Expert.objects.filter(code=code).first()
    if found:
        return found
    user = User.objects.create_user(
        f"expert-{number}", f"expert-{number}@example.org", "demo-pass-2022", display_name=f"演示专家{number}"
    )
    return people.enrol_expert(
        by=world.operator, user=user, code=code, fields=["electroplating"], employer=world.institute
    )


def appointed() -> dict[str, Any]:
    """Invited, accepted, promised and declared: those steps are tested where they belong."""
    now = clock.now()
    return {
        "stage": "accepted",
        "invited_at": now,
        "reply_due_at": now,
        "replied_at": now,
        "promises_id": "demo",
        "promises_sha256": "0" * 64,
        "declared_at": now,
    }


def assignment_of(world: Any, case: Any, number: int, **more: Any) -> Any:
    """An accepted expert with the case assigned."""
    from qingyuan.review.models import Appointment, Assignment

    expert = expert_of(world, number)
    appointment, _new = Appointment.objects.get_or_create(
        round=case.round, expert=expert, defaults=appointed()
    )
    made = Assignment.objects.create(
        case=case,
        appointment=appointment,
        assigned_at=clock.now(),
        due_at=clock.now() + timedelta(days=5),
        **more,
    )
    return Assignment.objects.select_related(
        "case__round__call__joint_body", "case__submission", "appointment__expert__user"
    ).get(pk=made.pk)


def in_assessment(case: Any) -> Any:
    """Straight into 专家评审: the form check is tested where it belongs."""
    type(case).objects.filter(pk=case.pk).update(stage="assessment")
    return type(case).objects.select_related("round__call__joint_body", "submission").get(pk=case.pk)


def user_of(assignment: Any) -> Any:
    from qingyuan.people.models import User

    return User.objects.get(pk=assignment.appointment.expert.user_id)


def content_of(sheet: Any, score: int = 4, **more: Any) -> Any:
    """A complete sheet with the same score everywhere (and a reason where the sheet wants one)."""
    from qingyuan.review.scoring import Content

    return Content(
        **{
            "scores": dict.fromkeys(sheet.weights, score),
            "comments": dict.fromkeys(sheet.weights, "演示理由") if score in sheet.comment_at else {},
            "criteria": {one.id: sheet.criterion_levels[0].id for one in sheet.criteria},
            "confidence": "high",
            "overall": sheet.overall[0].id,
            "opinion": OPINION,
            **more,
        }
    )


def opened(assignment: Any) -> Any:
    from qingyuan.review import actions, drafts
    from qingyuan.review.models import Assessment

    made = actions.open_assessment(assignment, by=user_of(assignment))
    return Assessment.objects.select_related(*drafts.RELATED).get(pk=made.pk)


def drafted(assignment: Any, score: int = 4, **more: Any) -> Any:
    """A draft that is complete."""
    from qingyuan.review import drafts

    made = opened(assignment)
    return drafts.save_assessment(
        made, content=content_of(made.sheet, score, **more), revision=0, by=user_of(assignment)
    )


def submitted(assignment: Any, score: int = 4, **more: Any) -> Any:
    from qingyuan.review import actions

    made = drafted(assignment, score, **more)
    return actions.submit_assessment(made, by=user_of(assignment), draft_revision=made.draft_revision)


class Panel:
    """A case under assessment with three experts: `panel.case`, `panel.assignments`, `panel.users`."""

    def __init__(self, world: Any, case: Any, *, first: int = 1) -> None:
        self.world = world
        self.case = in_assessment(case)
        self.assignments = [assignment_of(world, self.case, first + index) for index in range(3)]

    @property
    def users(self) -> list[Any]:
        return [user_of(one) for one in self.assignments]

    def submit(self, *scores: int) -> list[Any]:
        return [submitted(one, score) for one, score in zip(self.assignments, scores, strict=False)]

    def reload(self) -> Any:
        return (
            type(self.case)
            .objects.select_related("round__call__joint_body", "submission")
            .get(pk=self.case.pk)
        )


# --- for the matrices: the pool's own expert on a case under assessment


def matrix_assignment(maker: Any) -> Any:
    """The expert's assignment to the first case; the case is then under assessment."""
    from qingyuan.review.models import Assignment
    from tests.experts_maker import assignment_in as given

    found = Assignment.objects.filter(appointment__expert__user=maker.world.expert).first()
    made = found or given(maker, "assigned")
    in_assessment(made.case)
    type(made.case.round).objects.filter(pk=made.case.round_id).update(stage="reviewing")
    return Assignment.objects.select_related(
        "case__round__call__joint_body", "case__submission", "appointment__expert__user"
    ).get(pk=made.pk)


def staying(make: Any, maker: Any, case: Any) -> Any:
    """Make something for a case and leave the case in its stage."""
    # The ground's round may stand before its start.
    type(case.round).objects.filter(pk=case.round_id).update(stage="reviewing")
    made = make(maker, case)
    type(case).objects.filter(pk=case.pk).update(stage=case.stage)
    type(case.round).objects.filter(pk=case.round_id).update(stage=case.round.stage)
    return made


def assignment_in(maker: Any, case: Any) -> Any:
    """The expert's assignment to this case."""
    return staying(lambda one, _case: matrix_assignment(one), maker, case)


def post_in(maker: Any, case: Any) -> Any:
    from qingyuan.review.models import PanelPost

    author = assignment_in(maker, case)
    return PanelPost.objects.get_or_create(
        case=case, author=author, defaults={"text": "演示", "at": clock.now()}
    )[0]


def for_routes(make: Any, maker: Any, stage: str) -> Any:
    """The same for the routes, where the case stands as the ground made it."""
    from qingyuan.review.models import Case

    before = Case.objects.select_related("round").order_by("number").first()
    if before is None:
        return make(maker, stage)
    return staying(lambda one, _case: make(one, stage), maker, before)


def assessment_in(maker: Any, stage: str) -> Any:
    from qingyuan.review.models import Assessment

    assignment = matrix_assignment(maker)
    found = Assessment.objects.filter(assignment=assignment).first()
    if found is None:
        found = drafted(assignment)
    if stage == "submitted" and found.stage == "draft":
        from qingyuan.review import actions

        found = actions.submit_assessment(found, by=maker.world.expert, draft_revision=found.draft_revision)
    return found


def summary_in(maker: Any, stage: str) -> Any:
    from qingyuan.review import actions
    from qingyuan.review.models import PanelSummary

    assignment = assessment_in(maker, "submitted").assignment
    found = PanelSummary.objects.filter(case=assignment.case).first()
    if found is None:
        found = actions.name_chair(assignment.case, by=maker.world.province_handler, chair=assignment)
    if stage == "submitted" and found.stage == "named":
        found = actions.summarise(found, by=maker.world.expert, overall="recommend", text="演示：同意推荐")
    return found
