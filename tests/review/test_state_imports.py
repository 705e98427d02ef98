"""A province that does not use the product: its list is read to the cell, its files are uploaded case by case."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.kernel.actions import Invalid
from qingyuan.review import actions
from qingyuan.review.bundles import list_table, rows_of
from qingyuan.review.models import Bundle, Case
from qingyuan.workbooks.read import read_table
from qingyuan.workbooks.write import write_table
from tests.house.test_route_matrix import body_of
from tests.review.state_rounds import state_round, taken_in
from tests.review.test_state_takes_in import client_of

GOOD = {
    "title": "演示外省园区试点",
    "applicant": "演示·青州园区管委会",
    "place": "演示市",
    "object_name": "演示园区",
    "enterprises": 12,
    "letter_number": "演示〔2022〕9号",
}


def workbook(round_, rows) -> bytes:
    target = io.BytesIO()
    table = list_table(round_.notice)
    category = round_.notice.categories[0].title
    write_table(target, table, [{"category": category, **row} for row in rows])
    return target.getvalue()


def posted(client, round_, content: bytes, **more):
    return client.post(
        reverse("review:import-bundle", args=[round_.pk]),
        {
            "region_code": "370000",
            "sender": "演示省厅、演示省委",
            "document_number": "",
            "file": SimpleUploadedFile("汇总表.xlsx", content),
            "key": "k1",
            **more,
        },
    )


@pytest.mark.clause("N7")
def test_a_list_becomes_cases_that_say_where_they_came_from(review):
    with state_round(review) as round_:
        client = client_of(review.state_handler)
        second = {**GOOD, "title": "演示外省流域试点", "enterprises": None}
        answer = posted(client, round_, workbook(round_, [GOOD, second]))
        assert answer.status_code == 302
        bundle = Bundle.objects.get()
        assert bundle.is_imported
        assert bundle.province == "山东省"
        cases = list(round_.cases.order_by("number"))
        assert [(case.number, case.title) for case in cases] == [(1, GOOD["title"]), (2, second["title"])]
        assert cases[0].pilot is None
        assert cases[0].stated["enterprises"] == 12
        assert cases[0].region_code == "370000"
        page = client.get(reverse("review:case-materials", args=[cases[0].pk])).content.decode()
        assert "该省没有使用本平台" in page
        assert client.get(cases[0].get_absolute_url()).status_code == 200


def test_every_bad_cell_is_named_at_once_and_nothing_is_imported(review):
    with state_round(review) as round_:
        client = client_of(review.state_handler)
        bad = [{**GOOD, "category": "没有的类别"}, {**GOOD, "title": "", "enterprises": "十二"}]
        answer = posted(client, round_, workbook(round_, bad))
        body = answer.content.decode()
        assert answer.status_code == 422
        assert "清单有 3 处需要改正" in body
        assert "没有的类别" in body
        assert "十二" in body
        assert Case.objects.filter(round=round_).count() == 0
        address = body.split('href="')[1:]
        (marked,) = [one.split('"')[0] for one in address if "marked.xlsx" in one.split('"')[0]]
        back = client.get(marked)
        with zipfile.ZipFile(io.BytesIO(body_of(back))) as book:
            assert book.read("xl/comments1.xml").count(b"<comment ") == 3
        # The list of one officer is not another's.
        assert client_of(review.ndrc_signer).get(marked).status_code == 302


def test_the_template_reads_back_and_names_every_category(review):
    with state_round(review) as round_:
        client = client_of(review.state_handler)
        answer = client.get(reverse("review:bundle-template", args=[round_.pk]))
        reading = read_table(body_of(answer), list_table(round_.notice))
        assert [problem.expected for problem in reading.problems] == ["至少一行数据"]


def test_the_same_project_is_not_taken_twice_and_a_province_on_the_platform_not_imported(review):
    with taken_in(review) as round_:
        known = round_.cases.first()
        reading = read_table(
            workbook(round_, [{**GOOD, "title": known.title, "applicant": known.applicant_name}]),
            list_table(round_.notice),
        )
        upload = review.maker.upload(by=review.state_handler, name="a.pdf")
        with pytest.raises(Invalid) as caught:
            actions.import_bundle(
                round_,
                by=review.state_handler,
                region_code="410000",
                sender="",
                document_number="",
                rows=rows_of(round_.notice, reading, province="410000"),
                workbook=upload,
            )
        said = [problem.message for problem in caught.value.problems]
        assert len(said) == 3
        assert any("已在平台上接收" in one for one in said)
        assert any("已在本轮评审中" in one for one in said)


def test_plan_and_letter_are_uploaded_and_read_back(review):
    with state_round(review) as round_:
        client = client_of(review.state_handler)
        posted(client, round_, workbook(round_, [GOOD]))
        case = round_.cases.get()
        round_page = client.get(reverse("review:round", args=[round_.pk])).content.decode()
        assert "1 个项目还没有上传方案" in round_page
        upload = review.maker.upload(by=review.state_handler, name="方案.pdf")
        actions.attach_file(case, by=review.state_handler, kind="plan", upload=upload)
        with pytest.raises(Invalid, match="1 处"):
            actions.attach_file(case, by=review.state_handler, kind="plan", upload=upload)
        answer = client.get(reverse("review:bundle-file", args=[case.pk, 1]))
        assert answer.status_code == 200
        assert body_of(answer).startswith(b"%PDF")
        assert (
            client_of(review.province_handler)
            .get(reverse("review:bundle-file", args=[case.pk, 1]))
            .status_code
            == 404
        )


def test_a_case_with_a_sealed_version_takes_no_other_plan(review):
    with taken_in(review) as round_:
        upload = review.maker.upload(by=review.state_handler, name="方案.pdf")
        with pytest.raises(Invalid) as caught:
            actions.attach_file(round_.cases.first(), by=review.state_handler, kind="plan", upload=upload)
        assert "以封存的版本为准" in caught.value.problems[0].message
