"""The application as plain data at one moment: what is signed, sealed and kept.

The shape has a schema number; old shapes are read through `upcasts`. A room or module that has something to add only
where there is something registers it with `contribute`: snapshots of other pilots keep their shape and hash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import DateField, Value

from qingyuan.papers import richtext
from qingyuan.papers.canonical import canonical_bytes, sha256_hex
from qingyuan.pilots import derived, geometry, joint, quotes
from qingyuan.pilots.derived import plain
from qingyuan.pilots.files import StoredFile, files_of
from qingyuan.pilots.models import Attachment, Chapter, Pilot, Target
from qingyuan.pilots.upcasts import SCHEMA, upcast

__all__ = ["SCHEMA", "build", "content_hash", "contribute", "said_before", "upcast"]

Contribution = Callable[[Pilot], Any]
_CONTRIBUTIONS: dict[str, Contribution] = {"joint": joint.data_of, "object_geometry": geometry.data_of}
_SCOPE = (
    "stated_name",
    "enterprise__credit_code",
    "sector",
    "sector_code",
    "size",
    "permit",
    "last_audit",
    "pollutants",
    "prefecture",
    "county",
    "note",
)
_DAY = Value(None, output_field=DateField())


def contribute(key: str, of: Contribution) -> None:
    """Let a module put its part of a pilot's content under `key`, wherever `of` gives something other than None.

    `of` gives JSON data without floats. A contributed key is part of what is signed; `returned.PART_OF` says to which part of
    the application it belongs.
    """
    _CONTRIBUTIONS[key] = of


def build(
    pilot: Pilot,
    *,
    files: Iterable[StoredFile] | None = None,
    chapters: Iterable[Chapter] | None = None,
    scope: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The content of a pilot as canonical JSON data (six queries, and those of what is contributed). The stamped page is
    not part of what is signed.

    `files`, `chapters` if the caller has read them. `scope` for readers that only count, name and place enterprises: thousands
    of rows with two keys each; such data is never hashed, signed or kept.
    """
    notice, category = pilot.notice, pilot.category
    targets = list(pilot.targets.all())
    texts = quotes.filled_texts(pilot.chapters.all() if chapters is None else chapters, targets)
    stored = files_of(pilot) if files is None else list(files)
    answers: dict[str, dict[str, Any]] = {}
    for condition, question, value in pilot.answers.values_list("condition_id", "question_id", "value"):
        answers.setdefault(condition, {})[question] = value
    parts = {key: found for key, of in _CONTRIBUTIONS.items() if (found := of(pilot)) is not None}
    milestones, outputs = _plans(pilot)
    return parts | {
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
        "scope": _scope(pilot) if scope is None else scope,
        "targets": [target_line(target) for target in targets],
        "schedule": {**_term(pilot), "milestones": milestones},
        "outputs": outputs,
        "attachments": [
            {
                "purpose": file.purpose,
                "condition": file.condition_id,
                "question": file.question_id,
                "title": file.title,
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in stored
            if file.purpose and file.purpose != Attachment.Purpose.SEAL
        ],
        "pictures": _pictures(texts.values(), stored),
    }


def content_hash(snapshot: dict[str, Any]) -> str:
    return sha256_hex(canonical_bytes(snapshot))


def said_before(snapshot: dict[str, Any]) -> str:
    """The hash of the same content in the shape before this one: what was signed before an upgrade is still signed."""
    before = {key: value for key, value in snapshot.items() if key != "pictures"}
    return content_hash({**before, "schema": SCHEMA - 1})


def _pictures(texts: Iterable[str], stored: Iterable[StoredFile]) -> list[dict[str, Any]]:
    """The pictures that the texts show, in order of appearance, with the hash of their bytes; only clean uploads of
    this pilot.
    """
    shown = {file.upload: file for file in stored if file.is_picture}
    named = dict.fromkeys(upload for text in texts for upload in richtext.uploads_shown(text))
    return [
        {"upload": upload, "name": file.name, "size": file.size, "sha256": file.sha256}
        for upload in named
        if (file := shown.get(upload)) is not None
    ]


def _scope(pilot: Pilot) -> list[dict[str, Any]]:
    keys = [name.removeprefix("stated_").removeprefix("enterprise__") for name in _SCOPE]
    rows = [dict(zip(keys, row, strict=True)) for row in pilot.scope.values_list(*_SCOPE)]
    for row in rows:
        if row["last_audit"] is not None:
            row["last_audit"] = row["last_audit"].isoformat()
    return rows


def _term(pilot: Pilot) -> dict[str, Any]:
    return {
        "start": pilot.term_start.isoformat() if pilot.term_start else None,
        "end": pilot.term_end.isoformat() if pilot.term_end else None,
    }


def _plans(pilot: Pilot) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Milestones and outputs, each in its order (one query for both)."""
    steps = pilot.milestones.order_by().values_list(
        Value(0), "position", "title", "starts", "ends", "outputs", "responsible"
    )
    results = pilot.outputs.order_by().values_list(
        Value(1), "position", "title", _DAY, _DAY, "benefit", "target_key"
    )
    milestones, outputs = [], []
    for kind, _position, title, starts, ends, more, other in sorted(
        steps.union(results, all=True), key=lambda row: row[:2]
    ):
        if kind:
            outputs.append({"title": title, "benefit": more, "target": other})
        else:
            days = {"starts": starts.isoformat(), "ends": ends.isoformat()}
            milestones.append({"title": title, **days, "outputs": more, "responsible": other})
    return milestones, outputs


def schedule_of(pilot: Pilot) -> dict[str, Any]:
    """The term and the milestones in it."""
    return {**_term(pilot), "milestones": _plans(pilot)[0]}


def outputs_of(pilot: Pilot) -> list[dict[str, Any]]:
    """The expected outputs, each with the key of the target that it serves."""
    return _plans(pilot)[1]


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
