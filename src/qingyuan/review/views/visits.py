"""Site visits: the list of a round, one visit as each side sees it, its verbs and its papers."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.kernel.errors import WrongStage
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.gate.serve import serve_picture
from qingyuan.papers import visit_docx
from qingyuan.pilots.views.submissions import WORD, attached
from qingyuan.review import actions
from qingyuan.review.forms import visits as forms
from qingyuan.review.models import Case, Round, Visit, VisitPhoto
from qingyuan.review.queries import visits as queries
from qingyuan.review.rules import visits as rules
from qingyuan.review.views.frame import CaseVerbPage, RoundVerbPage, show
from qingyuan.review.visit_paper import paper_of, stop_of
from qingyuan.ui.verbpage import VerbPage


def listing(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """The visits of a round in the order of travel."""
    round_ = kwargs["round"]
    context = {
        "round": round_,
        "rows": [
            (visit, queries.TONES[visit.stage]) for visit in _with_round(queries.visits_of(round_), round_)
        ],
        "may_arrange": actions.arrange_visits.allowed(request.user, round_).ok,
    }
    return TemplateResponse(request, "review/visit/list.html", context)


def _with_round(visits: Any, round_: Round) -> list[Visit]:
    found = list(visits)
    for visit in found:
        visit.case.round = round_
    return found


def travel_order(_request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """The travel order as Word."""
    round_ = kwargs["round"]
    visits = queries.visits_of(round_).exclude(stage=Visit.Stage.CANCELLED).prefetch_related("team__user")
    content = visit_docx.write_travel_order(
        [stop_of(visit) for visit in _with_round(visits, round_)],
        title=str(round_),
        organiser=round_.joint_body.name,
        printed_at=clock.now(),
    )
    return attached(HttpResponse(content, content_type=WORD), clean_name(f"现场调查行程单_{round_}.docx"))


def of_case(request: HttpRequest, case: Case) -> HttpResponse:
    """The tab of a case: its visit, or the way to plan one."""
    visit = queries.visit_of(case)
    return show(
        request,
        "review/visit/of_case.html",
        case,
        "visit",
        visit=visit,
        tone=queries.TONES[visit.stage] if visit else "",
        counted=_counted(visit) if visit else [],
        may_plan=visit is None and actions.plan_visit.allowed(request.user, case).ok,
    )


def _counted(visit: Visit) -> list[tuple[str, int]]:
    found = queries.counts(list(visit.items.all()))
    names = {
        "": _("未核对"),
        "consistent": _("相符"),
        "inconsistent": _("不符"),
        "unverifiable": _("无法核实"),
    }
    return [(names[key], number) for key, number in found.items()]


def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One visit. The applicant sees the notice and, once it is over, what was found; the others see all of it."""
    user = request.user
    works = rules.works_on_visit.test(user, visit)
    is_over = visit.stage in {Visit.Stage.DONE, Visit.Stage.REPLIED, Visit.Stage.SIGNED}
    items = list(visit.items.select_related("answered_by").prefetch_related("photos__upload"))
    context = {
        "visit": visit,
        "case": visit.case,
        "tone": queries.TONES[visit.stage],
        "works": works,
        "sees_round": rules.is_officer.test(user, visit),
        "is_over": is_over,
        "counted": _counted(visit) if works or is_over else [],
        "items": items if works else [],
        "findings": queries.findings(items) if is_over else [],
        "team": list(visit.team.select_related("user", "expert")),
        "may_write": visit.stage == Visit.Stage.NOTIFIED and rules.in_team.test(user, visit),
        "links": _links(user, visit),
    }
    return TemplateResponse(request, "review/visit/page.html", context)


STEPS = (
    (actions.schedule_visit, "review:visit-schedule"),
    (actions.set_team, "review:visit-team"),
    (actions.notify_visit, "review:visit-notify"),
    (actions.conclude_visit, "review:visit-conclude"),
    (actions.reply_to_visit, "review:visit-reply"),
    (actions.sign_team, "review:visit-sign-team"),
    (actions.sign_applicant, "review:visit-sign-applicant"),
    (actions.cancel_visit, "review:visit-cancel"),
)


def _links(user: Any, visit: Visit) -> list[tuple[Any, str, bool]]:
    """The steps that this person can take now; the one that comes next leads (one button of that kind)."""
    following = _next_step(visit)
    return [
        (verb.title, reverse(name, args=[visit.pk]), verb in following)
        for verb, name in STEPS
        if verb.allowed(user, visit).ok and not _signed_already(verb, visit)
    ]


def _next_step(visit: Visit) -> tuple[Any, ...]:
    if visit.stage == Visit.Stage.PLANNED:
        if visit.day is None or not visit.address:
            return (actions.schedule_visit,)
        has_lead = any(one.is_lead for one in visit.team.all())
        return (actions.notify_visit if has_lead else actions.set_team,)
    return (actions.conclude_visit, actions.reply_to_visit, actions.sign_team, actions.sign_applicant)


def _signed_already(verb: Any, visit: Visit) -> bool:
    return bool(
        (verb is actions.sign_team and visit.team_signed_at)
        or (verb is actions.sign_applicant and visit.applicant_signed_at)
    )


def photo(_request: HttpRequest, photo: VisitPhoto) -> FileResponse:
    return serve_picture(photo.upload)


def notice_word(_request: HttpRequest, visit: Visit) -> HttpResponse:
    content = visit_docx.write_notice(paper_of(visit))
    return attached(
        HttpResponse(content, content_type=WORD), clean_name(f"现场调查通知_{visit.case.title}.docx")
    )


def report_word(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The report: for the applicant once the visit is over."""
    if visit.stage not in {
        Visit.Stage.DONE,
        Visit.Stage.REPLIED,
        Visit.Stage.SIGNED,
    } and not rules.works_on_visit.test(request.user, visit):
        raise WrongStage(_("现场调查结束后才有报告"))
    content = visit_docx.write_report(paper_of(visit))
    return attached(
        HttpResponse(content, content_type=WORD), clean_name(f"现场调查报告_{visit.case.title}.docx")
    )


class PlanPage(CaseVerbPage):
    verb = actions.plan_visit
    form_class = forms.ReasonForm
    part = "visit"
    check_revision = False
    done = gettext_lazy("已安排；发出通知之前申报单位不知情")

    def get_success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())


class PlanDrawnPage(VerbPage):
    verb = actions.plan_drawn
    object_arg = "draw"
    check_revision = False

    def get_success_url(self, result: Any) -> str:
        return reverse("review:visits", args=[result.round_id])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.object.get_absolute_url()}


class ArrangePage(RoundVerbPage):
    verb = actions.arrange_visits
    form_class = forms.ArrangeForm
    check_revision = False

    def get_success_url(self, result: Any) -> str:
        return reverse("review:visits", args=[result.pk])

    def get_cancel_url(self) -> str:
        return reverse("review:visits", args=[self.object.pk])


class _VisitPage(VerbPage):
    object_arg = "visit"
    object: Visit

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.object.get_absolute_url()}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.object.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class SchedulePage(_VisitPage):
    verb = actions.schedule_visit
    form_class = forms.ScheduleForm

    def get_initial(self) -> dict[str, Any]:
        visit = self.object
        place = f"{visit.latitude}, {visit.longitude}" if visit.latitude is not None else ""
        return {"day": visit.day, "position": visit.position or 1, "address": visit.address, "place": place}


class TeamPage(_VisitPage):
    verb = actions.set_team
    form_class = forms.TeamForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"visit": self.object}

    def get_initial(self) -> dict[str, Any]:
        team = list(self.object.team.select_related("expert"))
        return {
            "officers": [str(one.user_id) for one in team if one.expert is None],
            "experts": [str(one.expert_id) for one in team if one.expert is not None],
            "lead": next((str(one.user_id) for one in team if one.is_lead), ""),
        }

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.arguments())


class NotifyPage(_VisitPage):
    verb = actions.notify_visit
    statement = gettext_lazy("通知一经发出，申报单位即知悉时间、地点和内容。")
    done = gettext_lazy("通知已发出")


class ConcludePage(_VisitPage):
    verb = actions.conclude_visit
    form_class = forms.ConcludeForm
    statement = gettext_lazy("结束后现场记录不再改动。")
    check_revision = False


ENTERED = gettext_lazy("这个项目由外省导入，申报单位没有平台账号。")


class ReplyPage(_VisitPage):
    verb = actions.reply_to_visit
    form_class = forms.ReplyForm

    def get_context(self) -> dict[str, Any]:
        context = super().get_context()
        if self.object.case.is_imported:
            context["explain"] = f"{ENTERED}{_('请照录它的书面答复，原件随报告存档；台账记明由谁登记。')}"
        return context


class SignTeamPage(_VisitPage):
    verb = actions.sign_team
    check_revision = False


class SignApplicantPage(_VisitPage):
    verb = actions.sign_applicant
    check_revision = False

    def get_context(self) -> dict[str, Any]:
        context = super().get_context()
        if self.object.case.is_imported:
            context["explain"] = ENTERED
            context["statement"] = _("已收到申报单位签字盖章的现场调查报告，内容与平台上的记录一致。")
        return context


class CancelPage(_VisitPage):
    verb = actions.cancel_visit
    form_class = forms.ReasonForm
    danger = True
