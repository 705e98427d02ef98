"""What a chapter was, who wrote it when, what changed, and the way back: nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, NotAllowed, NotFound, WrongStage
from qingyuan.kernel.models import LedgerEntry
from qingyuan.papers import textdiff
from qingyuan.pilots import actions, drafts
from qingyuan.pilots.models import ChapterPresence, ChapterRevision
from tests.pilots.workspace import address, parsed, signed_in

AUTOSAVE = {"HTTP_X_AUTOSAVE": "1", "HTTP_ACCEPT": "application/json"}


@pytest.fixture
def pilot(maker):
    return maker("park")


def write(pilot, by, *texts, kind="save", every=timedelta(0)):
    """Save one text after the other, `every` apart."""
    start = clock.now()
    for number, text in enumerate(texts):
        revision = pilot.chapters.get(outline_id="goals").revision
        with clock.at(start + number * every):
            drafts.save_chapter(
                pilot, outline_id="goals", html=f"<p>{text}</p>", revision=revision, by=by, kind=kind
            )


def kept(pilot):
    rows = ChapterRevision.objects.filter(chapter__pilot=pilot).order_by("number")
    return [(row.number, row.kind, row.html, row.by.username) for row in rows]


@pytest.mark.sqlite
def test_every_save_leaves_a_revision(world, pilot):
    write(pilot, world.park_handler, "一", "一二")
    write(pilot, world.consultant, "一二三", kind="import")
    assert kept(pilot) == [
        (1, "save", "<p>一</p>", "park_handler"),
        (2, "save", "<p>一二</p>", "park_handler"),
        (3, "import", "<p>一二三</p>", "consultant"),
    ]


@pytest.mark.sqlite
def test_autosaves_of_one_person_within_ten_minutes_are_one_revision(world, pilot):
    write(pilot, world.park_handler, "甲", "甲乙", "甲乙丙", kind="autosave", every=timedelta(minutes=3))
    assert kept(pilot) == [(3, "autosave", "<p>甲乙丙</p>", "park_handler")]
    row = ChapterRevision.objects.get()
    assert (row.words, row.at - row.begun_at) == (3, timedelta(minutes=6))


def test_a_long_session_leaves_a_revision_every_ten_minutes(world, pilot):
    write(pilot, world.park_handler, *"春夏秋冬", kind="autosave", every=timedelta(minutes=5))
    assert [html for _n, _k, html, _by in kept(pilot)] == ["<p>夏</p>", "<p>冬</p>"]


def test_another_person_or_a_deliberate_save_ends_the_collapse(world, pilot):
    write(pilot, world.park_handler, "一", kind="autosave")
    write(pilot, world.park_lead, "二", kind="autosave")
    write(pilot, world.park_handler, "三", kind="autosave")
    write(pilot, world.park_handler, "三", kind="save")
    write(pilot, world.park_handler, "四", kind="autosave")
    assert [(kind, html) for _n, kind, html, _by in kept(pilot)] == [
        ("autosave", "<p>一</p>"),
        ("autosave", "<p>二</p>"),
        ("save", "<p>三</p>"),
        ("autosave", "<p>四</p>"),
    ]


def test_a_text_from_before_there_was_a_history_begins_it(world, pilot):
    write(pilot, world.park_handler, "旧的文字")
    ChapterRevision.objects.all().delete()
    write(pilot, world.consultant, "新的文字", kind="autosave")
    assert [(html, by) for _n, _k, html, by in kept(pilot)] == [
        ("<p>旧的文字</p>", "park_handler"),
        ("<p>新的文字</p>", "consultant"),
    ]


@pytest.mark.clause("N6")
def test_restoring_makes_a_new_revision_and_loses_nothing(world, pilot):
    write(pilot, world.park_handler, "第一稿", "第二稿")
    client = signed_in(world.consultant)
    url = address("chapter-revision", pilot, "goals", 1)
    page = client.get(url)
    parsed(page)
    assert "恢复这一版的文字" in page.content.decode()
    ledger = LedgerEntry.objects.count()
    answer = client.post(url, {"revision": "2"})
    assert answer.url == address("chapter", pilot, "goals")
    assert kept(pilot) == [
        (1, "save", "<p>第一稿</p>", "park_handler"),
        (2, "save", "<p>第二稿</p>", "park_handler"),
        (3, "restore", "<p>第一稿</p>", "consultant"),
    ]
    assert pilot.chapters.get(outline_id="goals").html == "<p>第一稿</p>"
    assert LedgerEntry.objects.count() == ledger, "a draft write, no ledger entry"


def test_restoring_over_a_text_that_was_not_seen_is_refused(world, pilot):
    write(pilot, world.park_handler, "一", "二")
    write(pilot, world.park_lead, "别人刚写的")
    client = signed_in(world.park_handler)
    for stale in ("2", "", "x"):
        answer = client.post(address("chapter-revision", pilot, "goals", 1), {"revision": stale})
        assert answer.status_code == 409
        assert str(world.park_lead) in answer.content.decode()
    assert pilot.chapters.get(outline_id="goals").html == "<p>别人刚写的</p>"


def test_who_may_not_write_and_a_locked_plan_cannot_restore(maker, world):
    pilot = maker("park", stage="ready")
    write(pilot, world.park_handler, "改过")
    url = address("chapter-revision", pilot, "goals", 1)
    reader = signed_in(world.park_signer)
    assert reader.get(url).status_code == 200
    assert reader.post(url, {"revision": "2"}).status_code == 403
    assert signed_in(world.stranger).get(url).status_code == 404
    actions.hand_in(pilot, by=world.park_handler)
    assert signed_in(world.park_handler).post(url, {"revision": "2"}).status_code == 409
    assert pilot.chapters.get(outline_id="goals").html == "<p>改过</p>"
    with pytest.raises(WrongStage):
        drafts.restore_chapter(pilot, outline_id="goals", number=1, revision=2, by=world.park_handler)
    with pytest.raises(NotAllowed):
        drafts.restore_chapter(pilot, outline_id="goals", number=1, revision=2, by=world.park_signer)


def test_a_revision_that_does_not_exist_is_not_found(world, pilot):
    assert (
        signed_in(world.park_handler).get(address("chapter-revision", pilot, "goals", 7)).status_code == 404
    )
    with pytest.raises(NotFound):
        drafts.restore_chapter(pilot, outline_id="goals", number=7, revision=0, by=world.park_handler)


def test_the_page_shows_the_difference_word_by_word(world, pilot):
    write(pilot, world.park_handler, "到2025年节水10%", "到2025年节水12.5%，节能3%")
    page = signed_in(world.park_handler).get(address("chapter-revision", pilot, "goals", 2))
    text = page.content.decode()
    parsed(page)
    assert "到2025年节水<del>10</del><ins>12.5</ins>%<ins>，节能3%</ins>" in text
    against = signed_in(world.park_handler).get(
        address("chapter-revision", pilot, "goals", 1) + "?against=now"
    )
    assert "<ins>12.5</ins>" in against.content.decode()


def test_the_history_is_read_with_a_constant_number_of_queries(world, pilot):
    client = signed_in(world.park_handler)
    url = address("chapter-history", pilot, "goals")
    assert "还没有保存过" in client.get(url).content.decode()
    write(pilot, world.park_handler, "一")
    counts = []
    for texts in ((), "二三四五六七八九十"):
        write(pilot, world.consultant, *texts)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert [row.delta for row in page.context["page"]] == [0] * 9 + [1]
    parsed(page)


def test_an_autosave_costs_few_statements_however_long_the_history_is(live_maker, live_world):
    """With BEGIN and COMMIT, which a test inside a transaction of its own would not see."""
    pilot = live_maker("park")
    client = signed_in(live_world.park_handler)
    url = address("chapter", pilot, "goals")
    counts = []
    for number in range(4):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(
                url, {"html": f"<p>{'字' * number}甲</p>", "revision": str(number)}, **AUTOSAVE
            )
        assert answer.status_code == 200
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1
    assert counts[-1] <= 14
    assert ChapterPresence.objects.get(chapter__pilot=pilot).user == live_world.park_handler


@pytest.mark.sqlite
def test_complete_is_what_a_writer_says_about_a_text(world, pilot):
    client = signed_in(world.park_handler)
    url = address("chapter", pilot, "goals")
    refused = client.post(url, {"html": "", "revision": "0", "complete": "1"})
    assert refused.status_code == 422
    assert "还没有内容" in refused.content.decode()
    client.post(url, {"html": "<p>好</p>", "revision": "0", "complete": "1"})
    leaf = next(
        leaf for leaf in client.get(address("plan", pilot)).context["leaves"] if leaf.outline.id == "goals"
    )
    assert leaf.state == "complete"
    client.post(url, {"html": "<p>好</p>", "revision": "1", "complete": "0"})
    assert not pilot.chapters.get(outline_id="goals").is_complete
    drafts.mark_complete(pilot, outline_id="goals", complete=True, by=world.consultant)
    drafts.save_chapter(pilot, outline_id="goals", html="", revision=1, by=world.park_handler)
    assert not pilot.chapters.get(outline_id="goals").is_complete, "an emptied chapter is not complete"
    with pytest.raises(NotAllowed):
        drafts.mark_complete(pilot, outline_id="goals", complete=True, by=world.park_signer)
    with pytest.raises(Invalid):
        drafts.mark_complete(pilot, outline_id="none", complete=True, by=world.park_handler)


# --- the difference itself


def test_texts_are_compared_by_blocks_and_then_by_words():
    old = "<p>园区概况</p><p>共有企业30家</p><p>结尾</p>"
    new = "<p>园区概况</p><p>共有企业45家，其中化工12家</p><p>新增一段</p><p>结尾</p>"
    lines = textdiff.compare(old, new)
    assert [line.op for line in lines] == ["same", "changed", "ins", "same"]
    assert lines[1].pieces == (
        ("same", "共有企业"),
        ("del", "30"),
        ("ins", "45"),
        ("same", "家"),
        ("ins", "，其中化工12家"),
    )
    assert lines[2].text == "新增一段"


def test_only_the_surroundings_of_a_change_are_shown():
    lines = textdiff.compare_lines([*"abcdefg"], [*"abcdxfg"])
    shown = [line and line.text for line in textdiff.around(lines)]
    assert shown == [None, "d", "ex", "f", None]


def test_every_piece_of_both_texts_is_in_the_difference():
    old, new = ["甲乙丙", "x" * 9000 + " y" * 5000, "相同"], ["甲丁丙", "完全不同", "相同", "多出"]
    lines = textdiff.compare_lines(old, new)
    before = "".join(text for line in lines for op, text in line.pieces if op != "ins")
    after = "".join(text for line in lines for op, text in line.pieces if op != "del")
    assert (before, after) == ("".join(old), "".join(new))


def test_the_database_holds_one_revision_of_a_number(world, pilot):
    write(pilot, world.park_handler, "一")
    row = ChapterRevision.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.chapter.revisions.create(number=1, kind="save", at=row.at, begun_at=row.at, by=row.by)
