"""The State's round and its bundles for the matrices (the round of the matrix is a province's: refused for that)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

HANDLERS = {"province_handler", "park_and_province"}


def workbook(maker: Any) -> Any:
    import io

    from qingyuan.catalogue.notices import notices
    from qingyuan.review.bundles import list_table
    from qingyuan.workbooks.write import write_table

    target = io.BytesIO()
    write_table(target, list_table(notices()["national-2022"]), [])
    target.seek(0)
    return maker.upload(by=maker.world.province_handler, name="汇总表.xlsx", file=target)


def stated() -> Any:
    from qingyuan.review.bundles import Stated

    return Stated(title="演示外省项目", applicant="演示外省园区", category_id="park", region_code="370000")


OBJECTS: dict[str, Callable[[Any, str], Any]] = {}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "round.take_in": lambda m, o: {"source": o},
    "round.import_bundle": lambda m, o: {
        "region_code": "370000",
        "sender": "演示省厅、演示省委",
        "document_number": "",
        "rows": [stated()],
        "workbook": workbook(m),
    },
    "round.archive": lambda m, o: {},
    "case.attach_file": lambda m, o: {"kind": "plan", "upload": m.upload(by=m.world.province_handler)},
}
MAY: dict[str, set[str]] = {
    "round.take_in": HANDLERS,
    "round.import_bundle": HANDLERS,
    "round.archive": HANDLERS,
    "case.attach_file": HANDLERS,
}
CONTENT_MAY_REFUSE = {"round.take_in", "round.import_bundle", "case.attach_file"}
