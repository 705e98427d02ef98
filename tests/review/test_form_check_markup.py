"""Every page of form check, truth, consultation and paper is strict HTML and shows hostile words as text."""

from __future__ import annotations

import html5lib
import pytest
from django.urls import reverse

from qingyuan.pilots.models import Submission
from qingyuan.review.models import Case, Consultation, FormCheck, PaperArrival, Truthfulness
from tests.house.cases.review_consultation import arrival_in, consultation_in
from tests.house.cases.review_formcheck import check_in, truthfulness_in
from tests.house.test_hostile_words import HOSTILE

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CASE = ("form-check", "truthfulness", "consultations", "begin-form-check", "take-new-version", "ask")
CHECK = ("judge-form", "pass-form", "reject-form", "reopen-form", "send-back-form")


@pytest.fixture
def addresses(review):
    check = check_in(review.maker, "open")
    truth = truthfulness_in(review.maker, "examined")
    asked = consultation_in(review.maker, "sent")
    paper = arrival_in(review.maker, "registered")
    FormCheck.objects.update(opinion=HOSTILE)
    Truthfulness.objects.update(note=HOSTILE, remark=HOSTILE)
    Consultation.objects.update(body_name=HOSTILE, question=HOSTILE)
    PaperArrival.objects.update(title=HOSTILE, courier=HOSTILE, note=HOSTILE)
    Case.objects.update(title=HOSTILE, applicant_name=HOSTILE)
    assert Submission.objects.exists()
    call, round_ = paper.call_id, check.case.round_id
    return [
        *(reverse(f"review:{name}", args=[check.case_id]) for name in CASE),
        *(reverse(f"review:{name}", args=[check.pk]) for name in CHECK),
        reverse("review:examine-truthfulness", args=[check.case_id]),
        reverse("review:sign-truthfulness", args=[truth.pk]),
        reverse("review:return-truthfulness", args=[truth.pk]),
        reverse("review:form-checks", args=[round_]),
        reverse("review:round", args=[round_]),
        reverse("review:desk"),
        reverse("review:consultation", args=[asked.pk]),
        reverse("review:answer-consultation", args=[asked.pk]),
        reverse("review:decline-consultation", args=[asked.pk]),
        reverse("review:withdraw-consultation", args=[asked.pk]),
        reverse("review:arrivals", args=[call]),
        reverse("review:arrivals", args=[call]) + "?show=missing",
        reverse("review:register-paper", args=[call]),
        reverse("review:compare-paper", args=[paper.pk]),
        reverse("review:void-paper", args=[paper.pk]),
        reverse("pilots:received", args=[call]),
    ]


@pytest.mark.parametrize("who", ["province_handler", "province_signer", "prefecture_handler"])
def test_pages_are_strict_and_words_stay_text(review, addresses, client, who):
    client.force_login(getattr(review, who), backend=BACKEND)
    shown = 0
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in {200, 403, 404, 409}, address
        text = answer.content.decode()
        assert "<script>alert" not in text, address
        html5lib.HTMLParser(strict=True).parse(text)
        shown += answer.status_code == 200
    assert shown > (15 if who == "province_handler" else 2)
