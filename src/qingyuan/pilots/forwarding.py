"""经所在市转报: through which bureaus a version goes, or why it goes straight to the receiver; and who may do what with it.

There is no hidden grace in it. A version has arrived when its applicant handed it in; the receiver sees it at once as
待转报. A bureau can forward it, with or without agreeing, or return it while the applicant can still hand in again;
when its own time is over the receiver goes on without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.mails import shown_until
from qingyuan.calls.models import Call
from qingyuan.kernel import clock
from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Kind, Organisation, Role
from qingyuan.people.models.organisation import PREFECTURE_BUREAUS
from qingyuan.people.rules import in_joint_body
from qingyuan.pilots import rules
from qingyuan.pilots.models import ForwardingOpinion, Pilot, PrefectureForwarding, Submission
from qingyuan.pilots.wording import region_name

Stage = PrefectureForwarding.Stage
TONES = {"waiting": "warn", "forwarded": "good", "returned": "bad", "lapsed": "bad", "void": "neutral"}


def prefix(code: str) -> str:
    """The digits that all places of a prefecture share; places directly below the province stand for themselves."""
    return code if code[2:4] == "90" else code[:4]


@dataclass(frozen=True)
class Route:
    """The bureaus that have to speak, the ecology bureau first; none: straight to the receiver, and why."""

    bureaus: list[Organisation]
    why: str


def route_of(pilot: Pilot) -> Route:
    """Two queries where the call hands in through the prefecture, none elsewhere (besides the open request)."""
    call, applicant = pilot.call, pilot.applicant
    if call.forward_closes_at is None:
        return Route([], _("通知规定由申报单位直接报送"))
    if pilot.open_request is not None:
        return Route([], _("补充完善后的版本直接报送要求补充的受理单位，不再转报"))
    if applicant.kind == Kind.PREFECTURE_ECOLOGY:
        return Route([], _("申报单位就是市级生态环境局，不为自己转报，直接报送"))
    ecology = _bureau(applicant, Kind.PREFECTURE_ECOLOGY)
    if ecology is None:
        place = region_name(applicant.region_code) or _("所在市")
        return Route([], _("平台没有登记%s的市级生态环境局，直接报送") % place)
    reform = _bureau(applicant, Kind.PREFECTURE_REFORM) if call.forward_jointly else None
    if reform is not None and reform.pk != applicant.pk:
        return Route([ecology, reform], _("经%(a)s会同%(b)s转报") % {"a": ecology, "b": reform})
    why = _("经%s转报") % ecology
    if call.forward_jointly:
        why += (
            _("（发展改革委是申报单位自己，不为自己转报）")
            if reform
            else _("（平台没有登记所在市发展改革委）")
        )
    return Route([ecology], why)


def _bureau(applicant: Organisation, kind: str) -> Organisation | None:
    """The active bureau of the applicant's prefecture; a county's own branch comes behind the prefecture's."""
    if not applicant.region_code:
        return None
    found = Organisation.objects.filter(
        kind=kind, stage=Organisation.Stage.ACTIVE, region_code__startswith=prefix(applicant.region_code)
    )
    return found.order_by("region_code", "name").first()


def is_over(forwarding: PrefectureForwarding, now: datetime) -> bool:
    """Has the bureaus' own time passed?"""
    due = forwarding.call.forward_closes_at
    return due is not None and now >= due


def state_of(forwarding: PrefectureForwarding, now: datetime) -> str:
    """In words, for the receiver and the applicant."""
    if forwarding.stage == Stage.WAITING:
        due = shown_until(forwarding.call.forward_closes_at) if forwarding.call.forward_closes_at else ""
        if is_over(forwarding, now):
            return _("%(bureau)s逾期未转报（%(due)s 截止），以申报单位提交的时刻为准") % {
                "bureau": forwarding.organisation.name,
                "due": due,
            }
        return _("待转报：%(bureau)s，%(due)s 前") % {"bureau": forwarding.organisation.name, "due": due}
    return f"{forwarding.get_stage_display()} {forwarding.label}".strip()


def details(call: Call, submissions: list[Any]) -> dict[Any, str]:
    """What the register says of these versions, by their id. One query, none where the call is direct."""
    if call.forward_closes_at is None:
        return {}
    found = PrefectureForwarding.objects.filter(submission__in=submissions).select_related("organisation")
    now = clock.now()
    said = {}
    for one in found:
        one.call = call
        said[one.submission_id] = state_of(one, now)
    return said


FILTERS: Mapping[str, str | Promise] = {
    str(stage): stage.label for stage in (Stage.WAITING, Stage.FORWARDED, Stage.RETURNED, Stage.LAPSED)
} | {"direct": gettext_lazy("直接报送")}
"""What the register can be asked for where the call hands in through the prefecture."""


def standing_as(call: Call, wanted: str, now: datetime) -> QuerySet[PrefectureForwarding]:
    """The forwardings of a call that stand as one of `FILTERS` says it, by the same clock as `state_of`; with "direct",
    all there are (those that were handed in directly have none).
    """
    found = PrefectureForwarding.objects.filter(call=call)
    if wanted == "direct":
        return found
    over = call.forward_closes_at is not None and now >= call.forward_closes_at
    if wanted == Stage.WAITING and over:
        return found.none()
    if wanted == Stage.LAPSED and over:
        return found.filter(Q(stage=Stage.LAPSED) | Q(stage=Stage.WAITING))
    return found.filter(stage=wanted)


def of_submission(submission: Submission) -> PrefectureForwarding | None:
    """With its opinions (two queries)."""
    return (
        PrefectureForwarding.objects.filter(submission=submission)
        .select_related("organisation", "call")
        .prefetch_related("opinions__organisation", "opinions__by")
        .first()
    )


# --- who


def own_opinion(user: Any, forwarding: PrefectureForwarding, *roles: str) -> ForwardingOpinion | None:
    """The opinion that this user's bureau has to give, never one on the user's own application."""
    standing = user.standing
    if standing.holds(forwarding.pilot.applicant_id):
        return None
    return next(
        (one for one in forwarding.opinions.all() if standing.holds(one.organisation_id, *roles)), None
    )


@predicate(
    gettext_lazy("须为转报该申报的市级生态环境局、发展改革委的经办人或牵头负责人，且不是申报单位自己的人员")
)
def forwards(user: Any, forwarding: PrefectureForwarding) -> bool:
    return is_signed_in.test(user) and own_opinion(user, forwarding, Role.HANDLER, Role.LEAD) is not None


@predicate(gettext_lazy("仅转报单位、申报单位及其授权人员、受理该申报的联合单位可见"))
def can_see_forwarding(user: Any, forwarding: PrefectureForwarding) -> bool:
    return is_signed_in.test(user) and (
        any(user.standing.holds(one.organisation_id) for one in forwarding.opinions.all())
        or rules.can_see_pilot.test(user, forwarding.pilot)
        or in_joint_body(user, forwarding.call.joint_body)
    )


@predicate(gettext_lazy("须为受理（主办）单位的经办人或牵头负责人"))
def receives_forwarding(user: Any, forwarding: PrefectureForwarding) -> bool:
    return rules.handles_for_receiver.test(user, forwarding.pilot)


def queue(user: Any, *roles: str) -> QuerySet[Any]:
    """What goes, or went, through the user's bureaus, with `is_mine_to_give`: an opinion of theirs is still missing."""
    mine = [
        body.pk
        for body in user.standing.in_kinds(PREFECTURE_BUREAUS)
        if not roles or user.standing.holds(body.pk, *roles)
    ]
    open_ = ForwardingOpinion.objects.filter(forwarding=OuterRef("pk"), organisation__in=mine)
    return (
        PrefectureForwarding.objects.filter(opinions__organisation__in=mine)
        .exclude(pilot__applicant__in=user.standing.organisation_ids)
        .select_related("pilot__applicant", "call", "organisation")
        .defer("submission")
        .annotate(is_mine_to_give=Exists(open_.filter(word="")))
        .distinct()
        .order_by("-arrived_at", "pk")
    )


def overdue(user: Any) -> QuerySet[PrefectureForwarding]:
    """What the bureaus of a call that the user's departments receive left undone in their time."""
    return (
        PrefectureForwarding.objects.filter(
            stage=Stage.WAITING,
            call__forward_closes_at__lte=clock.now(),
            call__joint_body__parts__organisation__in=user.standing.organisation_ids,
        )
        .select_related("pilot__applicant", "pilot__call__joint_body", "call", "organisation")
        .prefetch_related("pilot__call__joint_body__parts")
        .distinct()
    )
