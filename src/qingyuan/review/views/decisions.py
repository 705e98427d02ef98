"""The joint decision on the screen: the draft's table, the words of the departments, the papers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import clock, gate
from qingyuan.kernel.errors import Invalid, Problem
from qingyuan.kernel.gate.serve import serve
from qingyuan.review import actions, decision_papers, publicity
from qingyuan.review.decisions import kinds_of, positive, quota_of
from qingyuan.review.forms import decision as forms
from qingyuan.review.models import Case, Decision, DecisionItem, Round
from qingyuan.review.queries import decisions as queries
from qingyuan.review.queries import publicity as publicity_queries
from qingyuan.review.rules import ground
from qingyuan.review.views.frame import CaseVerbPage, RoundVerbPage, docx, show
from qingyuan.ui.verbpage import VerbPage

STEPS = (
    # verb, its page, whether it leads on
    (actions.revise, "review:revise-decision", False),
    (actions.send_for_cosign, "review:send-decision", True),
    (actions.amend, "review:amend-decision", False),
    (actions.consent, "review:consent-decision", True),
    (actions.dissent, "review:dissent-decision", False),
    (actions.return_to_draft, "review:return-decision", False),
    (actions.drop, "review:drop-decision", False),
    (actions.publicise, "review:publicise-decision", True),
    (actions.record_issue, "review:issue-decision", False),
    (actions.release, "review:release-decision", True),
)


def decision_page(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Everything about one decision, and what this reader may do with it."""
    items = queries.items(decision)
    for item in items:
        item.case.round = decision.round
    context = {
        "decision": decision,
        "round": decision.round,
        "tone": queries.TONES[decision.stage],
        "items": [(item, list(item.case.cosign_checks.all())) for item in items],
        "selected": [item for item in items if item.outcome == positive(decision.round)],
        "quota": None if decision.round.is_acceptance else quota_of(decision.round),
        "words": queries.words(decision),
        **_publicity_of(decision),
    }
    held = bool(context["before_effect"])
    context["steps"] = [
        (verb.title, reverse(url, args=[decision.pk]), leads)
        for verb, url, leads in STEPS
        if verb.allowed(request.user, decision) and not _is_idle(verb, context, held=held)
    ]
    return TemplateResponse(request, "review/decision/page.html", context)


def _publicity_of(decision: Decision) -> dict[str, Any]:
    """How far the 公示 is, where the call asks for one; asks the database only then."""
    if not publicity.is_asked(decision):
        return {"periods": (), "before_effect": (), "has_papers": True, "is_publicised": True}
    problems = _without_publicity(decision)
    return {
        "periods": [
            (one, publicity_queries.TONES[one.stage]) for one in publicity_queries.of_decision(decision)
        ],
        "before_effect": problems if decision.stage == Decision.Stage.AGREED else (),
        "has_papers": not problems,
        "is_publicised": publicity.standing(decision) is not None,
    }


def _is_idle(verb: Any, context: dict[str, Any], *, held: bool) -> bool:
    """A step that the stage allows and the 公示 does not yet (or does not need any more): no button for it."""
    if verb is actions.publicise:
        return bool(context["is_publicised"])
    return held and verb in (actions.release, actions.record_issue)


def decisions_of_round(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    round_ = kwargs["round"]
    context = {
        "round": round_,
        "rows": [(one, queries.TONES[one.stage], len(one.items.all())) for one in queries.of_round(round_)],
        "may_draft": actions.draft.allowed(request.user, round_).ok,
    }
    return TemplateResponse(request, "review/decision/list.html", context)


class DraftPage(RoundVerbPage):
    """A line a case; the same table serves the co-signer who edits."""

    verb = actions.draft
    form_class = forms.DecisionForm
    template_name = "review/decision/draft.html"
    check_revision = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kind = kwargs["kind"]
        if self.kind not in kinds_of(self.object):
            raise Http404
        self.cases = queries.deciding_cases(self.object, self.kind)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"round_": self.object, "kind": self.kind, "cases": self.cases}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"kind": self.kind, **form.arguments()}

    def get_success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())

    def get_cancel_url(self) -> str:
        return reverse("review:decisions", args=[self.object.pk])


class DecisionVerbPage(VerbPage):
    """A verb on a decision; before it, what is decided."""

    template_name = "review/decision/verb.html"
    object: Decision

    def get_context(self) -> dict[str, Any]:
        items = queries.items(self.object)
        return {"items": items, "decision": self.object, "round": self.object.round}


class RowsPage(DecisionVerbPage):
    form_class = forms.DecisionForm
    template_name = "review/decision/draft.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        items = queries.items(self.object)
        listed = {item.case_id for item in items}
        more = [
            case
            for case in queries.deciding_cases(self.object.round, self.object.kind)
            if case.pk not in listed
        ]
        cases = sorted([*(item.case for item in items), *more], key=lambda case: case.number)
        for case in cases:
            case.round = self.object.round
        return {
            "round_": self.object.round,
            "kind": self.object.kind,
            "cases": cases,
            "placed": {item.case_id: (item.outcome, item.reason, item.position) for item in items},
            "terms": {item.case_id: item.terms for item in items},
        }

    def get_initial(self) -> dict[str, Any]:
        return {"note": self.object.note, "over_quota_reason": self.object.over_quota_reason}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.arguments())


class RevisePage(RowsPage):
    verb = actions.revise


class AmendPage(RowsPage):
    verb = actions.amend
    explain = _("改动之后，各单位此前的同意都不再算数，须对新内容重新表示意见。")


class SendPage(DecisionVerbPage):
    verb = actions.send_for_cosign
    form_class = forms.SendForm

    def get_initial(self) -> dict[str, Any]:
        return {"due_at": clock.now() + timedelta(days=3)}


class ReturnPage(DecisionVerbPage):
    verb = actions.return_to_draft
    form_class = forms.RemarkForm


class ConsentPage(DecisionVerbPage):
    verb = actions.consent
    form_class = forms.ConsentForm
    statement = _("我已阅看上列全部结论和理由，代表本单位同意。")

    def get_initial(self) -> dict[str, Any]:
        return {"content_sha256": self.object.content_sha256}


class DissentPage(ConsentPage):
    verb = actions.dissent
    form_class = forms.DissentForm
    statement = _("我已阅看上列全部结论和理由，代表本单位提出下列意见。")


class DropPage(DecisionVerbPage):
    verb = actions.drop
    danger = True


class IssuePage(DecisionVerbPage):
    verb = actions.record_issue
    form_class = forms.IssueForm

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("document_number", "signed_by", "dated_on")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = dict(form.cleaned_data)
        file = clean.pop("sealed_copy", None)
        return {**clean, "sealed_copy": gate.receive(file, by=self.request.user) if file else None}


class ReleasePage(DecisionVerbPage):
    verb = actions.release
    statement = _("公布后各项目同时进入上列结论，逐一通知申报单位，不能撤回。")
    danger = True

    def get_context(self) -> dict[str, Any]:
        context = super().get_context()
        outside = [item.case.label for item in context["items"] if item.case.applicant_id is None]
        if outside:
            text = _("这些项目由外省导入，申报单位没有平台账号，收不到通知，请以公函告知其所在省：%s。")
            context["explain"] = text % "、".join(outside)
        return context


# --- papers


def _without_publicity(decision: Decision) -> list[Problem]:
    """What still keeps a decision from its papers; one that was released has them."""
    released = decision.stage == Decision.Stage.RELEASED
    return [] if released else publicity.before_taking_effect(decision)


def _refuse_before_publicity(decision: Decision) -> None:
    """No letter and no list is handed out while the 公示 that the call asks for has not ended."""
    if problems := _without_publicity(decision):
        raise Invalid(problems, str(_("通知规定公示的，公示结束后才出具推荐函和名单")))


def letter(request: HttpRequest, decision: Decision, number: int) -> HttpResponse:
    """The letter of one selected project."""
    del request
    _refuse_before_publicity(decision)
    item: DecisionItem | None = next(
        (
            item
            for item in queries.items(decision)
            if item.case.number == number and item.outcome == positive(decision.round)
        ),
        None,
    )
    if item is None:
        raise Http404
    item.case.round = decision.round
    return docx(
        decision_papers.letter(decision, item),
        f"{queries.result_title(decision)}_{item.case.label}_{item.case.title}.docx",
    )


def result_list(request: HttpRequest, decision: Decision) -> HttpResponse:
    del request
    _refuse_before_publicity(decision)
    return docx(decision_papers.result_list(decision, _with_round(decision)), f"{decision}_名单.docx")


def consent_sheet(request: HttpRequest, decision: Decision) -> HttpResponse:
    del request
    return docx(decision_papers.consent_sheet(decision, _with_round(decision)), f"呈批件_{decision}.docx")


def sealed_copy(request: HttpRequest, decision: Decision) -> HttpResponse:
    del request
    if decision.sealed_copy is None:
        raise Http404
    return serve(decision.sealed_copy)  # type: ignore[return-value]


def _with_round(decision: Decision) -> list[DecisionItem]:
    items = queries.items(decision)
    for item in items:
        item.case.round = decision.round
    return items


# --- the co-signer's own checks


def cosign_tab(request: HttpRequest, case: Case) -> HttpResponse:
    """What the co-signing department found on this case, and the decisions that name it."""
    return show(
        request,
        "review/decision/case.html",
        case,
        "decision",
        checks=case.cosign_checks.select_related("organisation"),
        decided=_shown_of(request.user, case),
        reads_decision=ground.reviews_case.test(request.user, case),
        may_check=actions.note_cosign_check.allowed(request.user, case).ok,
    )


def _shown_of(user: Any, case: Case) -> Any:
    """The lines of decisions that name the case; whoever received it from below sees what was released only."""
    found = case.decision_items.select_related("decision__round__call")
    if ground.reviews_case.test(user, case):
        return found.exclude(decision__stage=Decision.Stage.DROPPED)
    return found.filter(decision__stage=Decision.Stage.RELEASED)


class CosignCheckPage(CaseVerbPage):
    verb = actions.note_cosign_check
    form_class = forms.CosignCheckForm
    part = "decision"
    check_revision = False

    def get_success_url(self, result: Any) -> str:
        del result
        return reverse("review:case-decision", args=[self.object.pk])
