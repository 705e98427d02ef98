"""What a commendation says: who may be commended, what is consented to, what everybody may read, and its paper."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.delivery.models import Commendation, CommendedPerson, Project
from qingyuan.kernel import clock
from qingyuan.kernel.errors import Problem
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers import commendation_docx
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.papers.official_docx import Issue
from qingyuan.people.models import Authorisation, JointBody, Organisation

LONGEST_REASON, MOST_PERSONS = 500, 200


@dataclass(frozen=True)
class Body:
    """A body to commend, for a pilot."""

    project_id: UUID
    organisation_id: UUID
    reason: str


@dataclass(frozen=True)
class Person:
    """A person to commend. The name stays out of reprs, and so out of logs and of what a repeated form is known by."""

    name: str = field(repr=False)
    body: str
    reason: str


@dataclass(frozen=True)
class Candidate:
    """A body that may be commended."""

    project: Project
    organisation: Organisation

    @property
    def key(self) -> str:
        return f"{self.project.pk}:{self.organisation.pk}"


def candidates(joint_body: JointBody) -> list[Candidate]:
    """The implementing bodies of the pilots that passed under these departments, and the service bodies that worked for
    them (two queries).
    """
    projects = list(
        Project.objects.filter(pilot__call__joint_body=joint_body, conclusion__outcome="passed")
        .select_related("applicant")
        .order_by("title", "pk")
    )
    helpers: dict[Any, list[Organisation]] = {}
    given = Authorisation.objects.filter(applicant__in={one.applicant_id for one in projects})
    for one in given.select_related("service_body").order_by("service_body__name"):
        known = helpers.setdefault(one.applicant_id, [])
        if one.service_body not in known:
            known.append(one.service_body)
    return [
        Candidate(project, body)
        for project in projects
        for body in (project.applicant, *helpers.get(project.applicant_id, []))
    ]


def problems_of(joint_body: JointBody, bodies: Sequence[Body], persons: Sequence[Person]) -> list[Problem]:
    """Everything that stands against these rows, at once."""
    known = {(one.project.pk, one.organisation.pk): one for one in candidates(joint_body)}
    problems: list[Problem] = []
    seen = set()
    for number, one in enumerate(bodies, start=1):
        place = (one.project_id, one.organisation_id)
        where = f"body-{one.project_id}:{one.organisation_id}"
        if place not in known:
            problems.append(
                Problem(
                    _("第 %d 行不是通过评估验收的试点的实施单位或其咨询服务机构") % number, where="bodies"
                )
            )
        elif place in seen:
            problems.append(Problem(_("“%s”列了两次") % known[place].organisation, where=where))
        elif not one.reason.strip():
            problems.append(Problem(_("请写明表扬“%s”的理由") % known[place].organisation, where=where))
        elif len(one.reason) > LONGEST_REASON:
            problems.append(
                Problem(
                    _("理由过长：%d 字") % len(one.reason),
                    where=where,
                    expected=_("不超过 %d 字") % LONGEST_REASON,
                )
            )
        seen.add(place)
    if not bodies:
        problems.append(Problem(_("还没有列入任何单位"), where="bodies", mend=_("至少列入一个单位")))
    if len(persons) > MOST_PERSONS:
        problems.append(Problem(_("人员超过 %d 名") % MOST_PERSONS, where="persons"))
    for number, person in enumerate(persons, start=1):
        problems += _of_person(number, person)
    return problems


def _of_person(number: int, person: Person) -> list[Problem]:
    limits = ((_("姓名"), person.name, 40), (_("单位"), person.body, 120), (_("事由"), person.reason, 500))
    problems = [
        Problem(_("第 %(n)d 名：请填写%(what)s") % {"n": number, "what": title}, where="persons")
        for title, text, _most in limits
        if not text.strip()
    ]
    problems += [
        Problem(
            _("第 %(n)d 名：%(what)s过长") % {"n": number, "what": title},
            where="persons",
            expected=_("不超过 %d 字") % most,
        )
        for title, text, most in limits
        if len(text) > most
    ]
    return problems


def committed(person: Person) -> tuple[str, str]:
    """A fresh salt, and the commitment of a person under it."""
    salt = secrets.token_hex(32)
    return salt, commitment(salt, person.name, person.body, person.reason)


def commitment(salt: str, name: str, body: str, reason: str) -> str:
    return sha256_hex(canonical_bytes([salt, name, body, reason]))


def content_of(commendation: Commendation) -> dict[str, Any]:
    """What the departments consent to (two queries): every body with its reason, and a commitment of each person."""
    return {
        "joint_body": str(commendation.joint_body_id),
        "title": commendation.title,
        "basis": commendation.basis,
        "attachment_number": commendation.attachment_number,
        "bodies": [
            {
                "project": str(project),
                "organisation": str(organisation),
                "reason": reason,
                "position": position,
            }
            for project, organisation, reason, position in commendation.bodies.values_list(
                "project_id", "organisation_id", "reason", "position"
            )
        ],
        "persons": list(commendation.persons.values_list("commitment", flat=True)),
    }


def content_hash(commendation: Commendation) -> str:
    return sha256_hex(canonical_bytes(content_of(commendation)))


@in_record_language()
def paper(commendation: Commendation, *, with_persons: bool) -> bytes:
    """The official paper. People stand in an annex of their own, and only in the copy for the departments."""
    joint_body = commendation.joint_body
    persons: list[CommendedPerson] = list(commendation.persons.all())
    return commendation_docx.write_commendation(
        title=commendation.title,
        basis=commendation.basis,
        bodies=[
            (one.organisation.name, one.project.title, one.reason)
            for one in commendation.bodies.select_related("organisation", "project")
        ],
        persons=[
            (one.name, one.body, one.reason) if one.erased_at is None else ("（已删除）", "", "")
            for one in persons
        ]
        if with_persons
        else [],
        attachment_number=commendation.attachment_number if persons else "",
        signatures=[body.name for body in (joint_body.host, *joint_body.cosigners)],
        issue=Issue(number=commendation.document_number, on=commendation.dated_on),
        created_on=commendation.dated_on or clock.local(commendation.drafted_at).date(),
    )
