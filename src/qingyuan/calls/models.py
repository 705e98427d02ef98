"""Calls, their addressees, the departments' consents, and supplementary notices."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import clock
from qingyuan.kernel.models import Aggregate
from qingyuan.people.models import JointBody, Organisation

if TYPE_CHECKING:
    from qingyuan.catalogue.notices.model import Notice


class Call(Aggregate):
    """A published (or still consulted) call. What it asks stands in its notice file; here stands what can move."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("拟稿")
        COSIGN = "cosign", _("会签中")
        OPEN = "open", _("已发布")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    notice_id = models.CharField(max_length=60)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    joint_body = models.ForeignKey(JointBody, on_delete=models.PROTECT, related_name="calls")
    title = models.CharField(max_length=200)
    document_number = models.CharField(max_length=60, blank=True)
    """发文字号: comes back from the office system, never generated here."""
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    """The first instant that is too late: 18:00:00 for “18:00 前”, the next midnight where only a day is stated."""
    forward_closes_at = models.DateTimeField(null=True, blank=True)
    """经所在市转报: the first instant that is too late for the prefecture bureaus to forward. None: applicants hand in
    straight to the receiver (直接报送)."""
    forward_jointly = models.BooleanField(default=False)
    """Does the prefecture's reform commission say its word beside the ecology bureau (会同)?"""
    options = models.JSONField(default=dict)
    """Options of this call: prefecture_comment, return_for_supplement, publicity (all booleans)."""
    mailbox = models.EmailField(blank=True)
    """The call's official mail address for electronic packages."""
    published_at = models.DateTimeField(null=True)
    register_last = models.PositiveIntegerField(default=0)
    """The last number given in this call's 收件登记簿; numbers have no gaps."""
    addressees = models.ManyToManyField(Organisation, related_name="calls_received")

    class Meta:
        ordering = ["-opens_at"]
        constraints = [
            models.UniqueConstraint(fields=["notice_id", "joint_body"], name="one_call_of_a_notice_and_body"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="call_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="open") | models.Q(published_at__isnull=False),
                name="open_call_was_published",
            ),
            models.CheckConstraint(
                condition=models.Q(forward_closes_at__isnull=True)
                | models.Q(forward_closes_at__gt=models.F("closes_at")),
                name="forwarding_ends_after_the_call_closes",
            ),
            models.CheckConstraint(
                condition=models.Q(forward_jointly=False) | models.Q(forward_closes_at__isnull=False),
                name="joint_forwarding_is_forwarding",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def notice(self) -> Notice:
        """What the call asks, from the catalogue."""
        from qingyuan.calls.notices import notice_of

        return notice_of(self.notice_id)

    def accepts_at(self, instant: datetime) -> bool:
        """Is a submission that arrives at this instant in time? 17:59:59.999 is; 18:00:00 sharp (“18:00 前”) is not."""
        return self.stage == self.Stage.OPEN and self.opens_at <= instant < self.closes_at

    @property
    def submission_route(self) -> str:
        """`direct` to the receiver, or `through_prefecture`."""
        return "direct" if self.forward_closes_at is None else "through_prefecture"

    @property
    def is_open(self) -> bool:
        return self.accepts_at(clock.now())

    @property
    def has_closed(self) -> bool:
        return clock.now() >= self.closes_at


class Supplement(Aggregate):
    """补充通知: the only way in which a deadline moves, decided by both departments, told to all."""

    class Stage(models.TextChoices):
        COSIGN = "cosign", _("会签中")
        ISSUED = "issued", _("已发布")
        DROPPED = "dropped", _("已撤销")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.COSIGN)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="supplements")
    old_closes_at = models.DateTimeField()
    new_closes_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    document_number = models.CharField(max_length=60, blank=True)
    proposed_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(new_closes_at__gt=models.F("old_closes_at")),
                name="supplement_only_extends",
            ),
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(stage="cosign"), name="one_open_supplement_of_a_call"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call} 补充通知"


class Consent(models.Model):
    """A department's consent to exactly the content whose hash it carries (会签)."""

    call = models.ForeignKey(Call, null=True, on_delete=models.CASCADE, related_name="consents")
    supplement = models.ForeignKey(Supplement, null=True, on_delete=models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(call__isnull=True) ^ models.Q(supplement__isnull=True),
                name="consent_to_one_thing",
            ),
            models.UniqueConstraint(fields=["call", "organisation"], name="one_consent_to_a_call"),
            models.UniqueConstraint(
                fields=["supplement", "organisation"], name="one_consent_to_a_supplement"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.at:%Y-%m-%d}"


class CallReturn(models.Model):
    """The opinion with which a draft went back to the host (退回修改). The ledger keeps only its hash."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="returns")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    remark = models.CharField(max_length=1000)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.call} {self.at:%Y-%m-%d}"
