"""An agreed decision whose call asks for 公示: the province's, and the State's above it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from qingyuan.kernel import clock
from qingyuan.review import actions
from qingyuan.review.decisions import Row
from qingyuan.review.models import Decision, Publicity
from tests.house.cases.review_publicity import asks_publicity, objection
from tests.review.state_rounds import taken_in
from tests.review.test_decisions import fresh, sent

ENDS = datetime.fromisoformat("2022-07-09T00:00:00+08:00")
ADDRESS = "演示省生态环境厅科技标准处（演示路1号）"
SECRET_WORDS = ("王某", "0371-00000000", "数据不实")


def agreed(review: Any, **more: Any) -> Decision:
    """The province's: two recommended of four, both departments have consented, the call asks for 公示."""
    asks_publicity(review.round)
    decision = sent(review, **more)
    for signer in (review.province_signer, review.reform_signer):
        actions.consent(fresh(decision), by=signer, content_sha256=decision.content_sha256)
    return fresh(decision)


def opened(review: Any, decision: Decision | None = None, **more: Any) -> Publicity:
    given = {"ends_at": ENDS, "contact": ADDRESS, "answer_days": 15, **more}
    return actions.publicise(decision or agreed(review), by=review.province_handler, **given)


def lodged(publicity: Publicity, **more: Any) -> Any:
    from django.contrib.auth.models import AnonymousUser

    return actions.lodge_objection(publicity, by=AnonymousUser(), **objection(**more))


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


@contextmanager
def over(publicity: Publicity) -> Any:
    """The first instant after the period."""
    with clock.at(publicity.ends_at):
        yield again(publicity)


@contextmanager
def state_agreed(review: Any) -> Any:
    """The State's decision on Henan's two: the first approved, the second not; its call asks for 公示."""
    with taken_in(review) as round_:
        asks_publicity(round_)
        actions.start(round_, by=review.state_handler)
        type(round_.cases.first()).objects.filter(round=round_).update(stage="decision")
        first, second = round_.cases.order_by("number")
        decision = actions.draft(
            round_,
            by=review.state_handler,
            kind="final",
            items=[Row(first.pk, "approved"), Row(second.pk, "not_selected", "演示：可复制性不足")],
        )
        actions.send_for_cosign(decision, by=review.state_handler, due_at=clock.now() + timedelta(days=3))
        for signer in (review.state_signer, review.ndrc_signer):
            actions.consent(fresh(decision), by=signer, content_sha256=fresh(decision).content_sha256)
        yield fresh(decision)


def page(user: Any, url: str) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(url)
