"""Who acts on a released decision: rooms above register here, so that their rows follow in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Model

from qingyuan.kernel.actions import Act
from qingyuan.review.models import Decision, DecisionItem


@dataclass(frozen=True)
class Follower:
    """`locks` names the rows that `follow` will move; both see the decision as it is about to be released."""

    locks: Callable[[Decision], Iterable[Model]]
    follow: Callable[[Decision, Sequence[DecisionItem], Act], None]
    issued: Callable[[Decision], None]
    """The number and the day of the paper were noted (again)."""


_followers: list[Follower] = []


def register(follower: Follower) -> None:
    if follower not in _followers:
        _followers.append(follower)


def locked_by(decision: Decision) -> list[Model]:
    return [row for follower in _followers for row in follower.locks(decision)]


def follow(decision: Decision, items: Sequence[DecisionItem], act: Act) -> None:
    for follower in _followers:
        follower.follow(decision, items, act)


def issued(decision: Decision) -> None:
    for follower in _followers:
        follower.issued(decision)
