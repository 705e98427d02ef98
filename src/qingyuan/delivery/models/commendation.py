"""通报表扬: which bodies (and people) the departments commend together, and why (H6).

Names of people are for both departments alone. They stand in rows of their own that can be erased; what the departments
consent to holds a salted commitment of each, so that the consent can still be checked when the names are gone.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models.project import Project
from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.people.models import JointBody, Organisation


class Commendation(Aggregate):
    """One list of the outstanding, decided only when host and co-signers consent to one hash."""

    class Stage(models.TextChoices):
        DRAFTING = "drafting", _("拟稿")
        COSIGN = "cosign", _("会签中")
        AGREED = "agreed", _("已会签一致")
        DISAGREED = "disagreed", _("意见不一致")
        ISSUED = "issued", _("已通报")
        DROPPED = "dropped", _("已撤销")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFTING)
    joint_body = models.ForeignKey(JointBody, on_delete=models.PROTECT, related_name="commendations")
    title = models.CharField(max_length=120)
    basis = models.TextField(max_length=2000, blank=True)
    """依据和缘由: the opening of the paper."""
    attachment_number = models.CharField(max_length=40, blank=True)
    """Number of the paper annex that lists the people; the annex itself stays offline."""
    drafted_at = models.DateTimeField()
    cosign_due_at = models.DateTimeField(null=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    """发文字号: comes back from the office system, never generated here."""
    dated_on = models.DateField(null=True)
    sealed_copy = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-drafted_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=["drafting", "disagreed", "dropped"])
                | ~models.Q(content_sha256=""),
                name="consulted_commendation_has_its_hash",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="issued")
                | (models.Q(issued_at__isnull=False, dated_on__isnull=False) & ~models.Q(document_number="")),
                name="issued_commendation_has_its_paper",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:commendation", args=[self.pk])


class CommendedBody(models.Model):
    """A body on the list, for which pilot, and why."""

    commendation = models.ForeignKey(Commendation, on_delete=models.CASCADE, related_name="bodies")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="commended")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["commendation", "project", "organisation"], name="a_body_commended_once_for_a_pilot"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="commended_body_has_its_reason"),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class CommendedPerson(models.Model):
    """A person on the list: never public, never in the ledger, and erased on request with name, body and reason."""

    commendation = models.ForeignKey(Commendation, on_delete=models.CASCADE, related_name="persons")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40, blank=True)
    body = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    salt = models.CharField(max_length=64, blank=True)
    commitment = models.CharField(max_length=64)
    """SHA-256 of salt, name, body and reason: what the consent covers. Without the salt nobody can guess the name from it."""
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["commendation", "position"], name="one_commended_person_in_a_place"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(name="", body="", reason="", salt=""),
                name="erased_person_is_gone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commendation} {self.position}"


class CommendationConsent(models.Model):
    """A department's word on exactly the content whose hash it carries."""

    commendation = models.ForeignKey(Commendation, on_delete=models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content_sha256 = models.CharField(max_length=64)
    agrees = models.BooleanField()
    opinion = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["commendation", "organisation", "content_sha256"],
                name="one_word_of_a_body_on_a_commendation",
            ),
            models.CheckConstraint(
                condition=models.Q(agrees=True) | ~models.Q(opinion=""),
                name="commendation_dissent_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.agrees}"
