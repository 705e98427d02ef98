"""The dossier of a case holds its whole way: what the departments decided, where the team went, every name once."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.urls import reverse

from qingyuan.review import actions, archive
from qingyuan.review.models import Case
from tests.house.test_route_matrix import body_of
from tests.people.strict import client_of
from tests.review.state_rounds import released, taken_in
from tests.review.test_decisions import fresh
from tests.visit_maker import take

pytestmark = pytest.mark.django_db


def words_of(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return package.read("word/document.xml").decode()


def papers_of(case):
    return {paper.name: paper for paper in archive.of_case(case)}


@pytest.mark.clause("H2")
@pytest.mark.clause("N9")
def test_the_states_dossier_holds_the_provinces_decision_on_this_project_and_on_no_other(review):
    with taken_in(review) as round_:
        case = round_.cases.order_by("number").first()
        others = [one for one in Case.objects.filter(round=review.round) if one.pk != case.origin_id]
        (name,) = [one for one in papers_of(case) if one.startswith("会同决定_")]
        with zipfile.ZipFile(
            io.BytesIO(
                body_of(client_of(review.state_handler).get(reverse("review:case-dossier", args=[case.pk])))
            )
        ) as book:
            sheet = words_of(book.read(name))
            listed = [file["name"] for file in json.loads(book.read("manifest.json"))["files"]]
    assert name in listed
    assert case.title in sheet
    assert not any(other.title in sheet for other in others)
    decision = fresh(case.origin.decision_items.get().decision)
    assert decision.content_sha256 in sheet
    for body in (review.henan_ecology, review.henan_reform):
        assert body.name in sheet
    assert "同意" in sheet


def test_a_project_that_was_not_selected_has_its_decision_with_the_reason(review):
    decision = released(review)
    item = next(one for one in decision.items.select_related("case") if one.outcome == "not_selected")
    (sheet,) = [paper.make() for name, paper in papers_of(item.case).items() if name.startswith("会同决定_")]
    assert item.reason in words_of(sheet)
    assert not any("推荐函" in name for name in papers_of(item.case))


def test_notice_and_report_of_a_visit_are_in_the_dossier_once_they_exist(review):
    case = review.cases[0]
    visit = take(review, case, until="planned")
    assert not any("现场调查" in name for name in papers_of(case))
    actions.notify_visit(visit, by=review.province_handler)
    assert [name for name in papers_of(case) if "现场调查" in name] == [f"现场调查通知_{case.label}.docx"]
    visit.items.update(answer="consistent")
    visit.refresh_from_db()
    actions.conclude_visit(visit, by=review.reform_handler, conclusion="演示：总体相符")
    found = papers_of(case)
    report = found[f"现场调查报告_{case.label}.docx"]
    assert "演示：总体相符" in words_of(report.make())


def test_two_papers_of_one_name_are_kept_apart():
    kept = [
        archive.Paper(name=name, title="", author="", on=None, retention="")
        for name in ("意见.docx", "意见.docx", "无后缀", "无后缀", "意见.docx")
    ]
    assert [one.name for one in archive.named_apart(kept)] == [
        "意见.docx",
        "意见（2）.docx",
        "无后缀",
        "无后缀（2）",
        "意见（3）.docx",
    ]
