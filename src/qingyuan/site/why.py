"""Why can X see this? The rules of the guards, judged for one person and one object, and who gave the relations."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.kernel.actions import verbs
from qingyuan.kernel.models import LedgerEntry, Upload
from qingyuan.kernel.permission import Finding, Reasoned, Verdict, judge, trace
from qingyuan.people.models import Authorisation, User
from qingyuan.pilots import rules as pilots
from qingyuan.pilots.models import Attachment, Pilot, Submission
from qingyuan.review.models import Appointment, Assignment, Case
from qingyuan.review.rules.experts import reviews_case_as_expert
from qingyuan.review.rules.ground import sees_case_as_officer

MOST_FOUND = 20
SEES: dict[str, tuple[type[models.Model], Reasoned]] = {
    "pilot": (Pilot, pilots.can_see_pilot),
    "submission": (Submission, pilots.can_see_submission),
    "case": (Case, sees_case_as_officer | reviews_case_as_expert),
}


@dataclass(frozen=True)
class Thing:
    """Something that can be asked about."""

    kind: str
    label: str
    obj: Any


@dataclass(frozen=True)
class View:
    """One way to the thing: the rule of its pages, judged."""

    label: str
    policy: str
    verdict: Verdict
    finding: Finding


@dataclass(frozen=True)
class Relation:
    """What binds a person to a body or a case, since when, and who gave it (by the ledger)."""

    what: str
    since: datetime | None
    granted_by: str
    entry: int | None


@dataclass(frozen=True)
class Right:
    title: str
    verdict: Verdict


def people(text: str) -> list[User]:
    """Accounts by address, name, reference or expert's code."""
    text = text.strip()
    if not text:
        return []
    exact = Q(email__iexact=text) | Q(username__iexact=text) | Q(expert__code__iexact=text)
    if (key := _uuid(text)) is not None:
        exact |= Q(ref=key)
    found = list(User.objects.filter(exact).distinct()[:MOST_FOUND])
    return found or list(
        User.objects.filter(display_name__icontains=text).order_by("display_name")[:MOST_FOUND]
    )


def things(text: str) -> list[Thing]:
    """Pilots, sealed versions, cases and files by id; pilots and cases by name too."""
    text = text.strip()
    if not text:
        return []
    if (key := _uuid(text)) is not None:
        found = [
            Thing(kind, _label(kind, row), row)
            for kind, (model, _rule) in SEES.items()
            for row in _related(kind, model).filter(pk=key)
        ]
        return found + [Thing("file", one.name, one) for one in Upload.objects.filter(pk=key)]
    rows: list[Thing] = []
    for kind, lookup in (
        ("pilot", {"name__icontains": text}),
        ("case", {"title__icontains": text}),
        ("submission", {"pilot__name__icontains": text}),
    ):
        found_rows = _related(kind, SEES[kind][0]).filter(**lookup)[:MOST_FOUND]
        rows += [Thing(kind, _label(kind, row), row) for row in found_rows]
    return rows


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _related(kind: str, model: type[models.Model]) -> models.QuerySet[Any]:
    related = {
        "pilot": ("applicant", "call__joint_body"),
        "submission": ("pilot__applicant", "call__joint_body"),
        "case": ("round__call__joint_body", "submission"),
    }[kind]
    rows = model._default_manager.select_related(*related)
    return rows.order_by("pk")


def _label(kind: str, row: Any) -> str:
    if kind == "pilot":
        return _("试点申报：%s") % row.name
    if kind == "submission":
        return _("提交版本：%(name)s 第 %(version)d 版") % {"name": row.pilot.name, "version": row.version}
    return _("评审项目：%(label)s %(title)s") % {"label": row.label, "title": row.title}


def views(person: User, thing: Thing) -> list[View]:
    """All ways by which pages and the API would show the thing, each judged for the person."""
    if thing.kind != "file":
        rule = SEES[thing.kind][1]
        return [_view(thing.label, rule, person, thing.obj)]
    attached = Attachment.objects.filter(upload=thing.obj).select_related("pilot__applicant", "pilot__call")
    found = [
        _view(_("作为附件：%s") % row.pilot.name, pilots.can_see_pilot, person, row.pilot) for row in attached
    ]
    sealed = Submission.objects.filter(pilot__in=[row.pilot_id for row in attached], is_current=True)
    found += [
        _view(_("随材料包：%s") % row.pilot.name, pilots.can_see_submission, person, row)
        for row in sealed.select_related("pilot__applicant", "call__joint_body")
    ]
    for case in Case.objects.filter(submission__in=sealed).select_related("round__call__joint_body"):
        found.append(_view(_label("case", case), SEES["case"][1], person, case))
    return found


def _view(label: str, rule: Reasoned, person: User, obj: Any) -> View:
    return View(label, rule.policy, judge(rule, person, obj), trace(rule, person, obj))


def rights(person: User, thing: Thing) -> list[Right]:
    """What the person may do with the thing at this moment."""
    if thing.kind == "file":
        return []
    model = SEES[thing.kind][0]
    return [
        Right(str(verb.title), verb.allowed(person, thing.obj))
        for verb in verbs().values()
        if verb.on is model
    ]


def relations(person: User) -> list[Relation]:
    """Roles in bodies, authorisations of those bodies, appointments and tasks, with the ledger's word on who gave them."""
    members = list(person.memberships.select_related("organisation"))
    bodies = [one.organisation_id for one in members]
    held = list(
        Authorisation.objects.filter(service_body__in=bodies).select_related("applicant", "service_body")
    )
    appointments = list(Appointment.objects.filter(expert__user=person).select_related("round__call"))
    work = list(
        Assignment.objects.filter(appointment__in=appointments).select_related("case__round", "appointment")
    )
    book = _book([*bodies, *(one.pk for one in [*held, *work]), *(one.round_id for one in appointments)])
    found = [
        Relation(
            _("%(body)s 的%(role)s") % {"body": one.organisation, "role": one.get_role_display()},
            one.since,
            *_giver(
                book, "organisation.add_member", one.organisation_id, member=str(person.ref), role=one.role
            ),
        )
        for one in members
    ]
    for one in held:
        what = _("%(applicant)s 授权 %(body)s %(scope)s，至 %(until)s（%(state)s）") % {
            "applicant": one.applicant,
            "body": one.service_body,
            "scope": one.get_scope_display(),
            "until": one.valid_until.isoformat(),
            "state": one.get_stage_display(),
        }
        found.append(Relation(what, None, *_giver(book, "authorisation.grant", one.pk)))
    for appointment in appointments:
        what = _("评审聘请：%(call)s（%(state)s）") % {
            "call": appointment.round.call.title,
            "state": appointment.get_stage_display(),
        }
        giver = _giver(book, "round.invite_experts", appointment.round_id)
        found.append(Relation(what, appointment.invited_at, *giver))
    for task in work:
        what = _("评审任务：%(label)s %(title)s（%(state)s%(spare)s）") % {
            "label": task.case.label,
            "title": task.case.title,
            "state": task.get_stage_display(),
            "spare": _("，候补") if task.is_reserve else "",
        }
        giver = _giver(book, "round.assign", task.pk)
        if giver[1] is None:
            giver = _giver(book, "round.assign_all", task.appointment.round_id)
        found.append(Relation(what, task.assigned_at, *giver))
    return found


Book = dict[tuple[str, str], list[tuple[LedgerEntry, str]]]


def _book(subjects: Iterable[Any]) -> Book:
    """Entries by which relations are given, with the names of who acted: two queries."""
    given = (
        "organisation.add_member",
        "authorisation.grant",
        "round.invite_experts",
        "round.assign",
        "round.assign_all",
    )
    entries = list(
        LedgerEntry.objects.filter(verb__in=given, subject_id__in={str(one) for one in subjects}).order_by(
            "-seq"
        )
    )
    refs = {ref for entry in entries if (ref := _uuid(entry.actor_ref)) is not None}
    names = {str(user.ref): str(user) for user in User.objects.filter(ref__in=refs)}
    book: Book = {}
    for entry in entries:
        book.setdefault((entry.verb, entry.subject_id), []).append((entry, names.get(entry.actor_ref, "")))
    return book


def _giver(book: Book, verb: str, subject: Any, **payload: Any) -> tuple[str, int | None]:
    entries: Sequence[tuple[LedgerEntry, str]] = book.get((verb, str(subject)), ())
    for entry, name in entries:
        said = entry.content.get("payload", {})
        if all(said.get(key) == value for key, value in payload.items()):
            return name, entry.seq
    return "", None
