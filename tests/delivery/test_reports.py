"""Progress reports by the verbs, as drafts, and on the pages."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from django.urls import reverse

from qingyuan.delivery import actions, drafts
from qingyuan.delivery import report as contents
from qingyuan.delivery.models import ProgressReport, ReportVersion
from qingyuan.delivery.queries import report as queries
from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Invalid, NotAllowed, Stale, WrongStage
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from tests.delivery_maker import completed, report_in
from tests.people.strict import strict

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AFTER = "2023-01-03T10:00:00+08:00"
"""The first period of the test's pilot ran from 15 September to 31 December 2022; due on 10 January."""


@pytest.fixture
def report(delivery):
    return actions.begin_report(delivery.project, by=delivery.park_handler)


@pytest.fixture
def over(report):
    """The period has ended."""
    with clock.at(AFTER):
        yield report


def saved(delivery, report, **changes):
    row = ProgressReport.objects.select_related("project").get(pk=report.pk)
    draft = completed(row.project, on=clock.local(clock.now()).date(), **changes)
    return drafts.save_report(row, draft=draft, revision=row.draft_revision, by=delivery.park_handler)


def handed_in(delivery, report, **changes):
    row = saved(delivery, report, **changes)
    return actions.hand_in(row, by=delivery.park_handler, draft_revision=row.draft_revision)


def wheres(refusal):
    return {problem.where for problem in refusal.value.problems}


@pytest.mark.clause("N10")
def test_the_calendar_follows_the_notice_or_says_that_it_is_ours(delivery):
    slots = queries.calendar_of(delivery.project)
    assert [(str(slot.period.starts), str(slot.period.ends)) for slot in slots] == [
        ("2022-09-15", "2022-12-31"),
        ("2023-01-01", "2023-03-31"),
        ("2023-04-01", "2023-06-30"),
        ("2023-07-01", "2023-08-31"),
    ]
    rhythm = queries.rhythms(delivery.project.pilot.call, on=delivery.project.started_on)[0]
    assert "自拟" in rhythm.source
    states = [slot.state(date(2023, 4, 5)) for slot in slots]
    assert states == ["late", "due", "running", "upcoming"]


@pytest.mark.clause("N10")
def test_the_department_sets_the_rhythm_for_what_begins_later(delivery):
    call = delivery.project.pilot.call
    with pytest.raises(Invalid) as refusal:
        actions.set_rhythm(
            call,
            by=delivery.province_handler,
            rhythm="daily",
            due_days=900,
            from_on=date(2022, 9, 1),
            reason=" ",
        )
    assert wheres(refusal) == {"rhythm", "due_days", "from_on", "reason"}
    with pytest.raises(NotAllowed):
        actions.set_rhythm(
            call,
            by=delivery.park_handler,
            rhythm="monthly",
            due_days=5,
            from_on=date(2023, 1, 1),
            reason="演示",
        )
    actions.set_rhythm(
        call,
        by=delivery.province_handler,
        rhythm="monthly",
        due_days=5,
        from_on=date(2023, 1, 1),
        reason="演示：国家要求按月调度",
    )
    slots = queries.calendar_of(delivery.project)
    assert [slot.period.title for slot in slots[:3]] == [
        "2022年9月15日至2022年12月31日",
        "2023年1月",
        "2023年2月",
    ]
    assert slots[1].period.due == date(2023, 2, 5)
    assert Mail.objects.filter(subject__contains="定期调度频次").exists()


def test_reports_come_one_after_the_other(delivery, report):
    assert (report.starts, report.ends, report.due) == (
        date(2022, 9, 15),
        date(2022, 12, 31),
        date(2023, 1, 10),
    )
    with pytest.raises(Invalid, match="1 处"):
        actions.begin_report(delivery.project, by=delivery.park_handler)
    with clock.at(AFTER):
        second = actions.begin_report(delivery.project, by=delivery.park_handler)
    assert second.starts == date(2023, 1, 1)


def test_everything_that_is_missing_is_said_at_once(delivery, over):
    row = drafts.save_report(
        over,
        draft=contents.Draft(
            figures={
                "audit_days": contents.Figure(value="很多"),
                **{
                    line["key"]: contents.Figure(value="1e3x", measured_on="2023-02-30")
                    for line in delivery.project.baseline.content["targets"][:1]
                },
            }
        ),
        revision=0,
        by=delivery.park_handler,
    )
    with pytest.raises(Invalid) as refusal:
        actions.hand_in(row, by=delivery.park_handler, draft_revision=row.draft_revision)
    keys = [line["key"] for line in delivery.project.baseline.content["targets"]]
    assert {"text-progress", f"figure-{keys[0]}-value", f"figure-{keys[0]}-measured_on"} <= wheres(refusal)
    assert {f"figure-{key}-value" for key in keys} <= wheres(refusal)
    assert not ReportVersion.objects.exists()


def test_a_period_is_reported_on_when_it_is_over(delivery, report):
    with clock.at("2022-12-30T10:00:00+08:00"):
        with pytest.raises(Invalid) as refusal:
            handed_in(delivery, report)
        assert wheres(refusal) == {"period"}
    with clock.at("2022-12-31T00:00:00+08:00"):
        assert handed_in(delivery, report).stage == "handed_in"


@pytest.mark.clause("N10")
def test_handing_in_seals_content_and_hash(delivery, over):
    found = handed_in(delivery, over)
    version = found.versions.get()
    assert version.content_sha256 == sha256_hex(canonical_bytes(version.content))
    assert version.content_sha256 in LedgerEntry.objects.get(verb="report.hand_in").body
    assert {part["slug"] for part in version.content["parts"]} >= {"phases"}
    assert found.first_handed_in_on == date(2023, 1, 3)
    with pytest.raises(WrongStage):
        drafts.save_report(
            found, draft=contents.Draft(), revision=found.draft_revision, by=delivery.park_handler
        )
    with pytest.raises(WrongStage):
        drafts.add_evidence(found, target_key="x", upload=None, by=delivery.park_handler)


def test_a_report_goes_back_a_bounded_number_of_times_and_keeps_its_versions(delivery, over):
    found = handed_in(delivery, over)
    with pytest.raises(Invalid) as refusal:
        actions.send_back(found, by=delivery.province_handler, opinion=" ")
    assert wheres(refusal) == {"opinion"}
    for round_ in range(3):
        actions.send_back(found, by=delivery.province_handler, opinion=f"演示：第 {round_} 次补充")
        found = handed_in(delivery, over, progress=f"演示：补充 {round_}")
    with pytest.raises(Invalid) as refusal:
        actions.send_back(found, by=delivery.province_handler, opinion="演示：再补")
    assert "最多退回 3 次" in str(refusal.value.problems[0].message)
    accepted = actions.accept(found, by=delivery.province_handler, opinion="演示：同意")
    assert accepted.stage == "accepted"
    versions = list(accepted.versions.all())
    assert [one.number for one in versions] == [1, 2, 3, 4]
    assert len({one.content_sha256 for one in versions}) == 4
    assert Mail.objects.filter(subject__contains="退回补充").count() == 3


def test_an_accepted_report_can_be_reopened(delivery, over):
    found = actions.accept(handed_in(delivery, over), by=delivery.province_handler)
    assert (
        actions.send_back(found, by=delivery.province_handler, opinion="演示：数值有误").stage == "returned"
    )
    again = saved(delivery, found, progress="演示：改正")
    assert again.is_open


def test_the_values_of_the_period_before_stand_beside_the_new_ones(delivery, over):
    handed_in(delivery, over, value="250")
    with clock.at("2023-04-03T10:00:00+08:00"):
        second = actions.begin_report(delivery.project, by=delivery.park_handler)
        found = handed_in(delivery, second, value="200")
    lines = found.versions.get().content["targets"]
    assert {line["previous"] for line in lines} == {"250"}


def test_two_writers_never_overwrite_each_other(delivery, report):
    mine = contents.Draft(texts={"progress": "甲"})
    drafts.save_report(report, draft=mine, revision=0, by=delivery.park_handler)
    with pytest.raises(drafts.ReportChanged) as conflict:
        drafts.save_report(
            report, draft=contents.Draft(texts={"progress": "乙"}), revision=0, by=delivery.park_lead
        )
    assert conflict.value.theirs.content["texts"]["progress"] == "甲"
    again = drafts.save_report(report, draft=mine, revision=0, by=delivery.park_lead)
    assert again.draft_revision == 1
    with pytest.raises(NotAllowed):
        drafts.save_report(report, draft=mine, revision=1, by=delivery.province_handler)
    with pytest.raises(Stale):
        actions.hand_in(report, by=delivery.park_handler, draft_revision=0)


def test_evidence_is_sealed_by_its_hash_and_stays_for_the_version(delivery, over):
    key = delivery.project.baseline.content["targets"][0]["key"]
    upload = delivery.maker.upload(by=delivery.park_handler)
    proof = drafts.add_evidence(over, target_key=key, upload=upload, by=delivery.park_handler)
    with pytest.raises(Invalid):
        drafts.add_evidence(over, target_key="nothing", upload=upload, by=delivery.park_handler)
    found = handed_in(delivery, over)
    assert [one["sha256"] for one in found.versions.get().content["evidence"]] == [upload.sha256]
    actions.send_back(found, by=delivery.province_handler, opinion="演示：换一份")
    drafts.take_out_evidence(found, evidence=proof.pk, by=delivery.park_handler)
    second = handed_in(delivery, found, progress="演示：已换")
    assert second.versions.last().content["evidence"] == []
    assert found.evidence.filter(pk=proof.pk).exists()


def fields(report, **more):
    """What the page's form sends, as its author left it."""
    draft = completed(report.project, on=date(2023, 1, 3), **more)
    sent = {f"text-{key}": text for key, text in draft.texts.items()}
    for kind, lines in (("figure", draft.figures), ("step", draft.steps)):
        for key, line in lines.items():
            sent |= {f"{kind}-{key}-{name}": value for name, value in vars(line).items()}
    return {**sent, "revision": "0"}


def test_a_report_is_written_saved_by_itself_and_handed_in_on_its_page(delivery, over, client):
    client.force_login(delivery.park_handler, backend=BACKEND)
    url = over.get_absolute_url()
    strict(client.get(url))
    saving = client.post(url, {**fields(over), "text-progress": "演示"}, headers={"X-Autosave": "1"})
    assert saving.json() == {"revision": 1}
    stale = client.post(url, {**fields(over), "text-progress": "别的"}, headers={"X-Autosave": "1"})
    assert stale.status_code == 409
    shown = client.post(url, {**fields(over), "text-progress": "别的"})
    assert shown.status_code == 409
    assert "别的" in shown.content.decode()
    strict(shown)
    refused = client.post(url, {**fields(over), "text-progress": "", "revision": "1", "hand_in": "1"})
    assert refused.status_code == 422
    assert "请写明本期工作进展" in refused.content.decode()
    strict(refused)
    done = client.post(url, {**fields(over), "revision": "2", "hand_in": "1", "key": "k" * 8})
    assert done.status_code == 302
    read = client.get(url)
    assert "第 1 版" in read.content.decode()
    strict(read)
    word = client.get(reverse("delivery:report-docx", args=[over.pk]))
    archive = zipfile.ZipFile(io.BytesIO(word.content))
    text = archive.read("word/document.xml").decode()
    assert delivery.project.title in text
    assert ReportVersion.objects.get().content_sha256 in text


def test_the_department_reads_and_sends_back_on_the_pages(delivery, over, client):
    assert any("报送进展报告" in todo.title for todo in todos.of(delivery.park_handler))
    found = handed_in(delivery, over)
    assert any("审阅进展报告" in todo.title for todo in todos.of(delivery.province_handler))
    assert not any("进展报告" in todo.title for todo in todos.of(delivery.reform_handler))
    client.force_login(delivery.province_handler, backend=BACKEND)
    page = client.get(found.get_absolute_url())
    assert "审阅通过" in page.content.decode()
    strict(page)
    url = reverse("delivery:send-back-report", args=[found.pk])
    found.refresh_from_db()
    answer = client.post(url, {"opinion": "演示：补充佐证", "revision": found.revision})
    assert answer.status_code == 302
    assert any("退回补充" in todo.title for todo in todos.of(delivery.park_handler))
    client.force_login(delivery.park_handler, backend=BACKEND)
    form = client.get(found.get_absolute_url())
    assert "演示：补充佐证" in form.content.decode()
    strict(form)


def test_a_draft_is_nobody_elses_business(delivery, report, client):
    drafts.save_report(
        report, draft=contents.Draft(texts={"progress": "未定稿的话"}), revision=0, by=delivery.park_handler
    )
    for who in ("province_handler", "park_signer", "consultant"):
        client.force_login(getattr(delivery, who), backend=BACKEND)
        page = client.get(report.get_absolute_url())
        assert page.status_code == 200
        assert "未定稿的话" not in page.content.decode()
        assert (
            client.post(report.get_absolute_url(), {"text-progress": "x", "revision": 1}).status_code == 405
        )


def test_evidence_goes_in_and_out_on_its_page(delivery, report, client):
    from tests.pilot_maker import small_pdf

    client.force_login(delivery.park_handler, backend=BACKEND)
    url = reverse("delivery:report-evidence", args=[report.pk])
    key = delivery.project.baseline.content["targets"][0]["key"]
    file = small_pdf()
    file.name = "监测报告.pdf"
    assert client.post(url, {"target_key": key, "file": file}).status_code == 302
    page = client.get(url)
    assert "监测报告.pdf" in page.content.decode()
    strict(page)
    proof = report.evidence.get()
    served = client.get(reverse("delivery:report-file", args=[report.pk, proof.pk]))
    assert b"".join(served.streaming_content).startswith(b"%PDF")
    assert client.post(url, {"take_out": proof.pk}).status_code == 302
    assert not report.evidence.filter(is_out=False).exists()
    assert client.post(url, {"target_key": "nothing"}).status_code == 422


def test_who_is_late_stands_first_in_the_overview(delivery, client):
    client.force_login(delivery.province_handler, backend=BACKEND)
    with clock.at("2023-02-10T09:00:00+08:00"):
        page = client.get(reverse("delivery:progress"))
        text = page.content.decode()
        assert "逾期 31 天" in text
        strict(page)
        book = client.get(reverse("delivery:progress-xlsx"))
        assert b"".join(book.streaming_content).startswith(b"PK")
        assert any("逾期未报" in todo.title for todo in todos.of(delivery.park_handler))
        calendar = client.get(reverse("delivery:reports", args=[delivery.project.pk]))
        assert "逾期未报" in calendar.content.decode()
        strict(calendar)


def test_the_overview_costs_the_same_with_more_reports(delivery, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(delivery.province_handler, backend=BACKEND)
    url = reverse("delivery:progress")
    with clock.at("2023-08-01T09:00:00+08:00"):
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        for _round in range(3):
            actions.begin_report(delivery.project, by=delivery.park_handler)
        with CaptureQueriesContext(connection) as many:
            client.get(url)
    assert len(many) == len(few) <= 9


def test_the_rhythm_is_set_on_its_page(delivery, client):
    client.force_login(delivery.province_handler, backend=BACKEND)
    url = reverse("delivery:set-rhythm", args=[delivery.project.pilot.call_id])
    strict(client.get(url))
    sent = {"rhythm": "monthly", "due_days": "5", "from_on": "2023-01-01", "reason": "演示：通知要求"}
    assert client.post(url, sent).status_code == 302
    page = client.get(reverse("delivery:reports", args=[delivery.project.pk])).content.decode()
    assert "每月一次" in page


def test_a_stopped_pilot_reports_no_more(delivery, over):
    with clock.at(datetime.fromisoformat(AFTER)):
        row = saved(delivery, over)
        actions.stop(delivery.project, by=delivery.province_signer, reason="演示：停建")
        row = ProgressReport.objects.get(pk=row.pk)
        with pytest.raises(WrongStage):
            actions.hand_in(row, by=delivery.park_handler, draft_revision=row.draft_revision)


@pytest.mark.parametrize("stage", ["draft", "handed_in", "returned", "accepted"])
def test_reports_are_made_for_every_stage(maker, stage):
    assert report_in(maker, stage).stage == stage
