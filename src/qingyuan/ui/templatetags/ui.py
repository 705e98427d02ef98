"""Small pieces of markup. What may stand in every row of a list is written here in Python, never as a template."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.base import NodeList
from django.template.context import Context, RequestContext
from django.template.loader_tags import BlockNode
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from qingyuan.kernel import clock

register = template.Library()

TONES = {"neutral", "info", "good", "warn", "bad"}
MINUTE, HOUR, DAY = 60, 3600, 86400


@register.simple_tag(takes_context=True)
def block_text(context: Context, name: str) -> SafeString:
    """{% block_text "title" %}: what the page put into a block, once more (a title is both <title> and <h1>)."""
    return mark_safe(BlockNode(name, NodeList()).render(context).strip())  # noqa: S308 (rendered by the engine)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "file" %}: a drawing beside a word. With a label it speaks for itself."""
    sprite = static("ui/dist/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.filter
def local(instant: datetime | date | None, precision: str = "m") -> SafeString | str:
    """An instant as 2022年6月30日 18:00 in Asia/Shanghai; `|local:"s"` with seconds, `|local:"d"` the day. "—" for none."""
    if instant is None or instant == "":
        return "—"
    if not isinstance(instant, datetime):
        return format_html('<time datetime="{}">{}</time>', instant.isoformat(), _day(instant))
    there = clock.local(instant)
    text = _day(there)
    if precision != "d":
        text += there.strftime(" %H:%M:%S" if precision == "s" else " %H:%M")
    return format_html('<time datetime="{}">{}</time>', _stamp(instant), text)


@register.filter
def until(instant: datetime | None) -> SafeString | str:
    """A deadline as people say it: 2022年7月15日 24:00, not 7月16日 00:00, where a notice names only a day."""
    if instant is None:
        return "—"
    day, time = clock.deadline_parts(instant)
    return format_html('<time datetime="{}">{} {}</time>', _stamp(instant), _day(day), time)


@register.filter
def letters(drafts: Any) -> list[dict[str, Any]]:
    """Drafts that say the same, as one letter to several people: an office reads it once."""
    found: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for draft in drafts:
        words = (draft.rendered_subject(), draft.rendered_body(), draft.hold)
        letter = found.setdefault(words, {"to": [], "subject": words[0], "body": words[1], "hold": words[2]})
        letter["to"].append(draft.to)
    return list(found.values())


def _day(day: date) -> str:
    if translation.get_language() == "en":
        return day.strftime("%-d %b %Y")
    return f"{day.year}年{day.month}月{day.day}日"


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def remaining(seconds: float) -> str:
    """How long until a deadline, in the two units that matter; the scripts' countdown says the same."""
    if seconds <= 0:
        return _("已截止")
    days, hours, minutes = int(seconds // DAY), int(seconds % DAY // HOUR), int(seconds % HOUR // MINUTE)
    if days >= 3:
        return _("还剩 %(days)d 天") % {"days": days}
    if days:
        return _("还剩 %(days)d 天 %(hours)d 小时") % {"days": days, "hours": hours}
    if hours:
        return _("还剩 %(hours)d 小时 %(minutes)d 分") % {"hours": hours, "minutes": minutes}
    return _("还剩 %(minutes)d 分 %(seconds)d 秒") % {"minutes": minutes, "seconds": int(seconds % MINUTE)}


@register.simple_tag
def deadline(instant: datetime | None, *, brief: bool = False) -> SafeString | str:
    """{% deadline call.closes_at %}: the instant and how long it is until then. `brief=True`: only how long."""
    if instant is None:
        return "—"
    seconds = (instant - clock.now()).total_seconds()
    tone = "past" if seconds <= 0 else "bad" if seconds <= DAY else "warn" if seconds <= 3 * DAY else "info"
    shown: SafeString | str = "" if brief else until(instant)
    return format_html(
        '<span class="q-due" data-deadline="{}" data-tone="{}">{}<span data-left>{}</span></span>',
        _stamp(instant),
        tone,
        shown,
        remaining(seconds),
    )


@register.simple_tag
def badge(text: Any, tone: str = "neutral") -> SafeString:
    """{% badge pilot.get_stage_display "good" %}: a state in words; tone: neutral, info, good, warn or bad."""
    return format_html(
        '<span class="q-badge" data-tone="{}">{}</span>', tone if tone in TONES else "neutral", text
    )


@register.simple_tag
def clause(identifier: str) -> SafeString:
    """{% clause "N5.1" %}: the clause of the notice that a thing carries out."""
    return (
        format_html('<span class="q-clause">{} {}</span>', _("条款"), identifier)
        if identifier
        else SafeString("")
    )


@register.filter
def bytes_zh(count: int | None) -> str:
    """1536 -> 1.5 KB; the limits of notices are counted in 1024s, as mail systems do."""
    if count is None:
        return "—"
    if count < 1024:
        return f"{count} B"
    if count < 1024**2:
        return f"{count / 1024:.1f} KB"
    return f"{count / 1024**2:.1f} MB"


@register.filter
def short_hash(digest: str | None) -> SafeString | str:
    """The first twelve digits of a SHA-256, the whole in the title."""
    if not digest:
        return "—"
    return format_html('<code title="{}">{}</code>', digest, digest[:12])


@register.simple_tag
def field(bound: BoundField | str, *, label: str = "", **attributes: Any) -> SafeString | str:
    """{% field form.name %}: label, help, errors and control of one field; `data_x="…"` becomes an attribute of it."""
    if not isinstance(bound, BoundField):
        raise template.TemplateSyntaxError(f"{{% field %}} got {bound!r}: the form has no such field")
    if attributes:
        bound.field.widget.attrs.update({name.replace("_", "-"): value for name, value in attributes.items()})
    if label:
        bound.label = label
    return bound.as_field_group()


@register.simple_tag(takes_context=True)
def th(context: RequestContext, title: str, key: str = "", *, num: bool = False) -> SafeString:
    """{% th _("项目名称") "name" %}: a column head that sorts by `?sort=`; without a key a plain one."""
    classes = mark_safe(' class="q-num"') if num else ""
    if not key:
        return format_html('<th scope="col"{}>{}</th>', classes, title)
    request = context["request"]
    present = request.GET.get("sort", "")
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{key}" if present == key else key
    direction = {key: "ascending", f"-{key}": "descending"}.get(present)
    state = format_html(' aria-sort="{}"', direction) if direction else ""
    arrow = {"ascending": " ↑", "descending": " ↓"}.get(direction or "", "")
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{}{}</a></th>', classes, state, query.urlencode(), title, arrow
    )


@register.inclusion_tag("ui/parts/pages.html", takes_context=True)
def pages(context: RequestContext, page: Page[Any]) -> dict[str, Any]:
    """{% pages page %}: how many there are, and the way to the others (all other parameters are kept)."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "numbers": list(numbers),
        "gap": page.paginator.ELLIPSIS,
        "request": context["request"],
    }


@register.inclusion_tag("ui/parts/meter.html")
def size_meter(size: int, limit: int, label: str = "") -> dict[str, Any]:
    """{% size_meter size limit %}: how full a package is, in words and as a bar."""
    return {
        "size": size,
        "limit": limit,
        "label": label or _("材料总大小"),
        "high": limit * 9 // 10,
        "left": limit - size,
        "over": size - limit,
    }


@register.simple_block_tag
def card(content: str, title: str = "", *, flush: bool = False, id: str = "", level: int = 2) -> SafeString:  # noqa: A002
    """{% card _("附件") %}…{% endcard %}: a titled box; `flush=True` lets a table or list reach its edges."""
    named = format_html(' id="{}"', id) if id else ""
    head = (
        format_html('<div class="card-header"><h{} class="card-title">{}</h{}></div>', level, title, level)
        if title
        else ""
    )
    if flush:
        return format_html('<section class="card"{}>{}{}</section>', named, head, content)
    return format_html(
        '<section class="card"{}>{}<div class="card-body">{}</div></section>', named, head, content
    )


@register.simple_block_tag
def scroll(content: str, label: str) -> SafeString:
    """{% scroll _("收件列表") %}<table class="table">…{% endscroll %}: a wide table moves in its own box, also by keyboard."""
    return format_html(
        '<div class="q-scroll" role="region" aria-label="{}" tabindex="0">{}</div>', label, content
    )


@register.simple_tag
def keyvalues(*pairs: Any) -> SafeString:
    """{% keyvalues _("申报单位") body.name _("提交时间") when %}: labels and values in turn."""
    rows = ((label, _shown(value)) for label, value in zip(pairs[::2], pairs[1::2], strict=True))
    return format_html('<dl class="q-kv">{}</dl>', format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))


def _shown(value: Any) -> Any:
    if value is None or value == "":
        return "—"
    return local(value) if isinstance(value, date) else value
