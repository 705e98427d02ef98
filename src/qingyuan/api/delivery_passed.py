"""The list of passed pilots (N11) over HTTP: an open read."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from qingyuan.api.problems import answers
from qingyuan.api.public import router as public_router
from qingyuan.api.reading import Page, Slice, page
from qingyuan.delivery.queries import passed as queries


class PassedPilotOut(Schema):
    """A pilot on the list; `enterprises`: those of its scope that count as audited once."""

    project: UUID
    title: str
    applicant: str
    programme: str
    batch: str
    category_id: str
    category: str
    region: str = Field(description="GB/T 2260 代码")
    place: str
    document_number: str
    listed_on: date = Field(description="名单的成文日期")
    enterprises: int = Field(description="受益企业数")


class PassedSought(Slice):
    province: str = Field("", max_length=6, description="省级 GB/T 2260 代码，如 410000")
    category: str = Field("", max_length=40)
    year: str = Field("", max_length=4, description="名单成文的年度，如 2023")


@public_router.get(
    "/passed-pilots",
    response=answers(Page[PassedPilotOut], public=True),
    operation_id="passed_pilots",
    summary="清洁生产审核创新试点项目名单",
    tags=["评估验收"],
)
def passed_pilots(request: HttpRequest, sought: Query[PassedSought]) -> Any:  # noqa: ARG001
    """通过评估验收的试点，按省份、类别和年度查找；不需要令牌，新公布的在前。未通过和没有公布的不在其中。"""
    wanted = queries.Wanted(province=sought.province, category=sought.category, year=sought.year)
    return page(queries.chosen(queries.lines(), wanted), sought, asdict)
