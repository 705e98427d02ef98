"""The plan's chapters: written by several people, saved while typing, and never lost."""

from __future__ import annotations

import io
import threading

import pytest
from django.db import connection
from django.test import Client
from docx import Document

from qingyuan.kernel import clock
from qingyuan.pilots import actions, drafts
from tests.pilots.workspace import address, form_of, parsed, send, signed_in

AUTOSAVE = {"HTTP_X_AUTOSAVE": "1", "HTTP_ACCEPT": "application/json"}


@pytest.fixture
def client(world):
    return signed_in(world.park_handler)


@pytest.mark.clause("N6")
def test_the_plan_follows_the_outline_of_the_notice(maker, client):
    pilot = maker("park")
    page = client.get(address("plan", pilot))
    titles = [leaf.outline.title for leaf in page.context["leaves"]]
    assert titles == [
        "试点对象范围与区位",
        "试点对象产业概况",
        "环境现状与主要问题",
        "清洁生产工作基础",
        "试点工作目标",
        "试点内容",
        "试点方法及技术路线",
        "试点工作特色及主要创新点",
        "试点项目实施计划",
        "试点预期产出成果及效益",
    ]
    assert page.context["written"] == 0
    send(client, address("chapter", pilot, "goals"), html="<p>三年目标</p>")
    page = client.get(address("plan", pilot))
    assert (page.context["written"], page.context["words"]) == (1, 4)


@pytest.mark.clause("N6")
def test_a_chapter_shows_guidance_and_the_notices_words_for_the_category(maker, client):
    page = client.get(address("chapter", maker("park"), "work-contents")).content.decode()
    assert "逐项写任务、责任单位和产出" in page
    assert "集中式清洁生产审核" in page
    assert "行业生产工艺全过程诊断" not in page
    assert (
        "行业生产工艺全过程诊断"
        in client.get(address("chapter", maker("sector"), "work-contents")).content.decode()
    )


def test_chapters_lead_to_each_other_and_a_save_can_go_on(maker, client):
    pilot = maker("park")
    url = address("chapter", pilot, "groundwork-cleaner-production")
    page = client.get(url)
    assert page.context["previous"].outline.id == "groundwork-environment"
    assert page.context["following"].outline.id == "goals"
    assert send(client, url, html="<p>x</p>", next="1").url == address("chapter", pilot, "goals")
    assert send(client, address("chapter", pilot, "outputs"), html="x", next="1").url == address(
        "chapter", pilot, "outputs"
    )
    assert client.get(address("chapter", pilot, "goals-2")).status_code == 404


def test_pasted_html_is_cleaned_and_plain_text_becomes_paragraphs(maker, client):
    pilot = maker("park")
    url = address("chapter", pilot, "goals")
    send(client, url, html='<p onclick="x()">好<script>alert(1)</script></p><iframe src="//x"></iframe>')
    assert pilot.chapters.get(outline_id="goals").html == "<p>好</p>"
    send(client, url, html="第一段\r\n\r\n第二段 a < b")
    assert pilot.chapters.get(outline_id="goals").html == "<p>第一段</p><p>第二段 a &lt; b</p>"


@pytest.mark.sqlite
def test_saving_while_typing_answers_with_the_new_revision(maker, client):
    pilot = maker("park")
    url = address("chapter", pilot, "goals")
    assert f'data-autosave="{url}"' in client.get(url).content.decode()
    answer = client.post(url, {"html": "<p>一</p>", "revision": "0"}, **AUTOSAVE)
    assert answer.json() == {"revision": 1, "words": 1}
    answer = client.post(url, {"html": "<p>一二</p>", "revision": "1"}, **AUTOSAVE)
    assert answer.json()["revision"] == 2
    late = client.post(url, {"html": "<p>旧</p>", "revision": "0"}, **AUTOSAVE)
    assert late.status_code == 409
    assert late.json()["error"] == "chapter_changed"
    assert pilot.chapters.get(outline_id="goals").html == "<p>一二</p>"


@pytest.mark.sqlite
def test_two_editors_see_both_texts_side_by_side_and_nothing_is_lost(maker, world, client):
    pilot = maker("park")
    url = address("chapter", pilot, "goals")
    mine = form_of(client.get(url))
    send(signed_in(world.consultant), url, html="<p>咨询师写的</p>")
    response = client.post(url, {**mine, "html": "<p>经办人写的<script>x</script></p>"})
    assert response.status_code == 409
    page = response.content.decode()
    parsed(response)
    assert "<p>咨询师写的</p>" in page
    assert str(world.consultant) in page
    again = form_of(response)
    assert again["html"] == ["<p>经办人写的</p>"]
    assert pilot.chapters.get(outline_id="goals").html == "<p>咨询师写的</p>", "nothing was overwritten"
    assert client.post(url, again).status_code == 302, "saving now is a choice made with both texts in view"
    assert pilot.chapters.get(outline_id="goals").html == "<p>经办人写的</p>"


@pytest.mark.skipif(
    "sqlite" in str(connection.settings_dict.get("ENGINE")), reason="needs writers at the same instant"
)
def test_two_editors_at_the_same_instant_one_saves_and_one_is_asked(live_maker, live_world):
    pilot = live_maker("park")
    url = address("chapter", pilot, "goals")
    barrier, answers = threading.Barrier(2), {}

    def save(who, text):
        client = signed_in(live_world.people[who])
        try:
            barrier.wait(timeout=20)
            answers[who] = client.post(url, {"html": f"<p>{text}</p>", "revision": "0"})
        finally:
            connection.close()

    threads = [
        threading.Thread(target=save, args=("park_handler", "甲的文字")),
        threading.Thread(target=save, args=("park_lead", "乙的文字")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answer.status_code for answer in answers.values()) == [302, 409]
    chapter = pilot.chapters.get(outline_id="goals")
    assert chapter.revision == 1
    refused = next(answer for answer in answers.values() if answer.status_code == 409).content.decode()
    assert "甲的文字" in refused
    assert "乙的文字" in refused


def test_a_session_that_ended_gives_the_text_back(maker, client):
    pilot = maker("park")
    url = address("chapter", pilot, "goals")
    visitor = Client()
    response = visitor.post(
        url, {"html": "<p>写了一上午 & <b>没丢</b></p></textarea><script>", "revision": "0"}
    )
    assert response.status_code == 401
    tree = parsed(response)
    texts = [area.text for area in tree.iter("textarea")]
    assert texts == ["<p>写了一上午 & <b>没丢</b></p></textarea><script>"]
    assert visitor.post(url, {"html": "x", "revision": "0"}, **AUTOSAVE).status_code == 401
    assert visitor.get(url).status_code == 302
    assert client.post(url, form_of(response)).status_code == 302, "after signing in the same form saves"
    assert "写了一上午" in pilot.chapters.get(outline_id="goals").html


def test_a_chapter_that_was_locked_meanwhile_keeps_the_text_on_the_page(maker, world, client):
    pilot = maker("park", stage="ready")
    url = address("chapter", pilot, "goals")
    mine = form_of(client.get(url))
    actions.hand_in(pilot, by=world.park_lead)
    response = client.post(url, {**mine, "html": "<p>迟到的一段</p>"})
    assert response.status_code == 409
    assert "迟到的一段" in response.content.decode()
    assert "待审核" in response.content.decode()
    parsed(response)
    answer = client.post(url, {**mine, "html": "<p>迟到的一段</p>"}, **AUTOSAVE)
    assert answer.status_code == 422, "the script must not say that a colleague wrote"
    assert "章节已锁定" in answer.json()["reason"]
    assert "迟到" not in pilot.chapters.get(outline_id="goals").html


def test_who_may_only_read_keeps_the_text_too(maker, world):
    pilot = maker("park")
    response = signed_in(world.park_signer).post(
        address("chapter", pilot, "goals"), {"html": "<p>代写</p>", "revision": "0"}
    )
    assert response.status_code == 403
    assert "代写" in response.content.decode()


@pytest.mark.parametrize(
    "data", [{}, {"html": "x"}, {"html": "x", "revision": "abc"}, {"html": "字" * 400_001, "revision": "0"}]
)
def test_a_broken_or_endless_post_is_refused_with_the_text(maker, client, data):
    pilot = maker("park")
    response = client.post(address("chapter", pilot, "goals"), data)
    assert response.status_code == 422
    assert data.get("html", "") in response.content.decode()
    assert pilot.chapters.get(outline_id="goals").revision == 0


@pytest.mark.clause("N6")
def test_the_present_draft_comes_as_word(maker, world, client):
    pilot = maker("park", stage="ready")
    drafts.save_chapter(
        pilot, outline_id="goals", html="<p>全新的一段话</p>", revision=1, by=world.park_handler
    )
    response = client.get(address("plan-docx", pilot))
    text = "\n".join(p.text for p in Document(io.BytesIO(b"".join(response.streaming_content))).paragraphs)
    assert "试点对象范围与区位" in text
    assert "全新的一段话" in text
    with clock.at("2022-07-20T00:00:00+08:00"):
        assert client.get(address("plan-docx", pilot)).status_code == 200
