"""Joint decisions as pages and papers show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from qingyuan.calls.mails import shown
from qingyuan.papers.official_docx import Issue, Project, Word
from qingyuan.review import acceptance
from qingyuan.review.models import Case, Decision, DecisionConsent, DecisionItem

TONES: Mapping[str, str] = {
    Decision.Stage.DRAFTING: "neutral",
    Decision.Stage.COSIGN: "info",
    Decision.Stage.AGREED: "good",
    Decision.Stage.DISAGREED: "bad",
    Decision.Stage.RELEASED: "good",
    Decision.Stage.DROPPED: "neutral",
}


def items(decision: Decision) -> list[DecisionItem]:
    """The rows with their cases and the co-signer's checks (two queries)."""
    return list(
        decision.items.select_related("case__submission")
        .prefetch_related("case__cosign_checks")
        .order_by("position")
    )


def selected(decision: Decision) -> list[DecisionItem]:
    """The rows of the selected projects alone, in the order of the list (two queries)."""
    from qingyuan.review.decisions import positive

    found = [item for item in items(decision) if item.outcome == positive(decision.round)]
    for item in found:
        item.case.round = decision.round
    return found


def words(decision: Decision) -> list[Word]:
    """What every department said to the present content; “尚未表示意见” where nothing (two queries)."""
    said = {
        word.organisation_id: word
        for word in decision.consents.filter(content_sha256=decision.content_sha256).select_related("by")
    }
    found = []
    for part in decision.round.joint_body.seats:
        word: DecisionConsent | None = said.get(part.organisation_id)
        found.append(
            Word(
                body=part.organisation.name,
                part=str(part.get_part_display()),
                said=("同意" if word.agrees else "不同意") if word else "尚未表示意见",
                who=str(word.by) if word else "",
                at=shown(word.at) if word else "",
                opinion=word.opinion if word else "",
            )
        )
    return found


def issue_of(decision: Decision) -> Issue:
    return Issue(number=decision.document_number, signer=decision.signed_by, on=decision.dated_on)


def project_of(item: DecisionItem) -> Project:
    case = item.case
    sealed = case.snapshot
    return Project(
        label=case.label,
        title=case.title,
        applicant=case.applicant_name,
        category=case.category.title,
        place=case.place,
        object_name=sealed.get("object", {}).get("name", ""),
        enterprises=len(sealed["scope"]) if sealed else None,
        outcome=str(item.get_outcome_display()),
        reason="；".join(part for part in (item.reason, *acceptance.words_of(item.terms)) if part),
    )


def result_title(decision: Decision) -> str:
    """What the notice calls the result: a letter at the province, a list at the State."""
    results = decision.round.notice.review.results
    if decision.round.is_evaluation:
        return _("通过评估的试点")
    if decision.round.is_acceptance:
        results = tuple(one for one in results if one.gives_benefits)
    return results[0].title if results else decision.kind_title


def of_round(round_: Any) -> list[Decision]:
    """The decisions of a round, the newest first, dropped ones last (two queries)."""
    found = Decision.objects.filter(round=round_).prefetch_related(
        Prefetch("items", DecisionItem.objects.only("id", "decision_id"))
    )
    return sorted(found, key=lambda one: one.stage == Decision.Stage.DROPPED)


def deciding_cases(round_: Any, kind: str) -> list[Case]:
    """The cases that a new draft of this kind offers: those in the stage that it takes, by number."""
    from qingyuan.review.decisions import before

    return list(Case.objects.filter(round=round_, stage__in=before(kind)).order_by("number"))
