"""Conflicts follow what was sealed, not what the applicant's working papers say since, and hide a case everywhere."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.kernel import clock, reminders, todos
from qingyuan.kernel.models import Mail
from qingyuan.people import actions as people
from qingyuan.people.models import Expert, Organisation
from qingyuan.pilots.models import JointParty, ScopeEntry
from qingyuan.review import actions
from qingyuan.review.conflicts import conflicts, conflicts_of
from qingyuan.review.models import Case
from qingyuan.review.queries import assigning
from qingyuan.review.rules.experts import open_assignments, reviews_case_as_expert, visible_cases_for_expert
from tests.api.conftest import ApiClient, token_of
from tests.assessment_maker import submitted
from tests.experts_maker import assigned, invited, ready
from tests.people.strict import client_of
from tests.pilot_maker import credit_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def seated(review):
    """The cast's expert holds two cases, has submitted a score for the first and has a body that will be an enterprise."""
    Case.objects.filter(round=review.round).update(stage="assessment")
    (made,) = invited(review.round, [review.expert.expert], by=review.province_handler)
    appointment = ready(made)
    review.bad, review.good = review.cases[0], review.cases[1]
    review.lost = assigned(review.bad, appointment, by=review.province_handler)
    review.kept = assigned(review.good, appointment, by=review.province_handler)
    review.appointment = appointment
    review.sheet = actions.open_assessment(review.lost, by=review.expert)
    review.lost.refresh_from_db()
    return review


def enterprise_of(case):
    """Name and credit code of an enterprise that stands in this sealed scope alone."""
    sealed = case.submission.snapshot
    sealed["scope"][0] |= {"name": "演示·独有企业", "credit_code": credit_code(77)}
    type(case.submission).objects.filter(pk=case.submission_id).update(snapshot=sealed)
    return "演示·独有企业", credit_code(77)


def employ(world, name, code):
    firm = Organisation.objects.create(kind="enterprise", name=name, credit_code=code)
    Expert.objects.filter(pk=world.expert.expert.pk).update(employer=firm)
    world.expert = type(world.expert).objects.get(pk=world.expert.pk)


def kinds(case, expert):
    found = Expert.objects.select_related("user", "employer").get(pk=expert.pk)
    return {conflict.kind for conflict in conflicts_of(case, found)}


def test_an_enterprise_struck_from_the_working_papers_still_binds(seated):
    name, code = enterprise_of(seated.bad)
    employ(seated, name, code)
    ScopeEntry.objects.filter(pilot=seated.bad.pilot).delete()
    assert kinds(seated.bad, seated.expert.expert) == {"scope"}
    assert not reviews_case_as_expert.test(seated.expert, seated.bad)


def test_an_enterprise_known_by_its_name_alone_binds_as_sealed(seated):
    name, _code = enterprise_of(seated.bad)
    Expert.objects.filter(pk=seated.expert.expert.pk).update(employer=None, employer_name=name)
    ScopeEntry.objects.filter(pilot=seated.bad.pilot).update(stated_name="演示·改了名")
    assert kinds(seated.bad, seated.expert.expert) == {"scope"}


def test_an_enterprise_that_is_only_in_the_working_papers_does_not_bind(seated):
    entry = ScopeEntry.objects.filter(pilot=seated.bad.pilot).first()
    ScopeEntry.objects.filter(pk=entry.pk).update(stated_name="演示·后来才写的企业")
    Expert.objects.filter(pk=seated.expert.expert.pk).update(
        employer=None, employer_name="演示·后来才写的企业"
    )
    assert kinds(seated.bad, seated.expert.expert) == set()


def test_a_joint_government_binds_as_sealed(seated):
    basin = seated.cases[2]
    sealed = basin.submission.snapshot
    sealed["joint"] = {
        "parties": [{"part": "partner", "name": "演示·下游县人民政府", "duties": "演示"}],
        "meetings": [],
    }
    type(basin.submission).objects.filter(pk=basin.submission_id).update(snapshot=sealed)
    JointParty.objects.filter(pilot=basin.pilot).delete()
    head = Organisation.objects.create(kind="government", name="演示·下游县人民政府")
    bureau = Organisation.objects.create(kind="bureau", name="演示·下游县某局", parent=head)
    Expert.objects.filter(pk=seated.expert.expert.pk).update(employer=bureau)
    assert kinds(basin, seated.expert.expert) == {"employer"}


def test_sectors_of_a_case_are_the_sealed_ones(seated):
    sealed = set(seated.bad.snapshot["sectors"])
    type(seated.bad.pilot).objects.filter(pk=seated.bad.pilot_id).update(sectors=["cement"])
    assert assigning.sectors_of([seated.bad]) == {seated.bad.pk: frozenset(sealed)}


def test_the_service_body_of_a_sealed_enterprise_binds(seated):
    from qingyuan.people.models import Authorisation

    name, code = enterprise_of(seated.bad)
    firm = Organisation.objects.create(kind="enterprise", name=name, credit_code=code)
    institute = Organisation.objects.create(kind="institute", name="演示·为企业服务的院")
    today = clock.local(clock.now()).date()
    model = Authorisation.objects.first()
    Authorisation.objects.create(
        applicant=firm,
        service_body=institute,
        valid_from=today,
        valid_until=today,
        **{
            field.name: getattr(model, field.name)
            for field in Authorisation._meta.concrete_fields
            if field.name not in {"id", "applicant", "service_body", "valid_from", "valid_until"}
        },
    )
    Expert.objects.filter(pk=seated.expert.expert.pk).update(employer=institute)
    ScopeEntry.objects.filter(pilot=seated.bad.pilot).delete()
    assert kinds(seated.bad, seated.expert.expert) == {"service"}


@pytest.mark.clause("N9")
def test_a_conflict_with_the_sealed_scope_leaves_no_trace_anywhere(seated):
    """Lists, search, counts, papers, pages by their addresses, the API, mails, to-dos: of the case that is left, all."""
    bad, good = seated.bad, seated.good
    name, code = enterprise_of(bad)
    Mail.objects.all().delete()
    employ(seated, name, code)
    expert = seated.expert
    ScopeEntry.objects.filter(pilot=bad.pilot).delete()
    words = (bad.title, bad.applicant_name, bad.label, name, str(bad.pk), str(seated.lost.pk))
    # lists, search, counts
    assert [one.pk for one in open_assignments(expert)] == [seated.kept.pk]
    found = visible_cases_for_expert(expert)
    assert found.count() == 1
    assert not found.filter(title__icontains=bad.title[:4], pk=bad.pk).exists()
    assert not any(one in todo.title + todo.detail + todo.url for todo in todos.of(expert) for one in words)
    # pages that stay open, and pages by address
    client = client_of(expert)
    kept = [
        reverse("home"),
        reverse("review:my"),
        reverse("review:appointment", args=[seated.appointment.pk]),
        reverse("review:declare", args=[seated.appointment.pk]),
        reverse("review:assess", args=[seated.kept.pk]),
        reverse("people:outbox"),
        reverse("pilots:list"),
    ]
    for address in kept:
        page = client.get(address)
        assert page.status_code in {200, 404}, address
        for word in words:
            assert word not in page.content.decode(), (address, word)
    digest = next((one["sha256"] for one in bad.snapshot["attachments"]), "0" * 64)
    hidden = [
        *(
            reverse(f"review:{route}", args=[seated.lost.pk])
            for route in ("assignment", "assess", "recuse", "replace")
        ),
        reverse("review:case-file", args=[seated.lost.pk, digest]),
        reverse("review:opinion-docx", args=[seated.sheet.pk]),
        *(
            reverse(f"review:{route}", args=[bad.pk])
            for route in ("case", "panel", "panel-discuss", "panel-minutes", "case-alike", "case-visit")
        ),
    ]
    assert {address: client.get(address).status_code for address in hidden} == dict.fromkeys(hidden, 404)
    # exports
    paper = client.get(reverse("review:task-paper", args=[seated.appointment.pk])).content
    text = ZipFile(BytesIO(paper)).read("word/document.xml").decode()
    assert good.title in text
    assert [word for word in words[:3] if word in text] == []  # the unit itself is the expert's own
    # the API
    told = ApiClient(token_of(expert))
    assert [one["id"] for one in told.get("/me/assignments").json()] == [str(seated.kept.pk)]
    for address in (
        f"/assignments/{seated.lost.pk}/assessment",
        f"/assessments/{seated.sheet.pk}",
        f"/cases/{bad.pk}",
        f"/cases/{bad.pk}/panel",
    ):
        assert told.get(address).status_code == 404, address
    for address in ("/me/assignments", "/me/appointments", "/me/visits"):
        answer = told.get(address)
        assert not any(word in answer.content.decode() for word in words), address
    assert told.post(f"/assessments/{seated.sheet.pk}/submit", {"draft_revision": 0}).status_code == 404
    assert told.post(f"/assignments/{seated.lost.pk}/assessment", {}).status_code == 404
    assert told.post(f"/assignments/{seated.lost.pk}/recuse", {"reason": "演示"}).status_code == 404
    # mails: the reminder of the task that is left goes out, that of the other does not
    with clock.at(seated.lost.due_at - timedelta(hours=20)):
        reminders.send()
    (mail,) = Mail.objects.filter(address=expert.email)
    assert not any(word in mail.subject + mail.body for word in words)


def test_a_reopened_score_sheet_is_announced_without_the_projects_name(seated):
    sheet = submitted(seated.kept)
    Mail.objects.all().delete()
    actions.reopen_assessment(sheet, by=seated.province_handler, reason="演示：请补充依据")
    (mail,) = Mail.objects.filter(address=seated.expert.email)
    assert seated.bad.title not in mail.subject + mail.body
    assert "演示：请补充依据" in mail.body


def test_the_mail_of_a_reopened_sheet_stays_away_from_an_expert_in_conflict(seated):
    sheet = submitted(seated.kept)
    people.declare_interests(
        seated.expert.expert,
        by=seated.expert,
        interests=[{"organisation": seated.good.applicant, "relation": "consulting"}],
    )
    Mail.objects.all().delete()
    actions.reopen_assessment(sheet, by=seated.province_handler, reason="演示：请补充依据")
    assert not Mail.objects.filter(address=seated.expert.email).exists()


def test_the_sealed_scopes_of_many_cases_are_one_question(seated):
    experts = [seated.expert.expert]
    with CaptureQueriesContext(connection) as one:
        conflicts(seated.round, [seated.bad], experts)
    with CaptureQueriesContext(connection) as many:
        conflicts(seated.round, [seated.bad, seated.good, seated.cases[3]], experts)
    assert len(many) <= len(one) + 1  # the fixture's own list of cases
