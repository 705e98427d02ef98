"""Make a submission's files before the verb: plan as Word, snapshot, streamed zip. No database writes here.

A crash in here leaves at most unnamed blobs, which `qingyuan storage sweep` removes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _

from qingyuan.calls.mails import shown_until
from qingyuan.kernel import clock, storage
from qingyuan.kernel.errors import Closed, Invalid, Problem
from qingyuan.papers import plan_docx
from qingyuan.papers.canonical import canonical_bytes
from qingyuan.papers.package import Member, package_name, write_package
from qingyuan.pilots import snapshot as snapshots
from qingyuan.pilots.models import Attachment, Pilot
from qingyuan.pilots.paper import plan_of
from qingyuan.pilots.queries import findings_of

SNAPSHOT_NAME = "申报数据.json"


@dataclass(frozen=True)
class Sealed:
    """A finished package, bound to the pilot's revision and content at which it was made."""

    begun_at: dt.datetime
    """When the applicant's request arrived; a package that takes seconds to build does not cost them the deadline."""
    revision: int
    content_sha256: str
    snapshot: dict[str, Any]
    snapshot_sha256: str
    plan_sha256: str
    package_sha256: str
    package_size: int
    package_name: str
    mail_subject: str
    manifest: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """A double click seals twice, at two instants: it is the same submission if the content is."""
        return self.content_sha256


def refuse_unready(pilot: Pilot) -> None:
    """Ask what is cheap to know first; a package of 50 MB is made only for an application that can go."""
    pilot.call.refresh_from_db(fields=["closes_at", "opens_at", "stage"])
    if not pilot.call.accepts_at(clock.now()):
        raise Closed(_("申报已于 %s 截止") % shown_until(pilot.call.closes_at))
    errors = [finding for finding in findings_of(pilot) if finding.level == "error"]
    if errors:
        raise Invalid(
            [Problem(finding.message, url=finding.url, clause=finding.clause) for finding in errors],
            _("还有 %d 处未完成，没有提交") % len(errors),
        )


def seal_when_ready(pilot: Pilot) -> Sealed:
    """`seal`, after the deadline and the findings were asked."""
    refuse_unready(pilot)
    return seal(pilot)


def seal(pilot: Pilot) -> Sealed:
    """Build and store the package of a signed pilot."""
    begun_at = clock.now()
    data = snapshots.build(pilot)
    content = snapshots.content_hash(data)
    if pilot.content_sha256 == snapshots.said_before(data):
        content = pilot.content_sha256  # signed before the shape of the data changed, and nothing else has
    subject = pilot.notice.package.mail_subject.render(
        project_title=pilot.name, applicant_name=pilot.applicant.name
    )
    name = package_name(
        pilot.notice.package.naming.pattern + ".zip",
        {"project_title": pilot.name, "applicant_name": pilot.applicant.name},
    )
    damaged: list[str] = []
    plan_bytes = plan_docx.write_plan(plan_of(pilot, data, on=clock.local(begun_at).date(), damaged=damaged))
    _refuse_damaged(damaged)
    plan = storage.put(io.BytesIO(plan_bytes))
    snapshot_bytes = canonical_bytes(data)
    snapshot_blob = storage.put(io.BytesIO(snapshot_bytes))
    with storage.writing() as handle:
        made = write_package(
            cast("BinaryIO", handle),
            _members(pilot, plan, snapshot_blob),
            manifest_extra={
                "kind": "qingyuan-submission",
                "notice": pilot.call.notice_id,
                "pilot": str(pilot.pk),
                "name": pilot.name,
                "applicant": pilot.applicant.name,
                "content_sha256": content,
            },
            at=begun_at,
        )
        storage.keep(handle, sha256=made.sha256)
    return Sealed(
        begun_at=begun_at,
        revision=pilot.revision,
        content_sha256=content,
        snapshot=data,
        snapshot_sha256=snapshot_blob.sha256,
        plan_sha256=plan.sha256,
        package_sha256=made.sha256,
        package_size=made.size,
        package_name=name,
        mail_subject=subject,
        manifest=made.manifest,
    )


def _refuse_damaged(names: list[str]) -> None:
    """Nothing is sealed whose pictures are not the bytes that were signed."""
    if names:
        raise Invalid(
            [
                Problem(
                    _("正文图片“%s”不在存储中，或与签发时不是同一文件") % name,
                    where="plan",
                    clause="N6",
                    mend=_("退回修改，删去这张图片后重新插入，再送审签发"),
                )
                for name in dict.fromkeys(names)
            ],
            _("正文图片有问题，没有提交"),
        )


def _members(pilot: Pilot, plan: storage.Blob, snapshot: storage.Blob) -> Iterator[Member]:
    outline = pilot.notice.outline.title.strip("《》")
    yield _member(f"{outline}.docx", plan)
    yield _member(SNAPSHOT_NAME, snapshot)
    folders = {
        Attachment.Purpose.SEAL: "盖章页",
        Attachment.Purpose.EVIDENCE: "申报条件佐证",
        Attachment.Purpose.AGREEMENT: "协同审核协议",
        Attachment.Purpose.OTHER: "其他附件",
    }
    for attachment in pilot.attachments.select_related("upload"):
        folder = folders[Attachment.Purpose(attachment.purpose)]
        upload = attachment.upload
        yield _member(f"{folder}/{upload.name}", storage.Blob(upload.sha256, upload.size, upload.crc32))


def _member(name: str, blob: storage.Blob) -> Member:
    return Member(
        name=name,
        open=lambda: storage.open_blob(blob.sha256),
        size=blob.size,
        sha256=blob.sha256,
        crc32=blob.crc32,
    )
