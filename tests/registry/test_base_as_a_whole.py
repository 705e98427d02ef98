"""The base taken away as a table, in numbers with figures, and one enterprise over time."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingyuan.kernel import clock
from qingyuan.registry import actions, duties, export, queries, statistics
from qingyuan.registry.models import Enterprise, Listing
from qingyuan.workbooks.stream import csv_lines, write_xlsx
from tests.people.strict import strict
from tests.pilot_maker import credit_code
from tests.registry_maker import credited, of_code, row, take_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def audited(number, day, **more):
    return row(number, audit_on=day, audit_kind="mandatory", audit_source="演示〔2016〕1号", **more)


def body(response):
    return b"".join(response.streaming_content)


def test_the_table_says_what_the_pages_say(world):
    take_in(world, audited(1, date(2016, 2, 29), name="=演示公式"), row(2), audited(3, date(2020, 6, 30)))
    actions.merge(of_code(3), by=world.province_handler, into=of_code(2))
    credited(world, of_code(2))
    client = client_of(world.province_handler)
    lines = list(
        csv.reader(io.StringIO(body(client.get(reverse("registry:export-csv"))).decode("utf-8-sig")))
    )
    assert tuple(lines[0]) == export.HEADS
    told = {line[1]: dict(zip(lines[0], line, strict=True)) for line in lines[1:]}
    assert len(told) == 3
    first, second, merged = (told[credit_code(number)] for number in (1, 2, 3))
    assert first["企业名称"] == "'=演示公式"
    assert (first["下一轮审核期限"], first["下一轮情况"]) == ("2021-02-28", "已过期限")
    assert (second["审核次数"], second["其中试点视同"], second["最近审核完成日期"]) == (
        "2",
        "1",
        "2024-02-29",
    )
    assert merged["并入后的代码"] == credit_code(2)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body(client.get(reverse("registry:export-xlsx")))))
    cells = sheet.get_sheet_by_index(0).to_python()
    assert cells[0] == list(export.HEADS)
    assert cells[1][0] == "=演示公式"
    assert cells[1][HEAD_OF["最近审核完成日期"]] == date(2016, 2, 29)
    overdue = body(client.get(reverse("registry:export-csv"), {"due": "overdue"})).decode()
    assert credit_code(1) in overdue
    assert credit_code(2) not in overdue
    assert client_of(world.park_handler).get(reverse("registry:export-csv")).status_code == 403


HEAD_OF = {head: place for place, head in enumerate(export.HEADS)}


def test_the_workbook_is_the_same_for_who_reads_the_page_in_english(world):
    take_in(world, audited(1, date(2016, 2, 29)))
    client = client_of(world.province_handler)

    def cells():
        data = body(client.get(reverse("registry:export-xlsx")))
        return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()

    chinese = cells()
    client.cookies["django_language"] = "en"
    assert cells() == chinese
    assert chinese[1][HEAD_OF["状态"]] == "在册"


def test_the_export_asks_three_questions_a_portion(world, monkeypatch):
    take_in(world, *(audited(number, date(2020, 6, 30)) for number in range(1, 26)))
    found = export.wanted(world.province_handler)
    with CaptureQueriesContext(connection) as one:
        assert len(list(export.rows(found))) == 25
    assert len(one) == 4  # the portion and its audits, own and merged; and that nothing comes after it
    monkeypatch.setattr(export, "PORTION", 10)
    with CaptureQueriesContext(connection) as three:
        assert len(list(export.rows(found))) == 25
    assert len(three) == 3 * 3 + 1


def test_memory_does_not_grow_with_the_rows(tmp_path):
    """A hundred thousand rows, as many columns as the base has: what stands in memory stays below 20 MB."""
    lines = (tuple(f"演示{number}" for _column in export.HEADS) for number in range(100_000))
    tracemalloc.start()
    size = sum(len(part) for part in csv_lines(export.HEADS, lines))
    assert size > 10_000_000
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.reset_peak()
    few = (tuple(f"演示{number}" for _column in export.HEADS) for number in range(10_000))
    with (tmp_path / "base.xlsx").open("wb") as target:
        assert write_xlsx(target, export.HEADS, few, sheet="演示") == 10_000
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("today", "months"), [("2024-02-29", "report"), ("2023-03-31", "report"), ("2024-03-30", "disclose")]
)
def test_a_limit_of_any_step_is_its_arithmetic(today, months):
    limit = duties.overdue_before(date.fromisoformat(today), step=months)
    span = duties.MONTHS[months]
    assert duties.add_months(limit, span) >= date.fromisoformat(today)
    before = limit.fromordinal(limit.toordinal() - 1)
    assert duties.add_months(before, span) < date.fromisoformat(today)


def test_every_enterprise_stands_in_one_place_of_the_count(world):
    """Against the duties of each, one by one; the clock stands on 20 June 2022."""
    take_in(
        world,
        row(1),
        row(2, listed_on=date(2021, 6, 19)),
        row(3, listed_on=date(2021, 6, 20)),
        audited(4, date(2022, 1, 1), listed_on=date(2021, 6, 20)),
        audited(5, date(2017, 6, 19)),
        audited(6, date(2017, 6, 20)),
        audited(7, date(2018, 7, 1)),
        row(8),
        audited(9, date(2021, 6, 30)),
        row(10, sector_code="C2614", permit="key"),
    )
    actions.merge(of_code(9), by=world.province_handler, into=of_code(8))
    cuts = {one.slug: dict(one.rows) for one in statistics.statistics(world.province_handler)}
    titles = {key: str(title) for key, title in statistics.DUE.items()}
    assert cuts["due"] == {
        titles["report_overdue"]: 1,
        titles["report_open"]: 1,
        titles["next_overdue"]: 1,
        titles["next_soon"]: 1,
        titles["later"]: 3,
        titles["none"]: 2,
    }
    assert sum(cuts["due"].values()) == Enterprise.objects.filter(stage="active").count()
    assert cuts["stage"] == {"在册": 9, "已并入": 1}
    assert cuts["kind"] == {"强制性审核": 5}
    assert cuts["region"] == {"洛阳市": 10}
    assert "26" in next(name for name in cuts["sector"] if name != "未填")
    assert cuts["permit"] == {"未填": 9, "重点管理": 1}


def test_the_numbers_come_with_figures_and_cost_the_same(world):
    client, url = client_of(world.province_handler), reverse("registry:statistics")

    def questions():
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            strict(client.get(url))
        return len(asked)

    take_in(world, audited(1, date(2020, 6, 30)))
    one = questions()
    take_in(world, *(audited(number, date(2020, 6, 30)) for number in range(2, 60)))
    assert questions() == one <= 12
    chart = client.get(reverse("registry:chart", args=["stage"]))
    assert chart["Content-Type"] == "image/svg+xml"
    assert b"<svg" in chart.content
    assert client.get(reverse("registry:chart", args=["nothing"])).status_code == 404
    assert client_of(world.park_handler).get(url).status_code == 403


def test_duties_over_time_are_those_of_every_list_and_every_audit():
    found = duties.rounds(
        today=date(2026, 9, 1),
        listings=[date(2015, 6, 30), date(2025, 8, 31)],
        audits=[date(2016, 6, 30), date(2021, 7, 1)],
    )
    assert [(one.step, str(one.since), str(one.due), one.state) for one in found] == [
        ("report", "2025-08-31", "2026-08-31", "overdue"),
        ("next", "2021-07-01", "2026-07-01", "overdue"),
        ("next", "2016-06-30", "2021-06-30", "done_late"),
        ("report", "2015-06-30", "2016-06-30", "done"),
    ]
    # The list before the change of law asks under the old one; this duty ends under the Code.
    assert "生态环境法典" in found[0].basis[0]
    assert "清洁生产促进法" in found[1].basis[0]


def test_an_enterprise_over_time(world):
    by = world.province_handler
    take_in(world, row(1, name="演示旧名", listed_on=date(2015, 6, 30)), audited(2, date(2016, 5, 1)))
    take_in(world, row(1, name="演示新名", listed_on=date(2021, 8, 31)))
    assert set(Listing.objects.values_list("listed_on", flat=True)) == {date(2015, 6, 30), date(2021, 8, 31)}
    take_in(world, row(1, name="演示新名", listed_on=date(2021, 8, 31)))
    assert Listing.objects.count() == 2
    actions.merge(of_code(2), by=by, into=of_code(1))
    record = credited(world, of_code(1))[0]
    actions.revoke_audit(record, by=by, reason="演示：撤销的理由")
    actions.close(of_code(1), by=by, on=date(2022, 6, 1), reason="演示")
    actions.reopen(of_code(1), by=by)
    client, url = client_of(by), reverse("registry:history", args=[of_code(1).pk])
    response = client.get(url)
    strict(response)
    text = response.content.decode()
    for words in (
        "演示旧名", "2016年5月1日", "列入强制性清洁生产审核名单", "并入另一企业", "演示：撤销的理由", "登记关停", "恢复在册",
        "2016-06-30", "2022-08-31", "台账第",
    ):  # fmt: skip
        assert words in text
    assert client_of(world.park_handler).get(url).status_code == 404
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(30):
        with clock.at("2022-06-21T09:00:00+08:00"):
            actions.rename(of_code(1), by=by, name=f"演示{number}", on=queries.today())
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)
