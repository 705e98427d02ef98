"""Results of a pilot under way, brought into their stages by the verbs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.delivery_maker import project_in

PROMISED = [
    {"title": "演示园区清洁生产审核规范", "benefit": "可推广", "target": ""},
    {"title": "演示减污技术清单", "benefit": "", "target": ""},
]
MILESTONES = [
    {"key": "m1", "title": "摸底", "starts": "2022-09-15", "ends": "2022-12-31", "outputs": "演示减污技术清单", "responsible": ""},
    {"key": "m2", "title": "实施", "starts": "2023-01-01", "ends": "2023-08-31", "outputs": "", "responsible": ""},
]  # fmt: skip


def promise(project: Any, lines: list[dict[str, str]] | None = None) -> Any:
    """Let the sealed plan have promised results, as if it had been written so."""
    from qingyuan.delivery.actions.output import take_promised

    baseline = project.baselines.get()
    goal = next((line["key"] for line in baseline.content["targets"]), "")
    baseline.content["milestones"] = MILESTONES
    baseline.content["outputs"] = [
        {"key": f"o{number}", **line, "target": goal}
        for number, line in enumerate(PROMISED if lines is None else lines, start=1)
    ]
    project.baselines.update(content=baseline.content)
    project.__dict__.pop("baseline", None)
    take_promised(project, baseline.content)
    return project


@contextmanager
def under_way(maker: Any) -> Iterator[Any]:
    """The pilot as it was while it ran, whatever others have made of it since."""
    from qingyuan.delivery.models import Project

    project = project_in(maker, "running")
    before = project.stage
    Project.objects.filter(pk=project.pk).update(stage=Project.Stage.RUNNING)
    project.stage = Project.Stage.RUNNING
    yield project
    Project.objects.filter(pk=project.pk).update(stage=before)


def output_in(maker: Any, stage: str) -> Any:
    """A further result of the running pilot."""
    with under_way(maker) as project:
        return made_in(maker, project, stage)


def made_in(maker: Any, project: Any, stage: str) -> Any:
    from qingyuan.delivery.actions import output as verbs
    from qingyuan.delivery.models import Output
    from qingyuan.delivery.queries.output import OUTPUT_RELATED

    world = maker.world
    made = verbs.add_output(
        project,
        by=world.park_handler,
        kind="guide",
        title=f"演示审核指南{project.outputs.count() + 1}",
        reason="演示：企业提出需要",
    )
    if stage == "dropped":
        verbs.drop(made, by=world.park_handler, reason="演示：并入规范")
    else:
        put_version(maker, made)
    if stage in ("handed_in", "returned", "accepted"):
        verbs.hand_in(made, by=world.park_handler)
    if stage == "returned":
        verbs.send_back(made, by=world.province_handler, opinion="演示：缺少适用范围")
    elif stage == "accepted":
        verbs.accept(made, by=world.province_handler)
    if stage in ("returned", "accepted"):
        put_version(maker, made, title="修改稿")
    return Output.objects.select_related(*OUTPUT_RELATED).get(pk=made.pk)


def put_version(
    maker: Any, output: Any, *, title: str = "送审稿", names: tuple[str, ...] = ("成果.pdf",)
) -> Any:
    from qingyuan.delivery.actions import output as verbs
    from qingyuan.delivery.models import Output

    by = maker.world.park_handler
    files = [maker.upload(by=by, name=f"{title}{name}") for name in names]
    return verbs.add_version(Output.objects.get(pk=output.pk), by=by, title=title, uploads=files)


def output_file_in(maker: Any) -> Any:
    from qingyuan.delivery.models import OutputFile
    from qingyuan.delivery.queries.output import FILE_RELATED

    made = output_in(maker, "handed_in")
    return OutputFile.objects.select_related(*FILE_RELATED).get(version__output=made)
