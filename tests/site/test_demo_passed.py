"""The demo's passed list: one pilot of each category has lived to it with credited enterprises, one is still under way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from qingyuan.audits.models import Dataset, Run
from qingyuan.delivery import facts
from qingyuan.delivery.models import Commendation, Conclusion, Practice, Project, Rectification
from qingyuan.delivery.queries import account, workbench
from qingyuan.demo import world as demo
from qingyuan.demo.scenes import SCENES
from qingyuan.demo.spine import TEMPLATES
from qingyuan.kernel import clock, ledger
from qingyuan.people.models import User
from qingyuan.registry.models import AuditRecord


@pytest.fixture(scope="module")
def one_life(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.at(SCENES["passed"]), override_settings(PASSWORD_HASHERS=hashers):
            demo.build(scene="passed")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def passed(one_life, db):
    with clock.at(SCENES["passed"]):
        yield list(Project.objects.filter(stage="passed").select_related("conclusion", "pilot"))


def final_scope(project: Project) -> int:
    return project.scope.filter(dropped_on=None).count()


@pytest.mark.clause("N10", "N11", "N13", "H5")
def test_one_pilot_of_each_category_is_on_the_passed_list_with_credited_enterprises(passed):
    assert {project.category_id for project in passed} == {"sector", "park", "region"}
    assert len(passed) == 3
    for project in passed:
        credited = AuditRecord.objects.filter(
            kind="credit", stage="valid", enterprise__in_projects__project=project
        )
        assert credited.count() == final_scope(project) - project.conclusion.exclusions.count()
        assert not credited.filter(
            enterprise__in_projects__in=project.conclusion.exclusions.values("scope_enterprise")
        ).exists()
    assert sum(project.conclusion.exclusions.count() for project in passed) == 1


@pytest.mark.clause("N10")
def test_its_work_can_be_followed_to_the_end(passed):
    for project in passed:
        assert set(project.scope.values_list("phase", flat=True)) == {7}
        assert [report.stage for report in project.reports.all()] == ["accepted"] * 4
        assert set(project.outputs.values_list("stage", flat=True)) == {"accepted"}
        assert set(project.pilot.schemes.values_list("stage", flat=True)) == {"done"}
    assert Rectification.objects.get().stage == "accepted"


@pytest.mark.clause("N1", "N3a", "N3b", "N3c")
def test_every_passed_pilot_holds_data_a_version_a_computation_and_findings(passed):
    for project in passed:
        dataset = Dataset.objects.get(pilot=project.pilot_id)
        assert dataset.versions.count() == 1
        run = Run.objects.get(dataset=dataset)
        assert (run.stage, run.dataset.template) == ("done", TEMPLATES[project.category_id])
        assert run.findings.exists()
        assert project.pilot.focus_sheets.get().ranking
        lines = {one.id: one for one in workbench.happened(project, account.book(project))}
        assert (lines["collecting"].shown, lines["computing"].shown) == ("33 天", "34 天")


@pytest.mark.clause("N10")
def test_every_report_of_a_passed_pilot_proves_a_figure(passed):
    for project in passed:
        assert [report.evidence.filter(is_out=False).count() for report in project.reports.all()] == [1] * 4


@pytest.mark.clause("N1", "N11", "H4", "H6")
def test_every_passed_pilot_shows_schemes_evaluations_reserve_and_account(passed):
    for project in passed:
        found = {name: fact.value for name, fact in facts.of(project).items()}
        assert (found["schemes.low"], found["schemes.low.done"]) == ("6", "6")
        assert (found["schemes.high"], found["schemes.high.done"]) == ("1", "1")
        assert (found["audits.evaluated"], found["audits.accepted"]) == ("3", "3")
        assert (found["reserve"], found["reserve.admitted"]) == ("1", "1")
        assert found["account.sentence.0"]
        assert project.account_statements.get().stage == "public"
        parts = {part["id"] for part in project.filings.get().content["parts"]}
        assert {"outputs", "reports", "schemes", "audits", "account"} <= parts
    assert Commendation.objects.get().stage == "issued"


def test_one_pilot_is_still_under_way(passed):
    running = Project.objects.get(stage="running")
    assert set(running.scope.values_list("phase", flat=True)) == {4}


@pytest.mark.clause("N11", "N12")
def test_the_public_reads_the_passed_list_and_the_case(passed):
    client = Client()
    page = client.get(reverse("delivery:passed")).content.decode()
    assert all(project.title in page for project in passed)
    assert Project.objects.get(stage="running").title not in page
    practice = Practice.objects.get(stage="published")
    assert client.get(reverse("delivery:published-case", args=[practice.pk])).status_code == 200


def test_everyone_concerned_opens_the_pages_of_a_passed_pilot(passed):
    for username in ("ting-jingban", "bu-jingban", "xianfu-duogang"):
        client = Client()
        client.force_login(User.objects.get(username=username))
        for project in passed:
            expected = 200 if username != "xianfu-duogang" or project.category_id == "sector" else 404
            assert client.get(project.get_absolute_url()).status_code == expected, username


def test_the_ledger_is_whole_and_a_second_build_does_nothing(passed):
    assert ledger.verify()
    assert not demo.build(scene="passed")
    assert Conclusion.objects.count() == 3
