"""Phases of the enterprises' audits and their statutory days: verb, workbook, pages, API, to-dos."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.delivery import actions, phase_table
from qingyuan.delivery.models import PhaseChange
from qingyuan.delivery.phases import PhaseRow
from qingyuan.delivery.queries import process
from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Invalid, NotAllowed, WrongStage
from qingyuan.kernel.models import LedgerEntry
from qingyuan.registry.models import Enterprise
from qingyuan.workbooks.read import read_table
from tests.people.strict import strict
from tests.pilot_maker import credit_code

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def codes(delivery):
    return list(delivery.project.scope.values_list("enterprise__credit_code", flat=True))


def put(delivery, *rows, by=None):
    return actions.set_phases(delivery.project, by=by or delivery.park_handler, rows=list(rows))


def faults(refusal):
    return {(problem.where, str(problem.message)) for problem in refusal.value.problems}


@pytest.mark.clause("N10")
def test_many_enterprises_move_on_with_one_entry(delivery):
    first, second, third = codes(delivery)
    put(delivery, PhaseRow(first, 1, date(2022, 9, 16)), PhaseRow(second, 2, date(2022, 9, 18)))
    standing = dict(delivery.project.scope.values_list("enterprise__credit_code", "phase"))
    assert standing == {first: 1, second: 2, third: 0}
    entries = LedgerEntry.objects.filter(verb="project.set_phases")
    assert entries.count() == 1
    assert '"items":2' in entries.get().body
    assert PhaseChange.objects.count() == 2


def test_history_keeps_every_step_and_what_is_known_is_skipped(delivery):
    first, second, _third = codes(delivery)
    put(delivery, PhaseRow(first, 1, date(2022, 9, 16)))
    put(delivery, PhaseRow(first, 1, date(2022, 9, 16)), PhaseRow(second, 1, date(2022, 9, 17)))
    put(delivery, PhaseRow(first, 3, date(2022, 9, 19)))
    put(delivery, PhaseRow(first, 2, date(2022, 9, 18), note="演示：审核范围有遗漏，返回补做"))
    steps = PhaseChange.objects.filter(scope_enterprise__enterprise__credit_code=first).order_by("pk")
    assert [(one.was, one.phase, one.on.day) for one in steps] == [(0, 1, 16), (1, 3, 19), (3, 2, 18)]
    with pytest.raises(Invalid) as refusal:
        put(delivery, PhaseRow(first, 2, date(2022, 9, 18)))
    assert faults(refusal) == {("rows", "与现状相同，没有要更新的")}


def test_all_faults_at_once_and_nothing_half_done(delivery):
    first, second, third = codes(delivery)
    put(delivery, PhaseRow(first, 3, date(2022, 9, 18)))
    with pytest.raises(Invalid) as refusal:
        put(
            delivery,
            PhaseRow(first, 4, date(2022, 9, 17)),
            PhaseRow(second, 1, date(2022, 9, 21)),
            PhaseRow(third, 9, date(2022, 9, 1)),
            PhaseRow(credit_code(999_999), 1, date(2022, 9, 1)),
            PhaseRow(second, 2, date(2022, 9, 1)),
            PhaseRow(third, 2, date(1999, 9, 1)),
        )
    assert [problem.where for problem in refusal.value.problems] == [
        "rows.1.on",
        "rows.2.on",
        "rows.3.phase",
        "rows.4.credit_code",
        "rows.5.credit_code",
        "rows.6.on",
        "rows.6.credit_code",
    ]
    assert set(delivery.project.scope.values_list("phase", flat=True)) == {0, 3}


def test_falling_back_needs_its_reason(delivery):
    first = codes(delivery)[0]
    put(delivery, PhaseRow(first, 3, date(2022, 9, 18)))
    with pytest.raises(Invalid) as refusal:
        put(delivery, PhaseRow(first, 1, date(2022, 9, 19)))
    assert {where for where, _message in faults(refusal)} == {"note"}


def test_who_left_the_scope_has_no_phases_any_more(delivery):
    first = codes(delivery)[0]
    change = actions.ask_change(
        delivery.project, by=delivery.park_handler, kind="scope_drop", item=first, reason="演示：企业搬迁"
    )
    actions.approve(change, by=delivery.province_signer)
    with pytest.raises(Invalid) as refusal:
        put(delivery, PhaseRow(first, 1, date(2022, 9, 18)))
    assert faults(refusal) == {("credit_code", "该企业已移出试点范围")}


def test_only_the_body_that_carries_it_out_and_only_under_way(delivery):
    row = PhaseRow(codes(delivery)[0], 1, date(2022, 9, 18))
    with pytest.raises(NotAllowed):
        put(delivery, row, by=delivery.province_handler)
    actions.stop(delivery.project, by=delivery.province_signer, reason="演示：停建")
    with pytest.raises(WrongStage):
        put(delivery, row)


def workbook(delivery, *changes):
    """The export with some cells changed: (row, column, value), counted from 1."""
    target = io.BytesIO()
    phase_table.write_phases(target, delivery.project)
    cells = {
        (row, column): value
        for row, line in enumerate(read_table(target, phase_table.table()).cells, start=1)
        for column, value in enumerate(line, start=1)
    }
    cells |= {(row, column): value for row, column, value in changes}
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("企业审核阶段表")
    for (row, column), value in cells.items():
        if value != "":
            sheet.write(row - 1, column - 1, value)
    book.close()
    return SimpleUploadedFile("阶段.xlsx", target.getvalue())


def test_the_export_goes_round_as_the_import(delivery, client):
    client.force_login(delivery.park_handler, backend=BACKEND)
    exported = client.get(reverse("delivery:export-phases", args=[delivery.project.pk]))
    cells = read_table(b"".join(exported.streaming_content), phase_table.table()).cells
    assert cells[0] == [
        "统一社会信用代码",
        "企业名称",
        "审核阶段",
        "进入日期",
        "说明",
    ]
    url = reverse("delivery:import-phases", args=[delivery.project.pk])
    same = client.post(url, {"file": workbook(delivery)})
    assert "没有要更新的" in same.content.decode()
    file = workbook(delivery, (2, 3, "预审核"), (2, 4, date(2022, 9, 16)))
    assert client.post(url, {"file": file}).status_code == 302
    assert delivery.project.scope.filter(phase=2, phase_on=date(2022, 9, 16)).count() == 1


def test_a_workbook_with_faults_changes_nothing_and_comes_back_marked(delivery, client):
    client.force_login(delivery.park_handler, backend=BACKEND)
    file = workbook(
        delivery,
        (2, 3, "预审核"),
        (2, 4, date(2022, 9, 16)),
        (3, 3, "第九阶段"),
        (4, 3, "审核"),
        (5, 1, credit_code(777_777)),
        (5, 3, "审核"),
        (5, 4, date(2022, 9, 30)),
    )
    response = client.post(reverse("delivery:import-phases", args=[delivery.project.pk]), {"file": file})
    page = response.content.decode()
    assert response.status_code == 422
    strict(response)
    assert "阶段表有 3 处需要改正" in page
    for words in ("第九阶段", "请填写进入该阶段的日期", "该企业不在试点范围内"):
        assert words in page
    assert set(delivery.project.scope.values_list("phase", flat=True)) == {0}
    marked = page.split('href="')
    link = next(part.split('"')[0] for part in marked if "marked.xlsx" in part)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get(link).streaming_content)))
    comments = archive.read("xl/comments1.xml").decode()
    assert all(f'ref="{place}"' in comments for place in ("C3", "D4", "A5"))
    client.force_login(delivery.province_handler, backend=BACKEND)
    assert client.get(link).status_code == 404


def test_phases_are_set_for_the_ticked_enterprises(delivery, client):
    first, second, _third = codes(delivery)
    client.force_login(delivery.park_handler, backend=BACKEND)
    url = f"{reverse('delivery:set-phases', args=[delivery.project.pk])}?e={first}&e={second}"
    shown = client.get(url)
    strict(shown)
    assert shown.content.decode().count('name="enterprises"') == 2
    answer = client.post(url, {"enterprises": [first, second], "phase": "1", "on": "2022-09-19"})
    assert answer.status_code == 302
    assert delivery.project.scope.filter(phase=1).count() == 2


def list_as_mandatory(delivery, *, listed):
    Enterprise.objects.filter(in_projects__project=delivery.project).update(listed_on=listed)


@pytest.mark.clause("N10")
def test_statutory_days_follow_the_list_and_the_work(delivery):
    list_as_mandatory(delivery, listed=date(2022, 7, 31))
    first = codes(delivery)[0]
    put(delivery, PhaseRow(first, 1, date(2022, 9, 16)))
    lines = {line.row.enterprise.credit_code: line for line in process.lines(delivery.project)}
    begun = {duty.step: (duty.due, duty.state, duty.done_on) for duty in lines[first].duties}
    assert begun == {
        "disclose": (date(2022, 8, 31), "overdue", None),
        "start": (date(2022, 9, 30), "done", date(2022, 9, 16)),
        "report": (date(2023, 7, 31), "open", None),
    }
    assert lines[first].states == {"overdue"}
    Enterprise.objects.update(disclosed_on=date(2022, 8, 20))
    lines = {line.row.enterprise.credit_code: line for line in process.lines(delivery.project)}
    assert lines[first].states == set()
    other = next(line for code, line in lines.items() if code != first)
    assert (other.duty.step, other.duty.due, other.states) == ("start", date(2022, 9, 30), {"soon"})


@pytest.mark.parametrize(
    ("listed", "report", "law"),
    [
        (date(2025, 8, 14), date(2026, 8, 14), "清洁生产促进法"),
        (date(2025, 8, 15), date(2026, 8, 15), "生态环境法典"),
    ],
)
def test_the_basis_is_the_law_in_force_on_the_day_itself(delivery, listed, report, law):
    list_as_mandatory(delivery, listed=listed)
    line = process.lines(delivery.project, on=date(2025, 9, 1))[0]
    duty = next(duty for duty in line.duties if duty.step == "report")
    assert duty.due == report
    assert any(law in text for text in duty.basis)
    assert sum("促进法" in text or "法典" in text for text in duty.basis) == 1


def test_who_stands_still_is_told(delivery):
    first = codes(delivery)[0]
    put(delivery, PhaseRow(first, 7, date(2022, 9, 18)))
    assert not any("stalled" in line.states for line in process.lines(delivery.project, on=date(2023, 3, 13)))
    still = [
        line for line in process.lines(delivery.project, on=date(2023, 3, 14)) if "stalled" in line.states
    ]
    assert len(still) == 2
    assert first not in {line.row.enterprise.credit_code for line in still}


def test_the_handler_finds_the_statutory_days_among_the_to_dos(delivery):
    list_as_mandatory(delivery, listed=date(2022, 8, 10))
    found = [todo for todo in todos.of(delivery.park_handler) if "督促企业" in todo.title]
    assert [todo.detail for todo in found] == ["法定期限已过 3 家，即将到期 0 家"]
    assert clock.local(found[0].due).date() == date(2022, 9, 10)
    assert not any("督促企业" in todo.title for todo in todos.of(delivery.province_handler))


def test_pages_show_phases_days_and_history(delivery, client):
    list_as_mandatory(delivery, listed=date(2022, 8, 10))
    first = codes(delivery)[0]
    put(delivery, PhaseRow(first, 2, date(2022, 9, 18)))
    page = reverse("delivery:process", args=[delivery.project.pk])
    one = reverse("delivery:enterprise-process", args=[delivery.project.pk, first])
    for who in ("park_handler", "province_handler"):
        client.force_login(getattr(delivery, who), backend=BACKEND)
        for url, words in (
            (page, "法定期限已过"),
            (f"{page}?phase=2", "预审核"),
            (f"{page}?state=dropped", "没有符合条件的企业"),
            (one, "阶段记录"),
            (reverse("delivery:scope", args=[delivery.project.pk]), "2022-09-10"),
        ):
            response = client.get(url)
            assert words in response.content.decode(), url
            strict(response)
    assert client.get(one.replace(first, credit_code(555))).status_code == 404


def grow(delivery, count):
    """More enterprises in the scope, as a kick-off with a longer list would have entered them."""
    from qingyuan.delivery.actions.project import enter_scope

    enter_scope(
        delivery.project,
        [{"name": f"演示增{number}", "credit_code": credit_code(60_000 + number)} for number in range(count)],
    )


def test_the_page_costs_the_same_with_many_enterprises(delivery, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(delivery.park_handler, backend=BACKEND)
    url = reverse("delivery:process", args=[delivery.project.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    grow(delivery, 60)
    with django_assert_num_queries(len(few)):
        client.get(url)
    assert len(few) <= 12
