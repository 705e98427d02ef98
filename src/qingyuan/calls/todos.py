"""What waits for whom in this room: a draft, a consent, a publication; the same for supplementary notices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.calls import queries, rules
from qingyuan.calls.models import Call, Supplement
from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import AUTHORITIES


def _departments(user: Any) -> list[Any]:
    return [body.pk for body in user.standing.in_kinds(AUTHORITIES)]


def _my_consents(user: Any, call: Call, consultation: queries.Consultation) -> bool:
    """Does a consent of one of the user's departments still lack?"""
    missing = {body.pk for body in consultation.missing}
    return any(body.pk in missing for body in rules.cosigning_organisations(user, call))


def _unpublished(user: Any) -> QuerySet[Call] | None:
    bodies = _departments(user)
    if not bodies:
        return None
    return (
        Call.objects.exclude(stage=Call.Stage.OPEN)
        .filter(joint_body__parts__organisation__in=bodies)
        .distinct()
        .select_related("joint_body")
        .prefetch_related("joint_body__parts__organisation")
    )


def calls_in_preparation(user: Any, unpublished: QuerySet[Call]) -> Iterator[ToDo]:
    """Drafts for their handlers, consents for the co-signers' signers, publication for the host's signer."""
    for call in unpublished:
        if call.stage == Call.Stage.DRAFT:
            if rules.handles_call.test(user, call):
                yield _todo(_("核对草稿并送会签：%s"), call, "calls:call", call.title)
            continue
        consultation = queries.consultation(call)
        if _my_consents(user, call, consultation):
            yield _todo(_("会签：%s"), call, "calls:consent", call.title)
        if not consultation.missing and rules.signs_call.test(user, call):
            yield _todo(_("签发：%s"), call, "calls:publish", call.title)


def _consulted_supplements(user: Any) -> QuerySet[Supplement] | None:
    bodies = _departments(user)
    if not bodies:
        return None
    return (
        Supplement.objects.filter(
            stage=Supplement.Stage.COSIGN, call__joint_body__parts__organisation__in=bodies
        )
        .distinct()
        .select_related("call__joint_body")
        .prefetch_related("call__joint_body__parts__organisation")
    )


def supplements_in_consultation(user: Any, consulted: QuerySet[Supplement]) -> Iterator[ToDo]:
    """They are due before the present deadline passes: afterwards nobody believes in an extension."""
    for supplement in consulted:
        consultation = queries.supplement_consultation(supplement)
        due, title = supplement.old_closes_at, supplement.call.title
        if _my_consents(user, supplement.call, consultation):
            yield _todo(_("会签补充通知：%s"), supplement, "calls:consent-to-supplement", title, due)
        if not consultation.missing and rules.signs_supplement.test(user, supplement):
            yield _todo(_("签发补充通知：%s"), supplement, "calls:issue-supplement", title, due)


def _todo(what: str, obj: Any, url_name: str, title: str, due: Any = None) -> ToDo:
    joint_body = obj.joint_body if isinstance(obj, Call) else obj.call.joint_body
    return ToDo(
        title=what % title,
        url=reverse(url_name, args=[obj.pk]),
        due=due,
        kind=_("申报通知"),
        detail=joint_body.name,
    )


todos.register(calls_in_preparation, among=_unpublished)
todos.register(supplements_in_consultation, among=_consulted_supplements)
