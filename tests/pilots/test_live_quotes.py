"""Figures of the targets table in chapter texts: put in as a code, kept as an element, shown as the present number."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from qingyuan.kernel import checks, quotables
from qingyuan.papers import plan_docx, quoting, richtext
from qingyuan.pilots import actions, drafts, paper, snapshot
from tests.pilots.workspace import address, form_of, parsed, send, signed_in

CODE = "{{目标:audit_days.目标值}}"


@pytest.fixture
def client(world):
    return signed_in(world.park_handler)


def leaf(pilot):
    return pilot.notice.leaves()[0].id


def write(pilot, html, by):
    chapter = pilot.chapters.get(outline_id=leaf(pilot))
    return drafts.save_chapter(pilot, outline_id=leaf(pilot), html=html, revision=chapter.revision, by=by)


def test_a_code_becomes_an_element_and_comes_back_as_a_code():
    html = richtext.clean(f"<p>缩短到{CODE}，<strong>再降 {{{{目标：t1．变化率}}}}</strong>。</p>")
    stored = quoting.to_elements(html)
    assert stored.count("<data data-quote=") == 2
    assert quoting.quoted(stored) == [("audit_days", "value"), ("t1", "percent")]
    assert richtext.clean(stored) == stored
    assert quoting.to_elements(quoting.to_codes(stored)) == stored
    assert "{{目标:t1.变化率}}" in quoting.to_codes(stored)


def test_a_paragraph_that_is_only_a_figure_is_kept():
    html = quoting.to_elements(richtext.clean(f"<p>{CODE}</p><ul><li>{CODE}</li></ul>"))
    assert html.count("<data") == 2
    assert richtext.clean(html) == html
    assert richtext.clean("<p><data>　</data></p>") == ""


@pytest.mark.parametrize(
    "typed",
    ["{{目标:x.没有这个}}", "{{指标:x.目标值}}", "{{目标:<b>x</b>.目标值}}", "{{", "{{目标:x}}"],
)
def test_what_is_no_code_stays_as_typed(typed):
    html = richtext.clean(f"<p>{typed}</p>")
    assert quoting.to_elements(html) == html


def test_only_the_one_element_with_the_one_attribute_survives():
    hostile = '<p><data data-quote="target:x:value" onclick="x" value="1">9</data><data data-quote="javascript:x">8</data></p>'
    cleaned = richtext.clean(hostile)
    assert "onclick" not in cleaned
    assert "javascript" not in cleaned
    assert quoting.to_elements(cleaned).startswith('<p><data data-quote="target:x:value"></data>')


@pytest.mark.clause("N1")
def test_changing_the_table_changes_the_text_until_it_is_sealed(maker, world, client):
    pilot = maker("park", stage="ready")
    url = address("chapter", pilot, leaf(pilot))
    saved = send(
        client, url, html=f"<p>审核时间压缩到{CODE}，缩短{{{{目标:audit_days.变化幅度百分比}}}}。</p>"
    )
    assert saved.status_code == 302
    assert CODE in form_of(client.get(url))["html"][0], "the editor shows the code"
    unit = pilot.targets.get(key="audit_days").unit
    text = snapshot.build(maker.fresh(pilot))["chapters"][0]["html"]
    assert richtext.to_text(text) == f"审核时间压缩到120 {unit}，缩短60%。"
    send(client, address("targets", pilot), **{"row-0-target": "90"})
    data = snapshot.build(maker.fresh(pilot))
    assert f"压缩到90 {unit}，缩短70%" in richtext.to_text(data["chapters"][0]["html"])
    docx = plan_docx.write_plan(paper.plan_of(maker.fresh(pilot), data, on=dt.date(2022, 6, 20)))
    document = zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()
    assert f"90 {unit}" in document
    actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    locked = client.get(url)
    parsed(locked)
    assert f'<data data-quote="target:audit_days:value">90 {unit}</data>' in locked.content.decode()


def test_a_quote_without_its_figure_is_a_finding(maker, world):
    pilot = maker("park", stage="ready")
    write(pilot, "<p>{{目标:gone.目标值}}，{{目标:audit_days.目标值}}</p>", world.park_handler)
    found = [f for f in checks.run("pilot", maker.fresh(pilot)) if "引用" in f.message]
    assert [(f.level, f.area) for f in found] == [("error", "plan")]
    assert "gone" in found[0].message
    pilot.targets.filter(key="audit_days").update(target=None)
    found = [f for f in checks.run("pilot", maker.fresh(pilot)) if "引用了" in f.message]
    assert [(f.level, f.area) for f in found] == [("error", "targets")]
    assert "〔未填〕" in snapshot.build(maker.fresh(pilot))["chapters"][0]["html"]


def test_a_page_resolves_its_quotes_in_one_query(maker, world, django_assert_num_queries):
    pilot = maker("park", stage="ready")
    keys = [
        quotables.Key("target", f"{pilot.pk}:{row.key}:{field}")
        for row in pilot.targets.all()
        for field in quoting.FIELDS
    ]
    strangers = [quotables.Key("target", "x:y:value"), quotables.Key("target", f"{pilot.pk}:no:value")]
    with django_assert_num_queries(1):
        answers = quotables.resolve([*keys, *strangers])
    assert answers.keys() == set(keys)
    assert all(answer.value for answer in answers.values())


def test_the_list_beside_the_editor_offers_every_figure(maker, client):
    pilot = maker("park", stage="ready")
    page = client.get(address("chapter", pilot, leaf(pilot)))
    parsed(page)
    shown = page.content.decode()
    assert CODE in shown
    assert "插入数字" in shown
