"""Pages about experts as officers and experts meet them; what an expert in conflict must not find in any of them."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.catalogue import promises
from qingyuan.kernel import clock, todos
from qingyuan.kernel.actions import Invalid
from qingyuan.people import actions as people
from qingyuan.people.models import Expert
from qingyuan.review import actions
from qingyuan.review.models import Appointment, Assignment, Case, Round
from qingyuan.review.queries import assigning
from tests.experts_maker import assigned, due, invited, pool, ready
from tests.people.strict import client_of, strict, words

pytestmark = pytest.mark.django_db


def url(name, *arguments):
    return reverse(f"review:{name}", args=[getattr(one, "pk", one) for one in arguments])


def post(client, address, **data):
    """Post a verb's page as a browser does: with the hidden fields and what stands in the form."""
    forms = strict(client.get(address)).iter("form")
    form = next(one for one in forms if one.get("action", "").startswith(address.split("?")[0]))
    hidden = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    due_at = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("name") == "due_at"}
    return client.post(address, {**hidden, **due_at, **data})


@pytest.fixture
def panel(review):
    """Cases under assessment, six experts of the province ready, the cast's expert invited."""
    Case.objects.filter(round=review.round).update(stage="assessment")
    review.experts = pool(review.world, 6)
    review.ready = [ready(one) for one in invited(review.round, review.experts, by=review.province_handler)]
    (review.invited,) = invited(review.round, [review.expert.expert], by=review.province_handler)
    review.round.refresh_from_db()
    return review


def test_an_expert_walks_from_the_invitation_to_the_task(panel):
    client = client_of(panel.expert)
    appointment = panel.invited
    assert "答复评审聘请" in [todo.title.split("：")[0] for todo in todos.of(panel.expert)]
    assert appointment.round.call.title in words(client.get(url("my")))
    page = words(client.get(url("accept", appointment)))
    assert "保密承诺" in page
    assert "回避承诺" in page
    refused = post(client, url("accept", appointment))
    assert refused.status_code == 422
    answer = post(client, url("accept", appointment), agreed="on")
    assert answer.headers["Location"] == url("declare", appointment)
    appointment.refresh_from_db()
    form = promises.form_on(clock.local(clock.now()).date())
    assert (appointment.promises_id, appointment.promises_sha256) == (form.id, form.sha256)
    declare = client.get(url("declare", appointment))
    assert panel.park.name in words(declare)
    assert panel.cases[0].title not in declare.content.decode()
    field = next(
        one.get("for")
        for one in strict(declare).iter("label")
        if "".join(one.itertext()).strip().startswith(panel.park.name)
    ).removeprefix("id_")
    answer = post(client, url("declare", appointment), **{field: "consulting", "truthful": "on"})
    assert answer.status_code == 302
    assert [(one.body_name, one.relation) for one in appointment.declared.all()] == [
        (panel.park.name, "consulting")
    ]
    # What was declared can be taken back: the body stays in the list.
    assert panel.park.name in words(client.get(url("declare", appointment)))
    made = assigned(panel.cases[1], Appointment.objects.get(pk=appointment.pk), by=panel.province_handler)
    assert panel.cases[1].title in words(client.get(url("my")))
    assert panel.cases[1].applicant_name in words(client.get(url("assignment", made)))
    paper = client.get(url("task-paper", appointment))
    assert paper.content.startswith(b"PK")
    answer = post(client, url("recuse", made), reason="演示：亲属在申报单位任职")
    assert answer.headers["Location"] == url("my")
    assert client.get(url("assignment", made)).status_code == 404
    assert panel.cases[1].title not in client.get(url("my")).content.decode()
    assert any("评审专家不足" in todo.title for todo in todos.of(panel.province_handler))


def test_an_expert_in_conflict_finds_no_trace_on_any_page(panel):
    """Assigned, then in conflict: every page of the expert's, with the ids of the case and of the task in the address."""
    appointment = ready(panel.invited)
    bad, good = panel.cases[0], panel.cases[1]
    lost = assigned(bad, appointment, by=panel.province_handler)
    kept = assigned(good, appointment, by=panel.province_handler)
    client = client_of(panel.expert)
    assert bad.title in words(client.get(url("my")))
    people.declare_interests(
        Expert.objects.get(pk=panel.expert.expert.pk),
        by=panel.expert,
        interests=[{"organisation": panel.park, "relation": "cooperation"}],
    )
    hidden = [url("assignment", lost), url("recuse", lost), url("replace", lost)]
    hidden += [url("case", bad), url("case-experts", bad), url("experts", panel.round)]
    hidden += [url("conflicts", panel.round), url("assign-all", panel.round), url("round", panel.round)]
    assert {client.get(address).status_code for address in hidden} == {404}
    shown = [url("my"), url("appointment", appointment), url("declare", appointment), reverse("home")]
    for address in [*shown, url("assignment", kept), reverse("people:outbox"), url("rounds")]:
        page = client.get(address).content.decode()
        assert bad.title not in page, address
        assert bad.applicant_name not in page, address
    assert not any(bad.title in todo.title + todo.detail for todo in todos.of(panel.expert))
    # The officer is told to replace; the paper of the expert names only what is left.
    assert "须更换" in words(client_of(panel.province_handler).get(url("conflicts", panel.round)))
    from io import BytesIO
    from zipfile import ZipFile

    paper = client.get(url("task-paper", appointment)).content
    text = ZipFile(BytesIO(paper)).read("word/document.xml").decode()
    assert good.title in text
    assert bad.title not in text


def test_the_dry_run_shows_what_changes_and_the_button_does_exactly_that(panel):
    client = client_of(panel.province_handler)
    plan = assigning.plan(panel.round)
    assert plan.solution.proven
    assert len(plan.pairs) == 12
    page = words(client.get(url("assign-all", panel.round)))
    assert "已证明最优" in page
    assert not Assignment.objects.exists()
    assert post(client, url("assign-all", panel.round)).status_code == 302
    held = Assignment.objects.filter(stage="assigned")
    assert sorted((one.case_id, one.appointment_id) for one in held) == sorted(plan.pairs)
    # Once more: nothing to change. An expert falls into conflict: only that expert's cases move.
    again = assigning.plan(panel.round)
    assert (again.gains, again.losses) == ([], [])
    one = held.filter(case=panel.cases[0]).first()
    expert = one.appointment.expert
    people.declare_interests(
        expert, by=expert.user, interests=[{"organisation": panel.park, "relation": "consulting"}]
    )
    changed = assigning.plan(panel.round)
    assert one.pk in {lost.pk for lost in changed.losses}
    assert expert.code in words(client.get(url("assign-all", panel.round)))
    assert post(client, url("assign-all", panel.round)).status_code == 302
    one.refresh_from_db()
    assert one.stage == "replaced"
    assert assigning.plan(panel.round).gains == []


def test_a_plan_that_is_no_longer_true_is_refused_and_shown_anew(panel):
    client = client_of(panel.province_handler)
    address = url("assign-all", panel.round)
    form = next(one for one in strict(client.get(address)).iter("form") if one.get("action") == address)
    sent = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("name")}
    assigned(panel.cases[0], panel.ready[5], by=panel.park_and_province)
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "情况有变" in words(answer)
    assert Assignment.objects.count() == 1


def test_a_lack_of_experts_is_explained(panel):
    Round.objects.filter(pk=panel.round.pk).update(cap_per_expert=1)
    panel.round.refresh_from_db()
    plan = assigning.plan(panel.round)
    assert sum(gap.missing for gap in plan.gaps) == 12 - 6
    assert "最多能安排 6 人次" in plan.gaps[0].reasons[0]
    assert "最多能安排 6 人次" in words(client_of(panel.province_handler).get(url("assign-all", panel.round)))


def test_officers_pages_are_strict_and_cost_the_same_for_more_rows(panel):
    first = ready(panel.invited)
    made = assigned(panel.cases[1], first, by=panel.province_handler)
    assigned(panel.cases[1], panel.ready[0], by=panel.province_handler, is_reserve=True)
    client = client_of(panel.province_handler)
    pages = [
        url("experts", panel.round),
        url("conflicts", panel.round),
        url("assign-all", panel.round),
        url("assign", panel.round),
        url("assign", panel.round) + f"?case={panel.cases[1].pk}",
        url("invite-experts", panel.round),
        url("case-experts", panel.cases[1]),
        url("replace", made),
        url("appointment", first),
        url("release-expert", first),
        url("assignment", made),
    ]
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        strict(response)
    counts = {}
    for more in (False, True):
        if more:
            actions.assign_all(
                panel.round,
                by=panel.province_handler,
                pairs=[
                    *((case.pk, one.pk) for case in panel.cases for one in panel.ready[1:4]),
                    (panel.cases[1].pk, first.pk),
                ],
                due_at=due(),
            )
        for address in pages[:7]:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.setdefault(address, []).append(len(queries))
    assert {address: few >= many - 1 for address, (few, many) in counts.items()} == dict.fromkeys(
        pages[:7], True
    )
    assert max(many for _few, many in counts.values()) <= 32


def test_a_reserve_or_another_takes_over_by_the_page(panel):
    made = assigned(panel.cases[1], ready(panel.invited), by=panel.province_handler)
    assigned(panel.cases[1], panel.ready[2], by=panel.province_handler, is_reserve=True)
    client = client_of(panel.province_handler)
    page = words(client.get(url("replace", made)))
    assert "候补：H-03" in page
    answer = post(client, url("replace", made), reason="演示：逾期", by_appointment=str(panel.ready[2].pk))
    assert answer.headers["Location"] == url("case-experts", panel.cases[1])
    stepped = Assignment.objects.get(appointment=panel.ready[2])
    assert (stepped.is_reserve, stepped.follows_id) == (False, made.pk)


def test_candidates_for_a_draw_are_codes_of_the_free(panel):
    Appointment.objects.filter(expert__code="H-02").update(stage="declined")
    codes = assigning.candidates_for(panel.round)
    assert codes == ["H-02"]
    Expert.objects.filter(code="H-02").update(employer=panel.park)
    assert assigning.candidates_for(panel.round, panel.cases[0]) == []
    assert assigning.candidates_for(panel.round, panel.cases[1]) == ["H-02"]


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_do_not_overfill_an_expert(live_review):
    """Both give the last free place of one expert away; one of them is told."""
    review = live_review
    Case.objects.filter(round=review.round).update(stage="assessment")
    Round.objects.filter(pk=review.round.pk).update(cap_per_expert=1)
    round_ = Round.objects.select_related("call__joint_body").get(pk=review.round.pk)
    (made,) = invited(round_, pool(review.world, 1), by=review.province_handler)
    appointment = ready(made)
    outcomes = []
    gate = threading.Barrier(2)

    def give(case, officer):
        gate.wait()
        try:
            actions.assign(round_, by=officer, case=case, appointment=appointment, due_at=due())
            outcomes.append("done")
        except Invalid as refusal:
            outcomes.append(refusal.problems[0].message)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=give, args=pair)
        for pair in zip(review.cases[1:3], (review.province_handler, review.park_and_province), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one == "done" for one in outcomes) == [False, True], outcomes
    assert Assignment.objects.count() == 1
