"""The plan editor in a real browser: two people in one chapter, no network, a closed tab, pictures, and paste from Word."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from qingyuan.pilots import actions, drafts
from qingyuan.pilots.models import Chapter
from tests.kernel.gate.samples import png

PICTURE = base64.b64encode(png(40, 30)).decode()
# What Word puts on the clipboard: styles, its own namespace, conditional comments, a merged cell, pictures by file name.
WORD = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {{ mso-style-name:"正文"; }} --></style></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><!--StartFragment-->
<p class=MsoNormal style='text-indent:21.0pt'><span style='font-family:仿宋'>园区现有企业<span lang=EN-US>30</span>家。<o:p></o:p></span></p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse;mso-yfti-tbllook:1184'>
<tr style='mso-yfti-irow:0'><td width=200 colspan=2 style='width:150pt;border:solid windowtext 1.0pt'><p class=MsoNormal><b>年度目标<o:p></o:p></b></p></td></tr>
<tr><td rowspan=2 valign=top><p class=MsoNormal>节水</p></td><td><p class=MsoNormal>2023年</p></td></tr>
<tr><td><p class=MsoNormal>2024年</p></td></tr></table>
<p class=MsoNormal><!--[if gte vml 1]><v:shape><v:imagedata src="file:///C:/a/clip_image001.png"/></v:shape><![endif]--><![if !vml]><img width=40 height=30 src="file:///C:/a/clip_image002.png" v:shapes="图片_x0020_1"><![endif]></p>
<p class=MsoNormal><img src="data:image/png;base64,{PICTURE}" alt="厂区平面图"></p>
<!--EndFragment--></body></html>"""
PASTE = """([html, files]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  for (const [name, type, content] of files) {
    const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
    data.items.add(new File([bytes], name, { type }));
  }
  document.querySelector(".ProseMirror").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def pilot(live_maker: Any) -> Any:
    return live_maker("park", stage="ready")


def open_chapter(visitor: Any, pilot: Any, chapter: str = "goals") -> Any:
    page = visitor.go(f"/pilots/{pilot.pk}/plan/{chapter}/")
    expect(page.locator(".ProseMirror")).to_be_visible()
    return page


def type_text(page: Any, text: str) -> None:
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def state(page: Any) -> Any:
    return page.locator("[data-autosave-state]")


def stored(pilot: Any, chapter: str = "goals") -> str:
    return Chapter.objects.get(pilot=pilot, outline_id=chapter).html


def paste(page: Any, html: str = "", files: tuple[tuple[str, str, str], ...] = ()) -> None:
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.evaluate(PASTE, [html, [list(file) for file in files]])


@pytest.mark.clause("N6")
def test_two_people_in_one_chapter_see_each_other_and_both_texts(live_world, visit, pilot):
    first, second = visit("park_handler"), visit("consultant")
    one, two = open_chapter(first, pilot), open_chapter(second, pilot)
    type_text(one, "经办人补充一句。")
    expect(state(one)).to_contain_text("已保存")
    expect(two.locator("#present")).to_contain_text(f"{live_world.park_handler}正在编写本节", timeout=20_000)
    type_text(two, "咨询师也写了一句。")
    expect(state(two)).to_contain_text("冲突")
    expect(state(two)).to_contain_text("已存在本机")
    second.shoot("editor-conflict-notice")
    state(two).get_by_role("button", name="对照两份文字").click()
    expect(two.get_by_text("您写作期间，他人保存过这一节")).to_be_visible()
    expect(two.locator(".ProseMirror")).to_contain_text("咨询师也写了一句")
    expect(two.locator(".q-prose")).to_contain_text("经办人补充一句")
    second.shoot("editor-conflict")
    assert "经办人补充一句" in stored(pilot)
    assert "咨询师" not in stored(pilot), "nothing was overwritten"
    type_text(two, "经办人补充一句。")
    second.press("以我的文字为准，保存")
    two.get_by_role("button", name="确定").click()
    expect(two.get_by_text("本章已保存")).to_be_visible()
    assert "咨询师也写了一句。经办人补充一句。" in stored(pilot)
    expect(two.locator(".q-rescue")).to_have_count(0)
    page = second.go(f"/pilots/{pilot.pk}/plan/goals/history/")
    expect(page.locator("tbody tr")).to_have_count(3)
    second.shoot("editor-history")


def test_typing_without_a_network_is_kept_and_saved_when_it_is_back(live_world, visit, pilot):
    writer = visit("park_handler")
    page = open_chapter(writer, pilot)
    writer.context.set_offline(True)
    type_text(page, "断网时写的一段。")
    expect(state(page)).to_contain_text("离线，已存在本机")
    assert "断网时" not in stored(pilot)
    writer.shoot("editor-offline")
    writer.context.set_offline(False)
    expect(state(page)).to_contain_text("已保存")
    assert "断网时写的一段。" in stored(pilot)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('qingyuan-draft:'))") == []


def test_a_closed_tab_and_a_newer_text_on_the_server_offer_the_local_copy_with_the_difference(
    live_world, visit, pilot
):
    writer = visit("park_handler")
    page = open_chapter(writer, pilot)
    writer.context.set_offline(True)
    type_text(page, "关掉标签页之前写的。")
    expect(state(page)).to_contain_text("离线，已存在本机")
    page.close()
    writer.context.set_offline(False)
    chapter = Chapter.objects.get(pilot=pilot, outline_id="goals")
    drafts.save_chapter(
        pilot,
        outline_id="goals",
        html=f"{chapter.html}<p>同事后来写的。</p>",
        revision=chapter.revision,
        by=live_world.park_lead,
    )
    writer.page = writer.context.new_page()
    page = open_chapter(writer, pilot)
    box = page.locator(".q-rescue")
    expect(box).to_contain_text("本机留有一份没有保存成功的文字")
    expect(box).to_contain_text("又有人保存过")
    expect(box.locator("ins")).to_contain_text("关掉标签页之前写的。")
    expect(box.locator("del").last).to_contain_text("同事后来写的。")
    writer.shoot("editor-rescue")
    page.reload()
    expect(page.locator(".q-rescue")).to_be_visible()
    page.get_by_role("button", name="用本机这份文字").click()
    expect(page.locator(".ProseMirror")).to_contain_text("关掉标签页之前写的。")
    expect(state(page)).to_contain_text("已保存")
    assert "关掉标签页之前写的。" in stored(pilot)
    kept = [row.html for row in chapter.revisions.all()]
    assert any("同事后来写的。" in html for html in kept), "the colleague's text is in the history"
    page.reload()
    expect(page.locator(".ProseMirror")).to_be_visible()
    expect(page.locator(".q-rescue")).to_have_count(0)


def test_leaving_the_page_saves_what_was_just_typed(live_world, visit, pilot):
    writer = visit("park_handler")
    page = open_chapter(writer, pilot)
    type_text(page, "刚写完就走。")
    writer.go(f"/pilots/{pilot.pk}/plan/")
    page.wait_for_timeout(1000)
    assert "刚写完就走。" in stored(pilot)
    page = open_chapter(writer, pilot)
    expect(page.locator(".q-rescue")).to_have_count(0)


def test_a_plan_that_was_locked_and_a_lost_session_keep_the_text(live_world, visit, pilot):
    writer = visit("park_handler")
    page = open_chapter(writer, pilot)
    cookies = [one for one in writer.context.cookies() if "sessionid" in one["name"]]
    writer.context.clear_cookies(name=cookies[0]["name"])
    type_text(page, "会话丢失后写的。")
    expect(state(page)).to_contain_text("登录已过期")
    expect(state(page)).to_contain_text("已存在本机")
    writer.context.add_cookies(cookies)
    type_text(page, "又登录了。")
    expect(state(page)).to_contain_text("已保存")
    assert "会话丢失后写的。又登录了。" in stored(pilot)
    actions.hand_in(pilot, by=live_world.park_handler)
    type_text(page, "送审之后写的。")
    expect(state(page)).to_contain_text("章节已锁定")
    expect(state(page)).to_contain_text("已存在本机")
    assert "送审之后" not in stored(pilot)


def test_signing_out_with_unsaved_words_asks_first_and_then_clears_them(live_world, visit, pilot):
    writer = visit("park_handler")
    page = open_chapter(writer, pilot)
    page.route(
        "**/plan/goals/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    type_text(page, "没存上的话。")
    expect(state(page)).to_contain_text("离线，已存在本机")

    def sign_out() -> None:
        if not page.locator(".q-menu[open]").count():
            page.locator(".q-top > .q-menu > summary").click()
        page.get_by_role("button", name="退出登录").click()
        expect(page.locator("dialog")).to_contain_text("一并清除")

    sign_out()
    page.get_by_role("button", name="取消").click()
    assert "没存上的话。" in page.evaluate("JSON.stringify(localStorage)")
    sign_out()
    page.get_by_role("button", name="确定").click()
    expect(page.locator("a.q-toplink", has_text="登录").first).to_be_visible()
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"


@pytest.mark.clause("N6")
@pytest.mark.parametrize("width", [1440, 390])
def test_pictures_footnotes_and_a_table_from_word(live_world, visit, pilot, tmp_path: Path, width):
    writer = visit("park_handler", width=width)
    page = open_chapter(writer, pilot)
    paste(page, WORD)
    expect(page.locator(".ProseMirror table")).to_be_visible()
    expect(page.locator(".q-editor-notice")).to_contain_text("有 1 张图片在您的电脑")
    expect(page.locator(".q-figure img")).to_have_attribute("src", _any_picture(pilot))
    file = tmp_path / "监测点位图.png"
    file.write_bytes(png(40, 30))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="插入图片").click()
    chooser.value.set_files(file)
    expect(page.locator(".q-figure img[src]")).to_have_count(2)
    for number in range(2):
        image = page.locator(".q-figure img").nth(number)
        expect(image).to_have_js_property("naturalWidth", 40)
    page.get_by_role("button", name="图题", exact=True).click()
    page.locator("dialog textarea").fill("监测点位")
    page.locator("dialog").get_by_role("button", name="确定").click()
    page.locator(".ProseMirror > p").first.click()
    page.keyboard.press("End")
    page.get_by_role("button", name="插入脚注").click()
    page.locator("dialog textarea").fill("数据来源：演示年报")
    page.locator("dialog").get_by_role("button", name="确定").click()
    expect(state(page)).to_contain_text("已保存")
    html = stored(pilot)
    assert 'colspan="2"' in html
    assert 'rowspan="2"' in html
    assert html.count("<img data-upload=") == 2
    assert 'alt="厂区平面图"' in html
    assert 'alt="监测点位"' in html
    assert '<span data-footnote="数据来源：演示年报"></span>' in html
    assert "style" not in html
    assert "file:" not in html
    writer.shoot("editor-word-paste")
    page.reload()
    expect(page.locator(".q-figure img[src]")).to_have_count(2)
    expect(page.locator(".ProseMirror span[data-footnote]")).to_have_count(1)
    page.locator(".ProseMirror span[data-footnote]").click()
    expect(page.locator("dialog textarea")).to_have_value("数据来源：演示年报")
    page.locator("dialog").get_by_role("button", name="取消").click()
    actions.remark_chapter(
        pilot, by=live_world.park_reviewer, outline_id="goals", text="演示：请写明基准年。"
    )
    page = writer.go(f"/pilots/{pilot.pk}/plan/")
    writer.shoot("plan-states")
    open_chapter(writer, pilot)
    writer.shoot("editor-with-remark")
    actions.hand_in(pilot, by=live_world.park_handler)
    page = writer.go(f"/pilots/{pilot.pk}/plan/goals/")
    expect(page.locator(".q-prose figure img")).to_have_count(2)
    expect(page.locator(".q-footnotes li")).to_contain_text("数据来源：演示年报")
    writer.shoot("editor-reading")


def test_a_copied_picture_and_a_refused_one(live_world, visit, pilot):
    writer = visit("park_handler")
    page = open_chapter(writer, pilot)
    paste(page, files=(("截图.png", "image/png", PICTURE),))
    expect(page.locator(".q-figure img[src]")).to_have_count(1)
    # WPS: the picture stands in the HTML by file name, and beside it as a file.
    paste(page, '<p><img src="file:///C:/wps/1.png"></p>', (("1.png", "image/png", PICTURE),))
    expect(page.locator(".q-figure img[src]")).to_have_count(2)
    wrong = base64.b64encode(b"no picture at all").decode()
    paste(page, files=(("坏图.png", "image/png", wrong),))
    expect(page.locator(".q-editor-notice")).to_contain_text("坏图.png")
    expect(page.locator(".q-figure")).to_have_count(2)
    expect(state(page)).to_contain_text("已保存")
    assert stored(pilot).count("<img data-upload=") == 2


def test_without_scripts_the_plain_field_works_and_history_restores(live_world, visit, pilot):
    writer = visit("park_handler", script=False)
    page = writer.go(f"/pilots/{pilot.pk}/plan/goals/")
    page.fill("textarea[name=html]", "没有脚本也能写")
    page.get_by_role("button", name="保存，本节已完成").click()
    assert stored(pilot) == "<p>没有脚本也能写</p>"
    assert Chapter.objects.get(pilot=pilot, outline_id="goals").is_complete
    page.get_by_role("link", name="修订历史").click()
    page.get_by_role("link", name="第 1 版").click()
    writer.shoot("editor-revision")
    page.get_by_role("button", name="恢复这一版的文字").click()
    assert "演示：" in stored(pilot)


def _any_picture(pilot: Any) -> Any:
    import re

    return re.compile(rf"^/pilots/{pilot.pk}/plan/pictures/[0-9a-f-]{{36}}/$")
