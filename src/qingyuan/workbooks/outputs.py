"""The list of a pilot's results with all their versions 产出成果清单: written, never read."""

from __future__ import annotations

from qingyuan.workbooks.schema import Column, Table


def output_table() -> Table:
    """One row a version; results without one have a row as well."""
    return Table(
        name="outputs",
        title="产出成果清单",
        columns=(
            Column(name="key", title_zh="编号"),
            Column(name="title", title_zh="成果"),
            Column(name="kind", title_zh="类别"),
            Column(name="origin", title_zh="来源", note="获批方案承诺，或增补及其理由"),
            Column(name="targets", title_zh="服务的目标"),
            Column(name="milestone", title_zh="应交节点"),
            Column(name="due_on", title_zh="应交日期", kind="date"),
            Column(name="stage", title_zh="状态"),
            Column(name="late", title_zh="逾期"),
            Column(name="public", title_zh="可公开"),
            Column(name="number", title_zh="版次", kind="integer"),
            Column(name="version", title_zh="版本名称"),
            Column(name="files", title_zh="文件"),
            Column(name="sha256", title_zh="SHA-256"),
            Column(name="handed_in", title_zh="提交日期", kind="date"),
            Column(name="verdict", title_zh="结论"),
            Column(name="opinion", title_zh="意见"),
        ),
    )
