"""Chapter texts as pages show them: stored texts hold no address of a picture and no number of a footnote."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from qingyuan.kernel import clock

register = template.Library()
# Clean texts only: attributes stand in double quotes, and nothing else is between the brackets.
_PICTURE = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
_FOOTNOTE = re.compile(r'<span data-footnote="([^"]*)"></span>')
_UPLOAD = re.compile(r' data-upload="([0-9a-f-]{36})"')
_ALT = re.compile(r' alt="([^"]*)"')
JUST_NOW = 20
"""Seconds: one beat and a little."""


@register.filter
def shown(html: str, pilot: Any) -> SafeString:
    """A chapter's clean text with its pictures from the guarded address and its footnotes numbered below."""
    return rendered(html, address=lambda upload: reverse("pilots:picture", args=[pilot.pk, upload]))


def rendered(html: str, *, address: Callable[[str], str], note: str = "note") -> SafeString:
    """The same with pictures from any address ("" shows none); `note` begins the footnotes' ids, so that several
    chapters can stand on one page.
    """
    notes: list[str] = []

    def picture(found: re.Match[str]) -> str:
        upload, alt = _UPLOAD.search(found[1]), _ALT.search(found[1])
        source = address(upload[1]) if upload else ""
        if not source:
            return ""
        # What stood in an attribute of a clean text is escaped already.
        title = alt[1] if alt else ""
        caption = f"<figcaption>{title}</figcaption>" if title else ""
        return f'<figure class="q-figure"><img src="{source}" alt="{title}" loading="lazy">{caption}</figure>'

    def footnote(found: re.Match[str]) -> str:
        notes.append(found[1])
        number = len(notes)
        return f'<sup><a id="{note}-{number}-at" href="#{note}-{number}">[{number}]</a></sup>'

    body = _FOOTNOTE.sub(footnote, _PICTURE.sub(picture, html))
    if notes:
        items = format_html_join(
            "",
            '<li id="{}-{}">{} <a href="#{}-{}-at" aria-label="{}">↩</a></li>',
            (
                (note, number, mark_safe(text), note, number, _("回到正文"))  # noqa: S308 - escaped, see above
                for number, text in enumerate(notes, start=1)
            ),
        )
        body += format_html('<ol class="q-footnotes">{}</ol>', items)
    return mark_safe(body)  # noqa: S308 - cleaned on the way in (papers.richtext)


@register.filter
def ago(instant: Any) -> str:
    """How long ago somebody was seen, as colleagues say it."""
    seconds = (clock.now() - instant).total_seconds()
    return _("刚刚") if seconds < JUST_NOW else _("%d 秒前") % int(seconds)
