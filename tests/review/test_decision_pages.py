"""The joint decision on the screen and on paper."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from docx import Document

from qingyuan.kernel import clock
from qingyuan.review import actions
from qingyuan.review.models import Case, Decision
from tests.review.test_decisions import drafted, fresh, sent, to_decide

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(client: Any, user: Any) -> Any:
    client.force_login(user, backend=BACKEND)
    return client


def words_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_draft_from_the_table_orders_the_selected_by_their_place(review, client):
    cases = to_decide(review)
    sign_in(client, review.province_handler)
    url = reverse("review:draft-decision", args=[review.round.pk, "final"])
    page = client.get(url).content.decode()
    assert all(case.title in page for case in cases)
    form = {
        "key": "k1",
        "outcome-1": "recommended",
        "place-1": "2",
        "outcome-2": "recommended",
        "place-2": "1",
        "outcome-3": "not_selected",
        "reason-3": "演示理由",
        "outcome-4": "not_selected",
        "reason-4": "演示理由",
        "note": "演示说明",
    }
    answer = client.post(url, form)
    assert answer.status_code == 302
    decision = Decision.objects.get()
    assert [(item.case.number, item.outcome) for item in decision.items.select_related("case")] == [
        (2, "recommended"),
        (1, "recommended"),
        (3, "not_selected"),
        (4, "not_selected"),
    ]
    assert answer["Location"] == reverse("review:decision", args=[decision.pk])


def test_what_lacks_is_said_and_what_was_typed_stays(review, client):
    to_decide(review)
    sign_in(client, review.province_handler)
    url = reverse("review:draft-decision", args=[review.round.pk, "final"])
    answer = client.post(url, {"outcome-1": "recommended", "outcome-2": "not_selected", "note": "打好的说明"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "须写明理由" in page
    assert page.count("没有列入") == 2
    assert "打好的说明" in page


def test_the_whole_way_on_the_screen(review, client):
    decision = drafted(review)
    page = reverse("review:decision", args=[decision.pk])
    sign_in(client, review.province_handler)
    due = clock.local(clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert (
        client.post(reverse("review:send-decision", args=[decision.pk]), {"due_at": due}).status_code == 302
    )
    decision = fresh(decision)
    for signer in (review.province_signer, review.reform_signer):
        sign_in(client, signer)
        url = reverse("review:consent-decision", args=[decision.pk])
        shown = client.get(url).content.decode()
        assert decision.content_sha256 in shown
        assert "演示：创新性不足" in shown
        revision = fresh(decision).revision
        answer = client.post(
            url, {"content_sha256": decision.content_sha256, "revision": revision, "key": f"k{signer.pk}"}
        )
        assert answer.status_code == 302
    sign_in(client, review.province_signer)
    url = reverse("review:release-decision", args=[decision.pk])
    confirm = client.get(url).content.decode()
    for case in review.cases:  # every project and every mail by name
        assert confirm.count(case.title) >= 2
    assert client.post(url, {"key": "r"}).status_code == 302
    assert "已公布" in client.get(page).content.decode()


@pytest.mark.clause("H2")
def test_the_letter_names_its_project_alone_and_leaves_the_number_to_the_office_system(review, client):
    decision = sent(review)
    sign_in(client, review.province_handler)
    selected = [item.case for item in decision.items.select_related("case") if item.outcome == "recommended"]
    answer = client.get(reverse("review:decision-letter", args=[decision.pk, selected[0].number]))
    text = words_of(answer.content)
    assert "推荐函" in text
    assert selected[0].title in text
    assert selected[1].title not in text
    assert "由公文系统生成" in text
    assert "河南省生态环境厅（盖章）" in text
    assert "河南省发展和改革委员会（盖章）" in text
    not_selected = next(item.case for item in decision.items.select_related("case") if item.reason)
    missing = client.get(reverse("review:decision-letter", args=[decision.pk, not_selected.number]))
    assert missing.status_code == 404


def test_the_list_and_the_consent_sheet_say_what_the_screen_says(review, client):
    decision = sent(review)
    actions.consent(decision, by=review.reform_signer, content_sha256=decision.content_sha256)
    sign_in(client, review.reform_handler)
    listed = words_of(client.get(reverse("review:decision-list", args=[decision.pk])).content)
    sheet = words_of(client.get(reverse("review:decision-sheet", args=[decision.pk])).content)
    for item in decision.items.select_related("case"):
        assert (item.case.title in listed) == (item.outcome == "recommended")
        assert item.case.title in sheet
    assert decision.content_sha256 in sheet
    assert "尚未表示意见" in sheet  # the host has not said its word
    assert "同意" in sheet


def test_what_the_office_system_issued_comes_back(review, client):
    from tests.pilot_maker import small_pdf

    decision = sent(review)
    for signer in (review.province_signer, review.reform_signer):
        actions.consent(decision, by=signer, content_sha256=decision.content_sha256)
    sign_in(client, review.province_handler)
    file = small_pdf("seal")
    file.name = "盖章件.pdf"
    answer = client.post(
        reverse("review:issue-decision", args=[decision.pk]),
        {
            "document_number": "演示环函〔2022〕1号",
            "signed_by": "演示签发",
            "dated_on": "2022-07-08",
            "sealed_copy": file,
        },
    )
    assert answer.status_code == 302
    decision = fresh(decision)
    assert decision.dated_on == date(2022, 7, 8)
    served = client.get(reverse("review:decision-sealed-copy", args=[decision.pk]))
    assert b"".join(served.streaming_content).startswith(b"%PDF")
    letter = client.get(reverse("review:decision-letter", args=[decision.pk, review.cases[0].number]))
    assert "演示环函〔2022〕1号" in words_of(letter.content)


def test_strangers_find_nothing_and_the_applicant_learns_it_only_by_the_letter(review, client):
    decision = sent(review)
    for user in (review.park_handler, review.stranger, review.state_handler, review.prefecture_handler):
        sign_in(client, user)
        for name in ("decision", "decision-list", "decision-sheet", "release-decision"):
            assert client.get(reverse(f"review:{name}", args=[decision.pk])).status_code == 404, (user, name)


def test_the_desk_of_the_cosigner_has_its_queue(review, client):
    from qingyuan.kernel import todos

    decision = sent(review)
    assert any(todo.title.startswith("会签：") for todo in todos.of(review.reform_signer))
    actions.consent(decision, by=review.reform_signer, content_sha256=decision.content_sha256)
    assert not any(todo.title.startswith("会签：") for todo in todos.of(review.reform_signer))
    sign_in(client, review.reform_handler)
    case = Case.objects.get(round=review.round, number=1)
    url = reverse("review:cosign-check", args=[case.pk])
    assert client.post(url, {"topic": "energy", "result": "does_not", "note": ""}).status_code == 422
    assert client.post(url, {"topic": "energy", "result": "fits", "note": ""}).status_code == 302
    tab = client.get(reverse("review:case-decision", args=[case.pk])).content.decode()
    assert "节能审查" in tab
    assert "符合" in tab
