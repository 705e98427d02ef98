"""What a verb acts on: one row that is locked, stands in a stage and counts its changes."""

from __future__ import annotations

import uuid

from django.db import models


class Aggregate(models.Model):
    """A lockable unit of change. Subclasses add `stage` (a choices field) where they have stages."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    """Grows by one with every verb; a page that was rendered at an older revision is told so (409)."""

    class Meta:
        abstract = True
