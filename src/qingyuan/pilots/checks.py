"""提交前自查 of a pilot: its notice's rule set over the application as it stands. Runs on its pages and inside the verbs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import checks, clock
from qingyuan.kernel.checks import Finding
from qingyuan.kernel.models import Upload
from qingyuan.papers import quoting, richtext
from qingyuan.pilots import doubles, quotes, remarks, returned, selfcheck, snapshot
from qingyuan.pilots.files import files_of
from qingyuan.pilots.models import Attachment, Chapter, Pilot, SignOff
from qingyuan.pilots.selfcheck import PLAN_ALLOWANCE, File, Place

_STATES: dict[str, Any] = {Upload.Stage.PENDING: "pending", Upload.Stage.REFUSED: "refused"}
_PAGES = {
    "object": "pilots:describe",
    "scope": "pilots:scope",
    "targets": "pilots:targets",
    "attachments": "pilots:attachments",
    "schedule": "pilots:schedule",
    "schedule/outputs": "pilots:outputs",
    "object/joint": "pilots:joint",
    "object/boundary": "pilots:boundary",
    "object/places": "pilots:places",
    "object/basin": "pilots:basin",
    "object/key-tasks": "pilots:key-tasks",
}


def package_size(pilot: Pilot) -> int:
    """Bytes of all attachments, of the pictures that stand in the plan, and an allowance for what the platform adds (two queries)."""
    files = files_of(pilot)
    shown = {
        upload
        for html in pilot.chapters.filter(html__contains="<img ").values_list("html", flat=True)
        for upload in richtext.uploads_shown(html)
    }
    attached = sum(file.size for file in files if file.purpose)
    pictures = {file.upload: file.size for file in files if file.is_picture and file.upload in shown}
    return attached + sum(pictures.values()) + PLAN_ALLOWANCE


def check_content(pilot: Pilot) -> Iterator[Finding]:
    """Everything that is asked of the application as it stands, on one reading of it (eight queries for a park, whatever its size).

    An open 退回补充完善 compares every enterprise; otherwise their names are enough.
    """
    stored = files_of(pilot)
    chapters = list(remarks.counted(pilot.chapters.all()))
    if pilot.open_request is None:
        names, doubled = doubles.names_of(pilot)
        data = snapshot.build(pilot, files=stored, chapters=chapters, scope=names)
    else:
        doubled = doubles.count_of(pilot)
        data = snapshot.build(pilot, files=stored, chapters=chapters)
    files = [File(file.title, _STATES.get(file.stage, "clean"), file.size) for file in stored if file.purpose]
    closes_on = clock.local(pilot.call.closes_at).date()
    for found in selfcheck.run_on_snapshot(data, pilot.notice, files=files, closes_on=closes_on):
        hit = found.hit
        yield Finding(
            found.severity,
            found.message,
            url_of(pilot, hit.place),
            found.clause,
            hit.place.area,
            part=hit.place.part,
            rule=found.rule,
            mend=found.mend,
            excerpt=hit.excerpt,
        )
    yield from check_findings(pilot, chapters)
    yield from returned.check_returned(pilot, data)
    yield from check_doubles(pilot, doubled)
    yield from remarks.check_remarks(pilot, chapters)


def check_findings(pilot: Pilot, chapters: Iterable[Chapter]) -> Iterator[Finding]:
    """Quoted figures of computations that are not there, or of which there is a newer one (no query without such quotes)."""
    chapters = list(chapters)
    known = quotes.findings_in(pilot.pk, (chapter.html for chapter in chapters))
    titles = {heading.id: heading.title for heading in pilot.notice.leaves()}
    for chapter in chapters:
        for place in dict.fromkeys(quoting.quoted(chapter.html)):
            if not place[0].startswith(quoting.FINDING):
                continue
            names = {
                "title": titles.get(chapter.outline_id, chapter.outline_id),
                "code": quoting.code_of(*place),
            }
            url = url_of(pilot, Place(area="plan", part=chapter.outline_id))
            quote = known.get(place)
            if quote is None:
                yield Finding(
                    "error",
                    _("“%(title)s”引用的计算结果 %(code)s 不存在，请改引或删去") % names,
                    url,
                    "N1",
                    "plan",
                    part=chapter.outline_id,
                    rule="quotes",
                    mend=_("在正文中改引别的结果，或删去"),
                )
            elif quote.is_stale:
                yield Finding(
                    "warning",
                    _("“%(title)s”引用的“%(label)s”（%(value)s）已有更新的计算结果")
                    % {**names, "label": quote.label, "value": quote.value},
                    url,
                    "N1",
                    "plan",
                    part=chapter.outline_id,
                    rule="quotes",
                    mend=_("在“引用的结果”页核对后更新，或保留并在正文中说明数据的时点"),
                )


def url_of(pilot: Pilot, place: Place) -> str:
    """The page where something is mended; in a chapter, the paragraph."""
    if place.area == "plan" and place.part:
        url = reverse("pilots:chapter", args=[pilot.pk, place.part])
        return f"{url}#paragraph-{place.paragraph}" if place.paragraph else url
    if place.area == "eligibility" and place.part:
        return reverse("pilots:condition", args=[pilot.pk, place.part])
    page = _PAGES.get(f"{place.area}/{place.part}") or _PAGES.get(place.area, "pilots:pilot")
    return reverse(page, args=[pilot.pk])


def summary(pilot: Pilot, findings: Iterable[Finding]) -> dict[str, Any]:
    """What the ledger keeps of a self-check."""
    return selfcheck.summary(pilot.notice.self_check, (finding.level for finding in findings))


def check_seal(pilot: Pilot) -> Iterator[Finding]:
    """Asked only at the submission: the stamped page exists once the plan is signed and printed."""
    url = reverse("pilots:attachments", args=[pilot.pk])
    pages = [attachment.added_at for attachment in pilot.attachments.filter(purpose=Attachment.Purpose.SEAL)]
    signed = pilot.signoffs.filter(step=SignOff.Step.SIGN).order_by("-at").first()
    mend = _("下载方案，打印盖章后扫描上传")
    if not pages:
        yield Finding("error", _("尚未上传盖章页"), url, "H1", "attachments", rule="seal", mend=mend)
    elif signed is not None and max(pages) < signed.at:
        reason = _("盖章页是在本次签发之前上传的，请就本次签发的内容重新盖章上传")
        yield Finding("error", reason, url, "H1", "attachments", rule="seal", mend=mend)


def check_doubles(pilot: Pilot, doubled: int) -> Iterator[Finding]:
    """An enterprise in two applications of one batch: only the database knows, so this stands beside the rule set."""
    if doubled:
        yield Finding(
            "warning",
            _("有 %d 家企业同时列入本批次的另一申报，请与对方或受理部门核实") % doubled,
            f"{reverse('pilots:scope', args=[pilot.pk])}?doubled=1",
            pilot.category.scope.clause,
            "scope",
        )


checks.register("pilot", check_content)
checks.register("pilot.submit", check_seal)
