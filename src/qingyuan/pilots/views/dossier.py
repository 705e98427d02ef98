"""The dossier of a received version, for the applicant and for the departments that received it."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import clock
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.receipt_docx import write_receipt
from qingyuan.papers.signoff_docx import write_sheet
from qingyuan.pilots import dossier as dossiers
from qingyuan.pilots import rules
from qingyuan.pilots.models import Submission
from qingyuan.pilots.views.sheet import sheet_of
from qingyuan.pilots.views.submissions import receipt_of


@in_record_language()
def dossier(request: HttpRequest, submission: Submission) -> FileResponse:
    inside = bool(rules.owns_submission.test(request.user, submission))
    receipt = receipt_of(submission, verify_at=request.build_absolute_uri(reverse("ledger-check")))
    handle = dossiers.write(
        submission,
        receipt=write_receipt(receipt),
        sheet=write_sheet(sheet_of(submission.pilot)) if inside else None,
        now=clock.now(),
        inside=inside,
    )
    name = clean_name(f"{_('卷宗')}_{submission.register_label}_{submission.snapshot['name']}.zip")
    response = FileResponse(handle, as_attachment=True, filename=name, content_type="application/zip")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
