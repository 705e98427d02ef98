"""归档: the directory as it stands, the verb that seals the volume, and the sealed volume."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import volume as volumes
from qingyuan.delivery.actions import archive as actions
from qingyuan.delivery.models import ArchiveVolume, Project
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.kernel import clock
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.serve import serve_blob
from qingyuan.papers.binding_docx import Entry
from qingyuan.review.archive import RETENTION_NOTE
from qingyuan.review.views.frame import attached, docx

PART = "archive"


def _sealed(project: Project) -> ArchiveVolume | None:
    return ArchiveVolume.objects.filter(project=project).first()


def _entries(project: Project, sealed: ArchiveVolume | None) -> list[Entry]:
    if sealed is None:
        return volumes.entries(project)
    return [
        Entry(
            title=row["title"],
            author=row["author"],
            on=date.fromisoformat(row["on"]) if row["on"] else None,
            retention=row["retention"],
            note=row.get("note", ""),
        )
        for row in sealed.directory
    ]


def directory(request: HttpRequest, project: Project) -> HttpResponse:
    """The directory of the volume: as sealed, or as it would be now."""
    sealed = _sealed(project)
    return show(
        request,
        "delivery/archive/page.html",
        project,
        PART,
        sealed=sealed,
        entries=_entries(project, sealed),
        note=RETENTION_NOTE,
        may_archive=actions.archive.allowed(request.user, project).ok,
    )


def directory_docx(_request: HttpRequest, project: Project) -> HttpResponse:
    sealed = _sealed(project)
    content = volumes.directory_docx(
        project.title,
        project.supervisor.host.name,
        _entries(project, sealed),
        on=sealed.made_at if sealed else clock.now(),
    )
    return docx(content, f"归档目录_{project.title}.docx")


def directory_xlsx(_request: HttpRequest, project: Project) -> HttpResponse:
    content = volumes.directory_xlsx(project.title, _entries(project, _sealed(project)))
    return attached(content, f"归档目录_{project.title}.xlsx", ACCEPTED["xlsx"].media_type)


def volume(_request: HttpRequest, project: Project) -> FileResponse:
    """The sealed volume: always the same bytes."""
    sealed = _sealed(project)
    if sealed is None:
        raise Http404
    return serve_blob(sealed.zip_sha256, name=f"归档卷_{project.title}.zip", media_type="application/zip")


class ArchivePage(ProjectVerbPage):
    verb = actions.archive
    part = PART
    statement = _("归档目录所列即全部材料。归档之后，本试点不再办理任何事项。")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        del form
        return {"volume": volumes.make(self.object)}

    def get_cancel_url(self) -> str:
        return reverse("delivery:archive", args=[self.object.pk])
