"""A verb judges right and stage on the locked row, leaves one ledger entry, and a double click is one act."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from qingyuan.kernel.actions import Invalid, KeyReused, NotAllowed, NotFound, Stale, WrongStage
from qingyuan.kernel.models import IdempotencyKey, LedgerEntry, Mail
from qingyuan.people import actions as people
from qingyuan.people.models import Membership
from qingyuan.pilots import actions


@pytest.mark.sqlite
def test_one_act_leaves_one_entry_with_stage_before_and_after(maker, world):
    pilot = maker("park", stage="ready")
    before = LedgerEntry.objects.count()
    actions.hand_in(pilot, by=world.park_handler)
    entry = LedgerEntry.objects.last()
    assert LedgerEntry.objects.count() == before + 1
    assert (entry.content["stage_from"], entry.content["stage_to"]) == ("drafting", "reviewing")
    assert entry.actor_ref == str(world.park_handler.ref)
    assert maker.fresh(pilot).revision == pilot.revision + 1


@pytest.mark.sqlite
def test_a_refused_verb_leaves_nothing(maker, world):
    pilot = maker("park", stage="drafting")
    counts = (
        LedgerEntry.objects.count(),
        Mail.objects.count(),
        IdempotencyKey.objects.count(),
        pilot.revision,
    )
    with pytest.raises(Invalid):
        actions.hand_in(pilot, by=world.park_handler, key="k")
    with pytest.raises(NotAllowed):
        actions.hand_in(pilot, by=world.stranger, key="k")
    assert counts == (
        LedgerEntry.objects.count(),
        Mail.objects.count(),
        IdempotencyKey.objects.count(),
        maker.fresh(pilot).revision,
    )


def test_a_refusal_says_which_condition_is_missing(maker, world):
    pilot = maker("park", stage="drafting")
    verdict = actions.describe.allowed(world.city_handler, pilot)
    assert not verdict
    assert "经办人或牵头负责人" in verdict.reasons[0]
    assert "咨询服务机构" in verdict.reasons[0]


def test_a_wrong_stage_is_said_in_the_words_of_the_page(maker, world):
    pilot = maker("park", stage="drafting")
    with pytest.raises(WrongStage, match="当前状态为“编制中”，本操作只能在“待审核”时进行"):
        actions.pass_review(pilot, by=world.park_reviewer)


@pytest.mark.sqlite
def test_a_page_rendered_at_an_older_revision_is_told_so(maker, world):
    pilot = maker("park", stage="ready")
    seen = pilot.revision
    actions.add_enterprise(
        pilot,
        by=world.park_handler,
        name="演示新企业",
        credit_code="91410300000000999P"[:17] + _digit("91410300000000999"),
    )
    with pytest.raises(Stale, match="已被他人更改"):
        actions.hand_in(pilot, by=world.park_handler, expect=seen)


def _digit(body: str) -> str:
    from qingyuan.catalogue.credit_code import check_character

    return check_character(body)


@pytest.mark.sqlite
def test_a_key_repeats_the_answer_and_refuses_other_content(world):
    arguments = {"email": "new@example.org", "name": "演示新人", "role": "reviewer"}
    first = people.add_member(world.park, by=world.park_lead, key="form-1", **arguments)
    again = people.add_member(world.park, by=world.park_lead, key="form-1", **arguments)
    assert first == again
    assert Membership.objects.filter(user=first.user).count() == 1
    with pytest.raises(KeyReused):
        people.add_member(world.park, by=world.park_lead, key="form-1", **{**arguments, "role": "signer"})


def test_keys_of_two_people_do_not_meet(world):
    people.add_member(
        world.park, by=world.park_lead, key="same", email="a@example.org", name="甲", role="handler"
    )
    other = people.add_member(
        world.city, by=world.operator, key="same", email="b@example.org", name="乙", role="handler"
    )
    assert other.organisation == world.city


@pytest.mark.sqlite
def test_an_object_that_is_gone_is_not_found(maker, world):
    pilot = maker("park", stage="drafting")
    type(pilot).objects.filter(pk=pilot.pk).delete()
    with pytest.raises(NotFound):
        actions.hand_in(pilot, by=world.park_handler)


@pytest.mark.django_db(transaction=True)
def test_eight_simultaneous_clicks_with_one_key_are_one_act(live_maker, live_world):
    pilot = live_maker("park", stage="ready")
    barrier = threading.Barrier(8)

    def click(_number: int) -> str:
        try:
            barrier.wait(timeout=20)
            return str(actions.hand_in(pilot, by=live_world.park_handler, key="double-click").pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        results = set(pool.map(click, range(8)))
    assert results == {str(pilot.pk)}
    assert LedgerEntry.objects.filter(verb="pilot.hand_in").count() == 1


@pytest.mark.django_db(transaction=True)
def test_simultaneous_verbs_without_a_key_run_one_after_the_other(live_maker, live_world):
    pilot = live_maker("park", stage="ready")
    barrier = threading.Barrier(6)

    def click(_number: int) -> str:
        try:
            barrier.wait(timeout=20)
            actions.hand_in(pilot, by=live_world.park_handler)
        except WrongStage:
            return "refused"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        results = sorted(pool.map(click, range(6)))
    assert results == ["done", *["refused"] * 5]
