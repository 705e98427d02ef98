"""What provinces recommended, what the State's round has of it, and how that stands to the quota."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from qingyuan.catalogue import regions
from qingyuan.catalogue.notices.parts import Quota
from qingyuan.review.bundles import province_of
from qingyuan.review.models import Bundle, Case, Decision, Round


def final_of(round_: Round) -> Decision | None:
    """The final decision of a round, however far it is (one query)."""
    return (
        Decision.objects.filter(round=round_, kind=Decision.Kind.FINAL)
        .exclude(stage=Decision.Stage.DROPPED)
        .first()
    )


def quota_of(round_: Round) -> Quota | None:
    """How many projects the notice lets a province recommend."""
    return next((quota for quota in round_.notice.quotas if quota.per == "province"), None)


@dataclass(kw_only=True)
class Province:
    """One province as the State's round sees it."""

    code: str
    name: str
    bundles: list[Bundle] = field(default_factory=list)
    waiting: list[Round] = field(default_factory=list)
    """Rounds of the province whose released recommendation was not taken in yet."""
    received: int = 0
    approved: int = 0
    over: int = 0
    """How many more than the notice says 原则上."""
    over_reason: str = ""


def provinces(round_: Round) -> list[Province]:
    """Every province that recommended, by code (a fixed number of queries)."""
    found: dict[str, Province] = {}

    def of(code: str) -> Province:
        known = regions.regions().get(code)
        return found.setdefault(code, Province(code=code, name=known.name if known else code))

    bundles = list(
        Bundle.objects.filter(round=round_).select_related("source__call", "letter", "workbook", "entered_by")
    )
    for bundle in bundles:
        of(bundle.region_code).bundles.append(bundle)
    taken = {bundle.source_id for bundle in bundles}
    ready = (
        Round.objects.filter(
            call__parent_id=round_.call_id,
            decisions__kind=Decision.Kind.FINAL,
            decisions__stage=Decision.Stage.RELEASED,
        )
        .select_related("call__joint_body")
        .distinct()
    )
    for source in ready:
        if source.pk not in taken:
            of(source.joint_body.region_code).waiting.append(source)
    rows = Case.objects.filter(round=round_).values_list("region_code", "stage")
    received = Counter(province_of(code) for code, stage in rows if stage != Case.Stage.WITHDRAWN)
    approved = Counter(province_of(code) for code, stage in rows if stage == Case.Stage.APPROVED)
    quota = quota_of(round_)
    reasons = dict(
        Decision.objects.filter(
            round__in=[one for one in taken if one], kind=Decision.Kind.FINAL, stage=Decision.Stage.RELEASED
        ).values_list("round__call__joint_body__region_code", "over_quota_reason")
    )
    for code, number in received.items():
        province = of(code)
        province.received, province.approved = number, approved[code]
        province.over = max(0, number - quota.maximum) if quota else 0
        province.over_reason = reasons.get(code, "") if province.over else ""
    return sorted(found.values(), key=lambda one: one.code)


def missing_plans(round_: Round) -> int:
    """How many imported cases have no plan yet (one query)."""
    return (
        Case.objects.filter(round=round_, submission__isnull=True)
        .exclude(files__kind="plan")
        .exclude(stage=Case.Stage.WITHDRAWN)
        .count()
    )
