"""What makes a double click one act."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class IdempotencyKey(models.Model):
    """A key that a form or an API client sends with a verb; the second arrival gets the first one's result."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    verb = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    """SHA-256 of verb, object and arguments: the same key with other content is refused."""
    result_model = models.CharField(max_length=80, blank=True)
    result_id = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "verb", "key"], name="one_use_of_an_idempotency_key")
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.key}"
