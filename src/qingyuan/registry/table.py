"""The list as a workbook: its schema for one department, and the rows of what was read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.catalogue import credit_code, sectors
from qingyuan.catalogue.regions import regions
from qingyuan.kernel import storage
from qingyuan.kernel.models import Upload
from qingyuan.people.models import Organisation
from qingyuan.registry import queries, rules
from qingyuan.registry.actions.listing import ListRow
from qingyuan.workbooks.enterprises import KINDS, LEVELS, enterprise_table
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.read import Reading, letter_of, read_table
from qingyuan.workbooks.schema import NA, Table
from qingyuan.workbooks.scope import PERMITS

_SIX = re.compile(r"[0-9]{6}")


def table_of(department: Organisation) -> Table:
    province = rules.province_of(department.region_code)

    def check_region(text: str) -> list[str]:
        code = region_code(text, province)
        if code.startswith(province) and _SIX.fullmatch(code):
            return []
        return [_("本省的省辖市名称，或以 %s 开头的六位区划代码") % province]

    return enterprise_table(
        check_code=credit_code.check,
        check_region=check_region,
        check_sector_code=sectors.check_code,
        today=queries.today(),
    )


def region_code(text: str, province: str) -> str:
    """The code of a place of the province by name or code; the text itself where it is neither."""
    text = text.strip()
    return next(
        (code for code, one in regions().items() if one.name == text and code.startswith(province)), text
    )


def read_upload(department: Organisation, upload: Upload) -> Reading:
    """The workbook's rows. What contradicts the registry or another cell of its row is a wrong cell as well."""
    with storage.open_blob(upload.sha256) as source:
        reading = read_table(source, table_of(department), name=upload.name)
    if not reading.columns:
        return reading
    more = [*_contradictions(department, reading)]
    count = reading.problem_count + len(more)
    return replace(reading, problems=[*reading.problems, *more], problem_count=count)


def _contradictions(department: Organisation, reading: Reading) -> list[Problem]:
    codes = reading.columns["code"]
    blocked = queries.blocked(department, [credit_code.normalise(code) for code in codes if code])
    found = []

    def wrong(row: int, column: str, value: Any, expected: str) -> None:
        found.append(
            Problem(
                file=reading.file,
                sheet=reading.sheet,
                row=row,
                letter=letter_of(reading, column),
                title=reading.table.column(column).title_zh,
                value=_said(value),
                expected=expected,
                mend=_("请核对后改正。"),
            )
        )

    wrong_days = {problem.row for problem in reading.problems}
    for row, line in zip(reading.row_numbers, reading.rows(), strict=True):
        code = credit_code.normalise(_said(line["code"]))
        if code in blocked:
            wrong(row, "code", code, blocked[code])
        about = [_said(line.get(name)) for name in ("audit_kind", "audit_level", "audit_source")]
        if line.get("audit_on") and not about[0]:
            wrong(row, "audit_kind", "", _("填了审核完成日期，须填审核性质"))
        if line.get("audit_on") and not about[2]:
            wrong(row, "audit_source", "", _("填了审核完成日期，须填依据文件"))
        if not line.get("audit_on") and any(about) and row not in wrong_days:
            wrong(row, "audit_on", "", _("填了审核的其他内容，须填完成日期"))
    return found


def _said(value: Any) -> str:
    return "" if value is None or value is NA else str(value).strip()


def rows_of(department: Organisation, reading: Reading) -> list[ListRow]:
    """The rows of a workbook without problems."""
    province = rules.province_of(department.region_code)
    permits, kinds, levels = (
        {title: key for key, title in known.items()} for known in (PERMITS, KINDS, LEVELS)
    )
    places: dict[str, str] = {}

    def place(text: str) -> str:
        if text not in places:
            places[text] = region_code(text, province)
        return places[text]

    return [
        ListRow(
            name=_said(row["name"]),
            credit_code=credit_code.normalise(_said(row["code"])),
            region_code=place(_said(row["region"])),
            sector_code=_said(row.get("sector_code")),
            address=_said(row.get("address")),
            permit=permits.get(_said(row.get("permit")), ""),
            permit_number=_said(row.get("permit_number")),
            listed_on=row.get("listed_on") or None,
            disclosed_on=row.get("disclosed_on") or None,
            started_on=row.get("started_on") or None,
            audit_on=row.get("audit_on") or None,
            audit_kind=kinds.get(_said(row.get("audit_kind")), ""),
            audit_level=levels.get(_said(row.get("audit_level")), ""),
            audit_source=_said(row.get("audit_source")),
        )
        for row in reading.rows()
    ]
