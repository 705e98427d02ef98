"""People and what they are in which body."""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.people.models.organisation import Organisation

if TYPE_CHECKING:
    from qingyuan.people.standing import Standing


class Role(models.TextChoices):
    """Roles in a body: who leads, who handles, who reviews, who signs."""

    LEAD = "lead", _("牵头负责人")
    HANDLER = "handler", _("经办人")
    REVIEWER = "reviewer", _("审核人")
    SIGNER = "signer", _("签发人")


class User(AbstractUser):
    """A person. `ref` is what ledger and exports carry instead of a name."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    display_name = models.CharField(_("姓名"), max_length=40)
    is_demo = models.BooleanField(default=False)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=~models.Q(email=""), name="one_user_of_an_address"
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    @cached_property
    def standing(self) -> Standing:
        """What this person is, in which bodies and for whom: read once per request."""
        from qingyuan.people.standing import Standing

        return Standing.of(self)

    @cached_property
    def is_expert(self) -> bool:
        """Does the pool of experts hold an entry of this person? No query for members of a body."""
        if self.standing.roles:
            return self.standing.expert_id is not None
        return hasattr(self, "expert")

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        for known in ("standing", "is_expert"):
            self.__dict__.pop(known, None)
        super().refresh_from_db(*args, **kwargs)


class Membership(models.Model):
    """A role of a person in a body; a person may hold several, in several bodies."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    since = models.DateTimeField()

    class Meta:
        ordering = ["organisation_id", "role", "user_id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="one_membership_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"
