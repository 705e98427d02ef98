"""What comes through the gate is stored once, whole, and read only when it is clean."""

from __future__ import annotations

import io
import socketserver
import threading
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qingyuan.kernel import storage
from qingyuan.kernel.gate import RefusedUpload, receive, serve
from qingyuan.kernel.gate.forms import UploadField
from qingyuan.kernel.gate.serve import NotReadable
from qingyuan.kernel.models import Upload
from tests.pilot_maker import small_pdf


@pytest.mark.sqlite
def test_the_same_bytes_are_stored_once_and_come_back_whole(world):
    first = receive(small_pdf(), by=world.park_handler, name="一.pdf")
    second = receive(small_pdf(), by=world.park_handler, name="二.pdf")
    assert first.sha256 == second.sha256
    assert list(storage.stored()).count(first.sha256) == 1
    response = serve(second)
    assert b"".join(response.streaming_content) == small_pdf().getvalue()
    assert "attachment" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    response.close()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("方案.docx", b"MZ\x90\x00" + b"\0" * 200, "Windows"),
        ("空.pdf", b"", "是空的"),
        ("图.png", b"<svg onload=alert(1)>", "png"),
    ],
)
def test_a_refusal_says_what_was_found_and_keeps_nothing(world, name, content, said):
    with pytest.raises(RefusedUpload) as refusal:
        receive(io.BytesIO(content), by=world.park_handler, name=name)
    assert said.lower() in refusal.value.reason.lower()
    assert name in refusal.value.reason
    assert not Upload.objects.exists()


def test_what_a_form_has_let_in_is_let_in_only_where_its_kind_is_wanted(world):
    """The form's look at a file counts for the gate too, but never for more than the gate allows there."""
    file = UploadField(allow=frozenset({"pdf"})).clean(SimpleUploadedFile("一.pdf", small_pdf().getvalue()))
    with pytest.raises(RefusedUpload) as refusal:
        receive(file, by=world.park_handler, allow=frozenset({"docx"}))
    assert refusal.value.content_code == "not_allowed_here"
    with pytest.raises(RefusedUpload):
        receive(file, by=world.park_handler, name="一.docx")
    assert receive(file, by=world.park_handler, allow=frozenset({"pdf"})).kind == "pdf"


def test_a_tiny_workbook_that_claims_a_whole_sheet_is_refused(world):
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "甲")
    sheet.write(1048575, 16383, "乙")
    book.close()
    with pytest.raises(RefusedUpload):
        receive(target, by=world.park_handler, name="宽.xlsx")


def test_a_zip_bomb_in_a_docx_is_refused_without_being_unpacked(world):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * (400 * 1024 * 1024 // 8))
    with pytest.raises(RefusedUpload):
        receive(target, by=world.park_handler, name="方案.docx")


class FakeClamd(socketserver.BaseRequestHandler):
    answer = b"stream: OK\0"

    def handle(self) -> None:
        self.request.recv(len(b"zINSTREAM\0"))
        while size := int.from_bytes(self._exactly(4), "big"):
            self._exactly(size)
        self.request.sendall(self.answer)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            data += self.request.recv(count - len(data))
        return data


@pytest.mark.parametrize(
    ("answer", "state"), [(b"stream: OK\0", "clean"), (b"stream: Eicar-Test-Signature FOUND\0", "refused")]
)
def test_with_a_scanner_nothing_is_readable_before_its_word(
    world, settings, django_capture_on_commit_callbacks, answer, state
):
    FakeClamd.answer = answer
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), FakeClamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.QINGYUAN_CLAMAV = f"127.0.0.1:{server.server_address[1]}"
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
        upload = receive(small_pdf(), by=world.park_handler, name="一.pdf")
        assert upload.stage == "pending"
        with pytest.raises(NotReadable, match="待查毒"):
            serve(upload)
        from qingyuan.kernel.gate.scanning import scan_pending

        assert scan_pending() == {upload.pk: state}
        server.shutdown()
    upload.refresh_from_db()
    if state == "refused":
        assert "Eicar" in upload.reason
        with pytest.raises(NotReadable):
            serve(upload)


@pytest.mark.parametrize("limit", [200_000, 90_000])
def test_a_file_over_the_limit_is_given_up_while_it_streams_and_the_form_survives(
    maker, world, settings, limit
):
    """Also one so large that the rest of it is not even read."""
    settings.QINGYUAN_UPLOAD_MAX_BYTES = limit
    pilot = maker("park", stage="drafting")
    client = Client()
    client.force_login(world.park_handler, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post(
        reverse("pilots:attachments", args=[pilot.pk]),
        {
            "purpose": "other",
            "title": "演示题目",
            "file": SimpleUploadedFile("大.pdf", b"%PDF-1.4" + b"0" * 500_000),
        },
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "超过单个文件上限" in page
    assert "演示题目" in page
    assert not Upload.objects.exists()


def test_a_scanner_out_of_reach_loses_no_upload(world, settings):
    settings.QINGYUAN_CLAMAV = "127.0.0.1:1"
    upload = receive(small_pdf(), by=world.park_handler, name="一.pdf")
    upload.refresh_from_db()
    assert upload.stage == "pending"
