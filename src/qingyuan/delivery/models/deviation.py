"""What the body that carries out a pilot says of a deviation. The deviations themselves are found anew every time."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from qingyuan.delivery.models.project import Project


class DeviationNote(models.Model):
    """偏差说明: the measure against one deviation, and by when it works. Never edited; a further one stands beside it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="deviation_notes")
    rule = models.CharField(max_length=30)
    item = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    """Since when the deviation stood, as it was found then: a later one about the same item is another."""
    reason = models.CharField(max_length=300)
    """What was found, in words."""
    cause = models.CharField(max_length=1000)
    measure = models.CharField(max_length=1000)
    until = models.DateField()
    """The day by which the measure shall have worked."""
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["project", "rule", "item"], name="notes_of_a_deviation")]

    def __str__(self) -> str:
        return f"{self.project} {self.rule} {self.item}"
