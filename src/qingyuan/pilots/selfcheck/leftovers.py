"""What should not stand in a finished text: test rows, placeholders, the notice's own guidance, copied chapters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from django.utils.translation import gettext as _

from qingyuan.catalogue.notices.selfcheck import Leftovers, Nothing, Similar
from qingyuan.pilots.selfcheck.hits import Hit, Place, excerpt
from qingyuan.pilots.selfcheck.material import Chapter, Material
from qingyuan.pilots.selfcheck.named import named

_NOT_LETTERS = re.compile(r"[\W_]+")
SHORTEST = 8
"""Letters of a sentence that can show a copy; shorter ones repeat by nature."""


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@named
def leftovers(material: Material, told: Leftovers) -> Iterator[Hit]:
    for chapter in material.chapters:
        for line in chapter.text.lines:
            for item in told.patterns:
                if match := _compiled(item.pattern).search(line.text):
                    yield _left(
                        chapter.label, chapter.place(line.paragraph), item.title, line.text, match.group()
                    )
    stated = [(_("项目名称"), Place(area="object"), material.snapshot["name"])]
    stated += [(_("试点对象"), Place(area="object"), material.snapshot["object"]["name"])]
    stated += [(_("范围内企业"), Place(area="scope"), row["name"]) for row in material.snapshot["scope"]]
    stated += [(_("试点目标"), Place(area="targets"), row.indicator) for row in material.targets]
    for label, place, text in stated:
        for item in told.patterns:
            if match := _compiled(item.pattern).search(text):
                yield _left(label, place, item.title, text, match.group())


def _left(label: str, place: Place, title: str, text: str, found: str) -> Hit:
    return Hit(
        message=_("“%(label)s”中留有%(title)s：%(found)s")
        % {"label": label, "title": title, "found": " ".join(found.split())[:20]},
        place=place,
        excerpt=excerpt(text, around=found),
        mend=_("删去，或换成实际内容"),
    )


@named
def guidance_left(material: Material, _told: Nothing) -> Iterator[Hit]:
    """Sentences of the outline's guidance that still stand in the chapter."""
    for chapter, leaf in zip(material.chapters, material.notice.leaves(), strict=True):
        whole = _letters(chapter.text.whole)
        for line in leaf.guidance:
            for sentence in re.split(r"[。；]", line):
                wanted = _letters(sentence)
                if len(wanted) >= SHORTEST and wanted in whole:
                    paragraph = next(
                        (one.paragraph for one in chapter.text.lines if wanted in _letters(one.text)), 0
                    )
                    yield _left(chapter.label, chapter.place(paragraph), _("编写提示"), sentence, sentence)


@named
def chapters_copied(material: Material, told: Similar) -> Iterator[Hit]:
    """Two chapters that share most of their sentences, or else a long paragraph."""
    for one, other in combinations([chapter for chapter in material.chapters if chapter.text.whole], 2):
        mine, theirs = _sentences(one), _sentences(other)
        smaller, larger = sorted((mine, theirs), key=lambda found: sum(map(len, found)))
        length = sum(map(len, smaller))
        common = smaller & larger
        share = sum(map(len, common)) * 100 // length if length else 0
        if length >= told.least and share >= told.percent:
            message = _("“%(one)s”与“%(other)s”有 %(share)d%% 的文字相同") % {
                "one": one.label,
                "other": other.label,
                "share": share,
            }
            yield Hit(message=message, place=other.place(), mend=_("各节写各节的内容，删去重复部分"))
        else:
            yield from _paragraphs(one, other, told.paragraph)


def _paragraphs(one: Chapter, other: Chapter, least: int) -> Iterator[Hit]:
    known = {_letters(line.text) for line in one.text.lines if len(line.text) >= least}
    if not known:
        return
    for line in other.text.lines:
        if len(line.text) >= least and _letters(line.text) in known:
            yield Hit(
                message=_("“%(one)s”与“%(other)s”有一段文字相同") % {"one": one.label, "other": other.label},
                place=other.place(line.paragraph),
                excerpt=excerpt(line.text),
                mend=_("只保留一处，另一处改为引用"),
            )
            return


@lru_cache(maxsize=4096)
def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text)


def _sentences(chapter: Chapter) -> set[str]:
    found = (_letters(sentence) for sentence, _paragraph in chapter.text.sentences)
    return {sentence for sentence in found if len(sentence) >= SHORTEST}
