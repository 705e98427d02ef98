"""Where the form check stands in others' pages: tabs of a case, a door of the round, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import todos
from qingyuan.kernel.todos import ToDo
from qingyuan.people.models import Role
from qingyuan.people.rules import in_host
from qingyuan.review import panels, tabs
from qingyuan.review.actions import formcheck, truthfulness
from qingyuan.review.models import Case, Round, Truthfulness
from qingyuan.review.panels import Panel
from qingyuan.review.queries import formcheck as queries
from qingyuan.review.queries.ground import at as rounds_at
from qingyuan.review.rules import ground

assert formcheck.begin, "imported so that the verbs are declared"
assert truthfulness.sign


def panel(_user: Any, round_: Round) -> Panel | None:
    if round_.is_acceptance:
        return None
    counted = queries.progress(round_)
    state = _("%(done)d / %(all)d 已校核") % {
        "done": counted.total - counted.waiting - counted.returned,
        "all": counted.total,
    }
    if not round_.is_state:
        state += _("，") + _("%d 真实性已签发") % counted.signed
    return Panel(_("形式校核"), reverse("review:form-checks", args=[round_.pk]), state, "clipboard-check", 20)


def _going_on(user: Any) -> QuerySet[Round] | None:
    if not ground.is_officer(user):
        return None
    return rounds_at(user, Round.Stage.REVIEWING, Round.Stage.DECIDING)


def waiting(user: Any, going_on: QuerySet[Round]) -> Iterator[ToDo]:
    """Cases to check, cases whose supplement was answered, examinations to sign: one line a round (five queries)."""
    rounds = {round_.pk: round_ for round_ in going_on}
    handled = [pk for pk, one in rounds.items() if ground.handles_round.test(user, one)]
    signed = [pk for pk, one in rounds.items() if in_host(user, one.joint_body, Role.SIGNER)]
    if handled:
        for round_id, number in _per_round(
            Case.objects.filter(round__in=handled, stage=Case.Stage.FORM_CHECK)
        ):
            yield _todo(_("形式校核：%d 个项目待办"), number, rounds[round_id], "?stage=form_check")
        answered = Case.objects.filter(round__in=handled, stage=Case.Stage.RETURNED).exclude(
            pilot__supplement_requests__stage="open"
        )
        for round_id, number in _per_round(answered):
            yield _todo(_("补充完善已办结，接续校核：%d 个项目"), number, rounds[round_id], "?stage=returned")
    if signed:
        examined = Truthfulness.objects.filter(
            case__round__in=signed, stage=Truthfulness.Stage.EXAMINED
        ).exclude(examined_by=user)
        counted = examined.order_by().values_list("case__round").annotate(n=Count("pk"))
        for round_id, number in counted:
            yield _todo(_("签发真实性审查：%d 个项目"), number, rounds[round_id], "")


def _per_round(cases: Any) -> Any:
    return cases.order_by().values_list("round").annotate(n=Count("pk", distinct=True))


def _todo(words: str, number: int, round_: Round, query: str) -> ToDo:
    url = reverse("review:form-checks", args=[round_.pk]) + query
    return ToDo(words % number, url, None, _("评审"), round_.call.title)


tabs.register(
    tabs.Tab(
        "form-check",
        gettext_lazy("形式校核"),
        "review:form-check",
        ground.of_selection(ground.sees_case_as_officer.test),
        order=20,
    ),
    tabs.Tab(
        "truthfulness",
        gettext_lazy("真实性"),
        "review:truthfulness",
        ground.of_selection(ground.sees_case_as_officer.test),
        order=28,
    ),
)
panels.register(panel)
todos.register(waiting, among=_going_on)
