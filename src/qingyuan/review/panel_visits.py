"""The door to the visits on a round's page, the tab of a case, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock, todos
from qingyuan.kernel.todos import ToDo
from qingyuan.review import actions, panels, tabs
from qingyuan.review.models import Round, Visit
from qingyuan.review.queries import visits as queries
from qingyuan.review.rules import ground
from qingyuan.review.rules import visits as rules

panels_order = 50


def door(user: Any, round_: Round) -> panels.Panel:
    """One query."""
    del user
    stages = list(Visit.objects.filter(case__round=round_).order_by().values_list("stage", flat=True))
    going = [stage for stage in stages if stage != Visit.Stage.CANCELLED]
    signed = sum(stage == Visit.Stage.SIGNED for stage in going)
    state = _("%(done)d / %(all)d 已签字") % {"done": signed, "all": len(going)} if going else ""
    return panels.Panel(
        _("现场调查"), reverse("review:visits", args=[round_.pk]), state, "camera", order=panels_order
    )


def waiting_visits(user: Any, under_way: QuerySet[Visit]) -> Iterator[ToDo]:
    """What the user's part in a visit asks for now (few queries, whatever the number of visits)."""
    for visit in queries.without_conflicts(user, under_way):
        due = datetime.combine(visit.day, time(23, 59), clock.SHANGHAI) if visit.day else None
        for verb in (
            actions.notify_visit,
            actions.conclude_visit,
            actions.reply_to_visit,
            actions.sign_team,
            actions.sign_applicant,
        ):
            done = (verb is actions.sign_team and visit.team_signed_at) or (
                verb is actions.sign_applicant and visit.applicant_signed_at
            )
            if not done and verb.allowed(user, visit).ok:
                is_dated = verb in {actions.notify_visit, actions.conclude_visit}
                yield ToDo(
                    f"{verb.title}：{visit.case.title}",
                    visit.get_absolute_url(),
                    due if is_dated else None,
                    _("现场调查"),
                )
        if visit.stage == Visit.Stage.NOTIFIED and rules.is_told_applicant.test(user, visit):
            yield ToDo(_("现场调查通知：%s") % visit.case.title, visit.get_absolute_url(), due, _("现场调查"))


panels.register(door)
tabs.register(
    tabs.Tab(
        "visit", gettext_lazy("现场调查"), "review:case-visit", ground.sees_case_as_officer.test, order=50
    )
)
todos.register(waiting_visits, among=queries.under_way)
