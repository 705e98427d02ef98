"""The pilot itself and the sign-off inside the applicant."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.calls.models import Call
from qingyuan.kernel.models import Aggregate
from qingyuan.people.models import Organisation

if TYPE_CHECKING:
    from qingyuan.catalogue.notices.model import Notice
    from qingyuan.catalogue.notices.parts import Category, ObjectForm
    from qingyuan.pilots.models.returned import SupplementRequest


class Pilot(Aggregate):
    """One project of one applicant under one call, in one category. Applicant and implementer are the same body (N4)."""

    class Stage(models.TextChoices):
        DRAFTING = "drafting", _("编制中")
        REVIEWING = "reviewing", _("待审核")
        SIGNING = "signing", _("待签发")
        SIGNED = "signed", _("已签发待提交")
        SUBMITTED = "submitted", _("已提交")
        WITHDRAWN = "withdrawn", _("已撤回")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFTING)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="pilots")
    applicant = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="pilots")
    category_id = models.CharField(max_length=40)
    """Id of a category of the call's notice."""
    name = models.CharField(max_length=120)
    """项目名称."""
    object_form = models.CharField(max_length=40, blank=True)
    """One of the category's forms of object (sector, park, cluster, region, basin)."""
    object_name = models.CharField(max_length=160, blank=True)
    region_code = models.CharField(max_length=6, blank=True, db_index=True)
    """Prefecture (GB/T 2260) in which the object lies; counts and filters of the province use it."""
    sectors = models.JSONField(default=list)
    """Keys of the notice's sectors."""
    pollutants = models.JSONField(default=list)
    """Characteristic pollutants (category 3)."""
    key_place = models.CharField(max_length=60, blank=True)
    """Id of the notice's region or basin to which the object belongs, or another one in the applicant's words."""
    term_start = models.DateField(null=True, blank=True)
    term_end = models.DateField(null=True, blank=True)
    """First and last day of the implementation as the applicant plans it."""
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    no_state_secrets = models.BooleanField(default=False)
    """Confirmed by the signer for exactly the signed content (涉密不上网)."""
    content_sha256 = models.CharField(max_length=64, blank=True)
    """What was signed: the hash of the snapshot's content at sign-off; empty while drafting."""
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "applicant", "name"],
                condition=~models.Q(stage="withdrawn"),
                name="one_pilot_of_a_name_per_applicant_and_call",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage__in=["signed", "submitted"])
                | (models.Q(no_state_secrets=True) & ~models.Q(content_sha256="")),
                name="signed_pilot_is_bound_and_cleared",
            ),
        ]
        indexes = [models.Index(fields=["call", "stage"], name="pilot_by_call_and_stage")]

    def __str__(self) -> str:
        return self.name

    @property
    def notice(self) -> Notice:
        return self.call.notice

    @cached_property
    def category(self) -> Category:
        return self.notice.category(self.category_id)

    @property
    def form(self) -> ObjectForm | None:
        """The form of object that was chosen, if it was."""
        return self.category.form(self.object_form) if self.object_form else None

    @cached_property
    def open_request(self) -> SupplementRequest | None:
        """The 退回补充完善 under which the applicant writes now, if there is one."""
        return self.supplement_requests.filter(stage="open").select_related("submission").first()

    @property
    def facts(self) -> dict[str, str]:
        """What eligibility rules may ask about the pilot."""
        return {"object_form": self.object_form, "category": self.category_id}


class SignOff(models.Model):
    """One step of the sign-off: who, when, on which content; kept for every round."""

    class Step(models.TextChoices):
        HAND_IN = "hand_in", _("经办送审")
        REVIEW = "review", _("审核通过")
        SIGN = "sign", _("签发")
        RETURN = "return", _("退回修改")
        REOPEN = "reopen", _("重新编制")
        WITHDRAW = "withdraw", _("撤回")
        SUPPLEMENT = "supplement", _("退回补充完善")
        PREFECTURE = "prefecture", _("市级退回")

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="signoffs")
    step = models.CharField(max_length=10, choices=Step.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    remark = models.CharField(max_length=1000, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.at:%Y-%m-%d}"
