"""What waits for whom in this room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.calls.models import Call
from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import verbs
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Role
from qingyuan.people.models.organisation import AUTHORITIES
from qingyuan.pilots import area, queries, rules
from qingyuan.pilots import forwarding as ways
from qingyuan.pilots.eligibility import is_meant_for
from qingyuan.pilots.models import CertificateRequest, Pilot, PrefectureForwarding, SupplementRequest

Stage = Pilot.Stage
# stage -> (verb that leads on, its page, what is asked)
NEXT = {
    Stage.REVIEWING: ("pilot.pass_review", "pilots:pass-review", gettext_lazy("审核")),
    Stage.SIGNING: ("pilot.sign", "pilots:sign", gettext_lazy("签发")),
    Stage.SIGNED: ("pilot.submit", "pilots:submit", gettext_lazy("上传盖章页并提交")),
}


def _unfinished(user: Any) -> QuerySet[Pilot]:
    return queries.visible(user).exclude(stage__in=queries.FINISHED)


def waiting(user: Any, unfinished: QuerySet[Pilot]) -> Iterator[ToDo]:
    """The user's pilots that do not move without them (two queries)."""
    declared = verbs()
    asked = queries.open_requests(user)
    for pilot in unfinished:
        request = asked.get(pilot.pk)
        due = request.due_at if request else pilot.call.closes_at
        if pilot.stage == Stage.DRAFTING:
            if rules.can_write.test(user, pilot):
                yield ToDo(
                    (_("按要求补充完善《%s》") if request else _("继续编制《%s》")) % pilot.name,
                    reverse("pilots:supplement-request", args=[request.pk])
                    if request
                    else reverse("pilots:pilot", args=[pilot.pk]),
                    due,
                    _("编制"),
                    pilot.applicant.name,
                )
            continue
        verb, url_name, what = NEXT[Stage(pilot.stage)]
        if declared[verb].allowed(user, pilot):
            yield ToDo(
                _("%(what)s《%(name)s》") % {"what": what, "name": pilot.name},
                reverse(url_name, args=[pilot.pk]),
                due,
                _("签审") if pilot.stage != Stage.SIGNED else _("提交"),
                pilot.applicant.name,
            )


def _open_calls(user: Any) -> QuerySet[Call] | None:
    return queries.open_calls() if queries.applicants_of(user) else None


def calls_to_answer(user: Any, open_calls: QuerySet[Call]) -> Iterator[ToDo]:
    """Open calls for which the user's bodies have begun nothing (two queries)."""
    bodies = queries.applicants_of(user)
    begun = set(
        Pilot.objects.filter(applicant__in=bodies)
        .exclude(stage=Stage.WITHDRAWN)
        .values_list("call", "applicant")
    )
    for call in open_calls:
        meant = [body for body in bodies if is_meant_for(call, body)]
        if meant and not any((call.pk, body.pk) in begun for body in meant):
            yield ToDo(
                _("可以申报：%s") % call.title,
                reverse("pilots:create", args=[call.pk]),
                call.closes_at,
                _("申报"),
                _("自愿申报；本单位尚未开始"),
            )


def _overdue_requests(user: Any) -> QuerySet[SupplementRequest] | None:
    return queries.overdue_requests(user) if user.standing.in_kinds(AUTHORITIES) else None


def overdue_supplements(user: Any, overdue: QuerySet[SupplementRequest]) -> Iterator[ToDo]:
    """Requests whose deadline passed without a new version: the host's handlers note it (one query)."""
    for request in overdue:
        if rules.handles_request.test(user, request):
            yield ToDo(
                _("登记逾期未补充：《%s》") % request.pilot.name,
                reverse("pilots:supplement-request", args=[request.pk]),
                request.due_at,
                _("受理"),
                request.pilot.applicant.name,
            )


def _uncommented(user: Any) -> QuerySet[Pilot] | None:
    if not area.bureaus(user, Role.HANDLER, Role.LEAD):
        return None
    return area.visible(user).filter(stage=Stage.SUBMITTED, is_commented=False)


def comments_asked(user: Any, uncommented: QuerySet[Pilot]) -> Iterator[ToDo]:
    """Applications of a bureau's area that wait for its comment, where the call asks for one (two queries)."""
    for pilot in uncommented:
        if area.can_comment.test(user, pilot):
            yield ToDo(
                _("可以提出市级意见：《%s》") % pilot.name,
                reverse("pilots:area-pilot", args=[pilot.pk]),
                None,
                _("意见"),
                pilot.applicant.name,
            )


def _to_forward(user: Any) -> QuerySet[PrefectureForwarding] | None:
    if not area.bureaus(user, Role.HANDLER, Role.LEAD):
        return None
    mine = ways.queue(user, Role.HANDLER, Role.LEAD).filter(stage="waiting", is_mine_to_give=True)
    return mine.filter(call__forward_closes_at__gt=clock.now())


def forwardings_asked(_user: Any, asked: QuerySet[PrefectureForwarding]) -> Iterator[ToDo]:
    """Versions that wait for the bureau's word (one query)."""
    for one in asked:
        yield ToDo(
            _("提出市级意见并转报：《%s》") % one.pilot.name,
            reverse("pilots:forwarding", args=[one.pk]),
            one.call.forward_closes_at,
            _("转报"),
            one.pilot.applicant.name,
        )


def _not_forwarded(user: Any) -> QuerySet[PrefectureForwarding] | None:
    return ways.overdue(user) if user.standing.in_kinds(AUTHORITIES) else None


def overdue_forwardings(user: Any, overdue: QuerySet[PrefectureForwarding]) -> Iterator[ToDo]:
    """For the receiver those whose time is over (one query)."""
    for one in overdue:
        if ways.receives_forwarding.test(user, one):
            yield ToDo(
                _("登记逾期未转报：《%s》") % one.pilot.name,
                reverse("pilots:forwarding", args=[one.pk]),
                one.call.forward_closes_at,
                _("受理"),
                one.organisation.name,
            )


def certificates_asked(user: Any, unanswered: QuerySet[CertificateRequest]) -> Iterator[ToDo]:
    """Letters without an answer: for the body that is asked, and for the applicant who waits for it (one query)."""
    for certificate in unanswered:
        is_asked = user.standing.holds(certificate.organisation_id, Role.HANDLER, Role.LEAD)
        if is_asked or rules.handles_pilot.test(user, certificate.pilot):
            yield ToDo(
                (_("出具证明：《%s》") if is_asked else _("等待证明函答复：《%s》")) % certificate.pilot.name,
                reverse("pilots:certificate", args=[certificate.pk]),
                certificate.due_at or certificate.pilot.call.closes_at,
                _("证明"),
                certificate.pilot.applicant.name if is_asked else certificate.body_name,
            )


todos.register(waiting, among=_unfinished)
todos.register(calls_to_answer, among=_open_calls)
todos.register(overdue_supplements, among=_overdue_requests)
todos.register(comments_asked, among=_uncommented)
todos.register(forwardings_asked, among=_to_forward)
todos.register(overdue_forwardings, among=_not_forwarded)
todos.register(certificates_asked, among=queries.open_certificates)
