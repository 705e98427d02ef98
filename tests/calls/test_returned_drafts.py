"""A draft that was returned says why on its own page, to those who have to mend it, until it goes out again."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from qingyuan.calls import actions
from qingyuan.calls.models import CallReturn
from qingyuan.kernel.actions import Invalid
from tests.calls.pages import fresh, url
from tests.people.strict import client_of, strict


@pytest.fixture
def returned(world, draft):
    actions.send_for_cosign(draft, by=world.state_handler)
    actions.return_to_draft(fresh(draft), by=world.ndrc_signer, remark="演示：截止时间太早\n请核对 <b>")
    return fresh(draft)


def notice(client, call):
    tree = strict(client.get(url("call", call)))
    boxes = [one for one in tree.iter("div") if one.get("id") == "returned"]
    return " ".join("".join(boxes[0].itertext()).split()) if boxes else ""


def test_the_opinion_stands_on_the_page_until_the_draft_goes_out_again(world, returned):
    said = notice(client_of(world.state_handler), returned)
    assert "演示：截止时间太早" in said
    assert "请核对 <b>" in said
    assert str(world.ndrc_signer) in said
    actions.send_for_cosign(returned, by=world.state_handler)
    assert not notice(client_of(world.state_handler), returned)
    history = client_of(world.state_handler).get(url("call", returned)).content.decode()
    assert "演示：截止时间太早" in history


def test_an_opinion_that_does_not_fit_is_refused(world, draft):
    actions.send_for_cosign(draft, by=world.state_handler)
    for remark in (" ", "长" * 1001):
        with pytest.raises(Invalid) as refusal:
            actions.return_to_draft(fresh(draft), by=world.ndrc_signer, remark=remark)
        assert [problem.where for problem in refusal.value.problems] == ["remark"]


def test_opinions_of_before_are_taken_from_their_mail(returned):
    CallReturn.objects.all().delete()
    import_module("qingyuan.calls.migrations.0003_callreturn").take_over(apps, None)
    [one] = CallReturn.objects.all()
    assert one.call == returned
    assert one.remark.startswith("演示：截止时间太早")
