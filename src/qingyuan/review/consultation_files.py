"""The sealed files that a question can name."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404

from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.gate.serve import serve_blob
from qingyuan.kernel.record_language import in_record_language
from qingyuan.review.models import Case, Consultation

UNKNOWN = "application/octet-stream"


@in_record_language()
def files_of(case: Case) -> list[dict[str, Any]]:
    """Plan and attachments of the version under review; none for an imported case. A file attached twice stands once."""
    if case.submission is None:
        return []
    title = case.round.notice.outline.title
    found: dict[str, dict[str, Any]] = {
        case.submission.plan_sha256: {
            "title": title,
            "name": clean_name(f"{case.title}_{title.strip('《》')}.docx"),
            "sha256": case.submission.plan_sha256,
        }
    }
    for row in case.snapshot["attachments"]:
        found.setdefault(
            row["sha256"],
            {"title": row["title"] or row["name"], "name": row["name"], "sha256": row["sha256"]},
        )
    return list(found.values())


def serve_file(one: Consultation, number: int) -> FileResponse:
    """The file with this number, from 1, as it was sealed."""
    if not 1 <= number <= len(one.files):
        raise Http404
    file = one.files[number - 1]
    ending = file["name"].rpartition(".")[2].lower()
    kind = next((kind for kind in ACCEPTED.values() if ending in kind.extensions), None)
    return serve_blob(file["sha256"], name=file["name"], media_type=kind.media_type if kind else UNKNOWN)
