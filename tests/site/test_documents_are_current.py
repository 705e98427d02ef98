"""What is generated or promised in docs/ agrees with the code."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from qingyuan.catalogue.clauses import clause_ids
from qingyuan.kernel import clause_places
from qingyuan.site import clause_table, docs

ROOT = Path(__file__).parents[2]


def test_diagrams_and_permission_table_are_current():
    assert docs.stale(ROOT / "docs") == {}, "run `make docs`"


def test_the_measured_figures_in_the_documents_are_those_of_the_results():
    from bench import readme

    assert readme.stale() == [], "run `python -m bench.readme`"


def test_every_variable_of_the_environment_is_in_the_deployment_guide():
    guide = (ROOT / "docs/guide/装起来.md").read_text("utf-8")
    used = {
        name.removesuffix("_FILE")
        for path in (ROOT / "src/qingyuan").rglob("*.py")
        for name in re.findall(r"\bQINGYUAN_[A-Z0-9_]+", path.read_text("utf-8"))
    }
    assert {name for name in used if f"`{name}`" not in guide} == set()


def test_links_between_documents_lead_somewhere():
    documents = [ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{path.name}: {target}"
        for path in documents
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8"))
        if not (path.parent / target).exists() and not target.startswith("docs/screens/")
    ]
    assert broken == []


def test_files_named_in_the_glossary_exist():
    text = (ROOT / "docs/glossary.md").read_text("utf-8")
    names = re.findall(r"`([a-z_]+/[\w/.-]*)`", text)
    assert len(names) > 30
    assert [name for name in names if not (ROOT / "src/qingyuan" / name).exists()] == []


# --- the record of clauses


@cache
def marked_tests() -> dict[str, set[str]]:
    """Test -> the clauses that it is marked with, read from the files themselves."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        module = ast.parse(path.read_text("utf-8"))
        for name, node in _functions(module):
            if clauses := _clauses(node):
                found[f"{path.relative_to(ROOT).as_posix()}::{name}"] = clauses
    return found


def _functions(owner: ast.Module | ast.ClassDef, within: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a file and the methods of its classes, by the names that pytest gives them."""
    for node in owner.body:
        if isinstance(node, ast.FunctionDef):
            yield f"{within}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{within}{node.name}::")


def _clauses(function: ast.FunctionDef) -> set[str]:
    calls = (
        node
        for decorator in function.decorator_list
        for node in ast.walk(decorator)
        if isinstance(node, ast.Call)
    )
    marks = (call for call in calls if ast.unparse(call.func).endswith("mark.clause"))
    return {argument.value for mark in marks for argument in mark.args if isinstance(argument, ast.Constant)}


def test_every_marked_clause_exists():
    named = {clause for clauses in marked_tests().values() for clause in clauses}
    assert named - clause_ids() == set()


def test_every_clause_that_a_verb_or_page_names_exists():
    assert clause_places.named_clauses() - clause_ids() == set()


def test_the_record_names_only_tests_that_exist_and_are_marked():
    record = json.loads(clause_table.RECORD.read_text("utf-8"))
    assert set(record) <= clause_ids()
    stale = [
        f"{clause}: {test}"
        for clause, tests in record.items()
        for test in tests
        if clause not in marked_tests().get(test, ())
    ]
    assert stale == [], "run `make docs`"


def test_the_record_knows_every_clause_that_has_a_marked_test():
    record = json.loads(clause_table.RECORD.read_text("utf-8"))
    marked = {clause for clauses in marked_tests().values() for clause in clauses}
    assert marked - set(record) == set(), (
        "a marked test failed in the last `make docs`, or it was not run since"
    )


def test_what_is_done_says_where():
    assert [row.clause.id for row in clause_table.rows() if row.done and not row.where] == []
