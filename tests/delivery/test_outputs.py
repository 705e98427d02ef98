"""Promised and further results: editions, hand-in, the departments' word, the public mark, the list as a workbook."""

from __future__ import annotations

import io
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.catalogue import outputs as catalogue
from qingyuan.delivery import promised
from qingyuan.delivery.actions import approve, ask_change, stop
from qingyuan.delivery.actions import output as verbs
from qingyuan.delivery.models import Output, OutputFile, OutputVersion
from qingyuan.delivery.queries import output as queries
from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Invalid, WrongStage
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.workbooks.outputs import output_table
from qingyuan.workbooks.read import read_table
from tests.delivery.test_project import BACKEND, refused
from tests.outputs_maker import output_in, promise, put_version
from tests.people.strict import strict
from tests.pilot_maker import small_pdf


@pytest.fixture
def promising(delivery):
    promise(delivery.project)
    return delivery


def row(delivery, key="o1"):
    return delivery.project.outputs.get(key=key)


def changed(delivery, **arguments):
    """A change of the baseline, asked and approved."""
    delivery.project.__dict__.pop("baseline", None)
    made = ask_change(delivery.project, by=delivery.park_handler, reason="演示", **arguments)
    approve(made, by=delivery.province_signer)
    delivery.project.__dict__.pop("baseline", None)


@pytest.mark.clause("N10")
def test_what_the_plan_promised_becomes_rows_with_kind_target_and_day(promising):
    norm, techniques = promising.project.outputs.order_by("position")
    goal = promising.project.baseline.content["targets"][0]["key"]
    assert (norm.key, norm.kind, norm.targets, norm.milestone) == ("o1", "norm", [goal], "")
    assert norm.due_on == promising.project.term_end, "no milestone names it: by the end of the term"
    assert (techniques.key, techniques.kind, techniques.milestone) == ("o2", "technique", "m1")
    assert techniques.due_on == date(2022, 12, 31)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("清洁生产审核规范", "norm"),
        ("技术规范", "norm"),
        ("规范实施指南", "guide"),
        ("减污降碳技术清单", "technique"),
        ("典型案例集", "case"),
        ("企业数据库", "database"),
        ("试点总结报告", "report"),
        ("视频", "other"),
    ],
)
def test_a_kind_is_guessed_by_what_the_title_ends_in(title, kind):
    assert catalogue.guess(title) == kind


@pytest.mark.clause("N10")
def test_a_result_is_handed_in_sent_back_and_accepted_version_by_version(promising):
    one = row(promising)
    put_version(promising.maker, one, names=("正文.pdf", "编制说明.pdf"))
    verbs.hand_in(one, by=promising.park_handler)
    with pytest.raises(WrongStage):
        put_version(promising.maker, one, title="偷换")
    verbs.send_back(one, by=promising.province_handler, opinion="演示：缺少适用范围")
    with refused("已经提交过"):
        verbs.hand_in(row(promising), by=promising.park_handler)
    put_version(promising.maker, one, title="修改稿")
    verbs.hand_in(row(promising), by=promising.park_handler)
    verbs.accept(row(promising), by=promising.province_handler, opinion="同意")
    found = list(OutputVersion.objects.filter(output=one).order_by("number"))
    assert [(version.number, version.verdict) for version in found] == [(1, "returned"), (2, "accepted")]
    assert found[0].opinion == "演示：缺少适用范围"
    assert found[0].files.count() == 2
    assert queries.accepted_version(one) == found[1]
    entry = LedgerEntry.objects.filter(verb="output.accept").get()
    assert found[1].content_sha256 in entry.body
    assert Mail.objects.filter(subject__contains="提交产出成果").exists()
    assert Mail.objects.filter(subject__contains="产出成果已审阅").exists()


def test_what_a_version_needs(promising):
    one = row(promising)
    upload = promising.maker.upload(by=promising.park_handler)
    with pytest.raises(Invalid) as refusal:
        verbs.add_version(one, by=promising.park_handler, title=" ", uploads=[])
    assert {problem.where for problem in refusal.value.problems} == {"title", "uploads"}
    with refused("完全相同"):
        verbs.add_version(one, by=promising.park_handler, title="稿", uploads=[upload, upload])
    verbs.add_version(one, by=promising.park_handler, title="稿", uploads=[upload])
    with refused("与第 1 版完全相同"):
        verbs.add_version(one, by=promising.park_handler, title="稿", uploads=[upload])
    with refused("还没有上传版本"):
        verbs.hand_in(row(promising, "o2"), by=promising.park_handler)


def test_further_results_need_a_reason_and_can_be_taken_down_promised_ones_cannot(promising):
    with pytest.raises(Invalid) as refusal:
        verbs.add_output(
            promising.project,
            by=promising.park_handler,
            kind="poem",
            title="演示减污技术清单",
            reason="",
            milestone="m9",
            targets=["没有"],
        )
    assert {problem.where for problem in refusal.value.problems} == {
        "kind",
        "title",
        "reason",
        "milestone",
        "targets",
    }
    made = verbs.add_output(
        promising.project,
        by=promising.park_handler,
        kind="guide",
        title="审核指南",
        reason="演示",
        milestone="m2",
    )
    assert (made.key, made.due_on) == ("x1", date(2023, 8, 31))
    verbs.drop(made, by=promising.park_handler, reason="演示：并入规范")
    with refused("方案承诺"):
        verbs.drop(row(promising), by=promising.park_handler, reason="不想做了")
    again = verbs.add_output(
        promising.project, by=promising.park_handler, kind="guide", title="审核指南", reason="演示"
    )
    assert again.key == "x2", "the key of a dropped one is not given twice"


def test_approved_changes_are_followed(promising):
    changed(promising, kind="milestone", item="m1", becomes="2022-09-15 至 2023-03-31")
    assert row(promising, "o2").due_on == date(2023, 3, 31)
    changed(promising, kind="term", becomes="2022-06-01 至 2024-02-29")
    assert row(promising).due_on == date(2024, 2, 29)
    changed(promising, kind="output", item="o1", becomes="演示园区审核导则")
    assert row(promising).title == "演示园区审核导则"
    changed(promising, kind="output", item="o2", becomes="不再产出")
    gone = row(promising, "o2")
    assert (gone.stage, gone.title) == ("dropped", "演示减污技术清单")
    changed(promising, kind="output", item="o2", becomes="演示减污技术清单")
    assert row(promising, "o2").stage == "expected"


def test_an_accepted_result_that_was_changed_afterwards_is_asked_for_again(promising):
    one = row(promising)
    put_version(promising.maker, one)
    verbs.hand_in(one, by=promising.park_handler)
    verbs.accept(row(promising), by=promising.province_handler)
    verbs.mark(row(promising), by=promising.park_handler, public=True)
    changed(promising, kind="output", item="o1", becomes="演示园区审核导则")
    again = row(promising)
    assert (again.stage, again.may_be_published) == ("expected", False)
    assert queries.accepted_version(again) is not None


def test_the_public_mark_belongs_to_the_accepted_version(promising):
    one = output_in(promising.maker, "accepted")
    verbs.mark(one, by=promising.park_handler, public=True)
    assert [version.number for version in queries.publishable([promising.project])] == [1]
    verbs.hand_in(Output.objects.get(pk=one.pk), by=promising.park_handler)
    assert not queries.publishable([promising.project]).exists()


def test_pilots_that_were_stopped_take_no_more_results(promising):
    one = row(promising)
    stop(promising.project, by=promising.province_signer, reason="演示：停建")
    with pytest.raises(WrongStage):
        put_version(promising.maker, one)


def test_a_version_that_was_not_handed_in_is_the_applicants_own(promising, client):
    one = row(promising)
    put_version(promising.maker, one)
    file = OutputFile.objects.get()
    for handed_in, who, status in (
        (False, "park_handler", 200),
        (False, "province_handler", 404),
        (True, "province_handler", 200),
        (True, "city_handler", 404),
    ):
        if handed_in and row(promising).stage == "expected":
            verbs.hand_in(row(promising), by=promising.park_handler)
        client.force_login(getattr(promising, who), backend=BACKEND)
        response = client.get(reverse("delivery:output-file", args=[file.pk]))
        assert response.status_code == status, (handed_in, who)
        if response.streaming:
            assert b"".join(response.streaming_content).startswith(b"%PDF")
        page = client.get(one.get_absolute_url())
        if page.status_code == 200:
            assert ("送审稿成果.pdf" in page.content.decode()) == (status == 200)


def test_late_and_waiting_results_are_among_the_to_dos(promising):
    put_version(promising.maker, row(promising))
    verbs.hand_in(row(promising), by=promising.park_handler)
    assert any("审阅产出成果" in todo.title for todo in todos.of(promising.province_handler))
    assert not any("审阅产出成果" in todo.title for todo in todos.of(promising.park_handler))
    assert not any("产出成果" in todo.title for todo in todos.of(promising.park_handler))
    with clock.at("2022-12-15T09:00:00+08:00"):
        assert any("提交产出成果" in todo.title for todo in todos.of(promising.park_handler))
    with clock.at("2023-01-01T09:00:00+08:00"):
        assert any("逾期未提交产出成果" in todo.title for todo in todos.of(promising.park_handler))
        assert queries.counts(promising.project).late == 1
        assert "逾期未提交 1 项" in queries.said(queries.counts(promising.project))


def test_everything_is_done_on_the_pages(promising, client):
    project = promising.project
    client.force_login(promising.park_handler, backend=BACKEND)
    url = reverse("delivery:add-output", args=[project.pk])
    assert client.post(url, {"kind": "guide", "title": "审核指南", "reason": " "}).status_code == 422
    goal = project.baseline.content["targets"][0]["key"]
    response = client.post(
        url, {"kind": "guide", "title": "审核指南", "reason": "演示", "milestone": "m2", "targets": [goal]}
    )
    made = project.outputs.get(key="x1")
    assert response.url == made.get_absolute_url()
    url = reverse("delivery:add-version", args=[made.pk])
    wrong = io.BytesIO(b"MZ not a document")
    wrong.name = "坏.pdf"
    bad = client.post(url, {"title": "稿", "uploads": [small_pdf("one"), wrong]})
    assert bad.status_code == 422
    assert "坏.pdf" in bad.content.decode()
    first, second = small_pdf("one"), small_pdf("two")
    first.name, second.name = "一.pdf", "二.pdf"
    assert client.post(url, {"title": "稿", "uploads": [first, second]}).status_code == 302
    assert made.versions.get().files.count() == 2
    client.post(reverse("delivery:hand-in-output", args=[made.pk]), {})
    client.force_login(promising.province_handler, backend=BACKEND)
    back = reverse("delivery:send-back-output", args=[made.pk])
    assert client.post(back, {"opinion": " "}).status_code == 422
    client.post(reverse("delivery:accept-output", args=[made.pk]), {"opinion": "同意"})
    client.force_login(promising.park_handler, backend=BACKEND)
    client.post(reverse("delivery:mark-output", args=[made.pk]), {"public": "yes"})
    made.refresh_from_db()
    assert (made.stage, made.may_be_published) == ("accepted", True)
    for page in (
        made.get_absolute_url(),
        reverse("delivery:outputs", args=[project.pk]),
        reverse("delivery:outputs", args=[project.pk]) + "?kind=guide&stage=accepted",
        reverse("delivery:arrange-output", args=[made.pk]),
    ):
        response = client.get(page)
        assert response.status_code == 200
        strict(response)


def test_the_list_is_filtered(promising, client):
    client.force_login(promising.park_handler, backend=BACKEND)
    url = reverse("delivery:outputs", args=[promising.project.pk])
    text = client.get(url, {"kind": "technique"}).content.decode()
    assert "演示减污技术清单" in text
    assert "审核规范" not in text
    with clock.at("2023-01-01T09:00:00+08:00"):
        text = client.get(url, {"late": "on"}).content.decode()
    assert "演示减污技术清单" in text
    assert "审核规范" not in text


def test_the_workbook_holds_every_version_and_reads_back(promising, client):
    put_version(promising.maker, row(promising), names=("正文.pdf", "说明.pdf"))
    client.force_login(promising.park_handler, backend=BACKEND)
    response = client.get(reverse("delivery:outputs-xlsx", args=[promising.project.pk]))
    content = b"".join(response.streaming_content)
    reading = read_table(content, output_table(), name="产出成果清单.xlsx")
    rows = list(reading.rows())
    assert reading.ok, reading.problems
    assert [(one["key"], one["number"]) for one in rows] == [("o1", 1), ("o2", None)]
    assert "送审稿正文.pdf" in rows[0]["files"]
    assert rows[1]["due_on"] == date(2022, 12, 31)


def test_a_project_without_promised_results_says_what_to_do(delivery, client):
    client.force_login(delivery.park_handler, backend=BACKEND)
    response = client.get(reverse("delivery:outputs", args=[delivery.project.pk]))
    assert "没有承诺产出成果" in response.content.decode()
    strict(response)


@pytest.mark.parametrize("address", ["outputs", "outputs-xlsx"])
def test_fifty_results_cost_as_many_queries_as_five(promising, client, address):
    client.force_login(promising.park_handler, backend=BACKEND)
    url = reverse(f"delivery:{address}", args=[promising.project.pk])

    def more(count):
        for number in range(count):
            made = verbs.add_output(
                promising.project,
                by=promising.park_handler,
                kind="guide",
                title=f"演示指南{promising.project.outputs.count()}-{number}",
                reason="演示",
            )
            OutputVersion.objects.create(
                output=made, number=1, title="稿", content_sha256="0" * 64, made_at=clock.now(), made_by=promising.park_handler
            )  # fmt: skip

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = client.get(url)
            if response.streaming:
                b"".join(response.streaming_content)
        return len(captured)

    more(3)
    cost()
    few = cost()
    more(45)
    assert cost() == few


def test_projects_that_ran_before_get_their_rows_by_the_migration(promising):
    changed(promising, kind="output", item="o2", becomes="不再产出")
    before = list(
        promising.project.outputs.order_by("key").values("key", "kind", "title", "stage", "due_on", "targets")
    )
    Output.objects.all().delete()
    import_module("qingyuan.delivery.migrations.0005_outputs_promised").take_promised(apps, None)
    after = list(
        promising.project.outputs.order_by("key").values("key", "kind", "title", "stage", "due_on", "targets")
    )
    assert [one | {"title": None} for one in after] == [one | {"title": None} for one in before]
    assert promised.GIVEN_UP == import_module("qingyuan.delivery.migrations.0005_outputs_promised").GIVEN_UP
