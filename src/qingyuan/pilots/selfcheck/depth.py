"""How far a chapter goes: its length, and whether it treats what its category is about."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.selfcheck import Depth, Topics
from qingyuan.pilots.selfcheck.hits import Hit
from qingyuan.pilots.selfcheck.material import Material
from qingyuan.pilots.selfcheck.named import named


@named
def chapter_depth(material: Material, told: Depth) -> Iterator[Hit]:
    """Chapters not begun are another check's."""
    for chapter in material.chapters:
        least = told.chapters.get(chapter.id, told.default)
        if told.begun <= chapter.text.words < least:
            yield Hit(
                message=_("“%(chapter)s”只有 %(found)d 字，少于 %(least)d 字")
                % {"chapter": chapter.label, "found": chapter.text.words, "least": least},
                place=chapter.place(),
                mend=_("用数据、表格和具体做法充实本节"),
            )


@named
def chapter_topics(material: Material, told: Topics) -> Iterator[Hit]:
    """The chapters are read together: a topic treated in one of them is treated."""
    chapters = [chapter for chapter in material.chapters_in(told.chapters) if chapter.text.whole]
    if not chapters:
        return
    whole = "\n".join(chapter.text.whole for chapter in chapters)
    missing = [topic for topic in told.topics if not any(word in whole for word in topic.words)]
    if missing:
        yield Hit(
            message=_("“%(chapter)s”没有写到：%(topics)s")
            % {
                "chapter": "、".join(chapter.label for chapter in chapters),
                "topics": "、".join(topic.title for topic in missing),
            },
            place=chapters[0].place(),
            mend=_("补写这些内容；不涉及的，说明理由"),
        )
