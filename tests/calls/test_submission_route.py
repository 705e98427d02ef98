"""直接报送 or 经所在市转报: chosen by the call, consented to by both departments, moved along by an extension."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from qingyuan.calls import actions, preparing, queries
from qingyuan.calls.models import Call
from qingyuan.catalogue.notices import notices
from qingyuan.catalogue.notices.parts import CallOptions
from qingyuan.kernel.actions import Invalid
from tests.calls.pages import at, fresh, post, url
from tests.cast import OPENS
from tests.people.strict import client_of, strict, words

CLOSES, FORWARDED = at("2022-07-16T00:00:00+08:00"), at("2022-07-20T18:00:00+08:00")


def revise(draft, world, **more):
    given = {"opens_at": at(OPENS), "closes_at": CLOSES, "addressees": [world.henan_ecology]}
    return actions.revise(fresh(draft), by=world.state_handler, **given, **more)


def test_2022_is_direct_and_its_hash_is_what_it_was(draft):
    before = actions.content_hash(draft)
    assert (draft.submission_route, draft.forward_jointly) == ("direct", False)
    assert "forwarding" not in notices()["henan-2022"].options.model_dump_json()
    draft.forward_closes_at = FORWARDED
    assert actions.content_hash(draft) != before


def test_the_notice_may_say_it_and_the_form_starts_from_it(monkeypatch):
    notice = notices()["henan-2022"]
    said = {
        **notice.options.model_dump(),
        "forwarding": {"on": True, "why": "演示", "days": 3, "jointly": True},
    }
    through = notice.model_copy(update={"options": CallOptions.model_validate(said)})
    assert preparing.forwarding(notice) == {}
    assert preparing.forwarding(through) == {
        "forward_closes_at": notice.closes.ends + timedelta(days=3),
        "forward_jointly": True,
    }


def test_all_that_is_wrong_is_said_and_the_database_holds_it_too(world, draft):
    with pytest.raises(Invalid) as refusal:
        revise(draft, world, forward_closes_at=CLOSES)
    assert [problem.where for problem in refusal.value.problems] == ["forward_closes_at"]
    with pytest.raises(Invalid) as refusal:
        revise(draft, world, forward_jointly=True)
    assert [problem.where for problem in refusal.value.problems] == ["forward_jointly"]
    for values in ({"forward_closes_at": CLOSES}, {"forward_jointly": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=draft.pk).update(**values)


def test_by_form_and_on_the_call_s_page(world, draft):
    client = client_of(world.state_handler)
    data = {
        "opens_at": "2022-05-31T00:00",
        "closes_at": "2022-07-16T00:00",
        "addressees": [str(world.henan_ecology.pk)],
    }
    wrong = post(client, url("revise", draft), **data, forward_closes_at="2022-07-15T00:00")
    assert wrong.status_code == 422
    strict(wrong)
    done = post(
        client, url("revise", draft), **data, forward_closes_at="2022-07-20T18:00", forward_jointly="on"
    )
    assert done.status_code == 302
    assert fresh(draft).submission_route == "through_prefecture"
    assert "经所在市生态环境局、发展改革委转报，转报截止 2022年7月20日 18:00" in words(
        client.get(url("call", draft))
    )


def test_an_extension_gives_the_bureaus_the_same_time_as_before(world):
    call = world.call
    Call.objects.filter(pk=call.pk).update(forward_closes_at=call.closes_at + timedelta(days=5))
    digest = queries.consultation(fresh(call)).digest
    new = call.closes_at + timedelta(days=7)
    supplement = actions.propose_supplement(
        fresh(call), by=world.province_handler, new_closes_at=new, reason="演示"
    )
    actions.consent_to_supplement(supplement, by=world.reform_signer)
    actions.issue_supplement(supplement, by=world.province_signer)
    assert fresh(call).forward_closes_at == new + timedelta(days=5)
    assert queries.consultation(fresh(call)).digest == digest, "what was consented to then is still that"
