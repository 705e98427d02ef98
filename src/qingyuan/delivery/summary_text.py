"""The texts of a summary report: how they begin, how their figures are filled in, and what is sealed of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue import experience
from qingyuan.catalogue.experience import Heading
from qingyuan.delivery import facts, quoted
from qingyuan.delivery.facts import Fact
from qingyuan.delivery.models import Project, Summary, SummaryChapter
from qingyuan.kernel import clock, quotables, storage
from qingyuan.kernel.errors import Problem
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers import quoting, richtext
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.papers.drawn import Drawn, of_plain
from qingyuan.papers.summary_docx import SummaryChapter as Printed
from qingyuan.papers.summary_docx import SummaryReport, write_summary

SCHEMA = 1
HOLE, UNKNOWN = "〔未填〕", "〔引用的数据不存在〕"
_OF_PLAN = {"value": "target", "baseline": "baseline"}


@dataclass(frozen=True)
class Leaf:
    """A heading of the outline with what is written under it."""

    heading: Heading
    number: int
    text: SummaryChapter | None

    @property
    def is_written(self) -> bool:
        if self.text is None:
            return False
        # A quoted figure stands in the stored text as an empty element.
        return bool(quoting.quoted(self.text.html)) or not richtext.is_empty(self.text.html)


@dataclass(frozen=True, kw_only=True)
class SealedSummary:
    """What a hand-in seals, made before the verb: the content, and its Word file in the store."""

    content: dict[str, Any]
    content_sha256: str
    document_sha256: str

    @property
    def fingerprint(self) -> str:
        return self.content_sha256


def leaves(summary: Summary) -> list[Leaf]:
    """All headings in their order (one query)."""
    texts = {one.outline_id: one for one in summary.chapters.select_related("updated_by")}
    return [
        Leaf(heading, number, texts.get(heading.id))
        for number, heading in enumerate(experience.outline(), start=1)
    ]


def fact_name(key: str, field: str) -> str:
    """Which fact a code means: one of the data, or a target as plans quote them."""
    if key.startswith(quoting.FACT):
        return key.removeprefix(quoting.FACT)
    return f"target.{key}.{_OF_PLAN[field]}" if field in _OF_PLAN else ""


def quoted_names(htmls: list[str]) -> list[str]:
    """The facts that texts quote; figures of computations are no facts of the project."""
    return list(
        dict.fromkeys(
            fact_name(*place)
            for html in htmls
            for place in quoting.quoted(html)
            if not quoting.is_pinned(place[0])
        )
    )


@in_record_language()
def filled(project: Project, htmls: list[str]) -> list[str]:
    """The texts with figures as they stand now, asked of the house's quotables in one batch, and with the charts quoted."""
    keys = {name: facts.key(project, name) for name in quoted_names(htmls)}
    answers = quotables.resolve(list(keys.values())) if keys else {}
    pins = quoted.of_chapters(project, htmls)

    def said(key: str, field: str) -> str:
        if quoting.is_pinned(key):
            return quoted.said(pins, (key, field))
        quote = answers.get(keys[fact_name(key, field)])
        return UNKNOWN if quote is None else str(quote.value) or HOLE

    drawings = quoted.drawn(pins)
    return [quoted.with_charts(quoting.fill(html, said), drawings) for html in htmls]


@in_record_language()
def begin(project: Project, known: Mapping[str, Fact]) -> dict[str, str]:
    """What stands under the headings before anybody has written: sentences and tables of quoted figures alone."""

    def code(name: str) -> str:
        return f"{{{{数据:{name}}}}}"

    overview = _("“%(title)s”由%(body)s实施，类别为%(category)s。") % {
        "title": project.title,
        "body": project.applicant.name,
        "category": project.category.title,
    }
    scope = _("实施期限 %(days)s；范围内企业 %(all)s，已开展审核 %(begun)s，同意的变更 %(changes)s。") % {
        "days": code("days"),
        "all": code("enterprises"),
        "begun": code("enterprises-begun"),
        "changes": code("changes"),
    }
    texts = {"overview": f"<p>{escape(overview)}</p><p>{escape(scope)}</p>"}
    keys = [line["key"] for line in project.baseline.content["targets"]]
    if keys:
        rows = "".join(
            f"<tr><td>{escape(line['indicator'])}</td>"
            + "".join(
                f"<td>{code(name) if name in known and known[name].value else '—'}</td>"
                for name in (f"target.{line['key']}.{field}" for field in ("baseline", "target", "last"))
            )
            + "</tr>"
            for line in project.baseline.content["targets"]
        )
        heads = "".join(f"<th>{one}</th>" for one in (_("指标"), _("基准值"), _("目标值"), _("最近值")))
        texts["results"] = (
            f"<p>{_('表 目标完成情况')}</p><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )
    if told := _of_audits(known, code):
        texts["results"] = texts.get("results", "") + told
    return {name: quoting.to_elements(richtext.clean(html)) for name, html in texts.items()}


def _of_audits(known: Mapping[str, Fact], code: Callable[[str], str]) -> str:
    """Paragraphs on schemes, evaluations and the account, where there is anything to say of them."""
    lines = []
    if any(known[name].value != "0" for name in ("schemes.low", "schemes.high") if name in known):
        lines.append(
            _(
                "范围内企业完成无/低费方案 %(low)s、中/高费方案 %(high)s；通过评估 %(evaluated)s，通过验收 %(accepted)s。"
            )
            % {
                "low": code("schemes.low.done"),
                "high": code("schemes.high.done"),
                "evaluated": code("audits.evaluated"),
                "accepted": code("audits.accepted"),
            }
        )
    measured = [name for name, fact in known.items() if name.startswith("schemes.measured.") and fact.value]
    if measured:
        parts = (f"{known[name].label} {code(name)}" for name in measured)
        lines.append("；".join(parts) + "。")
    lines += [code(name) for name in known if name.startswith("account.sentence.")]
    return "".join(f"<p>{line}</p>" for line in lines)


def before_hand_in(found: list[Leaf], project: Project) -> list[Problem]:
    """What keeps the report from being handed in, all at once."""
    problems = [
        Problem(_("“%s”还没有内容") % leaf.heading.title, where=leaf.heading.id)
        for leaf in found
        if not leaf.is_written
    ]
    known = facts.of(project)
    for leaf in found:
        pins = quoted.of_chapters(project, [leaf.text.html] if leaf.text else [])
        problems += quoted.unknown(pins, where=leaf.heading.id)
        names = quoted_names([leaf.text.html] if leaf.text else [])
        problems += [
            Problem(
                _("“%(heading)s”引用了没有的数据：%(name)s") % {"heading": leaf.heading.title, "name": name},
                where=leaf.heading.id,
            )
            for name in names
            if name not in known
        ]
    return problems


@in_record_language()
def content_of(summary: Summary) -> dict[str, Any]:
    """The report as it would be sealed now: filled texts, and each quoted fact with unit and source."""
    found = leaves(summary)
    htmls = [leaf.text.html if leaf.text else "" for leaf in found]
    known = facts.of(summary.project)
    pins = quoted.of_chapters(summary.project, htmls)
    drawings = quoted.drawn(pins)
    return {
        "schema": SCHEMA,
        "project": summary.project.title,
        "body": summary.project.applicant.name,
        "category": summary.project.category.title,
        "chapters": [
            {"id": leaf.heading.id, "title": leaf.heading.title, "html": html}
            for leaf, html in zip(found, filled(summary.project, htmls), strict=True)
        ],
        "facts": [
            {
                "name": name,
                "label": known[name].label,
                "value": known[name].value,
                "unit": known[name].unit,
                "source": known[name].source,
            }
            for name in quoted_names(htmls)
            if name in known
        ]
        + [
            {
                "name": f"{one['code']}.{one['run']}",
                "label": one["title"],
                "value": one["value"],
                "unit": "",
                "source": one["source"],
            }
            for one in quoted.sealed(pins)
        ],
        **({"charts": [one.plain() for one in drawings]} if drawings else {}),
    }


def content_hash(content: Mapping[str, Any]) -> str:
    return sha256_hex(canonical_bytes(dict(content)))


def charts_of(content: Mapping[str, Any]) -> dict[str, Drawn]:
    """The charts of a content by the uploads for which its chapters show them."""
    return {str(quoted.upload_of(one)): one for one in of_plain(content)}


@in_record_language()
def document(content: Mapping[str, Any], *, at: datetime) -> bytes:
    """The Word file of a content."""
    charts = charts_of(content)
    return write_summary(
        SummaryReport(
            project=content["project"],
            body=content["body"],
            category=content["category"],
            on=clock.local(at).date(),
            chapters=[Printed(title=one["title"], html=one["html"]) for one in content["chapters"]],
        ),
        pictures=lambda upload: quoted.picture(charts[upload].sha256) if upload in charts else None,
    )


def seal(summary: Summary, *, at: datetime | None = None) -> SealedSummary:
    """Make and store what the hand-in seals. Outside of any transaction."""
    content = content_of(summary)
    blob = storage.put(io.BytesIO(document(content, at=at or clock.now())))
    return SealedSummary(content=content, content_sha256=content_hash(content), document_sha256=blob.sha256)
