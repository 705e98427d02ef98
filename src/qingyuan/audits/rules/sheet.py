"""Who may fill in and sign an enterprise's sheet, and who may ask it to."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.audits.models import Dataset, EnterpriseSheet
from qingyuan.audits.rules import dataset as datasets
from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Kind
from qingyuan.people.rules import in_joint_body
from qingyuan.pilots.models import Pilot


def codes_of(user: Any) -> list[str]:
    """Credit codes of the enterprises whose people this person is among (no query)."""
    return [body.credit_code for body in user.standing.in_kinds({Kind.ENTERPRISE}) if body.credit_code]


def own_sheets(user: Any) -> Q:
    """The same relation as `belongs_to_enterprise`, for lists."""
    return Q(enterprise__credit_code__in=codes_of(user))


@predicate(_("须为该企业账号的人员"))
def belongs_to_enterprise(user: Any, sheet: EnterpriseSheet) -> bool:
    return is_signed_in.test(user) and sheet.enterprise.credit_code in codes_of(user)


@predicate(_("须持有该企业在有效期内的专用填报链接"))
def came_by_link(user: Any, sheet: EnterpriseSheet) -> bool:
    return getattr(user, "link_sheet", None) == sheet.pk and user.pk == sheet.guest_id


fills_sheet = belongs_to_enterprise | came_by_link


@predicate(_("须为申报单位为本数据集指定的、可以编写数据的人员"))
def asks_enterprise(user: Any, sheet: EnterpriseSheet) -> bool:
    return datasets.writes_raw.test(user, sheet.dataset)


brings_figures = fills_sheet | asks_enterprise


@predicate(_("仅受理该申报的联合单位可见"))
def received_pilot(user: Any, dataset: Dataset) -> bool:
    return dataset.pilot.stage == Pilot.Stage.SUBMITTED and in_joint_body(user, dataset.pilot.call.joint_body)


sees_aggregates = datasets.sees_dataset | received_pilot
"""Reviewing departments see aggregates of fixed versions only."""


@predicate(_("须为申报单位为本数据集指定的人员或技术支撑单位人员"))
def reads_sheet(user: Any, sheet: EnterpriseSheet) -> bool:
    return datasets.reads_raw.test(user, sheet.dataset)
