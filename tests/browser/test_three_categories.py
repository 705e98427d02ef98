"""The whole way in a real browser, for each of the three categories: created, filled, checked, signed, submitted, received."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from playwright.sync_api import expect

from qingyuan.pilots.models import Pilot, Submission
from tests.pilot_maker import ANSWERS, CATEGORIES, EVIDENCE, MEASURES, enterprises, small_pdf

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JOURNEYS = [
    # category, applicant, handler, reviewer, signer, with scripts; the plan written where
    ("sector", "city", "city_all", "city_all", "city_all", True, "word"),
    ("park", "park", "park_handler", "park_reviewer", "park_signer", True, "editor"),
    (
        "region",
        "department",
        "department_handler",
        "department_handler",
        "department_handler",
        False,
        "editor",
    ),
]


def pdf(name: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/pdf", "buffer": small_pdf().getvalue()}


def scope_workbook(sector_title: str) -> dict[str, Any]:
    """The list as a park keeps it: our template's columns, typed in a sheet."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("名单")
    sheet.write_row(0, 0, ["企业名称", "统一社会信用代码", "所属行业"])
    for number, row in enumerate(enterprises(3, sector=""), start=1):
        sheet.write_row(number, 0, [row.name, row.credit_code, sector_title])
    book.close()
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "企业名单.xlsx", "mimeType": media, "buffer": target.getvalue()}


@pytest.mark.clause("N3a")
@pytest.mark.clause("N3b")
@pytest.mark.clause("N3c")
@pytest.mark.clause("N4")
@pytest.mark.clause("N6")
@pytest.mark.clause("H1")
@pytest.mark.parametrize(
    ("category", "applicant", "handler", "reviewer", "signer", "script", "written"), JOURNEYS
)
def test_a_pilot_from_nothing_to_received(  # noqa: PLR0915, PLR0917 (a way has many steps)
    live_world, visit, category, applicant, handler, reviewer, signer, script, written
):
    world = live_world
    clerk = visit(handler, script=script)
    page = clerk.go(f"/calls/{world.call.pk}/apply/")
    page.locator(f"[name=category_id][value={category}]").check()
    page.fill("[name=name]", f"演示{category}试点")
    clerk.press("新建试点申报")
    pilot = Pilot.objects.get(applicant=world.bodies[applicant])
    at = f"/pilots/{pilot.pk}"
    expect(page).to_have_url(f"{clerk.base}{at}/")
    clerk.shoot(f"overview-empty-{category}")

    fill_object(clerk, at, category)
    fill_conditions(clerk, at, pilot)
    page = clerk.go(f"{at}/scope/import/")
    page.set_input_files("[name=file]", scope_workbook(sector_title(pilot, category)))
    clerk.press("检查并导入")
    assert pilot.scope.count() == 3
    clerk.go(f"{at}/scope/")
    clerk.shoot(f"scope-{category}")
    if written == "word":
        write_in_word(clerk, at, pilot)
    else:
        write_chapters(clerk, at, pilot, script=script)
    fill_targets(clerk, at, pilot)

    page = clerk.go(f"{at}/check/")
    clerk.shoot(f"check-{category}")
    page = clerk.go(f"{at}/hand-in/")
    clerk.press("送审")
    second = clerk if reviewer == handler else visit(reviewer, script=script)
    second.go(f"{at}/pass-review/")
    second.press("审核通过")
    third = clerk if signer == handler else visit(signer, script=script)
    page = third.go(f"{at}/sign/")
    page.locator("[name=no_state_secrets]").check()
    third.shoot(f"sign-{category}")
    third.press("签发")
    pilot.refresh_from_db()
    assert pilot.stage == "signed"

    page = clerk.go(f"{at}/attachments/")
    page.locator("[name=purpose][value=seal]").check()
    page.set_input_files("[name=file]", pdf("盖章页.pdf"))
    clerk.press("上传")
    page = clerk.go(f"{at}/submit/")
    clerk.shoot(f"submit-{category}")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/submissions/**")
    expect(page.locator("main")).to_contain_text("收〔2022〕0001号")
    clerk.shoot(f"receipt-{category}")
    submission = Submission.objects.get(pilot=pilot)
    assert submission.package_name == f"2022+演示{category}试点+{world.bodies[applicant].name}.zip"

    officer = visit("province_handler", script=script)
    page = officer.go(f"/calls/{world.call.pk}/received/")
    expect(page.locator("main")).to_contain_text(f"演示{category}试点")
    officer.shoot(f"received-{category}")


def fill_object(clerk: Any, at: str, category: str) -> None:
    form, sectors, pollutants = CATEGORIES[category]
    page = clerk.go(f"{at}/object/")
    if page.locator("[name=object_form][type=radio]").count():
        page.locator(f"[name=object_form][value={form}]").check()
    page.fill("[name=object_name]", "演示试点对象")
    if not page.locator("[name=region_code]").input_value():
        page.locator("[name=region_code]").select_option(index=1)
    for sector in sectors:
        page.locator(f"[name=sectors][value={sector}]").check()
    for pollutant in pollutants:
        box = page.locator(f"[name=pollutants][value={pollutant}]")
        if box.count():
            box.check()
    clerk.press("保存")


def fill_conditions(clerk: Any, at: str, pilot: Any) -> None:
    """Answers may open further questions: each page is saved until it has no more of them."""
    for condition in pilot.notice.conditions_for(pilot.category_id):
        page = clerk.go(f"{at}/eligibility/{condition.id}/")
        answers = ANSWERS[condition.id]
        for _round in range(3):
            for question, value in answers.items():
                place = page.locator(f"main [name='q-{question}']")
                if not place.count():
                    continue
                if isinstance(value, bool):
                    page.locator(f"[name='q-{question}'][value={'yes' if value else 'no'}]").check()
                elif isinstance(value, list):
                    for item in value:
                        page.locator(f"[name='q-{question}'][value='{item}']").check()
                else:
                    place.fill(value)
            for question in EVIDENCE.get(condition.id, []):
                file = page.locator(f"[name='q-file-{question}']")
                if file.count() and not pilot.attachments.filter(question_id=question).exists():
                    file.set_input_files(pdf(f"{question}.pdf"))
            clerk.press("保存")
            page = clerk.go(f"{at}/eligibility/{condition.id}/")
            shown = set(
                page.eval_on_selector_all("[name^='q-']:not([type=file])", "found => found.map(e => e.name)")
            )
            answered = {
                answer.question_id
                for answer in pilot.answers.filter(condition_id=condition.id)
                if answer.value not in (None, "", [])
            }
            if {name.removeprefix("q-") for name in shown} & answers.keys() <= answered:
                break
        expect(page.locator("main")).to_contain_text("符合")
        if condition.id == "N5.2":
            clerk.shoot("condition")


def write_chapters(clerk: Any, at: str, pilot: Any, *, script: bool) -> None:
    for leaf in pilot.notice.leaves():
        page = clerk.go(f"{at}/plan/{leaf.id}/")
        text = f"演示：{leaf.title}的正文，逐项写明。"
        if script:
            editor = page.locator(".ProseMirror")
            editor.click()
            page.keyboard.type(text)
            if leaf.id == "goals":
                clerk.shoot("chapter")
        else:
            page.fill("[name=html]", text)
        clerk.press("保存")
        assert text in pilot.chapters.get(outline_id=leaf.id).html
    clerk.go(f"{at}/plan/")
    clerk.shoot(f"plan-{pilot.category_id}")


def write_in_word(clerk: Any, at: str, pilot: Any) -> None:
    """The outline out, filled under its headings, brought in; what then goes out comes in again without a difference."""
    page = clerk.go(f"{at}/word/")
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载大纲（Word）").click()
    outline = docx.Document(taken.value.path())
    titles = {leaf.title: leaf.id for leaf in pilot.notice.leaves()}
    for paragraph in list(outline.paragraphs):
        title = next((one for one in titles if paragraph.text.endswith(one)), None)
        if title is None or not paragraph.style.name.startswith("Heading"):
            continue
        written = paragraph.insert_paragraph_before(
            f"演示：{title}的正文，在 Word 里逐项写明。", style="Normal"
        )
        paragraph._p.addnext(written._p)
    filled = io.BytesIO()
    outline.save(filled)
    page.set_input_files("[name=file]", {"name": "方案.docx", "mimeType": DOCX, "buffer": filled.getvalue()})
    clerk.press("上传并对比")
    expect(page.locator("[name=take]:checked")).to_have_count(len(titles))
    clerk.shoot("word-brought-in")
    clerk.press("带入所选内容")
    texts = dict(pilot.chapters.values_list("outline_id", "html"))
    assert {
        id_ for title, id_ in titles.items() if f"演示：{title}的正文，在 Word 里" in texts.get(id_, "")
    } == set(titles.values())
    page = clerk.go(f"{at}/word/")
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载草稿（Word）").click()
    page.set_input_files("[name=file]", taken.value.path())
    clerk.press("上传并对比")
    expect(page.locator("main")).to_contain_text("没有差别")


def fill_targets(clerk: Any, at: str, pilot: Any) -> None:
    page = clerk.go(f"{at}/targets/")
    measures = [measure for aim in pilot.notice.aims for measure in aim.measures]
    for number, measure in enumerate(measures):
        base, goal = MEASURES[measure.id]
        page.fill(f"[name=row-{number}-baseline_year]", "2021")
        page.fill(f"[name=row-{number}-baseline]", base)
        page.fill(f"[name=row-{number}-target]", goal)
    clerk.press("保存目标表")
    clerk.go(f"{at}/targets/")
    clerk.shoot(f"targets-{pilot.category_id}")


def sector_title(pilot: Any, category: str) -> str:
    from qingyuan.pilots.wording import sector_titles

    return sector_titles(pilot.notice)[CATEGORIES[category][1][0]]
