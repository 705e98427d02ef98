"""The append-only ledger: a SHA-256 chain over canonical JSON.

    body_sha256 = SHA-256(body)                    body: canonical JSON of the act
    hash        = SHA-256(canonical {seq, prev, body_sha256})

Because a hash needs only the *digest* of a body, a receipt can be checked against a published head by anyone
who has the digests in between, without reading what others did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from qingyuan.kernel import clock
from qingyuan.kernel.models import LedgerEntry, LedgerHead
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.papers.ledger_receipt import check_receipt, link_hash

__all__ = ["append", "check_receipt", "head", "link_hash", "receipt", "stamp", "verify"]

GENESIS = "0" * 64


def stamp(instant: datetime) -> str:
    """An instant as the ledger writes it: UTC, microseconds, `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Act:
    """What an entry says. `payload` is canonical JSON data: no floats, nothing personal."""

    at: datetime
    verb: str
    subject_type: str
    subject_id: str
    actor_ref: str
    stage_from: str | None
    stage_to: str | None
    payload: dict[str, Any]


def append(act: Act) -> LedgerEntry:
    """Add one entry at the end of the chain. Must be the last write of its transaction: it locks the head."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "a ledger entry is written inside the transaction of its act"
        )
    head = LedgerHead.objects.select_for_update().get(pk=1)
    seq = head.seq + 1
    body = canonical_bytes(
        {
            "actor": act.actor_ref,
            "at": stamp(act.at),
            "payload": act.payload,
            "stage_from": act.stage_from,
            "stage_to": act.stage_to,
            "subject": {"id": act.subject_id, "type": act.subject_type},
            "verb": act.verb,
        }
    )
    digest = sha256_hex(body)
    entry = LedgerEntry.objects.create(
        seq=seq,
        at=act.at,
        verb=act.verb,
        subject_type=act.subject_type,
        subject_id=act.subject_id,
        actor_ref=act.actor_ref,
        body=body.decode(),
        body_sha256=digest,
        prev_hash=head.hash,
        hash=link_hash(seq=seq, prev=head.hash, body_sha256=digest),
    )
    head.seq, head.hash = seq, entry.hash
    head.save(update_fields=["seq", "hash"])
    return entry


@dataclass(frozen=True)
class Break:
    """The first entry at which the chain does not hold, and why."""

    seq: int
    reason: str


@dataclass(frozen=True)
class Verification:
    """`entries` were read; `broken` is None when all of them hold and end in the head."""

    entries: int
    head: str
    broken: Break | None

    def __bool__(self) -> bool:
        return self.broken is None


def verify() -> Verification:
    """Recompute the whole chain from its first entry."""
    with transaction.atomic():
        head = LedgerHead.objects.get(pk=1)
        rows: Iterator[LedgerEntry] = (
            LedgerEntry.objects.filter(seq__lte=head.seq).order_by("seq").iterator(chunk_size=2000)
        )
        count, previous, broken = _walk(rows)
    if broken is None and (count, previous) != (head.seq, head.hash):
        broken = Break(count + 1, f"链头记录 {head.seq} 条，实有 {count} 条：末尾的记录缺失，或链头被改动")
    return Verification(entries=count, head=head.hash, broken=broken)


def _walk(rows: Iterable[LedgerEntry]) -> tuple[int, str, Break | None]:
    count, previous = 0, GENESIS
    for row in rows:
        expected = count + 1
        if row.seq != expected:
            return count, previous, Break(expected, f"第 {expected} 条缺失（读到第 {row.seq} 条）")
        if reason := _fault(row, previous):
            return count, previous, Break(row.seq, reason)
        count, previous = row.seq, row.hash
    return count, previous, None


def _fault(row: LedgerEntry, previous: str) -> str:
    if row.prev_hash != previous:
        return "前一条的哈希对不上"
    if sha256_hex(row.body.encode()) != row.body_sha256:
        return "内容与其摘要不符：内容被改动"
    if link_hash(seq=row.seq, prev=row.prev_hash, body_sha256=row.body_sha256) != row.hash:
        return "本条的哈希不符"
    content = row.content
    columns = {
        "verb": row.verb,
        "at": stamp(row.at),
        "actor": row.actor_ref,
        "subject": {"id": row.subject_id, "type": row.subject_type},
    }
    wrong = [name for name, value in columns.items() if content.get(name) != value]
    return f"列 {'、'.join(wrong)} 与内容不符" if wrong else ""


def head() -> LedgerHead:
    return LedgerHead.objects.get(pk=1)


def day_head(entry: LedgerEntry) -> int:
    """The last entry of the entry's day in Asia/Shanghai: the head that is published for that day."""
    last = head_on(clock.local(entry.at).date())
    assert last is not None  # the entry itself is of that day
    return last.seq


def head_on(day: date) -> LedgerEntry | None:
    """The head that is published for a day in Asia/Shanghai; None where nothing was written on it."""
    start = datetime.combine(day, time(), tzinfo=clock.SHANGHAI)
    of_day = LedgerEntry.objects.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return of_day.order_by("-seq").first()


def receipt(entry: LedgerEntry) -> dict[str, Any]:
    """回执: an entry with the digests that lead from it to the head of its day, for anyone to check.

    To the day's head and no further: a receipt stays small however long the chain grows after it.
    """
    until = max(entry.seq, day_head(entry))
    following = LedgerEntry.objects.filter(seq__gt=entry.seq, seq__lte=until).order_by("seq")
    digests = list(following.values_list("body_sha256", flat=True))
    last = LedgerEntry.objects.get(seq=entry.seq + len(digests))
    return {
        "kind": "qingyuan-receipt",
        "version": 1,
        "seq": entry.seq,
        "body": entry.body,
        "prev": entry.prev_hash,
        "hash": entry.hash,
        "following": digests,
        "head": {"seq": last.seq, "hash": last.hash},
    }
