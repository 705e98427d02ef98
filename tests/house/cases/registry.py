"""Enterprises and audits on record for the matrices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.registry_maker import certificate_of, enterprise_in, other_enterprise, record_in

KEEPERS = {"province_handler", "park_and_province"}

OBJECTS: dict[str, Callable[[Any, str], Any]] = {
    "registry.enterprise": enterprise_in,
    "registry.auditrecord": record_in,
}
ARGUMENTS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "enterprise.rename": lambda m, o: {"name": "演示新名有限公司", "on": date(2022, 6, 1)},
    "enterprise.close": lambda m, o: {"on": date(2022, 6, 1), "reason": "演示：注销"},
    "enterprise.reopen": lambda m, o: {},
    "enterprise.merge": lambda m, o: {"into": other_enterprise()},
    "enterprise.record_audit": lambda m, o: {
        "kind": "mandatory",
        "completed_on": date(2021, 6, 30),
        "source": "演示〔2021〕1号",
    },
    "audit_record.revoke": lambda m, o: {"reason": "演示：登记有误"},
    "registry.import_list": lambda m, o: {"rows": []},
}
MAY: dict[str, set[str]] = {
    **{f"enterprise.{verb}": KEEPERS for verb in ("rename", "close", "reopen", "merge", "record_audit")},
    "audit_record.revoke": KEEPERS,
    # The matrix tries it on an applicant's body, which keeps no registry; the departments' right: tests/registry.
    "registry.import_list": set(),
}
ROUTE_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "registry.enterprise": lambda maker: enterprise_in(maker, "active"),
    "registry.auditrecord": lambda maker: record_in(maker, "valid"),
    "registry.certificate": certificate_of,
}
