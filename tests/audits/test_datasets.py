"""A pilot's data: a workbook in and out, rows typed, versions fixed, everything read by who is named."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse

from qingyuan.audits import actions, datasets, drafts
from qingyuan.audits.models import Dataset, DatasetVersion
from qingyuan.kernel.actions import Invalid, NotAllowed, WrongStage
from qingyuan.kernel.models import LedgerEntry
from qingyuan.workbooks import collected as books
from tests.dataset_maker import ENTERPRISES, content_of, dataset_in, fresh, pilot_with_scope, taken, workbook
from tests.house.test_route_matrix import body_of, client_of


@pytest.fixture
def dataset(maker):
    return dataset_in(maker)


def table(dataset, name):
    return datasets.table_of(dataset, name)


def row_of(dataset, name, position=0):
    return dataset.rows.get(table=name, position=position)


def change(row, column, text):
    return drafts.Change(row.pk, column, text, row.revision)


@pytest.mark.clause("N3c")
def test_a_workbook_becomes_rows_and_a_version_is_the_same_workbook_again(dataset, world, tmp_path):
    version = actions.fix_version(dataset, by=world.park_handler)
    assert version.content_sha256 == content_of().fingerprint
    with (tmp_path / "out.xlsx").open("wb") as target:
        datasets.write(version, target)
    again = books.read_workbook("region", tmp_path / "out.xlsx")
    assert not again.problems
    assert again.collected.fingerprint == version.content_sha256
    typed = datasets.tables(version)
    assert list(typed["enterprises"].columns["enterprise"]) == list(ENTERPRISES)
    assert str(typed["emissions"].columns["discharge_t"][0]) == "12.5"
    assert fresh(dataset).stage == Dataset.Stage.READY


def test_a_version_that_was_tampered_with_is_not_given_out(dataset, world):
    version = actions.fix_version(dataset, by=world.park_handler)
    held = version.tables.get(name="emissions")
    held.rows[0][3] = "1"
    held.save()
    with pytest.raises(datasets.Damaged):
        datasets.tables(DatasetVersion.objects.get(pk=version.pk))


def test_all_problems_of_a_workbook_are_told_at_once_and_come_back_marked(dataset, world, maker):
    content = content_of(discharge="很多")
    broken = books.Collected(template="region", sheets=content.sheets)

    target = io.BytesIO()
    write_raw(target, broken)
    client = client_of(world.park_handler)
    target.seek(0)
    target.name = "错.xlsx"
    before = LedgerEntry.objects.count()
    response = client.post(reverse("audits:import-workbook", args=[dataset.pk]), {"file": target})
    text = response.content.decode()
    assert response.status_code == 422
    assert text.count("很多") >= 3
    assert LedgerEntry.objects.count() == before
    link = text.split('marked.xlsx"')[0].rpartition('href="')[2] + "marked.xlsx"
    marked = body_of(client.get(link))
    assert marked[:2] == b"PK"
    assert client_of(world.park_lead).get(link).status_code == 404


def write_raw(target, content):
    """Whatever the cells hold."""
    import xlsxwriter

    book = xlsxwriter.Workbook(target)
    titles = {one.name: one.sheet for one in books.tables(content.template)}
    for sheet in content.sheets:
        page = book.add_worksheet(titles[sheet.name])
        for number, row in enumerate([sheet.columns, *sheet.rows]):
            page.write_row(number, 0, [cell or "" for cell in row])
    book.close()


def test_what_lacks_for_computing_is_said_when_it_is_to_be_fixed(maker, world):
    empty = dataset_in(maker, title="空的", fill=False)
    actions.take_scope(empty, by=world.park_handler)
    assert empty.rows.filter(table="enterprises", enterprise__isnull=False).count() == 3
    with pytest.raises(Invalid) as refused:
        actions.fix_version(empty, by=world.park_handler)
    assert "污染排放" in " ".join(problem.message for problem in refused.value.problems)


def test_cells_are_typed_checked_and_never_overwritten(dataset, world):
    emissions = table(dataset, "emissions")
    row = row_of(dataset, "emissions")
    saved = drafts.save_cells(
        dataset, table=emissions, changes=[change(row, "discharge_t", "15.0")], by=world.park_handler
    )
    assert saved[0].values["discharge_t"] == "15"
    assert saved[0].revision == row.revision + 1
    with pytest.raises(drafts.RowChanged) as conflict:
        drafts.save_cells(
            dataset, table=emissions, changes=[change(row, "discharge_t", "16")], by=world.park_handler
        )
    assert conflict.value.cells[0][2:] == ("15", "16")
    fresh_row = row_of(dataset, "emissions")
    with pytest.raises(Invalid) as refused:
        drafts.save_cells(
            dataset,
            table=emissions,
            changes=[
                change(fresh_row, "discharge_t", "十五"),
                change(fresh_row, "medium", "土"),
                change(fresh_row, "pollutant", ""),
            ],
            by=world.park_handler,
        )
    assert len(refused.value.problems) == 3
    assert row_of(dataset, "emissions").values["discharge_t"] == "15"


def test_who_is_not_named_writes_nothing_and_a_fixed_dataset_takes_nothing(dataset, world):
    row = row_of(dataset, "emissions")
    emissions = table(dataset, "emissions")
    for who in ("park_lead", "consultant", "stranger", "province_handler"):
        with pytest.raises(NotAllowed):
            drafts.save_cells(
                dataset,
                table=emissions,
                changes=[change(row, "discharge_t", "1")],
                by=getattr(world, who),
            )
    actions.fix_version(dataset, by=world.park_handler)
    with pytest.raises(WrongStage):
        drafts.save_cells(
            fresh(dataset),
            table=emissions,
            changes=[change(row, "discharge_t", "1")],
            by=world.park_handler,
        )


def test_two_versions_are_compared_cell_by_cell(dataset, world):
    actions.fix_version(dataset, by=world.park_handler)
    dataset = fresh(dataset)
    actions.resume_dataset(dataset, by=world.park_handler)
    dataset = fresh(dataset)
    drafts.save_cells(
        dataset,
        table=table(dataset, "enterprises"),
        changes=[change(row_of(dataset, "enterprises"), "county", "另一演示县")],
        by=world.park_handler,
    )
    drafts.remove_row(
        dataset, row=(gone := row_of(dataset, "reaches", 1)).pk, revision=gone.revision, by=world.park_handler
    )
    drafts.add_row(
        dataset,
        table=table(dataset, "reaches"),
        values={"reach": "R2", "length_m": "900", "velocity_m_s": "0.2", "k_per_day": "0.1", "inflow_m3_s": "1", "inflow_conc_mg_l": "0"},
        by=world.park_handler,
    )  # fmt: skip
    second = actions.fix_version(fresh(dataset), by=world.park_handler)
    found = {one.title: one for one in datasets.difference(content_of(), datasets.collected(second))}
    assert [(one.before, one.after) for one in found["企业"].changed] == [("演示县", "另一演示县")]
    reaches = next(one for title, one in found.items() if "河段" in title)
    assert {(one.before, one.after) for one in reaches.changed} >= {("2000", "900"), ("0.4", "0")}
    page = client_of(world.park_handler).get(reverse("audits:version-difference", args=[dataset.pk, 2]))
    assert "另一演示县" in page.content.decode()


def test_the_same_data_are_not_fixed_twice(dataset, world):
    actions.fix_version(dataset, by=world.park_handler)
    actions.resume_dataset(fresh(dataset), by=world.park_handler)
    with pytest.raises(Invalid, match="需要改正"):
        actions.fix_version(fresh(dataset), by=world.park_handler)


def test_a_named_unit_reads_only_while_its_authorisation_is_in_force(dataset, world):
    url = reverse("audits:grid", args=[dataset.pk, "emissions"])
    assert client_of(world.consultant).get(url).status_code == 404
    actions.name_access(dataset, by=world.park_lead, organisation=world.service)
    assert client_of(world.consultant).get(url).status_code == 200
    from qingyuan.kernel import clock

    with clock.at("2023-02-01T09:00:00+08:00"):
        assert (
            client_of(type(world.consultant).objects.get(pk=world.consultant.pk)).get(url).status_code == 404
        )


def test_every_reading_is_noted_with_whose_figures_they_were(dataset, world):
    client = client_of(world.park_handler)
    client.get(reverse("audits:grid", args=[dataset.pk, "emissions"]))
    client.get(reverse("audits:row", args=[dataset.pk, row_of(dataset, "emissions").pk]))
    body_of(client.get(reverse("audits:dataset-workbook", args=[dataset.pk])))
    found = list(dataset.reads.order_by("pk"))
    assert [one.everybody for one in found] == [False, False, True]
    assert [one.enterprises.count() for one in found] == [3, 1, 0]
    log = client_of(world.park_lead).get(reverse("audits:reads", args=[dataset.pk])).content.decode()
    assert log.count("演示园区经办") >= 3


def test_the_grid_saves_without_scripts_and_cell_by_cell(dataset, world):
    client = client_of(world.park_handler)
    url = reverse("audits:grid", args=[dataset.pk, "emissions"])
    row = row_of(dataset, "emissions")
    posted = {f"c.{row.pk}.discharge_t": "20", f"r.{row.pk}": row.revision}
    assert client.post(url, posted).status_code == 302
    assert row_of(dataset, "emissions").values["discharge_t"] == "20"
    stale = client.post(url, {f"c.{row.pk}.discharge_t": "21", f"r.{row.pk}": row.revision})
    assert stale.status_code == 409
    assert "20" in stale.content.decode()
    row = row_of(dataset, "emissions")
    answer = client.post(
        url, {f"c.{row.pk}.discharge_t": "22", f"r.{row.pk}": row.revision}, headers={"X-Autosave": "1"}
    )
    assert answer.json() == {"revisions": {str(row.pk): row.revision + 1}}
    wrong = client.post(
        url,
        {f"c.{row.pk}.discharge_t": "约22", f"r.{row.pk}": row.revision + 1},
        headers={"X-Autosave": "1"},
    )
    assert wrong.status_code == 422
    assert wrong.json()["problems"][0]["where"] == f"{row.pk}.discharge_t"


def test_a_page_of_the_grid_costs_the_same_for_few_rows_and_many(maker, world, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size in (3, 60):
        names = tuple(f"演示企业{n}有限公司" for n in range(1, size + 1))
        made = dataset_in(maker, title=f"规模{size}", fill=False)
        upload = maker.upload(by=world.park_handler, name="数据.pdf")
        actions.import_workbook(made, by=world.park_handler, content=content_of(names), upload=upload)
        client = client_of(world.park_handler)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("audits:grid", args=[made.pk, "emissions"])).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] < 25


def test_the_template_comes_with_the_enterprises_of_the_scope(dataset, world, tmp_path):
    response = client_of(world.park_handler).get(reverse("audits:dataset-template", args=[dataset.pk]))
    path = tmp_path / "模板.xlsx"
    path.write_bytes(body_of(response))
    found = books.read_workbook("region", path).collected
    assert found is None or len(found.by_name["enterprises"].rows) == 3


def test_a_path_in_a_sector_workbook_is_not_followed(tmp_path):
    content = books.Collected(
        template="industry",
        sheets=(
            books.Sheet(name="settings", columns=("parameter", "value"), rows=(("system", "/etc/x.yaml"),)),
        ),
    )
    target = workbook_of(content, tmp_path)
    found = books.read_workbook("industry", target)
    assert [problem.expected for problem in found.problems] == ["指标体系目录中的编号"]


def workbook_of(content, folder):
    path = folder / "in.xlsx"
    with path.open("wb") as target:
        write_raw(target, content)
    return path


def test_a_sector_of_the_demo_goes_through_unchanged(maker, world, tmp_path):
    from qingyuan.workbooks.industry_case import read_sector
    from qingyuan.workbooks.industry_demo import write_demo

    path = tmp_path / "demo.xlsx"
    with path.open("wb") as target:
        write_demo(target, 40)
    content = books.read_workbook("industry", path).collected
    made = actions.begin_dataset(
        pilot_with_scope(maker), by=world.park_handler, template="industry", title="行业", year=2021
    )
    upload = maker.upload(by=world.park_handler, name="demo.xlsx", file=io.BytesIO(path.read_bytes()))
    actions.import_workbook(made, by=world.park_handler, content=content, upload=upload)
    assert len(table(fresh(made), "values").columns) > 10
    version = actions.fix_version(fresh(made), by=world.park_handler)
    case, same = read_sector(path).case, read_sector(datasets.book(version)).case
    assert case.sector.names == same.sector.names
    assert (case.amounts["energy_tce"] == same.amounts["energy_tce"]).all()


def test_the_workbook_of_the_maker_is_taken(tmp_path):
    assert taken(workbook(), tmp_path).collected == content_of()
