"""Reads of calls that pages and the API share."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When, prefetch_related_objects
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qingyuan.calls import rules
from qingyuan.calls.actions import OPTIONS, content_hash, supplement_hash
from qingyuan.calls.models import Call, Consent, Supplement
from qingyuan.catalogue import law
from qingyuan.catalogue.notices.model import Notice
from qingyuan.kernel import clock
from qingyuan.kernel.actions import verbs
from qingyuan.kernel.models import LedgerEntry
from qingyuan.people.models import JointBody, JointMember, Organisation, User
from qingyuan.ui.templatetags.ui import until

# --- deadlines


def plain_until(instant: datetime) -> str:
    """The same without markup."""
    return strip_tags(until(instant))


# --- the list


@dataclass(frozen=True)
class State:
    """Where a call stands at an instant, in words."""

    code: str  # draft | cosign | upcoming | open | closed
    title: str
    tone: str


def state_of(call: Call, now: datetime) -> State:
    if call.stage != Call.Stage.OPEN:
        return State(
            str(call.stage),
            str(call.get_stage_display()),
            "warn" if call.stage == Call.Stage.COSIGN else "neutral",
        )
    if now < call.opens_at:
        return State("upcoming", _("即将开始"), "info")
    if now < call.closes_at:
        return State("open", _("正在申报"), "good")
    return State("closed", _("已截止"), "neutral")


def state_filter(code: str, now: datetime) -> Q:
    published = Q(stage=Call.Stage.OPEN)
    return {
        "open": published & Q(opens_at__lte=now, closes_at__gt=now),
        "upcoming": published & Q(opens_at__gt=now),
        "closed": published & Q(closes_at__lte=now),
        "draft": ~published,
    }.get(code, Q())


def calls(user: Any, *, state: str = "", text: str = "") -> QuerySet[Call]:
    """The calls that a person may see: what can be answered now first, then what comes, is prepared, is over."""
    now = clock.now()
    visible = Call.objects.filter(rules.visible_calls(user)).values("pk")
    found = Call.objects.filter(pk__in=visible).filter(state_filter(state, now)).select_related("joint_body")
    if text := text.strip():
        found = found.filter(
            Q(title__icontains=text)
            | Q(document_number__icontains=text)
            | Q(joint_body__name__icontains=text)
        )
    order = [
        When(state_filter(code, now), then=Value(rank))
        for rank, code in enumerate(("open", "upcoming", "draft"))
    ]
    return found.annotate(
        rank=Case(*order, default=Value(9), output_field=IntegerField()),
        extensions=Count("supplements", filter=Q(supplements__stage=Supplement.Stage.ISSUED)),
    ).order_by("rank", "closes_at", "pk")


@dataclass(frozen=True)
class CallRow:
    """A call as lists show it."""

    call: Call
    state: State
    until: SafeString | str
    extensions: int


def call_rows(found: Iterable[Any]) -> list[CallRow]:
    now = clock.now()
    return [CallRow(call, state_of(call, now), until(call.closes_at), call.extensions) for call in found]


# --- consultation


@dataclass(frozen=True)
class Voice:
    """One department of the joint body: its part, and whether it has consented to the content as it stands."""

    organisation: Organisation
    part: str
    is_host: bool
    consent: Consent | None
    current: bool


def _voices(joint_body: JointBody, consents: Iterable[Consent], digest: str) -> list[Voice]:
    given = {row.organisation_id: row for row in consents}
    voices = []
    for part in joint_body.seats:
        consent = given.get(part.organisation_id)
        voices.append(
            Voice(
                organisation=part.organisation,
                part=str(part.get_part_display()),
                is_host=part.part == JointMember.Part.HOST,
                consent=consent,
                current=consent is not None and consent.content_sha256 == digest,
            )
        )
    return voices


@dataclass(frozen=True)
class Consultation:
    """The content by its hash, and what each department said to it."""

    digest: str
    voices: list[Voice]

    @property
    def missing(self) -> list[Organisation]:
        return [voice.organisation for voice in self.voices if not voice.is_host and not voice.current]


def consultation(call: Call) -> Consultation:
    """For a published call: of the content as it was published, before supplements moved its closing."""
    digest = content_hash(_as_published(call))
    return Consultation(digest, _voices(call.joint_body, call.consents.select_related("by"), digest))


def _as_published(call: Call) -> Call:
    if call.stage != Call.Stage.OPEN:
        return call
    closings = [one.old_closes_at for one in call.supplements.all() if one.stage == Supplement.Stage.ISSUED]
    published = copy(call)
    published.closes_at = min([call.closes_at, *closings])
    if call.forward_closes_at is not None:
        published.forward_closes_at = call.forward_closes_at - (call.closes_at - published.closes_at)
    return published


def supplement_consultation(supplement: Supplement) -> Consultation:
    digest = supplement_hash(supplement)
    return Consultation(
        digest, _voices(supplement.call.joint_body, supplement.consents.select_related("by"), digest)
    )


def with_departments(call: Call) -> Call:
    """The same call with its departments and supplements read once, for all that ask for them."""
    prefetch_related_objects([call], "joint_body__parts__organisation", "supplements")
    return call


# --- one call


@dataclass(frozen=True)
class Basis:
    """A legal basis as the notice cites it, judged on the call's day."""

    text: str
    clause: str
    wording: str
    tone: str
    state: str
    warning: str


def call_day(call: Call) -> date:
    """The day on which cited law is judged: the day on which applications open."""
    return clock.local(call.opens_at).date()


def legal_bases(call: Call) -> list[Basis]:
    words = {
        "in_force": (_("施行中"), "good"),
        "not_yet": (_("尚未施行"), "warn"),
        "ended": (_("已失效"), "bad"),
        "unknown": (_("施行日期待核"), "neutral"),
    }
    found = []
    for reference in call.notice.legal_bases:
        citation = law.citation(reference.law, on=call_day(call))
        state, tone = words[citation.status]
        found.append(
            Basis(
                citation.text,
                reference.clause,
                reference.wording or reference.note,
                tone,
                state,
                citation.warning,
            )
        )
    return found


@dataclass(frozen=True)
class Option:
    """A switch of the call, what the notice says about it, and whether the call departs from the notice."""

    name: str
    title: str
    on: bool
    why: str
    departs: bool


def options(notice: Notice, chosen: dict[str, bool]) -> list[Option]:
    found = []
    for name in OPTIONS:
        said = getattr(notice.options, name)
        found.append(
            Option(
                name, option_title(name), bool(chosen.get(name)), said.why, bool(chosen.get(name)) != said.on
            )
        )
    return found


def option_title(name: str) -> str:
    return {
        "prefecture_comment": _("地市初审意见"),
        "return_for_supplement": _("退回补充完善"),
        "publicity": _("公示与异议"),
    }[name]


@dataclass(frozen=True)
class Event:
    """One act on the call, for the departments that decide on it."""

    when: datetime
    title: str
    who: str
    detail: str
    seq: int


def history(call: Call, *, limit: int = 30) -> list[Event]:
    """What was done with the call and its supplements, the newest first, with the words of a return."""
    subjects = [str(call.pk), *(str(one.pk) for one in call.supplements.all())]
    rooms = ("calls.call", "calls.supplement")
    entries = list(
        LedgerEntry.objects.filter(subject_type__in=rooms, subject_id__in=subjects).order_by("-seq")[:limit]
    )
    refs = {entry.actor_ref for entry in entries if _is_uuid(entry.actor_ref)}
    names = {str(user.ref): str(user) for user in User.objects.filter(ref__in=refs)}
    returned = any(entry.verb == "call.return_to_draft" for entry in entries)
    remarks = {one.at: one.remark for one in call.returns.all()} if returned else {}
    known = verbs()
    return [
        Event(
            when=entry.at,
            title=str(known[entry.verb].title) if entry.verb in known else entry.verb,
            who=names.get(entry.actor_ref, ""),
            detail=remarks.get(entry.at, ""),
            seq=entry.seq,
        )
        for entry in entries
    ]


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
