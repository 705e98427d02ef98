"""One case: its head with the parts, the application as it was sealed, and what happened."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from qingyuan.kernel.models import LedgerEntry
from qingyuan.pilots.rules import receives_submission
from qingyuan.review import actions
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
        scope_size=len(sealed.get("scope", ())),
        steps=LedgerEntry.objects.filter(subject_type="review.case", subject_id=str(case.pk)).order_by("seq"),
        reads_submission=case.submission is not None
        and receives_submission.test(request.user, case.submission),
        may_note_withdrawal=actions.note_withdrawal.allowed(request.user, case).ok,
    )


class WithdrawalPage(CaseVerbPage):
    verb = actions.note_withdrawal
    form_class = WithdrawalForm
    danger = True
