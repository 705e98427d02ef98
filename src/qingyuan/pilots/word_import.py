"""A plan filled in Word, taken back chapter by chapter: what differs, and the taking itself.

Chapters are saved through `drafts`, each on the revision that the person saw; pictures come through the gate and are
attached to the pilot, so that they count in the package and are sealed with it.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.parts import Chapter as OutlineChapter
from qingyuan.catalogue.notices.parts import Section
from qingyuan.kernel import gate, storage
from qingyuan.kernel.errors import Refused
from qingyuan.kernel.models import Upload
from qingyuan.kernel.quotables import Quote
from qingyuan.papers import quoting, richtext, textdiff
from qingyuan.papers.carried import carried
from qingyuan.papers.plan_outline import OutlineHeading
from qingyuan.papers.plan_read import Heading, NewPicture, Reading, read_plan
from qingyuan.pilots import drafts, quotes
from qingyuan.pilots.actions.content import attach
from qingyuan.pilots.files import PICTURES
from qingyuan.pilots.models import Attachment, Chapter, Pilot, Target

Lines = list[textdiff.Line | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retyped:
    """A figure quoted from the targets table whose text in the file is another than the table's. It stays quoted
    unless the person chooses the text.
    """

    number: int
    """Among the quoted figures of the chapter, from 0."""
    label: str
    now: str
    said: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One chapter as it stands and as the file has it. `lines` is empty where only the form, or a quoted figure, differs."""

    heading: Heading
    text: Chapter
    is_new: bool
    lines: Lines
    words: int
    retyped: list[Retyped]
    is_same: bool
    """But for the quoted figures that were typed over."""


@dataclass(slots=True)
class Taken:
    """What came of a taking: chapters saved, refusals by chapter id, and sentences about pictures."""

    saved: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def outline_of(pilot: Pilot) -> list[Heading]:
    """The notice's outline as headings of a Word file."""

    def heading(part: OutlineChapter | Section, level: int, *, written: bool) -> Heading:
        number = part.number if part.number.startswith("（") else f"{part.number}、"
        return Heading(
            id=part.id, number=number, title=part.title, level=level, written=written, guidance=part.guidance
        )

    found = []
    for chapter in pilot.notice.outline.chapters:
        found.append(heading(chapter, 1, written=not chapter.sections))
        found += [heading(section, 2, written=True) for section in chapter.sections]
    return found


def outline_file(pilot: Pilot) -> list[OutlineHeading]:
    return [
        OutlineHeading(
            number=heading.number,
            title=heading.title,
            level=heading.level,
            written=heading.written,
            guidance=heading.guidance,
        )
        for heading in outline_of(pilot)
    ]


def read(pilot: Pilot, upload: Upload) -> Reading:
    """Read an uploaded file; raises papers.docx_package.Unreadable. Pictures that the pilot has are known by their bytes."""
    ours = [rows.filter(upload__kind__in=PICTURES) for rows in (pilot.attachments, pilot.pictures)]
    known = {
        sha256: str(pk) for rows in ours for pk, sha256 in rows.values_list("upload_id", "upload__sha256")
    }
    with storage.open_blob(upload.sha256) as source:
        return read_plan(source, outline_of(pilot), known=known)


def differences(pilot: Pilot, reading: Reading) -> tuple[list[Difference], int]:
    """Chapters that the file would change, and how many it has without a difference. Empty chapters change nothing."""
    texts = {text.outline_id: text for text in pilot.chapters.select_related("updated_by")}
    targets = {target.key: target for target in pilot.targets.all()}
    findings = quotes.findings_in(pilot.pk, reading.chapters.values())
    found, same = [], 0
    for heading in outline_of(pilot):
        html = reading.chapters.get(heading.id, "")
        text = texts.get(heading.id)
        if text is None or richtext.is_empty(html):
            continue
        retyped = list(_retyped(html, targets, findings))
        is_same = carried(text.html) == carried(html)
        if is_same and not retyped:
            same += 1
            continue
        # As the editor shows them: a figure that is no longer quoted in the file is a difference, whatever its number.
        lines = textdiff.compare(quoting.to_codes(text.html), quoting.to_codes(html))
        is_changed = any(line.op != "same" for line in lines)
        found.append(
            Difference(
                heading=heading,
                text=text,
                is_new=richtext.is_empty(text.html),
                lines=list(textdiff.around(lines)) if is_changed else [],
                words=richtext.word_count(html),
                retyped=retyped,
                is_same=is_same,
            )
        )
    return found, same


def _retyped(
    html: str, targets: Mapping[str, Target], findings: Mapping[tuple[str, str], Quote]
) -> Iterator[Retyped]:
    for number, (key, field_name, said) in enumerate(quoting.figures(html)):
        target, finding = targets.get(key), findings.get((key, field_name))
        if finding is not None:
            label, now = finding.label, str(finding.value)
        elif target is not None and field_name in quoting.FIELDS:
            label = f"{target.indicator}{quoting.FIELDS[field_name]}"
            now = quotes.figure(target, field_name) or quotes.HOLE
        else:
            continue  # the self-check names it: there is nothing to hold it against
        if "".join(said.split()) != "".join(now.split()):
            yield Retyped(number=number, label=label, now=now, said=said)


def take(
    pilot: Pilot,
    reading: Reading,
    *,
    chosen: Iterable[str],
    placed: Mapping[int, str],
    revisions: Mapping[str, int],
    by: Any,
    key: str,
    typed: Mapping[str, Collection[int]] | None = None,
) -> Taken:
    """Save the chosen chapters, and the unknown pieces (by place in the reading) behind the chapters they are placed in.

    Each chapter stands for itself: one that somebody changed meanwhile is refused and the others are saved. Quoted figures
    stay quoted; `typed` names, by chapter, those whose text in the file shall stand instead.
    """
    chosen_texts = typed or {}
    wanted = set(chosen)
    taken = Taken()
    uploads: dict[str, str | None] = {}
    texts = {text.outline_id: text for text in pilot.chapters.select_related("updated_by")}
    for heading in outline_of(pilot):
        pieces = [
            reading.unknown[number] for number, target in sorted(placed.items()) if target == heading.id
        ]
        text = texts.get(heading.id)
        if text is None or (heading.id not in wanted and not pieces):
            continue
        html = text.html
        if heading.id in wanted:
            html = quoting.unquoted(reading.chapters.get(heading.id, ""), chosen_texts.get(heading.id, ()))
        html += "".join(f"<h3>{escape(piece.heading, quote=False)}</h3>{piece.html}" for piece in pieces)
        revision = revisions.get(heading.id, -1)
        try:
            if text.revision != revision:
                raise drafts.ChapterChanged(yours=html, theirs=text)  # before its pictures are stored
            html = _with_uploads(pilot, html, reading.pictures, uploads, taken, by=by, key=key)
            drafts.save_chapter(
                pilot, outline_id=heading.id, html=html, revision=revision, by=by, kind=drafts.Kind.IMPORT
            )
        except Refused as refusal:
            taken.refused[heading.id] = f"{heading.number}{heading.title}：{refusal.reason}"
        else:
            taken.saved.append(heading.id)
    return taken


def _with_uploads(
    pilot: Pilot,
    html: str,
    pictures: Mapping[str, NewPicture],
    uploads: dict[str, str | None],
    taken: Taken,
    *,
    by: Any,
    key: str,
) -> str:
    """`html` with the file's own pictures named by uploads that are attached to the pilot."""
    for stand_in in richtext.uploads_in(html):
        if stand_in not in pictures:
            continue
        if stand_in not in uploads:
            title = next(
                (
                    img.get("alt", "")
                    for img in richtext.tree(html).iter("img")
                    if img.get("data-upload") == stand_in
                ),
                "",
            )
            uploads[stand_in] = _received(pilot, pictures[stand_in], title, taken, by=by, key=key)
        upload = uploads[stand_in]
        if upload is not None:
            html = html.replace(f'data-upload="{stand_in}"', f'data-upload="{upload}"')
    return html


def _received(
    pilot: Pilot, picture: NewPicture, title: str, taken: Taken, *, by: Any, key: str
) -> str | None:
    try:
        upload = gate.receive(io.BytesIO(picture.data), by=by, name=picture.name, allow=PICTURES)
    except gate.RefusedUpload as refusal:
        taken.notes.append(
            _("图片“%(title)s”没有带入：%(reason)s") % {"title": title, "reason": refusal.reason}
        )
        return None
    attachment = attach(
        pilot,
        by=by,
        key=f"{key[:40]}-{upload.sha256[:32]}",
        upload=upload,
        purpose=Attachment.Purpose.OTHER,
        title=title or _("方案插图"),
    )
    return str(attachment.upload_id)
