"""Remarks on chapters, who is writing where, and pictures: what stands beside the text."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, NotAllowed
from qingyuan.kernel.models import LedgerEntry
from qingyuan.pilots import actions, drafts
from qingyuan.pilots.models import ChapterPresence
from tests.kernel.gate.samples import jpeg, png
from tests.pilots.workspace import HOSTILE, address, parsed, send, signed_in

AUTOSAVE = {"HTTP_X_AUTOSAVE": "1", "HTTP_ACCEPT": "application/json"}


@pytest.fixture
def pilot(maker):
    return maker("park", stage="ready")


# --- remarks


@pytest.mark.clause("N6")
def test_a_reviewers_remark_waits_at_its_chapter_until_it_is_dealt_with(world, pilot):
    actions.hand_in(pilot, by=world.park_handler)
    reviewer = signed_in(world.park_reviewer)
    url = address("chapter", pilot, "goals")
    assert "提出意见" in reviewer.get(url).content.decode()
    answer = send(reviewer, address("remark-chapter", pilot, "goals"), text=f"请写明基准年 {HOSTILE}")
    assert answer.url == url
    actions.return_for_changes(pilot, by=world.park_reviewer, remark="见各节意见")
    writer = signed_in(world.park_handler)
    page = writer.get(url)
    parsed(page)
    assert "请写明基准年 &lt;script&gt;" in page.content.decode()
    (row,) = [leaf for leaf in writer.get(address("plan", pilot)).context["leaves"] if leaf.open_remarks]
    assert row.outline.id == "goals"
    remark = pilot.chapters.get(outline_id="goals").remarks.get()
    assert writer.post(address("resolve-remark", pilot, remark.pk)).url == url
    remark.refresh_from_db()
    assert (remark.resolved_by, remark.resolved_at) == (world.park_handler, clock.now())
    assert "已处理的意见（1 条）" in writer.get(url).content.decode()
    entry = LedgerEntry.objects.order_by("-seq").first()
    assert entry.verb == "pilot.resolve_remark"
    assert "基准年" not in entry.body, "what was said stays out of the ledger"


def test_an_empty_or_endless_remark_and_an_unknown_chapter_are_refused_at_once(world, pilot):
    with pytest.raises(Invalid) as refused:
        actions.remark_chapter(pilot, by=world.park_reviewer, outline_id="none", text=" ")
    assert {problem.where for problem in refused.value.problems} == {"text", "outline_id"}
    with pytest.raises(Invalid):
        actions.remark_chapter(pilot, by=world.park_reviewer, outline_id="goals", text="字" * 1001)
    with pytest.raises(NotAllowed):
        actions.remark_chapter(pilot, by=world.park_handler, outline_id="goals", text="自评")


def test_a_remark_of_another_pilot_cannot_be_resolved_here(maker, world, pilot):
    other = maker("park", name="演示另一个")
    remark = actions.remark_chapter(other, by=world.park_reviewer, outline_id="goals", text="别处")
    client = signed_in(world.park_handler)
    assert client.post(address("resolve-remark", pilot, remark.pk)).status_code == 404
    with pytest.raises(Invalid):
        actions.resolve_remark(pilot, by=world.park_handler, remark_id=remark.pk)


def test_the_list_of_chapters_needs_no_more_queries_with_remarks(world, pilot):
    client = signed_in(world.park_handler)
    counts = []
    for number in (1, 5):
        for leaf in list(pilot.notice.leaves())[:number]:
            actions.remark_chapter(pilot, by=world.park_reviewer, outline_id=leaf.id, text="演示")
        with CaptureQueriesContext(connection) as queries:
            client.get(address("plan", pilot))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- presence


@pytest.mark.sqlite
def test_colleagues_see_who_writes_here_now(world, pilot):
    handler, consultant = signed_in(world.park_handler), signed_in(world.consultant)
    beat = address("chapter-presence", pilot, "goals")
    assert "正在编写" not in handler.post(beat).content.decode()
    seen = consultant.post(beat).content.decode()
    assert f"{world.park_handler}正在编写本节（刚刚）" in seen
    with clock.at(clock.now() + timedelta(seconds=30)):
        assert "（30 秒前）" in consultant.post(beat).content.decode()
        listed = consultant.get(address("presence", pilot)).content.decode()
        assert f"{world.park_handler}正在编写“试点工作目标”" in listed
    with clock.at(clock.now() + timedelta(seconds=46)):
        assert str(world.park_handler) not in consultant.post(beat).content.decode()
    assert ChapterPresence.objects.count() == 2, "one row for a person and a chapter"


def test_an_autosave_is_a_beat_and_presence_never_blocks(world, pilot):
    ledger = LedgerEntry.objects.count()
    url = address("chapter", pilot, "goals")
    for who, revision in ((world.park_handler, 1), (world.consultant, 2)):
        answer = signed_in(who).post(url, {"html": f"<p>{who}</p>", "revision": str(revision)}, **AUTOSAVE)
        assert answer.status_code == 200
    page = signed_in(world.park_lead).get(url).content.decode()
    assert f"{world.park_handler}正在编写本节" in page
    assert f"{world.consultant}正在编写本节" in page
    assert LedgerEntry.objects.count() == ledger


def test_who_only_reads_is_not_shown_as_writing(world, pilot):
    beat = address("chapter-presence", pilot, "goals")
    assert signed_in(world.park_signer).post(beat).status_code == 200
    actions.hand_in(pilot, by=world.park_handler)
    assert signed_in(world.park_handler).post(beat).status_code == 200
    assert not ChapterPresence.objects.exists()
    assert signed_in(world.stranger).post(beat).status_code == 404
    assert Client().post(beat).status_code == 401, "a script must not swap the sign-in page into the text"
    assert signed_in(world.park_handler).post(address("chapter-presence", pilot, "none")).status_code == 404


# --- pictures


def picture(name="厂区图.png", content=None):
    return SimpleUploadedFile(name, content or png(), content_type="image/png")


def upload(client, pilot, file):
    return client.post(address("picture-upload", pilot), {"file": file})


@pytest.mark.clause("N6")
def test_a_picture_goes_through_the_gate_and_is_shown_to_who_sees_the_pilot(world, pilot):
    writer = signed_in(world.park_handler)
    answer = upload(writer, pilot, picture())
    assert answer.status_code == 201
    data = answer.json()
    html = f'<p>厂区如图</p><img data-upload="{data["upload"]}" alt="厂区图">'
    send(writer, address("chapter", pilot, "goals"), html=html)
    stored = pilot.chapters.get(outline_id="goals").html
    assert f'data-upload="{data["upload"]}"' in stored
    assert "src" not in stored, "the address is added only for showing"
    reader = signed_in(world.park_signer)
    page = reader.get(address("chapter", pilot, "goals"))
    parsed(page)
    assert f'<img src="{data["url"]}" alt="厂区图"' in page.content.decode()
    shown = reader.get(data["url"])
    assert b"".join(shown.streaming_content) == png()
    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Disposition"] == "inline"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert signed_in(world.stranger).get(data["url"]).status_code == 404
    assert signed_in(world.city_handler).get(data["url"]).status_code == 404


def test_only_pictures_of_this_pilot_are_served_and_only_pictures(maker, world, pilot):
    other = maker("park", name="演示另一个")
    writer = signed_in(world.park_handler)
    elsewhere = upload(writer, other, picture()).json()["upload"]
    assert writer.get(address("picture", pilot, elsewhere)).status_code == 404
    evidence = pilot.attachments.first().upload
    assert writer.get(address("picture", pilot, evidence.pk)).status_code == 404
    pilot.pictures.create(upload=evidence)
    assert writer.get(address("picture", pilot, evidence.pk)).status_code == 404, "a PDF is no picture"
    with pytest.raises(Invalid):
        drafts.add_picture(pilot, upload=evidence, by=world.park_handler)


def test_a_picture_that_a_writer_uploaded_elsewhere_is_taken_along_with_the_text(maker, world, pilot):
    other = maker("park", name="演示另一个")
    mine = upload(signed_in(world.park_handler), other, picture()).json()["upload"]
    theirs = maker.upload(by=world.city_handler, name="x.jpg", file=io.BytesIO(jpeg()))
    html = f'<img data-upload="{mine}" alt=""><img data-upload="{theirs.pk}" alt="">'
    drafts.save_chapter(pilot, outline_id="goals", html=html, revision=1, by=world.park_handler)
    client = signed_in(world.consultant)
    assert b"".join(client.get(address("picture", pilot, mine)).streaming_content) == png()
    assert client.get(address("picture", pilot, theirs.pk)).status_code == 404, (
        "naming a file gives no right to it"
    )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("图.png", b"<svg onload=alert(1)>", "图.png"),
        ("图.pdf", b"%PDF-1.4\n", "图.pdf"),
        ("空.png", b"", "没有收到图片|空"),
    ],
)
def test_anything_else_is_refused_with_a_helpful_sentence(world, pilot, name, content, says):
    answer = upload(signed_in(world.park_handler), pilot, SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert any(part in answer.json()["reason"] for part in says.split("|"))
    assert not pilot.pictures.exists()


def test_who_may_not_write_cannot_add_pictures(world, pilot):
    assert upload(signed_in(world.park_signer), pilot, picture()).status_code == 403
    assert upload(signed_in(world.stranger), pilot, picture()).status_code == 404
    assert upload(Client(), pilot, picture()).status_code == 401
    actions.hand_in(pilot, by=world.park_handler)
    refused = upload(signed_in(world.park_handler), pilot, picture())
    assert (refused.status_code, "锁定" in refused.json()["reason"]) == (409, True)


def test_footnotes_are_numbered_and_stand_below_the_text(world, pilot):
    html = '<p>节水<span data-footnote="见《用水定额》 &lt;b&gt;"></span>和节能<span data-footnote="测算"></span></p>'
    drafts.save_chapter(pilot, outline_id="goals", html=html, revision=1, by=world.park_handler)
    page = signed_in(world.park_signer).get(address("chapter", pilot, "goals"))
    parsed(page)
    text = page.content.decode()
    assert '节水<sup><a id="note-1-at" href="#note-1">[1]</a></sup>' in text
    assert '<li id="note-2">测算' in text
    assert "<b>" not in text.split("q-footnotes")[1].split("</ol>")[0]


def test_without_scripts_the_textarea_keeps_pictures_and_footnotes(world, pilot):
    writer = signed_in(world.park_handler)
    upload_id = upload(writer, pilot, picture()).json()["upload"]
    html = f'<p>甲<span data-footnote="注"></span></p><img data-upload="{upload_id}" alt="图">'
    drafts.save_chapter(pilot, outline_id="goals", html=html, revision=1, by=world.park_handler)
    stored = pilot.chapters.get(outline_id="goals").html
    send(writer, address("chapter", pilot, "goals"))
    chapter = pilot.chapters.get(outline_id="goals")
    assert (chapter.html, chapter.revision) == (stored, 2), "sent back as it came, nothing changes"
