"""Pages for officers about the experts of a round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, Problem
from qingyuan.review import actions
from qingyuan.review.actions import assignments as work
from qingyuan.review.forms.experts import AssignForm, InviteForm, PlanForm, ReasonForm, ReplaceForm
from qingyuan.review.models import Case, Round
from qingyuan.review.queries import assigning
from qingyuan.review.queries import draws as drawn
from qingyuan.review.queries import experts as queries
from qingyuan.review.views.frame import CaseVerbPage, RoundVerbPage, show
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage

REPLY_DAYS, WORK_DAYS = 3, 10


def _in_days(days: int) -> Any:
    day = clock.local(clock.now() + timedelta(days=days))
    return day.replace(hour=18, minute=0, second=0, microsecond=0)


def experts_page(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """Who is asked, who accepted, and the load of each."""
    round_ = kwargs["round"]
    page = paginate(request, queries.appointments(round_))
    return TemplateResponse(
        request,
        "review/experts/round.html",
        {
            "round": round_,
            "page": page,
            "rows": [(one, queries.TONES[one.stage]) for one in page.object_list],
            "short": queries.short_of_experts(round_),
            "may_invite": actions.invite_experts.allowed(request.user, round_).ok,
            "may_assign": actions.assign.allowed(request.user, round_).ok,
        },
    )


def matrix_page(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """Who must stand back from which case, and why; who is left."""
    round_ = kwargs["round"]
    page = paginate(request, Case.objects.filter(round=round_, stage__in=Case.ASSIGNABLE).order_by("number"))
    cases = list(page.object_list)
    for case in cases:
        case.round = round_
    return TemplateResponse(
        request,
        "review/experts/matrix.html",
        {"round": round_, "page": page, "rows": queries.matrix(round_, cases)},
    )


class _RoundPage(RoundVerbPage):
    check_revision = False

    def get_cancel_url(self) -> str:
        return reverse("review:experts", args=[self.object.pk])


class Invite(_RoundPage):
    verb = actions.invite_experts
    form_class = InviteForm
    explain = gettext_lazy(
        "邀请从专家库中选定或抽取的专家。专家接受聘请、作出承诺并申报利益关系之后，才能分派项目。"
    )
    done = gettext_lazy("邀请已发出。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"found": queries.invitable(self.object, self.request.user)}

    def get_initial(self) -> dict[str, Any]:
        reserves = "reserves" in self.request.GET
        return {
            "reply_due_at": _in_days(REPLY_DAYS),
            "experts": drawn.drawn_experts(self.object, self.request.GET.get("draw", ""), reserves=reserves),
            "is_reserve": reserves,
        }

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {**form.cleaned_data, "experts": list(form.cleaned_data["experts"])}


class Assign(_RoundPage):
    """By hand: one case to one expert."""

    verb = actions.assign
    form_class = AssignForm
    explain = gettext_lazy(
        "把一个项目分派给一位专家。列表中先列不需回避、熟悉该领域、任务较少的专家；应当回避的不能分派。"
    )
    done = gettext_lazy("已分派。")

    def get_form_kwargs(self) -> dict[str, Any]:
        cases = list(Case.objects.filter(round=self.object, stage__in=Case.ASSIGNABLE).order_by("number"))
        for case in cases:
            case.round = self.object
        chosen = self.request.POST.get("case") or self.request.GET.get("case") or ""
        named = next((one for one in cases if str(one.pk) == chosen), None)
        if named is None:
            loads = work.loads(self.object)
            choices = [
                (
                    one.pk,
                    _("%(who)s（%(load)d 项）")
                    % {"who": queries.expert_label(one.expert), "load": loads[one.pk]},
                )
                for one in assigning.ready_appointments(self.object)
            ]
        else:
            choices = [(one.appointment.pk, _fitness(one)) for one in queries.candidates(named)]
        return {"cases": cases, "appointments": choices}

    def get_initial(self) -> dict[str, Any]:
        return {"due_at": _in_days(WORK_DAYS), "case": self.request.GET.get("case", "")}

    def get_success_url(self, result: Any) -> str:
        return reverse("review:case-experts", args=[result.case_id])


def _fitness(one: queries.Candidate) -> str:
    who = queries.expert_label(one.appointment.expert)
    if one.conflicts:
        return _("%(who)s ——应当回避：%(why)s") % {"who": who, "why": one.conflicts[0].reason}
    state = _("已达上限") if one.is_full else _("%d 项") % one.load
    return f"{who}（{state}{'，' + _('熟悉本领域') if one.covers else ''}）"


class PlanPage(_RoundPage):
    """The dry run: what the assignment would change, and the proof; pressing the button does exactly that."""

    verb = actions.assign_all
    form_class = PlanForm
    template_name = "review/experts/plan.html"
    title = gettext_lazy("自动分派：试算")
    explain = gettext_lazy(
        "已开始的任务不动；在每位专家的上限之内，先补足人数，再使每个项目有本领域的专家，然后使任务均衡、变动最少。"
    )
    button = gettext_lazy("按此方案分派")
    done = gettext_lazy("已按方案分派。")
    _plan: assigning.Plan | None = None

    @property
    def plan(self) -> assigning.Plan:
        if self._plan is None:
            self._plan = assigning.plan(self.object)
        return self._plan

    def get_initial(self) -> dict[str, Any]:
        return {"due_at": _in_days(WORK_DAYS), "digest": self.plan.digest}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        if form.cleaned_data["digest"] != self.plan.digest:
            raise Invalid([Problem(_("试算之后情况有变，请核对下面新的方案"), where="digest")])
        return {"pairs": self.plan.pairs, "due_at": form.cleaned_data["due_at"]}

    def render(self, form: Any, **more: Any) -> HttpResponse:
        """After a refusal the page shows the present plan, and its button means that one."""
        if form is not None and form.is_bound:
            form.data = form.data.copy()
            form.data["digest"] = self.plan.digest
        return super().render(form, **more)

    def get_context(self) -> dict[str, Any]:
        plan = self.plan
        return {
            **super().get_context(),
            "plan": plan,
            "gains": plan.gains[:200],
            "losses": plan.losses[:200],
            "loads": plan.loads,
            "gaps": plan.gaps,
            "stats": [
                (_("新分派"), len(plan.gains)),
                (_("收回"), len(plan.losses)),
                (_("不变"), plan.unchanged),
                (_("缺人的项目"), sum(bool(gap.missing) for gap in plan.gaps)),
                (_("没有本领域专家的项目"), sum(gap.uncovered for gap in plan.gaps)),
            ],
        }


def case_experts(request: HttpRequest, case: Case) -> HttpResponse:
    """The experts of one case, the reserves, and those who could be asked."""
    return show(
        request,
        "review/experts/case.html",
        case,
        "experts",
        rows=queries.assignments(case),
        candidates=queries.candidates(case),
        may_assign=case.stage in Case.ASSIGNABLE and actions.assign.allowed(request.user, case.round).ok,
        may_draw=case.stage in Case.ASSIGNABLE and actions.announce_draw.allowed(request.user, case.round).ok,
    )


class Replace(CaseVerbPage):
    verb = actions.replace
    form_class = ReplaceForm
    part = "experts"
    explain = gettext_lazy("收回这项任务，由候补专家或另一位专家接替；应当回避的不在名单中。")
    done = gettext_lazy("已更换。")

    def case_of(self) -> Case:
        return self.object.case

    def get_form_kwargs(self) -> dict[str, Any]:
        case = self.object.case
        reserves = [
            (one.appointment_id, _("候补：%s") % queries.expert_label(one.appointment.expert))
            for one, _tone, barred in queries.assignments(case)
            if one.is_standing and one.is_reserve and not barred
        ]
        others = [(one.appointment.pk, _fitness(one)) for one in queries.candidates(case) if one.is_fit]
        return {"appointments": reserves + others}

    def get_cancel_url(self) -> str:
        return reverse("review:case-experts", args=[self.object.case_id])

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()


class Release(VerbPage):
    verb = actions.release_expert
    form_class = ReasonForm
    danger = True
    done = gettext_lazy("已解除聘请。")

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return reverse("review:experts", args=[self.object.round_id])

    def get_cancel_url(self) -> str:
        return reverse("review:experts", args=[self.object.round_id])
