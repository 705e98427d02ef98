"""Reads of bodies, people, authorisations and mail that pages and the API share."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from qingyuan.catalogue.regions import regions
from qingyuan.kernel import clock
from qingyuan.kernel.models import ApiToken, Mail
from qingyuan.kernel.permission import is_operator
from qingyuan.people import rules
from qingyuan.people.models import Authorisation, Expert, JointBody, Membership, Organisation, Role, User

SHOWN = 50
"""How many rows a box of a body's page shows; whole lists are paged."""


def region_name(code: str) -> str:
    """The place in words; the code itself where no list names it; empty for bodies of the State."""
    region = regions().get(code)
    return region.name if region else code


# --- bodies


def organisations(user: Any, *, text: str = "", kind: str = "", region: str = "") -> QuerySet[Organisation]:
    """The bodies that a person may look into: their own, and all of them for operators."""
    found = Organisation.objects.select_related("parent")
    if not is_operator.test(user):
        found = found.filter(pk__in=user.standing.organisation_ids)
    if text := text.strip():
        found = found.filter(Q(name__icontains=text) | Q(credit_code__iexact=text))
    if kind:
        found = found.filter(kind=kind)
    if region:
        found = found.filter(region_code__startswith=region[:2] if region.endswith("0000") else region)
    people = Membership.objects.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    counted = people.annotate(number=Count("user", distinct=True)).values("number")
    return found.annotate(people=Coalesce(Subquery(counted), 0)).order_by("region_code", "name")


@dataclass(frozen=True)
class OrganisationRow:
    """A body as lists show it, with what the reader is there."""

    organisation: Organisation
    region: str
    people: int
    my_roles: list[str]


def organisation_rows(found: Iterable[Any], user: Any) -> list[OrganisationRow]:
    return [
        OrganisationRow(body, region_name(body.region_code), body.people, my_roles(user, body.pk))
        for body in found
    ]


def my_roles(user: Any, organisation_id: uuid.UUID) -> list[str]:
    held = user.standing.roles.get(organisation_id, frozenset())
    return [str(label) for value, label in Role.choices if value in held]


@dataclass
class Member:
    """One person of a body with the roles held there."""

    user: User
    memberships: list[Membership] = field(default_factory=list)

    @property
    def roles(self) -> list[str]:
        order = list(Role)
        return [
            str(one.get_role_display())
            for one in sorted(self.memberships, key=lambda one: order.index(Role(one.role)))
        ]


def people_of(organisation: Organisation) -> QuerySet[User]:
    """The persons of a body, each once, for paging."""
    return User.objects.filter(pk__in=organisation.memberships.values("user")).order_by("display_name", "pk")


def members(organisation: Organisation, people: Sequence[User]) -> list[Member]:
    """The same persons with their roles: one query for a page of them."""
    found = {user.pk: Member(user) for user in people}
    for membership in organisation.memberships.filter(user__in=list(found)):
        found[membership.user_id].memberships.append(membership)
    return list(found.values())


def joint_bodies(organisation: Organisation) -> list[JointBody]:
    """Where the body decides together with others; the parts come along."""
    found = JointBody.objects.filter(parts__organisation=organisation).distinct()
    return list(found.prefetch_related("parts__organisation"))


def children(organisation: Organisation) -> QuerySet[Organisation]:
    return organisation.children.order_by("region_code", "name")


@dataclass(frozen=True)
class AuthorisationRow:
    """An authorisation with its state in words, as it stands today."""

    authorisation: Authorisation
    state: str
    tone: str


def authorisations(organisation: Organisation, *, given: bool) -> list[AuthorisationRow]:
    rows = organisation.authorisations_given if given else organisation.authorisations_held
    today = clock.local(clock.now()).date()
    found = rows.select_related("applicant", "service_body", "secrecy_agreement").order_by(
        "stage", "-valid_until"
    )
    return [AuthorisationRow(one, *_state(one, today)) for one in found[:SHOWN]]


def _state(authorisation: Authorisation, today: date) -> tuple[str, str]:
    if authorisation.stage == Authorisation.Stage.ENDED:
        return _("已终止"), "neutral"
    if today < authorisation.valid_from:
        return _("未到起始日期"), "info"
    if today > authorisation.valid_until:
        return _("已到期"), "warn"
    return _("有效"), "good"


def named(names: Iterable[str]) -> dict[str, Organisation]:
    """Registered bodies by their exact names."""
    return {
        body.name: body
        for body in Organisation.objects.filter(name__in=list(names), stage=Organisation.Stage.ACTIVE)
    }


# --- experts


def expert_of(user: Any) -> Expert | None:
    return Expert.objects.select_related("employer").filter(user=user).first()


# --- mail


def outbox(user: Any, *, stage: str = "", text: str = "") -> QuerySet[Mail]:
    """The mails in the names of the reader's bodies."""
    found = Mail.objects.filter(rules.visible_mail(user)).select_related("recipient")
    if stage:
        found = found.filter(stage=stage)
    if text := text.strip():
        found = found.filter(
            Q(subject__icontains=text)
            | Q(address__icontains=text)
            | Q(recipient__display_name__icontains=text)
        )
    return found.order_by("-created_at", "pk")


@dataclass(frozen=True)
class MailRow:
    """A mail and the name of who gets it: a person, or the body whose mailbox it is."""

    mail: Mail
    recipient: str
    tone: str


MAIL_TONES = {
    Mail.Stage.DRAFT: "warn",
    Mail.Stage.QUEUED: "info",
    Mail.Stage.SENT: "good",
    Mail.Stage.FAILED: "bad",
    Mail.Stage.DISCARDED: "neutral",
}


def mail_rows(mails: Iterable[Mail]) -> list[MailRow]:
    """One query for all the official mailboxes of a page."""
    page = list(mails)
    addresses = {mail.address for mail in page if not mail.recipient}
    bodies = (
        dict(Organisation.objects.filter(email__in=addresses).values_list("email", "name"))
        if addresses
        else {}
    )
    return [
        MailRow(mail, str(mail.recipient or bodies.get(mail.address, "")), MAIL_TONES[Mail.Stage(mail.stage)])
        for mail in page
    ]


def sender_of(mail: Mail, user: Any) -> Organisation | None:
    """The body in whose name a mail of the reader's outbox goes; known from the standing, without a query."""
    return user.standing.organisations.get(mail.sender_id)


# --- tokens


def tokens(user: Any) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user).order_by("-created_at", "pk")
