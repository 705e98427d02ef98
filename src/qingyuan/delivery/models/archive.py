"""The archive volume of a project, as it was closed: one zip whose directory and hash the record keeps."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from qingyuan.delivery.models.project import Project


class ArchiveVolume(models.Model):
    """归档卷: made once, when the project is archived; downloads give these very bytes."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="archive")
    directory = models.JSONField()
    """归档目录: title, author, day, retention and note of every paper, in the order of the volume."""
    directory_sha256 = models.CharField(max_length=64)
    zip_sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    """Bytes of the zip."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.project} {self.zip_sha256[:12]}"
