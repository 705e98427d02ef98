"""The pilots of a prefecture bureau's area, where the call asks for its comment (市级意见)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qingyuan.calls.models import Call
from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Organisation, Role
from qingyuan.people.models.organisation import PREFECTURE_BUREAUS
from qingyuan.pilots.forwarding import prefix
from qingyuan.pilots.models import Pilot, PrefectureComment, Submission

OPTION = "prefecture_comment"


def bureaus(user: Any, *roles: str) -> list[Organisation]:
    """The user's prefecture bureaus, or those in which the user holds one of the roles."""
    return [
        body
        for body in user.standing.in_kinds(PREFECTURE_BUREAUS)
        if body.region_code and (not roles or user.standing.holds(body.pk, *roles))
    ]


def bureau_for(user: Any, pilot: Pilot, *roles: str) -> Organisation | None:
    """The user's bureau in whose area the pilot's object or its applicant lies."""
    codes = [code for code in (pilot.region_code, pilot.applicant.region_code) if code]
    return next(
        (
            body
            for body in bureaus(user, *roles)
            if any(c.startswith(prefix(body.region_code)) for c in codes)
        ),
        None,
    )


@predicate(_("本次申报的通知没有设置市级意见环节"))
def call_takes_comments(_user: Any, pilot: Pilot) -> bool:
    return bool(pilot.call.options.get(OPTION))


@predicate(_("须为试点所在地的市级生态环境局、发展改革委人员"))
def is_in_bureau_of_area(user: Any, pilot: Pilot) -> bool:
    return is_signed_in.test(user) and bureau_for(user, pilot) is not None


@predicate(_("须为试点所在地的市级生态环境局、发展改革委的经办人或牵头负责人"))
def handles_for_bureau_of_area(user: Any, pilot: Pilot) -> bool:
    return is_signed_in.test(user) and bureau_for(user, pilot, Role.HANDLER, Role.LEAD) is not None


@predicate(_("不得对本单位自己的申报提意见"))
def is_not_the_applicant(user: Any, pilot: Pilot) -> bool:
    return is_signed_in.test(user) and not user.standing.holds(pilot.applicant_id)


can_see_in_area = call_takes_comments & is_in_bureau_of_area & is_not_the_applicant
can_comment = call_takes_comments & handles_for_bureau_of_area & is_not_the_applicant


def visible(user: Any) -> QuerySet[Any]:
    """The same relation as `can_see_in_area`, for lists: with the present version and this user's bureaus' comments."""
    mine = bureaus(user)
    places = Q(pk__in=[])
    for body in mine:
        area = prefix(body.region_code)
        places |= Q(region_code__startswith=area) | Q(applicant__region_code__startswith=area)
    return (
        Pilot.objects.filter(places, **{f"call__options__{OPTION}": True})
        .exclude(applicant__in=user.standing.organisation_ids)
        .select_related("call", "applicant")
        .prefetch_related(
            Prefetch(
                "submissions",
                Submission.objects.filter(is_current=True).defer("snapshot", "manifest"),
                to_attr="current",
            )
        )
        .annotate(
            is_commented=Exists(
                PrefectureComment.objects.filter(
                    submission__pilot=OuterRef("pk"),
                    submission__is_current=True,
                    organisation__in=[body.pk for body in mine],
                )
            )
        )
        .order_by("-created_at", "pk")
    )


def is_asked(user: Any) -> bool:
    """Is there a call that asks this person's bureau? Only then the menu names the page."""
    return (
        bool(bureaus(user))
        and Call.objects.filter(stage=Call.Stage.OPEN)
        .filter(Q(**{f"options__{OPTION}": True}) | Q(forward_closes_at__isnull=False))
        .exists()
    )
