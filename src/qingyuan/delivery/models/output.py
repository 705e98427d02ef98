"""产出成果: what the plan promised and what was added, its versions, and what the departments said of them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.catalogue import outputs as catalogue
from qingyuan.delivery.models.project import Project
from qingyuan.kernel.models import Aggregate, Upload


class Output(Aggregate):
    """One result that the pilot hands over. `key` is the baseline's (o1, o2, ...) or, for a further one, x1, x2, ..."""

    class Stage(models.TextChoices):
        EXPECTED = "expected", _("待提交")
        HANDED_IN = "handed_in", _("待认可")
        RETURNED = "returned", _("退回完善")
        ACCEPTED = "accepted", _("已认可")
        DROPPED = "dropped", _("不再产出")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.EXPECTED)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="outputs")
    key = models.CharField(max_length=12)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    """Id of a kind of the catalogue."""
    title = models.CharField(max_length=80)
    benefit = models.CharField(max_length=300, blank=True)
    targets = models.JSONField(default=list)
    """Keys of the baseline's targets that it serves."""
    milestone = models.CharField(max_length=12, blank=True)
    """Key of the baseline's milestone by which it is due; blank: by the end of the term."""
    due_on = models.DateField()
    """By the baseline in force; every approved change moves it along."""
    added_reason = models.CharField(max_length=500, blank=True)
    """Why it was added; blank for what the plan promised."""
    dropped_reason = models.CharField(max_length=500, blank=True)
    may_be_published = models.BooleanField(default=False)
    """公开标记: whoever carries out the pilot agrees that the accepted version be shown to everybody."""
    marked_at = models.DateTimeField(null=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["project_id", "position"]
        indexes = [models.Index(fields=["stage", "due_on"], name="output_by_stage_and_day")]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="one_output_of_a_key"),
            models.CheckConstraint(
                condition=~models.Q(stage="dropped") | ~models.Q(dropped_reason=""),
                name="dropped_output_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(may_be_published=False)
                | models.Q(marked_at__isnull=False, stage="accepted"),
                name="only_accepted_outputs_are_public",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:output", args=[self.pk])

    @property
    def kind_title(self) -> str:
        known = catalogue.kinds().get(self.kind)
        return known.title if known else self.kind

    @property
    def is_promised(self) -> bool:
        return not self.added_reason


class OutputVersion(models.Model):
    """One edition with its files, what it is, and how it fared. Its content never changes."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("认可")
        RETURNED = "returned", _("退回")

    output = models.ForeignKey(Output, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=1000, blank=True)
    content_sha256 = models.CharField(max_length=64)
    """Of the canonical list of title, note and the files' names and hashes."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    opinion = models.CharField(max_length=1000, blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["output_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["output", "number"], name="one_output_version_of_a_number"),
            models.CheckConstraint(
                condition=models.Q(verdict="")
                | models.Q(handed_in_at__isnull=False, judged_at__isnull=False),
                name="only_handed_in_versions_are_judged",
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict="returned") | ~models.Q(opinion=""),
                name="returned_version_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.output} {self.number}"


class OutputFile(models.Model):
    """A file of a version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(OutputVersion, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveSmallIntegerField()
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_output_file_in_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.position}"
