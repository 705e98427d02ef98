"""A received version: what was sealed, its receipt and its files. The guard in front of each view says who reads it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from qingyuan.calls.mails import host_of
from qingyuan.kernel import clock, ledger
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.gate.serve import serve_blob
from qingyuan.kernel.models import LedgerEntry
from qingyuan.papers.receipt_docx import Receipt, write_receipt
from qingyuan.pilots import actions, copies, differences, geometry, ground, rules
from qingyuan.pilots import forwarding as ways
from qingyuan.pilots.models import Submission
from qingyuan.pilots.views.extent import shown

WORD = ACCEPTED["docx"].media_type


def submission(request: HttpRequest, submission: Submission) -> HttpResponse:
    forwarding = ways.of_submission(submission) if submission.call.forward_closes_at else None
    versions = list(
        submission.pilot.submissions.only(
            "pilot_id",
            "version",
            "register_number",
            "is_current",
            "submitted_at",
            "package_size",
            "ledger_seq",
        ).order_by("-version")
    )
    owns = bool(rules.owns_submission.test(request.user, submission))
    context = {
        "submission": submission,
        "pilot": submission.pilot,
        "call": submission.call,
        "name": submission.snapshot["name"],
        "category": submission.call.notice.category(submission.pilot.category_id),
        "object_rows": ground.stated_in(submission.call.notice, submission.snapshot),
        "ground": shown(geometry.of_snapshot(submission.snapshot), submission.call.notice),
        "entry": entry_of(submission),
        "files": submission.manifest["files"],
        "versions": versions,
        "current": next((version for version in versions if version.is_current), None),
        "delivery": submission.call.notice.package.delivery("electronic"),
        "limit": submission.call.notice.package.size,
        "owns": owns,
        "forwarding": forwarding,
        "forwarding_state": ways.state_of(forwarding, clock.now()) if forwarding else "",
        "forwarding_tone": ways.TONES[forwarding.stage] if forwarding else "",
        "copies": copies.copies_of(submission),
        "comments": list(submission.comments.select_related("organisation")),
        "requests": list(submission.pilot.supplement_requests.select_related("organisation")),
        "may_return": actions.request_supplement.allowed(request.user, submission.pilot).ok
        and submission.is_current,
        "receives": bool(rules.receives_submission.test(request.user, submission)),
    }
    return TemplateResponse(request, "pilots/submission.html", context)


def package(_request: HttpRequest, submission: Submission) -> Any:
    """The zip as it was sealed, named as the notice wants it."""
    return serve_blob(submission.package_sha256, name=submission.package_name, media_type="application/zip")


def plan(_request: HttpRequest, submission: Submission) -> Any:
    """The sealed plan as Word."""
    name = f"{submission.snapshot['name']}_{submission.call.notice.outline.title.strip('《》')}.docx"
    return serve_blob(submission.plan_sha256, name=clean_name(name), media_type=WORD)


def copy_docx(_request: HttpRequest, submission: Submission, delivery: str) -> HttpResponse:
    """The plan for one of the paper copies: the sealed text with the cover of that level."""
    wanted = next((copy for copy in copies.copies_of(submission) if copy.delivery.id == delivery), None)
    if wanted is None:
        raise Http404
    made = copies.write_copy(submission, wanted, on=clock.local(clock.now()).date())
    return attached(HttpResponse(made, content_type=WORD), copies.file_name(wanted))


def receipt_docx(request: HttpRequest, submission: Submission) -> HttpResponse:
    """The receipt 回执 as Word."""
    document = receipt_of(submission, verify_at=request.build_absolute_uri(reverse("ledger-check")))
    return attached(
        HttpResponse(write_receipt(document), content_type=WORD), _receipt_name(submission, "docx")
    )


def receipt_json(_request: HttpRequest, submission: Submission) -> HttpResponse:
    """The receipt for programs: the ledger entry with the digests that lead to the present head."""
    entry = _entry(submission)
    response = JsonResponse(ledger.receipt(entry), json_dumps_params={"ensure_ascii": False, "indent": 1})
    return attached(response, _receipt_name(submission, "json"))


def entry_of(submission: Submission) -> LedgerEntry | None:
    return LedgerEntry.objects.filter(seq=submission.ledger_seq).first() if submission.ledger_seq else None


def receipt_of(submission: Submission, *, verify_at: str) -> Receipt:
    """What the printed receipt states; `verify_at` is the address of the page on which anybody checks it."""
    entry = _entry(submission)
    return Receipt(
        number=submission.register_label,
        receiver=host_of(submission.call).name,
        project=submission.snapshot["name"],
        applicant=submission.snapshot["applicant"]["name"],
        received_at=submission.submitted_at,
        package_name=submission.package_name,
        package_size=submission.package_size,
        package_sha256=submission.package_sha256,
        ledger_number=entry.seq,
        ledger_hash=entry.hash,
        version=submission.version,
        notice=submission.call.title,
        verify_at=verify_at,
    )


def _entry(submission: Submission) -> LedgerEntry:
    entry = entry_of(submission)
    if entry is None:
        raise Http404
    return entry


def _receipt_name(submission: Submission, ending: str) -> str:
    return clean_name(f"{_('收件回执')}_{submission.register_label}.{ending}")


def attached(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def changes(request: HttpRequest, submission: Submission) -> HttpResponse:
    """What this version changed against another one of the same pilot (`?from=1`; else the one before)."""
    versions = list(
        submission.pilot.submissions.only("pilot_id", "version", "submitted_at").order_by("version")
    )
    earlier = [one for one in versions if one.version != submission.version]
    wanted = request.GET.get("from", "")
    base = next((one for one in earlier if str(one.version) == wanted), None)
    if base is None:
        before = [one for one in earlier if one.version < submission.version]
        base = before[-1] if before else None
    context = {
        "submission": submission,
        "name": submission.snapshot["name"],
        "base": base,
        "earlier": earlier,
        "found": differences.between(base, submission) if base else None,
    }
    return TemplateResponse(request, "pilots/changes.html", context)
