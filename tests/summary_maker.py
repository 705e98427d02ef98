"""Summary reports, made by the product's own verbs from a pilot under way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qingyuan.kernel import clock
from tests.delivery_maker import DURING, project_in

TEXT = "<p>演示：范围内企业 {{数据:enterprises}}，期限 {{数据:days}}。</p>"


def write_all(summary: Any, by: Any) -> None:
    from qingyuan.catalogue import experience
    from qingyuan.delivery import summary_drafts

    revisions = dict(summary.chapters.values_list("outline_id", "revision"))
    for heading in experience.outline():
        summary_drafts.save_chapter(
            summary, outline_id=heading.id, html=TEXT, revision=revisions[heading.id], by=by
        )


def summary_in(maker: Any, stage: str) -> Any:
    """A written report brought into the stage by the verbs."""
    from qingyuan.delivery import summary_text
    from qingyuan.delivery.actions import summary as actions
    from qingyuan.delivery.models import Summary
    from qingyuan.delivery.queries.library import WITHIN

    world = maker.world
    project = project_in(maker, "running")
    with clock.at(max(clock.now(), datetime.fromisoformat(DURING))):
        one = Summary.objects.filter(project=project).first()
        if one is None:
            one = actions.begin(project, by=world.park_handler)
            write_all(one, world.park_handler)
        if stage != "writing" and one.stage == "writing":
            one = actions.hand_in(one, by=world.park_handler, sealed=summary_text.seal(one))
        if stage == "accepted" and one.stage != stage:
            actions.accept(one, by=world.province_handler, content_sha256=one.content_sha256)
    return Summary.objects.select_related(*WITHIN).get(pk=one.pk)
