"""The register of paper: what arrived, what did not; and what the electronic register says beside each application."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from qingyuan.calls.models import Call
from qingyuan.catalogue.notices.parts import Delivery
from qingyuan.kernel import clock
from qingyuan.pilots.models import Submission
from qingyuan.review.models import Case, PaperArrival

TONES = {
    PaperArrival.Stage.REGISTERED: "warn",
    PaperArrival.Stage.SAME: "good",
    PaperArrival.Stage.DIFFERS: "bad",
    PaperArrival.Stage.VOID: "neutral",
}


def paper_of(call: Call) -> list[Delivery]:
    """The deliveries on paper that the call's notice asks for."""
    return [one for one in call.notice.package.deliveries if one.medium == "paper"]


def arrivals(call: Call) -> QuerySet[PaperArrival]:
    return (
        PaperArrival.objects.filter(call=call)
        .select_related("submission", "registered_by", "checked_by")
        .defer("submission__snapshot", "submission__manifest")
        .order_by("number")
    )


def missing(call: Call) -> QuerySet[Submission]:
    """Current versions of which nothing came on paper; applications that the review has turned down need not send any."""
    here = PaperArrival.objects.filter(submission__pilot=OuterRef("pilot")).exclude(
        stage=PaperArrival.Stage.VOID
    )
    down = Case.objects.filter(
        pilot=OuterRef("pilot"),
        round__call=call,
        stage__in=[Case.Stage.REJECTED, Case.Stage.NOT_SELECTED, Case.Stage.WITHDRAWN],
    )
    return (
        Submission.objects.filter(call=call, is_current=True)
        .exclude(pilot__stage="withdrawn")
        .exclude(Exists(here))
        .exclude(Exists(down))
        .annotate(
            case_stage=Subquery(
                Case.objects.filter(pilot=OuterRef("pilot"), round__call=call).values("stage")[:1]
            )
        )
        .defer("manifest")
        .order_by("register_number")
    )


def copies_of_pilot() -> Combinable:
    """For the electronic register: how many copies came of an application (an expression over `Pilot`)."""
    here = (
        PaperArrival.objects.filter(submission__pilot=OuterRef("pk"))
        .exclude(stage=PaperArrival.Stage.VOID)
        .order_by()
        .values("submission__pilot")
        .annotate(n=Sum("copies"))
    )
    return Coalesce(Subquery(here.values("n"), output_field=IntegerField()), 0)


def said(call: Call, copies: int) -> str:
    """已到 5 份, or how many are still wanted."""
    asked = sum(one.copies for one in paper_of(call))
    if copies >= asked:
        return _("已到 %d 份") % copies
    return _("已到 %(copies)d 份，应 %(asked)d 份") % {"copies": copies, "asked": asked}


def is_overdue(call: Call) -> bool:
    """Has the day passed on which the last paper delivery should be here?"""
    return all(clock.now() >= call.notice.deadline(one.by).at for one in paper_of(call))


def titles(call: Call) -> dict[str, str]:
    return {one.id: "、".join(one.contents) for one in paper_of(call)}


def table_rows(call: Call, found: Iterable[PaperArrival]) -> list[dict[str, Any]]:
    """For the workbook: the columns of the screen."""
    named = titles(call)
    return [
        {
            "number": one.label,
            "title": one.title,
            "electronic": one.submission.register_label if one.submission else "",
            "delivery": named.get(one.delivery_id, one.delivery_id),
            "arrived_on": one.arrived_on.isoformat() + (_("（逾期）") if late(call, one) else ""),
            "courier": " ".join(filter(None, [one.courier, one.courier_number])),
            "copies": one.copies,
            "state": str(one.get_stage_display()),
            "note": one.note,
        }
        for one in found
    ]


def late(call: Call, one: PaperArrival) -> bool:
    one.call = call
    return one.is_late
