"""公示 on the screen, for everybody and for the departments; what each of them must not read, on every way in."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from django.test import Client
from django.urls import reverse

from qingyuan.kernel import clock
from qingyuan.people import actions as people
from qingyuan.review import actions, archive
from qingyuan.review.models import Objection, Round
from tests.house.cases.review_publicity import CONTACT, OBJECTOR, objection
from tests.house.test_route_matrix import body_of
from tests.review.publicity_maker import (
    ADDRESS,
    SECRET_WORDS,
    again,
    agreed,
    lodged,
    opened,
    over,
    page,
    state_agreed,
)
from tests.review.test_decisions import fresh

REASON = "演示：创新性不足"
NOTE = "演示：内部综合说明"


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    body = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(body)
    return body


def form(**more: Any) -> dict[str, Any]:
    return {"case": "", **objection(**more)}


def lodge(publicity: Any, client: Client | None = None, **more: Any) -> Any:
    return (client or Client()).post(
        reverse("review:lodge-objection", args=[publicity.pk]), form(**more), follow=True
    )


@pytest.mark.clause("X1")
def test_everybody_reads_the_list_the_period_and_how_to_object_and_nothing_else(review):
    decision = agreed(review, note=NOTE)
    publicity = opened(review, decision)
    lodged(publicity)
    first, second, third, fourth = review.cases
    public = [
        text_of(Client().get(publicity.get_public_url())),
        json.dumps(Client().get("/api/v1/publicities").json(), ensure_ascii=False),
    ]
    for body in public:
        for case in (first, second):
            assert case.title in body
            assert case.applicant_name in body
        for hidden in (third.title, fourth.title, REASON, NOTE, decision.content_sha256, *SECRET_WORDS):
            assert hidden not in body
        for person in review.world.people.values():
            assert person.display_name not in body
    assert ADDRESS in public[0]
    assert "2022年7月8日 24:00" in public[0]
    assert "15 日内答复" in public[0]
    listed = text_of(Client().get(reverse("review:public-publicities")))
    assert publicity.get_public_url() in listed
    assert first.title not in listed


def test_the_form_offers_what_lies_open_and_tells_nobodys_address(review):
    publicity = opened(review)
    body = text_of(Client().get(reverse("review:lodge-objection", args=[publicity.pk])))
    first, _second, third, _fourth = review.cases
    assert first.title in body
    assert third.title not in body
    assert "@" not in re.sub(r"<script.*?</script>", "", body, flags=re.DOTALL)
    sent = lodge(publicity, case=str(third.pk))
    assert sent.status_code == 422
    assert not Objection.objects.exists()


@pytest.mark.clause("X1")
def test_an_objection_without_an_account_gets_a_code_under_which_its_answer_is_read(review):
    publicity = opened(review)
    received = lodge(publicity, case=str(review.cases[0].pk))
    came = Objection.objects.get()
    assert received.redirect_chain[-1][0] == reverse("review:objection-receipt", args=[came.code])
    body = text_of(received)
    assert came.code in body
    for word in SECRET_WORDS:
        assert word not in body
    assert received["Cache-Control"] == "private, no-store"
    assert received["Referrer-Policy"] == "no-referrer"
    actions.settle_objection(came, by=review.province_handler, outcome="dismissed", answer="演示：数据属实")
    told = text_of(Client().get(reverse("review:objection-receipt", args=[came.code])))
    assert "异议不成立" in told
    assert "演示：数据属实" in told
    assert review.province_handler.display_name not in told
    assert Client().get(reverse("review:objection-receipt", args=[came.code + "x"])).status_code == 404
    assert Client().get(reverse("review:objection-receipt", args=[str(came.pk)])).status_code == 404


def test_what_was_typed_is_kept_when_something_is_missing(review):
    publicity = opened(review)
    refused = lodge(publicity, objector="")
    assert refused.status_code == 422
    assert CONTACT in refused.content.decode()
    assert not Objection.objects.exists()


def test_a_robot_is_slowed_down_and_loses_nothing_it_typed(review):
    publicity = opened(review)
    for number in range(5):
        assert lodge(publicity, text=f"演示：第{number}件").status_code == 200
    slowed = lodge(publicity, text="演示：第六件")
    assert slowed.status_code == 429
    assert "演示：第六件" in slowed.content.decode()
    assert Objection.objects.count() == 5


def test_after_the_end_the_form_is_shut_and_the_list_stays(review):
    publicity = opened(review)
    with over(publicity):
        body = text_of(Client().get(publicity.get_public_url()))
        assert "公示期已满" in body
        assert review.cases[0].title in body
        assert reverse("review:lodge-objection", args=[publicity.pk]) not in body
        assert lodge(publicity).status_code == 409
    actions.stop_publicity(publicity, by=review.province_handler, reason="演示：内部原因")
    stopped = text_of(Client().get(publicity.get_public_url()))
    assert "本次公示已终止" in stopped
    assert review.cases[0].title not in stopped
    assert "内部原因" not in stopped
    assert review.cases[0].title not in json.dumps(
        Client().get("/api/v1/publicities").json(), ensure_ascii=False
    )
    assert lodge(publicity).status_code == 409


def test_who_objected_is_read_by_the_hosts_handlers_alone(review):
    publicity = opened(review)
    came = lodged(publicity)
    own, settle = publicity.get_absolute_url(), reverse("review:settle-objection", args=[came.pk])
    body = text_of(page(review.province_handler, own))
    assert OBJECTOR in body
    assert CONTACT in body
    for other in (review.reform_signer, review.reform_handler, review.province_signer):
        read = text_of(page(other, own))
        assert "数据不实" in read  # they consented to the list: what is said against it, they read
        answer = page(other, settle)
        assert answer.status_code == 403
        for body in (read, answer.content.decode()):
            assert OBJECTOR not in body
            assert CONTACT not in body
    for stranger in (review.park_handler, review.expert, review.state_handler, review.operator):
        assert page(stranger, own).status_code == 404
        assert page(stranger, settle).status_code == 404
    everywhere = [
        reverse("review:decision", args=[publicity.decision_id]),
        reverse("review:round", args=[review.round.pk]),
        reverse("review:case", args=[review.cases[0].pk]),
        reverse("review:case-decision", args=[review.cases[0].pk]),
        reverse("home"),
        publicity.get_public_url(),
    ]
    for url in everywhere:
        for user in (review.province_handler, review.reform_signer):
            assert OBJECTOR not in page(user, url).content.decode()


def test_the_letter_as_it_came_is_for_those_who_may_know_who_wrote_it(review):
    publicity = opened(review)
    letter = review.maker.upload(by=review.province_handler, name="来信.pdf")
    came = actions.register_objection(
        publicity,
        by=review.province_handler,
        **objection(channel="letter", received_at=clock.now(), upload=letter),
    )
    url = reverse("review:objection-letter", args=[came.pk])
    assert body_of(page(review.province_handler, url))
    for other in (review.reform_signer, review.province_signer, review.park_handler):
        assert page(other, url).status_code == 404
    assert url not in page(review.reform_signer, publicity.get_absolute_url()).content.decode()


@pytest.mark.clause("H2")
def test_no_letter_and_no_list_is_handed_out_before_the_end(review):
    decision = agreed(review)
    own = reverse("review:decision", args=[decision.pk])
    papers = [
        reverse("review:decision-letter", args=[decision.pk, 1]),
        reverse("review:decision-list", args=[decision.pk]),
    ]
    before = text_of(page(review.province_handler, own))
    assert "公示结束后才能公布" in before
    for url in papers:
        assert url not in before
        assert page(review.province_handler, url).status_code == 422
    signer = text_of(page(review.province_signer, own))
    assert reverse("review:release-decision", args=[decision.pk]) not in signer
    with over(opened(review, decision)) as one:
        actions.close_publicity(one, by=review.province_handler)
        after = text_of(page(review.province_handler, own))
        for url in papers:
            assert url in after
            assert page(review.province_handler, url).status_code == 200
        release = reverse("review:release-decision", args=[decision.pk])
        assert release in text_of(page(review.province_signer, own))


def test_the_paper_holds_the_list_the_period_and_where_to_write(review):
    publicity = opened(review)
    answer = page(review.reform_signer, reverse("review:publicity-notice", args=[publicity.pk]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as word:
        said = re.sub(r"<[^>]+>", "", word.read("word/document.xml").decode())
    for wanted in (
        "拟推荐项目公示",
        "公示期：2022年7月1日 09:00（北京时间）至 2022年7月8日 24:00（北京时间）。",
        ADDRESS,
        "15 日内答复",
        review.cases[0].title,
        review.cases[1].applicant_name,
        "河南省生态环境厅（盖章）",
    ):
        assert wanted in said
    assert review.cases[3].title not in said
    assert (
        page(review.park_handler, reverse("review:publicity-notice", args=[publicity.pk])).status_code == 404
    )


def test_the_archive_keeps_what_lay_open(review):
    decision = agreed(review)
    lodged_one = lodged(opened(review, decision))
    actions.settle_objection(
        lodged_one, by=review.province_handler, outcome="dismissed", answer="演示：数据属实"
    )
    with over(decision.publicities.get()) as one:
        actions.close_publicity(one, by=review.province_handler)
        actions.release(fresh(decision), by=review.province_signer)
        entries = archive.directory(Round.objects.get(pk=review.round.pk))
    (kept,) = [entry for entry in entries if entry.title.startswith("公示文本")]
    assert kept.note == "公示期满，异议 1 件"
    assert not any(OBJECTOR in entry.title + entry.note for entry in entries)


def test_the_whole_way_by_the_pages(review):
    decision = agreed(review)
    handler, signer = Client(), Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    handler.force_login(review.province_handler, backend=backend)
    signer.force_login(review.province_signer, backend=backend)
    offered = text_of(handler.get(reverse("review:publicise-decision", args=[decision.pk])))
    assert 'value="2022-07-09T00:00"' in offered
    assert review.cases[3].title not in offered
    sent = handler.post(
        reverse("review:publicise-decision", args=[decision.pk]),
        {"ends_at": "2022-07-09T00:00", "contact": ADDRESS, "answer_days": "15", "key": "a" * 12},
    )
    publicity = decision.publicities.get()
    assert sent.headers["Location"] == publicity.get_absolute_url()
    handler.post(
        reverse("review:register-objection", args=[publicity.pk]),
        {**form(), "channel": "visit", "received_at": "2022-07-01T08:59"},
    )
    assert not Objection.objects.exists()  # it came before the period
    handler.post(
        reverse("review:register-objection", args=[publicity.pk]),
        {**form(), "channel": "visit", "received_at": "2022-07-01T09:00"},
    )
    came = Objection.objects.get()
    handler.post(
        reverse("review:settle-objection", args=[came.pk]),
        {"outcome": "dismissed", "answer": "演示：数据属实"},
    )
    close = reverse("review:close-publicity", args=[publicity.pk])
    assert handler.post(close, {}).status_code == 422
    with over(publicity):
        assert handler.post(close, {}).status_code == 302
        signer.post(reverse("review:release-decision", args=[decision.pk]), {})
    assert fresh(decision).stage == "released"
    assert "公示已结束" in text_of(Client().get(publicity.get_public_url()))


def test_the_states_list_lies_open_for_everybody(review):
    with state_agreed(review) as decision:
        given = {"ends_at": clock.now() + timedelta(days=7), "contact": ADDRESS, "answer_days": 10}
        publicity = actions.publicise(decision, by=review.state_handler, **given)
        body = text_of(Client().get(publicity.get_public_url()))
        first, second = decision.items.order_by("position")
        assert first.case.title in body
        assert second.case.title not in body
        assert "可复制性不足" not in body
        # The province reads what everybody reads; the State's page is the State's.
        assert page(review.province_handler, publicity.get_absolute_url()).status_code == 404


def test_the_pages_cost_the_same_for_one_and_for_many_objections(review, django_assert_max_num_queries):
    publicity = opened(review)
    client = Client()
    client.force_login(review.province_handler, backend="allauth.account.auth_backends.AuthenticationBackend")
    lodged(publicity)
    client.get(publicity.get_absolute_url())
    with django_assert_max_num_queries(18) as one:
        client.get(publicity.get_absolute_url())
    for number in range(12):
        lodged(publicity, text=f"演示：第{number}件", case=review.cases[number % 2])
    with django_assert_max_num_queries(len(one)):
        client.get(publicity.get_absolute_url())
    with django_assert_max_num_queries(8):
        Client().get(publicity.get_public_url())
    with django_assert_max_num_queries(6):
        Client().get(reverse("review:public-publicities"))


# --- by programs


@pytest.fixture
def ask(review: Any) -> Any:
    """`ask(user, "POST", path, body)` with a token of that user."""
    tokens: dict[Any, str] = {}

    def send(user: Any, method: str, path: str, body: Any = None, key: str = "") -> Any:
        if user.pk not in tokens:
            tokens[user.pk] = f"qy_{user.username}_{'x' * 40}"
            people.issue_token(by=user, name="演示", secret=tokens[user.pk])
        headers = {"Authorization": f"Bearer {tokens[user.pk]}"}
        if key:
            headers["Idempotency-Key"] = key
        return Client().generic(
            method, f"/api/v1{path}", json.dumps(body or {}), "application/json", headers=headers
        )

    return send


def test_programs_go_the_same_way_and_read_no_more(review, ask):
    decision = agreed(review)
    body = {
        "ends_at": (clock.now() + timedelta(days=8)).isoformat(),
        "contact": ADDRESS,
        "answer_days": 15,
    }
    made = ask(review.province_handler, "POST", f"/decisions/{decision.pk}/publicise", body, "open-00001")
    assert made.status_code == 201, made.content
    at = f"/publicities/{made.json()['id']}"
    hidden = objection(case=str(review.cases[3].pk))
    unknown = objection(case="00000000-0000-4000-8000-000000000000")
    answers = [
        ask(review.park_handler, "POST", f"{at}/objections", given, f"object-{number}")
        for number, given in enumerate((hidden, unknown))
    ]
    assert [one.status_code for one in answers] == [422, 422]
    assert answers[0].json() == answers[1].json()
    came = ask(review.park_handler, "POST", f"{at}/objections", objection(), "object-01")
    assert came.status_code == 201, came.content
    assert came.json()["code"] == Objection.objects.get().code
    for other in (review.park_handler, review.expert, review.state_handler):
        assert ask(other, "GET", at).status_code == 404
    for other in (review.reform_signer, review.province_signer):
        read = ask(other, "GET", at).json()["objections"][0]
        assert (read["objector"], read["objector_contact"]) == ("", "")
        assert "code" not in read
    own = ask(review.province_handler, "GET", at).json()["objections"][0]
    assert own["objector"] == OBJECTOR
    settled = ask(
        review.province_handler,
        "POST",
        f"/objections/{own['id']}/settle",
        {"outcome": "dismissed", "answer": "演示：数据属实"},
    )
    assert settled.json()["stage"] == "settled"
    early = ask(review.province_handler, "POST", f"{at}/close")
    assert early.status_code == 422
    assert early.json()["problems"][0]["message"] == "公示期未满"
    with over(again(decision.publicities.get())):
        assert ask(review.province_handler, "POST", f"{at}/close").json()["stage"] == "closed"
