"""The archive of a project over HTTP: its directory, and the verb that seals the volume."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from qingyuan.api.delivery import TAG, projects_router, sees_project
from qingyuan.api.problems import answers
from qingyuan.api.verbs import expose, refuse_early
from qingyuan.delivery import volume as volumes
from qingyuan.delivery.actions import archive as actions
from qingyuan.delivery.models import ArchiveVolume, Project


class ArchiveLine(Schema):
    title: str
    author: str
    on: str = Field(description="日期；没有的为空")
    retention: str = Field(description="保管期限")
    note: str


class ProjectArchiveOut(Schema):
    """`sealed`: the volume was made and never changes; before, the directory is that of this moment."""

    project: UUID
    stage: str
    sealed: bool
    made_at: datetime | None
    directory_sha256: str
    zip_sha256: str
    size: int
    directory: list[ArchiveLine]


def archive_of(project: Project, _request: HttpRequest | None = None) -> dict[str, Any]:
    sealed = ArchiveVolume.objects.filter(project=project).first()
    rows = sealed.directory if sealed else volumes.rows(project)
    return {
        "project": project.pk,
        "stage": project.stage,
        "sealed": sealed is not None,
        "made_at": sealed.made_at if sealed else None,
        "directory_sha256": volumes.rows_hash(rows),
        "zip_sha256": sealed.zip_sha256 if sealed else "",
        "size": sealed.size if sealed else 0,
        "directory": rows,
    }


def _made(project: Project, _body: Any, request: HttpRequest) -> dict[str, Any]:
    refuse_early(actions.archive, request, project)
    return {"volume": volumes.make(project)}


@projects_router.get(
    "/{project}/archive",
    response=answers(ProjectArchiveOut),
    operation_id="project_archive_directory",
    summary="归档目录",
)
def directory(request: HttpRequest, project: UUID) -> Any:
    """试点实施的归档目录；归档之后即封存的目录和归档卷的指纹。"""
    return archive_of(sees_project(request, project))


expose(
    projects_router, actions.archive, "/{project}/archive",
    found=sees_project, kwargs=_made, shape=ProjectArchiveOut, present=archive_of, tag=TAG,
)  # fmt: skip
