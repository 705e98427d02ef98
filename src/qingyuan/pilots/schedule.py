"""What the self-check says of schedule and outputs. The notice asks for no table of them: an empty one is no finding."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.kernel import checks, clock
from qingyuan.kernel.checks import Finding
from qingyuan.pilots.models import Pilot


def check_schedule(pilot: Pilot) -> Iterator[Finding]:
    """Steps without anybody responsible, and a term that begins before applications close (one query)."""
    url = reverse("pilots:schedule", args=[pilot.pk])
    if pilot.term_start and pilot.term_start < clock.local(pilot.call.closes_at).date():
        yield Finding("warning", _("实施期在申报截止之前就已开始，请核对日期"), url, "N6", "schedule")
    if pilot.term_start is None:
        return
    for title in pilot.milestones.filter(responsible="").values_list("title", flat=True):
        yield Finding("warning", _("阶段“%s”没有写责任单位") % title, url, "N6", "schedule")


def check_outputs(pilot: Pilot) -> Iterator[Finding]:
    """Outputs whose target has gone (one query)."""
    gone = pilot.outputs.exclude(target_key="").exclude(target_key__in=pilot.targets.values("key"))
    for title in gone.values_list("title", flat=True):
        yield Finding(
            "warning",
            _("产出“%s”对应的目标已不在目标表中") % title,
            reverse("pilots:outputs", args=[pilot.pk]),
            "N6",
            "schedule",
        )


checks.register("pilot", check_schedule)
checks.register("pilot", check_outputs)
