"""The plan through Word: the outline down, a filled file up, differences shown, and only what was chosen taken."""

from __future__ import annotations

import io

import docx
import pytest
from docx.shared import Cm

from qingyuan.pilots import drafts
from qingyuan.pilots.models import Attachment
from tests.papers.test_word_round_trip import png
from tests.pilots.workspace import address, parsed, signed_in

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def client(world):
    return signed_in(world.park_handler)


def content(response):
    return b"".join(response.streaming_content)


def up(client, pilot, document, name="方案.docx"):
    data = io.BytesIO()
    if isinstance(document, bytes):
        data.write(document)
    else:
        document.save(data)
    data.seek(0)
    data.name = name
    return client.post(address("import-plan", pilot), {"file": data})


def posted(page, **changes):
    """The page's form as a browser without scripts posts it."""
    values = {}
    form = next(
        form for form in parsed(page).iter("form") if any(c.get("name") == "key" for c in form.iter())
    )
    for control in form.iter():
        name = control.get("name")
        if (
            not name
            or name == "csrfmiddlewaretoken"
            or (control.get("type") == "checkbox" and "checked" not in control.attrib)
        ):
            continue
        if control.tag == "select":
            values[name] = ""
        elif control.tag == "input":
            values.setdefault(name, []).append(control.get("value", ""))
    return {**values, **changes}


def filled():
    document = docx.Document()
    document.add_paragraph("封面文字")
    document.add_heading("二、试点工作目标", 1)
    document.add_paragraph("三年内水耗下降")
    document.add_picture(io.BytesIO(png()), width=Cm(5))
    document.add_paragraph("图1 工艺流程")
    document.add_heading("三、试点内容", 1)
    document.add_paragraph("全过程诊断")
    document.add_heading("保障措施", 1)
    document.add_paragraph("成立领导小组")
    return document


@pytest.mark.clause("N6")
def test_the_outline_goes_down_with_its_guidance_and_an_untouched_one_changes_nothing(maker, client):
    pilot = maker("park")
    outline = content(client.get(address("outline-docx", pilot)))
    opened = docx.Document(io.BytesIO(outline))
    assert [p.text for p in opened.paragraphs if p.style.name == "Heading 1"][:2] == [
        "一、试点对象基本概况",
        "二、试点基础",
    ]
    assert any(p.style.name == "填写说明" and "逐项写任务" in p.text for p in opened.paragraphs)
    page = client.get(up(client, pilot, outline).url)
    parsed(page)
    assert page.context["differences"] == []
    assert not page.context["reading"].unknown
    assert not page.context["reading"].warnings


@pytest.mark.clause("N6")
def test_only_chosen_chapters_are_taken_with_pictures_and_placed_pieces(maker, client):
    pilot = maker("park")
    assert 'name="file"' in client.get(address("import-plan", pilot)).content.decode()
    url = up(client, pilot, filled()).url
    page = client.get(url)
    assert [d.heading.id for d in page.context["differences"]] == ["goals", "work-contents"]
    assert [piece.heading for piece in page.context["reading"].unknown] == [
        "第一个标题之前的内容",
        "保障措施",
    ]
    assert b"<script>" not in page.content
    response = client.post(url, posted(page, take=["goals"], **{"place-1": "goals"}))
    assert response.url == address("plan", pilot)
    text = pilot.chapters.get(outline_id="goals")
    picture = pilot.attachments.get(purpose=Attachment.Purpose.OTHER)
    assert picture.title == "图1 工艺流程"
    assert text.html == (
        f'<p>三年内水耗下降</p><img data-upload="{picture.upload_id}" alt="图1 工艺流程"><h3>保障措施</h3><p>成立领导小组</p>'
    )
    assert pilot.chapters.get(outline_id="work-contents").html == ""
    draft = docx.Document(io.BytesIO(content(client.get(address("plan-docx", pilot)))))
    assert len(draft.inline_shapes) == 1
    again = client.get(up(client, pilot, content(client.get(address("plan-docx", pilot)))).url)
    assert again.context["differences"] == []
    assert again.context["same"] == 1


def test_a_chapter_changed_meanwhile_is_refused_and_shown_and_the_others_are_saved(maker, client, world):
    pilot = maker("park")
    url = up(client, pilot, filled()).url
    page = client.get(url)
    drafts.save_chapter(pilot, outline_id="goals", html="<p>同事的文字</p>", revision=0, by=world.park_lead)
    response = client.post(url, posted(page))
    assert response.status_code == 409
    assert pilot.chapters.get(outline_id="goals").html == "<p>同事的文字</p>"
    assert pilot.chapters.get(outline_id="work-contents").html == "<p>全过程诊断</p>"
    shown = response.content.decode()
    assert "同事的文字" in shown
    assert "<del>" in shown
    assert "<ins>" in shown
    assert not pilot.attachments.exists()
    assert client.post(url, posted(response)).status_code == 302
    assert "三年内水耗下降" in pilot.chapters.get(outline_id="goals").html


def test_what_is_no_word_file_is_refused_with_its_reason_and_strangers_see_nothing(maker, client, world):
    pilot = maker("park")
    refused = up(client, pilot, b"%PDF-1.4 not a word file")
    assert refused.status_code == 422
    parsed(refused)
    url = up(client, pilot, filled()).url
    assert signed_in(world.park_lead).get(url).status_code == 404
    assert client.post(url, {}).status_code == 302
    assert pilot.chapters.exclude(html="").count() == 0
    workbook = maker.upload(by=world.park_handler, name="图.png", file=io.BytesIO(png()))
    page = client.get(address("word-import", pilot, workbook.pk))
    assert "不能读取这个文件" in page.content.decode()


def test_a_locked_plan_can_be_compared_but_not_changed(maker, client, world):
    pilot = maker("park", stage="signed")
    data = io.BytesIO()
    filled().save(data)
    upload = maker.upload(by=world.park_handler, name="方案.docx", file=data)
    url = address("word-import", pilot, upload.pk)
    before = pilot.chapters.get(outline_id="goals").html
    page = client.get(url)
    parsed(page)
    assert "现在只能查看" in page.content.decode()
    assert client.post(url, {"take": "goals", "revision-goals": "0"}).status_code == 409
    assert up(client, pilot, filled()).status_code == 403
    assert pilot.chapters.get(outline_id="goals").html == before
