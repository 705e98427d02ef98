"""Experts and what binds them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate
from qingyuan.people.models.organisation import Organisation
from qingyuan.people.models.user import User


class Expert(Aggregate):
    """A person of the pool. `code` stands for the person wherever the public may look."""

    class Stage(models.TextChoices):
        ACTIVE = "active", _("在库")
        RESTING = "resting", _("暂停")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ACTIVE)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="expert")
    code = models.CharField(max_length=12, unique=True)
    fields = models.JSONField(default=list)
    """Keys of the catalogue's sectors."""
    categories = models.JSONField(default=list)
    """Ids of categories of pilots that this person knows (the catalogue's notices name them)."""
    methods = models.JSONField(default=list)
    """Free words: methods and techniques."""
    employer = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="experts")
    employer_name = models.CharField(max_length=120, blank=True)
    """Where the employer is not in the register."""
    keeper = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="experts_kept"
    )
    """The department that keeps this entry of the pool; none: the operators do."""
    region_code = models.CharField(max_length=6, blank=True)
    title = models.CharField(max_length=40, blank=True)
    declared_at = models.DateTimeField(null=True)
    """When the interests were last declared; declaring none counts too."""

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def employer_label(self) -> str:
        return self.employer.name if self.employer else self.employer_name


class Interest(models.Model):
    """A declared interest: a body that this expert advises, owns, works with, or is related to."""

    class Relation(models.TextChoices):
        EMPLOYED = "employed", _("任职、兼职")
        CONSULTING = "consulting", _("提供咨询服务")
        COOPERATION = "cooperation", _("三年内合作")
        KIN = "kin", _("近亲属任职")
        OTHER = "other", _("其他可能影响公正的关系")

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="interests")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    body_name = models.CharField(max_length=120, blank=True)
    """Where the body is not in the register."""
    relation = models.CharField(max_length=12, choices=Relation.choices)
    declared_at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-declared_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False) | ~models.Q(body_name=""),
                name="interest_names_a_body",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {self.organisation or self.body_name}"
