"""卷宗: everything about one received version in one zip, equal to what its pages show."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import IO, Any, BinaryIO, cast

from django.utils.translation import gettext as _

from qingyuan.calls.mails import shown, shown_until
from qingyuan.kernel import checks, clock, ledger, storage
from qingyuan.kernel.models import LedgerEntry
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers.package import Member, write_package
from qingyuan.pilots import returned, snapshot
from qingyuan.pilots.models import Submission
from qingyuan.pilots.queries import LEVELS
from qingyuan.pilots.selfcheck import run_on_snapshot

FOLDER, PICTURES = "申报材料", "方案图片"


@in_record_language()
def write(
    submission: Submission, *, receipt: bytes, sheet: bytes | None, now: datetime, inside: bool
) -> IO[bytes]:
    """The zip as an open temporary file at its beginning: a piece at a time, whatever its size.

    `inside`: for the applicant, with what stays inside it (sign-off sheet, letters); the receiving side gets the rest.
    """
    handle = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    try:
        write_package(
            cast("BinaryIO", handle),
            _members(submission, receipt=receipt, sheet=sheet, inside=inside),
            manifest_extra={
                "kind": "qingyuan-dossier",
                "register_number": submission.register_label,
                "submission": str(submission.pk),
                "package_sha256": submission.package_sha256,
            },
            at=now,
        )
    except BaseException:
        handle.close()
        raise
    handle.seek(0)
    return handle


def _members(
    submission: Submission, *, receipt: bytes, sheet: bytes | None, inside: bool
) -> Iterator[Member]:
    for file in submission.manifest["files"]:
        yield Member(
            name=f"{FOLDER}/{file['name']}",
            open=partial(storage.open_blob, file["sha256"]),
            size=file["size"],
            sha256=file["sha256"],
        )
    for number, picture in enumerate(snapshot.upcast(submission.snapshot)["pictures"], start=1):
        if picture[
            "sha256"
        ]:  # a version from before the hashes were kept has its pictures only inside the plan
            yield Member(
                name=f"{PICTURES}/{number:02d}_{picture['name']}",
                open=partial(storage.open_blob, picture["sha256"]),
                size=picture["size"],
                sha256=picture["sha256"],
            )
    yield _made("收件回执.docx", receipt)
    if submission.ledger_seq is not None:
        entry = LedgerEntry.objects.get(seq=submission.ledger_seq)
        yield _made("收件回执.json", json.dumps(ledger.receipt(entry), ensure_ascii=False, indent=1).encode())
    yield _text("提交前自查.txt", self_check(submission))
    if sheet is not None:
        yield _made("签批单.docx", sheet)
    for name, lines in (
        ("退回补充完善.txt", list(_requests(submission))),
        ("市级意见.txt", list(_comments(submission))),
        ("证明函登记.txt", list(_certificates(submission)) if inside else []),
    ):
        if lines:
            yield _text(name, lines)


def _made(name: str, data: bytes) -> Member:
    return Member(name=name, open=lambda: io.BytesIO(data), size=len(data))


def _text(name: str, lines: list[str]) -> Member:
    # A byte order mark and Windows line ends, so that every editor shows it.
    return _made(name, ("\ufeff" + "\r\n".join(lines) + "\r\n").encode())


def self_check(submission: Submission) -> list[str]:
    """The self-check of exactly this version: as the pages show it, or of the sealed data once the working papers moved on."""
    pilot = submission.pilot
    head = [
        _("提交前自查：%s") % submission.snapshot["name"],
        _("版本：第 %(n)d 版，%(number)s") % {"n": submission.version, "number": submission.register_label},
    ]
    sealed = snapshot.upcast(submission.snapshot)
    if snapshot.content_hash(snapshot.build(pilot)) == snapshot.content_hash(sealed):
        lines = [(one.level, one.message, one.clause) for one in checks.run("pilot", pilot)]
    else:
        head.append(_("此后编制中的内容已与本版不同，以下是对提交时封存的数据自查的结果。"))
        closes_on = clock.local(submission.call.closes_at).date()
        found = run_on_snapshot(sealed, pilot.notice, closes_on=closes_on)
        lines = [(one.severity, one.message, one.clause) for one in found]
    if not lines:
        return [*head, _("自查通过，没有发现问题。")]
    return [
        *head,
        *(
            f"{number}. [{LEVELS[level]}] {message}" + (_("（条款 %s）") % clause if clause else "")
            for number, (level, message, clause) in enumerate(lines, start=1)
        ),
    ]


def _requests(submission: Submission) -> Iterator[str]:
    for request in submission.pilot.supplement_requests.select_related(
        "submission", "answered_with", "organisation"
    ):
        yield _("%(at)s %(body)s退回第 %(n)d 版：%(state)s") % {
            "at": shown(request.asked_at),
            "body": request.organisation.name,
            "n": request.submission.version,
            "state": request.get_stage_display(),
        }
        yield _("内容：%s") % "、".join(returned.named(request))
        yield _("期限：%s") % shown_until(request.due_at)
        yield _("理由和要求：%s") % request.reason
        if request.answered_with is not None:
            yield _("补充后的版本：第 %d 版") % request.answered_with.version
        yield ""


def _comments(submission: Submission) -> Iterator[str]:
    for comment in submission.comments.select_related("organisation"):
        yield f"{comment.organisation.name}，{shown(comment.at)}"
        yield comment.text
        yield ""


def _certificates(submission: Submission) -> Iterator[str]:
    questions: dict[tuple[str, str], Any] = {
        (condition.id, question.id): question.label
        for condition in submission.call.notice.eligibility
        for question in condition.questions
    }
    for one in submission.pilot.certificates.select_related("attachment__upload"):
        yield f"{one.body_name}：{one.get_stage_display()}"
        yield _("要证明的条件：%s") % questions.get((one.condition_id, one.question_id), one.question_id)
        yield _("请求证明的事项：%s") % one.text
        yield _("发出：%s") % shown(one.sent_at)
        if one.answered_on:
            yield _("答复日期：%s") % one.answered_on.isoformat()
        if one.remark:
            yield _("不予证明的理由：%s") % one.remark
        if one.attachment is not None:
            yield _("文件：%(name)s，SHA-256 %(sha)s") % {
                "name": one.attachment.upload.name,
                "sha": one.attachment.upload.sha256,
            }
        yield ""
