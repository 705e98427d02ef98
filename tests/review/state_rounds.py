"""A State's round above Henan's: the national call has closed, Henan has released two recommendations of four."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from qingyuan.kernel import clock
from tests.review.test_decisions import fresh, sent

CLOSES = datetime.fromisoformat("2022-07-16T00:00:00+08:00")
AFTER = "2022-07-18T09:00:00+08:00"


def released(review: Any, **more: Any) -> Any:
    """Henan's final decision, by the verbs."""
    from qingyuan.review import actions

    decision = sent(review, **more)
    for signer in (review.province_signer, review.reform_signer):
        actions.consent(fresh(decision), by=signer, content_sha256=decision.content_sha256)
    actions.release(fresh(decision), by=review.province_signer)
    return fresh(decision)


def national_call(review: Any) -> Any:
    from qingyuan.calls import actions as calls
    from qingyuan.calls.models import Call

    world = review.world
    call = calls.prepare(
        world.joint["state"],
        by=world.state_handler,
        notice_id="national-2022",
        opens_at=clock.now() - timedelta(days=30),
        closes_at=CLOSES,
        addressees=[world.henan_ecology],
    )
    calls.send_for_cosign(call, by=world.state_handler)
    calls.consent(call, by=world.ndrc_signer)
    calls.publish(call, by=world.state_signer)
    Call.objects.filter(pk=world.call.pk).update(parent=call)
    return Call.objects.get(pk=call.pk)


@contextmanager
def state_round(review: Any) -> Any:
    """Opened after the national closing, before anything was taken in; the clock stays there."""
    from qingyuan.review import actions

    call = national_call(review)
    with clock.at(AFTER):
        yield actions.open_round(call, by=review.state_handler)


@contextmanager
def taken_in(review: Any) -> Any:
    """The State's round with Henan's two recommended projects."""
    from qingyuan.review import actions
    from qingyuan.review.models import Round

    released(review)
    with state_round(review) as round_:
        actions.take_in(round_, by=review.state_handler, source=review.round)
        yield Round.objects.get(pk=round_.pk)
