"""Bodies: from the two ministries down to a single enterprise."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingyuan.catalogue import credit_code
from qingyuan.kernel.models import Aggregate


class Kind(models.TextChoices):
    """What a body is; programme.md, "Who does what"."""

    STATE_ECOLOGY = "state_ecology", _("国家生态环境主管部门")
    STATE_REFORM = "state_reform", _("国家发展改革主管部门")
    PROVINCE_ECOLOGY = "province_ecology", _("省级生态环境主管部门")
    PROVINCE_REFORM = "province_reform", _("省级发展改革主管部门")
    PREFECTURE_ECOLOGY = "prefecture_ecology", _("市级生态环境局")
    PREFECTURE_REFORM = "prefecture_reform", _("市级发展改革委（发改统计局）")
    DESK = "desk", _("内设处（司）室")
    GOVERNMENT = "government", _("市（县、区）政府")
    DEPARTMENT = "department", _("市级政府组成部门")
    PARK = "park", _("园区管委会")
    OTHER_APPLICANT = "other_applicant", _("其他申报单位")
    SERVICE = "service", _("咨询服务机构")
    INSTITUTE = "institute", _("科研院所、高校")
    ENTERPRISE = "enterprise", pgettext_lazy("kind of organisation", "企业")
    OPERATOR = "operator", _("平台运维单位")


AUTHORITIES = frozenset({Kind.STATE_ECOLOGY, Kind.STATE_REFORM, Kind.PROVINCE_ECOLOGY, Kind.PROVINCE_REFORM})
PREFECTURE_BUREAUS = frozenset({Kind.PREFECTURE_ECOLOGY, Kind.PREFECTURE_REFORM})
APPLICANTS = frozenset({Kind.GOVERNMENT, Kind.DEPARTMENT, Kind.PARK, Kind.OTHER_APPLICANT})


class Organisation(Aggregate):
    """One body. A prefecture bureau can itself be an applicant (市级政府组成部门): see `may_apply`."""

    class Stage(models.TextChoices):
        ACTIVE = "active", _("在用")
        CLOSED = "closed", _("已停用")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ACTIVE)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=120)
    region_code = models.CharField(max_length=6, blank=True, db_index=True)
    """GB/T 2260; province-level for provincial bodies; blank for the State and for bodies without a seat in the programme."""
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    credit_code = models.CharField(max_length=18, blank=True)
    """统一社会信用代码, GB 32100."""
    email = models.EmailField(blank=True)
    """The body's official mailbox (never a person's)."""
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["region_code", "name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="one_organisation_of_a_name"),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~models.Q(credit_code=""),
                name="one_organisation_of_a_credit_code",
            ),
            models.CheckConstraint(
                condition=~models.Q(pk=models.F("parent")), name="no_organisation_above_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.credit_code and (problems := credit_code.check(self.credit_code)):
            raise ValidationError({"credit_code": problems})

    @property
    def may_apply(self) -> bool:
        """申报与实施主体: governments, their departments (a bureau is one), park committees and the like (N4)."""
        return self.kind in APPLICANTS or self.kind in PREFECTURE_BUREAUS
