"""What process and outputs add to a filing for acceptance: last reported values, reports read, outputs as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qingyuan.delivery import handing_in
from qingyuan.delivery.experience_parts import last_values
from qingyuan.delivery.handing_in import Part
from qingyuan.delivery.models import Output, ProgressReport, Project

MOST_REPORTS = 60


def last_reported(project: Project) -> Mapping[str, str]:
    """By the keys of the baseline's targets (two queries)."""
    return {
        fact.name.removeprefix("target.").removesuffix(".last"): str(fact.value)
        for fact in last_values(project)
        if fact.value
    }


def outputs(project: Project) -> Iterator[Part]:
    """Every output with how far it is (one query)."""
    rows = [
        [one.title, str(one.get_stage_display()), one.due_on.isoformat(), one.dropped_reason or "—"]
        for one in project.outputs.order_by("position")
        if one.stage != Output.Stage.DROPPED or one.dropped_reason
    ]
    if rows:
        yield Part(
            id="outputs",
            title=_("产出成果交付情况"),
            columns=[_("成果"), _("状态"), pgettext("due", "期限"), _("不再产出的理由")],
            rows=rows,
        )


def reports(project: Project) -> Iterator[Part]:
    """The periods reported and what became of each (one query)."""
    found = ProgressReport.objects.filter(project=project).exclude(stage=ProgressReport.Stage.DRAFT)
    rows = [
        [f"{one.starts:%Y-%m-%d} — {one.ends:%Y-%m-%d}", str(one.get_stage_display())]
        for one in found.order_by("starts")[:MOST_REPORTS]
    ]
    if rows:
        yield Part(id="reports", title=_("定期调度"), columns=[_("期间"), _("状态")], rows=rows)


handing_in.register_reported(last_reported)
handing_in.register_parts(outputs, order=20)
handing_in.register_parts(reports, order=30)
