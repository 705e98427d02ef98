"""The list of results as rows of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.delivery.models import OutputVersion
from qingyuan.delivery.queries.output import Line
from qingyuan.kernel import clock


def rows_of(lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    """One row a version, and one for a result that has none."""
    for line in lines:
        for version in line.versions or (None,):
            yield {**_output(line), **(_version(version) if version else {})}


def _output(line: Line) -> dict[str, Any]:
    one = line.output
    return {
        "key": one.key,
        "title": one.title,
        "kind": one.kind_title,
        "origin": _("方案承诺") if one.is_promised else _("增补：%s") % one.added_reason,
        "targets": "、".join(line.targets),
        "milestone": line.milestone,
        "due_on": one.due_on,
        "stage": str(one.get_stage_display()),
        "late": _("逾期") if line.is_late else "",
        "public": _("可公开") if one.may_be_published else "",
    }


def _version(version: OutputVersion) -> dict[str, Any]:
    files = list(version.files.all())
    return {
        "number": version.number,
        "version": version.title,
        "files": "\n".join(file.upload.name for file in files),
        "sha256": "\n".join(file.upload.sha256 for file in files),
        "handed_in": clock.local(version.handed_in_at).date() if version.handed_in_at else None,
        "verdict": str(version.get_verdict_display()) if version.verdict else "",
        "opinion": version.opinion,
    }
