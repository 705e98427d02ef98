"""Evaluations and acceptances of an enterprise's audit, made by the product's own verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.pilot_maker import credit_code
from tests.schemes_maker import bring, pilot_of, propose


def ask(maker: Any, *, number: int = 1, kind: str = "evaluate", ready: bool = False, **more: Any) -> Any:
    from qingyuan.audits.actions import audit_review as actions

    if ready:
        bring(maker, propose(maker, number=number), "done")
    return actions.ask(
        pilot_of(maker), by=maker.world.park_handler, credit_code=credit_code(number), kind=kind, **more
    )


def full_marks(review: Any) -> dict[str, Any]:
    from qingyuan.audits import evaluating

    return {item.id: item.points for item in evaluating.sheet_of(review).items}


def record(maker: Any, review: Any, *, by: Any = None, **more: Any) -> Any:
    from qingyuan.audits.actions import audit_review as actions

    arguments = {"held_on": date(2022, 6, 19), "scores": full_marks(review), "opinion": "演示：同意", **more}
    return actions.record(review, by=by or maker.world.province_handler, **arguments)


def review_in(maker: Any, stage: str, *, number: int = 1) -> Any:
    """Of an enterprise whose only scheme is done."""
    from qingyuan.audits.actions import audit_review as actions
    from qingyuan.audits.models import AuditReview

    made = ask(maker, number=number, ready=True)
    if stage == "withdrawn":
        actions.withdraw(made, by=maker.world.park_handler)
    elif stage == "rectify":
        record(maker, made, conclusion="rectify", rectify_by=date(2022, 8, 31))
    elif stage == "failed":
        record(maker, made, conclusion="failed")
    elif stage in {"passed", "revoked"}:
        record(maker, made)
    if stage == "revoked":
        actions.revoke(made, by=maker.world.province_handler, reason="演示：登记有误")
    return AuditReview.objects.select_related("pilot__call__joint_body", "enterprise").get(pk=made.pk)


def waiting(maker: Any) -> Any:
    """The open application of the first enterprise, asked for where there is none."""
    from qingyuan.audits.models import AuditReview

    found = AuditReview.objects.filter(stage="asked").select_related("enterprise").first()
    return found or review_in(maker, "asked")


def result_of(review: Any, **more: Any) -> Any:
    """Full marks for one of many."""
    from qingyuan.audits.sittings import Sitting

    arguments = {"held_on": date(2022, 6, 19), "scores": full_marks(review), "opinion": "演示：同意", **more}
    return Sitting(credit_code=review.enterprise.credit_code, **arguments)
