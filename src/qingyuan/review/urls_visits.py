"""Addresses of site visits."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qingyuan.kernel import offline
from qingyuan.kernel.guards import public, sees
from qingyuan.review.models import Case, Draw, Round, Visit, VisitPhoto
from qingyuan.review.queries.visits import RELATED
from qingyuan.review.rules import draws as draw_rules
from qingyuan.review.rules import ground
from qingyuan.review.rules import visits as rules
from qingyuan.review.views import fieldwork, visits

_round = sees(Round, by=ground.sees_round, arg="round", related=("call__joint_body",))
_case = sees(
    Case, by=ground.sees_case_as_officer, arg="case", related=("round__call__joint_body", "submission")
)
_draw = sees(Draw, by=draw_rules.sees_draw, arg="draw", related=("round__call__joint_body",))
_visit = sees(Visit, by=rules.sees_visit, arg="visit", related=RELATED)
_works = sees(Visit, by=rules.works_on_visit, arg="visit", related=RELATED)
_photo = sees(
    VisitPhoto, by=rules.sees_photo, arg="photo", related=("upload", "visit__case__round__call__joint_body")
)

urlpatterns = [
    path("review/rounds/<uuid:round>/visits/", _round(require_GET(visits.listing)), name="visits"),
    path(
        "review/rounds/<uuid:round>/visits/order.docx",
        _round(require_GET(visits.travel_order)),
        name="travel-order",
    ),
    path(
        "review/rounds/<uuid:round>/visits/arrange/",
        _round(visits.ArrangePage.as_view()),
        name="arrange-visits",
    ),
    path("review/draws/<uuid:draw>/visits/", _draw(visits.PlanDrawnPage.as_view()), name="plan-drawn"),
    path("review/cases/<uuid:case>/visit/", _case(require_GET(visits.of_case)), name="case-visit"),
    path("review/cases/<uuid:case>/visit/plan/", _case(visits.PlanPage.as_view()), name="plan-visit"),
    path("review/visits/worker.js", public(require_GET(offline.worker)), name="visit-worker"),
    path("review/visits/<uuid:visit>/", _visit(require_GET(visits.page)), name="visit"),
    path(
        "review/visits/<uuid:visit>/notice.docx", _visit(require_GET(visits.notice_word)), name="visit-notice"
    ),
    path(
        "review/visits/<uuid:visit>/report.docx", _visit(require_GET(visits.report_word)), name="visit-report"
    ),
    path(
        "review/visits/<uuid:visit>/schedule/", _visit(visits.SchedulePage.as_view()), name="visit-schedule"
    ),
    path("review/visits/<uuid:visit>/team/", _visit(visits.TeamPage.as_view()), name="visit-team"),
    path("review/visits/<uuid:visit>/notify/", _visit(visits.NotifyPage.as_view()), name="visit-notify"),
    path(
        "review/visits/<uuid:visit>/conclude/", _visit(visits.ConcludePage.as_view()), name="visit-conclude"
    ),
    path("review/visits/<uuid:visit>/reply/", _visit(visits.ReplyPage.as_view()), name="visit-reply"),
    path(
        "review/visits/<uuid:visit>/sign/team/", _visit(visits.SignTeamPage.as_view()), name="visit-sign-team"
    ),
    path(
        "review/visits/<uuid:visit>/sign/applicant/",
        _visit(visits.SignApplicantPage.as_view()),
        name="visit-sign-applicant",
    ),
    path("review/visits/<uuid:visit>/cancel/", _visit(visits.CancelPage.as_view()), name="visit-cancel"),
    path("review/visits/<uuid:visit>/field/", _works(require_GET(fieldwork.page)), name="visit-field"),
    path(
        "review/visits/<uuid:visit>/field/<slug:item>/",
        _works(require_POST(fieldwork.answer)),
        name="visit-answer",
    ),
    path(
        "review/visits/<uuid:visit>/field/<slug:item>/photos/",
        _works(require_POST(fieldwork.photo)),
        name="visit-add-photo",
    ),
    path("review/visit-photos/<uuid:photo>/", _photo(require_GET(visits.photo)), name="visit-photo"),
]
