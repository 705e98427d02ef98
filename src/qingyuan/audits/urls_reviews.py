"""Addresses of the evaluation and acceptance of the enterprises' audits."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.queries.audit_review import RELATED
from qingyuan.audits.queries.scheme import RELATED as PILOT
from qingyuan.audits.rules import audit_review as rules
from qingyuan.audits.rules.scheme import sees_audits
from qingyuan.audits.views import audit_review as views
from qingyuan.audits.views import audit_reviews_many as many
from qingyuan.kernel.guards import sees
from qingyuan.pilots.models import Pilot
from qingyuan.ui import navigation

_pilot = sees(Pilot, by=sees_audits, arg="pilot", related=PILOT)
_review = sees(AuditReview, by=rules.sees_review, arg="review", related=RELATED)

urlpatterns = [
    path("pilots/<uuid:pilot>/audit-reviews/", _pilot(require_GET(views.reviews)), name="reviews"),
    path("pilots/<uuid:pilot>/audit-reviews/ask/", _pilot(views.AskPage.as_view()), name="ask-review"),
    path(
        "pilots/<uuid:pilot>/audit-reviews/sheets/<slug:sheet>/",
        _pilot(many.RecordManyPage.as_view()),
        name="record-reviews",
    ),
    path(
        "pilots/<uuid:pilot>/audit-reviews/sheets/<slug:sheet>/form.xlsx",
        _pilot(require_GET(many.form)),
        name="reviews-form",
    ),
    path(
        "pilots/<uuid:pilot>/audit-reviews/sheets/<slug:sheet>/<uuid:upload>/marked.xlsx",
        _pilot(require_GET(many.marked)),
        name="marked-reviews",
    ),
    path("audit-reviews/<uuid:review>/", _review(require_GET(views.review)), name="review"),
    path(
        "audit-reviews/<uuid:review>/evidence/", _review(require_GET(views.evidence)), name="review-evidence"
    ),
    path("audit-reviews/<uuid:review>/record/", _review(views.RecordPage.as_view()), name="review-record"),
    path(
        "audit-reviews/<uuid:review>/withdraw/", _review(views.WithdrawPage.as_view()), name="review-withdraw"
    ),
    path("audit-reviews/<uuid:review>/revoke/", _review(views.RevokePage.as_view()), name="review-revoke"),
]
navigation.under("audits:scheme-pilots", urlpatterns)
