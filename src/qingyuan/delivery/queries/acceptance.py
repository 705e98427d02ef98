"""How pilots end: what was handed in, what is to be mended, results on record, results that are missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from qingyuan.catalogue.scoresheets import acceptance_sheet_for
from qingyuan.delivery.models import AcceptanceFiling, Conclusion, Project, Rectification
from qingyuan.kernel import clock
from qingyuan.people.models import Role
from qingyuan.review.models import Case, Decision, DecisionItem, Round

MOST_WAITING = 20
_BY_PROJECT = (
    "project__case__round__call__joint_body",
    "project__pilot__call__joint_body",
    "project__pilot__applicant",
    "project__applicant",
)
FILING_RELATED = (*_BY_PROJECT, "report", "case")
RECTIFICATION_RELATED = (*_BY_PROJECT, "case__round__call__joint_body")
FILING_TONES: Mapping[str, str] = {
    AcceptanceFiling.Stage.HANDED_IN: "warn",
    AcceptanceFiling.Stage.TAKEN_IN: "info",
    AcceptanceFiling.Stage.RETURNED: "neutral",
}
RECTIFICATION_TONES: Mapping[str, str] = {
    Rectification.Stage.ASKED: "warn",
    Rectification.Stage.ANSWERED: "info",
    Rectification.Stage.ACCEPTED: "good",
    Rectification.Stage.LAPSED: "bad",
}


def _mine(user: Any) -> list[Any]:
    """The bodies for which this person handles (no query)."""
    return [pk for pk in user.standing.organisation_ids if user.standing.holds(pk, Role.HANDLER, Role.LEAD)]


def rounds_of(project: Project) -> dict[str, Round]:
    """The rounds of acceptance of the call under which the pilot was approved, by sitting (one query)."""
    found = Round.objects.filter(call__rounds=project.case.round_id, kind=Round.Kind.ACCEPTANCE)
    return {one.sitting: one for one in found.select_related("call__joint_body")}


def evaluated_by(project: Project) -> DecisionItem | None:
    """The line of the released decision by which the pilot passed the first of two sittings (one query)."""
    return (
        DecisionItem.objects.filter(
            case__filing__project=project,
            outcome=Case.Stage.EVALUATED,
            decision__stage=Decision.Stage.RELEASED,
        )
        .select_related("decision")
        .first()
    )


def next_sitting(project: Project) -> Round.Sitting:
    """What the pilot is evaluated by next: as the rounds that were opened have it, else as the sheet in force says.

    At most two queries. A pilot whose State decides outside the product is accepted in one.
    """
    if evaluated_by(project):
        return Round.Sitting.ACCEPTANCE
    first = (Round.Sitting.WHOLE, Round.Sitting.EVALUATION)
    if held := [one for one in first if one in rounds_of(project)]:
        return held[0]
    try:
        sheet = acceptance_sheet_for(project.case.round.notice, on=clock.local(clock.now()).date())
    except KeyError:
        return Round.Sitting.WHOLE
    is_two = sheet.acceptance is not None and sheet.acceptance.sittings == "two"
    return Round.Sitting.EVALUATION if is_two else Round.Sitting.WHOLE


def round_for(project: Project) -> Round | None:
    """The round that the pilot is evaluated in next (at most two queries)."""
    return rounds_of(project).get(next_sitting(project))


def to_record(user: Any) -> QuerySet[Project]:
    """Unfinished pilots past their term whose State decides outside the product, for the host's people (one query)."""
    return (
        Project.objects.filter(
            stage__in=[Project.Stage.RUNNING, Project.Stage.EVALUATING],
            term_end__lt=clock.local(clock.now()).date(),
            case__stage=Case.Stage.RECOMMENDED,
            pilot__call__joint_body__parts__organisation__in=_mine(user),
            pilot__call__joint_body__parts__part="host",
        )
        .distinct()
        .order_by("term_end", "title")[:MOST_WAITING]
    )


def to_hand_in(user: Any) -> QuerySet[Project]:
    """Running pilots of this person's bodies whose term is over (one query)."""
    return Project.objects.filter(
        stage=Project.Stage.RUNNING,
        applicant__in=_mine(user),
        term_end__lt=clock.local(clock.now()).date(),
    ).order_by("term_end", "title")[:MOST_WAITING]


def filings_waiting(user: Any) -> QuerySet[AcceptanceFiling]:
    """Handed in and not taken in, at the State's host (one query)."""
    return (
        AcceptanceFiling.objects.filter(
            stage=AcceptanceFiling.Stage.HANDED_IN,
            project__case__stage=Case.Stage.APPROVED,
            project__case__round__call__joint_body__parts__organisation__in=_mine(user),
            project__case__round__call__joint_body__parts__part="host",
        )
        .select_related("project")
        .distinct()
        .order_by("handed_in_at")[:MOST_WAITING]
    )


def rectifications_of(user: Any) -> QuerySet[Rectification]:
    """Asked of this person's bodies and not answered (one query)."""
    return (
        Rectification.objects.filter(stage=Rectification.Stage.ASKED, project__applicant__in=_mine(user))
        .select_related("project")
        .order_by("due_on")[:MOST_WAITING]
    )


def rectifications_to_verify(user: Any) -> QuerySet[Rectification]:
    """Answered, or past their day, at the host of the round (one query)."""
    from django.db.models import Q

    today = clock.local(clock.now()).date()
    return (
        Rectification.objects.filter(
            Q(stage=Rectification.Stage.ANSWERED) | Q(stage=Rectification.Stage.ASKED, due_on__lt=today),
            case__round__call__joint_body__parts__organisation__in=_mine(user),
            case__round__call__joint_body__parts__part="host",
        )
        .select_related("project")
        .distinct()
        .order_by("due_on")[:MOST_WAITING]
    )


def conclusion_of(project: Project) -> Conclusion | None:
    """With its paper (one query)."""
    return Conclusion.objects.filter(project=project).select_related("evidence", "recorded_by").first()


def filings_of_round(round_: Round) -> QuerySet[AcceptanceFiling]:
    """Everything handed in for this sitting for the pilots that the round's call approved, what waits first."""
    second = Round.Sitting.ACCEPTANCE
    # What was handed in before the round was opened carries the first sitting as it was foreseen then.
    sittings = [second] if round_.sitting == second else [Round.Sitting.WHOLE, Round.Sitting.EVALUATION]
    return (
        AcceptanceFiling.objects.filter(project__case__round__call=round_.call_id, sitting__in=sittings)
        .exclude(stage=AcceptanceFiling.Stage.RETURNED)
        .select_related("project__applicant", "case__round")
        .order_by("stage", "handed_in_at")
    )
