"""Who keeps which enterprises, and who sees them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.permission import is_operator, is_signed_in, predicate
from qingyuan.people.models import Organisation, Role
from qingyuan.people.models.organisation import AUTHORITIES, Kind
from qingyuan.registry.models import AuditRecord, Enterprise

STATE = frozenset({Kind.STATE_ECOLOGY, Kind.STATE_REFORM})


def province_of(code: str) -> str:
    return code[:2]


@predicate(_("本单位须为省级生态环境主管部门"))
def is_province_ecology(_user: Any, organisation: Organisation) -> bool:
    return organisation.kind == Kind.PROVINCE_ECOLOGY


@predicate(_("须为本单位的经办人或牵头负责人"))
def handles_department(user: Any, organisation: Organisation) -> bool:
    return is_signed_in.test(user) and user.standing.holds(organisation.pk, Role.HANDLER, Role.LEAD)


keeps_registry = handles_department & is_province_ecology


@predicate(_("须为企业所在省生态环境主管部门的经办人或牵头负责人"))
def keeps_enterprise(user: Any, enterprise: Enterprise) -> bool:
    return is_signed_in.test(user) and any(
        province_of(body.region_code) == enterprise.province for body in kept_by(user)
    )


@predicate(_("须为企业所在省生态环境主管部门的经办人或牵头负责人"))
def keeps_record(user: Any, record: AuditRecord) -> bool:
    return keeps_enterprise.test(user, record.enterprise)


@predicate(_("仅国家和企业所在省的主管部门可见"))
def works_where_it_stands(user: Any, enterprise: Enterprise) -> bool:
    return is_signed_in.test(user) and any(
        body.kind in STATE or province_of(body.region_code) == enterprise.province
        for body in user.standing.in_kinds(AUTHORITIES)
    )


@predicate(_("须为国家或省级主管部门人员"))
def works_in_an_authority(user: Any, _obj: Any = None) -> bool:
    return is_signed_in.test(user) and bool(user.standing.in_kinds(AUTHORITIES))


sees_registry = works_in_an_authority | is_operator
sees_enterprise = works_where_it_stands | is_operator


@predicate(_("仅国家和企业所在省的主管部门可见"))
def sees_record(user: Any, record: AuditRecord) -> bool:
    return sees_enterprise.test(user, record.enterprise)


def visible_enterprises(user: Any) -> Q:
    """The same relation as `sees_enterprise`, for lists."""
    if is_operator.test(user):
        return Q()
    bodies = user.standing.in_kinds(AUTHORITIES)
    if any(body.kind in STATE for body in bodies):
        return Q()
    return Q(province__in={province_of(body.region_code) for body in bodies if body.region_code})


def kept_by(user: Any) -> list[Organisation]:
    """The departments for which this person keeps the registry (no query)."""
    if not is_signed_in.test(user):
        return []
    return [
        body
        for body in user.standing.in_kinds({Kind.PROVINCE_ECOLOGY})
        if body.region_code and user.standing.holds(body.pk, Role.HANDLER, Role.LEAD)
    ]
