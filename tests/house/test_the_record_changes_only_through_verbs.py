"""Writes to the database stand in `actions` (and drafts), nowhere else: read from the code itself."""

from __future__ import annotations

import ast
from pathlib import Path

import qingyuan

ROOT = Path(qingyuan.__file__).parent
WRITES = {
    "create",
    "bulk_create",
    "bulk_update",
    "insert_rows",
    "update",
    "update_or_create",
    "get_or_create",
    "delete",
    "save",
    "acreate",
    "asave",
    "aupdate",
    "adelete",
    "add",
    "set",
    "remove",
    "clear",
}
RELATED_MANAGER_WRITES = {"add", "set", "remove", "clear", "update", "create"}
# file -> why it may write outside a verb
ALLOWED = {
    "pilots/drafts.py": "chapter texts: guarded writes with their own revision",
    "delivery/drafts.py": "progress reports: guarded writes with their own revision",
    "review/drafts.py": "score sheets: guarded writes with their own revision",
    "delivery/summary_drafts.py": "chapters of summary reports: guarded writes with their own revision",
    "pilots/presence.py": "who has a chapter open: forgotten after seconds, no part of the record",
    "review/fieldwork.py": "answers and photos from the site: guarded writes with revision and key",
    "audits/drafts.py": "cells of a dataset: guarded writes with a revision per row",
    "audits/filling.py": "what an enterprise writes into its own rows: guarded writes with a revision per row",
    "audits/fieldlog.py": "entries and photos from the field: guarded writes with revision and key",
    "audits/reads.py": "who read raw figures: a log beside the ledger, written in the moment of reading",
    "kernel/actions.py": "the machine that runs verbs",
    "kernel/bulk.py": "many rows at once, for verbs that call it",
    "kernel/ledger.py": "the ledger itself",
    "kernel/outbox.py": "mail is written with its verb; sending marks it",
    "kernel/reminders.py": "which reminder was mailed: no part of the record",
    "kernel/gate/receive.py": "an upload is recorded when its bytes stand",
    "kernel/gate/scanning.py": "the scanner's word",
    "cli/restore.py": "rows come back exactly as they were backed up, with the ledger that vouches for them",
    "api/auth.py": "the day on which a token was last used",
}


def is_orm_write(node: ast.Call) -> bool:
    """`X.objects….write(…)`, `row.save(…)`, `rows.delete()`, `row.related.add(…)`; not `dict.update`, `set.add`, `File.save`."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in WRITES:
        return False
    chain = ast.unparse(node.func.value)
    if ".objects" in chain or "_default_manager" in chain:
        return True
    if node.func.attr in {
        "save",
        "delete",
        "bulk_create",
        "insert_rows",
        "get_or_create",
        "update_or_create",
    }:
        return "storage" not in chain and "document" not in chain.lower()
    return False


def in_a_verbs_file(path: str) -> bool:
    parts = Path(path).parts
    return "actions" in parts or Path(path).name == "actions.py" or "migrations" in parts


def test_orm_writes_stand_in_actions_only():
    found = []
    for file in ROOT.rglob("*.py"):
        path = file.relative_to(ROOT).as_posix()
        if (
            in_a_verbs_file(path)
            or path in ALLOWED
            or path.split("/")[0] in {"catalogue", "papers", "workbooks", "engine"}
        ):
            continue
        calls = (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
        found += [f"{path}:{node.lineno}: {ast.unparse(node.func)}" for node in calls if is_orm_write(node)]
    assert found == []


def test_the_scan_would_notice_a_write():
    seen = [
        is_orm_write(ast.parse(text).body[0].value)
        for text in (
            "Pilot.objects.filter(pk=1).update(name='x')",
            "pilot.save()",
            "pilot.chapters.all().delete()",
            "Mail.objects.create()",
        )
    ]
    assert all(seen)
    assert not is_orm_write(ast.parse("values.update(a=1)").body[0].value)
