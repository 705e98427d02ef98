"""Quoted figures through Word and through the history: a number that is quoted stays quoted until somebody says otherwise."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from qingyuan.papers import quoting
from qingyuan.pilots import drafts
from tests.pilots.test_word_both_ways import content, posted, up
from tests.pilots.workspace import address, parsed, signed_in

CODE = "{{目标:audit_days.目标值}}"


@pytest.fixture
def client(world):
    return signed_in(world.park_handler)


@pytest.fixture
def pilot(maker, world):
    pilot = maker("park", stage="ready")
    write(
        pilot,
        f"<p>审核时间压缩到{CODE}，比过去少{{{{目标:audit_days.变化幅度百分比}}}}。</p>",
        by=world.park_handler,
    )
    return maker.fresh(pilot)


def write(pilot, html, *, by):
    revision = pilot.chapters.get(outline_id="goals").revision
    return drafts.save_chapter(pilot, outline_id="goals", html=html, revision=revision, by=by)


def edited(data, pattern, put):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                text, count = re.subn(pattern, put, part.decode(), count=1)
                assert count == 1
                part = text.encode()
            new.writestr(name, part)
    return made.getvalue()


@pytest.mark.clause("N6")
def test_a_draft_with_quotes_taken_back_untouched_is_no_difference(pilot, client):
    draft = content(client.get(address("plan-docx", pilot)))
    page = client.get(up(client, pilot, draft).url)
    assert page.context["differences"] == []
    assert page.context["same"] == len(pilot.notice.leaves())


@pytest.mark.clause("N1", "N6")
def test_a_number_typed_over_in_word_stays_quoted_and_the_page_says_so(pilot, client):
    unit = pilot.targets.get(key="audit_days").unit
    draft = content(client.get(address("plan-docx", pilot)))
    changed = edited(draft, f"压缩到(.*?)120 {unit}", rf"压缩到\g<1>12,3 {unit}")
    url = up(client, pilot, changed).url
    page = client.get(url)
    parsed(page)
    (difference,) = page.context["differences"]
    assert difference.is_same
    (one,) = difference.retyped
    assert (one.now, one.said) == (f"120 {unit}", f"12,3 {unit}")
    shown = page.content.decode()
    assert "引用自试点目标表" in shown
    assert f"目标表为“120 {unit}”，文件中为“12,3 {unit}”" in shown
    before = pilot.chapters.get(outline_id="goals").html
    client.post(url, posted(page, take=["goals"]))
    assert pilot.chapters.get(outline_id="goals").html == before, "still the quote"
    client.post(url, posted(page, typed=["goals:0"]))
    after = pilot.chapters.get(outline_id="goals").html
    assert f"压缩到12,3 {unit}，比过去少<data" in after
    assert len(quoting.quoted(after)) == 1


def test_a_figure_that_is_no_longer_quoted_in_the_file_is_a_difference_even_with_the_same_number(
    pilot, client
):
    draft = content(client.get(address("plan-docx", pilot)))
    plain = edited(draft, "DOCPROPERTY &quot;qingyuan:target:audit_days:value&quot;", "QUOTE")
    page = client.get(up(client, pilot, plain).url)
    (difference,) = page.context["differences"]
    assert not difference.is_same
    words = {op: text for line in difference.lines if line for op, text in line.pieces if op != "same"}
    assert "目标" in words["del"]
    assert "120" in words["ins"]


def test_odd_choices_choose_nothing(pilot, client):
    url = up(client, pilot, content(client.get(address("plan-docx", pilot)))).url
    chapter = pilot.chapters.get(outline_id="goals")
    odd = [":", "goals:", "goals:x", "goals:-1", "nowhere:0", "goals:99999999", "goals:77"]
    data = {"typed": odd, "revision-goals": chapter.revision}
    assert client.post(url, data).status_code == 302
    assert pilot.chapters.get(outline_id="goals").html == chapter.html


def test_the_history_shows_what_was_quoted_and_a_restore_quotes_again(pilot, client, world):
    old = pilot.chapters.get(outline_id="goals").revision
    write(pilot, "<p>审核时间压缩到99天。</p>", by=world.park_handler)
    page = client.get(address("chapter-revision", pilot, "goals", old + 1))
    parsed(page)
    assert "目标:audit_days.目标值" in "".join(
        text for line in page.context["lines"] if line for op, text in line.pieces if op != "ins"
    )
    page = client.get(address("chapter-revision", pilot, "goals", old))
    parsed(page)
    unit = pilot.targets.get(key="audit_days").unit
    assert f'<data data-quote="target:audit_days:value">120 {unit}</data>' in page.content.decode()
    assert "按目标表现在的值显示" in page.content.decode()
    now = pilot.chapters.get(outline_id="goals").revision
    client.post(address("chapter-revision", pilot, "goals", old), {"revision": now})
    assert len(quoting.quoted(pilot.chapters.get(outline_id="goals").html)) == 2


def test_a_conflict_over_the_same_quotes_shows_only_what_differs(pilot, client, world):
    chapter = pilot.chapters.get(outline_id="goals")
    theirs = f"<p>审核时间压缩到{CODE}，同事改过。</p>"
    drafts.save_chapter(pilot, outline_id="goals", html=theirs, revision=chapter.revision, by=world.park_lead)
    mine = f"<p>审核时间压缩到{CODE}，我改过。</p>"
    page = client.post(address("chapter", pilot, "goals"), {"html": mine, "revision": chapter.revision})
    assert page.status_code == 409
    changed = "".join(
        text for line in page.context["lines"] if line for op, text in line.pieces if op != "same"
    )
    assert "目标" not in changed
    assert "audit_days" not in changed
