"""A finished draw as one JSON document, and what anyone can recompute of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qingyuan.kernel.draws.algorithm import draw, outcome_sha256, seed_of
from qingyuan.kernel.draws.reading import Reader
from qingyuan.kernel.draws.terms import ORGANISER, SECOND, SECOND_BODY, Terms, commitment, supervisor_sha256
from qingyuan.papers.ledger_receipt import check_receipt

KIND = "qingyuan-draw"
VERSION = 1
ENTRIES = {
    "announced": "draw.announce",
    "committed": "draw.commit_second",
    "supervised": "draw.supervise",
    "public_value": "draw.reveal_public",
    "drawn": "draw.reveal",
}
"""The acts of a draw in their order, and the verb under which the ledger has each."""


@dataclass(frozen=True)
class Step:
    """One thing that was recomputed; `faults` is empty when it holds."""

    name: str
    title: str
    faults: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Report:
    """`problems`: why the document is no draw record at all. Else `steps`, of which all must hold."""

    problems: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def status(self) -> str:
        if self.problems:
            return "bad_input"
        return "verified" if all(step.ok for step in self.steps) else "mismatch"

    def as_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "problems": list(self.problems),
            "steps": [
                {"name": one.name, "title": one.title, "ok": one.ok, "faults": list(one.faults)}
                for one in self.steps
            ],
        }


@dataclass(frozen=True)
class Record:
    """A draw record whose shape is sound."""

    terms: Terms
    terms_sha256: str
    commitments: dict[str, str]
    secret: str
    public_value: str
    seed: str
    outcome: dict[str, Any]
    supervisor: dict[str, Any]
    ledger: dict[str, dict[str, Any]]

    @property
    def has_second(self) -> bool:
        return self.terms.public_value.kind == SECOND_BODY


def verify(document: object) -> Report:
    """Recompute every step of a draw record. Says all problems of a bad document, all faults of a wrong one."""
    reader = Reader()
    record = _read(reader, document)
    if record is None or reader.problems:
        return Report(tuple(reader.problems), ())
    return Report((), tuple(Step(name, title, tuple(check(record))) for name, title, check in STEPS))


def _read(reader: Reader, document: object) -> Record | None:
    top = reader.mapping(document, "$")
    if top is None:
        return None
    if (top.get("kind"), top.get("version")) != (KIND, VERSION):
        reader.problem("$", f"kind、version 应为 {KIND}、{VERSION}")
        return None
    terms = reader.terms(top.get("terms"))
    commitments = reader.mapping(top.get("commitments"), "$.commitments") or {}
    revealed = reader.mapping(top.get("revealed"), "$.revealed") or {}
    ledger = reader.mapping(top.get("ledger"), "$.ledger") or {}
    second = reader.has_second(top.get("terms"))
    roles = (ORGANISER, SECOND) if second else (ORGANISER,)
    wanted = [name for name in ENTRIES if name != "committed" or second]
    hashes = {role: reader.hex(commitments.get(role), f"$.commitments.{role}") for role in roles}
    entries = {name: reader.entry(ledger.get(name), f"$.ledger.{name}") for name in wanted}
    stated = reader.hex(top.get("terms_sha256"), "$.terms_sha256")
    secret = reader.hex(revealed.get(ORGANISER), f"$.revealed.{ORGANISER}")
    public_value = reader.text(revealed.get("public_value"), "$.revealed.public_value")
    seed = reader.hex(top.get("seed"), "$.seed")
    outcome = reader.mapping(top.get("outcome"), "$.outcome")
    supervisor = reader.mapping(top.get("supervisor"), "$.supervisor") or {}
    person = {key: reader.text(supervisor.get(key), f"$.supervisor.{key}") for key in ("body", "role")}
    if terms is None or outcome is None:
        return None
    return Record(terms, stated, hashes, secret, public_value, seed, outcome, person, entries)


# --- the steps


def _terms(record: Record) -> list[str]:
    if record.terms.sha256 == record.terms_sha256:
        return []
    return [f"由候选名单、排除和其他条件算得 {record.terms.sha256}，记录为 {record.terms_sha256}"]


def _organiser(record: Record) -> list[str]:
    return _commitment(record, role=ORGANISER, secret=record.secret)


def _public_value(record: Record) -> list[str]:
    if record.has_second:
        return _commitment(record, role=SECOND, secret=record.public_value)
    return []


def _commitment(record: Record, *, role: str, secret: str) -> list[str]:
    found = commitment(draw=record.terms.draw, role=role, secret=secret)
    if found == record.commitments[role]:
        return []
    return [f"揭示的密钥与承诺不符：由密钥算得 {found}，承诺为 {record.commitments[role]}"]


def _seed(record: Record) -> list[str]:
    found = _recomputed_seed(record).hex()
    return [] if found == record.seed else [f"算得 {found}，记录为 {record.seed}"]


def _outcome(record: Record) -> list[str]:
    found = draw(record.terms, seed=_recomputed_seed(record)).as_json()
    names = {"selected": "抽中", "reserves": "候补", "strata": "分层"}
    faults = [
        f"{title}：算得 {_short(found[key])}，记录为 {_short(record.outcome.get(key))}"
        for key, title in names.items()
        if found[key] != record.outcome.get(key)
    ]
    return faults + [f"多出的内容：{key}" for key in sorted(set(record.outcome) - set(names))]


def _ledger(record: Record) -> list[str]:
    """The entries are of this ledger, of this draw, say these hashes, and stand in this order."""
    faults = []
    bodies = {}
    for name, receipt in record.ledger.items():
        faults += [f"{ENTRIES[name]}：{fault}" for fault in check_receipt(receipt)]
        bodies[name] = json.loads(receipt["body"])
        said = (bodies[name].get("verb"), (bodies[name].get("subject") or {}).get("id"))
        if said != (ENTRIES[name], record.terms.draw):
            faults.append(
                f"第 {receipt['seq']} 条应是本次抽取的 {ENTRIES[name]}，实为 {said[0]}（{said[1]}）"
            )
    for name, key, value in _said(record):
        found = (bodies[name].get("payload") or {}).get(key)
        if found != value:
            faults.append(f"{ENTRIES[name]} 的 {key} 应为 {value}，台账写的是 {found}")
    order = [int(record.ledger[name]["seq"]) for name in ENTRIES if name in record.ledger]
    if order != sorted(set(order)):
        faults.append(f"台账次序不对：{'、'.join(map(str, order))}")
    return faults + _times(record, {name: str(body.get("at")) for name, body in bodies.items()})


def _said(record: Record) -> list[tuple[str, str, str]]:
    """What the ledger must have said: (entry, key, value)."""
    seed = _recomputed_seed(record)
    result = outcome_sha256(draw(record.terms, seed=seed), seed=seed)
    said = [
        ("announced", "terms_sha256", record.terms_sha256),
        ("announced", "commitment", record.commitments[ORGANISER]),
        ("supervised", "terms_sha256", record.terms_sha256),
        ("supervised", "supervisor_sha256", supervisor_sha256(record.terms, **record.supervisor)),
        ("drawn", "outcome_sha256", result),
    ]
    if record.has_second:
        said.append(("committed", "commitment", record.commitments[SECOND]))
    return said


def _times(record: Record, at: dict[str, str]) -> list[str]:
    """Commitments before the instant of the public value, the value not before it. UTC texts compare as instants."""
    instant = _even(record.terms.public_value.not_before)
    late = [name for name in ("announced", "committed") if name in at and _even(at[name]) >= instant]
    faults = [
        f"{ENTRIES[name]} 在 {at[name]}，不早于公开值的时间 {record.terms.public_value.not_before}"
        for name in late
    ]
    if _even(at["public_value"]) < instant:
        faults.append(f"公开值在 {at['public_value']} 就已揭示，早于事先公告的时间")
    return faults


def _even(text: str) -> str:
    """With six decimals always, so that texts compare as instants do."""
    whole, _dot, part = text.removesuffix("Z").partition(".")
    return f"{whole}.{part:0<6}"


def _recomputed_seed(record: Record) -> bytes:
    return seed_of(terms_sha256=record.terms.sha256, secret=record.secret, public_value=record.public_value)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"


STEPS: tuple[tuple[str, str, Callable[[Record], list[str]]], ...] = (
    ("terms", "候选名单与条件的哈希", _terms),
    ("organiser", "组织方的承诺", _organiser),
    ("public_value", "公开值", _public_value),
    ("seed", "种子", _seed),
    ("outcome", "抽取结果", _outcome),
    ("ledger", "台账记录、次序与时间", _ledger),
)
