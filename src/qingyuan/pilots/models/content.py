"""What an applicant writes: chapters, answers, scope, targets, attachments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Upload
from qingyuan.pilots.models.pilot import Pilot
from qingyuan.registry.models import Enterprise


class Chapter(models.Model):
    """The text of one heading of the outline. `revision` guards against overwriting what another wrote (409)."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="chapters")
    outline_id = models.CharField(max_length=60)
    html = models.TextField(blank=True)
    """Clean HTML (papers.richtext)."""
    words = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_complete = models.BooleanField(default=False)
    """A writer has said 本节已完成."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pilot", "outline_id"], name="one_text_of_a_chapter")]

    def __str__(self) -> str:
        return self.outline_id


class Answer(models.Model):
    """The answer to one question of an eligibility condition; JSON: text, bool, list, or a decimal as text."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="answers")
    condition_id = models.CharField(max_length=40)
    question_id = models.CharField(max_length=60)
    value = models.JSONField(null=True)

    class Meta:
        ordering = ["condition_id", "question_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "condition_id", "question_id"], name="one_answer_of_a_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.condition_id}.{self.question_id}"


class ScopeEntry(models.Model):
    """An enterprise in the pilot's scope, as the applicant states it. Blank is "not stated"."""

    class Size(models.TextChoices):
        LARGE = "large", _("大型")
        MEDIUM = "medium", _("中型")
        SMALL = "small", _("小型")
        MICRO = "micro", _("微型")

    class Permit(models.TextChoices):
        KEY = "key", _("重点管理")
        SIMPLIFIED = "simplified", _("简化管理")
        REGISTERED = "registered", _("登记管理")

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="scope")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="scopes")
    stated_name = models.CharField(max_length=120)
    sector = models.CharField(max_length=40, blank=True)
    """Key of one of the notice's sectors."""
    sector_code = models.CharField(max_length=4, blank=True)
    """GB/T 4754 division, group or class; the section's letter follows from it."""
    size = models.CharField(max_length=6, choices=Size.choices, blank=True)
    permit = models.CharField(max_length=10, choices=Permit.choices, blank=True)
    """排污许可管理类别."""
    last_audit = models.DateField(null=True, blank=True)
    pollutants = models.CharField(max_length=200, blank=True)
    prefecture = models.CharField(max_length=50, blank=True)
    county = models.CharField(max_length=50, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "enterprise"], name="an_enterprise_once_in_a_scope")
        ]

    def __str__(self) -> str:
        return self.stated_name


class Target(models.Model):
    """A figure the pilot commits itself to. Blank is "not stated"; 0 is zero."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="targets")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    """By which texts quote the row; stays with it when rows are moved or deleted."""
    measure_id = models.CharField(max_length=40, blank=True)
    """Id of a measure that the notice always asks for (N1); blank for the applicant's own targets."""
    indicator_id = models.CharField(max_length=40, blank=True)
    """Id of a usual indicator of the catalogue; blank for one in the applicant's own words."""
    indicator = models.CharField(max_length=80)
    unit = models.CharField(max_length=30, blank=True)
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True)
    baseline = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    target = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    formula = models.CharField(max_length=300, blank=True)
    """How the saving is calculated, in words or as a formula."""
    share = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    """Share of the scope that the figure covers, in percent."""
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "position"], name="one_target_in_a_place"),
            models.UniqueConstraint(fields=["pilot", "key"], name="one_target_of_a_key"),
            models.CheckConstraint(
                condition=models.Q(share__isnull=True) | models.Q(share__gte=0, share__lte=100),
                name="share_of_scope_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return self.indicator


class Attachment(models.Model):
    """A file of the application: evidence for a condition, the stamped page, or anything else."""

    class Purpose(models.TextChoices):
        EVIDENCE = "evidence", _("条件佐证")
        SEAL = "seal", _("盖章页")
        AGREEMENT = "agreement", _("协同审核协议")
        OTHER = "other", _("其他附件")

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="attachments")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    condition_id = models.CharField(max_length=40, blank=True)
    question_id = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=120)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["purpose", "condition_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(purpose="evidence")
                | (~models.Q(condition_id="") & ~models.Q(question_id="")),
                name="evidence_names_its_question",
            )
        ]

    def __str__(self) -> str:
        return self.title
