"""证明函: to a registered body or an outside one; the answer becomes evidence of the question it was asked for."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from qingyuan.kernel import todos
from qingyuan.kernel.actions import Closed, Invalid
from qingyuan.kernel.models import Mail
from qingyuan.pilots import actions, eligibility
from qingyuan.pilots.models import CertificateRequest
from tests.house.cases.pilots import certificate_in
from tests.pilot_maker import small_pdf
from tests.pilots.workspace import HOSTILE, address, form_of, parsed, send, signed_in


@pytest.mark.clause("N5.1")
def test_a_registered_bureau_answers_on_the_platform(maker, world):
    pilot = maker("park", stage="drafting")
    client = signed_in(world.park_handler)
    done = send(
        client,
        address("request-certificate", pilot),
        question="N5.1/major_violation",
        organisation=str(world.luoyang_ecology.pk),
        text=f"请证明近三年无重大环境违法。{HOSTILE}",
    )
    assert done.status_code == 302
    certificate = CertificateRequest.objects.get()
    assert Mail.objects.get(verb="pilot.request_certificate").address == world.luoyang_ecology.email
    bureau = signed_in(world.prefecture_handler)
    assert any(t.title == f"出具证明：《{pilot.name}》" for t in todos.of(world.prefecture_handler))
    assert any(t.title == f"等待证明函答复：《{pilot.name}》" for t in todos.of(world.park_handler))
    page = bureau.get(f"/certificates/{certificate.pk}/")
    parsed(page)
    assert "<script>alert" not in page.content.decode()
    assert bureau.get(f"/pilots/{pilot.pk}/").status_code == 404
    url = f"/certificates/{certificate.pk}/receive/"
    form = form_of(bureau.get(url))
    file = small_pdf("x")
    file.name = "证明.pdf"
    done = bureau.post(url, {**form, "answered_on": "2022-06-20", "file": file})
    assert done.status_code == 302
    certificate.refresh_from_db()
    assert (certificate.stage, certificate.answered_on) == ("received", date(2022, 6, 20))
    judged = next(j for j in eligibility.judge_all(maker.fresh(pilot)) if j.condition.id == "N5.1")
    assert [a.upload.name for a in judged.files["major_violation"]] == ["证明.pdf"]
    assert Mail.objects.filter(verb="certificate.receive", recipient=world.park_handler).exists()
    listed = client.get(address("certificates", pilot))
    parsed(listed)
    assert "已收到" in listed.content.decode()
    served = client.get(f"/certificates/{certificate.pk}/file/")
    assert b"".join(served.streaming_content).startswith(b"%PDF")


@pytest.mark.clause("N5.2")
def test_an_outside_finance_office_by_name_with_the_answer_filed_by_the_applicant(maker, world):
    pilot = maker("park", stage="drafting")
    certificate = actions.request_certificate(
        pilot,
        by=world.park_handler,
        condition_id="N5.2",
        question_id="applicant_funding_amount",
        body_name=" 演示市  财政局 ",
        text="请证明已列入预算",
    )
    assert certificate.body_name == "演示市 财政局"
    assert not Mail.objects.filter(verb="pilot.request_certificate").exists()
    upload = maker.upload(by=world.park_handler, name="财政意见.pdf")
    actions.receive_certificate(
        certificate, by=world.park_handler, upload=upload, answered_on=date(2022, 6, 20)
    )
    assert maker.fresh(pilot).attachments.get().question_id == "applicant_funding_amount"


def test_dates_and_fields_are_checked_all_at_once(maker, world):
    pilot = maker("park", stage="drafting")
    with pytest.raises(Invalid) as refusal:
        actions.request_certificate(
            pilot, by=world.park_handler, condition_id="x", question_id="y", text=" ", body_name="长" * 121
        )
    assert {problem.where for problem in refusal.value.problems} == {"question", "text", "body_name"}
    with pytest.raises(Invalid):
        actions.request_certificate(
            pilot,
            by=world.park_handler,
            condition_id="N5.1",
            question_id="major_violation",
            text="自证",
            organisation=world.park,
        )
    certificate = certificate_in(maker, "sent")
    for day in (date(2022, 6, 19), date(2022, 6, 21)):
        with pytest.raises(Invalid, match="1 处"):
            actions.refuse_certificate(certificate, by=world.park_handler, answered_on=day, remark="x")


def test_a_locked_application_takes_no_certificate(maker, world):
    pilot = maker("park", stage="ready")
    certificate = actions.request_certificate(
        pilot,
        by=world.park_handler,
        condition_id="N5.1",
        question_id="major_violation",
        body_name="演示执法支队",
        text="演示",
    )
    actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    upload = maker.upload(by=world.park_handler, name="证明.pdf")
    with pytest.raises(Closed, match="待审核"):
        actions.receive_certificate(
            certificate, by=world.park_handler, upload=upload, answered_on=date(2022, 6, 20)
        )
    assert not [t for t in todos.of(world.park_handler) if "证明函" in t.title]


@pytest.mark.parametrize("stage", ["sent", "received", "refused"])
def test_pages_in_all_states_for_both_bodies_and_nobody_else(maker, world, stage):
    certificate = certificate_in(maker, stage)
    for who in (world.park_handler, world.park_reviewer, world.consultant, world.prefecture_handler):
        for page in ("", "receive/", "refuse/"):
            parsed(signed_in(who).get(f"/certificates/{certificate.pk}/{page}"))
    for who in (world.city_handler, world.province_handler, world.stranger):
        assert signed_in(who).get(f"/certificates/{certificate.pk}/").status_code == 404
    for page in ("certificates", "request-certificate"):
        parsed(signed_in(world.park_handler).get(address(page, certificate.pilot)))


def test_the_list_costs_the_same_for_one_row_and_for_three(maker, world, django_assert_max_num_queries):
    certificate = certificate_in(maker, "received")
    client = signed_in(world.park_handler)
    counts = []
    client.get(address("certificates", certificate.pilot))
    for more in (0, 2):
        for _number in range(more):
            actions.request_certificate(
                certificate.pilot,
                by=world.park_handler,
                condition_id="N5.1",
                question_id="major_violation",
                organisation=world.luoyang_ecology,
                text="演示",
            )
        with django_assert_max_num_queries(25) as captured:
            client.get(address("certificates", certificate.pilot))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_sign_off_sheet_says_who_did_what(maker, world):
    pilot = maker("park", stage="signed", name=f"演示{HOSTILE}"[:60])
    client = signed_in(world.park_signer)
    page = client.get(address("signoff-sheet", pilot))
    parsed(page)
    assert "<script>alert" not in page.content.decode()
    response = client.get(address("signoff-docx", pilot))
    document = Document(io.BytesIO(response.content))
    text = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for expected in ("经办送审", "审核通过", "签发", str(world.park_reviewer), "2022年6月20日 09:00:00"):
        assert expected in text
    empty = maker("park", stage="drafting", name="演示空白")
    parsed(client.get(address("signoff-sheet", empty)))
    assert Document(io.BytesIO(client.get(address("signoff-docx", empty)).content))
