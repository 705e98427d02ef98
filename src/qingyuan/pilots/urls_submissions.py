"""Routes of received versions and of the register; `urls.py` of this room includes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import path

from qingyuan.calls.models import Call
from qingyuan.calls.rules import receives_for_call
from qingyuan.kernel.guards import sees
from qingyuan.pilots.models import Submission
from qingyuan.pilots.rules import can_see_submission
from qingyuan.pilots.views import dossier, received, submissions


def of_submission(view: Callable[..., Any]) -> Callable[..., Any]:
    """For the applicant, those it authorised, and the departments that receive; 404 for everybody else."""
    related = ("pilot__applicant", "call__joint_body")
    return sees(Submission, by=can_see_submission, arg="submission", related=related)(view)


def of_receivers(view: Callable[..., Any]) -> Callable[..., Any]:
    """For the people of the departments that decide together on the call."""
    return sees(Call, by=receives_for_call, arg="call", related=("joint_body",))(view)


_ONE = "submissions/<uuid:submission>/"
urlpatterns = [
    path(_ONE, of_submission(submissions.submission), name="submission"),
    path(f"{_ONE}changes/", of_submission(submissions.changes), name="submission-changes"),
    path(f"{_ONE}dossier/", of_submission(dossier.dossier), name="dossier"),
    path(f"{_ONE}package/", of_submission(submissions.package), name="package"),
    path(f"{_ONE}plan/", of_submission(submissions.plan), name="submission-plan"),
    path(f"{_ONE}copies/<slug:delivery>.docx", of_submission(submissions.copy_docx), name="copy-docx"),
    path(f"{_ONE}receipt.docx", of_submission(submissions.receipt_docx), name="receipt-docx"),
    path(f"{_ONE}receipt.json", of_submission(submissions.receipt_json), name="receipt-json"),
    path("calls/<uuid:call>/received/", of_receivers(received.received), name="received"),
    path("calls/<uuid:call>/received.xlsx", of_receivers(received.workbook), name="received-xlsx"),
]
