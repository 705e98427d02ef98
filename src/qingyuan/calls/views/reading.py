"""Reading calls: the list, one call, one supplementary notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from qingyuan.calls import actions, digest, forms, preparing, queries, rules
from qingyuan.calls.models import Call, Supplement
from qingyuan.kernel import clock
from qingyuan.kernel.actions import Verb
from qingyuan.people.models import Role
from qingyuan.ui.pagination import paginate
from qingyuan.ui.templatetags.ui import until

Offered = tuple[Verb[Any], str, bool, bool]
"""A verb, its page, whether it leads on, and whether it makes sense now."""


@dataclass(frozen=True)
class Step:
    """A button: what may be done now, by this reader."""

    title: str | Promise
    url: str
    primary: bool = False


def call_list(request: HttpRequest) -> HttpResponse:
    form = forms.CallFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = paginate(request, queries.calls(request.user, **wanted))
    page.object_list = queries.call_rows(page.object_list)  # type: ignore[assignment]
    context = {
        "page": page,
        "filter": form,
        "filtered": any(wanted.values()),
        "may_prepare": bool(preparing.hosted(request.user)),
    }
    return TemplateResponse(request, "calls/list.html", context)


def call_page(request: HttpRequest, call: Call) -> HttpResponse:
    """Everything that a call says; the departments also see how the consultation stands."""
    user = request.user
    queries.with_departments(call)
    inside = rules.receives_for_call.test(user, call)
    consultation = queries.consultation(call) if inside else None
    supplements = [one for one in call.supplements.all() if inside or one.stage == Supplement.Stage.ISSUED]
    pending = next((one for one in supplements if one.stage == Supplement.Stage.COSIGN), None)
    now = clock.now()
    context = {
        "call": call,
        "notice": call.notice,
        "state": queries.state_of(call, now),
        "until": until(call.closes_at),
        "inside": inside,
        "steps": path_of(call),
        "buttons": call_steps(user, call, consultation, pending),
        "consultation": consultation,
        # Only while it still waits for the host's mend: later it stands in the history.
        "returned": call.returns.select_related("by").first()
        if inside and call.stage == Call.Stage.DRAFT
        else None,
        "history": queries.history(call) if inside else [],
        "supplements": [
            (one, until(one.old_closes_at), queries.until(one.new_closes_at)) for one in supplements
        ],
        "addressees": list(call.addressees.order_by("region_code", "kind", "name")),
        "categories": digest.categories(call.notice),
        "schedule": digest.schedule(call),
        "deliveries": digest.deliveries(call.notice),
        "package_name": digest.package_name(call.notice),
        "mail_subject": digest.mail_subject(call.notice),
        "legal_bases": queries.legal_bases(call),
        "legal_day": queries.call_day(call),
        "options": queries.options(call.notice, call.options),
        "may_apply": call.is_open and applies_for_a_body(user),
        "contents": contents(call, inside=inside, supplements=bool(supplements)),
    }
    return TemplateResponse(request, "calls/call.html", context)


def contents(call: Call, *, inside: bool, supplements: bool) -> list[tuple[str, str]]:
    """Anchors and titles of the boxes, in their order: the page is long."""
    boxes = [
        ("consultation", _("会签情况"), inside and call.stage != Call.Stage.OPEN),
        ("supplements", _("补充通知"), supplements),
        ("categories", _("申报类别"), True),
        ("applicants", _("申报与实施主体"), True),
        ("conditions", _("申报条件"), True),
        ("outline", _("方案大纲"), True),
        ("schedule", _("日程"), True),
        ("package", _("材料报送"), True),
        ("review", _("审查"), True),
        ("support", _("政策支持"), bool(call.notice.support)),
        ("law", _("依据"), True),
        ("consultation", _("会签情况"), inside and call.stage == Call.Stage.OPEN),
        ("history", _("办理记录"), inside),
    ]
    return [(anchor, title) for anchor, title, shown in boxes if shown]


def applies_for_a_body(user: Any) -> bool:
    return any(
        body.may_apply and user.standing.holds(body.pk, Role.HANDLER, Role.LEAD)
        for body in user.standing.organisations.values()
    )


def path_of(call: Call) -> list[dict[str, Any]]:
    """The way of a call, for the steps at the head of its page."""
    state = queries.state_of(call, clock.now()).code
    order = ["draft", "cosign", "upcoming", "open", "closed"]
    at = order.index(state)
    words = [_("拟稿"), _("会签"), _("发布"), _("申报"), _("截止")]
    return [
        {
            "title": title,
            "state": "done" if index < at or state == "closed" else "current" if index == at else "todo",
        }
        for index, title in enumerate(words)
    ]


def call_steps(
    user: Any, call: Call, consultation: queries.Consultation | None, pending: Supplement | None
) -> list[Step]:
    """What this reader may do with the call now, the step that leads on first in weight."""
    if consultation is None:
        return []
    consented = {voice.organisation.pk for voice in consultation.voices if voice.current}
    mine = [body.pk for body in rules.cosigning_organisations(user, call)]
    offered: list[Offered] = [
        (actions.return_to_draft, "return-to-draft", False, True),
        (actions.revise, "revise", False, True),
        (actions.send_for_cosign, "send-for-cosign", True, True),
        (actions.consent, "consent", True, not set(mine) <= consented),
        (actions.publish, "publish", not consultation.missing, True),
        (actions.propose_supplement, "propose-supplement", False, pending is None),
    ]
    steps = [
        Step(verb.title, reverse(f"calls:{name}", args=[call.pk]), primary)
        for verb, name, primary, sensible in offered
        if sensible and verb.allowed(user, call)
    ]
    if pending:
        steps.append(
            Step(_("会签中的补充通知"), reverse("calls:supplement", args=[pending.pk]), primary=True)
        )
    return steps


def supplement_page(request: HttpRequest, supplement: Supplement) -> HttpResponse:
    """One supplementary notice; while it is in consultation only for the departments."""
    user = request.user
    queries.with_departments(supplement.call)
    inside = rules.receives_for_call.test(user, supplement.call)
    consultation = queries.supplement_consultation(supplement) if inside else None
    context = {
        "supplement": supplement,
        "call": supplement.call,
        "old": until(supplement.old_closes_at),
        "new": until(supplement.new_closes_at),
        "consultation": consultation,
        "buttons": supplement_steps(user, supplement, consultation),
    }
    return TemplateResponse(request, "calls/supplement.html", context)


def supplement_steps(
    user: Any, supplement: Supplement, consultation: queries.Consultation | None
) -> list[Step]:
    if consultation is None:
        return []
    consented = {voice.organisation.pk for voice in consultation.voices if voice.current}
    mine = [body.pk for body in rules.cosigning_organisations(user, supplement.call)]
    offered: list[Offered] = [
        (actions.drop_supplement, "drop-supplement", False, True),
        (actions.consent_to_supplement, "consent-to-supplement", True, not set(mine) <= consented),
        (actions.issue_supplement, "issue-supplement", not consultation.missing, True),
    ]
    return [
        Step(verb.title, reverse(f"calls:{name}", args=[supplement.pk]), primary)
        for verb, name, primary, sensible in offered
        if sensible and verb.allowed(user, supplement)
    ]
