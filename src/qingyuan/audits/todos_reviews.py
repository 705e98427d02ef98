"""What waits for whom in the evaluation and acceptance of the enterprises' audits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.audits.actions import audit_review as actions
from qingyuan.audits.queries import audit_review as queries
from qingyuan.audits.todos_schemes import kept_applicants
from qingyuan.kernel import clock, todos
from qingyuan.kernel.permission import is_signed_in
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models.organisation import AUTHORITIES


def to_hold(user: Any) -> Iterator[ToDo]:
    """Sittings that were asked for (one query for departments)."""
    if not is_signed_in.test(user) or not user.standing.in_kinds(AUTHORITIES):
        return
    for review in queries.waiting(user):
        if actions.record.allowed(user, review).ok:
            title = _("组织%(kind)s：%(enterprise)s") % {
                "kind": review.get_kind_display(),
                "enterprise": review.enterprise.name,
            }
            yield ToDo(title, review.get_absolute_url(), None, _("实施"), review.pilot.name)


def to_rectify(user: Any) -> Iterator[ToDo]:
    """Audits that must be rectified and come again (one query for who keeps schemes)."""
    mine = kept_applicants(user)
    for review in queries.to_rectify(mine) if mine else ():
        assert review.rectify_by is not None
        due = datetime.combine(review.rectify_by, time(23, 59), tzinfo=clock.local(clock.now()).tzinfo)
        title = _("整改后再申请%(kind)s：%(enterprise)s") % {
            "kind": review.get_kind_display(),
            "enterprise": review.enterprise.name,
        }
        yield ToDo(title, review.get_absolute_url(), due, _("实施"), review.pilot.name)


todos.register(to_hold)
todos.register(to_rectify)
