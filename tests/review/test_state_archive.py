"""The papers a review leaves: the dossier of a case, the volumes to bind, the archive volume with its directory."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.urls import reverse

from qingyuan.kernel.models import LedgerEntry
from qingyuan.papers.ledger_receipt import check_receipt
from qingyuan.review import actions, archive
from qingyuan.review.models import Round
from tests.house.test_route_matrix import body_of
from tests.review.state_rounds import released, taken_in
from tests.review.test_state_takes_in import client_of


def words_of(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return package.read("word/document.xml").decode()


@pytest.mark.clause("N7")
@pytest.mark.clause("H2")
def test_the_volumes_are_those_that_the_notices_ask_for(review):
    case = review.cases[0]
    client = client_of(review.province_handler)
    page = client.get(reverse("review:case-papers", args=[case.pk])).content.decode()
    assert "省生态环境厅，5 份" in page
    assert "生态环境部或国家发展改革委，2 份" in page
    assert "合订胶装成册" in page
    kit = words_of(body_of(client.get(reverse("review:binding-kit", args=[case.pk, "national-paper"]))))
    assert kit.index("实施方案") < kit.index("省级生态环境和发展改革部门推荐函")
    assert "合订胶装成册" in kit
    assert client.get(reverse("review:binding-kit", args=[case.pk, "nothing"])).status_code == 302


def test_the_dossier_holds_what_its_page_lists_and_every_hash_fits(review):
    import hashlib

    with taken_in(review) as round_:
        case = round_.cases.order_by("number").first()
        client = client_of(review.state_handler)
        page = client.get(reverse("review:case-papers", args=[case.pk])).content.decode()
        with zipfile.ZipFile(
            io.BytesIO(body_of(client.get(reverse("review:case-dossier", args=[case.pk]))))
        ) as z:
            manifest = json.loads(z.read("manifest.json"))
            names = [file["name"] for file in manifest["files"]]
            for file in manifest["files"]:
                assert hashlib.sha256(z.read(file["name"])).hexdigest() == file["sha256"]
        papers = archive.of_case(case)
        assert len(names) == len(papers) == page.count('data-label="保管期限"')
        assert "实施方案.docx" in names
        assert "河南省清洁生产审核创新试点项目推荐函.docx" in names


def test_the_receipts_in_a_dossier_can_be_checked_by_anybody(review):
    released(review)
    case = review.cases[0]
    (paper,) = [one for one in archive.of_case(case) if one.name == "台账记录.json"]
    receipts = json.loads(paper.make())
    assert all(check_receipt(receipt) == [] for receipt in receipts)


@pytest.mark.clause("H2")
def test_a_published_round_is_archived_with_its_directory_in_the_ledger(review):
    released(review)
    round_ = Round.objects.get(pk=review.round.pk)
    client = client_of(review.province_handler)
    page = client.get(reverse("review:archive", args=[round_.pk])).content.decode()
    entries = archive.directory(round_)
    assert page.count("<tr>") == len(entries) + 1
    assert {"永久", "30年", "10年"} == {entry.retention for entry in entries}
    with zipfile.ZipFile(
        io.BytesIO(body_of(client.get(reverse("review:archive-zip", args=[round_.pk]))))
    ) as z:
        files = json.loads(z.read("manifest.json"))["files"]
    # The directory itself comes as Word and Excel, ahead of what it lists.
    assert len(files) == len(entries) + 2
    assert client.get(reverse("review:archive-xlsx", args=[round_.pk])).content[:2] == b"PK"
    answer = client.post(
        reverse("review:archive-round", args=[round_.pk]), {"key": "k", "revision": round_.revision}
    )
    assert answer.status_code == 302
    round_.refresh_from_db()
    assert round_.stage == "archived"
    payload = json.loads(LedgerEntry.objects.get(verb="round.archive").body)["payload"]
    assert payload["entries"] == len(entries)
    assert not actions.archive.allowed(review.province_handler, round_).ok


def test_the_sheet_of_a_concluded_form_check_is_among_the_papers_here_and_at_the_state(review):
    from qingyuan.review.actions import formcheck
    from tests.house.cases.review_formcheck import judged

    case, by = review.cases[0], review.province_handler
    check = formcheck.begin(case, by=by)
    check = formcheck.judge(check, by=by, **judged(check))
    name = f"形式校核意见表_{case.label}.docx"
    assert name not in [paper.name for paper in archive.of_case(case)]
    formcheck.pass_check(check, by=by)
    with taken_in(review) as round_:
        onward = round_.cases.order_by("number").first()
        (sheet,) = [paper for paper in archive.of_case(onward) if paper.name == name]
        assert case.title in words_of(sheet.make())
