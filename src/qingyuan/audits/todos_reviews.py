"""What waits for whom in the evaluation and acceptance of the enterprises' audits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingyuan.audits.actions import audit_review as actions
from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.queries import audit_review as queries
from qingyuan.audits.todos_schemes import kept_applicants
from qingyuan.kernel import clock, todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import AUTHORITIES


def _asked(user: Any) -> QuerySet[AuditReview] | None:
    return queries.waiting(user) if user.standing.in_kinds(AUTHORITIES) else None


def to_hold(user: Any, asked: QuerySet[AuditReview]) -> Iterator[ToDo]:
    """Sittings that were asked for, for departments (one query)."""
    for review in asked:
        if actions.record.allowed(user, review).ok:
            title = _("组织%(kind)s：%(enterprise)s") % {
                "kind": review.get_kind_display(),
                "enterprise": review.enterprise.name,
            }
            yield ToDo(title, review.get_absolute_url(), None, _("实施"), review.pilot.name)


def _returned(user: Any) -> QuerySet[AuditReview] | None:
    mine = kept_applicants(user)
    return queries.to_rectify(mine) if mine else None


def to_rectify(_user: Any, returned: QuerySet[AuditReview]) -> Iterator[ToDo]:
    """Audits that must be rectified and come again, for who keeps schemes (one query)."""
    for review in returned:
        assert review.rectify_by is not None
        due = datetime.combine(review.rectify_by, time(23, 59), tzinfo=clock.local(clock.now()).tzinfo)
        title = _("整改后再申请%(kind)s：%(enterprise)s") % {
            "kind": review.get_kind_display(),
            "enterprise": review.enterprise.name,
        }
        yield ToDo(title, review.get_absolute_url(), due, _("实施"), review.pilot.name)


todos.register(to_hold, among=_asked)
todos.register(to_rectify, among=_returned)
