"""What audits, data, the account and the credits give to those who quote: facts, reports, the filing, the archive volume."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document

from qingyuan.audits import actions as datasets
from qingyuan.delivery import actions as verbs
from qingyuan.delivery import archive_parts, audited, calendar, facts, handing_in, progress_parts, volume
from qingyuan.delivery.models import Project, Summary
from qingyuan.delivery.summary_text import begin
from qingyuan.kernel import quotables, storage
from qingyuan.papers import quoting
from qingyuan.review import archive as rounds
from qingyuan.review.models import Case
from tests import acceptance_maker
from tests.account_maker import codes_of, logged
from tests.dataset_maker import content_of, workbook
from tests.delivery_maker import change_in, conclude, project_in
from tests.library_maker import practice_in
from tests.people.strict import strict
from tests.pilot_maker import credit_code
from tests.reserve_maker import project_in as reserve_in
from tests.review_of_audits_maker import review_in
from tests.schemes_maker import bring, propose
from tests.summary_maker import summary_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def audits(delivery):
    """One enterprise with its only scheme done and its evaluation passed; a second one with a scheme proposed."""
    review_in(delivery.maker, "passed", number=1)
    propose(delivery.maker, number=2, kind="high")
    return delivery


def shown(project):
    return {name: fact.shown for name, fact in facts.of(project).items()}


@pytest.mark.clause("N10", "N12")
def test_schemes_evaluations_and_reserve_can_be_quoted(audits):
    found = shown(audits.project)
    assert (found["schemes.low"], found["schemes.low.done"]) == ("1 项", "1 项")
    assert (found["schemes.high"], found["schemes.high.done"]) == ("1 项", "0 项")
    assert found["schemes.measured.invest_wan_cny"] == "3 万元"
    assert found["schemes.planned.invest_wan_cny"] == "122.5 万元"
    assert (found["audits.evaluated"], found["audits.accepted"]) == ("1 家", "0 家")
    assert "schemes.measured.water_t" not in found  # nobody states it: not zero
    reserve_in(audits.maker, "financed")
    found = shown(audits.project)
    assert (found["reserve"], found["reserve.financed"], found["reserve.wan_cny"]) == (
        "1 项",
        "1 项",
        "150 万元",
    )
    key = facts.key(audits.project, "audits.evaluated")
    assert quotables.resolve([key])[key].value == "1 家"
    assert all(fact.source and fact.url for fact in facts.of(audits.project).values() if fact.value)


def test_who_left_the_scope_counts_in_nothing(audits):
    audits.project.scope.filter(enterprise__credit_code=credit_code(1)).update(dropped_on=date(2022, 9, 19))
    found = shown(audits.project)
    assert (found["schemes.low"], found["audits.evaluated"]) == ("0 项", "0 家")
    assert "schemes.measured.invest_wan_cny" not in found
    assert [one.enterprise.credit_code for one in audited.schemes(audits.project)] == [credit_code(2)]


def test_the_queries_do_not_grow(audits):
    def cost():
        with CaptureQueriesContext(connection) as found:
            facts.of(Project.objects.select_related("pilot__call__joint_body").get(pk=audits.project.pk))
        return len(found)

    few = cost()
    for number in range(12):
        bring(audits.maker, propose(audits.maker, number=1 + number % 3, title=f"演示{number}"), "done")
    assert cost() == few


@pytest.mark.clause("N10")
def test_a_progress_report_says_what_was_done_in_its_period(audits):
    def told(starts, ends):
        period = calendar.Period(starts, ends, ends)
        parts = {one["slug"]: dict(one["facts"]) for one in progress_parts.of(audits.project, period)}
        return parts["schemes"]

    within = told(date(2022, 6, 1), date(2022, 6, 30))
    assert within["本期完成方案"] == "无/低费 1 项，中/高费 0 项"
    assert within["累计完成方案"] == "无/低费 1/1 项，中/高费 0/1 项"
    assert (within["本期通过"], within["累计通过"]) == ("评估 1 家，验收 0 家",) * 2
    later = told(date(2022, 7, 1), date(2022, 9, 30))
    assert later["本期完成方案"] == "无/低费 0 项，中/高费 0 项"
    assert (later["本期通过"], later["累计通过"]) == ("评估 0 家，验收 0 家", "评估 1 家，验收 0 家")


@pytest.mark.clause("N12")
def test_a_summary_begins_with_the_schemes_and_the_account(audits):
    logged(audits.maker, audits.project, codes=codes_of(audits.project), person_days=30)
    results = begin(audits.project, facts.of(audits.project))["results"]
    names = {name for name, _field in quoting.quoted(results)}
    assert {"fact:schemes.low.done", "fact:audits.evaluated", "fact:account.sentence.0"} <= names
    assert "fact:schemes.measured.invest_wan_cny" in names


@pytest.mark.clause("N12")
def test_what_was_sealed_is_marked_where_the_data_went_on(delivery, client):
    one = summary_in(delivery.maker, "handed_in")
    client.force_login(delivery.park_handler, backend=BACKEND)
    address = (
        one.get_absolute_url() if hasattr(one, "get_absolute_url") else f"/projects/{one.project_id}/summary/"
    )
    assert "有更新" not in client.get(address).content.decode()
    assert facts.moved(delivery.project, one.content["facts"]) == []
    delivery.project.scope.filter(enterprise__credit_code=credit_code(1)).update(dropped_on=date(2022, 9, 19))
    again = Summary.objects.get(pk=one.pk)
    moved = facts.moved(delivery.project, again.content["facts"])
    assert [(each.label, each.was, each.now) for each in moved] == [("范围内企业数", "3 家", "2 家")]
    page = client.get(address)
    strict(page)
    assert "封存之后有更新的数据" in page.content.decode()


def test_the_public_page_of_a_case_shows_what_was_sealed_alone(delivery, client):
    one = practice_in(delivery.maker, "published")
    delivery.project.scope.update(dropped_on=date(2022, 9, 19))
    assert "有更新" not in client.get(one.public_url).content.decode()
    client.force_login(delivery.park_handler, backend=BACKEND)
    inside = client.get(one.get_absolute_url())
    strict(inside)
    assert "有更新" in inside.content.decode()


def parts_of(project):
    return {part.id: part for part in handing_in.parts_of(project)}


def with_data(delivery):
    by = delivery.park_handler
    made = datasets.begin_dataset(
        delivery.project.pilot, by=by, template="region", title="演示数据", year=2022
    )
    names = tuple(f"演示企业{number}有限公司" for number in range(1, 7))
    content = content_of(names)
    upload = delivery.maker.upload(by=by, name="演示数据.xlsx", file=workbook(content))
    datasets.import_workbook(made, by=by, content=content, upload=upload)
    return datasets.fix_version(made, by=by)


@pytest.mark.clause("N11")
def test_the_filing_is_prefilled_from_the_spine(audits):
    assert not {"account", "datasets"} & parts_of(audits.project).keys()
    logged(audits.maker, audits.project, codes=codes_of(audits.project), person_days=30)
    version = with_data(audits)
    found = parts_of(audits.project)
    assert ["无/低费方案完成", "1/1", "项"] in [list(row) for row in found["schemes"].rows]
    assert [row[1:] for row in found["audits"].rows] == [
        ["1/1", "0/0", "通过 2022-06-19", "—"], ["0/0", "0/1", "—", "—"], ["0/0", "0/0", "—", "—"],
    ]  # fmt: skip
    assert any("90" in cell or "30" in cell for row in found["account"].rows for cell in row)
    assert found["account"].note
    assert [row[-1] for row in found["datasets"].rows] == [version.content_sha256]


def test_a_pilot_without_audits_says_nothing_of_them(delivery):
    assert not {"schemes", "audits", "account", "datasets"} & parts_of(delivery.project).keys()


def papers(project):
    return {f"{folder}/{paper.name}": paper for folder, paper in archive_parts.of(project)}


def text_of(data):
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.clause("N10", "N12")
def test_the_volume_holds_schemes_sittings_data_and_credits(audits):
    version = with_data(audits)
    project = audits.project
    conclude(
        audits.maker, project, exclusions=[{"credit_code": credit_code(3), "reason": "演示：审核未完成"}]
    )
    project = project_in(audits.maker, "passed")
    verbs.credit(project, by=audits.province_handler)
    found = papers(project)
    schemes = text_of(found["02_过程/清洁生产方案.docx"].make())
    assert "WD1" in schemes
    assert "ZG1" in schemes
    sittings = text_of(found["04_企业/企业评估验收.docx"].make())
    assert "通过" in sittings
    data = text_of(found["04_企业/审核数据版本.docx"].make())
    assert version.content_sha256 in data
    assert "75" in data  # six of them together
    assert "演示企业1" not in data  # and nothing of a single one
    credited = text_of(found["04_企业/计入审核.docx"].make())
    assert "演示：审核未完成" in credited
    assert credited.count("已计入") == 2
    made = volume.make(project)
    with storage.open_blob(made.zip_sha256) as handle:
        assert set(found) <= set(zipfile.ZipFile(io.BytesIO(handle.read())).namelist())


@pytest.mark.clause("N11", "N12")
def test_the_sealed_filing_stands_in_the_volume_and_in_the_archive_of_the_round(maker):
    with acceptance_maker.accepting(maker) as accepting:
        acceptance_maker.rectification_in(maker, "accepted")
        found = papers(accepting.project)
        sealed = found["06_评估验收/验收材料_第1次提交.json"]
        assert sealed.make() == archive_parts.as_json(accepting.filing.content)
        assert accepting.filing.content_sha256 in text_of(found["06_评估验收/验收材料_第1次提交.docx"].make())
        assert "演示：已补充" in text_of(found["06_评估验收/整改_第1次.docx"].make())
        assert "06_评估验收/佐证1-1.pdf" in found
        of_case = {paper.name for paper in rounds.of_case(accepting.case)}
        wanted = {"验收材料_第1次提交.json", "验收材料_第1次提交.docx", "整改_第1次.docx", "佐证1-1.pdf"}
        assert wanted <= of_case
        assert wanted <= {paper.name for _folder, paper in rounds.of_round(accepting.round)}
        selection = Case.objects.filter(content={}).first() or Case.objects.get(pk=accepting.project.case_id)
        assert not wanted & {paper.name for paper in rounds.of_case(selection)}


def test_a_change_of_the_scope_changes_what_is_archived(audits):
    change_in(audits.maker, "approved")
    before = text_of(papers(audits.project)["02_过程/清洁生产方案.docx"].make())
    audits.project.scope.filter(enterprise__credit_code=credit_code(2)).update(dropped_on=date(2022, 9, 19))
    after = text_of(papers(audits.project)["02_过程/清洁生产方案.docx"].make())
    assert "ZG1" in before
    assert "ZG1" not in after
