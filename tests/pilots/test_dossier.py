"""卷宗: the sealed files byte for byte, with receipt, self-check, letters and comments as the pages show them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date

import pytest

from qingyuan.kernel import ledger
from qingyuan.papers.package import verify_package
from qingyuan.pilots import actions, seal
from tests.house.verb_cases import with_option
from tests.pilots.workspace import HOSTILE, signed_in


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
