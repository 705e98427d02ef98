"""The application as plain data at one moment: what is signed, sealed and kept.

`SCHEMA` grows when the shape changes; `UPCASTERS[n]` brings a snapshot of schema n to n + 1, and a fixture of
every schema stays in the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.pilots import derived, joint, quotes
from qingyuan.pilots.derived import plain
from qingyuan.pilots.models import Attachment, Pilot, Target

SCHEMA = 2


def build(pilot: Pilot) -> dict[str, Any]:
    """The content of a pilot as canonical JSON data (eight queries, two more for a region or basin). The stamped page is
    not part of what is signed.
    """
    notice, category = pilot.notice, pilot.category
    targets = list(pilot.targets.all())
    texts = quotes.filled_texts(pilot, targets)
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
                "html": texts.get(leaf.id, ""),
            }
            for leaf in notice.leaves()
        ],
        "scope": [
            {
                "name": entry.stated_name,
                "credit_code": entry.enterprise.credit_code,
                "sector": entry.sector,
                "sector_code": entry.sector_code,
                "size": entry.size,
                "permit": entry.permit,
                "last_audit": entry.last_audit.isoformat() if entry.last_audit else None,
                "pollutants": entry.pollutants,
                "prefecture": entry.prefecture,
                "county": entry.county,
                "note": entry.note,
            }
            for entry in pilot.scope.select_related("enterprise")
        ],
        "targets": [target_line(target) for target in pilot.targets.all()],
        "schedule": schedule_of(pilot),
        "outputs": outputs_of(pilot),
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


def schedule_of(pilot: Pilot) -> dict[str, Any]:
    """The term and the milestones in it."""
    return {
        "start": pilot.term_start.isoformat() if pilot.term_start else None,
        "end": pilot.term_end.isoformat() if pilot.term_end else None,
        "milestones": [
            {
                "title": milestone.title,
                "starts": milestone.starts.isoformat(),
                "ends": milestone.ends.isoformat(),
                "outputs": milestone.outputs,
                "responsible": milestone.responsible,
            }
            for milestone in pilot.milestones.all()
        ],
    }


def outputs_of(pilot: Pilot) -> list[dict[str, Any]]:
    """The expected outputs, each with the key of the target that it serves."""
    return [
        {"title": output.title, "benefit": output.benefit, "target": output.target_key}
        for output in pilot.outputs.all()
    ]


def target_line(target: Target) -> dict[str, Any]:
    """A row of the targets table with the figures derived from it."""
    found = derived.of(target)
    return {
        "key": target.key,
        "measure": target.measure_id,
        "indicator_id": target.indicator_id,
        "indicator": target.indicator,
        "unit": target.unit,
        "baseline_year": target.baseline_year,
        "baseline": plain(target.baseline),
        "target": plain(target.target),
        "change": plain(found.change),
        "percent": plain(found.percent),
        "formula": target.formula,
        "share": plain(target.share),
        "note": target.note,
    }


def _to_2(old: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 knew less of an enterprise and of a target; what follows from its figures is worked out now."""
    blank = dict.fromkeys(("sector_code", "size", "permit", "pollutants", "prefecture", "county"), "")
    targets = []
    for number, row in enumerate(old["targets"], start=1):
        baseline, target = (None if row[key] is None else Decimal(row[key]) for key in ("baseline", "target"))
        found = derived.derive(baseline, target)
        more = {
            "key": row["measure"] or f"t{number}",
            "indicator_id": "",
            "change": plain(found.change),
            "percent": plain(found.percent),
            "formula": "",
            "share": None,
        }
        targets.append({**more, **row})
    return {
        **old,
        "schema": 2,
        "scope": [{**blank, "last_audit": None, **row} for row in old["scope"]],
        "targets": targets,
        "schedule": {"start": None, "end": None, "milestones": []},
        "outputs": [],
    }


UPCASTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _to_2}
