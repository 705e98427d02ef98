"""The sealed version of a case as reviewers read it: chapters, targets, enterprises, files, each with its anchor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from qingyuan.pilots.templatetags.chapters import rendered
from qingyuan.review import handed_in, scoring
from qingyuan.review.models import Assignment, Case


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything on the reading side of the page; `anchors` are those of `scoring.places_of`."""

    chapters: list[dict[str, Any]]
    computed: list[scoring.Computed]
    """Figures of computations that the chapters quote."""
    drawn: list[tuple[scoring.DrawnIn, str]]
    """Charts of computations that the chapters show, with the addresses of their sealed pictures."""
    targets: list[dict[str, Any]]
    scope: list[dict[str, Any]]
    scope_is_quoted_whole: bool
    files: list[dict[str, Any]]
    received: list[dict[str, Any]]
    """Of an imported case: the files that its province handed in."""
    stated: dict[str, Any]
    """Of an imported case: what its row of the province's list said."""
    handed_in: list[handed_in.Shown]
    """In a round of acceptance: the parts of what was handed in for it; its files are among `received`."""


def plan_of(case: Case, assignment: Assignment) -> Plan:
    """From the seal (no query beyond the submission's row, two where it quotes computations); of an imported case its files (one query)."""
    sealed = case.snapshot
    names = scoring.measure_names(case)
    pictures = {one["upload"]: one["sha256"] for one in sealed.get("pictures", ())}

    def address(upload: str) -> str:
        digest = pictures.get(upload)
        return reverse("review:case-file", args=[assignment.pk, digest]) if digest else ""

    def text(chapter: dict[str, Any]) -> SafeString:
        return rendered(chapter["html"], address=address, note=f"note-{chapter['id']}")

    scope = sealed.get("scope", ())
    return Plan(
        chapters=[
            {
                "anchor": f"chapter-{chapter['id']}",
                "title": title,
                "html": text(chapter),
            }
            for chapter, title in zip(sealed.get("chapters", ()), scoring.chapter_titles(case), strict=True)
        ],
        computed=scoring.computed_in(case),
        drawn=[(one, address(one.upload)) for one in scoring.drawn_in(case)],
        targets=[
            {**row, "anchor": f"target-{number}", "name": scoring.target_name(row, names)}
            for number, row in enumerate(sealed.get("targets", ()), start=1)
        ],
        scope=[{**row, "anchor": f"scope-{number}"} for number, row in enumerate(scope, start=1)],
        scope_is_quoted_whole=len(scope) > scoring.MOST_SCOPE_ROWS,
        files=[
            {**file, "url": reverse("review:case-file", args=[assignment.pk, file["sha256"]])}
            for file in sealed.get("attachments", ())
        ],
        received=[
            {
                "anchor": f"file-{file.pk}",
                "kind": file.get_kind_display(),
                "name": file.upload.name,
                "size": file.upload.size,
                "url": reverse("review:case-file", args=[assignment.pk, file.upload.sha256]),
            }
            for file in (
                case.files.select_related("upload") if case.submission_id is None or case.content else ()
            )
        ],
        stated=case.stated,
        handed_in=handed_in.parts_of(
            case, address=lambda sha256: reverse("review:case-file", args=[assignment.pk, sha256])
        ),
    )
