"""The application as plain data at one moment: what is signed, sealed and kept.

`SCHEMA` grows when the shape changes; `UPCASTERS[n]` brings a snapshot of schema n to n + 1, and a fixture of
every schema stays in the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.pilots import joint
from qingyuan.pilots.models import Attachment, Pilot

SCHEMA = 1
UPCASTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def build(pilot: Pilot) -> dict[str, Any]:
    """The content of a pilot as canonical JSON data (six queries, two more for a region or basin). The stamped page is not part of what is signed."""
    notice, category = pilot.notice, pilot.category
    texts = {chapter.outline_id: chapter for chapter in pilot.chapters.all()}
    answers: dict[str, dict[str, Any]] = {}
    for answer in pilot.answers.all():
        answers.setdefault(answer.condition_id, {})[answer.question_id] = answer.value
    together = joint.data_of(pilot)
    # The key stands only where there is something: snapshots of other pilots keep their shape and hash.
    return ({"joint": together} if together else {}) | {
        "schema": SCHEMA,
        "notice": notice.id,
        "document_number": pilot.call.document_number,
        "category": {"id": category.id, "title": category.title},
        "applicant": {
            "id": str(pilot.applicant_id),
            "name": pilot.applicant.name,
            "region": pilot.applicant.region_code,
        },
        "name": pilot.name,
        "object": {"form": pilot.object_form, "name": pilot.object_name, "region": pilot.region_code},
        "sectors": list(pilot.sectors),
        "pollutants": list(pilot.pollutants),
        "answers": answers,
        "chapters": [
            {
                "id": leaf.id,
                "number": leaf.number,
                "title": leaf.title,
                "html": texts[leaf.id].html if leaf.id in texts else "",
            }
            for leaf in notice.leaves()
        ],
        "scope": [
            {
                "name": entry.stated_name,
                "credit_code": entry.enterprise.credit_code,
                "sector": entry.sector,
                "note": entry.note,
            }
            for entry in pilot.scope.select_related("enterprise")
        ],
        "targets": [
            {
                "measure": target.measure_id,
                "indicator": target.indicator,
                "unit": target.unit,
                "baseline_year": target.baseline_year,
                "baseline": plain(target.baseline),
                "target": plain(target.target),
                "note": target.note,
            }
            for target in pilot.targets.all()
        ],
        "attachments": [
            {
                "purpose": attachment.purpose,
                "condition": attachment.condition_id,
                "question": attachment.question_id,
                "title": attachment.title,
                "name": attachment.upload.name,
                "size": attachment.upload.size,
                "sha256": attachment.upload.sha256,
            }
            for attachment in pilot.attachments.select_related("upload")
            if attachment.purpose != Attachment.Purpose.SEAL
        ],
    }


def content_hash(snapshot: dict[str, Any]) -> str:
    return sha256_hex(canonical_bytes(snapshot))


def upcast(snapshot: dict[str, Any]) -> dict[str, Any]:
    """An old snapshot in today's shape."""
    while snapshot["schema"] < SCHEMA:
        snapshot = UPCASTERS[snapshot["schema"]](snapshot)
    return snapshot


def plain(value: Decimal | None) -> str | None:
    """A decimal as people write it: no exponent, no trailing zeros. None stays "not stated"."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
