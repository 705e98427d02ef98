"""What is signed and sealed: its shape in every schema, the pictures' hashes, and what it costs to read."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from qingyuan.catalogue.notices import notices
from qingyuan.kernel import gate, storage
from qingyuan.kernel.actions import Invalid
from qingyuan.papers.package import verify_package
from qingyuan.pilots import actions, checks, drafts, returned, seal, snapshot
from qingyuan.pilots.models import ScopeEntry
from qingyuan.pilots.selfcheck import run_on_snapshot
from qingyuan.registry.models import Enterprise
from tests.kernel.gate.samples import png
from tests.pilot_maker import credit_code
from tests.pilots.workspace import signed_in

FIXTURES = Path(__file__).parent / "snapshots"


def fixture(schema: int) -> dict[str, Any]:
    return json.loads((FIXTURES / f"schema-{schema}.json").read_text())


def shape(value: Any) -> Any:
    """Keys all the way down; of a list, the shape of its first row."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items() if key not in {"answers", "joint"}}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return None


def with_picture(maker: Any, world: Any, stage: str = "ready") -> tuple[Any, Any]:
    pilot = maker("park", stage="ready")
    upload = gate.receive(
        io.BytesIO(png()), by=world.park_handler, name="流程图.png", allow=frozenset({"png"})
    )
    drafts.add_picture(pilot, upload=upload, by=world.park_handler)
    chapter = pilot.chapters.get(outline_id="goals")
    html = f'{chapter.html}<img data-upload="{upload.pk}" alt="工艺流程">'
    drafts.save_chapter(
        pilot, outline_id="goals", html=html, revision=chapter.revision, by=world.park_handler
    )
    if stage == "sealed":
        actions.hand_in(maker.fresh(pilot), by=world.park_handler)
        actions.pass_review(maker.fresh(pilot), by=world.park_reviewer)
        actions.sign(maker.fresh(pilot), by=world.park_signer, no_state_secrets=True)
        maker.attach_seal(maker.fresh(pilot), by=world.park_handler)
    return maker.fresh(pilot), upload


@pytest.mark.parametrize("schema", range(1, snapshot.SCHEMA + 1))
def test_a_snapshot_of_every_schema_reads_as_one_of_today(schema):
    old = fixture(schema)
    kept = json.dumps(old)
    new = snapshot.upcast(old)
    assert (old["schema"], new["schema"]) == (schema, snapshot.SCHEMA)
    assert json.dumps(old) == kept, "the kept record is not touched"
    assert shape(new).keys() == shape(fixture(snapshot.SCHEMA)).keys()
    for rows in ("scope", "targets", "pictures", "attachments", "chapters"):
        assert shape(new)[rows] == shape(fixture(snapshot.SCHEMA))[rows]
    found = run_on_snapshot(old, notices()["henan-2022"])
    assert not [one for one in found if one.severity == "error"]


def test_the_newest_fixture_has_the_shape_of_today(maker, world):
    pilot, _upload = with_picture(maker, world)
    newest = shape(fixture(snapshot.SCHEMA))
    made = shape(snapshot.build(pilot))
    for rows in ("schedule", "outputs"):  # empty in a fresh pilot, full in the fixture
        made.pop(rows), newest.pop(rows)
    assert made == newest


def test_what_was_signed_before_the_upgrade_can_still_be_sent(maker, world):
    pilot = maker("park", stage="sealed")
    data = snapshot.build(pilot)
    before = {key: value for key, value in data.items() if key != "pictures"} | {"schema": 2}
    type(pilot).objects.filter(pk=pilot.pk).update(content_sha256=snapshot.content_hash(before))
    made = actions.submit(maker.fresh(pilot), by=world.park_handler, sealed=seal.seal(maker.fresh(pilot)))
    assert made.snapshot["schema"] == snapshot.SCHEMA


@pytest.mark.sqlite
@pytest.mark.clause("H1", "N7")
def test_pictures_are_sealed_by_the_hash_of_their_bytes_and_go_into_the_dossier(maker, world):
    pilot, upload = with_picture(maker, world, stage="sealed")
    sealed = seal.seal(pilot)
    (row,) = sealed.snapshot["pictures"]
    assert row == {
        "upload": str(upload.pk),
        "name": "流程图.png",
        "size": len(png()),
        "sha256": upload.sha256,
    }
    submission = actions.submit(pilot, by=world.park_handler, sealed=sealed)
    response = signed_in(world.park_handler).get(f"/submissions/{submission.pk}/dossier/")
    data = io.BytesIO(b"".join(response.streaming_content))
    assert verify_package(data) == []
    archive = zipfile.ZipFile(data)
    assert archive.read("方案图片/01_流程图.png") == png()
    plan = zipfile.ZipFile(
        io.BytesIO(archive.read(next(n for n in archive.namelist() if n.endswith("实施方案.docx"))))
    )
    assert png() in [plan.read(name) for name in plan.namelist() if "media" in name]


def test_a_picture_that_is_gone_or_changed_is_refused_before_anything_is_sealed(maker, world):
    pilot, upload = with_picture(maker, world, stage="sealed")
    storage.remove(upload.sha256)
    with pytest.raises(Invalid) as refused:
        seal.seal(pilot)
    (problem,) = refused.value.problems
    assert "流程图.png" in problem.message
    assert problem.mend


def test_a_picture_that_is_not_the_pilots_is_a_finding_not_a_gap_in_print(maker, world):
    pilot, _upload = with_picture(maker, world)
    pilot.pictures.all().delete()
    assert snapshot.build(pilot)["pictures"] == []
    (found,) = [one for one in checks.check_content(maker.fresh(pilot)) if one.rule == "pictures"]
    assert (found.level, found.area, found.part) == ("error", "plan", "goals")


def test_the_running_size_counts_what_the_plan_shows(maker, world):
    pilot, upload = with_picture(maker, world)
    shown = checks.package_size(pilot)
    chapter = pilot.chapters.get(outline_id="goals")
    html = chapter.html[: chapter.html.index("<img")]
    drafts.save_chapter(
        pilot, outline_id="goals", html=html, revision=chapter.revision, by=world.park_handler
    )
    assert shown - checks.package_size(pilot) == upload.size


def test_a_part_that_another_module_contributes_is_signed_and_belongs_to_a_part(maker, world, monkeypatch):
    pilot = maker("park", stage="ready")
    plain = snapshot.content_hash(snapshot.build(pilot))
    monkeypatch.setattr(snapshot, "_CONTRIBUTIONS", dict(snapshot._CONTRIBUTIONS))
    snapshot.contribute("object_geometry", lambda _pilot: None)
    assert snapshot.content_hash(snapshot.build(pilot)) == plain, "nothing drawn: same shape, same hash"
    snapshot.contribute("object_geometry", lambda _pilot: {"ring": ["112.1", "34.2"]})
    drawn = snapshot.build(pilot)
    assert drawn["object_geometry"] == {"ring": ["112.1", "34.2"]}
    assert returned.changes(snapshot.build(pilot) | {"object_geometry": None}, drawn) == (set(), {"object"})


def test_five_thousand_enterprises_cost_the_check_one_query_and_two_columns(
    maker, world, django_assert_max_num_queries
):
    pilot = maker("park", stage="ready", scope=1)
    rows = Enterprise.objects.bulk_create(
        Enterprise(name=f"演示{n}", credit_code=credit_code(n)) for n in range(1000, 1300)
    )
    ScopeEntry.objects.bulk_create(
        ScopeEntry(pilot=pilot, enterprise=row, stated_name=row.name) for row in rows
    )
    pilot = maker.fresh(pilot)
    assert pilot.call.pk
    assert pilot.applicant.pk
    with django_assert_max_num_queries(9) as asked:
        list(checks.check_content(pilot))
    (scope,) = [query["sql"] for query in asked if 'FROM "pilots_scopeentry"' in query["sql"]]
    assert "note" not in scope
    with django_assert_max_num_queries(9):
        data = snapshot.build(pilot)
    assert len(data["scope"]) == 301
    assert data["scope"][1]["credit_code"] == credit_code(1000)
