"""The passed list (N11): open to everybody, of its own, and nothing of pilots that failed."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse

from qingyuan.delivery.models import Conclusion, Project
from tests.delivery_maker import conclude
from tests.people.strict import strict

PAGE = "/passed/"


@pytest.mark.clause("N11")
def test_everybody_reads_who_passed_and_nobody_who_failed(delivery, client):
    text = client.get(PAGE).content.decode()
    assert "还没有试点通过评估验收" in text
    made = conclude(delivery.maker, delivery.project)
    response = client.get(PAGE)
    strict(response)
    text = response.content.decode()
    assert delivery.project.title in text
    assert made.document_number in text
    assert "2022-09-20" in text
    Conclusion.objects.filter(pk=made.pk).update(outcome="failed", reason="演示：未完成")
    Project.objects.filter(pk=delivery.project.pk).update(stage="failed")
    text = client.get(PAGE).content.decode()
    assert delivery.project.title not in text
    assert "演示：未完成" not in text
    assert delivery.project.title not in client.get("/api/v1/passed-pilots").content.decode()


def test_before_the_release_nothing_is_listed(maker, client):
    from qingyuan.review.decisions import Row
    from tests import acceptance_maker as made

    with made.accepting(maker) as found:
        case = made.panelled(maker)
        decision = made.drafted(maker, Row(case.pk, "passed"))
        assert found.project.title not in client.get(PAGE).content.decode()
        made.released(maker, decision)
        assert found.project.title in client.get(PAGE).content.decode()


def test_a_reader_who_has_it_is_told_so_until_it_changes(delivery, client):
    made = conclude(delivery.maker, delivery.project)
    etag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 304
    Conclusion.objects.filter(pk=made.pk).update(document_number="环办科财函〔2022〕演示3号")
    response = client.get(PAGE, headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert "演示3号" in response.content.decode()


def test_workbook_paper_and_program_say_the_same(delivery, client):
    conclude(delivery.maker, delivery.project)
    with zipfile.ZipFile(io.BytesIO(client.get(reverse("delivery:passed-xlsx")).content)) as book:
        assert any(delivery.project.title in book.read(name).decode() for name in book.namelist())
    with zipfile.ZipFile(io.BytesIO(client.get(reverse("delivery:passed-docx")).content)) as package:
        assert delivery.project.title in package.read("word/document.xml").decode()
    (item,) = client.get("/api/v1/passed-pilots").json()["items"]
    assert (item["title"], item["listed_on"]) == (delivery.project.title, "2022-09-20")


def test_the_list_costs_the_same_however_long(delivery, client, django_assert_num_queries):
    conclude(delivery.maker, delivery.project)
    client.get(PAGE)
    with django_assert_num_queries(3):  # the fingerprint, the count, the page
        client.get(PAGE)
