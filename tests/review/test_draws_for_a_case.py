"""Experts drawn for one case: nobody who must stand back from it is ever in the list."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.kernel import draws
from qingyuan.kernel.actions import Invalid
from qingyuan.people import actions as people
from qingyuan.people.models import Expert
from qingyuan.review import actions
from qingyuan.review.models import Case, Draw
from qingyuan.review.queries import assigning
from qingyuan.review.queries import draws as queries
from tests.api.conftest import ApiClient, token_of
from tests.draw_maker import announcement, conduct
from tests.experts_maker import invited, pool
from tests.people.strict import client_of, strict, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled(review):
    """Cases under assessment; six experts of the province: H-01 works for the first case's applicant, H-02 serves it,
    H-03 declared a relation to it.
    """
    Case.objects.filter(round=review.round).update(stage="assessment")
    review.experts = pool(review.world, 6)
    first, second, third = review.experts[:3]
    Expert.objects.filter(pk=first.pk).update(employer=review.park)
    Expert.objects.filter(pk=second.pk).update(employer=review.service)
    people.declare_interests(
        third, by=third.user, interests=[{"organisation": review.park, "relation": "kin"}]
    )
    review.bound = {"H-01", "H-02", "H-03"}
    return review


def codes_of(draw):
    return {one["code"] for one in draw.terms["candidates"]}


@pytest.mark.clause("N9")
@pytest.mark.sqlite
def test_nobody_who_must_stand_back_from_the_case_can_be_drawn(pooled):
    case = pooled.cases[0]
    draw = conduct(pooled, pooled.round, kind="experts", case=case, take=2, reserves=1)
    assert codes_of(draw) == set(assigning.candidates_for(pooled.round, case))
    assert codes_of(draw) >= {"H-04", "H-05", "H-06"}
    drawn = {*draw.selected, *draw.reserves}
    assert len(drawn) == 3
    assert not pooled.bound & (codes_of(draw) | drawn)
    record = json.loads(json.dumps(queries.record(draw)))
    assert draws.verify(record).status == "verified"
    assert record["terms"]["more"]["case"] == case.label
    assert case.title not in json.dumps(record, ensure_ascii=False)
    assert case.label in str(draw)


def test_for_the_whole_round_those_bound_everywhere_stay_out(pooled):
    """Bound by one case, an expert can still judge the others; bound by all of them, none."""
    whole = queries.candidates(pooled.round, "experts")
    assert {one.code for one in whole} >= pooled.bound
    fourth = pooled.experts[3]
    people.declare_interests(
        fourth,
        by=fourth.user,
        interests=[
            {"body_name": name, "relation": "consulting"}
            for name in {case.applicant_name for case in pooled.cases}
        ],
    )
    assert "H-04" not in {one.code for one in queries.candidates(pooled.round, "experts")}


def test_who_is_appointed_already_is_not_drawn_again(pooled):
    invited(pooled.round, [pooled.experts[3]], by=pooled.province_handler)
    codes = {one.code for one in queries.candidates(pooled.round, "experts", case=pooled.cases[0])}
    assert "H-04" not in codes
    assert "H-05" in codes


def test_draws_of_two_cases_are_counted_apart_and_go_on_at_once(pooled):
    first = conduct(pooled, pooled.round, kind="experts", case=pooled.cases[0], until="committed")
    second = conduct(pooled, pooled.round, kind="experts", case=pooled.cases[1], until="committed")
    assert (first.attempt, second.attempt) == (1, 1)
    with pytest.raises(Invalid) as caught:
        actions.announce_draw(
            pooled.round,
            by=pooled.province_handler,
            **announcement(pooled, kind="experts", case=pooled.cases[0]),
        )
    said = "".join(problem.message for problem in caught.value.problems)
    assert "再次抽取须写明理由" in said
    assert "尚未完成" in said


def test_a_draw_for_a_case_is_refused_where_it_has_no_place(pooled):
    case = pooled.cases[0]

    def told(**more):
        with pytest.raises(Invalid) as caught:
            actions.announce_draw(
                pooled.round, by=pooled.province_handler, **announcement(pooled, case=case, **more)
            )
        return [problem.where for problem in caught.value.problems]

    assert told(kind="sites") == ["case"]
    Case.objects.filter(pk=case.pk).update(stage="decision")
    case.refresh_from_db()
    assert told(kind="experts") == ["case"]


def test_the_page_shows_the_candidates_of_the_chosen_case_and_how_many_stay_out(pooled):
    client = client_of(pooled.province_handler)
    case = pooled.cases[0]
    tab = client.get(reverse("review:case-experts", args=[case.pk]))
    address = reverse("review:draw-experts", args=[pooled.round.pk]) + f"?case={case.pk}"
    assert f'href="{address}"' in tab.content.decode()
    page = client.get(address)
    strict(page)
    assert {one.code for one in page.context["candidates"]}.isdisjoint(pooled.bound)
    assert "另有 3 位专家应当回避" in words(page)
    assert "H-01" not in words(page)
    # What was chosen stays chosen when something else is wrong.
    again = client.post(address, {"case": str(case.pk), "take": "2"})
    assert again.status_code == 422
    assert {one.code for one in again.context["candidates"]}.isdisjoint(pooled.bound)
    assert client.get(reverse("review:draw-sites", args=[pooled.round.pk])).status_code == 200
    odd = client.get(reverse("review:draw-experts", args=[pooled.round.pk]) + "?case=nothing")
    assert odd.status_code == 200


def test_those_drawn_stand_ticked_in_the_invitation(pooled):
    draw = conduct(pooled, pooled.round, kind="experts", case=pooled.cases[0], take=2, reserves=1)
    client = client_of(pooled.province_handler)
    page = client.get(draw.get_absolute_url())
    assert "邀请抽中的专家" in words(page)
    invite = reverse("review:invite-experts", args=[pooled.round.pk])
    picked = client.get(f"{invite}?draw={draw.pk}").context["form"].initial
    codes = Expert.objects.filter(pk__in=picked["experts"]).values_list("code", flat=True)
    assert set(codes) == set(draw.selected)
    assert not picked["is_reserve"]
    spare = client.get(f"{invite}?draw={draw.pk}&reserves=1").context["form"].initial
    assert spare["is_reserve"]
    assert len(spare["experts"]) == 1
    assert client.get(f"{invite}?draw=nonsense").status_code == 200


def test_programs_draw_for_a_case_too(pooled):
    told = ApiClient(token_of(pooled.province_handler))
    case = pooled.cases[0]
    address = f"/rounds/{pooled.round.pk}/draw-candidates?kind=experts"
    shown = {one["code"] for one in told.get(f"{address}&case={case.pk}").json()}
    assert shown.isdisjoint(pooled.bound)
    assert shown >= {"H-04", "H-05"}
    assert told.get(f"{address}&case={pooled.round.pk}").status_code == 422
    given = announcement(pooled, kind="experts", take=2)
    body = {
        **{
            name: given[name]
            for name in ("kind", "take", "reserves", "strata", "source", "salt", "commitment")
        },
        "draw_id": str(given["draw_id"]),
        "case": str(case.pk),
        "public_at": given["public_at"].isoformat(),
        "reveal_by": given["reveal_by"].isoformat(),
        "supervisor": given["supervisor"].email,
        "supervisor_role": "监督人员",
    }
    made = told.post(f"/rounds/{pooled.round.pk}/draws", body)
    assert made.status_code == 201
    assert made.json()["case"] == str(case.pk)
    draw = Draw.objects.get()
    assert draw.case_id == case.pk
    assert not pooled.bound & codes_of(draw)


def test_a_larger_pool_asks_the_database_no_more(pooled):
    case = pooled.cases[0]
    queries.candidates(pooled.round, "experts", case=case)  # the departments are asked for once
    counts = []
    for more in (0, 20):
        if more:
            Expert.objects.bulk_create(
                Expert(code=f"Z-{number:03}", user=user) for number, user in enumerate(_people(more), start=1)
            )
        with CaptureQueriesContext(connection) as asked:
            queries.candidates(pooled.round, "experts", case=case)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def _people(count):
    from qingyuan.people.models import User

    return [
        User.objects.create_user(
            f"z{number}", f"z{number}@example.org", "demo-pass-2022", display_name="演示"
        )
        for number in range(count)
    ]
