"""A received version on the screen: who reads it, what it says, and that its downloads are what was sealed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import html5lib
import pytest
from django.test import Client
from docx import Document

from qingyuan.kernel import ledger
from qingyuan.papers.package import verify_package
from qingyuan.pilots import actions, seal
from qingyuan.pilots.models import Submission

HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}\u202e=cmd()|演示"
PAGES = ["", "package/", "plan/", "receipt.docx", "receipt.json"]


@pytest.fixture
def client_of():
    def sign_in(user):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def submission(maker):
    return maker("park", stage="submitted").submissions.get()


def address(submission, page=""):
    return f"/submissions/{submission.pk}/{page}"


def content(response):
    """Reading a stream to its end closes it, as a browser would."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def strict(response):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(response.content.decode())


@pytest.mark.parametrize(
    "who", ["park_handler", "park_reviewer", "consultant", "province_handler", "reform_signer"]
)
@pytest.mark.parametrize("page", PAGES)
def test_applicant_service_body_and_both_departments_read_it(submission, world, client_of, who, page):
    response = client_of(world.people[who]).get(address(submission, page))
    assert response.status_code == 200
    assert content(response)


@pytest.mark.parametrize(
    "who", ["stranger", "city_all", "prefecture_handler", "state_handler", "expert", "operator"]
)
@pytest.mark.parametrize("page", PAGES)
def test_everybody_else_is_not_told_that_it_exists(submission, world, client_of, who, page):
    user = world.operator if who == "operator" else world.people[who]
    assert client_of(user).get(address(submission, page)).status_code == 404


@pytest.mark.clause("H1")
def test_the_applicant_finds_address_subject_and_package_ready_to_send(submission, world, client_of):
    response = client_of(world.park_handler).get(address(submission))
    text = response.content.decode()
    strict(response)
    for expected in (
        submission.register_label,
        submission.mail_subject,
        submission.package_name,
        submission.package_sha256,
        "call-2022@example.org",
        "将实施方案材料电子件，打包发送至联系人邮箱",
        f"第 {submission.ledger_seq} 号",
    ):
        assert expected in text
    for file in submission.manifest["files"]:
        assert file["name"] in text
        assert file["sha256"] in text
    assert "q-badge" in text


def test_the_departments_are_not_asked_to_send_mail(submission, world, client_of):
    assert 'id="mail"' not in client_of(world.province_handler).get(address(submission)).content.decode()


def test_the_package_comes_as_sealed_under_the_name_the_notice_wants(submission, world, client_of):
    from urllib.parse import quote

    response = client_of(world.province_handler).get(address(submission, "package/"))
    assert response.streaming
    assert response["Content-Type"] == "application/zip"
    assert quote(submission.package_name, safe="") in response["Content-Disposition"].replace(
        "%2B", quote("+")
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    data = content(response)
    assert hashlib.sha256(data).hexdigest() == submission.package_sha256
    assert verify_package(io.BytesIO(data)) == []
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_plan_and_receipt_open_in_word(submission, world, client_of):
    client = client_of(world.park_handler)
    plan = content(client.get(address(submission, "plan/")))
    assert hashlib.sha256(plan).hexdigest() == submission.plan_sha256
    receipt = Document(io.BytesIO(content(client.get(address(submission, "receipt.docx")))))
    text = "\n".join(cell.text for table in receipt.tables for row in table.rows for cell in row.cells)
    for expected in (submission.register_label, "河南省生态环境厅", submission.package_name, "2022年6月20日"):
        assert expected in text
    assert "/ledger/check/" in "\n".join(paragraph.text for paragraph in receipt.paragraphs)


def test_the_receipt_for_programs_proves_itself_against_the_head(submission, world, client_of):
    receipt = json.loads(content(client_of(world.park_handler).get(address(submission, "receipt.json"))))
    assert ledger.check_receipt(receipt, head_hash=ledger.head().hash) == []
    assert json.loads(receipt["body"])["payload"]["package_sha256"] == submission.package_sha256


def test_an_older_version_says_so_and_leads_to_the_current_one(maker, world, client_of):
    pilot = maker("park", stage="submitted")
    first = pilot.submissions.get()
    actions.reopen(pilot, by=world.park_handler)
    actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    actions.pass_review(maker.fresh(pilot), by=world.park_reviewer)
    actions.sign(maker.fresh(pilot), by=world.park_signer, no_state_secrets=True)
    pilot = maker.fresh(pilot)
    second = actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot))
    client = client_of(world.reform_handler)
    text = client.get(address(first)).content.decode()
    assert "已被新版本取代" in text
    assert address(second) in text
    assert "已被新版本取代" not in client.get(address(second)).content.decode()


def test_what_was_typed_stays_text(maker, world, client_of):
    pilot = maker("park", stage="submitted", name=HOSTILE[:80])
    submission = pilot.submissions.get()
    response = client_of(world.province_handler).get(address(submission))
    strict(response)
    assert "<script>alert" not in response.content.decode()
    for page in PAGES[1:]:
        response = client_of(world.province_handler).get(address(submission, page))
        assert response.status_code == 200
        assert "\n" not in response["Content-Disposition"]
        content(response)


def test_the_number_of_queries_does_not_grow_with_versions(
    maker, world, client_of, django_assert_max_num_queries
):
    pilot = maker("park", stage="submitted")
    client = client_of(world.park_handler)
    first = pilot.submissions.get()
    client.get(address(first))
    with django_assert_max_num_queries(20) as one:
        client.get(address(first))
    for version in (2, 3):
        Submission.objects.filter(pilot=pilot).update(is_current=False)
        Submission.objects.create(
            **{
                field.attname: getattr(first, field.attname)
                for field in Submission._meta.concrete_fields
                if field.name not in {"id", "version", "register_number", "is_current"}
            },
            version=version,
            register_number=version,
            is_current=True,
        )
    with django_assert_max_num_queries(20) as three:
        client.get(address(first))
    assert len(three) == len(one)
