"""收件登记, paper: what came in envelopes, beside what came electronically."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.calls.models import Call
from qingyuan.kernel import clock
from qingyuan.kernel.models import Aggregate
from qingyuan.pilots.models import Submission


class PaperArrival(Aggregate):
    """One envelope for one delivery of the call's notice. Its number has no gaps; a mistaken entry is voided, never erased."""

    class Stage(models.TextChoices):
        REGISTERED = "registered", _("待核对")
        SAME = "same", _("与电子件一致")
        DIFFERS = "differs", _("与电子件不一致")
        VOID = "void", _("登记作废")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.REGISTERED)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="paper_arrivals")
    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="paper_arrivals"
    )
    """The electronic version it belongs to; None: nothing electronic is known."""
    delivery_id = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    """As the envelope says: project and sender."""
    arrived_on = models.DateField()
    courier = models.CharField(max_length=60, blank=True)
    """Express company, registered mail, or by hand."""
    courier_number = models.CharField(max_length=60, blank=True)
    copies = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=1000, blank=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["call_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="paper_numbers_are_unique"),
            models.CheckConstraint(condition=models.Q(copies__gte=1), name="paper_arrives_in_copies"),
            models.CheckConstraint(
                condition=~models.Q(stage__in=["same", "differs"])
                | models.Q(submission__isnull=False, checked_at__isnull=False),
                name="compared_paper_has_its_electronic_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """纸〔2022〕0001号: the year of registration, then four digits."""
        return f"纸〔{clock.local(self.registered_at).year}〕{self.number:04d}号"

    @property
    def is_late(self) -> bool:
        """Arrived after the day that the notice names for this delivery?"""
        delivery = self.call.notice.package.delivery(self.delivery_id)
        if delivery is None:
            return False
        day, _time = clock.deadline_parts(self.call.notice.deadline(delivery.by).at)
        return self.arrived_on > day
