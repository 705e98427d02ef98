"""Rounds of review and their cases, made by the product's own verbs after the Henan call of 2022 has closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from qingyuan.kernel import clock

AFTER_CLOSING = "2022-07-01T09:00:00+08:00"


def opened(maker: Any) -> Any:
    """The round of the world's call, opened an hour after closing if it was not (the clock stays where it is)."""
    from qingyuan.calls.models import Call
    from qingyuan.review import actions
    from qingyuan.review.models import Round

    found = Round.objects.filter(call=maker.world.call).first()
    if found is not None:
        return found
    call = Call.objects.get(pk=maker.world.call.pk)
    with clock.at(max(clock.now(), call.closes_at) + timedelta(hours=1)):
        return actions.open_round(call, by=maker.world.province_handler)


def _moved(row: Any, stage: str) -> Any:
    """Straight into a stage: the verbs that lead there are tested where they belong."""
    type(row).objects.filter(pk=row.pk).update(stage=stage)
    return type(row).objects.select_related(*_RELATED[row._meta.label_lower]).get(pk=row.pk)


_RELATED = {
    "review.round": ("call__joint_body",),
    "review.case": ("round__call__joint_body", "submission"),
}


def round_in(maker: Any, stage: str) -> Any:
    """A round over one submitted application (made if there is none)."""
    from qingyuan.pilots.models import Submission

    if not Submission.objects.filter(call=maker.world.call).exists():
        maker("park", stage="submitted", name="演示评审项目")
    return _moved(opened(maker), stage)


def case_in(maker: Any, stage: str) -> Any:
    """The first case of a round that is under way."""
    round_ = round_in(maker, "reviewing")
    return _moved(round_.cases.order_by("number").first(), stage)


def truth_signed(maker: Any, case: Any) -> None:
    """The province has examined the truth of the sealed version and signed for it (if it has not already)."""
    from qingyuan.review.actions import truthfulness as verbs
    from qingyuan.review.models import Truthfulness
    from qingyuan.review.models.truthfulness import CHECKS

    if Truthfulness.objects.filter(case=case, stage="signed").exists():
        return
    examined = verbs.examine(
        case,
        by=maker.world.province_handler,
        checks={key: {"word": "agrees", "note": ""} for key in CHECKS},
        result="true",
    )
    verbs.sign(examined, by=maker.world.province_signer)


class Review:
    """A world whose call has closed with four applications received, and a round opened over them.

    `review.maker` makes more; `review.round`, `review.cases` are rows; people and bodies as in the world.
    """

    def __init__(self, maker: Any) -> None:
        self.maker, self.world = maker, maker.world
        maker("park", stage="submitted", name="演示园区试点", applicant="park")
        maker("sector", stage="submitted", name="演示行业试点", applicant="city")
        maker("region", stage="submitted", name="演示流域试点", applicant="city")
        maker("sector", stage="submitted", name="演示电镀试点", applicant="department")
        self.round = _moved(opened(maker), "reviewing")

    @property
    def cases(self) -> list[Any]:
        return list(self.round.cases.select_related(*_RELATED["review.case"]).order_by("number"))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)


@pytest.fixture
def review(maker: Any) -> Any:
    """The round of the world's call over four applications, under way; the clock stands the day after closing."""
    made = Review(maker)
    with clock.at(AFTER_CLOSING):
        yield made


@pytest.fixture
def live_review(live_maker: Any) -> Any:
    """The same in a database with real transactions."""
    made = Review(live_maker)
    with clock.at(AFTER_CLOSING):
        yield made
