"""Chapter texts while they are written: guarded writes with their own revision, no ledger entry each.

Two people never overwrite each other: who saves on top of an older revision gets 409 with both texts. Every text that
stood is kept as a revision; only the autosaves of one person within ten minutes become one.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, NotAllowed, NotFound, Problem, Stale, WrongStage
from qingyuan.kernel.models import Upload
from qingyuan.kernel.permission import judge
from qingyuan.papers import quoting, richtext
from qingyuan.pilots import presence, returned, rules
from qingyuan.pilots.files import PICTURES
from qingyuan.pilots.models import Chapter, ChapterPicture, ChapterRevision, Pilot

MAX_CHAPTER_CHARACTERS = 400_000
COLLAPSE = timedelta(minutes=10)
Kind = ChapterRevision.Kind
_PICTURE = re.compile(r'<img[^>]* data-upload="([0-9a-f-]{36})"')


class ChapterChanged(Stale):
    """Somebody saved the chapter after this text was begun; `theirs` is what stands, `yours` what was sent."""

    code = "chapter_changed"

    def __init__(self, *, yours: str, theirs: Chapter) -> None:
        who = str(theirs.updated_by)
        super().__init__(
            _("%(who)s 于 %(at)s 保存过本章，您的文字没有覆盖它，两份都保留在下面，请核对后再存")
            % {"who": who, "at": f"{clock.local(theirs.updated_at):%-m月%-d日 %H:%M}"}
        )
        self.yours, self.theirs = yours, theirs


def save_chapter(
    pilot: Pilot, *, outline_id: str, html: str, revision: int, by: Any, kind: str = Kind.SAVE
) -> Chapter:
    """Save a chapter's text, cleaned. Raises NotAllowed, WrongStage, Invalid or ChapterChanged; returns the chapter.

    An autosave also says that its writer is there, in the same transaction.
    """
    _refuse_strangers(pilot, by)
    if len(html) > MAX_CHAPTER_CHARACTERS:
        raise Invalid(
            [
                Problem(
                    _("本章过长（超过 %d 个字符），请拆分或移除大段表格") % MAX_CHAPTER_CHARACTERS,
                    where="html",
                )
            ]
        )
    text = quoting.to_elements(richtext.clean(html))
    with transaction.atomic():
        chapter = _locked(pilot, outline_id)
        if kind == Kind.AUTOSAVE:
            presence.touch(chapter, by)
        if chapter.html == text:
            if kind == Kind.SAVE and chapter.revision:
                # What was saved while typing is now saved on purpose: later autosaves do not swallow it.
                chapter.revisions.filter(number=chapter.revision, kind=Kind.AUTOSAVE).update(kind=kind)
            return chapter
        if chapter.revision != revision:
            raise ChapterChanged(yours=text, theirs=chapter)
        _write(chapter, text, by=by, kind=kind)
        _adopt_pictures(pilot, text, by=by)
    return chapter


def restore_chapter(pilot: Pilot, *, outline_id: str, number: int, revision: int, by: Any) -> Chapter:
    """Bring back the text of an older revision as a new one; what stood before stays in the history."""
    _refuse_strangers(pilot, by)
    with transaction.atomic():
        chapter = _locked(pilot, outline_id)
        old = chapter.revisions.filter(number=number).first()
        if old is None:
            raise NotFound(_("没有这一版"))
        if chapter.revision != revision:
            raise ChapterChanged(yours=old.html, theirs=chapter)
        if chapter.html != old.html:
            _write(chapter, old.html, by=by, kind=Kind.RESTORE)
    return chapter


def mark_complete(pilot: Pilot, *, outline_id: str, complete: bool, by: Any) -> Chapter:
    """A writer says 本节已完成, or takes it back. An empty chapter cannot be complete."""
    _refuse_strangers(pilot, by)
    with transaction.atomic():
        chapter = _locked(pilot, outline_id)
        if complete and richtext.is_empty(chapter.html):
            raise Invalid([Problem(_("本节还没有内容，不能标为已完成"), where="complete")])
        chapter.is_complete = complete
        chapter.save(update_fields=["is_complete"])
    return chapter


def add_picture(pilot: Pilot, *, upload: Upload, by: Any) -> ChapterPicture:
    """Let the chapters of this pilot show a picture that has come through the gate."""
    refuse_picture(pilot, by)
    if upload.kind not in PICTURES:
        raise Invalid([Problem(_("正文里只能插入 PNG 或 JPG 图片"), where="file")])
    return ChapterPicture.objects.get_or_create(pilot=pilot, upload=upload)[0]


def refuse_picture(pilot: Pilot, by: Any) -> None:
    """Before the gate reads a byte: may this person add a picture now?"""
    _refuse_strangers(pilot, by)
    if pilot.stage != Pilot.Stage.DRAFTING:
        raise WrongStage(_("当前状态为“%s”，章节已锁定，不能再插入图片") % pilot.get_stage_display())


def _refuse_strangers(pilot: Pilot, by: Any) -> None:
    verdict = judge(rules.can_write, by, pilot)
    if not verdict:
        raise NotAllowed(verdict.reasons)


def _locked(pilot: Pilot, outline_id: str) -> Chapter:
    # The pilot's row orders this against the sign-off: no text slips in after the content was bound.
    current = Pilot.objects.select_for_update().get(pk=pilot.pk)
    if current.stage != Pilot.Stage.DRAFTING:
        raise WrongStage(
            _("当前状态为“%s”，章节已锁定；您的文字没有保存，请复制留存") % current.get_stage_display()
        )
    returned.require(current, now=clock.now(), chapter=outline_id)
    chapter = current.chapters.select_related("updated_by").filter(outline_id=outline_id).first()
    if chapter is None:
        raise Invalid([Problem(_("大纲没有这一章"), where="outline_id")])
    return chapter


def _write(chapter: Chapter, text: str, *, by: Any, kind: str) -> None:
    """The chapter's new text, and its place in the history."""
    now = clock.now()
    last = chapter.revisions.only("chapter_id", "number", "kind", "by_id", "begun_at").first()
    if last is None and chapter.revision:
        # A text from before there was a history is kept as its beginning.
        ChapterRevision.objects.create(
            chapter=chapter,
            number=chapter.revision,
            kind=Kind.SAVE,
            html=chapter.html,
            words=chapter.words,
            begun_at=chapter.updated_at,
            at=chapter.updated_at,
            by=chapter.updated_by,
        )
    chapter.html, chapter.words = text, richtext.word_count(text)
    chapter.revision += 1
    chapter.updated_at, chapter.updated_by = now, by
    chapter.is_complete = chapter.is_complete and bool(text)
    chapter.save(update_fields=["html", "words", "revision", "updated_at", "updated_by", "is_complete"])
    fields = {"number": chapter.revision, "html": text, "words": chapter.words, "at": now}
    if (
        last is not None
        and (kind, by.pk) == (Kind.AUTOSAVE, last.by_id)
        and last.kind == Kind.AUTOSAVE
        and now - last.begun_at < COLLAPSE
    ):
        chapter.revisions.filter(pk=last.pk).update(**fields)
    else:
        ChapterRevision.objects.create(chapter=chapter, kind=kind, begun_at=now, by=by, **fields)


def _adopt_pictures(pilot: Pilot, text: str, *, by: Any) -> None:
    """Pictures that this writer uploaded elsewhere (an import, another pilot) and now put into this text."""
    named = set(_PICTURE.findall(text))
    if not named:
        return
    known = {str(pk) for pk in pilot.pictures.filter(upload__in=named).values_list("upload_id", flat=True)}
    if missing := named - known:
        own = Upload.objects.filter(pk__in=missing, uploaded_by=by, kind__in=PICTURES)
        ChapterPicture.objects.bulk_create(
            (ChapterPicture(pilot=pilot, upload=upload) for upload in own), ignore_conflicts=True
        )
