"""What surrounds a chapter while it is written: its revisions, remarks, pictures, and who is in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.models import Upload
from qingyuan.pilots.models.content import Chapter
from qingyuan.pilots.models.pilot import Pilot


class ChapterRevision(models.Model):
    """A text that a chapter has had. The newest one is the chapter's own text; none is ever changed by a later writer."""

    class Kind(models.TextChoices):
        AUTOSAVE = "autosave", _("自动保存")
        SAVE = "save", _("保存")
        RESTORE = "restore", _("恢复旧版")
        IMPORT = "import", _("导入")

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    """The chapter's own revision after this save."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    html = models.TextField(blank=True)
    words = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    """When the first of the collapsed autosaves was made."""
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["chapter", "number"], name="one_revision_of_a_number")]

    def __str__(self) -> str:
        return f"{self.chapter} {self.number}"


class ChapterRemark(models.Model):
    """What a reviewer or signer of the applicant wants changed in a chapter, until somebody says that it is done."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="remarks")
    request = models.ForeignKey(
        "pilots.SupplementRequest", null=True, blank=True, on_delete=models.PROTECT, related_name="remarks"
    )
    """Set where the receiving side said it with a 退回补充完善; None: the applicant's own people, for nobody else."""
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | models.Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="who_resolved_a_remark_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class RemarkReply(models.Model):
    """An answer in the thread of a remark; also why a remark that was settled is open again."""

    remark = models.ForeignKey(ChapterRemark, on_delete=models.CASCADE, related_name="replies")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class ChapterPicture(models.Model):
    """An upload that this pilot's chapters may show. The text names it: `<img data-upload="UUID">`."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="pictures")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pilot", "upload"], name="a_picture_once_in_a_pilot")]

    def __str__(self) -> str:
        return str(self.upload_id)


class ChapterPresence(models.Model):
    """Somebody has the chapter open. Not part of the record: it shows colleagues, and blocks nobody."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at"]
        constraints = [models.UniqueConstraint(fields=["chapter", "user"], name="a_person_once_in_a_chapter")]

    def __str__(self) -> str:
        return f"{self.user} @ {self.chapter}"
