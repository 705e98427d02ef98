"""征求意见: a question to another desk, which sees the question and the files it names and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from qingyuan.kernel import clock, reminders, todos
from qingyuan.kernel.actions import Invalid, NotAllowed, WrongStage
from qingyuan.kernel.models import Mail
from qingyuan.people import actions as people
from qingyuan.people.models import Membership
from qingyuan.review.actions import consultation as verbs
from qingyuan.review.consultation_files import files_of
from qingyuan.review.models import Consultation
from tests.house.test_route_matrix import body_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
QUESTION = "演示：近三年有无重大违法"


@pytest.fixture
def desk(review):
    """An enforcement desk under the host, with one handler of its own."""
    from qingyuan.people.models import User

    body = people.register_organisation(
        by=review.operator,
        kind="desk",
        name="演示·执法局",
        region_code="410000",
        parent=review.henan_ecology,
        email="zhifa@example.org",
    )
    user = User.objects.create_user(
        "desk_handler", "desk@example.org", "demo-pass-2022", display_name="演示执法"
    )
    Membership.objects.create(user=user, organisation=body, role="handler", since=clock.now())
    return body, user


@pytest.fixture
def asked(review, desk):
    case = review.cases[1]
    return verbs.ask(
        case,
        by=review.province_handler,
        organisation=desk[0],
        question=QUESTION,
        due_on=clock.local(clock.now()).date() + timedelta(days=5),
        files=[files_of(case)[0]["sha256"]],
    )


def told(user, asked):
    """The to-dos of this person that lead to the consultation."""
    return [todo.url for todo in todos.of(user) if todo.url == asked.get_absolute_url()]


@pytest.mark.clause("H3")
def test_the_desk_hears_answers_and_the_host_reads(review, desk, asked, client):
    body, user = desk
    assert Mail.objects.filter(address=body.email, subject__contains="征求意见").count() == 1
    assert told(user, asked) == [asked.get_absolute_url()]
    client.force_login(user, backend=BACKEND)
    assert "演示行业试点" in client.get(reverse("review:desk")).content.decode()
    page = client.get(asked.get_absolute_url()).content.decode()
    assert QUESTION in page
    answering = reverse("review:answer-consultation", args=[asked.pk])
    typed = {"key": "k", "revision": "0", "word": "remarks", "answer": "演示：有一次轻微处罚"}
    assert client.post(answering, typed).status_code == 302
    assert told(user, asked) == []
    client.force_login(review.reform_handler, backend=BACKEND)
    tab = client.get(reverse("review:consultations", args=[asked.case_id])).content.decode()
    assert "演示：有一次轻微处罚" in tab


def test_the_desk_sees_only_the_question_and_what_it_names(review, desk, asked, client):
    case = asked.case
    client.force_login(desk[1], backend=BACKEND)
    file = client.get(reverse("review:consultation-file", args=[asked.pk, 1]))
    assert body_of(file).startswith(b"PK")
    for address in (
        reverse("review:consultation-file", args=[asked.pk, 2]),
        reverse("review:case", args=[case.pk]),
        reverse("review:form-check", args=[case.pk]),
        reverse("review:truthfulness", args=[case.pk]),
        reverse("review:consultations", args=[case.pk]),
        reverse("review:form-checks", args=[case.round_id]),
        reverse("review:round", args=[case.round_id]),
        reverse("pilots:submission", args=[case.submission_id]),
        reverse("pilots:package", args=[case.submission_id]),
    ):
        assert client.get(address).status_code == 404, address
    other = verbs.ask(
        review.cases[2],
        by=review.province_handler,
        organisation=review.luoyang_ecology,
        question="演示另一问",
        due_on=asked.due_on,
    )
    assert client.get(other.get_absolute_url()).status_code == 404
    assert "演示另一问" not in client.get(reverse("review:desk")).content.decode()


def test_the_applicant_and_experts_do_not_learn_that_anybody_was_asked(review, asked, client):
    for person in (review.city_handler, review.park_handler, review.expert, review.prefecture_handler):
        client.force_login(person, backend=BACKEND)
        assert client.get(asked.get_absolute_url()).status_code == 404
        assert QUESTION not in client.get(reverse("review:desk")).content.decode()


def test_a_question_names_all_that_is_wrong_with_it(review):
    case = review.cases[1]
    with pytest.raises(Invalid) as caught:
        verbs.ask(
            case,
            by=review.province_handler,
            organisation=case.applicant,
            question=" ",
            due_on=clock.local(clock.now()).date() - timedelta(days=1),
            files=["0" * 64],
        )
    assert len(caught.value.problems) == 4


def test_the_letter_of_a_body_without_account_is_filed_by_the_host(review):
    one = verbs.ask(
        review.cases[1],
        by=review.province_handler,
        body_name="演示市消防支队",
        question="演示",
        due_on=clock.local(clock.now()).date(),
    )
    with pytest.raises(NotAllowed):
        verbs.answer(one, by=review.prefecture_handler, word="agrees")
    assert verbs.answer(one, by=review.province_handler, word="agrees").stage == "answered"


def test_the_host_does_not_answer_for_a_body_that_can(review, asked):
    with pytest.raises(NotAllowed):
        verbs.answer(asked, by=review.province_handler, word="agrees")


def test_late_answers_are_taken_and_marked(review, desk, asked):
    with clock.at(asked.due_at + timedelta(hours=1)):
        assert told(review.province_handler, asked) == [asked.get_absolute_url()]
        late = verbs.answer(asked, by=desk[1], word="agrees")
        assert late.is_late
        assert told(review.province_handler, asked) == []


def test_a_refusal_has_its_reason_and_ends_it(review, desk, asked):
    with pytest.raises(Invalid):
        verbs.decline(asked, by=desk[1], reason=" ")
    verbs.decline(asked, by=desk[1], reason="演示：不属本处职责")
    with pytest.raises(WrongStage):
        verbs.answer(Consultation.objects.get(pk=asked.pk), by=desk[1], word="agrees")


def test_the_desk_is_reminded_before_the_day(review, desk, asked):
    with clock.at(asked.due_at - timedelta(days=2)):
        assert reminders.send() == 1
        assert reminders.send() == 0
    assert Mail.objects.filter(address=desk[0].email, subject__contains="将到期").count() == 1


def test_an_officer_asks_in_a_browser(review, desk, client):
    client.force_login(review.province_handler, backend=BACKEND)
    case = review.cases[2]
    page = client.get(reverse("review:ask", args=[case.pk])).content.decode()
    assert "演示·执法局" in page
    typed = {
        "key": "k",
        "organisation": str(desk[0].pk),
        "question": "演示",
        "shown": [files_of(case)[0]["sha256"]],
        "due_on": "2022-07-10",
    }
    assert client.post(reverse("review:ask", args=[case.pk]), typed).status_code == 302
    assert Consultation.objects.get(case=case).files[0]["sha256"] == case.submission.plan_sha256
