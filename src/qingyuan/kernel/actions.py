"""Verbs: the one way in which the record changes.

`@action` declares a verb once: its name, who may, from which stages, to which, on which aggregate. Calling it
locks the aggregate, judges right and stage on the locked row, runs the function in one transaction, writes one
ledger entry (taking the chain's head lock last) and queues the mail. The state diagram, the permission table and
the test that tries every verb as everyone in every stage are made from these declarations.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from qingyuan.kernel import clock, ledger, outbox
from qingyuan.kernel.errors import (
    Closed,
    Invalid,
    KeyReused,
    NotAllowed,
    NotFound,
    Problem,
    Refused,
    Stale,
    WrongStage,
)
from qingyuan.kernel.models import Aggregate, IdempotencyKey, LedgerEntry
from qingyuan.kernel.permission import Reasoned, Verdict, judge
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.canonical import canonical_bytes, sha256_hex

__all__ = [
    "Act",
    "Closed",
    "Invalid",
    "KeyReused",
    "NotAllowed",
    "NotFound",
    "Problem",
    "Refused",
    "Stale",
    "Verb",
    "WrongStage",
    "action",
    "verbs",
]

PUBLIC = "public"
"""How the ledger calls whoever acts without being named."""
P = ParamSpec("P")
R = TypeVar("R")
_verbs: dict[str, Verb[Any]] = {}


@dataclass
class Act:
    """The act that is being done: who, when, and what it will leave in the ledger and the outbox."""

    by: Any
    now: datetime
    verb: str
    payload: dict[str, Any] = field(default_factory=dict)
    drafts: list[outbox.Draft] = field(default_factory=list)
    actor_ref: str = ""
    """What the ledger calls the person: a reference, or a word for nobody in particular."""
    _moves: list[tuple[models.Model, str, str]] = field(default_factory=list)
    _after: list[Callable[[LedgerEntry], None]] = field(default_factory=list)

    def note(self, **facts: Any) -> None:
        """Facts for the ledger: canonical JSON (no floats), references instead of anything personal."""
        self.payload.update(facts)

    def items(self, rows: Sequence[Any]) -> None:
        """A bulk act leaves one entry: how many items, and the hash of their canonical list."""
        self.note(items=len(rows), items_sha256=sha256_hex(canonical_bytes(list(rows))))

    def mail(self, draft: outbox.Draft) -> None:
        self.drafts.append(draft)

    def leave_unnamed(self) -> None:
        """The ledger calls whoever does this `public`, signed in or not: an objector's name is nobody's business there."""
        self.actor_ref = PUBLIC

    def move(self, obj: models.Model, stage: str) -> None:
        """Bring an object into a declared stage (saved with the act)."""
        self._moves.append((obj, str(obj.stage), str(stage)))  # type: ignore[attr-defined]
        obj.stage = stage  # type: ignore[attr-defined]

    def after_entry(self, function: Callable[[LedgerEntry], None]) -> None:
        """Run something that needs the ledger number (a receipt), still inside the transaction."""
        self._after.append(function)


class Verb(Generic[R]):
    """A declared verb; call it as `verb(obj, by=user, key=..., expect=revision, **arguments)`."""

    def __init__(
        self,
        function: Callable[..., R],
        *,
        name: str,
        title: str | Promise,
        on: type[Aggregate] | None,
        may: Reasoned,
        stages: tuple[str, ...] | None,
        to: tuple[str, ...],
        creates: type[models.Model] | None,
        creates_in: tuple[str, ...],
        clauses: tuple[str, ...],
        idempotent: bool,
        mails: Callable[..., list[outbox.Draft]] | None,
        locks: Callable[..., Iterable[models.Model]] | None,
    ) -> None:
        self.function = function
        self.name, self.title, self.on, self.may = name, title, on, may
        self.stages, self.to, self.creates, self.creates_in = stages, to, creates, creates_in
        self.clauses, self.idempotent, self.mails, self.locks = clauses, idempotent, mails, locks
        self.room = function.__module__.split(".")[1]
        self.explain = " ".join((function.__doc__ or "").strip().split("\n\n")[0].split())
        update_wrapper(self, function)

    def __repr__(self) -> str:
        return f"<Verb {self.name}>"

    def allowed(self, user: Any, obj: Any = None) -> Verdict:
        """May this user, and does the object stand in a stage from which the verb runs? With all reasons."""
        verdict = judge(self.may, user, obj)
        stage_reason = self._stage_reason(obj)
        reasons = verdict.reasons + ((stage_reason,) if stage_reason else ())
        return Verdict(ok=not reasons, reasons=reasons)

    def preview(self, obj: Any, *, by: Any, **arguments: Any) -> list[outbox.Draft]:
        """What the verb would send, to whom; nothing is written."""
        if self.mails is None:
            return []
        with in_record_language():
            return self.mails(obj, by=by, now=clock.now(), result=None, **arguments)

    def __call__(
        self,
        obj: Any = None,
        /,
        *,
        by: Any,
        key: str | None = None,
        expect: int | None = None,
        **arguments: Any,
    ) -> R:
        # A key belongs to a person; without an account there is nobody whose first result could be answered again.
        key = key if getattr(by, "pk", None) is not None else None
        act = Act(by=by, now=clock.now(), verb=self.name, actor_ref=_ref_of(by))
        fingerprint = self._fingerprint(obj, arguments) if key else ""
        with transaction.atomic():
            locked = self._lock(obj, arguments)
            if key:
                claimed = self._claim(act, key, fingerprint)
                if not isinstance(claimed, IdempotencyKey):
                    return claimed
            else:
                claimed = None
            self._judge(act, locked, expect)
            stage_before = getattr(locked, "stage", None)
            result = self.function(locked, act, **arguments) if self.on else self.function(act, **arguments)
            if self.mails:
                with in_record_language():
                    act.drafts.extend(self.mails(locked, by=by, now=act.now, result=result, **arguments))
            self._save(act, locked, stage_before)
            entry = self._record(act, locked, result, stage_before)
            for function in act._after:  # noqa: SLF001 (the act is this module's own)
                function(entry)
            if act.drafts:
                outbox.queue(act.drafts, verb=self.name, at=act.now, ledger_seq=entry.seq)
            if claimed is not None and isinstance(result, models.Model):
                claimed.result_model, claimed.result_id = result._meta.label, str(result.pk)
                claimed.save(update_fields=["result_model", "result_id"])
            return result

    # --- the steps of a call

    def _lock(self, obj: Any, arguments: dict[str, Any]) -> Any:
        if self.on is None:
            return None
        wanted: list[models.Model] = [obj, *(self.locks(obj, **arguments) if self.locks else ())]
        locked: Any = None
        # One order for everybody, so that two verbs never wait for each other.
        for item in sorted(wanted, key=lambda row: (row._meta.label, str(row.pk))):
            row = type(item)._default_manager.select_for_update(of=_self_only()).filter(pk=item.pk).first()
            if row is None:
                raise NotFound("对象已不存在")
            if item is obj:
                locked = row
        return locked

    def _claim(self, act: Act, key: str, fingerprint: str) -> IdempotencyKey | Any:
        row, is_new = IdempotencyKey.objects.get_or_create(
            user_id=act.by.pk,
            verb=self.name,
            key=key[:80],
            defaults={"fingerprint": fingerprint, "created_at": act.now},
        )
        if is_new:
            return row
        if row.fingerprint != fingerprint:
            raise KeyReused(_("这个操作编号已用于另一次不同的提交，请刷新页面后重做"))
        if not row.result_model:
            return None
        result = apps.get_model(row.result_model)._default_manager.filter(pk=row.result_id).first()
        if result is None:
            raise KeyReused(_("这一步已经办过，其结果后来被移除；要再办一次，请刷新页面"))
        return result

    def _judge(self, act: Act, locked: Any, expect: int | None) -> None:
        verdict = judge(self.may, act.by, locked)
        if not verdict:
            raise NotAllowed(verdict.reasons)
        if reason := self._stage_reason(locked):
            raise WrongStage(reason)
        if expect is not None and locked is not None and locked.revision != expect:
            raise Stale(
                f"您打开页面之后内容已被他人更改（第 {expect} 版 → 第 {locked.revision} 版），请核对后重做",
            )

    def _stage_reason(self, obj: Any) -> str:
        if self.stages is None or obj is None or str(obj.stage) in self.stages:
            return ""
        names = dict(type(obj)._meta.get_field("stage").flatchoices)
        wanted = "、".join(str(names.get(stage, stage)) for stage in self.stages)
        return f"当前状态为“{names.get(str(obj.stage), obj.stage)}”，本操作只能在“{wanted}”时进行"

    def _save(self, act: Act, locked: Any, stage_before: str | None) -> None:
        for obj, _before, after in act._moves:  # noqa: SLF001
            if obj is locked and after not in self.to:
                raise AssertionError(f"{self.name} moved to {after!r}, which it does not declare")
            if obj is not locked:
                obj.save(update_fields=["stage"])
        if locked is None or (self.creates is not None and not act._moves):  # noqa: SLF001
            return  # something was made below it: its own page is not stale for that
        locked.revision += 1
        changed = ["revision"] + (["stage"] if getattr(locked, "stage", None) != stage_before else [])
        locked.save(update_fields=changed)

    def _record(self, act: Act, locked: Any, result: Any, stage_before: str | None) -> LedgerEntry:
        subject = result if self.creates is not None else locked
        if self.creates is not None and not isinstance(result, self.creates):
            raise AssertionError(
                f"{self.name} declares that it creates {self.creates.__name__}, and returned {result!r}"
            )
        if self.creates is not None and locked is not None:
            act.note(of={"type": locked._meta.label_lower, "id": str(locked.pk)})
        others = [
            {"type": obj._meta.label_lower, "id": str(obj.pk), "from": before, "to": after}
            for obj, before, after in act._moves  # noqa: SLF001
            if obj is not subject
        ]
        if others:
            act.note(moved=others)
        return ledger.append(
            ledger.Act(
                at=act.now,
                verb=self.name,
                subject_type=subject._meta.label_lower if subject is not None else "",
                subject_id=str(subject.pk) if subject is not None else "",
                actor_ref=act.actor_ref,
                stage_from=None if subject is not locked or stage_before is None else str(stage_before),
                stage_to=str(subject.stage) if hasattr(subject, "stage") else None,
                payload=act.payload,
            )
        )

    def _fingerprint(self, obj: Any, arguments: dict[str, Any]) -> str:
        described = [self.name, str(getattr(obj, "pk", ""))]
        described += [f"{name}={_described(arguments[name])}" for name in sorted(arguments)]
        return hashlib.sha256("\x1f".join(described).encode()).hexdigest()


def _ref_of(by: Any) -> str:
    """A person's reference; `public` for a visitor without an account, `system` for our own jobs."""
    return str(getattr(by, "ref", PUBLIC if getattr(by, "is_anonymous", False) else "system"))


def _described(value: Any) -> str:
    """What makes an argument the same when a form comes twice: its own `fingerprint`, a row's key, else its repr."""
    if hasattr(value, "fingerprint"):
        return str(value.fingerprint)
    if isinstance(value, models.Model):
        return f"{value._meta.label}:{value.pk}"
    return repr(value)


def _self_only() -> tuple[str, ...]:
    """Lock the row itself, not what it joins (SQLite's writers are ordered anyway and know no row locks)."""
    from django.db import connection

    return ("self",) if connection.features.has_select_for_update_of else ()


def action(
    name: str,
    *,
    title: str | Promise,
    on: type[Aggregate] | None,
    may: Reasoned,
    stages: Iterable[str] | None = None,
    to: Iterable[str] = (),
    creates: type[models.Model] | None = None,
    creates_in: Iterable[str] = (),
    clauses: Iterable[str] = (),
    idempotent: bool = False,
    mails: Callable[..., list[outbox.Draft]] | None = None,
    locks: Callable[..., Iterable[models.Model]] | None = None,
) -> Callable[[Callable[..., R]], Verb[R]]:
    """Declare a verb. The function takes `(obj, act, *, ...)`, or `(act, *, ...)` when `on` is None.

    `stages` None means any stage. `idempotent` verbs expect a key from forms and API clients.
    """
    if stages is not None and (on is None or not any(f.name == "stage" for f in on._meta.get_fields())):
        raise TypeError(f"{name}: stages need an aggregate that has a stage")

    def declare(function: Callable[..., R]) -> Verb[R]:
        if name in _verbs:
            raise ValueError(f"the verb {name} is declared twice")
        verb = Verb(
            function,
            name=name,
            title=title,
            on=on,
            may=may,
            stages=tuple(str(stage) for stage in stages) if stages is not None else None,
            to=tuple(str(stage) for stage in to),
            creates=creates,
            creates_in=tuple(str(stage) for stage in creates_in),
            clauses=tuple(clauses),
            idempotent=idempotent,
            mails=mails,
            locks=locks,
        )
        _verbs[name] = verb
        return verb

    return declare


def verbs() -> dict[str, Verb[Any]]:
    """All declared verbs by name (rooms declare theirs when Django starts)."""
    return dict(sorted(_verbs.items()))
