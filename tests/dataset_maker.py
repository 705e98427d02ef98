"""Datasets of a pilot of a basin, with figures of its enterprises, made by the product's own verbs."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from qingyuan.audits import actions
from qingyuan.audits.models import Dataset
from qingyuan.workbooks import collected as books
from qingyuan.workbooks.collected import Collected, Sheet

ENTERPRISES = ("演示企业1有限公司", "演示企业2有限公司", "演示企业3有限公司")


def content_of(names: tuple[str, ...] = ENTERPRISES, *, discharge: str = "12.5") -> Collected:
    """A region's data that can be computed: enterprises, what they discharge, one river of two reaches."""
    return Collected(
        template="region",
        sheets=(
            Sheet(
                name="enterprises",
                columns=("enterprise", "county", "sector"),
                rows=tuple((name, "演示县", "papermaking") for name in names),
            ),
            Sheet(
                name="emissions",
                columns=("enterprise", "medium", "pollutant", "discharge_t", "method", "reach", "delivery"),
                rows=tuple((name, "水", "氨氮", discharge, "自动监测", "R1", "1") for name in names),
            ),
            Sheet(
                name="reaches",
                columns=("reach", "down", "length_m", "velocity_m_s", "k_per_day", "inflow_m3_s", "inflow_conc_mg_l"),
                rows=(("R1", "R2", "1000", "0.2", "0.1", "5", "0.4"), ("R2", None, "2000", "0.2", "0.1", "1", "0.4")),
            ),
            Sheet(
                name="measures",
                columns=("measure", "enterprise", "cost_per_year", "effect:氨氮"),
                rows=tuple((f"演示方案{place}", name, "10", "2") for place, name in enumerate(names, start=1)),
            ),
            Sheet(name="targets", columns=("target", "min_reduction"), rows=(("氨氮", "2"),)),
        ),
    )  # fmt: skip


def workbook(content: Collected | None = None) -> io.BytesIO:
    target = io.BytesIO()
    books.write(content or content_of(), target)
    target.seek(0)
    return target


def pilot_with_scope(maker: Any) -> Any:
    from qingyuan.pilots.models import Pilot

    found = Pilot.objects.filter(name="演示数据试点").select_related("call", "applicant").first()
    return found or maker("park", stage="ready", name="演示数据试点")


def dataset_in(
    maker: Any, stage: str = "collecting", *, title: str = "演示数据集", fill: bool = True
) -> Dataset:
    """Of the park, begun by its handler, who is therefore named."""
    by = maker.world.park_handler
    pilot = pilot_with_scope(maker)
    made = Dataset.objects.filter(pilot=pilot, title=f"{title}{stage}").first()
    if made is None:
        made = actions.begin_dataset(pilot, by=by, template="region", title=f"{title}{stage}", year=2021)
        if fill:
            upload = maker.upload(by=by, name="演示数据.xlsx", file=workbook())
            actions.import_workbook(made, by=by, content=content_of(), upload=upload)
        if stage == "ready":
            actions.fix_version(made, by=by)
    return fresh(made)


def fresh(dataset: Dataset) -> Dataset:
    return Dataset.objects.select_related("pilot__call__joint_body", "pilot__applicant").get(pk=dataset.pk)


def taken(data: io.BytesIO, folder: Path, template: str = "region") -> books.Taken:
    path = folder / "workbook.xlsx"
    path.write_bytes(data.getvalue())
    return books.read_workbook(template, path)


def sheet_in(maker: Any, stage: str = "invited", *, title: str = "填报", firm: int = 0) -> Any:
    """The sheet of one enterprise of the pilot; signed by who came with its link."""
    from qingyuan.audits import links
    from qingyuan.audits.actions.firm_sheet import Invitation
    from qingyuan.audits.models import EnterpriseSheet

    by = maker.world.park_handler
    dataset = dataset_in(maker, title=f"{title}{stage}")
    entries = list(dataset.pilot.scope.select_related("enterprise").order_by("pk"))
    if not dataset.sheets.exists():
        wanted = [
            Invitation(entry.enterprise.credit_code, f"firm{place}@example.org" if place < 2 else "")
            for place, entry in enumerate(entries)
        ]
        actions.invite(dataset, by=by, invitations=wanted)
    sheet = EnterpriseSheet.objects.select_related(*links.RELATED).get(
        dataset=dataset, enterprise=entries[firm].enterprise
    )
    if stage == "signed" and sheet.stage != "signed":
        actions.sign(sheet, by=links.filler_of(sheet), declared=True)
    return EnterpriseSheet.objects.select_related(*links.RELATED).get(pk=sheet.pk)


def firm_of(maker: Any, sheet: Any, *, key: str = "firm_handler") -> Any:
    """Somebody with an account of that enterprise."""
    from qingyuan.kernel import clock
    from qingyuan.people.models import Membership, Organisation, User

    body = Organisation.objects.create(
        kind="enterprise",
        name=f"演示·{sheet.name}",
        credit_code=sheet.enterprise.credit_code,
        region_code="410300",
    )
    user = User.objects.create_user(key, f"{key}@example.org", "demo-pass-2022", display_name="演示企业经办")
    Membership.objects.create(user=user, organisation=body, role="handler", since=clock.now())
    return user
