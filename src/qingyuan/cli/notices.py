"""Clauses and notice files in a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import click

from qingyuan import installation


@click.command()
@click.option("--json", "as_json", is_flag=True, help="[{id, title, done, where: [...]}] on stdout.")
def clauses(*, as_json: bool) -> None:
    """Every clause of the notice: where it is carried out, and whether a passing test shows it."""
    installation.start(secret_needed=False)
    from qingyuan.site.clause_table import as_json as rows

    found = rows()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for row in found:
        places = "、".join(place["title"] for place in row["where"]) or "—"
        click.echo(f"{row['id']:<5} {'已做到' if row['done'] else '尚未　'}  {row['title']}  [{places}]")


@click.group()
def notices() -> None:
    """Notice files: a new batch is only a file."""


@notices.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
def check(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Load notice FILES and print every problem with file and line; exit code 2 if there are any."""
    from qingyuan.catalogue.notices import CatalogueError, load_notice

    problems = []
    for file in files:
        try:
            notice = load_notice(file)
        except CatalogueError as error:
            problems += [(file.parent / problem.file, problem) for problem in error.problems]
        else:
            if not as_json:
                click.echo(
                    f"{file}：成立（{notice.title}，{len(notice.categories)} 类，截止 {notice.closes.at}）"
                )
    if as_json:
        rows = [
            {
                "file": str(path),
                "line": found.line,
                "path": found.path,
                "reason": found.reason,
                "expected": found.expected,
            }
            for path, found in problems
        ]
        click.echo(
            json.dumps({"status": "bad_input" if rows else "ok", "problems": rows}, ensure_ascii=False)
        )
    for path, found in problems if not as_json else ():
        where = f"（{found.path}）" if found.path else ""
        expected = f"；应为：{found.expected}" if found.expected else ""
        click.echo(f"{path}:{found.line}: {found.reason}{where}{expected}", err=True)
    raise SystemExit(2 if problems else 0)
