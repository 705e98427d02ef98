"""Approved pilots under way, made by the product's own verbs from the world's Henan call."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from qingyuan.kernel import clock
from tests.review_maker import case_in

APPROVAL = {
    "approval_number": "环办科财函〔2022〕演示1号",
    "approved_on": date(2022, 9, 1),
    "term_end": date(2023, 8, 31),
}
STARTED = date(2022, 9, 15)
DURING = "2022-09-20T09:00:00+08:00"
CONCLUSION = {"outcome": "passed", "document_number": "环办科财函〔2022〕演示2号"}


def recommended(maker: Any) -> Any:
    """A case that the province recommended and that no round of the State took in."""
    return case_in(maker, "recommended")


def project_in(maker: Any, stage: str) -> Any:
    """A pilot whose work has begun, brought into the stage by the verbs."""
    from qingyuan.delivery import actions
    from qingyuan.delivery.models import Project
    from qingyuan.delivery.queries.project import RELATED

    found = Project.objects.filter(case__round__call=maker.world.call).first()
    if found is None:
        case = recommended(maker)
        with clock.at(max(clock.now(), datetime.fromisoformat(DURING))):
            found = actions.start(case, by=maker.world.province_handler, started_on=STARTED, **APPROVAL)
    if stage == "stopped" and found.stage != stage:
        actions.stop(found, by=maker.world.province_signer, reason="演示：主体工程停建")
    if stage == "evaluating" and found.stage != stage:
        hand_in(maker, found)
    if (
        stage == "rectifying"
    ):  # brought there by the decision of the State's round: tests/delivery/test_acceptance_way.py
        Project.objects.filter(pk=found.pk).update(stage=stage)
    if stage in {"passed", "failed"} and found.stage != stage:
        conclude(maker, found, outcome=stage, reason="演示：目标未完成" if stage == "failed" else "")
    if stage == "archived" and found.stage != stage:
        archive(maker, found)
    return Project.objects.select_related(*RELATED).get(pk=found.pk)


def archive(maker: Any, project: Any) -> None:
    """Stopped, and closed with its archive volume."""
    from qingyuan.delivery import actions, volume
    from qingyuan.delivery.actions.archive import archive as close

    stopped = actions.stop(project, by=maker.world.province_signer, reason="演示：主体工程停建")
    with clock.at(max(clock.now(), datetime.fromisoformat(DURING))):
        close(stopped, by=maker.world.province_handler, volume=volume.make(stopped))


def reached(project: Any) -> Any:
    """Every target met exactly."""
    from qingyuan.delivery.handing_in import Reached

    return {
        line["key"]: Reached(
            value=str(line["target"] or ""), reason="" if line["target"] else "演示：定性目标"
        )
        for line in project.baseline.content["targets"]
    }


def hand_in(maker: Any, project: Any, **more: Any) -> Any:
    from qingyuan.delivery import actions

    given = {"summary": "演示：试点各项工作已经完成。", "reached": reached(project), **more}
    return actions.hand_in_acceptance(project, by=maker.world.park_handler, **given)


def conclude(maker: Any, project: Any, **more: Any) -> Any:
    """The State's word outside the product, as the province's host records it."""
    from qingyuan.delivery import actions

    with clock.at(max(clock.now(), datetime.fromisoformat(DURING))):
        given = {**CONCLUSION, "listed_on": clock.local(clock.now()).date(), **more}
        evidence = maker.upload(by=maker.world.province_handler, name="名单.pdf")
        given.setdefault("evidence", evidence)
        return actions.conclude(project, by=maker.world.province_handler, **given)


def after_passing(make: Any, maker: Any) -> Any:
    """What `make` makes once the pilot has passed; then the pilot is under way again, for objects that need it so."""
    from qingyuan.delivery.models import Conclusion, Project

    before = set(Conclusion.objects.values_list("pk", flat=True))
    made = make(maker)
    concluded = Conclusion.objects.exclude(pk__in=before)
    Project.objects.filter(conclusion__in=concluded).update(stage=Project.Stage.RUNNING)
    concluded.delete()
    return made


def change_in(maker: Any, stage: str) -> Any:
    """A change of the term; decided ones by their verbs."""
    from qingyuan.delivery import actions
    from qingyuan.delivery.models import ChangeRequest
    from qingyuan.delivery.queries.project import RELATED

    project = project_in(maker, "running")
    number = project.changes.count()
    made = actions.ask_change(
        project,
        by=maker.world.park_handler,
        kind="term",
        becomes=f"2022-06-01 至 2024-{number + 1:02d}-28",
        reason="演示：设备到货推迟",
    )
    if stage == "withdrawn":
        actions.withdraw(made, by=maker.world.park_handler)
    elif stage == "approved":
        actions.approve(made, by=maker.world.province_signer)
    elif stage == "refused":
        actions.refuse(made, by=maker.world.province_signer, opinion="演示：理由不充分")
    related = [f"project__{name}" for name in RELATED]
    return ChangeRequest.objects.select_related(*related, "made").get(pk=made.pk)


def completed(
    project: Any,
    *,
    on: date,
    progress: str = "演示：本期完成预审核",
    value: str = "250",
    values: Any = None,
    **step: str,
) -> Any:
    """A draft with nothing missing; `values` by target override the one `value`, `step` the state of all milestones."""
    from qingyuan.delivery import report
    from qingyuan.delivery.report import Figure, Step

    content = project.baseline.content
    return report.Draft(
        texts={"progress": progress, "problems": "", "next": ""},
        figures={
            line["key"]: Figure((values or {}).get(line["key"], value), on.isoformat(), "")
            for line in content["targets"]
        },
        steps={
            line["key"]: Step(
                step.get("state", "current"), on.isoformat() if step.get("state") == "done" else "", ""
            )
            for line in content["milestones"]
        },
    )


def report_in(maker: Any, stage: str) -> Any:
    """The report on the first period of the pilot, brought into the stage by the verbs."""
    from qingyuan.delivery import actions, drafts
    from qingyuan.delivery.models import ProgressReport
    from qingyuan.delivery.queries.report import RELATED

    project, by, reader = project_in(maker, "running"), maker.world.park_handler, maker.world.province_handler
    with clock.at("2023-01-03T10:00:00+08:00"):
        made = project.reports.order_by("starts").first() or actions.begin_report(project, by=by)
        if stage != "draft" and made.stage == "draft":
            draft = completed(project, on=date(2023, 1, 3))
            made = drafts.save_report(made, draft=draft, revision=made.draft_revision, by=by)
            made = actions.hand_in(made, by=by, draft_revision=made.draft_revision)
        if stage == "returned" and made.stage != stage:
            made = actions.send_back(made, by=reader, opinion="演示：请补充佐证")
        if stage == "accepted" and made.stage != stage:
            made = actions.accept(made, by=reader)
    return ProgressReport.objects.select_related(*RELATED, "saved_by").get(pk=made.pk)


class Delivery:
    """A world with one pilot under way; `project` is the row, people and bodies as in the world."""

    def __init__(self, maker: Any) -> None:
        self.maker, self.world = maker, maker.world
        self.project = project_in(maker, "running")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)


@pytest.fixture
def delivery(maker: Any) -> Any:
    """One pilot under way; the clock stands in its first month."""
    made = Delivery(maker)
    with clock.at(DURING):
        yield made
