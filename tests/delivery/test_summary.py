"""The summary report: written in the editor, figures quoted, sealed with its Word file, accepted or sent back."""

from __future__ import annotations

import io
import json

import pytest
from django.urls import reverse
from docx import Document

from qingyuan.delivery import facts, summary_drafts, summary_text
from qingyuan.delivery.actions import summary as actions
from qingyuan.delivery.models import Summary
from qingyuan.kernel import clock, storage, todos
from qingyuan.kernel.actions import Invalid, NotAllowed, Stale, WrongStage
from qingyuan.kernel.models import LedgerEntry
from qingyuan.papers import quoting
from tests.people.strict import strict
from tests.summary_maker import TEXT, summary_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def summary(delivery):
    return summary_in(delivery.maker, "writing")


def chapter_url(summary, outline_id="methods"):
    return reverse("delivery:summary-chapter", args=[summary.pk, outline_id])


@pytest.mark.clause("N12")
def test_a_report_is_sealed_with_the_figures_of_that_moment_and_accepted(delivery, summary):
    number = facts.of(delivery.project)["enterprises"].shown
    sealed = summary_text.seal(summary)
    one = actions.hand_in(summary, by=delivery.park_handler, sealed=sealed)
    assert "范围内企业 <data" in one.content["chapters"][2]["html"]
    assert number in one.content["chapters"][2]["html"]
    assert {"enterprises", "days"} <= {line["name"] for line in one.content["facts"]}
    assert all(line["source"] for line in one.content["facts"])
    assert any("审阅经验总结报告" in todo.title for todo in todos.of(delivery.province_handler))
    one = actions.accept(one, by=delivery.province_handler, content_sha256=one.content_sha256)
    assert one.stage == "accepted"
    entry = LedgerEntry.objects.get(verb="summary.hand_in")
    assert one.content_sha256 in entry.body
    assert one.document_sha256 in entry.body
    assert "演示：范围内企业" not in entry.body


def test_what_was_sealed_does_not_follow_later_figures(delivery):
    one = summary_in(delivery.maker, "handed_in")
    before = json.dumps(one.content, ensure_ascii=False)
    delivery.project.scope.update(dropped_on="2022-09-19")
    again = Summary.objects.get(pk=one.pk)
    assert json.dumps(again.content, ensure_ascii=False) == before
    assert summary_text.content_hash(again.content) == again.content_sha256


def test_the_word_file_is_the_sealed_one_and_says_the_figures(delivery, client):
    one = summary_in(delivery.maker, "handed_in")
    client.force_login(delivery.province_handler, backend=BACKEND)
    response = client.get(reverse("delivery:summary-docx", args=[delivery.project.pk]))
    data = b"".join(response.streaming_content)
    assert storage.digest(io.BytesIO(data)).sha256 == one.document_sha256
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)
    assert "三、做法与创新" in text
    assert facts.of(delivery.project)["enterprises"].shown in text
    assert "{{" not in text


def test_the_same_content_gives_the_same_word_file(summary):
    content = summary_text.content_of(summary)
    at = clock.now()
    assert summary_text.document(content, at=at) == summary_text.document(content, at=at)


def test_the_report_begins_with_quoted_figures_alone(delivery):
    one = actions.begin(delivery.project, by=delivery.park_handler)
    chapters = {chapter.outline_id: chapter.html for chapter in one.chapters.all()}
    assert [name for name, _field in quoting.quoted(chapters["overview"])] == [
        "fact:days", "fact:enterprises", "fact:enterprises-begun", "fact:changes",
    ]  # fmt: skip
    assert quoting.quoted(chapters["results"])
    assert chapters["problems"] == ""
    with pytest.raises(Invalid) as refusal:
        actions.hand_in(one, by=delivery.park_handler, sealed=summary_text.seal(one))
    assert {problem.where for problem in refusal.value.problems} == {
        "organisation", "methods", "outputs", "problems", "promotion",
    }  # fmt: skip
    with pytest.raises(Invalid):
        actions.begin(delivery.project, by=delivery.park_handler)


def test_a_figure_that_does_not_exist_is_named_with_its_chapter(delivery, summary):
    chapter = summary.chapters.get(outline_id="methods")
    summary_drafts.save_chapter(
        summary, outline_id="methods", html="<p>{{数据:nothing}}</p>", revision=chapter.revision,
        by=delivery.park_handler,
    )  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        actions.hand_in(summary, by=delivery.park_handler, sealed=summary_text.seal(summary))
    assert "nothing" in refusal.value.problems[0].message


def test_what_changed_after_sealing_is_told(delivery, summary):
    sealed = summary_text.seal(summary)
    chapter = summary.chapters.get(outline_id="methods")
    summary_drafts.save_chapter(
        summary, outline_id="methods", html="<p>演示：改过</p>", revision=chapter.revision,
        by=delivery.park_handler,
    )  # fmt: skip
    with pytest.raises(Stale):
        actions.hand_in(summary, by=delivery.park_handler, sealed=sealed)


def test_two_writers_never_overwrite_each_other(delivery, summary):
    chapter = summary.chapters.get(outline_id="methods")
    save = {"outline_id": "methods", "revision": chapter.revision}
    summary_drafts.save_chapter(summary, html="<p>甲的文字</p>", by=delivery.park_handler, **save)
    with pytest.raises(summary_drafts.SummaryChapterChanged) as conflict:
        summary_drafts.save_chapter(summary, html="<p>乙的文字</p>", by=delivery.park_lead, **save)
    assert "甲" in conflict.value.theirs.html
    assert "乙" in conflict.value.yours


def test_who_may_not_write_and_when_nobody_may(delivery, summary):
    save = {"outline_id": "methods", "html": "<p>演示</p>", "revision": 1}
    with pytest.raises(NotAllowed):
        summary_drafts.save_chapter(summary, by=delivery.province_handler, **save)
    one = summary_in(delivery.maker, "handed_in")
    with pytest.raises(WrongStage):
        summary_drafts.save_chapter(one, by=delivery.park_handler, **save)


def test_the_pages_write_autosave_and_show_conflicts(delivery, summary, client):
    client.force_login(delivery.park_handler, backend=BACKEND)
    page = client.get(summary.get_absolute_url())
    strict(page)
    page = client.get(chapter_url(summary))
    strict(page)
    assert "{{数据:enterprises}}" in page.content.decode()
    chapter = summary.chapters.get(outline_id="methods")
    sent = {"html": TEXT + "<p>再写一句</p>", "revision": chapter.revision}
    saved = client.post(chapter_url(summary), sent, headers={"X-Autosave": "1"})
    assert saved.json()["revision"] == chapter.revision + 1
    again = {**sent, "html": "<p>另一份</p>"}
    assert client.post(chapter_url(summary), again, headers={"X-Autosave": "1"}).status_code == 409
    both = client.post(chapter_url(summary), again)
    assert both.status_code == 409
    strict(both)
    assert "另一份" in both.content.decode()
    assert "再写一句" in both.content.decode()


def test_the_report_goes_its_way_on_the_pages(delivery, summary, client):
    client.force_login(delivery.park_handler, backend=BACKEND)
    strict(client.get(reverse("delivery:hand-in-summary", args=[summary.pk])))
    done = client.post(
        reverse("delivery:hand-in-summary", args=[summary.pk]),
        {"revision": summary.revision, "key": "k" * 20},
    )
    assert done.status_code == 302
    client.force_login(delivery.province_handler, backend=BACKEND)
    summary.refresh_from_db()
    client.post(
        reverse("delivery:return-summary", args=[summary.pk]),
        {"revision": summary.revision, "remark": "演示：补充数据"},
    )
    summary.refresh_from_db()
    assert (summary.stage, summary.content_sha256) == ("writing", "")
    one = summary_in(delivery.maker, "handed_in")
    page = client.get(one.get_absolute_url())
    strict(page)
    assert one.content_sha256 in page.content.decode()
    client.post(
        reverse("delivery:accept-summary", args=[one.pk]),
        {"revision": one.revision, "content_sha256": one.content_sha256},
    )
    one.refresh_from_db()
    assert one.stage == "accepted"


def test_codes_of_facts_become_elements_and_codes_again():
    stored = quoting.to_elements("<p>共 {{数据:target.t1.last}}。</p>")
    assert quoting.quoted(stored) == [("fact:target.t1.last", "value")]
    assert "{{数据:target.t1.last}}" in quoting.to_codes(stored)
    assert "12 家" in quoting.fill(stored, lambda key, field: "12 家")
