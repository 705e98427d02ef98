"""经所在市转报: what the prefecture's bureaus make of one received version, where the call hands in through them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.calls.models import Call
from qingyuan.kernel import clock
from qingyuan.kernel.models import Aggregate
from qingyuan.people.models import Organisation
from qingyuan.pilots.models.pilot import Pilot
from qingyuan.pilots.models.submission import Submission


class PrefectureForwarding(Aggregate):
    """One version on its way through the prefecture. The version arrived when its applicant handed it in, and stands in
    the receiver's register from then on: what the bureaus do, or leave undone, can neither delay nor undo that.
    """

    class Stage(models.TextChoices):
        WAITING = "waiting", _("待转报")
        FORWARDED = "forwarded", _("已转报")
        RETURNED = "returned", _("市级退回")
        LAPSED = "lapsed", _("逾期未转报")
        VOID = "void", _("已失效")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.WAITING)
    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="forwardings")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="forwardings")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="forwarding")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """The ecology bureau, which keeps the register of what it forwarded."""
    number = models.PositiveIntegerField(null=True)
    """转报登记号 of this bureau within the call, without gaps."""
    arrived_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-arrived_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "organisation", "number"], name="forwarding_numbers_are_unique"
            ),
            models.UniqueConstraint(
                fields=["pilot"],
                condition=models.Q(stage="waiting"),
                name="one_waiting_forwarding_of_a_pilot",
            ),
            models.CheckConstraint(
                condition=(models.Q(stage="forwarded") & models.Q(number__isnull=False))
                | (~models.Q(stage="forwarded") & models.Q(number__isnull=True)),
                name="forwarded_version_has_its_number",
            ),
            models.CheckConstraint(
                condition=(models.Q(stage="waiting") & models.Q(closed_at__isnull=True))
                | (~models.Q(stage="waiting") & models.Q(closed_at__isnull=False)),
                name="closed_forwarding_has_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_stage_display()}"

    @property
    def label(self) -> str:
        """As the bureau's register shows it: the year of the forwarding in Asia/Shanghai, then four digits."""
        if self.number is None or self.closed_at is None:
            return ""
        return f"转〔{clock.local(self.closed_at).year}〕{self.number:04d}号"


class ForwardingOpinion(models.Model):
    """The word of one bureau that has to speak; empty until it has. An opinion that is given is never changed."""

    class Word(models.TextChoices):
        AGREE = "agree", _("同意转报")
        DISSENT = "dissent", _("附不同意见转报")
        RETURN = "return", _("退回")

    forwarding = models.ForeignKey(PrefectureForwarding, on_delete=models.PROTECT, related_name="opinions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    word = models.CharField(max_length=10, choices=Word.choices, blank=True)
    text = models.CharField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["forwarding", "organisation"], name="one_opinion_of_a_bureau_on_a_forwarding"
            ),
            models.CheckConstraint(
                condition=models.Q(word="", by__isnull=True, at__isnull=True)
                | (~models.Q(word="") & models.Q(by__isnull=False, at__isnull=False)),
                name="a_given_opinion_has_its_author",
            ),
            models.CheckConstraint(
                condition=~models.Q(word__in=["dissent", "return"]) | ~models.Q(text=""),
                name="who_does_not_agree_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_word_display()}"
