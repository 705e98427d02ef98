"""Addresses about experts: the officers' and the experts' own."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import sees, signed_in
from qingyuan.review.models import Appointment, Assignment, Case, Round
from qingyuan.review.rules import experts as rules
from qingyuan.review.rules import ground
from qingyuan.review.views import experts, my_reviews

_round = sees(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))
_case = sees(
    Case, by=ground.sees_case_as_officer, arg="case", related=("round__call__joint_body", "submission")
)
_OF_APPOINTMENT = ("expert__user", "expert__employer", "round__call__joint_body")
_appointment = sees(Appointment, by=rules.sees_appointment, arg="appointment", related=_OF_APPOINTMENT)
_invited = sees(Appointment, by=rules.is_invited, arg="appointment", related=_OF_APPOINTMENT)
_OF_ASSIGNMENT = ("case__round__call__joint_body", "case__submission", "appointment__expert__user")
_assignment = sees(Assignment, by=rules.sees_assignment, arg="assignment", related=_OF_ASSIGNMENT)
_worked = sees(Assignment, by=rules.works_on, arg="assignment", related=_OF_ASSIGNMENT)
_officer = sees(Assignment, by=rules.sees_assignment_as_officer, arg="assignment", related=_OF_ASSIGNMENT)

urlpatterns = [
    path("review/my/", signed_in(require_GET(my_reviews.home)), name="my"),
    path("review/rounds/<uuid:round>/experts/", _round(require_GET(experts.experts_page)), name="experts"),
    path(
        "review/rounds/<uuid:round>/experts/conflicts/",
        _round(require_GET(experts.matrix_page)),
        name="conflicts",
    ),
    path(
        "review/rounds/<uuid:round>/experts/invite/", _round(experts.Invite.as_view()), name="invite-experts"
    ),
    path("review/rounds/<uuid:round>/experts/assign/", _round(experts.Assign.as_view()), name="assign"),
    path("review/rounds/<uuid:round>/experts/plan/", _round(experts.PlanPage.as_view()), name="assign-all"),
    path("review/cases/<uuid:case>/experts/", _case(require_GET(experts.case_experts)), name="case-experts"),
    path(
        "review/appointments/<uuid:appointment>/",
        _appointment(require_GET(my_reviews.appointment_page)),
        name="appointment",
    ),
    path(
        "review/appointments/<uuid:appointment>/task.docx",
        _appointment(require_GET(my_reviews.task_paper)),
        name="task-paper",
    ),
    path(
        "review/appointments/<uuid:appointment>/accept/", _invited(my_reviews.Accept.as_view()), name="accept"
    ),
    path(
        "review/appointments/<uuid:appointment>/decline/",
        _invited(my_reviews.Decline.as_view()),
        name="decline",
    ),
    path(
        "review/appointments/<uuid:appointment>/declare/",
        _invited(my_reviews.Declare.as_view()),
        name="declare",
    ),
    path(
        "review/appointments/<uuid:appointment>/release/",
        _appointment(experts.Release.as_view()),
        name="release-expert",
    ),
    path(
        "review/assignments/<uuid:assignment>/",
        _assignment(require_GET(my_reviews.assignment_page)),
        name="assignment",
    ),
    path("review/assignments/<uuid:assignment>/recuse/", _worked(my_reviews.Recuse.as_view()), name="recuse"),
    path(
        "review/assignments/<uuid:assignment>/replace/", _officer(experts.Replace.as_view()), name="replace"
    ),
]
