"""What a person is: all relations in one read, so that pages ask the database once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import F

from qingyuan.kernel import clock
from qingyuan.people.models.authorisation import Authorisation
from qingyuan.people.models.organisation import Kind, Organisation

if TYPE_CHECKING:
    from qingyuan.people.models.user import User


@dataclass(frozen=True)
class Standing:
    """The bodies of a person with the roles held there, and the applicants that authorised those bodies."""

    roles: dict[uuid.UUID, frozenset[str]] = field(default_factory=dict)
    organisations: dict[uuid.UUID, Organisation] = field(default_factory=dict)
    authorised: dict[uuid.UUID, frozenset[str]] = field(default_factory=dict)
    """Applicant id -> scopes in force today."""
    expert_id: uuid.UUID | None = None
    """The person's own entry in the pool of experts; it comes with the memberships, so `User.is_expert` asks
    again only for who belongs to no body."""

    @classmethod
    def of(cls, user: User) -> Standing:
        roles: dict[uuid.UUID, set[str]] = {}
        organisations: dict[uuid.UUID, Organisation] = {}
        memberships = list(
            user.memberships.select_related("organisation")
            .filter(organisation__stage=Organisation.Stage.ACTIVE)
            .annotate(expert=F("user__expert"))
        )
        for membership in memberships:
            roles.setdefault(membership.organisation_id, set()).add(membership.role)
            organisations[membership.organisation_id] = membership.organisation
        service_bodies = [pk for pk, body in organisations.items() if body.kind == Kind.SERVICE]
        authorised: dict[uuid.UUID, set[str]] = {}
        if service_bodies:
            today = clock.local(clock.now()).date()
            in_force = Authorisation.objects.filter(
                service_body__in=service_bodies,
                stage=Authorisation.Stage.ACTIVE,
                valid_from__lte=today,
                valid_until__gte=today,
            )
            for applicant_id, scope in in_force.values_list("applicant_id", "scope"):
                authorised.setdefault(applicant_id, set()).add(scope)
        return cls(
            roles={pk: frozenset(held) for pk, held in roles.items()},
            organisations=organisations,
            authorised={pk: frozenset(scopes) for pk, scopes in authorised.items()},
            expert_id=memberships[0].expert if memberships else None,
        )

    def holds(self, organisation_id: uuid.UUID | None, *roles: str) -> bool:
        """Does the person hold one of these roles (any role if none is named) in that body?"""
        held = self.roles.get(organisation_id, frozenset()) if organisation_id else frozenset()
        return bool(held & set(roles)) if roles else bool(held)

    def in_kinds(self, kinds: frozenset[Kind] | set[Kind]) -> list[Organisation]:
        return [body for body in self.organisations.values() if body.kind in kinds]

    @property
    def organisation_ids(self) -> list[uuid.UUID]:
        return list(self.roles)
