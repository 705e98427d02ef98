"""Every page of an application, in the demo and at both widths: no accessibility fault, nothing wider than the screen."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import docx
import pytest
import xlsxwriter
from django.test import override_settings
from playwright.sync_api import expect

from qingyuan.demo import files
from qingyuan.demo import world as demo
from qingyuan.kernel.gate import receive
from qingyuan.people.models import User
from qingyuan.pilots import actions, drafts, seal
from qingyuan.pilots.models import Pilot, Submission
from qingyuan.workbooks.polygons import from_data

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def stage(transactional_db: None) -> dict[str, Any]:
    """The demo, and on it what a demo of 2022 lacks: options of a later call, a second version, a return."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        demo.build()
    pilots = {pilot.applicant.name[:2]: pilot for pilot in Pilot.objects.select_related("applicant", "call")}
    rich = Pilot.objects.get(name__startswith="洛阳新材料产业园")
    submitted = pilots["焦作"]
    call = submitted.call
    call.options = {**call.options, "prefecture_comment": True, "return_for_supplement": True}
    call.save(update_fields=["options"])
    request = actions.request_supplement(
        submitted,
        by=User.objects.get(username="ting-jingban"),
        chapters=["goals", "work-contents"],
        parts=["targets"],
        reason="目标依据不足，请补充基准年数据来源（演示）",
        due_at=datetime.fromisoformat("2022-07-08T18:00:00+08:00"),
    )
    return {
        "rich": f"/pilots/{rich.pk}",
        "returned": f"/pilots/{submitted.pk}",
        "region": f"/pilots/{pilots['濮阳'].pk}",
        "ready": f"/pilots/{pilots['南阳'].pk}",
        "reviewing": f"/pilots/{Pilot.objects.get(stage='reviewing').pk}",
        "submission": f"/submissions/{Submission.objects.get().pk}",
        "request": f"/supplement-requests/{request.pk}",
        "call": f"/calls/{call.pk}",
        "certificate": f"/certificates/{rich.certificates.get(stage='sent').pk}",
        "asked": f"/certificates/{rich.certificates.get(stage='received').pk}",
        "entry": str(rich.scope.first().pk),
    }


def test_pages_of_those_who_write(stage, look):
    clerk, at = look("yuanqu-jingban"), stage["rich"]
    for name, path in {
        "look-overview": "/",
        "look-object": "/object/",
        "look-boundary": "/object/boundary/",
        "look-eligibility": "/eligibility/",
        "look-condition": "/eligibility/N5.2/",
        "look-scope": "/scope/",
        "look-scope-add": "/scope/add/",
        "look-scope-known": "/scope/known/",
        "look-targets": "/targets/",
        "look-schedule": "/schedule/",
        "look-outputs": "/schedule/outputs/",
        "look-plan": "/plan/",
        "look-editor": "/plan/innovation/",
        "look-history": "/plan/innovation/history/",
        "look-revision": "/plan/innovation/history/1/",
        "look-attachments": "/attachments/",
        "look-certificates": "/certificates/",
        "look-certificate-new": "/certificates/new/",
        "look-check": "/check/",
        "look-signoff": "/sign-off/",
        "look-hand-in": "/hand-in/",
        "look-word": "/word/",
    }.items():
        clerk.go(name, f"{at}{path}")
    page = clerk.visitor.go(f"{at}/scope/import/")
    page.set_input_files("[name=file]", {"name": "名单.xlsx", "mimeType": XLSX, "buffer": wrong_workbook()})
    clerk.visitor.press("检查并导入")
    expect(page.locator("main")).to_contain_text("统一社会信用代码")
    clerk.at("look-scope-import-errors")
    page = clerk.visitor.go(f"{at}/word/")
    page.set_input_files("[name=file]", {"name": "方案.docx", "mimeType": DOCX, "buffer": filled_plan()})
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/word/*-*/")
    clerk.at("look-word-import")
    clerk.go("look-certificate", stage["certificate"])
    in_english(clerk, at)


def in_english(clerk: Any, at: str) -> None:
    """The switch of language holds from page to page; what people wrote stays Chinese."""
    page = clerk.visitor.page
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    for name, path, words in (
        ("look-english-overview", "/", "Next step"),
        ("look-english-targets", "/targets/", "Baseline year"),
        ("look-english-editor", "/plan/innovation/", "What to write"),
    ):
        clerk.go(name, f"{at}{path}")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("main")).to_contain_text(words)
        expect(page.locator("main")).to_contain_text("洛阳新材料产业园")


def test_pages_of_those_who_judge_and_of_other_bodies(stage, look):
    look("yuanqu-shenhe").go("look-reviewing", f"{stage['reviewing']}/pass-review/")
    signer = look("yuanqu-shenhe")
    signer.go("look-return", f"{stage['reviewing']}/return/")
    signer.go("look-remark", f"{stage['rich']}/plan/innovation/remark/")
    look("kaifaqu-jingban").go("look-submit", f"{stage['ready']}/submit/")
    county = look("xianfu-duogang")
    county.go("look-home", "/")
    county.go("look-returned", f"{stage['returned']}/")
    county.go("look-request", f"{stage['request']}/")
    county.go("look-submission", f"{stage['submission']}/")
    county.go("look-changes", f"{stage['submission']}/changes/")
    city = look("shifu-jingban")
    city.go("look-joint", f"{stage['region']}/joint/")
    city.go("look-agreement", f"{stage['region']}/joint/agreement/")
    city.go("look-basin", f"{stage['region']}/object/basin/")
    city.go("look-basin-import", f"{stage['region']}/object/basin/reaches/import/")
    city.go("look-key-tasks", f"{stage['region']}/object/key-tasks/")
    city.go("look-object-basin", f"{stage['region']}/object/")
    city.go("look-check-errors", f"{stage['region']}/check/")
    city.go("look-plan-empty", f"{stage['region']}/plan/")
    as_a_region(stage["region"])
    city.go("look-places", f"{stage['region']}/object/places/")
    bureau = look("shiju-jingban")
    bureau.go("look-home-bureau", "/")
    bureau.go("look-area", "/area/")
    bureau.go("look-area-pilot", f"{stage['rich'].replace('pilots', 'area')}/")
    bureau.go("look-asked", f"{stage['asked']}/")
    officer = look("ting-jingban")
    officer.go("look-received", f"{stage['call']}/received/")
    officer.go("look-submission-officer", f"{stage['submission']}/")
    officer.go("look-request-officer", f"{stage['request']}/")
    second = second_version(stage["ready"])
    officer.go("look-versions", f"/submissions/{second.pk}/changes/")
    officer.go("look-submission-ground", f"/submissions/{second.pk}/")
    adviser = look("zixun")
    adviser.go("look-home-adviser", "/")
    look("xinren").go("look-home-stranger", "/")


def as_a_region(at: str) -> None:
    """The demo's pilot of a basin, described anew as one of a key region."""
    pilot = Pilot.objects.select_related("applicant").get(pk=at.rpartition("/")[2])
    by = User.objects.get(username="shifu-jingban")
    actions.describe(
        pilot,
        by=by,
        name=pilot.name,
        object_form="region",
        object_name="京津冀及周边濮阳、安阳、鹤壁三市（演示）",
        region_code=pilot.region_code,
        sectors=["packaging-printing"],
        pollutants=["pm25", "o3"],
    )
    pilot.refresh_from_db()
    actions.set_places(pilot, by=by, key_place="jing-jin-ji", codes=["410900", "410500", "410600"])


def second_version(at: str) -> Submission:
    """The zone submits, opens its application again, changes words and its boundary, and submits anew."""
    writer, signer = (User.objects.get(username=name) for name in ("kaifaqu-jingban", "kaifaqu-shenqian"))

    def current() -> Pilot:
        return Pilot.objects.select_related("call", "applicant").get(pk=at.rpartition("/")[2])

    actions.submit(current(), by=writer, sealed=seal.seal(current()))
    actions.reopen(current(), by=writer)
    chapter = current().chapters.get(outline_id="goals")
    drafts.save_chapter(
        current(),
        outline_id="goals",
        html=chapter.html.replace("提高审核效率", "把审核用时减到四个月以内")
        + "<p>演示：增加一段，写明目标的依据。</p>",
        revision=chapter.revision,
        by=writer,
    )
    boundary = current().boundary
    actions.set_boundary(
        current(),
        by=writer,
        parcels=from_data(boundary.parcels),
        declared_km2=boundary.declared_km2,
        basis="演示：修编后的总体规划批复",
        prefectures=boundary.prefectures,
        counties=boundary.counties,
    )
    actions.hand_in(current(), by=writer)
    actions.pass_review(current(), by=signer)
    actions.sign(current(), by=signer, no_state_secrets=True)
    actions.attach(
        current(),
        by=writer,
        upload=receive(files.stamped_page(2), by=writer, name="演示盖章页.pdf"),
        purpose="seal",
        title="盖章页（演示）",
    )
    return actions.submit(current(), by=writer, sealed=seal.seal(current()))


def wrong_workbook() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("名单")
    sheet.write_row(
        0, 0, ["企业名称", "统一社会信用代码", "所属行业", "行业代码", "企业规模", "最近一次审核日期"]
    )
    sheet.write_row(
        1,
        0,
        [
            "演示洛阳新材料产业园区高分子材料循环利用科技股份有限公司",
            "91410300MA9901001X",
            "石化化工",
            "2614",
            "特大",
            "2031-01-01",
        ],
    )
    sheet.write_row(2, 0, ["", "914103", "养殖", "99999", "大型", "昨天"])
    book.close()
    return target.getvalue()


def filled_plan() -> bytes:
    document, target = docx.Document(), io.BytesIO()
    document.add_heading("五、试点工作特色及主要创新点", level=1)
    document.add_paragraph("（演示）创新点一：审核组织由单家转为园区整体，同类企业统一诊断、集中验收。")
    document.add_heading("八、附则", level=1)
    document.add_paragraph("（演示）大纲之外的一段。")
    document.save(target)
    return target.getvalue()
