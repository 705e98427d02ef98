"""X1: a list is public once both departments' decision is released, and says nothing of persons or of the refused."""

from __future__ import annotations

import html5lib
import pytest
from django.test import Client
from django.urls import reverse

from qingyuan.calls.models import Call
from qingyuan.kernel import clock
from qingyuan.review import actions
from qingyuan.review.decisions import Row
from qingyuan.review.models import Case, Decision
from tests.review.state_rounds import released, taken_in


def approve_first(review, round_) -> Decision:
    """The State approves the first case and not the second, through to the release."""
    from datetime import timedelta

    Case.objects.filter(round=round_).update(stage="decision")
    type(round_).objects.filter(pk=round_.pk).update(stage="reviewing")
    first, second = round_.cases.order_by("number")
    decision = actions.draft(
        round_,
        by=review.state_handler,
        kind="final",
        items=[Row(first.pk, "approved"), Row(second.pk, "not_selected", "演示：可复制性不足")],
    )
    actions.send_for_cosign(decision, by=review.state_handler, due_at=clock.now() + timedelta(days=3))
    decision.refresh_from_db()
    for signer in (review.state_signer, review.ndrc_signer):
        actions.consent(decision, by=signer, content_sha256=decision.content_sha256)
    return Decision.objects.get(pk=decision.pk)


@pytest.mark.clause("X1")
@pytest.mark.clause("N9")
def test_the_approved_list_is_public_from_the_release_on_and_not_before(review):
    with taken_in(review) as round_:
        decision = approve_first(review, round_)
        anybody = Client()
        url = reverse("review:list", args=[round_.call_id])
        assert anybody.get(url).status_code == 404
        assert anybody.get(reverse("review:list-data", args=[round_.call_id])).status_code == 404
        assert url not in anybody.get(reverse("review:lists")).content.decode()
        actions.release(decision, by=review.state_signer)
        body = anybody.get(url).content.decode()
        html5lib.HTMLParser(strict=True).parse(body)
        first, second = round_.cases.order_by("number")
        assert "同意开展清洁生产审核创新试点项目名单" in body
        assert first.title in body
        assert "河南省洛阳市" in body
        assert url in anybody.get(reverse("review:lists")).content.decode()
        assert "同意开展" in anybody.get(reverse("review:lists-feed")).content.decode()
        # The refused, the reasons and the persons stay where they belong.
        for page in (body, anybody.get(reverse("review:list-data", args=[round_.call_id])).content.decode()):
            assert second.title not in page
            assert "可复制性" not in page
            for person in review.world.people.values():
                assert person.display_name not in page
        assert Case.objects.get(pk=second.pk).stage == "not_selected"


def test_the_refused_applicant_reads_the_reason_in_its_mail(review):
    from qingyuan.kernel.models import Mail

    with taken_in(review) as round_:
        actions.release(approve_first(review, round_), by=review.state_signer)
        second = round_.cases.order_by("number")[1]
        (mail,) = Mail.objects.filter(verb="decision.release", body__contains="可复制性不足")
        assert second.title in mail.body


def test_a_browser_that_has_the_list_is_told_so(review):
    with taken_in(review) as round_:
        actions.release(approve_first(review, round_), by=review.state_signer)
        url = reverse("review:list", args=[round_.call_id])
        etag = Client().get(url)["ETag"]
        assert Client().get(url, headers={"If-None-Match": etag}).status_code == 304
        Decision.objects.filter(round=round_).update(document_number="演示〔2022〕7号")
        changed = Client().get(url, headers={"If-None-Match": etag})
        assert changed.status_code == 200
        assert "演示〔2022〕7号" in changed.content.decode()


@pytest.mark.clause("X1")
def test_a_provinces_list_is_public_only_where_its_call_asks_for_it(review):
    released(review)
    url = reverse("review:list", args=[review.round.call_id])
    assert Client().get(url).status_code == 404
    Call.objects.filter(pk=review.round.call_id).update(options={"publicity": True})
    body = Client().get(url).content.decode()
    assert review.cases[0].title in body
    assert review.cases[3].title not in body


def test_the_register_asks_the_same_number_of_queries_for_every_list(review, django_assert_max_num_queries):
    released(review)
    Call.objects.filter(pk=review.round.call_id).update(options={"publicity": True})
    with django_assert_max_num_queries(6):
        Client().get(reverse("review:lists"))
