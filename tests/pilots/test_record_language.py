"""Who reads the pages in English writes the same letters and seals the same files as everybody else."""

from __future__ import annotations

from io import BytesIO

from django.utils import translation
from docx import Document

from qingyuan.kernel.models import Mail
from qingyuan.papers import plan_docx
from qingyuan.pilots import actions, paper, snapshot
from qingyuan.pilots.models import Attachment
from qingyuan.pilots.views.sheet import sheet_of
from tests.pilots.workspace import address, signed_in

CHINESE, ENGLISH = translation.override("zh-hans"), translation.override("en")


def test_what_is_sealed_does_not_depend_on_the_language_of_the_page(maker, now):
    pilot = maker("park", stage="ready")
    made = []
    for language in (CHINESE, ENGLISH):
        with language:
            data = snapshot.build(pilot)
            plan = paper.plan_of(pilot, data, on=now.date())
            made.append((snapshot.content_hash(data), plan_docx.write_plan(plan)))
    assert made[0] == made[1]


def test_mails_and_titles_on_record_are_chinese(maker, world, mailoutbox):
    pilot = maker("park", stage="ready")
    with ENGLISH:
        previewed = actions.hand_in.preview(pilot, by=world.park_handler)
        request = actions.request_certificate(
            pilot,
            by=world.park_handler,
            condition_id="N5.1",
            question_id="major_violation",
            organisation=world.luoyang_ecology,
            text="请证明（演示）",
        )
        actions.receive_certificate(
            request,
            by=world.prefecture_handler,
            upload=maker.upload(by=world.prefecture_handler),
            answered_on=request.sent_at.date(),
        )
        actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    assert [draft.subject for draft in previewed] == ["待审核：{name}"]
    subjects = list(
        Mail.objects.filter(verb__in=("pilot.hand_in", "pilot.request_certificate")).values_list(
            "subject", flat=True
        )
    )
    assert sorted(subject[:3] for subject in subjects) == ["待审核", "请出具"]
    assert Attachment.objects.filter(pilot=pilot, title="证明函：洛阳市生态环境局").exists()


def test_the_sign_off_sheet_is_chinese(maker, world):
    pilot = maker("park", stage="signed")
    client = signed_in(world.park_handler)
    client.cookies["django_language"] = "en"
    page = client.get(address("signoff-sheet", pilot)).content.decode()
    assert "Sign-off sheet" in page
    with ENGLISH:
        assert sheet_of(pilot).state == "Signed, to be submitted"
    document = Document(BytesIO(b"".join(client.get(address("signoff-docx", pilot)))))
    words = "".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "签发" in words
    assert "Sign" not in words
