"""The order of visits: always on to the nearest that is left, so many a day. Simple, and the officer can change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import asin, cos, radians, sin, sqrt

EARTH = 6371.0


@dataclass(frozen=True)
class Stop:
    """A site: `place` in degrees (latitude, longitude) where known, else `region` decides what is near."""

    key: str
    region: str = ""
    place: tuple[float, float] | None = None


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle."""
    north, south = radians(one[0]), radians(other[0])
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, half)))


def nearest_order(stops: Sequence[Stop], *, start: tuple[float, float] | None = None) -> list[Stop]:
    """From the start (or the first by region) to the nearest that is left; sites without a place by region code.

    Those without a place come right after the last one of their prefecture, or at the end.
    """
    known = sorted((one for one in stops if one.place), key=lambda one: (one.region, one.key))
    unknown = sorted((one for one in stops if not one.place), key=lambda one: (one.region, one.key))
    order: list[Stop] = []
    here = start
    while known:
        if here is None:
            best = known[0]
        else:
            at = here
            best = min(known, key=lambda one: (kilometres(at, one.place or at), one.key))
        known.remove(best)
        order.append(best)
        here = best.place
    for one in unknown:
        same = [number for number, other in enumerate(order) if other.region[:4] == one.region[:4]]
        order.insert(same[-1] + 1 if same else len(order), one)
    return order


def over_days(
    stops: Sequence[Stop], days: Sequence[date], *, start: tuple[float, float] | None = None
) -> list[tuple[str, date, int]]:
    """(key, day, position in the day), the stops spread evenly over the days in their order."""
    order, chosen = nearest_order(stops, start=start), sorted(days)
    found: list[tuple[str, date, int]] = []
    for number, one in enumerate(order):
        of_day = number * len(chosen) // len(order)
        position = sum(day == chosen[of_day] for _key, day, _position in found) + 1
        found.append((one.key, chosen[of_day], position))
    return found
