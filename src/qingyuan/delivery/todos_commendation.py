"""Commendations that wait for a signer's word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.actions.commendation import consent, issue
from qingyuan.delivery.models import Commendation
from qingyuan.delivery.rules.commendation import bodies_of, visible_commendations
from qingyuan.kernel import todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Role
from qingyuan.people.models.organisation import AUTHORITIES


def commendations_to_sign(user: Any) -> Iterator[ToDo]:
    """Consulted or agreed ones (two queries for departments)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(AUTHORITIES):
        return
    found = Commendation.objects.filter(
        visible_commendations(user), stage__in=[Commendation.Stage.COSIGN, Commendation.Stage.AGREED]
    )
    for one in (
        found.select_related("joint_body").prefetch_related("joint_body__parts", "consents").distinct()
    ):
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


todos.register(commendations_to_sign)
