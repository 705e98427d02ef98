"""Who may what with a pilot's data. Raw figures: the enterprise itself, named staff of the applicant, named units."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.audits.models import Dataset, FieldPhoto
from qingyuan.kernel.permission import is_signed_in, predicate
from qingyuan.people.models import Authorisation, Role
from qingyuan.pilots import rules as pilots

begins_dataset = pilots.can_write


@predicate(_("须为申报单位人员或其有效授权的咨询服务机构人员"))
def sees_dataset(user: Any, dataset: Dataset) -> bool:
    """That it exists, how far it is, who is named: no figure of an enterprise."""
    return pilots.can_see_pilot.test(user, dataset.pilot)


def visible_datasets(user: Any) -> Q:
    """The same relation as `sees_dataset`, for lists."""
    standing = user.standing
    return Q(pilot__applicant__in=[*standing.organisation_ids, *standing.authorised])


@predicate(_("须为申报单位为本数据集指定的人员，或指定的、授权在有效期内的技术支撑单位人员"))
def reads_raw(user: Any, dataset: Dataset) -> bool:
    if not is_signed_in.test(user):
        return False
    applicant = dataset.pilot.applicant_id
    return any(
        (access.user_id == user.pk and user.standing.holds(applicant))
        or (
            access.organisation_id is not None
            and user.standing.holds(access.organisation_id)
            and applicant in user.standing.authorised
        )
        for access in dataset.named
    )


@predicate(_("须为申报单位的经办人、牵头负责人，或其授权编写数据的咨询服务机构人员"))
def writes_for_applicant(user: Any, dataset: Dataset) -> bool:
    if not is_signed_in.test(user):
        return False
    applicant = dataset.pilot.applicant_id
    return user.standing.holds(
        applicant, Role.HANDLER, Role.LEAD
    ) or Authorisation.Scope.DRAFT in user.standing.authorised.get(applicant, ())


writes_raw = reads_raw & writes_for_applicant


@predicate(_("须为申报单位的经办人或牵头负责人"))
def manages_dataset(user: Any, dataset: Dataset) -> bool:
    return is_signed_in.test(user) and user.standing.holds(
        dataset.pilot.applicant_id, Role.HANDLER, Role.LEAD
    )


@predicate(_("须为申报单位为本数据集指定的人员，或指定的、授权在有效期内的技术支撑单位人员"))
def sees_field_photo(user: Any, photo: FieldPhoto) -> bool:
    return reads_raw.test(user, photo.dataset)
