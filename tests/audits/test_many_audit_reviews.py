"""The results of many sittings at once: all or none, by the verb, by the workbook and over HTTP."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.audits.actions import audit_review as actions
from qingyuan.audits.models import AuditReview
from qingyuan.kernel.actions import Invalid, NotAllowed
from qingyuan.kernel.models import LedgerEntry, Mail
from tests.house.test_route_matrix import client_of
from tests.people.strict import strict
from tests.pilot_maker import credit_code
from tests.review_of_audits_maker import full_marks, result_of, review_in
from tests.schemes_maker import pilot_of

SHEET = "own-evaluate"


@pytest.fixture
def waiting(maker):
    return [review_in(maker, "asked", number=number) for number in (1, 2, 3)]


def results(waiting, **more):
    return [result_of(one, **more) for one in waiting]


@pytest.mark.clause("N11")
def test_many_are_recorded_as_each_would_be(maker, world, waiting):
    first, second, third = results(waiting)
    item = next(iter(second.scores))
    low = {**second.scores, item: Decimal(0)}
    rows = [
        first,
        replace(second, scores=low, conclusion="rectify", rectify_by=date(2022, 8, 31)),
        replace(third, vetoes=[veto_of(waiting[0])]),
    ]
    sent = Mail.objects.count()
    actions.record_many(pilot_of(maker), by=world.province_handler, sheet=SHEET, rows=rows)
    found = list(AuditReview.objects.order_by("enterprise__credit_code"))
    assert [one.stage for one in found] == ["passed", "rectify", "failed"]
    assert [one.rectify_by for one in found] == [None, date(2022, 8, 31), None]
    assert found[0].total == 100
    assert {one.organised_by for one in found} == {pilot_of(maker).call.joint_body.host}
    assert {one.revision for one in found} == {waiting[0].revision + 1}
    entry = LedgerEntry.objects.get(verb="audit_review.record_many")
    assert '"items":3' in entry.body
    assert "演示：同意" not in entry.body
    letters = Mail.objects.filter(subject__contains="结果：3 家")
    assert letters.count() == Mail.objects.count() - sent
    assert letters.exists()


def veto_of(review):
    from qingyuan.audits import evaluating

    return evaluating.sheet_of(review).vetoes[0].id


def test_one_fault_and_nothing_is_recorded_and_all_are_named(maker, world, waiting):
    first, second, third = results(waiting)
    item = next(iter(first.scores))
    rows = [
        replace(first, held_on=date(2023, 1, 1), opinion=" "),
        replace(second, scores={**second.scores, item: Decimal(1000)}),
        replace(third, conclusion="rectify"),
        third,
        replace(third, credit_code=credit_code(99)),
    ]
    with pytest.raises(Invalid) as refusal:
        actions.record_many(pilot_of(maker), by=world.province_handler, sheet=SHEET, rows=rows)
    assert {problem.where for problem in refusal.value.problems} == {
        "rows.1.held_on", "rows.1.opinion", f"rows.2.scores.{item}", "rows.3.rectify_by", "rows.4.credit_code",
        "rows.5.credit_code",
    }  # fmt: skip
    assert set(AuditReview.objects.values_list("stage", flat=True)) == {"asked"}
    for arguments in ({"sheet": "none", "rows": rows}, {"sheet": SHEET, "rows": []}):
        with pytest.raises(Invalid):
            actions.record_many(pilot_of(maker), by=world.province_handler, **arguments)
    with pytest.raises(NotAllowed):
        actions.record_many(pilot_of(maker), by=world.park_handler, sheet=SHEET, rows=[first])


def handed_out(client, pilot):
    """Heading and rows of the form as it is handed out."""
    form = client.get(reverse("audits:reviews-form", args=[pilot.pk, SHEET]))
    book = python_calamine.load_workbook(io.BytesIO(b"".join(form.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    place = next(number for number, row in enumerate(rows) if row[0] == "统一社会信用代码")
    return rows[place], rows[place + 1 :]


def filled(client, pilot, review, **scores):
    """The form filled in with full marks; `scores` by credit code puts another one into the first item."""
    heads, rows = handed_out(client, pilot)
    marks = list(full_marks(review).values())
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("结果")
        sheet.write_row(0, 0, heads)
        first = next(place for place, head in enumerate(heads) if "满分" in head)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row[:2])
            sheet.write_datetime(number, heads.index("会议日期"), date(2022, 6, 19))
            sheet.write_row(number, first, [float(points) for points in marks])
            if (wrong := scores.get(row[0])) is not None:
                sheet.write(number, first, wrong)
            sheet.write(number, heads.index("意见"), "演示：同意")
    return SimpleUploadedFile("结果.xlsx", target.getvalue())


@pytest.mark.clause("N11")
def test_the_workbook_goes_out_and_comes_back(maker, world, waiting):
    pilot, client = pilot_of(maker), client_of(world.province_handler)
    page = client.get(reverse("audits:reviews", args=[pilot.pk]))
    address = reverse("audits:record-reviews", args=[pilot.pk, SHEET])
    assert f'href="{address}"' in page.content.decode()
    assert address not in client_of(world.park_handler).get(page.request["PATH_INFO"]).content.decode()
    strict(client.get(address))
    wrong = client.post(
        address, {"file": filled(client, pilot, waiting[0], **{credit_code(2): 77.25}), "key": "k0"}
    )
    text = wrong.content.decode()
    assert wrong.status_code == 422
    assert "分数不成立" in text
    assert "没有登记任何一家" in text
    strict(wrong)
    marked = text.split('marked.xlsx"', 1)[0].rsplit('href="', 1)[1] + "marked.xlsx"
    assert client.get(marked).status_code == 200
    assert set(AuditReview.objects.values_list("stage", flat=True)) == {"asked"}
    done = client.post(address, {"file": filled(client, pilot, waiting[0]), "key": "k1"})
    assert (done.status_code, done["Location"]) == (302, reverse("audits:reviews", args=[pilot.pk]))
    assert set(AuditReview.objects.values_list("stage", "total")) == {("passed", Decimal(100))}
    assert client.get(reverse("audits:record-reviews", args=[pilot.pk, "none"])).status_code == 404


def test_it_costs_the_same_for_one_and_for_three(maker, world, waiting):
    def cost(rows):
        with CaptureQueriesContext(connection) as found:
            actions.record_many(pilot_of(maker), by=world.province_handler, sheet=SHEET, rows=rows)
        return len(found)

    one, *rest = results(waiting)
    spared = cost([one])
    assert cost(rest) <= spared
