"""Commendations: consent to one hash, the paper, what is public, and names that are nowhere and can be erased."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from docx import Document

from qingyuan.delivery import commending
from qingyuan.delivery.actions import commendation as actions
from qingyuan.delivery.commending import Body, Person
from qingyuan.delivery.models import Commendation
from qingyuan.kernel import todos
from qingyuan.kernel.actions import Invalid, Stale
from qingyuan.kernel.models import IdempotencyKey, LedgerEntry, Mail
from tests.commendation_maker import NAME, commendation_in, words
from tests.delivery_maker import project_in
from tests.people.strict import strict

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.clause("H6")
def test_both_departments_consent_to_one_content_and_the_bodies_are_published(delivery, client):
    one = commendation_in(delivery.maker, "cosign")
    assert any("会签通报表扬" in todo.title for todo in todos.of(delivery.reform_signer))
    one = actions.consent(one, by=delivery.reform_signer, content_sha256=one.content_sha256)
    assert one.stage == "cosign"
    one = actions.consent(one, by=delivery.province_signer, content_sha256=one.content_sha256)
    assert one.stage == "agreed"
    one = actions.issue(
        one,
        by=delivery.province_signer,
        document_number="演示〔2023〕9号",
        dated_on=delivery.project.started_on,
    )
    for url in (reverse("delivery:honours"), reverse("delivery:honour", args=[one.pk])):
        page = client.get(url)
        strict(page)
        text = page.content.decode()
        assert one.title in text
        assert NAME not in text
        assert client.get(url, headers={"If-None-Match": page["ETag"]}).status_code == 304
    assert "组织有力" in text
    assert Mail.objects.filter(subject__contains="通报表扬").exists()


def test_a_consent_to_another_content_does_not_count(delivery):
    one = commendation_in(delivery.maker, "cosign")
    with pytest.raises(Stale):
        actions.consent(one, by=delivery.reform_signer, content_sha256="0" * 64)
    seen = one.content_sha256
    actions.consent(one, by=delivery.reform_signer, content_sha256=seen)
    one = actions.return_to_draft(one, by=delivery.reform_signer, remark="演示：改写理由")
    fresh = words(delivery.maker)
    fresh["bodies"] = [Body(fresh["bodies"][0].project_id, fresh["bodies"][0].organisation_id, "演示：改过")]
    one = actions.revise(one, by=delivery.province_handler, **fresh)
    one = actions.send_for_cosign(one, by=delivery.province_handler, due_at=one.cosign_due_at)
    assert one.content_sha256 != seen
    one = actions.consent(one, by=delivery.province_signer, content_sha256=one.content_sha256)
    assert one.stage == "cosign"  # the other word was on the old content


def test_what_was_changed_behind_the_consent_is_not_issued(delivery):
    one = commendation_in(delivery.maker, "agreed")
    one.bodies.update(reason="换过")
    with pytest.raises(Stale):
        actions.issue(
            one, by=delivery.province_signer, document_number="演示", dated_on=delivery.project.started_on
        )


def everything(one, client):
    yield from (
        client.get(reverse("delivery:honours")),
        client.get(reverse("delivery:honour", args=[one.pk])),
    )
    yield from (client.get(reverse("delivery:cases")), client.get(reverse("statistics")))


def test_a_name_is_on_the_departments_pages_and_paper_and_nowhere_else(delivery, client):
    one = commendation_in(delivery.maker, "issued")
    for page in everything(one, client):
        assert NAME not in page.content.decode()
    assert not LedgerEntry.objects.filter(body__contains=NAME).exists()
    assert not Mail.objects.filter(body__contains=NAME).exists()
    assert NAME not in repr(Person(NAME, "演示单位", "演示"))
    client.force_login(delivery.reform_signer, backend=BACKEND)
    page = client.get(one.get_absolute_url())
    strict(page)
    assert NAME in page.content.decode()
    paper = client.get(reverse("delivery:commendation-docx", args=[one.pk]))
    assert NAME in text_of(paper.content)
    assert NAME not in text_of(commending.paper(one, with_persons=False))
    client.force_login(delivery.park_handler, backend=BACKEND)
    assert client.get(one.get_absolute_url()).status_code == 404
    assert client.get(reverse("delivery:commendation-docx", args=[one.pk])).status_code == 404


def text_of(content):
    document = Document(io.BytesIO(content))
    return "\n".join(
        [paragraph.text for paragraph in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )


def test_erased_names_are_gone_and_the_consent_still_holds(delivery):
    one = commendation_in(delivery.maker, "issued")
    person = one.persons.get()
    assert person.commitment == commending.commitment(person.salt, person.name, person.body, person.reason)
    actions.erase_persons(one, by=delivery.reform_signer)
    person.refresh_from_db()
    assert (person.name, person.body, person.reason, person.salt) == ("", "", "", "")
    assert person.erased_at is not None
    assert commending.content_hash(one) == one.content_sha256
    assert "已删除" in text_of(commending.paper(one, with_persons=True))


def test_a_dropped_draft_keeps_no_names(delivery):
    one = commendation_in(delivery.maker, "dropped")
    assert one.persons.get().name == ""
    assert not any(NAME in key.fingerprint for key in IdempotencyKey.objects.all())


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"title": " "}, "title"),
        ({"bodies": []}, "bodies"),
        ({"attachment_number": ""}, "attachment_number"),
        ({"persons": [Person("", "演示", "演示")]}, "persons"),
        ({"persons": [Person("甲" * 41, "演示", "演示")]}, "persons"),
    ],
)
def test_what_does_not_fit_says_where(delivery, values, where):
    project_in(delivery.maker, "passed")
    with pytest.raises(Invalid) as refusal:
        actions.draft(
            delivery.joint["henan"], by=delivery.province_handler, **{**words(delivery.maker), **values}
        )
    assert where in {problem.where for problem in refusal.value.problems}


def test_only_pilots_that_passed_are_commended(delivery):
    assert commending.candidates(delivery.joint["henan"]) == []
    with pytest.raises(Invalid):
        actions.draft(delivery.joint["henan"], by=delivery.province_handler, **words(delivery.maker))
    project_in(delivery.maker, "passed")
    found = commending.candidates(delivery.joint["henan"])
    assert delivery.project.applicant in [one.organisation for one in found]


def test_the_pages_go_the_whole_way(delivery, client):
    project_in(delivery.maker, "passed")
    client.force_login(delivery.province_handler, backend=BACKEND)
    strict(client.get(reverse("delivery:commendations")))
    url = reverse("delivery:draft-commendation", args=[delivery.joint["henan"].pk])
    strict(client.get(url))
    key = commending.candidates(delivery.joint["henan"])[0].key
    form = {"title": "演示通报", f"body-{key}": "演示：组织有力", "persons": "演示某甲"}
    assert client.post(url, form).status_code == 422
    form |= {"persons": "演示某甲，演示单位，演示：工作扎实", "attachment_number": "演示 1 号"}
    assert client.post(url, form).status_code == 302
    one = Commendation.objects.get()
    strict(client.get(one.get_absolute_url()))
    strict(client.get(reverse("delivery:revise-commendation", args=[one.pk])))
    due = {"revision": one.revision, "due_at": "2022-10-01T18:00"}
    assert client.post(reverse("delivery:cosign-commendation", args=[one.pk]), due).status_code == 302
    for who in ("province_signer", "reform_signer"):
        one.refresh_from_db()
        client.force_login(getattr(delivery, who), backend=BACKEND)
        sent = {"revision": one.revision, "content_sha256": one.content_sha256}
        client.post(reverse("delivery:consent-commendation", args=[one.pk]), sent)
    one.refresh_from_db()
    assert one.stage == "agreed"


def test_the_list_costs_the_same_with_more(delivery, client, django_assert_max_num_queries):
    one = commendation_in(delivery.maker, "issued")
    client.force_login(delivery.province_handler, backend=BACKEND)
    inside, outside = reverse("delivery:commendations"), reverse("delivery:honours")
    for url, most in ((inside, 9), (outside, 5)):
        if url == outside:
            client.logout()
        client.get(url)
        with django_assert_max_num_queries(most) as few:
            client.get(url)
        Commendation.objects.bulk_create(
            Commendation(
                joint_body=one.joint_body, title="演示", drafted_at=one.drafted_at, stage="issued",
                content_sha256=one.content_sha256, document_number="演示", dated_on=one.dated_on,
                issued_at=one.issued_at,
            )
            for _number in range(20)
        )  # fmt: skip
        with django_assert_max_num_queries(len(few)):
            client.get(url)
