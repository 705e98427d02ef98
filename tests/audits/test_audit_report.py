"""The report of a whole audit: seven chapters filled from the record, the same bytes each time, and what lacks is said."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document

from qingyuan.audits.models import RawRead
from qingyuan.audits.reports import compose, document
from qingyuan.audits.reports.compose import CHAPTERS
from qingyuan.audits.running.worker import Worker, work
from qingyuan.kernel import clock
from tests.pilots.workspace import parsed, signed_in
from tests.run_maker import asked, fresh, run_in
from tests.schemes_maker import scheme_in


@pytest.fixture
def computed(maker, world):
    """A region's result as the engine gave it."""
    run = asked(maker)
    assert work(Worker()) == 1
    return fresh(run)


def words_of(data):
    opened = Document(io.BytesIO(data))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return [one.text for one in opened.paragraphs], cells


@pytest.mark.clause("N3c")
def test_the_chapters_are_those_that_auditors_know_and_say_what_was_computed(computed):
    texts, cells = words_of(document(compose(computed)))
    found = [text for text in texts if text in {f"{n} {title}" for n, title in enumerate(CHAPTERS, start=1)}]
    assert found == [f"{n} {title}" for n, title in enumerate(CHAPTERS, start=1)]
    assert texts[0] == "区域流域清洁生产协同审核报告"
    chosen = computed.findings.get(key="select:chosen")
    assert any("演示方案" in cell for cell in cells)
    assert sum("演示方案" in cell for cell in cells) == int(chosen.shown)
    assert "37.5" in cells, "three times 12.5 t of ammonia nitrogen, added up and not typed"
    assert computed.result_sha256[:16] in cells
    assert any(text.startswith("图 1") for text in texts)


def test_the_same_record_gives_the_same_bytes(computed):
    first = document(compose(computed))
    with clock.at("2022-06-29T18:00:00+08:00"):
        assert document(compose(fresh(computed))) == first


def test_what_lacks_is_said_with_the_place_where_it_is_entered(maker, world, computed):
    report = compose(computed)
    lacking = {one.what: one.url for draft in report.chapters for one in draft.missing}
    pilot = computed.dataset.pilot_id
    assert lacking["没有大气环境响应"] == f"/datasets/{computed.dataset_id}/tables/receptors/"
    assert lacking["没有已确定实施的方案"] == f"/pilots/{pilot}/schemes/"
    texts, _cells = words_of(document(report))
    assert sum(text.startswith("〔待补〕") for text in texts) == report.missing - len(report.annex_missing)
    assert "还没有方案。" in texts
    page = signed_in(world.park_handler).get(f"/runs/{computed.pk}/report/")
    parsed(page)
    shown = page.content.decode()
    assert all(f'href="{url}"' in shown for url in lacking.values())


@pytest.mark.clause("N3c")
def test_the_performance_sheet_is_an_annex_of_all_its_columns_on_a_landscape_page(maker, world):
    scheme = scheme_in(maker, "done")
    run = run_in(maker, "done")
    run.dataset.pilot = scheme.pilot  # the report of whatever pilot has both
    data = document(compose(run))
    annex = Document(io.BytesIO(data)).tables[-1]
    heads = [cell.text for cell in annex.rows[0].cells]
    assert len(heads) == 1 + 21
    assert heads[1] == "序号"
    assert heads[-1] == "其他"
    assert scheme.title in [cell.text for cell in annex.rows[1].cells]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("word/document.xml").decode().count('w:orient="landscape"') == 1


def test_who_is_not_named_reads_no_report_and_each_reading_is_noted(world, computed):
    for path in ("report/", "report.docx"):
        assert signed_in(world.park_signer).get(f"/runs/{computed.pk}/{path}").status_code == 404
        assert signed_in(world.province_handler).get(f"/runs/{computed.pk}/{path}").status_code == 404
    before = RawRead.objects.count()
    answer = signed_in(world.park_handler).get(f"/runs/{computed.pk}/report.docx")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert RawRead.objects.count() == before + 1


def test_an_unfinished_computation_has_no_report(maker, world):
    run = run_in(maker, "running")
    assert signed_in(world.park_handler).get(f"/runs/{run.pk}/report/").status_code == 404
