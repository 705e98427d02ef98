"""经所在市转报: the page of one version on its way, and what its bureaus and the receiver do there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock, ledger
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.models import LedgerEntry
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.receipt_docx import ForwardingReceipt, write_forwarding_receipt
from qingyuan.pilots import actions, rules
from qingyuan.pilots import forwarding as ways
from qingyuan.pilots.forms.forwarding import GiveForm, ReturnForm
from qingyuan.pilots.models import ForwardingOpinion, PrefectureForwarding
from qingyuan.pilots.views import submissions
from qingyuan.ui.verbpage import VerbPage

WORD_TONES = {"agree": "good", "dissent": "warn", "return": "bad"}


def forwarding(request: HttpRequest, forwarding: PrefectureForwarding) -> HttpResponse:
    now = clock.now()
    mine = ways.own_opinion(request.user, forwarding)
    in_time = not ways.is_over(forwarding, now)
    opens = mine is not None and not mine.word and in_time
    context = {
        "forwarding": forwarding,
        "pilot": forwarding.pilot,
        "call": forwarding.call,
        "submission": forwarding.submission,
        "name": forwarding.submission.snapshot["name"],
        "state": ways.state_of(forwarding, now),
        "tone": ways.TONES[forwarding.stage],
        "opinions": [(one, WORD_TONES.get(one.word, "neutral")) for one in opinions_of(forwarding)],
        "owns": bool(rules.can_see_pilot.test(request.user, forwarding.pilot)),
        "receives": bool(rules.receives_submission.test(request.user, forwarding.submission)),
        "may_give": opens and actions.give_forwarding.allowed(request.user, forwarding).ok,
        "may_return": opens
        and forwarding.call.accepts_at(now)
        and actions.send_back.allowed(request.user, forwarding).ok,
        "may_lapse": not in_time and actions.lapse_forwarding.allowed(request.user, forwarding).ok,
    }
    return TemplateResponse(request, "pilots/forwarding.html", context)


def opinions_of(forwarding: PrefectureForwarding) -> list[ForwardingOpinion]:
    return list(forwarding.opinions.select_related("organisation", "by"))


def plan(request: HttpRequest, forwarding: PrefectureForwarding) -> Any:
    """The sealed plan that is to be forwarded."""
    return submissions.plan(request, forwarding.submission)


def package(request: HttpRequest, forwarding: PrefectureForwarding) -> Any:
    """All that was handed in, as it was sealed."""
    return submissions.package(request, forwarding.submission)


def receipt_json(_request: HttpRequest, forwarding: PrefectureForwarding) -> HttpResponse:
    """The ledger entry of the forwarding, with the digests that lead to the present head, for programs and the check page."""
    response = JsonResponse(
        ledger.receipt(_entry(forwarding)), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    return submissions.attached(response, _receipt_name(forwarding, "json"))


def receipt_docx(request: HttpRequest, forwarding: PrefectureForwarding) -> HttpResponse:
    """The receipt 转报回执 as Word, for the bureau's own files and for the applicant."""
    entry, submission = _entry(forwarding), forwarding.submission
    assert forwarding.closed_at is not None
    with in_record_language():
        words = [(one.organisation.name, one.get_word_display(), one.text) for one in opinions_of(forwarding)]
    document = ForwardingReceipt(
        number=forwarding.label,
        bureau=forwarding.organisation.name,
        project=submission.snapshot["name"],
        applicant=submission.snapshot["applicant"]["name"],
        opinions=tuple(words),
        forwarded_at=forwarding.closed_at,
        register_number=submission.register_label,
        version=submission.version,
        received_at=submission.submitted_at,
        package_name=submission.package_name,
        package_sha256=submission.package_sha256,
        ledger_number=entry.seq,
        ledger_hash=entry.hash,
        notice=forwarding.call.title,
        verify_at=request.build_absolute_uri(reverse("ledger-check")),
    )
    response = HttpResponse(write_forwarding_receipt(document), content_type=submissions.WORD)
    return submissions.attached(response, _receipt_name(forwarding, "docx"))


def _receipt_name(forwarding: PrefectureForwarding, ending: str) -> str:
    return clean_name(f"{_('转报回执')}_{forwarding.label}.{ending}")


def _entry(forwarding: PrefectureForwarding) -> LedgerEntry:
    """The entry by which the version was forwarded."""
    given = LedgerEntry.objects.filter(
        subject_type=forwarding._meta.label_lower,
        subject_id=str(forwarding.pk),
        verb=actions.give_forwarding.name,
    )
    # The last word is the one that forwarded it.
    entry = given.order_by("-seq").first() if forwarding.number else None
    if entry is None:
        raise Http404
    return entry


class _ForwardingPage(VerbPage):
    object_arg = "forwarding"

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("pilots:forwarding", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.get_cancel_url()}


class GivePage(_ForwardingPage):
    verb = actions.give_forwarding
    form_class = GiveForm
    explain = gettext_lazy(
        "提出意见并转报。不同意也转报：意见和材料一并送受理单位。申报到达的时刻就是申报单位提交的时刻，不因转报早晚而变。"
    )
    statement = gettext_lazy("按下按钮即代表本单位提出意见；提出后不能更改。")
    done = gettext_lazy("意见已提出")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        clean = form.cleaned_data
        return {"agree": clean["word"] == ForwardingOpinion.Word.AGREE, "text": clean["text"]}


class ReturnPage(_ForwardingPage):
    verb = actions.send_back
    form_class = ReturnForm
    explain = gettext_lazy(
        "申报截止之前可以退回修改：申报单位修改、签发后再次提交。已收到的版本在此之前仍在收件登记簿上。截止之后不能退回，只能转报。"
    )
    done = gettext_lazy("已退回申报单位")
    danger = True


class LapsePage(_ForwardingPage):
    verb = actions.lapse_forwarding
    explain = gettext_lazy("期限已过而没有转报：登记后由受理单位直接办理，申报以申报单位提交的时刻为准。")
    done = gettext_lazy("已登记逾期未转报")
