"""A report filed elsewhere, brought into an enterprise's sheet: seen beside what stands, then taken figure by figure."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.audits import bringing, filling, links
from qingyuan.audits.models import FigureNote, RawRead
from qingyuan.catalogue.filings import filings
from qingyuan.kernel.errors import NotAllowed, WrongStage
from qingyuan.workbooks.filings import read_filing
from tests.dataset_maker import firm_of, sheet_in
from tests.house.test_route_matrix import client_of
from tests.pilots.workspace import parsed


def report(rows):
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target)
    page = made.add_worksheet("执行报告")
    for number, row in enumerate([["污染物", "实际排放量", "单位"], *rows]):
        page.write_row(number, 0, row)
    made.close()
    return target.getvalue()


ROWS = [["氨氮", 12800, "kg"], ["COD", 3, "t"], ["六价铬", 1, "t"]]


def hand_in(client, address, rows=ROWS, **more):
    file = SimpleUploadedFile("执行报告.xlsx", report(rows))
    return client.post(address, {"filing": "own-permit", "year": "2021", "file": file, **more})


def own_row(sheet):
    return next(row for row in filling.rows_of(sheet) if row.table == "emissions")


@pytest.mark.parametrize("way", ["account", "link", "staff"])
def test_figures_are_compared_and_taken_with_the_report_as_their_source(maker, world, way):
    sheet = sheet_in(maker)
    if way == "link":
        client, address = Client(), reverse("audits:fill-filing")
        client.get(reverse("audits:enter", args=[links.secret_of(sheet)]))
    elif way == "account":
        client, address = client_of(firm_of(maker, sheet)), reverse("audits:firm-filing", args=[sheet.pk])
    else:
        client, address = client_of(world.park_handler), reverse("audits:staff-filing", args=[sheet.pk])
    parsed(client.get(address))
    sent = hand_in(client, address)
    assert sent.status_code == 302, sent.content.decode()
    page = client.get(sent["Location"])
    parsed(page)
    ((line, ticked),) = page.context["lines"]
    assert (line.what, line.old, line.new, ticked, line.brought.cell) == (
        "changed",
        "12.5",
        "12.8",
        True,
        "B2",
    )
    assert [why for _one, why in page.context["homeless"]] == ["“污染排放”中还没有本企业对应的一行，请先添加"]
    assert page.context["filed"].others == (("六价铬", "A4"),)
    assert own_row(sheet).values["discharge_t"] == "12.5"
    revision = own_row(sheet).revision
    given = {"take": line.key, f"revision.{line.row.pk}": str(revision)}
    assert client.post(sent["Location"], given).status_code == 302
    row = own_row(sheet)
    assert (row.values["discharge_t"], row.origin, row.values["method"]) == ("12.8", "filing", "自动监测")
    note = FigureNote.objects.get(row=row)
    assert (note.column, note.source, note.evidence.name) == ("discharge_t", "permit", "执行报告.xlsx")
    assert note.method == "取自“排污许可执行报告（年报）中的排放量”执行报告 B2：氨氮 12800 kg"
    assert RawRead.objects.filter(dataset=sheet.dataset, enterprises=sheet.enterprise).exists()
    again = client.get(sent["Location"])
    assert [one.what for one, _ticked in again.context["lines"]] == ["same"]


def test_who_saved_in_between_is_not_overwritten(maker, world):
    sheet = sheet_in(maker)
    firm = firm_of(maker, sheet)
    client = client_of(firm)
    sent = hand_in(client, reverse("audits:firm-filing", args=[sheet.pk]))
    line, _ticked = client.get(sent["Location"]).context["lines"][0]
    row = own_row(sheet)
    filling.save_row(
        sheet,
        row=row,
        texts={"discharge_t": "11"},
        revision=row.revision,
        source="measured",
        method="",
        by=firm,
    )
    late = client.post(sent["Location"], {"take": line.key, f"revision.{row.pk}": str(row.revision)})
    assert late.status_code == 409
    parsed(late)
    assert own_row(sheet).values["discharge_t"] == "11"


def test_a_report_with_a_fault_brings_nothing(maker, world):
    sheet = sheet_in(maker)
    client = client_of(world.park_handler)
    address = reverse("audits:staff-filing", args=[sheet.pk])
    sent = hand_in(client, address, rows=[["氨氮", 9, "t"], ["COD", "多", "t"], ["总磷", 1, "斤"]])
    page = client.get(sent["Location"])
    parsed(page)
    assert [(one.letter, one.row) for one in page.context["filed"].problems] == [("B", 3), ("C", 4)]
    line, _ticked = page.context["lines"][0]
    refused = client.post(
        sent["Location"], {"take": line.key, f"revision.{line.row.pk}": str(line.row.revision)}
    )
    assert refused.status_code == 422
    assert own_row(sheet).values["discharge_t"] == "12.5"
    other_year = hand_in(client, address, year="2020")
    assert other_year.status_code == 422
    assert "2021" in other_year.content.decode()


def test_only_the_enterprise_and_named_staff_bring_and_only_before_the_signature(maker, world):
    sheet = sheet_in(maker)
    other = sheet_in(maker, firm=1)
    upload = maker.upload(by=world.park_handler, name="演示.pdf")
    row = own_row(sheet)
    figure = filling.Figure(row=row.pk, column="discharge_t", text="1", revision=row.revision, method="")
    table = filling.table_of(sheet, "emissions")
    for who in (world.people["province_handler"], world.people["consultant"], links.filler_of(other)):
        with pytest.raises(NotAllowed):
            filling.take_figures(
                sheet, table=table, figures=[figure], source="permit", evidence=upload, by=who
            )
    signed = sheet_in(maker, "signed")
    with pytest.raises(WrongStage):
        filling.take_figures(
            signed, table=table, figures=[figure], source="permit", evidence=upload, by=world.park_handler
        )
    address = reverse("audits:staff-filing", args=[signed.pk])
    assert hand_in(client_of(world.park_handler), address).status_code == 409
    assert client_of(world.province_handler).get(address).status_code == 404
    sent = hand_in(client_of(world.park_handler), reverse("audits:staff-filing", args=[sheet.pk]))
    assert client_of(world.park_lead).get(sent["Location"]).status_code == 404


def test_comparing_costs_the_same_for_one_figure_and_for_many(maker, world):
    sheet = sheet_in(maker)
    mapping = filings()["own-permit"]

    def cost(rows):
        filed = read_filing(report(rows), mapping, name="演示.xlsx")
        with CaptureQueriesContext(connection) as seen:
            bringing.compare(sheet, filed)
        return len(seen)

    many = [[item.title, 1, "t"] for item in mapping.items]
    assert cost(many[:1]) == cost(many) <= 2
