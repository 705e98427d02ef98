"""《清洁生产审核创新试点项目名单》: who passed, to everybody; who did not, to nobody; the same cost for many."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from qingyuan.delivery.models import Conclusion, Project
from qingyuan.delivery.queries import passed
from qingyuan.review.decisions import Row
from tests import acceptance_maker as made
from tests.delivery_maker import conclude, project_in
from tests.people.strict import strict

PAGE, DATA, FEED = "delivery:passed", "delivery:passed-json", "delivery:passed-feed"
API = "/api/v1/passed-pilots"
WHY = "演示：目标未完成"


def everywhere(client: Client) -> list[str]:
    """Everything that the public can read of the list, as text."""
    texts = [client.get(reverse(name)).content.decode() for name in (PAGE, DATA, FEED)]
    texts.append(json.dumps(client.get(API).json(), ensure_ascii=False))
    word = zipfile.ZipFile(io.BytesIO(client.get(reverse("delivery:passed-docx")).content))
    texts.append(word.read("word/document.xml").decode())
    texts.append("".join(sheets(client)))
    return texts


def sheets(client: Client) -> list[str]:
    """The workbook's own XML."""
    book = zipfile.ZipFile(io.BytesIO(client.get(reverse("delivery:passed-xlsx")).content))
    return [book.read(name).decode() for name in book.namelist() if name.startswith("xl/")]


def more(project: Project, number: int, **changes) -> None:
    """Copies of the pilot's rows: passed by a paper of their own."""
    project = Project.objects.select_related("case", "pilot", "conclusion").get(pk=project.pk)
    case, pilot, conclusion = project.case, project.pilot, project.conclusion
    for count in range(number):
        case.pk, case.number, case.pilot, case.submission = None, 100 + count, None, None
        pilot.pk, pilot.name = None, f"演示{count}"
        project.pk = None
        for row in (case, pilot, project):
            row._state.adding = True
            if row is not project:
                row.save()
        project.case, project.pilot = case, pilot
        project.region_code = changes.get("region_code", project.region_code)
        project.title = changes.get("title", project.title)
        project.save()
        Conclusion.objects.create(
            project=project, outcome="passed", listed_on=changes.get("listed_on", conclusion.listed_on),
            source="recorded", document_number=changes.get("document_number", "演示"),
            evidence=conclusion.evidence, recorded_at=conclusion.recorded_at, recorded_by=conclusion.recorded_by,
        )  # fmt: skip


@pytest.mark.clause("N11")
def test_who_passed_stands_on_the_list_with_paper_place_and_enterprises(delivery):
    scope = delivery.project.scope.select_related("enterprise")
    left_out = [{"credit_code": scope[0].enterprise.credit_code, "reason": "演示：停产"}]
    conclude(delivery.maker, delivery.project, exclusions=left_out)
    client = Client()
    strict(client.get(reverse(PAGE)))
    for text in everywhere(client):
        assert delivery.project.title in text
        assert "环办科财函〔2022〕演示2号" in text
        assert "演示：停产" not in text
        assert scope[0].enterprise.credit_code not in text
        for person in delivery.people.values():
            assert person.display_name not in text
    (paper,) = client.get(reverse(DATA)).json()["papers"]
    (line,) = paper["projects"]
    assert (paper["date"], line["applicant"]) == ("2022-09-20", delivery.project.applicant.name)
    assert line["enterprises"] == len(scope) - 1
    assert line["category"] == delivery.project.category.title
    (out,) = client.get(API).json()["items"]
    assert (out["listed_on"], out["enterprises"]) == ("2022-09-20", len(scope) - 1)


@pytest.mark.clause("N11")
@pytest.mark.parametrize("stage", ["running", "failed", "stopped"])
def test_who_did_not_pass_stands_nowhere(delivery, stage):
    project_in(delivery.maker, stage)
    for text in everywhere(Client()):
        assert delivery.project.title not in text
        assert WHY not in text
    assert "还没有试点通过评估验收" in Client().get(reverse(PAGE)).content.decode()
    assert Client().get(API).json()["count"] == 0


@pytest.mark.clause("X1")
def test_what_the_state_decides_here_is_listed_from_the_release_on(maker):
    with made.accepting(maker) as accepting:
        case = made.panelled(maker)
        decision = made.drafted(maker, Row(case.pk, "passed", "", {"exclusions": []}))
        assert all(accepting.project.title not in text for text in everywhere(Client()))
        made.released(maker, decision)
        assert all(accepting.project.title in text for text in everywhere(Client()))
        # A decision that no longer stands as released takes its line along.
        type(decision).objects.filter(pk=decision.pk).update(stage="agreed")
        assert all(accepting.project.title not in text for text in everywhere(Client()))


def test_a_paper_of_a_later_day_is_not_shown_before_it(delivery):
    one = conclude(delivery.maker, delivery.project)
    Conclusion.objects.filter(pk=one.pk).update(listed_on=date(2022, 9, 21))
    assert passed.lines() == []


def test_it_is_grouped_by_paper_and_found_by_province_category_and_year(delivery):
    conclude(delivery.maker, delivery.project)
    more(
        delivery.project, 1, region_code="370100", title="演示山东项目",
        listed_on=date(2021, 5, 1), document_number="演示〔2021〕1号",
    )  # fmt: skip
    client = Client()
    assert [paper["date"] for paper in client.get(reverse(DATA)).json()["papers"]] == [
        "2022-09-20",
        "2021-05-01",
    ]
    for query, wanted in (
        ({"province": "370000"}, {"演示山东项目"}),
        ({"province": "410000"}, {delivery.project.title}),
        ({"year": "2021"}, {"演示山东项目"}),
        ({"category": delivery.project.category_id, "year": "2022"}, {delivery.project.title}),
        ({"category": "nothing"}, set()),
        ({"province": "\0'"}, set()),
    ):
        found = client.get(reverse(DATA), query).json()
        assert {line["title"] for paper in found["papers"] for line in paper["projects"]} == wanted
        response = client.get(reverse(PAGE), query)
        strict(response)
        assert ("没有符合条件的试点" in response.content.decode()) == (not wanted)
        if "\0" not in "".join(query.values()):
            assert {line["title"] for line in client.get(API, query).json()["items"]} == wanted


@pytest.mark.parametrize("name", [PAGE, DATA, FEED])
def test_a_browser_that_has_it_is_told_so_until_the_paper_changes(delivery, name):
    one = conclude(delivery.maker, delivery.project)
    client, url = Client(), reverse(name)
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    Conclusion.objects.filter(pk=one.pk).update(document_number="演示〔2022〕77号")
    changed = client.get(url, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "演示〔2022〕77号" in changed.content.decode()


@pytest.mark.parametrize("name", [PAGE, DATA, FEED, "delivery:passed-docx", "delivery:passed-xlsx"])
def test_ten_cost_what_one_costs(delivery, django_assert_num_queries, django_assert_max_num_queries, name):
    conclude(delivery.maker, delivery.project)
    client, url = Client(), reverse(name)
    client.get(url)
    with django_assert_max_num_queries(2) as one:
        client.get(url)
    more(delivery.project, 9)
    with django_assert_num_queries(len(one)):
        assert client.get(url).status_code == 200
    assert len(passed.lines()) == 10


def test_a_title_like_a_formula_stays_text_in_the_workbook(delivery):
    conclude(delivery.maker, delivery.project)
    Project.objects.filter(pk=delivery.project.pk).update(title='=HYPERLINK("http://x","y")')
    texts = sheets(Client())
    assert any("HYPERLINK" in text for text in texts)
    assert not any("<f>" in text for text in texts)


def test_the_list_is_found_from_the_public_pages_and_from_a_passed_pilot(delivery, client):
    url = reverse(PAGE)
    for name in ("review:lists", "statistics"):
        assert f'href="{url}"' in client.get(reverse(name)).content.decode()
    client.force_login(delivery.park_handler, backend="allauth.account.auth_backends.AuthenticationBackend")
    pages = [
        reverse(name, args=[delivery.project.pk]) for name in ("delivery:project", "delivery:acceptance")
    ]
    link = f'<dd><a href="{url}">'  # beside the one of the menu
    assert all(link not in client.get(page).content.decode() for page in pages)
    conclude(delivery.maker, delivery.project)
    assert all(link in client.get(page).content.decode() for page in pages)


def test_in_english_its_frame_is_english(delivery, client):
    conclude(delivery.maker, delivery.project)
    client.cookies["django_language"] = "en"
    text = client.get(reverse(PAGE)).content.decode()
    for words in ("Pilots that passed", "Enterprises that benefit", "Province"):
        assert words in text
    assert "受益企业" not in text


def test_the_fingerprint_says_what_is_asked_and_what_is_said():
    line = passed.Line(
        project=uuid.UUID(int=1), title="甲", applicant="乙", programme="丙", batch="丁", category_id="park",
        category="园区", region="410300", place="河南省洛阳市", document_number="演示", listed_on=date(2022, 9, 20),
        enterprises=3,
    )  # fmt: skip
    assert passed.fingerprint([line]) != passed.fingerprint([line], "page")
    assert passed.fingerprint([line]) != passed.fingerprint([])
