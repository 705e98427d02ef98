"""Chapters of a summary report while they are written: guarded writes with their own revision, no ledger entry each.

Two people never overwrite each other: who saves on top of an older revision gets 409 with both texts.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.catalogue import experience
from qingyuan.delivery import quoted
from qingyuan.delivery.models import Summary, SummaryChapter
from qingyuan.delivery.rules.summary import writes_summary
from qingyuan.kernel import clock
from qingyuan.kernel.errors import Invalid, NotAllowed, Problem, Stale, WrongStage
from qingyuan.kernel.permission import judge
from qingyuan.papers import quoting, richtext

MOST_CHARACTERS = 400_000


class SummaryChapterChanged(Stale):
    """Somebody saved the chapter after this text was begun; `theirs` is what stands, `yours` what was sent."""

    code = "chapter_changed"

    def __init__(self, *, yours: str, theirs: SummaryChapter) -> None:
        super().__init__(
            _("%(who)s 于 %(at)s 保存过本章，您的文字没有覆盖它，两份都保留在下面，请核对后再存")
            % {
                "who": theirs.updated_by,
                "at": f"{clock.local(theirs.updated_at):%-m月%-d日 %H:%M}",
            }
        )
        self.yours, self.theirs = yours, theirs


def save_chapter(summary: Summary, *, outline_id: str, html: str, revision: int, by: Any) -> SummaryChapter:
    """Save a chapter's text, cleaned. Raises NotAllowed, WrongStage, Invalid or SummaryChapterChanged."""
    if not (verdict := judge(writes_summary, by, summary)):
        raise NotAllowed(verdict.reasons)
    if len(html) > MOST_CHARACTERS:
        raise Invalid([Problem(_("本章过长（超过 %d 个字符），请拆分") % MOST_CHARACTERS, where="html")])
    if outline_id not in {heading.id for heading in experience.outline()}:
        raise Invalid([Problem(_("大纲没有这一章"), where="outline_id")])
    text = quoting.to_elements(richtext.clean(html), charts=True)
    with transaction.atomic():
        # The report's row orders this against the hand-in: no text slips in after the content was sealed.
        current = Summary.objects.select_for_update().get(pk=summary.pk)
        if current.stage != Summary.Stage.WRITING:
            raise WrongStage(
                _("当前状态为“%s”，章节已锁定；您的文字没有保存，请复制留存") % current.get_stage_display()
            )
        chapter = SummaryChapter.objects.select_related("updated_by").get(
            summary=current, outline_id=outline_id
        )
        if chapter.html == text:
            return chapter
        if chapter.revision != revision:
            raise SummaryChapterChanged(yours=text, theirs=chapter)
        if problems := list(
            quoted.hidden_in_chapter(current.project, text, before=chapter.html, by=by, where="html")
        ):
            raise Invalid(problems)
        chapter.html, chapter.words = text, richtext.word_count(text)
        chapter.revision += 1
        chapter.updated_at, chapter.updated_by = clock.now(), by
        chapter.save(update_fields=["html", "words", "revision", "updated_at", "updated_by"])
    return chapter
