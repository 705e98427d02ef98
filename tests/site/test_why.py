"""Why can X see this? The page says what the guards say, with every part, and who gave the relation."""

from __future__ import annotations

import pytest

from qingyuan.kernel.permission import judge
from qingyuan.people import actions as people
from qingyuan.people.models import Expert
from qingyuan.review.models import Case
from qingyuan.site import why
from tests.experts_maker import assigned, invited, ready
from tests.people.strict import client_of, strict, words

pytestmark = pytest.mark.django_db
ADDRESS = "/operations/why/"


def ask(client, person, thing):
    return client.get(ADDRESS, {"person": person.email, "object": str(thing.pk)})


def test_it_says_what_the_guards_say_for_everyone_and_every_kind(review):
    case = review.cases[0]
    upload = case.pilot.attachments.first().upload
    for person in review.world.people.values():
        for found in (case, case.pilot, case.submission):
            (thing,) = why.things(str(found.pk))
            (view,) = why.views(person, thing)
            rule = why.SEES[thing.kind][1]
            assert view.verdict.ok == view.finding.ok == judge(rule, person, found).ok
        (thing,) = why.things(str(upload.pk))
        ways = why.views(person, thing)
        assert any(view.verdict.ok for view in ways) == (
            judge(why.SEES["pilot"][1], person, case.pilot).ok
            or judge(why.SEES["submission"][1], person, case.submission).ok
        )


def test_a_granted_role_names_the_giver_and_the_entry(review):
    people.add_member(
        review.park, by=review.park_lead, email="new@example.org", name="演示新人", role="handler"
    )
    page = words(
        client_of(review.operator).get(ADDRESS, {"person": "new@example.org", "object": "演示园区试点"})
    )
    assert "找到多个对象" in page
    answer = client_of(review.operator).get(
        ADDRESS, {"person": "new@example.org", "object": str(review.cases[0].pilot_id)}
    )
    page = words(answer)
    assert "看得到" in page
    assert "演示园区牵头" in page


def test_an_expert_in_conflict_is_explained_to_the_operator_only(review):
    Case.objects.filter(round=review.round).update(stage="assessment")
    case = review.cases[0]
    (made,) = invited(review.round, [review.expert.expert], by=review.province_handler)
    assigned(case, ready(made), by=review.province_handler)
    operator = client_of(review.operator)
    page = words(ask(operator, review.expert, case))
    assert "看得到" in page
    assert "评审任务" in page
    assert "演示厅经办" in page
    people.declare_interests(
        Expert.objects.get(pk=review.expert.expert.pk),
        by=review.expert,
        interests=[{"organisation": review.park, "relation": "consulting"}],
    )
    page = words(ask(operator, review.expert, case))
    assert "看不到" in page
    assert "须与本项目没有应当回避的关系" in page
    for person in (review.expert, review.province_handler, review.stranger):
        assert ask(client_of(person), review.expert, case).status_code == 403


def test_the_page_is_strict_and_says_what_it_did_not_find(review):
    client = client_of(review.operator)
    strict(client.get(ADDRESS))
    assert "没有找到这个人" in words(client.get(ADDRESS, {"person": "谁也不是", "object": "没有"}))
    strict(ask(client, review.park_handler, review.cases[0]))
