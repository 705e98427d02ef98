"""Pages for the expert: invitations, promises, declaration, tasks. Everything passes the gate of `rules.experts`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.catalogue import promises
from qingyuan.kernel import clock
from qingyuan.review import actions
from qingyuan.review.forms.experts import AcceptForm, DeclareForm, ReasonForm
from qingyuan.review.models import Appointment, Assignment
from qingyuan.review.queries import experts as queries
from qingyuan.review.rules import experts as rules
from qingyuan.review.task_paper import task_docx
from qingyuan.ui.verbpage import VerbPage

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def home(request: HttpRequest) -> HttpResponse:
    """My invitations and my tasks."""
    user: Any = request.user
    found = Appointment.objects.filter(expert__user=user).select_related("round__call", "expert")
    work = sorted(
        rules.open_assignments(user),
        key=lambda one: (one.stage == Assignment.Stage.SUBMITTED, one.due_at, one.case.number),
    )
    return TemplateResponse(
        request,
        "review/experts/my.html",
        {
            "appointments": [(one, queries.TONES[one.stage]) for one in found.order_by("-invited_at")],
            "work": [(one, queries.WORK_TONES[one.stage]) for one in work],
        },
    )


def appointment_page(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    user = request.user
    is_own = rules.is_invited.test(user, appointment)
    return TemplateResponse(
        request,
        "review/experts/appointment.html",
        {
            "appointment": appointment,
            "tone": queries.TONES[appointment.stage],
            "is_own": is_own,
            "form": promises.forms().get(appointment.promises_id) or promises.form_on(_today()),
            "declared": appointment.declared.all(),
            "may_accept": actions.accept.allowed(user, appointment).ok,
            "may_declare": actions.declare.allowed(user, appointment).ok,
            "may_release": actions.release_expert.allowed(user, appointment).ok,
            "work": [
                (one, queries.WORK_TONES[one.stage])
                for one in rules.open_assignments(appointment.expert.user)
                if one.appointment_id == appointment.pk
            ],
        },
    )


def _today() -> Any:
    return clock.local(clock.now()).date()


class _Own(VerbPage):
    template_name = "ui/verb.html"

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return str(self.object.get_absolute_url())


class Accept(_Own):
    verb = actions.accept
    form_class = AcceptForm
    template_name = "review/experts/accept.html"
    explain = gettext_lazy("接受聘请须同时作出以下承诺；承诺与文本的指纹一并记入账本。")
    button = gettext_lazy("承诺并接受聘请")
    done = gettext_lazy("已接受聘请。请接着申报本轮利益关系，之后才能查看任务。")

    def get_initial(self) -> dict[str, Any]:
        return {"promises_sha256": promises.form_on(_today()).sha256}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"promises_sha256": form.cleaned_data["promises_sha256"]}

    def get_context(self) -> dict[str, Any]:
        return {"promises": promises.form_on(_today())}

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return reverse("review:declare", args=[self.object.pk])


class Decline(_Own):
    verb = actions.decline
    form_class = ReasonForm
    danger = True
    done = gettext_lazy("已谢绝，谢谢答复。")


class Declare(_Own):
    verb = actions.declare
    form_class = DeclareForm
    template_name = "review/experts/declare.html"
    explain = gettext_lazy(
        "请逐一说明与下列单位的关系；名单之外的关系单位另行填写。凡有关系的项目不会分派给您。没有关系的，勾选确认后提交。"
    )
    button = gettext_lazy("提交申报")
    done = gettext_lazy("已申报。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            "parties": queries.parties_for(self.object),
            "declared": {one.body_name: one.relation for one in self.object.declared.all()},
        }

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"interests": form.interests()}


def assignment_page(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """One task: what it is about, until when, and the way out."""
    return TemplateResponse(
        request,
        "review/experts/assignment.html",
        {
            "assignment": assignment,
            "case": assignment.case,
            "tone": queries.WORK_TONES[assignment.stage],
            "is_own": rules.holds_assignment.test(request.user, assignment),
            "may_recuse": actions.recuse.allowed(request.user, assignment).ok,
            "may_replace": actions.replace.allowed(request.user, assignment).ok,
        },
    )


class Recuse(VerbPage):
    verb = actions.recuse
    form_class = ReasonForm
    danger = True
    explain = gettext_lazy(
        "提出回避后，这项任务立即终止，您不再能查看该项目，也不能撤回。有候补专家的，由其接替。"
    )
    button = gettext_lazy("提出回避")
    done = gettext_lazy("已回避，该任务已终止。")

    def get_success_url(self, result: Any) -> str:  # noqa: ARG002
        return reverse("review:my")


def task_paper(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """任务书 as Word, with the tasks that pass the gate at this moment."""
    del request
    work = [
        one for one in rules.open_assignments(appointment.expert.user) if one.appointment_id == appointment.pk
    ]
    response = HttpResponse(task_docx(appointment, work), content_type=MEDIA)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="review-task-{appointment.expert.code}.docx"'
    )
    return response
