"""The gate before an expert's eyes, and conflicts: an expert in conflict finds no trace of the case anywhere."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingyuan.kernel.actions import Invalid
from qingyuan.kernel.models import Mail
from qingyuan.people import actions as people
from qingyuan.people.models import Expert, Organisation
from qingyuan.review import actions
from qingyuan.review.conflicts import conflicts, conflicts_of
from qingyuan.review.models import Appointment, Assignment, Case, Round
from qingyuan.review.rules.experts import (
    open_assignments,
    reviews_case_as_expert,
    visible_cases_for_expert,
)
from tests.api.conftest import ApiClient, token_of
from tests.experts_maker import assigned, due, invited, pool, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(review):
    """All cases under assessment; the cast's expert is ready."""
    Case.objects.filter(round=review.round).update(stage="assessment")
    review.round.refresh_from_db()
    (made,) = invited(review.round, [review.expert.expert], by=review.province_handler)
    review.appointment = made
    return review


def kinds(case, expert):
    return {conflict.kind for conflict in conflicts_of(case, expert)}


def fresh(expert):
    return Expert.objects.select_related("user", "employer").get(pk=expert.pk)


# --- the gate, step by step


@pytest.mark.clause("N9")
def test_nothing_opens_before_accepting_promising_and_declaring(at_work):
    case, expert = at_work.cases[1], at_work.expert
    appointment = at_work.appointment
    with pytest.raises(Invalid) as refused:
        actions.assign(
            at_work.round, by=at_work.province_handler, case=case, appointment=appointment, due_at=due()
        )
    assert "尚未接受聘请" in refused.value.problems[0].message
    with pytest.raises(Invalid) as refused:
        actions.accept(appointment, by=expert, promises_sha256="0" * 64)
    assert "重新阅读" in refused.value.problems[0].message
    ready(appointment)
    made = assigned(case, appointment, by=at_work.province_handler)
    assert reviews_case_as_expert.test(expert, case)
    assert [one.pk for one in open_assignments(expert)] == [made.pk]
    for broken in ({"declared_at": None}, {"stage": "released"}):
        before = Appointment.objects.filter(pk=appointment.pk).values(*broken).get()
        Appointment.objects.filter(pk=appointment.pk).update(**broken)
        assert not reviews_case_as_expert.test(expert, case)
        assert not visible_cases_for_expert(expert).exists()
        Appointment.objects.filter(pk=appointment.pk).update(**before)
    for model, row, stage in ((Case, case, "withdrawn"), (Round, at_work.round, "published")):
        before = model.objects.get(pk=row.pk).stage
        model.objects.filter(pk=row.pk).update(stage=stage)
        assert not reviews_case_as_expert.test(expert, at_work.cases[1])
        assert open_assignments(expert) == []
        model.objects.filter(pk=row.pk).update(stage=before)
    assert reviews_case_as_expert.test(expert, at_work.cases[1])


def test_a_reserve_sees_nothing_until_stepping_in(at_work):
    case = at_work.cases[1]
    ready(at_work.appointment)
    (spare,) = pool(at_work.world, 1)
    (second,) = invited(at_work.round, [spare], by=at_work.province_handler)
    ready(second)
    first = assigned(case, at_work.appointment, by=at_work.province_handler)
    assigned(case, second, by=at_work.province_handler, is_reserve=True)
    assert not reviews_case_as_expert.test(spare.user, case)
    actions.recuse(first, by=at_work.expert, reason="演示：发现有亲属任职")
    assert reviews_case_as_expert.test(spare.user, case)
    assert not reviews_case_as_expert.test(at_work.expert, case)
    assert Assignment.objects.get(appointment=second).follows_id == first.pk
    assert Mail.objects.filter(address=spare.user.email, verb="assignment.recuse").count() == 1


# --- what is a conflict


def test_the_unit_of_an_expert_binds_it_whole(at_work):
    case, expert = at_work.cases[0], at_work.expert.expert
    assert kinds(case, fresh(expert)) == set()
    Expert.objects.filter(pk=expert.pk).update(employer=at_work.park)
    assert kinds(case, fresh(expert)) == {"employer"}
    # The service body that supports the applicant, its branch, its superior.
    Expert.objects.filter(pk=expert.pk).update(employer=at_work.service)
    assert kinds(case, fresh(expert)) == {"service"}
    branch = Organisation.objects.create(kind="service", name="演示·分院", parent=at_work.service)
    Expert.objects.filter(pk=expert.pk).update(employer=branch)
    assert kinds(case, fresh(expert)) == {"service"}
    head = Organisation.objects.create(kind="institute", name="演示·总院")
    Organisation.objects.filter(pk=at_work.service.pk).update(parent=head)
    for employer in (head, Organisation.objects.create(kind="institute", name="演示·姊妹院", parent=head)):
        Expert.objects.filter(pk=expert.pk).update(employer=employer)
        assert kinds(case, fresh(expert)) == {"service"}
    # An employer outside the register binds by its exact name.
    Expert.objects.filter(pk=expert.pk).update(employer=None, employer_name=at_work.park.name)
    assert kinds(case, fresh(expert)) == {"employer"}


def test_an_authorisation_binds_three_years_beyond_its_end(at_work):
    from qingyuan.people.models import Authorisation

    case, expert = at_work.cases[0], at_work.expert.expert
    Expert.objects.filter(pk=expert.pk).update(employer=at_work.service)
    Authorisation.objects.update(stage="ended", valid_from=date(2019, 1, 1), valid_until=date(2020, 1, 1))
    assert kinds(case, fresh(expert)) == {"service"}
    Authorisation.objects.update(valid_from=date(2018, 1, 1), valid_until=date(2018, 12, 31))
    assert kinds(case, fresh(expert)) == set()


def test_enterprises_of_the_scope_and_declared_relations_bind(at_work):
    case, expert = at_work.cases[0], at_work.expert.expert
    entry = case.pilot.scope.select_related("enterprise").first()
    firm = Organisation.objects.create(
        kind="enterprise", name=entry.stated_name, credit_code=entry.enterprise.credit_code
    )
    Expert.objects.filter(pk=expert.pk).update(employer=firm)
    assert kinds(case, fresh(expert)) == {"scope"}
    Expert.objects.filter(pk=expert.pk).update(employer=at_work.institute)
    people.declare_interests(
        fresh(expert),
        by=at_work.expert,
        interests=[{"body_name": entry.stated_name, "relation": "consulting"}],
    )
    assert kinds(case, fresh(expert)) == {"interest"}
    people.declare_interests(fresh(expert), by=at_work.expert, interests=[])
    ready(at_work.appointment, interests=[{"body_name": at_work.park.name, "relation": "kin"}])
    assert kinds(case, fresh(expert)) == {"declared"}
    assert kinds(at_work.cases[1], fresh(expert)) == set()


def test_the_region_rule_is_the_rounds_own(at_work):
    case, expert = at_work.cases[0], at_work.expert.expert
    Expert.objects.filter(pk=expert.pk).update(region_code=case.region_code)
    assert kinds(case, fresh(expert)) == {"region"}
    Expert.objects.filter(pk=expert.pk).update(region_code="410000")
    assert kinds(case, fresh(expert)) == set()
    Expert.objects.filter(pk=expert.pk).update(region_code=case.region_code)
    Round.objects.update(avoids_own_region=False)
    assert kinds(at_work.cases[0], fresh(expert)) == set()


def test_all_pairs_cost_as_many_queries_as_one(at_work):
    experts = pool(at_work.world, 12, employer="演示·环境科学研究院")
    with CaptureQueriesContext(connection) as one:
        conflicts(at_work.round, at_work.cases[:1], experts[:1])
    with CaptureQueriesContext(connection) as many:
        conflicts(at_work.round, at_work.cases, experts)
    cases_list = 1  # the fixture's own list of cases
    assert len(many) <= len(one) <= 11 + cases_list


# --- no trace


@pytest.mark.clause("H3")
def test_avoidance_cannot_be_overridden(at_work):
    ready(at_work.appointment, interests=[{"body_name": at_work.park.name, "relation": "consulting"}])
    case = at_work.cases[0]
    for verb, arguments in (
        (actions.assign, {"case": case, "appointment": at_work.appointment, "due_at": due()}),
        (actions.assign_all, {"pairs": [(case.pk, at_work.appointment.pk)], "due_at": due()}),
    ):
        with pytest.raises(Invalid) as refused:
            verb(at_work.round, by=at_work.province_handler, **arguments)
        assert "应当回避" in refused.value.problems[0].message
    assert not Assignment.objects.exists()


def test_a_conflict_that_comes_to_light_closes_every_way(at_work):
    """Assigned first, then in conflict: lists, counts, search, pages, API and mail hold no trace."""
    appointment = ready(at_work.appointment)
    bad, good = at_work.cases[0], at_work.cases[1]
    lost = assigned(bad, appointment, by=at_work.province_handler)
    kept = assigned(good, appointment, by=at_work.province_handler)
    expert = at_work.expert
    people.declare_interests(
        fresh(expert.expert), by=expert, interests=[{"organisation": at_work.park, "relation": "consulting"}]
    )
    assert [one.pk for one in open_assignments(expert)] == [kept.pk]
    found = visible_cases_for_expert(expert)
    assert found.count() == 1
    assert not found.filter(title__icontains="园区").exists()
    told = ApiClient(token_of(expert))
    assert [one["id"] for one in told.get("/me/assignments").json()] == [str(kept.pk)]
    answer = told.post(f"/assignments/{lost.pk}/recuse", {"reason": "演示"})
    assert answer.status_code == 404
    assert told.get(f"/rounds/{at_work.round.pk}/appointments").status_code == 404
    mails = Mail.objects.filter(address=expert.email)
    assert mails.exists()
    for mail in mails:
        for case in at_work.cases:
            assert case.title not in mail.subject + mail.body
            assert case.applicant_name not in mail.subject + mail.body


def test_two_officers_cannot_overfill_an_expert(at_work):
    appointment = ready(at_work.appointment)
    Round.objects.update(cap_per_expert=1)
    at_work.round.refresh_from_db()
    assigned(at_work.cases[1], appointment, by=at_work.province_handler)
    with pytest.raises(Invalid) as refused:
        assigned(at_work.cases[2], appointment, by=at_work.park_and_province)
    assert "上限" in refused.value.problems[0].message


def test_replacing_brings_in_another_and_started_work_stays_in_a_plan(at_work):
    appointment = ready(at_work.appointment)
    first, second = pool(at_work.world, 2)
    others = [ready(one) for one in invited(at_work.round, [first, second], by=at_work.province_handler)]
    case = at_work.cases[1]
    started = assigned(case, appointment, by=at_work.province_handler)
    moved = assigned(at_work.cases[2], appointment, by=at_work.province_handler)
    Assignment.objects.filter(pk=started.pk).update(stage="started")
    made = actions.assign_all(
        at_work.round,
        by=at_work.province_handler,
        pairs=[(at_work.cases[2].pk, others[0].pk)],
        due_at=due(),
    )
    assert made == 1
    started.refresh_from_db()
    moved.refresh_from_db()
    assert (started.stage, moved.stage) == ("started", "replaced")
    actions.replace(started, by=at_work.province_handler, reason="演示", by_appointment=others[1])
    assert reviews_case_as_expert.test(second.user, case)
    assert not reviews_case_as_expert.test(at_work.expert, case)
    with pytest.raises(Invalid) as refused:
        actions.release_expert(others[0], by=at_work.province_handler, reason="演示")
    assert "未完成的任务" in refused.value.problems[0].message
