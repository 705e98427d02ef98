"""What was reminded of, so that nobody is told twice."""

from __future__ import annotations

from django.db import models


class SentReminder(models.Model):
    """One reminder that was queued. `key` names the thing, its deadline and how long before it: a moved deadline is new."""

    key = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.key
