"""会同: two departments that decide only together."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Aggregate
from qingyuan.people.models.organisation import Organisation


class JointBody(Aggregate):
    """A host (主办) with its co-signers (会签), e.g. 省生态环境厅会同省发展改革委."""

    class Level(models.TextChoices):
        STATE = "state", _("国家")
        PROVINCE = "province", _("省级")

    name = models.CharField(max_length=160, unique=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    region_code = models.CharField(max_length=6, blank=True)
    members = models.ManyToManyField(Organisation, through="JointMember", related_name="joint_bodies")

    class Meta:
        ordering = ["region_code", "name"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def seats(self) -> tuple[JointMember, ...]:
        """The departments with their parts, the host first: asked once, however many rules look at this row."""
        return tuple(self.parts.all())

    @property
    def host(self) -> Organisation:
        return next(seat.organisation for seat in self.seats if seat.part == JointMember.Part.HOST)

    @property
    def cosigners(self) -> list[Organisation]:
        return [seat.organisation for seat in self.seats if seat.part == JointMember.Part.COSIGNER]

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("seats", None)
        super().refresh_from_db(*args, **kwargs)


class WithDepartments(models.Manager["JointMember"]):
    """A part is never read without the department that plays it: one query, also when prefetched."""

    def get_queryset(self) -> models.QuerySet[JointMember]:
        return super().get_queryset().select_related("organisation")


class JointMember(models.Model):
    """A department's part in a joint body."""

    class Part(models.TextChoices):
        HOST = "host", _("主办")
        COSIGNER = "cosigner", _("会签")

    joint_body = models.ForeignKey(JointBody, on_delete=models.CASCADE, related_name="parts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="joint_parts")
    part = models.CharField(max_length=10, choices=Part.choices)

    objects = WithDepartments()

    class Meta:
        ordering = ["-part", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["joint_body", "organisation"], name="one_part_in_a_joint_body"),
            models.UniqueConstraint(
                fields=["joint_body"], condition=models.Q(part="host"), name="one_host_of_a_joint_body"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}：{self.organisation}"
