"""卷宗: the sealed files byte for byte, with receipt, self-check, letters and comments as the pages show them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date

import pytest
from docx import Document

from qingyuan.kernel import ledger
from qingyuan.papers.package import verify_package
from qingyuan.pilots import actions, seal
from tests.house.cases.pilots import with_option
from tests.pilots.workspace import HOSTILE, parsed, signed_in

FIRST = "一、试点对象基本概况"


def opened(user, submission):
    response = signed_in(user).get(f"/submissions/{submission.pk}/dossier/")
    assert response.status_code == 200
    assert response.streaming
    assert "\n" not in response["Content-Disposition"]
    data = b"".join(response.streaming_content)
    assert verify_package(io.BytesIO(data)) == []
    return zipfile.ZipFile(io.BytesIO(data))


@pytest.fixture
def submission(maker, world):
    pilot = maker("park", stage="ready", name="演示卷宗")
    certificate = actions.request_certificate(
        pilot,
        by=world.park_handler,
        condition_id="N5.1",
        question_id="major_violation",
        body_name="演示执法支队",
        text=f"请证明{HOSTILE}",
    )
    upload = maker.upload(by=world.park_handler, name="执法证明.pdf")
    actions.receive_certificate(
        certificate, by=world.park_handler, upload=upload, answered_on=date(2022, 6, 20)
    )
    actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    actions.pass_review(maker.fresh(pilot), by=world.park_reviewer)
    actions.sign(maker.fresh(pilot), by=world.park_signer, no_state_secrets=True)
    maker.attach_seal(maker.fresh(pilot), by=world.park_handler)
    pilot = with_option(maker.fresh(pilot), "prefecture_comment")
    made = actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot))
    actions.comment(maker.fresh(pilot), by=world.prefecture_handler, text="同意")
    return made


def test_the_applicant_gets_everything(submission, world):
    archive = opened(world.park_handler, submission)
    names = archive.namelist()
    for file in submission.manifest["files"]:
        data = archive.read(f"申报材料/{file['name']}")
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
    assert any(name.endswith("执法证明.pdf") for name in names)
    receipt = json.loads(archive.read("收件回执.json"))
    assert ledger.check_receipt(receipt, head_hash=ledger.head().hash) == []
    assert "演示执法支队：已收到" in archive.read("证明函登记.txt").decode("utf-8-sig")
    assert "洛阳市生态环境局" in archive.read("市级意见.txt").decode("utf-8-sig")
    assert {"签批单.docx", "收件回执.docx"} <= set(names)
    assert "自查" in archive.read("提交前自查.txt").decode("utf-8-sig")
    page = signed_in(world.park_handler).get(f"/submissions/{submission.pk}/").content.decode()
    assert f"/submissions/{submission.pk}/dossier/" in page


def test_the_departments_get_it_without_what_stays_inside_the_applicant(submission, world):
    names = opened(world.reform_signer, submission).namelist()
    assert "签批单.docx" not in names
    assert "证明函登记.txt" not in names
    assert "市级意见.txt" in names
    assert (
        signed_in(world.prefecture_handler).get(f"/submissions/{submission.pk}/dossier/").status_code == 404
    )


def test_a_version_whose_papers_moved_on_says_so_instead_of_checking_other_text(submission, maker, world):
    pilot = maker.fresh(submission.pilot)
    actions.reopen(pilot, by=world.park_handler)
    actions.describe(
        maker.fresh(pilot),
        by=world.park_handler,
        name=pilot.name,
        object_form="park",
        object_name="别的对象",
        region_code="410300",
        sectors=["steel"],
    )
    text = opened(world.park_handler, submission).read("提交前自查.txt").decode("utf-8-sig")
    assert "对提交时封存的数据自查" in text
    assert "别的对象" not in text


def shown(page):
    """The text of a page, without spaces."""
    return "".join("".join(parsed(page).itertext()).split())


@pytest.mark.clause("N7", "H1")
def test_the_dossier_says_what_the_screen_says(submission, world):
    """File by file and line by line: nothing is in the zip that the pages do not show, and nothing is missing."""
    client = signed_in(world.park_handler)
    archive = opened(world.park_handler, submission)
    page = client.get(f"/submissions/{submission.pk}/")
    seen = shown(page)
    inside = {name.removeprefix("申报材料/") for name in archive.namelist() if name.startswith("申报材料/")}
    listed = {file["name"] for file in page.context["files"]}
    assert inside == listed
    for file in page.context["files"]:
        assert "".join(file["name"].split()) in seen
        assert hashlib.sha256(archive.read(f"申报材料/{file['name']}")).hexdigest() in seen
    receipt = json.loads(archive.read("收件回执.json"))
    assert receipt == client.get(f"/submissions/{submission.pk}/receipt.json").json()
    checked = archive.read("提交前自查.txt").decode("utf-8-sig")
    findings = client.get(f"/pilots/{submission.pilot_id}/check/").context["findings"]
    assert checked.count("\r\n") == len(findings) + 2 + (not findings)
    assert all(finding.message in checked for finding in findings)
    comments = archive.read("市级意见.txt").decode("utf-8-sig")
    assert "同意" in comments
    assert "同意" in seen
    certificates = archive.read("证明函登记.txt").decode("utf-8-sig")
    letters = shown(client.get(f"/pilots/{submission.pilot_id}/certificates/"))
    for line in ("演示执法支队", "已收到"):
        assert line in certificates
        assert line in letters


@pytest.mark.clause("N7", "H2")
def test_the_paper_copies_are_the_sealed_text_with_the_cover_of_their_level(submission, world):
    client = signed_in(world.park_handler)
    page = client.get(f"/submissions/{submission.pk}/")
    seen = shown(page)
    assert "一式五份" in seen
    assert "一式两份，合订胶装成册" in seen
    assert "2022+演示卷宗+" in seen
    texts = {}
    for delivery in ("paper", "national-paper"):
        answer = client.get(f"/submissions/{submission.pk}/copies/{delivery}.docx")
        assert answer.status_code == 200
        texts[delivery] = [one.text for one in Document(io.BytesIO(answer.content)).paragraphs]
    sealed = client.get(f"/submissions/{submission.pk}/plan/")
    texts["sealed"] = [
        one.text for one in Document(io.BytesIO(b"".join(sealed.streaming_content))).paragraphs
    ]
    covers = {name: "\n".join(lines[: lines.index(FIRST)]) for name, lines in texts.items()}
    bodies = {name: lines[lines.index(FIRST) :] for name, lines in texts.items()}
    assert bodies["paper"] == bodies["national-paper"] == bodies["sealed"]
    assert "（送审版）" in covers["sealed"]
    assert "（定稿）" in covers["paper"]
    assert "报送：省生态环境厅" in covers["paper"]
    assert "（报批稿）" in covers["national-paper"]
    assert "报送：生态环境部或国家发展改革委" in covers["national-paper"]
    assert "一式两份，合订胶装成册" in covers["national-paper"]
    assert "环办科财函〔2022〕178号" in covers["national-paper"]
    assert submission.register_label in covers["national-paper"]
    assert client.get(f"/submissions/{submission.pk}/copies/electronic.docx").status_code == 404
    assert signed_in(world.stranger).get(f"/submissions/{submission.pk}/copies/paper.docx").status_code == 404
