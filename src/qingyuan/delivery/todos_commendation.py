"""Commendations that wait for a signer's word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingyuan.delivery.actions.commendation import consent, issue
from qingyuan.delivery.models import Commendation
from qingyuan.delivery.rules.commendation import bodies_of, visible_commendations
from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Role
from qingyuan.people.models.organisation import AUTHORITIES


def _unissued(user: Any) -> QuerySet[Commendation] | None:
    if not user.standing.in_kinds(AUTHORITIES):
        return None
    found = Commendation.objects.filter(
        visible_commendations(user), stage__in=[Commendation.Stage.COSIGN, Commendation.Stage.AGREED]
    )
    return found.select_related("joint_body").prefetch_related("joint_body__parts", "consents").distinct()


def commendations_to_sign(user: Any, unissued: QuerySet[Commendation]) -> Iterator[ToDo]:
    """Consulted or agreed ones, for departments (three queries)."""
    for one in unissued:
        said = {
            word.organisation_id for word in one.consents.all() if word.content_sha256 == one.content_sha256
        }
        asked = [body for body in bodies_of(user, one, Role.SIGNER) if body.pk not in said]
        if one.stage == Commendation.Stage.COSIGN and asked and consent.allowed(user, one).ok:
            yield ToDo(
                _("会签通报表扬：%s") % one.title, one.get_absolute_url(), one.cosign_due_at, _("经验")
            )
        elif one.stage == Commendation.Stage.AGREED and issue.allowed(user, one).ok:
            yield ToDo(_("印发通报表扬：%s") % one.title, one.get_absolute_url(), None, _("经验"))


todos.register(commendations_to_sign, among=_unissued)
