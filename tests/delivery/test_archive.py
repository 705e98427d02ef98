"""The archive volume of a project: its directory, the same bytes for the same project, sealed once."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.urls import reverse

from qingyuan.delivery import actions as verbs
from qingyuan.delivery import archive_parts, volume
from qingyuan.delivery.actions import archive as actions
from qingyuan.delivery.models import ArchiveVolume, Project
from qingyuan.kernel import clock, ledger, storage
from qingyuan.kernel.actions import Stale, WrongStage
from qingyuan.kernel.models import LedgerEntry
from qingyuan.papers.package import verify_package
from tests.delivery_maker import change_in, project_in
from tests.library_maker import SECRET, practice_in
from tests.people.strict import strict
from tests.summary_maker import summary_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def ended(delivery):
    change_in(delivery.maker, "approved")
    change_in(delivery.maker, "refused")
    return project_in(delivery.maker, "passed")


def archived(delivery, project):
    return actions.archive(project, by=delivery.province_handler, volume=volume.make(project))


def unpacked(made):
    with storage.open_blob(made.zip_sha256) as handle:
        return zipfile.ZipFile(io.BytesIO(handle.read()))


@pytest.mark.clause("N12")
def test_the_volume_holds_what_the_directory_names(delivery, ended):
    made = volume.make(ended)
    with storage.open_blob(made.zip_sha256) as handle:
        assert verify_package(handle) == []
    names = unpacked(made).namelist()
    papers = [name for name in names if "/" in name]
    assert len(papers) == len(made.directory)
    for wanted in (
        "01_启动/实施方案.docx", "01_启动/基线_第1版.docx", "01_启动/基线_第2版.docx", "03_变更/变更_01.docx",
        "03_变更/变更_02.docx", "06_评估验收/评估验收结论.docx", "09_台账/台账记录.json", "归档目录.docx",
    ):  # fmt: skip
        assert wanted in names
    assert {row["retention"] for row in made.directory} <= {"永久", "30年", "10年"}


def test_the_same_project_gives_the_same_bytes(delivery, ended):
    at = clock.now()
    first = volume.make(ended, at=at)
    again = volume.make(Project.objects.get(pk=ended.pk), at=at)
    assert (first.zip_sha256, first.directory_sha256) == (again.zip_sha256, again.directory_sha256)


def test_the_receipts_in_the_volume_hold(delivery, ended):
    found = json.loads(unpacked(volume.make(ended)).read("09_台账/台账记录.json"))
    told = {json.loads(one["body"])["verb"] for one in found}
    assert {"project.start", "project.ask_change", "change.approve", "change.refuse"} <= told
    assert [ledger.check_receipt(one) for one in found] == [[]] * len(found)


def test_a_sealed_volume_never_changes(delivery, ended, client):
    done = archived(delivery, ended)
    with pytest.raises(WrongStage):
        verbs.stop(done, by=delivery.province_signer, reason="演示")
    sealed = ArchiveVolume.objects.get()
    assert done.stage == "archived"
    entry = LedgerEntry.objects.get(verb="project.archive")
    assert sealed.zip_sha256 in entry.body
    assert sealed.directory_sha256 in entry.body
    assert ended.title not in entry.body
    client.force_login(delivery.park_handler, backend=BACKEND)
    url = reverse("delivery:archive-zip", args=[ended.pk])
    with clock.at("2023-01-01T09:00:00+08:00"):
        content = b"".join(client.get(url).streaming_content)
        assert storage.digest(io.BytesIO(content)).sha256 == sealed.zip_sha256


def test_a_paper_that_came_in_between_is_told(delivery, ended, monkeypatch):
    made = volume.make(ended)
    paper = archive_parts.Paper(
        name="后来的.txt", title="演示", author="", on=None, retention="10年", make=lambda: b"x"
    )
    monkeypatch.setattr(
        archive_parts, "_sources", [*archive_parts._sources, lambda _project: [("09_台账", paper)]]
    )
    with pytest.raises(Stale):
        actions.archive(ended, by=delivery.province_handler, volume=made)
    assert not ArchiveVolume.objects.exists()


def test_the_pages_show_the_directory_before_and_after(delivery, ended, client):
    client.force_login(delivery.province_handler, backend=BACKEND)
    url = reverse("delivery:archive", args=[ended.pk])
    page = client.get(url)
    strict(page)
    assert "评估验收结论" in page.content.decode()
    assert client.get(reverse("delivery:archive-zip", args=[ended.pk])).status_code == 404
    strict(client.get(reverse("delivery:archive-project", args=[ended.pk])))
    response = client.post(
        reverse("delivery:archive-project", args=[ended.pk]), {"revision": ended.revision, "key": "k" * 20}
    )
    assert response.status_code == 302
    page = client.get(url)
    strict(page)
    assert ArchiveVolume.objects.get().zip_sha256 in page.content.decode()
    for name in ("archive-docx", "archive-xlsx"):
        assert client.get(reverse(f"delivery:{name}", args=[ended.pk])).status_code == 200


def test_the_directory_costs_the_same_with_more_changes(delivery, client, django_assert_max_num_queries):
    change_in(delivery.maker, "approved")
    client.force_login(delivery.province_handler, backend=BACKEND)
    url = reverse("delivery:archive", args=[delivery.project.pk])
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    for _number in range(4):
        change_in(delivery.maker, "refused")
    with django_assert_max_num_queries(len(few)):
        client.get(url)


def test_the_report_and_the_cases_are_in_the_volume_as_sealed(delivery):
    summary = summary_in(delivery.maker, "handed_in")
    case = practice_in(delivery.maker, "published")
    volume_of = unpacked(volume.make(delivery.project))
    assert storage.digest(io.BytesIO(volume_of.read("07_经验/经验总结报告.docx"))).sha256 == (
        summary.document_sha256
    )
    kept = json.loads(volume_of.read("07_经验/典型案例_01.json"))
    assert kept == case.content
    assert SECRET not in json.dumps(kept, ensure_ascii=False)
