"""Whom an expert may not judge: found in bulk, from data, with the reason. A conflict is never overridden.

For all given cases and experts at once, in a fixed number of queries:

- 任职 `employer`: the expert's unit (employer, every body where the person holds a role) is a party of the case, is above
  or below it, or stands under the same superior body;
- 支撑 `service`: the unit serves the applicant or an enterprise in the scope, now or within three years; a whole unit is
  bound: parent and branches with it;
- 范围内企业 `scope`: the unit is an enterprise of the scope;
- 申报 `declared`: a relation to a party, declared for this round;
- 利益关系 `interest`: a relation in the pool's declaration (咨询、三年内合作、近亲属……);
- 地区 `region`: the same prefecture as the object (at the State: the same province), where the round says so.

Parties of a case: the applicant, the lead and taking-part governments of a joint pilot, their authorised service bodies,
the enterprises in the scope and whoever serves those. Scope and joint parties are those of the SEALED version, which is
what is judged: whatever the applicant's working papers say since, an expert is bound by what lies on the table.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import clock
from qingyuan.people.models import Authorisation, Expert, Interest, Kind, Membership, Organisation
from qingyuan.review.models import Case, DeclaredInterest, Round
from qingyuan.review.sealed_parts import parts_of

LOOK_BACK = timedelta(days=3 * 366)
"""How long a relation that has ended still binds (三年内)."""
PROVINCE_DIGITS, PREFECTURE_DIGITS = 2, 4
APPLICANT, JOINT, SERVICE, ENTERPRISE = "applicant", "joint", "service", "enterprise"
ROLES = {
    APPLICANT: gettext_lazy("申报单位"),
    JOINT: gettext_lazy("共同组织单位"),
    SERVICE: gettext_lazy("咨询服务机构"),
    ENTERPRISE: gettext_lazy("范围内企业"),
}
EMPLOYER = "employer"
Pair = tuple[uuid.UUID, uuid.UUID]
Key = tuple[str, Any]


@dataclass(frozen=True)
class Conflict:
    """Why an expert must stand back from a case."""

    kind: str
    reason: str


@dataclass(frozen=True)
class _Party:
    """A body of a case, as far as it is known: by the register (with its superior) or by its name."""

    role: str
    name: str
    body_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = None

    @property
    def keys(self) -> list[Key]:
        found: list[Key] = [("name", self.name)]
        if self.body_id:
            found += [("id", self.body_id), ("under", self.body_id)]
        if self.parent_id:
            found += [("id", self.parent_id), ("under", self.parent_id)]
        return found


@dataclass(frozen=True)
class _Unit:
    """A body to which an expert is bound, and how."""

    kind: str
    how: str
    name: str


@dataclass
class _Bound:
    """The units of one expert under the keys of the parties that they would collide with."""

    by_key: dict[Key, list[_Unit]] = field(default_factory=dict)

    def add(self, unit: _Unit, body: Organisation | None = None) -> None:
        keys: list[Key] = [("name", body.name if body else unit.name)]
        if body is not None:
            keys.append(("id", body.pk))
            if unit.kind == EMPLOYER and body.parent_id:  # a whole unit is bound, not a single office of it
                keys.append(("under", body.parent_id))
        for key in keys:
            self.by_key.setdefault(key, []).append(unit)


def conflicts(round_: Round, cases: Sequence[Case], experts: Sequence[Expert]) -> dict[Pair, list[Conflict]]:
    """Every pair (case id, expert id) that is in conflict, with all reasons (ten queries at most)."""
    if not cases or not experts:
        return {}
    today = clock.local(clock.now()).date()
    bodies: dict[str, str] = {}
    bound = _bound(round_, experts, today, bodies)
    parties = _parties(cases, today, names=set(bodies), codes={code for code in bodies.values() if code})
    digits = PROVINCE_DIGITS if round_.is_state else PREFECTURE_DIGITS
    found: dict[Pair, list[Conflict]] = {}
    for case in cases:
        place = case.region_code[:digits] if round_.avoids_own_region else ""
        for expert in experts:
            reasons = [
                _conflict(unit, party)
                for party in parties[case.pk]
                for key in party.keys
                for unit in bound[expert.pk].by_key.get(key, ())
            ]
            if len(place) == digits and expert.region_code[:digits] == place:
                reasons.append(
                    Conflict(
                        "region", _("专家与项目同属一省") if round_.is_state else _("专家与项目同在一市")
                    )
                )
            if reasons:
                found[case.pk, expert.pk] = list(dict.fromkeys(reasons))
    return found


def conflicts_of(case: Case, expert: Expert) -> list[Conflict]:
    """The same for one case and one expert."""
    return conflicts(case.round, [case], [expert]).get((case.pk, expert.pk), [])


def party_names(cases: Sequence[Case]) -> dict[uuid.UUID, list[str]]:
    """Applicants, joint governments and service bodies of each case: what an expert is asked about before any file."""
    found = _parties(cases, clock.local(clock.now()).date(), names=set(), codes=set())
    return {case.pk: list(dict.fromkeys(party.name for party in found[case.pk])) for case in cases}


def _conflict(unit: _Unit, party: _Party) -> Conflict:
    kind = unit.kind
    if kind == EMPLOYER:
        kind = {SERVICE: "service", ENTERPRISE: "scope"}.get(party.role, EMPLOYER)
    words = {"how": unit.how, "unit": unit.name, "role": ROLES[party.role], "party": party.name}
    if unit.name == party.name:
        return Conflict(kind, _("%(how)s：%(role)s“%(party)s”") % words)
    return Conflict(kind, _("%(how)s：“%(unit)s”与%(role)s“%(party)s”有隶属关系或同一上级") % words)


def _bound(
    round_: Round, experts: Sequence[Expert], today: date, bodies: dict[str, str]
) -> dict[uuid.UUID, _Bound]:
    """What each expert is bound to; `bodies` collects the names with their credit codes."""
    found = {expert.pk: _Bound() for expert in experts}
    by_user = {expert.user_id: expert.pk for expert in experts}

    def add(expert_id: uuid.UUID, kind: str, how: str, body: Organisation | None, name: str = "") -> None:
        name = body.name if body else name
        bodies[name] = body.credit_code if body else bodies.get(name, "")
        found[expert_id].add(_Unit(kind, how, name), body)

    employers = Organisation.objects.in_bulk([one.employer_id for one in experts if one.employer_id])
    for expert in experts:
        if expert.employer_id or expert.employer_name:
            body = employers.get(expert.employer_id) if expert.employer_id else None
            add(expert.pk, EMPLOYER, str(_("工作单位")), body, expert.employer_name)
    for member in Membership.objects.filter(user__in=by_user).select_related("organisation"):
        add(by_user[member.user_id], EMPLOYER, str(_("任职单位")), member.organisation)
    lasting = Q(until=None) | Q(until__gte=today - LOOK_BACK)
    for interest in Interest.objects.filter(lasting, expert__in=found).select_related("organisation"):
        kind = EMPLOYER if interest.relation == Interest.Relation.EMPLOYED else "interest"
        how = str(interest.get_relation_display())
        add(interest.expert_id, kind, how, interest.organisation, interest.body_name)
    declared = DeclaredInterest.objects.filter(appointment__round=round_, appointment__expert__in=found)
    for one in declared.select_related("appointment"):
        how = _("本轮申报（%s）") % one.get_relation_display()
        add(one.appointment.expert_id, "declared", how, None, one.body_name)
    return found


def _parties(
    cases: Sequence[Case], today: date, *, names: set[str], codes: set[str]
) -> dict[uuid.UUID, list[_Party]]:
    """The parties of each case; of the enterprises in the scope only those with these names or credit codes."""
    found: dict[uuid.UUID, list[_Party]] = {case.pk: [] for case in cases}
    sealed = parts_of(cases, "scope", "joint")
    applicants = Organisation.objects.in_bulk([case.applicant_id for case in cases if case.applicant_id])
    for case in cases:
        body = applicants.get(case.applicant_id) if case.applicant_id else None
        found[case.pk].append(_party(APPLICANT, body, case.applicant_name))
    joint = {
        case_id: [str(one["name"]) for one in parts["joint"]["parties"]]
        for case_id, parts in sealed.items()
        if parts["joint"]
    }
    by_name = {
        body.name: body
        for body in (Organisation.objects.filter(name__in=set().union(*joint.values())) if joint else ())
    }
    for case_id, governments in joint.items():
        found[case_id] += [_party(JOINT, by_name.get(name), name) for name in governments]
    serving_bodies: dict[uuid.UUID, list[Organisation]] = {}
    serving_codes: dict[str, list[Organisation]] = {}
    service = Authorisation.objects.filter(
        Q(applicant__in=applicants) | Q(applicant__kind=Kind.ENTERPRISE), valid_until__gte=today - LOOK_BACK
    )
    for one in service.select_related("service_body", "applicant"):
        if one.applicant_id in applicants:
            serving_bodies.setdefault(one.applicant_id, []).append(one.service_body)
        elif one.applicant.credit_code:
            serving_codes.setdefault(one.applicant.credit_code, []).append(one.service_body)
    for case in cases:
        for body in serving_bodies.get(case.applicant_id, ()) if case.applicant_id else ():
            found[case.pk].append(_party(SERVICE, body))
    codes = {*codes, *serving_codes}
    # A pilot that is handed in for acceptance: the enterprises that its scope has come to hold bind as well.
    of_today = {case.pk: case.content.get("scope") for case in cases}
    rows = [
        (case_id, str(row["name"]), str(row["credit_code"]))
        for case_id, parts in sealed.items()
        for row in of_today.get(case_id) or parts["scope"] or ()
        if row["credit_code"] in codes or row["name"] in names
    ]
    if rows:
        known = Organisation.objects.filter(credit_code__in={code for _case, _name, code in rows if code})
        listed = {body.credit_code: body for body in known}
        for case_id, name, code in rows:
            found[case_id].append(_party(ENTERPRISE, listed.get(code), name))
            found[case_id] += [_party(SERVICE, body) for body in serving_codes.get(code, ())]
    return found


def _party(role: str, body: Organisation | None, name: str = "") -> _Party:
    if body is None:
        return _Party(role, name)
    return _Party(role, body.name, body.pk, body.parent_id)
