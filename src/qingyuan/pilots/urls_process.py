"""Routes of what goes on between the applicant and other bodies; `urls.py` of this room includes them."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_GET

from qingyuan.kernel.guards import View, sees, signed_in
from qingyuan.pilots import area as area_rules
from qingyuan.pilots import forwarding as ways
from qingyuan.pilots import rules
from qingyuan.pilots.models import (
    CertificateRequest,
    Pilot,
    PrefectureForwarding,
    Submission,
    SupplementRequest,
)
from qingyuan.pilots.views import area, certificates, forwarding, returned


def _of_receivers(view: View) -> View:
    """For the departments that received this version."""
    return sees(
        Submission,
        by=rules.receives_submission,
        arg="submission",
        related=("pilot__applicant", "pilot__call__joint_body", "call__joint_body"),
    )(view)


def _of_request(view: View) -> View:
    return sees(
        SupplementRequest,
        by=rules.can_see_request,
        arg="supplement_request",
        related=(
            "pilot__applicant",
            "pilot__call__joint_body",
            "submission",
            "answered_with",
            "organisation",
        ),
    )(view)


def _of_certificate(view: View) -> View:
    """For the applicant and the body that is asked."""
    return sees(
        CertificateRequest,
        by=rules.can_see_certificate,
        arg="certificate",
        related=("pilot__applicant", "pilot__call", "attachment__upload"),
    )(view)


def _of_forwarding(view: View) -> View:
    """For the bureaus through which a version goes, its applicant, and the departments that receive it."""
    return sees(
        PrefectureForwarding,
        by=ways.can_see_forwarding,
        arg="forwarding",
        related=("pilot__applicant", "call__joint_body", "submission__call__joint_body", "organisation"),
    )(view)


_FORWARDING = "forwardings/<uuid:forwarding>/"
_CERTIFICATE = "certificates/<uuid:certificate>/"
_REQUEST = "supplement-requests/<uuid:supplement_request>/"
_IN_AREA = "area/<uuid:pilot>/"


def _in_area(view: View) -> View:
    """For the prefecture bureaus of the place, where the call asks for their comment."""
    return sees(Pilot, by=area_rules.can_see_in_area, arg="pilot", related=("call", "applicant"))(view)


urlpatterns = [
    path("certificates/", signed_in(require_GET(certificates.asked)), name="certificates-asked"),
    path(_CERTIFICATE, _of_certificate(require_GET(certificates.certificate)), name="certificate"),
    path(
        f"{_CERTIFICATE}file/",
        _of_certificate(require_GET(certificates.answer_file)),
        name="certificate-file",
    ),
    path(
        f"{_CERTIFICATE}receive/",
        _of_certificate(certificates.ReceivePage.as_view()),
        name="receive-certificate",
    ),
    path(
        f"{_CERTIFICATE}refuse/",
        _of_certificate(certificates.RefusePage.as_view()),
        name="refuse-certificate",
    ),
    path(_FORWARDING, _of_forwarding(require_GET(forwarding.forwarding)), name="forwarding"),
    path(f"{_FORWARDING}plan/", _of_forwarding(require_GET(forwarding.plan)), name="forwarding-plan"),
    path(
        f"{_FORWARDING}package/", _of_forwarding(require_GET(forwarding.package)), name="forwarding-package"
    ),
    path(
        f"{_FORWARDING}receipt.json",
        _of_forwarding(require_GET(forwarding.receipt_json)),
        name="forwarding-receipt",
    ),
    path(
        f"{_FORWARDING}receipt.docx",
        _of_forwarding(require_GET(forwarding.receipt_docx)),
        name="forwarding-receipt-docx",
    ),
    path(f"{_FORWARDING}give/", _of_forwarding(forwarding.GivePage.as_view()), name="give-forwarding"),
    path(f"{_FORWARDING}return/", _of_forwarding(forwarding.ReturnPage.as_view()), name="return-forwarding"),
    path(f"{_FORWARDING}lapse/", _of_forwarding(forwarding.LapsePage.as_view()), name="lapse-forwarding"),
    path("area/", signed_in(require_GET(area.pilots)), name="area"),
    path(_IN_AREA, _in_area(require_GET(area.pilot)), name="area-pilot"),
    path(f"{_IN_AREA}plan/", _in_area(require_GET(area.plan)), name="area-plan"),
    path(f"{_IN_AREA}comment/", _in_area(area.CommentPage.as_view()), name="comment"),
    path(
        "submissions/<uuid:submission>/return/",
        _of_receivers(returned.RequestPage.as_view()),
        name="request-supplement",
    ),
    path(_REQUEST, _of_request(require_GET(returned.supplement_request)), name="supplement-request"),
    path(f"{_REQUEST}cancel/", _of_request(returned.CancelPage.as_view()), name="cancel-request"),
    path(f"{_REQUEST}lapse/", _of_request(returned.LapsePage.as_view()), name="lapse-request"),
]
