"""The case library: written from a pilot, sealed, published, searched, taken down; and what never gets out."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from qingyuan.delivery import library
from qingyuan.delivery.actions import library as actions
from qingyuan.delivery.models import Practice
from qingyuan.kernel import todos
from qingyuan.kernel.actions import Invalid, Stale
from qingyuan.kernel.models import LedgerEntry
from tests.library_maker import SECRET, WORDS, practice_in
from tests.people.strict import strict

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OPEN = ("delivery:cases", "delivery:cases-feed")


@pytest.fixture
def draft(delivery):
    return practice_in(delivery.maker, "draft")


@pytest.fixture
def published(delivery):
    return practice_in(delivery.maker, "published")


def everything_public(client, practice):
    """All that anybody gets to read: pages, feed, API, searches for the words of the case."""
    found = {}
    for name in OPEN:
        found[name] = client.get(reverse(name))
    for words in (practice.title, SECRET, "配方", "合同"):
        found[f"search {words}"] = client.get(reverse("delivery:cases"), {"words": words})
        found[f"api {words}"] = client.get("/api/v1/published-cases", {"words": words})
    found["page"] = client.get(practice.public_url)
    found["api page"] = client.get(f"/api/v1/published-cases/{practice.pk}")
    return found


def shown(response):
    text = response.content.decode()
    # JSON may write characters as escapes; the form repeats what was asked.
    return json.dumps(response.json(), ensure_ascii=False) if "json" in response["Content-Type"] else text


@pytest.mark.clause("N12")
def test_a_case_goes_from_the_pilot_to_the_public(delivery, client):
    one = actions.write(delivery.project, by=delivery.park_handler, **WORDS)
    one = actions.hand_in(one, by=delivery.park_handler)
    assert any("核对并发布典型案例" in todo.title for todo in todos.of(delivery.province_signer))
    one = actions.publish(one, by=delivery.province_signer, content_sha256=one.content_sha256)
    page = client.get(one.public_url)
    text = page.content.decode()
    strict(page)
    for words in (WORDS["title"], WORDS["done"], WORDS["replicability"], "演示科室", "能源梯级利用"):
        assert words in text
    assert "范围内企业数" in text
    assert WORDS["title"] in client.get(reverse("delivery:cases")).content.decode()
    assert WORDS["title"] in client.get(reverse("delivery:cases-feed")).content.decode()


@pytest.mark.parametrize("stage", ["draft", "handed_in", "withdrawn"])
def test_what_is_not_published_is_nowhere_in_public(delivery, client, stage):
    one = practice_in(delivery.maker, stage)
    for name, response in everything_public(client, one).items():
        if name in {"page", "api page"}:
            assert response.status_code == 404, name
        else:
            assert response.status_code == 200, name
            body = shown(response).replace(f'value="{one.title}"', "")
            assert one.title not in body, name
            assert str(one.pk) not in body, name


def test_a_secret_is_nowhere_in_public(published, client):
    for name, response in everything_public(client, published).items():
        assert response.status_code == 200, name
        body = shown(response).replace(f'value="{SECRET}"', "")
        assert SECRET not in body, name
        assert "实施期限" not in body, name
        assert "涉及配方" not in body, name
    content = json.dumps(published.content, ensure_ascii=False)
    assert SECRET not in content + published.search_text
    assert "实施期限" not in content + published.search_text


def test_nobody_finds_a_case_by_a_secret_word(published, client):
    for words in (SECRET, "配方", "合同", "涉及"):
        assert client.get("/api/v1/published-cases", {"words": words}).json()["count"] == 0


def test_the_ledger_names_hash_and_fields_and_no_text(published):
    for entry in LedgerEntry.objects.filter(verb__startswith="practice."):
        assert SECRET not in entry.body
        assert WORDS["done"] not in entry.body
        assert "0379" not in entry.body
    assert published.content_sha256 in LedgerEntry.objects.get(verb="practice.publish").body


def test_the_public_page_is_the_preview_to_the_letter(delivery, client):
    one = practice_in(delivery.maker, "draft")
    client.force_login(delivery.park_handler, backend=BACKEND)
    previewed = library.content_of(one)
    preview = client.get(one.get_absolute_url())
    strict(preview)
    assert SECRET in preview.content.decode()  # apart, among what stays inside
    one = actions.hand_in(one, by=delivery.park_handler)
    assert one.content == previewed
    assert library.content_hash(one.content) == one.content_sha256
    one = actions.publish(one, by=delivery.province_signer, content_sha256=one.content_sha256)
    assert one.content == previewed


def test_what_is_published_does_not_follow_later_figures(published, delivery):
    delivery.project.scope.update(dropped_on="2022-09-19")
    fresh = library.content_of(Practice.objects.get(pk=published.pk))
    assert fresh["results"] != published.content["results"]
    assert library.content_hash(published.content) == published.content_sha256


def test_a_signer_publishes_only_what_was_read(delivery):
    one = practice_in(delivery.maker, "handed_in")
    with pytest.raises(Stale):
        actions.publish(one, by=delivery.province_signer, content_sha256="0" * 64)
    Practice.objects.filter(pk=one.pk).update(content={**one.content, "title": "换过"})
    with pytest.raises(Stale):
        actions.publish(one, by=delivery.province_signer, content_sha256=one.content_sha256)


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"title": " "}, "title"),
        ({"sectors": ["nowhere"]}, "sectors"),
        ({"quoted": ["no-such-figure"], "secrets": {}}, "fact-no-such-figure"),
        ({"secrets": {"background": " "}}, "secret_background"),
        ({"secrets": {"title": "演示"}}, "secret_title"),
        ({"phone": "13800000000"}, "phone"),
        ({"done": "长" * 8001}, "done"),
    ],
)
def test_what_does_not_fit_says_where(delivery, values, where):
    with pytest.raises(Invalid) as refusal:
        actions.write(delivery.project, by=delivery.park_handler, **{**WORDS, **values})
    assert where in {problem.where for problem in refusal.value.problems}


def test_a_case_that_says_nothing_in_public_is_not_handed_in(delivery):
    hidden = {"done": "演示", "replicability": "演示", "fact:enterprises": "演示"}
    one = actions.write(
        delivery.project,
        by=delivery.park_handler,
        **{**WORDS, "sectors": [], "measures": [], "quoted": ["enterprises"], "secrets": hidden},
    )
    with pytest.raises(Invalid) as refusal:
        actions.hand_in(one, by=delivery.park_handler)
    assert {problem.where for problem in refusal.value.problems} == {
        "done", "replicability", "sectors", "measures", "facts",
    }  # fmt: skip


def test_a_case_is_found_by_everything_it_shows_and_by_nothing_else(published, client):
    fits = {
        "words": "余热 园区", "sector": "petrochemical", "category": published.category_id,
        "pollutant": "vocs", "measure": "joint-audit", "region": "410000",
    }  # fmt: skip
    misses = {
        "words": "余热 钢铁厂", "sector": "steel", "category": "none", "pollutant": "cod",
        "measure": "people", "region": "110000",
    }  # fmt: skip
    url = reverse("delivery:cases")
    for name, value in fits.items():
        assert published.title in client.get(url, {name: value}).content.decode(), name
    assert published.title in client.get(url, fits).content.decode()
    for name, value in misses.items():
        response = client.get(url, {name: value})
        assert published.title not in response.content.decode(), name
        strict(response)


def test_pages_say_when_they_are_unchanged(delivery, published, client):
    for url in (reverse("delivery:cases"), published.public_url, reverse("delivery:cases-feed")):
        first = client.get(url)
        assert first["ETag"]
        assert first["Last-Modified"]
        again = client.get(url, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), url
    tag = client.get(reverse("delivery:cases"))["ETag"]
    actions.withdraw(published, by=delivery.province_signer, reason="演示")
    later = client.get(reverse("delivery:cases"), headers={"If-None-Match": tag})
    assert later.status_code == 200
    assert published.title not in later.content.decode()


def test_the_public_list_costs_the_same_with_many_cases(published, client, django_assert_max_num_queries):
    url = reverse("delivery:cases")
    with django_assert_max_num_queries(5) as one:
        client.get(url)
    rows = [
        Practice(
            project=published.project, title=f"演示案例{number}", written_by=published.written_by,
            written_at=published.written_at, stage="published", content=published.content,
            content_sha256=published.content_sha256, published_at=published.published_at,
            category_id=published.category_id, region_code=published.region_code, search_text="演示",
        )
        for number in range(50)
    ]  # fmt: skip
    Practice.objects.bulk_create(rows)
    with django_assert_max_num_queries(len(one)):
        client.get(url)
    tag = client.get(url)["ETag"]
    with django_assert_max_num_queries(1):
        client.get(url, headers={"If-None-Match": tag})


def test_cases_are_written_and_published_on_the_pages(delivery, client):
    client.force_login(delivery.park_handler, backend=BACKEND)
    url = reverse("delivery:write-practice", args=[delivery.project.pk])
    strict(client.get(url))
    names = ("title", "sectors", "pollutants", "measures", "background", "done", "replicability", "office")
    form = {name: WORDS[name] for name in names}
    form |= {"fact-enterprises": "public", "fact-days": "secret", "phone": "13800000000"}
    response = client.post(url, form)
    assert response.status_code == 422
    response = client.post(
        url, form | {"phone": WORDS["phone"], "secret_background": "演示", "fact_secret": "演示：合同"}
    )
    assert response.status_code == 302, response.content.decode()
    one = Practice.objects.get()
    assert one.secrets == {"background": "演示", "fact:days": "演示：合同"}
    strict(client.get(reverse("delivery:revise-practice", args=[one.pk])))
    client.post(reverse("delivery:hand-in-practice", args=[one.pk]), {"revision": one.revision})
    client.force_login(delivery.province_signer, backend=BACKEND)
    page = client.get(reverse("delivery:publish-practice", args=[one.pk]))
    strict(page)
    assert SECRET not in page.content.decode()
    one.refresh_from_db()
    client.post(
        reverse("delivery:publish-practice", args=[one.pk]),
        {"revision": one.revision, "content_sha256": one.content_sha256},
    )
    one.refresh_from_db()
    assert one.stage == "published"
    client.force_login(delivery.province_handler, backend=BACKEND)
    for name in ("delivery:practices", "delivery:practices-xlsx"):
        assert client.get(reverse(name)).status_code == 200


def test_a_returned_case_is_mended_and_comes_again(delivery):
    one = practice_in(delivery.maker, "handed_in")
    one = actions.send_back(one, by=delivery.province_handler, remark="演示：写得具体些")
    assert (one.stage, one.content, one.content_sha256) == ("draft", {}, "")
    one = actions.revise(one, by=delivery.park_handler, **{**WORDS, "done": "演示：具体的做法"})
    one = actions.hand_in(one, by=delivery.park_handler)
    assert one.returned_remark == ""
    assert "具体的做法" in json.dumps(one.content, ensure_ascii=False)
