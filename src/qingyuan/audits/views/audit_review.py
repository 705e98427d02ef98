"""Evaluation and acceptance of the enterprises' audits: all of a pilot, one, and its verbs."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.audits import evaluating
from qingyuan.audits.actions import audit_review as actions
from qingyuan.audits.forms import audit_review as forms
from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.queries import audit_review as queries
from qingyuan.audits.views.frame import AuditsVerbPage, show
from qingyuan.catalogue.evaluations import evaluations
from qingyuan.kernel import clock, gate
from qingyuan.kernel.gate.serve import serve
from qingyuan.pilots.models import Pilot
from qingyuan.ui.pagination import paginate

Kind, Stage = AuditReview.Kind, AuditReview.Stage


def reviews(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    """How far the audit of every enterprise is."""
    lines = queries.lines(pilot)
    page = paginate(request, lines)
    asks = actions.ask.allowed(request.user, pilot).ok
    return show(
        request,
        "audits/review/list.html",
        pilot,
        "reviews",
        page=page,
        rows=[(line, [_cell(line, kind, asks=asks) for kind in Kind.values]) for line in page.object_list],
        stats=[
            (_("范围内企业"), len(lines)),
            (_("通过评估"), _passed(lines, Kind.EVALUATE)),
            (_("通过验收"), _passed(lines, Kind.ACCEPT)),
            (_("可以申请"), sum(not line.problems[kind] for line in lines for kind in Kind.values)),
        ],
        sheets=[evaluating.sheet_for(pilot, kind) for kind in Kind.values],
        waiting=_waiting(request.user, pilot),
    )


def _waiting(user: Any, pilot: Pilot) -> list[tuple[str, int, str]]:
    """Doors to recording many at once, for who records: the sheet, how many wait under it, the page (one query)."""
    if not actions.record_many.allowed(user, pilot).ok:
        return []
    known = evaluations()
    return [
        (known[sheet].title, number, reverse("audits:record-reviews", args=[pilot.pk, sheet]))
        for sheet, number in queries.sheets_waiting(pilot).items()
        if sheet in known
    ]


def _passed(lines: list[queries.Line], kind: str) -> int:
    found = (line.latest[kind] for line in lines)
    return sum(one is not None and one.stage == Stage.PASSED for one in found)


def _cell(line: queries.Line, kind: str, *, asks: bool) -> dict[str, Any]:
    last = line.latest[kind]
    ready = not line.problems[kind]
    return {
        "last": last,
        "tone": queries.TONES[last.stage] if last else "",
        "ask": f"?enterprise={line.enterprise.credit_code}&kind={kind}" if ready and asks else "",
        "ready": ready,
        "why": "；".join(problem.message for problem in line.problems[kind]),
    }


def review(request: HttpRequest, review: AuditReview) -> HttpResponse:
    sheet = evaluating.sheet_of(review)
    steps = (
        (actions.revoke, "revoke", False),
        (actions.withdraw, "withdraw", False),
        (actions.record, "record", True),
    )
    return show(
        request,
        "audits/review/page.html",
        review.pilot,
        "reviews",
        review=review,
        tone=queries.TONES[review.stage],
        sheet=sheet,
        groups=[
            (group, [(item, review.scores.get(item.id, "")) for item in group.items])
            for group in sheet.groups
        ],
        vetoes=[(veto, veto.id in review.vetoes) for veto in sheet.vetoes],
        steps=[
            (verb.title, reverse(f"audits:review-{name}", args=[review.pk]), primary)
            for verb, name, primary in steps
            if verb.allowed(request.user, review).ok
        ],
        others=[
            (one, queries.TONES[one.stage])
            for one in AuditReview.objects.filter(pilot=review.pilot_id, enterprise=review.enterprise_id)
            .exclude(pk=review.pk)
            .order_by("asked_at")
        ],
    )


def evidence(_request: HttpRequest, review: AuditReview) -> FileResponse:
    if review.evidence is None:
        raise Http404
    return serve(review.evidence)


class AskPage(AuditsVerbPage):
    verb = actions.ask
    form_class = forms.AskForm
    part = "reviews"
    check_revision = False
    explain = _(
        "评估在无/低费方案基本完成、中/高费方案可行性分析之后，中/高费方案实施之前；验收在确定的方案都完成之后。"
    )
    done = _("已申请，主办单位会收到通知。")

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        return {"credit_code": asked.get("enterprise", "")[:18], "kind": asked.get("kind", Kind.EVALUATE)}

    def get_cancel_url(self) -> str:
        return reverse("audits:reviews", args=[self.object.pk])


class ReviewPage(AuditsVerbPage):
    object_arg = "review"
    part = "reviews"
    object: AuditReview

    def pilot_of(self) -> Pilot:
        return self.object.pilot

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class RecordPage(ReviewPage):
    verb = actions.record
    form_class = forms.RecordReviewForm
    done = _("结果已登记。")

    @property
    def explain(self) -> str:  # type: ignore[override]
        sheet = evaluating.sheet_of(self.object)
        return _(
            "%(title)s：满分 %(points)s，%(pass)s 分以上通过，%(rectify)s 分以上可以整改。评分表来源：%(source)s。"
        ) % {
            "title": sheet.title,
            "points": sheet.points,
            "pass": sheet.pass_from,
            "rectify": sheet.rectify_from,
            "source": sheet.source,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"request": self.request} if self.request.method == "POST" else {}
        return {"sheet": evaluating.sheet_of(self.object), **more}

    def get_initial(self) -> dict[str, Any]:
        return {"held_on": clock.local(clock.now()).date()}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean, file = form.cleaned_data, form.cleaned_data.get("evidence")
        received = gate.receive(file, by=self.request.user, allow=forms.EVIDENCE) if file else None
        names = ("held_on", "opinion", "conclusion", "rectify_by")
        return {
            **{name: clean[name] for name in names},
            "scores": form.scores(),
            "vetoes": clean.get("vetoes", []),
            "evidence": received,
        }


class WithdrawPage(ReviewPage):
    verb = actions.withdraw
    done = _("申请已撤回。")


class RevokePage(ReviewPage):
    verb = actions.revoke
    form_class = forms.RevokeReviewForm
    danger = True
    explain = _("撤销后记录留存，须重新申请；已经开始实施的方案不受影响。")
    done = _("结果已撤销。")
