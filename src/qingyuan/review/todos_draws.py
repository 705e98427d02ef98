"""What a draw waits for, and from whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingyuan.kernel import clock, todos
from qingyuan.kernel.todos import ToDo
from qingyuan.review import actions
from qingyuan.review.models import Draw
from qingyuan.review.queries import draws as queries


def waiting_draws(user: Any, under_way: QuerySet[Draw]) -> Iterator[ToDo]:
    """Two queries, whatever the number of draws."""
    for draw in under_way:
        known = clock.now() >= draw.public_at
        for verb, is_due, until in (
            (actions.supervise, draw.supervised_at is None, draw.public_at),
            (actions.commit_second, not known, draw.public_at),
            (actions.reveal_public, known and draw.supervised_at is not None, draw.reveal_by),
            (actions.reveal, True, draw.reveal_by),
        ):
            if is_due and not draw.is_overdue and verb.allowed(user, draw).ok:
                yield ToDo(f"{verb.title}：{draw}", draw.get_absolute_url(), until, _("评审"))
        if draw.is_overdue and actions.void_draw.allowed(user, draw).ok:
            yield ToDo(_("揭示期限已过，请作废：%s") % draw, draw.get_absolute_url(), None, _("评审"))


todos.register(waiting_draws, among=queries.waiting)
