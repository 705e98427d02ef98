"""推广活动 and 奖励支持: what was done with the experience of pilots, and what they got for passing (N12, N15)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery.models.library import Practice
from qingyuan.delivery.models.project import Project
from qingyuan.kernel.models import Aggregate, Upload
from qingyuan.people.models import Organisation


class Promotion(Aggregate):
    """One activity, with counts of who came and nothing personal."""

    class Stage(models.TextChoices):
        RECORDED = "recorded", _("已登记")
        STRUCK = "struck", _("已注销")

    class Kind(models.TextChoices):
        TRAINING = "training", _("培训")
        MEETING = "meeting", _("现场会")
        VISIT = "visit", _("观摩")
        PUBLICITY = "publicity", _("宣传")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.RECORDED)
    organiser = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="promotions")
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="promotions")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    held_on = models.DateField()
    place = models.CharField(max_length=120)
    bodies = models.PositiveIntegerField()
    """How many bodies took part."""
    people = models.PositiveIntegerField()
    """How many people took part."""
    note = models.CharField(max_length=1000, blank=True)
    cases = models.ManyToManyField(Practice, related_name="promotions")
    """The published cases that were shown."""
    material = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    struck_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-held_on", "title"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(stage="struck") | ~models.Q(struck_reason=""),
                name="struck_promotion_says_why",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:promotion", args=[self.pk])


class Support(Aggregate):
    """What a pilot on the passed list got by law: money, tax, finance, or a place in a programme."""

    class Stage(models.TextChoices):
        RECORDED = "recorded", _("已登记")
        STRUCK = "struck", _("已注销")

    class Kind(models.TextChoices):
        REWARD = "reward", _("资金奖励")
        FUND = "fund", _("专项资金")
        TAX = "tax", _("税费优惠")
        FINANCE = "finance", _("金融支持")
        ENTRY = "entry", _("项目入库")
        OTHER = "other", _("其他支持")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.RECORDED)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="supports")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    """10,000 yuan; None where the support is no money."""
    basis = models.CharField(max_length=200)
    """The law or paper by which it was given."""
    given_by = models.CharField(max_length=120)
    """The body that gave it."""
    given_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    evidence = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    struck_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-given_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0),
                name="support_amount_is_positive",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["reward", "fund"]) | models.Q(amount__isnull=False),
                name="money_support_has_its_amount",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="struck") | ~models.Q(struck_reason=""),
                name="struck_support_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("delivery:support", args=[self.pk])
