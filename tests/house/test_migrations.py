"""A new installation takes a room's migrations in one, an older one step by step: both end with the same tables."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState

from qingyuan.cli import archive


def tables(*, in_one: bool) -> dict[tuple[str, str], dict[str, Any]]:
    """Every model as the migrations leave it: fields, names of tables, constraints, indexes, orders."""
    state = MigrationLoader(None, replace_migrations=in_one).project_state()
    return {key: as_data(model) for key, model in state.models.items()}


def as_data(model: ModelState) -> dict[str, Any]:
    options = dict(model.options)
    by_name = {
        kind: {one.name: one.deconstruct() for one in options.pop(kind, [])}
        for kind in ("constraints", "indexes")
    }
    return {
        "fields": {name: field.deconstruct()[1:] for name, field in model.fields.items()},
        "options": {name: value for name, value in options.items() if value},
        **by_name,
    }


def test_both_ways_end_with_the_same_tables():
    in_one, by_steps = tables(in_one=True), tables(in_one=False)
    assert set(in_one) == set(by_steps)
    differing = [key for key, model in in_one.items() if model != by_steps[key]]
    assert differing == []


@pytest.mark.django_db
def test_a_new_installation_counts_as_having_taken_every_step():
    seen = MigrationRecorder(connection).applied_migrations()
    replaced = MigrationLoader(None).replacements
    assert {app for app, _name in replaced} >= {"calls", "registry", "pilots", "review", "delivery", "audits"}
    for one in replaced.values():
        assert set(one.replaces) <= set(seen)


@pytest.mark.django_db
def test_a_backup_names_the_steps_and_not_what_stands_for_them():
    named = archive.migrations()
    assert "delivery.0014_two_sittings" in named
    assert not [name for name in named if "squashed" in name]
