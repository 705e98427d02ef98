"""One case: its head with the parts, the application as it was sealed, and what happened."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse

from qingyuan.kernel.models import LedgerEntry
from qingyuan.pilots.rules import receives_submission
from qingyuan.review import actions, handed_in
from qingyuan.review.forms.round import WithdrawalForm
from qingyuan.review.models import Case
from qingyuan.review.views.frame import CaseVerbPage, show


def overview(request: HttpRequest, case: Case) -> HttpResponse:
    """What was received, and the steps taken so far."""
    sealed = case.snapshot
    return show(
        request,
        "review/case/overview.html",
        case,
        "overview",
        sealed=sealed,
        handed_in=handed_in.parts_of(
            case, address=lambda sha256: reverse("review:case-chart", args=[case.pk, sha256])
        ),
        report_files=_files(case),
        scope_size=len(sealed.get("scope", ())),
        steps=LedgerEntry.objects.filter(subject_type="review.case", subject_id=str(case.pk)).order_by("seq"),
        reads_submission=case.submission is not None
        and receives_submission.test(request.user, case.submission),
        may_note_withdrawal=not case.content and actions.note_withdrawal.allowed(request.user, case).ok,
    )


def chart(_request: HttpRequest, case: Case, sha256: str) -> FileResponse:
    """A chart that was handed in for acceptance."""
    return handed_in.serve_chart(case.content or {}, sha256)


def _files(case: Case) -> list[dict[str, Any]]:
    """What a pilot handed in with its acceptance (one query, only there)."""
    return [
        {
            "name": file.upload.name,
            "size": file.upload.size,
            "url": reverse("review:bundle-file", args=[case.pk, number]),
        }
        for number, file in enumerate(case.files.select_related("upload") if case.content else (), start=1)
    ]


class WithdrawalPage(CaseVerbPage):
    verb = actions.note_withdrawal
    form_class = WithdrawalForm
    danger = True
