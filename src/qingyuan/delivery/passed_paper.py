"""The list of passed pilots as Word and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.queries.passed import TITLE, Line
from qingyuan.kernel import clock
from qingyuan.papers import official_docx
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_table

TABLE = Table(
    name="passed-pilots",
    title=TITLE,
    columns=(
        Column(name="number", title_zh="序号", kind="integer"),
        Column(name="title", title_zh="项目名称"),
        Column(name="applicant", title_zh="申报与实施单位"),
        Column(name="category", title_zh="类别"),
        Column(name="place", title_zh="所在地"),
        Column(name="document_number", title_zh="文号"),
        Column(name="listed_on", title_zh="成文日期", kind="date"),
        Column(
            name="enterprises", title_zh="受益企业", kind="integer", unit="家",
            note="现行范围内、未被结论排除的企业：视同开展一次清洁生产审核（条款 N13）。",
        ),
    ),
)  # fmt: skip


def word(found: Sequence[Line]) -> bytes:
    """Every line names the paper by which it was published."""
    return official_docx.write_public_list(
        title=TITLE,
        intro="下列试点项目通过清洁生产审核创新试点评估验收；文号和日期为公布名单的公文所载。",
        rows=[
            (
                str(number),
                line.title,
                line.applicant,
                line.category,
                line.place,
                f"{line.document_number} {line.listed_on:%Y-%m-%d}".strip(),
            )
            for number, line in enumerate(found, start=1)
        ],
        created_on=clock.local(clock.now()).date(),
    )


def workbook(found: Sequence[Line]) -> bytes:
    """One row a pilot; what looks like a formula stays text."""
    target = io.BytesIO()
    write_table(
        target,
        TABLE,
        [_row(number, line) for number, line in enumerate(found, start=1)],
        title=TITLE,
        subtitle=_("导出时间 %s") % f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
    )
    return target.getvalue()


def _row(number: int, line: Line) -> dict[str, Any]:
    names = ("title", "applicant", "category", "place", "document_number", "listed_on")
    said = {name: getattr(line, name) or None for name in names}
    return {"number": number, **said, "enterprises": line.enterprises}
