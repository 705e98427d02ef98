"""Remarks on chapters: findings of the self-check while they are open, and what waits for whom because of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import todos
from qingyuan.kernel.checks import Finding
from qingyuan.kernel.todos import ToDo
from qingyuan.pilots import rules
from qingyuan.pilots.models import Chapter, ChapterRemark, Pilot, RemarkReply, SupplementRequest


def counted(chapters: QuerySet[Chapter]) -> QuerySet[Chapter]:
    """The chapters, each with the number of its open remarks as `open_remarks`."""
    return chapters.annotate(
        open_remarks=Count("remarks", filter=Q(remarks__isnull=False, remarks__resolved_at__isnull=True))
    )


def check_remarks(pilot: Pilot, chapters: Iterable[Any]) -> Iterator[Finding]:
    """A warning for each chapter with open remarks: nobody hands in or signs past them unknowingly.

    `chapters`: as `counted` gives them.
    """
    found = {chapter.outline_id: chapter.open_remarks for chapter in chapters if chapter.open_remarks}
    for leaf in pilot.notice.leaves() if found else ():
        if leaf.id in found:
            yield Finding(
                "warning",
                _("“%(title)s”有 %(n)d 条意见未处理") % {"title": leaf.title, "n": found[leaf.id]},
                reverse("pilots:chapter", args=[pilot.pk, leaf.id]) + "#remarks",
                area="plan",
                part=leaf.id,
                mend=_("按意见修改后标为已处理，或写明答复"),
            )


def on_request(request: SupplementRequest, *, owns: bool) -> dict[str, list[ChapterRemark]]:
    """By chapter that the request names: what the receiving side said, and for the applicant its own open remarks."""
    wanted = Q(request=request)
    if owns:
        wanted |= Q(request__isnull=True, resolved_at__isnull=True)
    rows = ChapterRemark.objects.filter(
        wanted, chapter__pilot=request.pilot_id, chapter__outline_id__in=request.chapters
    )
    found: dict[str, list[ChapterRemark]] = {}
    for remark in rows.annotate(outline_id=F("chapter__outline_id")).select_related("by", "resolved_by"):
        found.setdefault(remark.outline_id, []).append(remark)
    return found


def _works_somewhere(user: Any) -> bool:
    return bool(user.standing.organisation_ids or user.standing.authorised)


def _with_open_remarks(user: Any) -> QuerySet[Pilot] | None:
    if not _works_somewhere(user):
        return None
    own = Q(applicant__in=[*user.standing.organisation_ids, *user.standing.authorised])
    open_ = Q(chapters__remarks__isnull=False, chapters__remarks__resolved_at__isnull=True)
    return (
        Pilot.objects.filter(own, open_, stage=Pilot.Stage.DRAFTING)
        .annotate(open_remarks=Count("chapters__remarks", distinct=True))
        .select_related("applicant", "call")
        .order_by("-created_at", "pk")
    )


def remarks_wait(user: Any, pilots: QuerySet[Any]) -> Iterator[ToDo]:
    """Open remarks for those who write (one query)."""
    for pilot in pilots:
        if rules.can_write.test(user, pilot):
            yield ToDo(
                _("处理章节意见（%(n)d 条）：《%(name)s》") % {"n": pilot.open_remarks, "name": pilot.name},
                reverse("pilots:plan", args=[pilot.pk]),
                pilot.call.closes_at,
                _("编制"),
                pilot.applicant.name,
            )


def _answered(user: Any) -> QuerySet[ChapterRemark] | None:
    if not _works_somewhere(user):
        return None
    answers = RemarkReply.objects.filter(remark=OuterRef("pk")).exclude(by=user)
    return (
        ChapterRemark.objects.filter(
            by=user, request__isnull=True, resolved_at__isnull=True, chapter__pilot__stage__in=_OPEN_STAGES
        )
        .filter(Exists(answers))
        .select_related("chapter__pilot__applicant")
        .defer("chapter__html")
    )


def answers_wait(user: Any, answered: QuerySet[ChapterRemark]) -> Iterator[ToDo]:
    """Answers for those who made the remark (one query)."""
    for remark in answered:
        about = remark.chapter.pilot
        if rules.can_see_pilot.test(user, about):
            yield ToDo(
                _("您的章节意见有答复：《%s》") % about.name,
                reverse("pilots:chapter", args=[about.pk, remark.chapter.outline_id]) + "#remarks",
                None,
                _("签审"),
                about.applicant.name,
            )


_OPEN_STAGES = (Pilot.Stage.DRAFTING, Pilot.Stage.REVIEWING, Pilot.Stage.SIGNING)
todos.register(remarks_wait, among=_with_open_remarks)
todos.register(answers_wait, among=_answered)
