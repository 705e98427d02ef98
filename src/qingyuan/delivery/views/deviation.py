"""偏差: what the rules find, what was said of it, and what came to an end."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.catalogue.supervision import supervision
from qingyuan.delivery import actions
from qingyuan.delivery.deviations import RULES
from qingyuan.delivery.forms.deviation import ExplainForm
from qingyuan.delivery.models import DeviationNote, Project
from qingyuan.delivery.queries import deviation as queries
from qingyuan.delivery.queries.process import today
from qingyuan.delivery.views.frame import ProjectVerbPage, show

PART = "deviations"
WHOLE = "all"
"""Stands in an address for a deviation of the whole pilot."""


def deviations(request: HttpRequest, project: Project) -> HttpResponse:
    day = today()
    standing = queries.standing([project], on=day)[project.pk]
    present = {(one.deviation.rule, one.deviation.item, one.deviation.since) for one in standing}
    notes = DeviationNote.objects.filter(project=project).select_related("by")
    may_explain = actions.explain_deviation.allowed(request.user, project).ok
    return show(
        request,
        "delivery/deviation/list.html",
        project,
        PART,
        rows=[
            (one, one.deviation.item or WHOLE, may_explain and one.deviation.who == "handler")
            for one in standing
        ],
        notes=[
            (note, str(RULES[note.rule].title), (note.rule, note.item, note.since) in present)
            for note in notes
            if note.rule in RULES
        ],
        limits=supervision(on=day),
    )


class ExplainPage(ProjectVerbPage):
    verb = actions.explain_deviation
    form_class = ExplainForm
    part = PART
    check_revision = False
    template_name = "delivery/deviation/explain.html"
    done = gettext_lazy("说明已登记。")

    @cached_property
    def standing(self) -> queries.Standing | None:
        item = "" if self.kwargs["item"] == WHOLE else self.kwargs["item"]
        found = queries.standing([self.object], on=today())[self.object.pk]
        return next(
            (one for one in found if (one.deviation.rule, one.deviation.item) == (self.kwargs["rule"], item)),
            None,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.standing is None:
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        item = "" if self.kwargs["item"] == WHOLE else self.kwargs["item"]
        return {**form.cleaned_data, "rule": self.kwargs["rule"], "item": item}

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "standing": self.standing}

    def get_cancel_url(self) -> str:
        return reverse("delivery:deviations", args=[self.object.pk])
