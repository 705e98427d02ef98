"""The end of a project: its papers go to the archive."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery import volume as volumes
from qingyuan.delivery.models import ArchiveVolume, Project
from qingyuan.delivery.rules import project as rules
from qingyuan.delivery.volume import Volume
from qingyuan.kernel.actions import Act, Stale, action


@action(
    "project.archive",
    title=gettext_lazy("归档"),
    on=Project,
    may=rules.supervises_project,
    stages=("passed", "failed", "stopped"),
    to=("archived",),
    clauses=("N10", "N12"),
    idempotent=True,
)
def archive(project: Project, act: Act, *, volume: Volume) -> Project:
    """把试点实施的全部材料按归档目录封存为归档卷，记下目录和归档卷的指纹；归档之后只能查阅、下载。"""
    if volumes.rows_hash(volumes.rows(project)) != volume.directory_sha256:
        raise Stale(_("生成归档卷之后材料又有增减，请重新归档"))
    ArchiveVolume.objects.create(
        project=project,
        directory=volume.directory,
        directory_sha256=volume.directory_sha256,
        zip_sha256=volume.zip_sha256,
        size=volume.size,
        made_at=act.now,
        made_by=act.by,
    )
    act.move(project, Project.Stage.ARCHIVED)
    # Titles name projects and bodies only; the ledger keeps their number and hashes.
    act.note(
        entries=len(volume.directory),
        directory_sha256=volume.directory_sha256,
        zip_sha256=volume.zip_sha256,
    )
    return project
