"""Deviations of a pilot through a simulated year, and what is said of them."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from qingyuan.delivery import actions, baseline, drafts
from qingyuan.delivery.models import Baseline, ProgressReport, Project
from qingyuan.delivery.phases import PhaseRow
from qingyuan.delivery.queries import deviation as queries
from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Invalid, NotAllowed
from qingyuan.kernel.models import Mail
from tests.delivery_maker import completed
from tests.people.strict import strict

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MILESTONES = [
    {
        "key": "m1",
        "title": "摸底",
        "starts": "2022-09-15",
        "ends": "2022-12-31",
        "outputs": "",
        "responsible": "",
    },
    {
        "key": "m2",
        "title": "实施",
        "starts": "2023-01-01",
        "ends": "2023-05-31",
        "outputs": "",
        "responsible": "",
    },
]
ON_TRACK = {
    # From baseline to target, in step with the term at the ends of the periods (30 %, 56 %, 82 %, 100 %).
    1: {
        "audit_days": "240",
        "audit_cost": "650",
        "coverage_share": "45",
        "benefit_enterprises": "14",
        "benefit_sectors": "2",
    },
    2: {
        "audit_days": "195",
        "audit_cost": "540",
        "coverage_share": "66",
        "benefit_enterprises": "20",
        "benefit_sectors": "2.2",
    },
    3: {
        "audit_days": "150",
        "audit_cost": "420",
        "coverage_share": "86",
        "benefit_enterprises": "26",
        "benefit_sectors": "2.7",
    },
    4: {
        "audit_days": "120",
        "audit_cost": "350.5",
        "coverage_share": "100",
        "benefit_enterprises": "30",
        "benefit_sectors": "3",
    },
}
"""Where the year keeps to its plan."""


@pytest.fixture
def planned(delivery):
    """The pilot with two milestones in its plan."""
    row = delivery.project.baseline
    content = {**row.content, "milestones": MILESTONES}
    Baseline.objects.filter(pk=row.pk).update(content=content, content_sha256=baseline.content_hash(content))
    delivery.project = Project.objects.select_related("pilot__call", "applicant").get(pk=delivery.project.pk)
    return delivery


def report(delivery, values, **step):
    """The next period's report, handed in today."""
    project = Project.objects.get(pk=delivery.project.pk)
    today = clock.local(clock.now()).date()
    made = actions.begin_report(project, by=delivery.park_handler)
    made = drafts.save_report(
        made,
        draft=completed(made.project, on=today, values=values, **step),
        revision=0,
        by=delivery.park_handler,
    )
    return actions.hand_in(made, by=delivery.park_handler, draft_revision=made.draft_revision)


def accept_all(delivery):
    for one in ProgressReport.objects.filter(stage="handed_in"):
        actions.accept(one, by=delivery.province_handler)


def move_on(delivery, phase):
    today = clock.local(clock.now()).date()
    codes = delivery.project.scope.filter(dropped_on=None).values_list("enterprise__credit_code", flat=True)
    actions.set_phases(
        delivery.project, by=delivery.park_handler, rows=[PhaseRow(code, phase, today) for code in codes]
    )


def drop_one(delivery):
    project = Project.objects.get(pk=delivery.project.pk)
    code = project.baseline.content["scope"][0]["credit_code"]
    change = actions.ask_change(
        project, by=delivery.park_handler, kind="scope_drop", item=code, reason="演示：企业搬迁"
    )
    actions.approve(change, by=delivery.province_signer)


def step_back(values, **changes):
    return {**values, **changes}


YEAR = [
    # day, what happens on it, and what the rules then find
    ("2022-10-15", lambda d: move_on(d, 1), set()),
    ("2022-11-15", None, set()),
    ("2022-12-15", None, set()),
    # Nobody reports on the first period (due 10 January); the first milestone ended in December; nothing moved for 92 days.
    ("2023-01-15", None, {"milestone_late:m1", "report_late:2022-09-15", "phases_stalled:"}),
    ("2023-02-15", lambda d: (report(d, ON_TRACK[1]), move_on(d, 2)), {"milestone_late:m1"}),
    # The report came late, and nobody reads it for 28 days.
    ("2023-03-15", None, {"milestone_late:m1", "report_unread:2022-09-15"}),
    (
        "2023-04-05",
        lambda d: (
            accept_all(d),
            # Days fall short of the line, sectors fall back (and so are behind it as well).
            report(d, step_back(ON_TRACK[2], audit_days="230", benefit_sectors="1.5"), state="done"),
            accept_all(d),
        ),
        {"off_track:audit_days", "off_track:benefit_sectors", "fell_back:benefit_sectors"},
    ),
    (
        "2023-05-15",
        drop_one,
        {"off_track:audit_days", "off_track:benefit_sectors", "fell_back:benefit_sectors", "scope_dropped:"},
    ),
    # 90 days after 15 February.
    (
        "2023-05-16",
        None,
        {
            "off_track:audit_days",
            "off_track:benefit_sectors",
            "fell_back:benefit_sectors",
            "scope_dropped:",
            "phases_stalled:",
        },
    ),
    # The third report brings the figures back; one step of all enterprises ends the standstill; 60 days to the end.
    (
        "2023-07-05",
        lambda d: (report(d, ON_TRACK[3], state="done"), accept_all(d), move_on(d, 5)),
        {"scope_dropped:", "term_ending:"},
    ),
    (
        "2023-09-05",
        lambda d: (report(d, ON_TRACK[4], state="done"), accept_all(d), move_on(d, 7)),
        {"scope_dropped:"},
    ),
]


@pytest.mark.clause("N10")
def test_a_year_month_by_month(planned):
    for day, happens, expected in YEAR:
        with clock.at(f"{day}T09:00:00+08:00"):
            if happens:
                happens(planned)
            project = Project.objects.select_related("pilot__call", "applicant").get(pk=planned.project.pk)
            found = queries.standing([project], on=date.fromisoformat(day))[project.pk]
        assert {f"{one.deviation.rule}:{one.deviation.item}" for one in found} == expected, day


def late(delivery):
    """The day on which the first report and the first milestone are late."""
    return clock.at("2023-01-15T09:00:00+08:00")


def explain(delivery, **more):
    arguments = {
        "rule": "report_late",
        "item": "2022-09-15",
        "cause": "演示：数据核实",
        "measure": "演示：月底前补报",
        "until": date(2023, 1, 31),
        **more,
    }
    return actions.explain_deviation(delivery.project, by=delivery.park_handler, **arguments)


def of(delivery, rule):
    project = Project.objects.select_related("pilot__call").get(pk=delivery.project.pk)
    found = queries.standing([project], on=clock.local(clock.now()).date())[project.pk]
    return next((one for one in found if one.deviation.rule == rule), None)


@pytest.mark.clause("N10")
def test_an_explanation_holds_until_its_day_and_ends_with_the_deviation(planned):
    with late(planned):
        assert any("说明并处理偏差" in todo.title for todo in todos.of(planned.park_handler))
        explain(planned)
        assert not of(planned, "report_late").is_open
        assert Mail.objects.filter(subject__contains="偏差说明").exists()
    with clock.at("2023-02-01T09:00:00+08:00"):
        assert of(planned, "report_late").is_open
        explain(planned, until=date(2023, 2, 20))
        assert not of(planned, "report_late").is_open
    with clock.at("2023-02-10T09:00:00+08:00"):
        report(planned, ON_TRACK[1])
        assert of(planned, "report_late") is None
        with pytest.raises(Invalid) as refusal:
            explain(planned, until=date(2023, 2, 20))
        assert {problem.where for problem in refusal.value.problems} == {"rule"}


def test_what_nobody_explains_reaches_the_department(planned):
    with clock.at("2022-12-01T09:00:00+08:00"):
        move_on(planned, 1)
    with late(planned):
        assert not any("督促说明" in todo.title for todo in todos.of(planned.province_handler))
    with clock.at("2023-01-27T09:00:00+08:00"):
        assert any("督促说明" in todo.title for todo in todos.of(planned.province_handler))
        assert not any("督促说明" in todo.title for todo in todos.of(planned.reform_handler))


def test_all_that_is_missing_is_said_and_only_the_body_explains(planned):
    with late(planned):
        with pytest.raises(Invalid) as refusal:
            explain(planned, cause=" ", measure="", until=date(2023, 1, 14))
        assert {problem.where for problem in refusal.value.problems} == {"cause", "measure", "until"}
        with pytest.raises(NotAllowed):
            actions.explain_deviation(
                planned.project,
                by=planned.province_handler,
                rule="report_late",
                item="2022-09-15",
                cause="x",
                measure="x",
                until=date(2023, 2, 1),
            )


def test_the_department_does_its_own_part_without_an_explanation(planned):
    with late(planned):
        report(planned, ON_TRACK[1])
    with clock.at("2023-02-15T09:00:00+08:00"):
        assert of(planned, "report_unread").deviation.who == "supervisor"
        with pytest.raises(Invalid):
            explain(planned, rule="report_unread", until=date(2023, 3, 1))


def test_pages_show_what_stands_and_take_the_explanation(planned, client):
    page = reverse("delivery:deviations", args=[planned.project.pk])
    with clock.at("2022-09-21T09:00:00+08:00"):
        client.force_login(planned.park_handler, backend=BACKEND)
        assert "没有偏差" in client.get(page).content.decode()
    with late(planned):
        shown = client.get(page)
        assert "节点逾期" in shown.content.decode()
        strict(shown)
        url = reverse("delivery:explain-deviation", args=[planned.project.pk, "phases_stalled", "all"])
        strict(client.get(url))
        sent = {"cause": "演示：停产", "measure": "演示：复产后补审", "until": "2023-02-15"}
        assert client.post(url, sent).status_code == 302
        again = client.get(page).content.decode()
        assert "演示：复产后补审" in again
        assert "仍在" in again
        gone = reverse("delivery:explain-deviation", args=[planned.project.pk, "off_track", "nothing"])
        assert client.get(gone).status_code == 404


def test_the_facts_of_many_projects_cost_what_one_costs(planned, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with late(planned):
        with CaptureQueriesContext(connection) as one:
            queries.standing([planned.project], on=date(2023, 1, 15))
        report(planned, ON_TRACK[1])
        explain(planned, rule="milestone_late", item="m1")
        with django_assert_num_queries(len(one)):
            queries.standing([planned.project] * 2, on=date(2023, 1, 15))
    assert len(one) <= 9
