"""Service bodies at work for an applicant: what they may touch, and until when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.people.models.organisation import Organisation


class Authorisation(Aggregate):
    """An applicant lets a service body work for it, under a secrecy agreement, within a scope, to an end date."""

    class Stage(models.TextChoices):
        ACTIVE = "active", _("有效")
        ENDED = "ended", _("已终止")

    class Scope(models.TextChoices):
        READ = "read", _("查阅")
        DRAFT = "draft", _("编写方案与数据（不含送审、签发、提交）")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ACTIVE)
    applicant = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="authorisations_given")
    service_body = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="authorisations_held"
    )
    scope = models.CharField(max_length=10, choices=Scope.choices)
    valid_from = models.DateField()
    valid_until = models.DateField()
    """The last day, inclusive, in Asia/Shanghai."""
    secrecy_agreement = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-valid_until"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")), name="authorisation_has_days"
            ),
            models.CheckConstraint(
                condition=~models.Q(applicant=models.F("service_body")), name="nobody_authorises_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.applicant} → {self.service_body}"
