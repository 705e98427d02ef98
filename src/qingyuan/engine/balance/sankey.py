"""Reconciled flows as a Sankey diagram's data: nodes and links without a cycle (ECharts refuses cycles).

The outside becomes two nodes, one on either side. Arcs that close cycles (a small set of them by the greedy order of
Eades, Lin, Smyth, Inf. Process. Lett. 47 (1993) 319, weighed by flow) are drawn as two stubs: one out of their tail,
one into their head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qingyuan.engine.balance.result import Reconciled
from qingyuan.engine.balance.table import OUTSIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """`of` is the node that it stands for: its own name, or that of which it is one side or a stub."""

    name: str
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`value` is above 0: a flow reconciled below 0 is drawn the other way round."""

    source: str
    target: str
    value: float
    flow: str
    feedback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sankey:
    """Drawable as it stands."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]


def sankey(flows: Sequence[Reconciled]) -> Sankey:
    """Of all flows with a value that is not 0 and two ends; materials side by side, compositions left out."""
    arcs = []
    for one in flows:
        amount = None if one.reconciled is None else one.reconciled * one.row.coefficient
        tail, head = one.row.tail, one.row.head
        if not amount or one.row.composition or tail is None or head is None:
            continue
        if amount < 0:
            tail, head, amount = head, tail, -amount
        arcs.append((tail, head, amount, one.name))
    inner = [(tail, head, amount) for tail, head, amount, _ in arcs if OUTSIDE not in (tail, head)]
    rank = {name: place for place, name in enumerate(acyclic_order(inner))}
    nodes: dict[str, str] = {}
    links = []

    def node(name: str, of: str) -> str:
        nodes.setdefault(name, of)
        return name

    for tail, head, amount, flow in arcs:
        source = node(f"{OUTSIDE}:in", OUTSIDE) if tail == OUTSIDE else node(tail, tail)
        target = node(f"{OUTSIDE}:out", OUTSIDE) if head == OUTSIDE else node(head, head)
        if OUTSIDE in (tail, head) or rank[tail] < rank[head]:
            links.append(Link(source=source, target=target, value=amount, flow=flow, feedback=False))
            continue
        stub, origin = node(f"{head}:back", head), node(f"{tail}:again", tail)
        links.append(Link(source=source, target=stub, value=amount, flow=flow, feedback=True))
        links.append(Link(source=origin, target=target, value=amount, flow=flow, feedback=True))
    return Sankey(nodes=tuple(Node(name=name, of=of) for name, of in nodes.items()), links=tuple(links))


def acyclic_order(arcs: Sequence[tuple[str, str, float]]) -> list[str]:
    """The nodes in an order against which little flow runs: sinks last, sources first, else the most giving."""
    out: dict[str, dict[str, float]] = {}
    into: dict[str, dict[str, float]] = {}
    for tail, head, amount in arcs:
        for name in (tail, head):
            out.setdefault(name, {})
            into.setdefault(name, {})
        if tail != head:
            out[tail][head] = out[tail].get(head, 0.0) + amount
            into[head][tail] = into[head].get(tail, 0.0) + amount
    first: list[str] = []
    last: list[str] = []
    left = dict.fromkeys(out)
    ready = [name for name in left if not out[name] or not into[name]]
    while left:
        while ready:
            name = ready.pop()
            if name in left:
                (first if out[name] else last).append(name)
                _remove(name, left, out, into, ready)
        if left:
            name = max(left, key=lambda one: sum(out[one].values()) - sum(into[one].values()))
            first.append(name)
            _remove(name, left, out, into, ready)
    return first + last[::-1]


def _remove(
    name: str,
    left: dict[str, None],
    out: dict[str, dict[str, float]],
    into: dict[str, dict[str, float]],
    ready: list[str],
) -> None:
    del left[name]
    for other in out[name]:
        del into[other][name]
        if not into[other]:
            ready.append(other)
    for other in into[name]:
        del out[other][name]
        if not out[other]:
            ready.append(other)
