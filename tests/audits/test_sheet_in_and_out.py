"""The performance sheet of a pilot: in by code, all or nothing, the same again changes nothing, 1,000 rows at once."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from qingyuan.audits.actions import scheme as actions
from qingyuan.audits.actions.sheet import take_in
from qingyuan.audits.models import Scheme, SchemeEvent, SchemeFigures, SchemeImport
from qingyuan.audits.queries import scheme as queries
from qingyuan.catalogue.performance import layouts
from qingyuan.kernel import todos
from qingyuan.kernel.actions import Invalid
from qingyuan.workbooks.performance import SchemeRow, export_rows, performance_table
from qingyuan.workbooks.schema import NA
from qingyuan.workbooks.write import write_csv, write_table
from tests.house.test_route_matrix import client_of
from tests.pilot_maker import credit_code
from tests.schemes_maker import bring, pilot_of, propose

LAYOUT = layouts()["seen-21"]


def row(number=1, kind="low", code=1, **more):
    figures = more.pop("figures", {"invest_wan_cny": Decimal(2), "water_t": NA, "cod_t": None})
    return SchemeRow(
        enterprise_code=credit_code(code), kind=kind, number=number, title=more.pop("title", f"演示方案{number}"),
        figures=figures, **more,
    )  # fmt: skip


def take(maker, *rows, basis="planned", **more):
    return take_in(pilot_of(maker), by=maker.world.park_handler, rows=list(rows), basis=basis, **more)


@pytest.mark.sqlite
@pytest.mark.clause("N10")
def test_new_ones_are_entered_and_the_same_again_changes_nothing(maker):
    rows = [row(1), row(2), row(1, kind="high", figures={"invest_wan_cny": Decimal("120.5")}), row(1, code=2)]
    made = take(maker, *rows)
    assert (made.rows, made.added, made.changed) == (4, 4, 0)
    one = Scheme.objects.get(enterprise__credit_code=credit_code(1), kind="low", number=1)
    planned = one.figures.get()
    assert (planned.basis, planned.invest_wan_cny, planned.water_t, planned.na) == (
        "planned",
        2,
        None,
        ["water_t"],
    )
    before = list(Scheme.objects.values()), list(SchemeFigures.objects.values()), SchemeEvent.objects.count()
    again = take(maker, *rows)
    assert (again.added, again.changed) == (0, 0)
    assert (
        list(Scheme.objects.values()),
        list(SchemeFigures.objects.values()),
        SchemeEvent.objects.count(),
    ) == before


@pytest.mark.sqlite
def test_what_changes_is_kept_as_it_was(maker):
    take(maker, row(1), row(2))
    made = take(maker, row(1, title="演示新名", figures={"invest_wan_cny": Decimal("2.5")}), row(2))
    assert (made.added, made.changed) == (0, 1)
    one = Scheme.objects.get(number=1)
    assert (one.title, one.revision) == ("演示新名", 1)
    figures = one.figures.get()
    assert (figures.invest_wan_cny, figures.na) == (
        Decimal("2.5"),
        ["water_t"],
    )  # a column that is not there says nothing
    assert one.events.first().changes == {"title": ["演示方案1", "演示新名"], "invest_wan_cny": ["2", "2.5"]}


def test_rows_without_a_code_match_by_title_and_are_numbered_on(maker):
    take(maker, row(1), row(2))
    made = take(
        maker,
        row(None, title="演示方案2", figures={"invest_wan_cny": Decimal(3)}),
        row(None, title="演示再来"),
    )
    assert (made.added, made.changed) == (1, 1)
    assert Scheme.objects.get(title="演示再来").code == "WD3"


def test_codes_leave_no_gap_and_dropped_ones_stay_dropped(maker, world):
    take(maker, row(1), row(2))
    actions.drop(Scheme.objects.get(number=2), by=world.park_handler, reason="演示")
    with pytest.raises(Invalid) as refusal:
        take(maker, row(1), row(2), row(5), row(1, code=77), replace(row(3), title=" "))
    assert {p.where for p in refusal.value.problems} == {"rows.4.title"}
    with pytest.raises(Invalid) as refusal:
        take(maker, row(1), row(2), row(5), row(1, code=77))
    assert {(p.where, p.expected) for p in refusal.value.problems} == {
        ("rows.1.number", ""), ("rows.2.number", "WD3"), ("rows.3.enterprise_code", "范围内企业的信用代码"),
    }  # fmt: skip
    assert SchemeImport.objects.count() == 1


def test_measured_effects_come_of_what_was_carried_out(maker):
    take(maker, row(1), row(2))
    bring(maker, Scheme.objects.get(number=1), "proposed")
    with pytest.raises(Invalid) as refusal:
        take(maker, row(1), row(2), row(3), basis="measured")
    assert {p.where for p in refusal.value.problems} == {"rows.0.number", "rows.1.number", "rows.2.title"}
    bring(maker, Scheme.objects.get(number=1), "running")
    made = take(maker, row(1, figures={"invest_wan_cny": Decimal("2.1")}), basis="measured")
    assert made.changed == 1
    scheme = Scheme.objects.get(number=1)
    assert {one.basis: one.invest_wan_cny for one in scheme.figures.all()} == {
        "planned": 2,
        "measured": Decimal("2.1"),
    }


def test_a_thousand_rows_cost_as_many_statements_as_ten(maker):
    def statements(count, start):
        rows = [row(number, code=1 + number % 3, title=f"演示{start}-{number}") for number in range(count)]
        rows = [replace(one, number=None) for one in rows]
        with CaptureQueriesContext(
            connection,
        ) as found:
            take(maker, *rows)
        return len(found)

    pilot_of(maker)
    statements(2, 0)
    few = statements(10, 1)
    assert statements(1000, 2) == few
    changed = [row(number, title=f"演示改{number}") for number in range(1, 330)]
    with CaptureQueriesContext(connection) as found:
        take(maker, *changed)
    assert len(found) <= few


def test_a_page_of_the_list_costs_the_same_however_many(maker, world):
    take(maker, row(1))
    client = client_of(world.park_handler)
    url = reverse("audits:schemes", args=[pilot_of(maker).pk])

    def statements():
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    few = statements()
    take(maker, *(row(number) for number in range(1, 50)))
    assert statements() == few


# --- the pages


def book(rows, *, as_csv=False, table=None):
    lines = export_rows(LAYOUT, [("", one) for one in rows])
    target = io.BytesIO()
    (write_csv if as_csv else write_table)(target, table or performance_table(LAYOUT), lines)
    return target.getvalue()


def upload(client, pilot, content, name, **more):
    address = reverse("audits:sheet", args=[pilot.pk])
    return client.post(address, {"file": SimpleUploadedFile(name, content), "basis": "planned", **more})


@pytest.mark.parametrize(("as_csv", "name"), [(False, "绩效表.xlsx"), (True, "绩效表.csv")])
def test_from_the_file_over_the_preview_to_the_record_and_out_again(maker, world, as_csv, name):
    pilot, client = pilot_of(maker), client_of(world.park_handler)
    rows = [
        row(1),
        row(1, kind="high", figures={"invest_wan_cny": Decimal(80), "benefit_wan_cny": Decimal(1)}),
    ]
    shown = upload(client, pilot, book(rows, as_csv=as_csv), name)
    assert shown.status_code == 302, shown.content.decode()
    page = client.get(shown["Location"])
    text = page.content.decode()
    assert "静态投资回收期 80 年" in text
    assert not Scheme.objects.exists()
    done = client.post(shown["Location"], {"key": page.context["key"]})
    assert done.status_code == 302
    assert [one.code for one in Scheme.objects.order_by("-kind")] == ["WD1", "ZG1"]
    kept = SchemeImport.objects.get()
    assert (kept.layout_id, kept.upload.kind) == ("seen-21", "xlsx")
    out = b"".join(client.get(reverse("audits:sheet-xlsx", args=[pilot.pk])).streaming_content)
    again = client.get(upload(client, pilot, out, "导出.xlsx")["Location"])
    assert "与现在记录的相同" in again.content.decode()
    paper = b"".join(client.get(reverse("audits:sheet-docx", args=[pilot.pk])).streaming_content)
    cells = [cell.text for line in Document(io.BytesIO(paper)).tables[0].rows for cell in line.cells]
    assert "ZG1" in cells
    assert "合计" in cells
    assert "82" in cells


def test_a_wrong_file_is_marked_cell_by_cell_and_changes_nothing(maker, world):
    pilot, client = pilot_of(maker), client_of(world.park_handler)
    wrong = upload(client, pilot, book([row(1, code=9), row(2)]), "表.xlsx")
    page = client.get(wrong["Location"])
    assert "试点范围内企业的统一社会信用代码" in page.content.decode()
    refused = client.post(wrong["Location"], {"key": page.context["key"]})
    assert refused.status_code == 422
    assert not Scheme.objects.exists()
    marked = client.get(page.context["marked_url"])
    assert marked.status_code == 200
    assert client_of(world.park_lead).get(wrong["Location"]).status_code == 404
    assert client_of(world.province_handler).get(reverse("audits:sheet", args=[pilot.pk])).status_code == 200
    denied = upload(client_of(world.province_handler), pilot, book([row(1)]), "表.xlsx")
    assert denied.status_code == 403
    not_a_file = upload(client, pilot, b"\xd0\xcf\x11\xe0old", "旧.xls")
    assert not_a_file.status_code == 422


def test_a_chosen_portfolio_becomes_the_pilots_schemes(maker, world, tmp_path):
    """The very output of `qingyuan select --json`, and the table from which it chose."""
    from click.testing import CliRunner

    from qingyuan.cli import main

    pilot, client = pilot_of(maker), client_of(world.park_handler)
    measures = (
        "measure,enterprise,divisible,invest,life,om,saving,effect:COD,effect:总磷\n"
        f"演示LED,{credit_code(1)},no,200000,10,10000,50000,0.5,\n"
        f"演示膜回收,{pilot.scope.first().stated_name},no,3000000,10,100000,500000,12,0.25\n"
        "演示别家,演示不在范围有限公司,no,100,10,0,50,1,\n"
    )
    (tmp_path / "m.csv").write_text(measures, "utf-8")
    (tmp_path / "t.csv").write_text("target,min_reduction\nCOD,13\n", "utf-8")
    files = ["--measures", str(tmp_path / "m.csv"), "--targets", str(tmp_path / "t.csv")]
    found = CliRunner().invoke(main, ["select", *files, "--json"])
    assert found.exit_code == 0, found.output
    assert len(json.loads(found.stdout)["chosen"]) == 3
    shown = client.post(
        reverse("audits:portfolio", args=[pilot.pk]),
        {
            "measures": SimpleUploadedFile("m.csv", measures.encode()),
            "file": SimpleUploadedFile("r.json", found.stdout.encode()),
            "money": "0.0001",
            "mass": "1",
        },
    )
    assert shown.status_code == 302, shown.content.decode()
    page = client.get(shown["Location"])
    assert "演示不在范围有限公司" in page.content.decode()
    assert client.post(shown["Location"], {"key": page.context["key"]}).status_code == 302
    assert [(one.code, one.title) for one in Scheme.objects.order_by("title")] == [
        ("ZG1", "演示LED"),
        ("ZG2", "演示膜回收"),
    ]
    figures = {one.title: one.figures.get() for one in Scheme.objects.all()}
    assert figures["演示LED"].invest_wan_cny == 20
    assert figures["演示膜回收"].benefit_wan_cny == 50
    assert (figures["演示膜回收"].om_wan_cny, figures["演示膜回收"].life_years) == (10, 10)
    assert figures["演示膜回收"].cod_t == 12
    assert "总磷 0.25" in figures["演示膜回收"].other
    assert SchemeImport.objects.get().origin == "portfolio"


def test_the_tally_sums_what_stands(maker, world):
    propose(maker)
    dropped = propose(maker, title="演示乙")
    actions.drop(dropped, by=world.park_handler, reason="演示")
    tally = queries.tally(pilot_of(maker))
    assert tally["counts"]["low"] == {**dict.fromkeys(Scheme.Stage.values, 0), "proposed": 1, "dropped": 1}
    assert tally["sums"]["planned"]["invest_wan_cny"] == Decimal("2.5")
    assert tally["sums"]["planned"]["cod_t"] is None


def test_late_schemes_wait_for_who_keeps_them(maker, world):
    scheme = propose(maker)
    actions.confirm(scheme, by=world.park_handler, owner="演示", due_on=date(2022, 6, 25))
    for who, count in (("park_handler", 1), ("consultant", 1), ("park_signer", 0), ("city_handler", 0)):
        assert sum("方案到期" in todo.title for todo in todos.of(world.people[who])) == count, who
