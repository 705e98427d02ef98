"""Site visits (现场调查): is what stands there what the application says?"""

from __future__ import annotations

import uuid
from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.people.models import Expert
from qingyuan.review.models.draws import Draw
from qingyuan.review.models.round import Case


class Visit(Aggregate):
    """One visit to the site of one case. The applicant learns of it by the visit notice and in no other way."""

    class Stage(models.TextChoices):
        PLANNED = "planned", _("筹备中")
        NOTIFIED = "notified", _("已通知")
        DONE = "done", _("待申报单位答复")
        REPLIED = "replied", _("待签字")
        SIGNED = "signed", _("已签字")
        CANCELLED = "cancelled", _("已取消")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.PLANNED)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="visits")
    draw = models.ForeignKey(Draw, null=True, on_delete=models.PROTECT, related_name="visits")
    reason = models.CharField(max_length=300, blank=True)
    """Why this site, where it was not drawn."""
    day = models.DateField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    """Place in the order of the day."""
    address = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    planned_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    conclusion = models.TextField(blank=True)
    other_matters = models.TextField(blank=True)
    """其他清洁生产有关情况."""
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    content_sha256 = models.CharField(max_length=64, blank=True)
    """Of checklist, conclusion and reply: what both sides sign."""
    team_signed_at = models.DateTimeField(null=True)
    team_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    applicant_signed_at = models.DateTimeField(null=True)
    applicant_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cancel_reason = models.CharField(max_length=300, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["day", "position", "planned_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=~models.Q(stage="cancelled"), name="one_visit_of_a_case"
            ),
            models.CheckConstraint(
                condition=models.Q(draw__isnull=False) | ~models.Q(reason=""),
                name="visit_drawn_or_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=["planned", "cancelled"]) | models.Q(notified_at__isnull=False),
                name="visit_was_notified",
            ),
        ]

    def __str__(self) -> str:
        return str(_("现场调查：%s") % self.case.title)

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("review:visit", args=[self.pk])

    @cached_property
    def known_bars(self) -> dict[uuid.UUID, list[str]]:
        """Why experts of the team must stay away, as far as a list has found it out in bulk for this very reading."""
        return {}


class VisitMember(models.Model):
    """Somebody of the team: an officer, or an expert whom no conflict binds."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expert = models.ForeignKey(Expert, null=True, on_delete=models.PROTECT, related_name="+")
    is_lead = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "user"], name="once_in_a_team"),
            models.UniqueConstraint(
                fields=["visit"], condition=models.Q(is_lead=True), name="one_lead_of_a_team"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class VisitItem(models.Model):
    """A claim of the application, in its own words, and what was found. `revision` guards against lost writing."""

    class Answer(models.TextChoices):
        CONSISTENT = "consistent", _("相符")
        INCONSISTENT = "inconsistent", _("不符")
        UNVERIFIABLE = "unverifiable", _("无法核实")

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=20)
    claim = models.TextField()
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "position"], name="checklist_positions_are_unique")
        ]

    def __str__(self) -> str:
        return self.claim


class VisitPhoto(models.Model):
    """A photo of the visit. Its place is kept only with the photographer's consent; else the file is stored without it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="photos")
    item = models.ForeignKey(VisitItem, null=True, on_delete=models.CASCADE, related_name="photos")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    place_consent = models.BooleanField(default=False)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place_consent=True)
                | models.Q(latitude__isnull=True, longitude__isnull=True),
                name="no_place_without_consent",
            )
        ]

    def __str__(self) -> str:
        return str(self.upload)


class VisitSync(models.Model):
    """A change that arrived from a device: the same key again gets the same answer and changes nothing."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="syncs")
    key = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content_sha256 = models.CharField(max_length=64)
    """Of what was sent: the same key with other content is refused."""
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "user", "key"], name="one_arrival_of_a_change")
        ]

    def __str__(self) -> str:
        return self.key
