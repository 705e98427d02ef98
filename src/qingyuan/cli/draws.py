"""Draws in a terminal: recomputed on this machine alone, with neither database nor settings."""

from __future__ import annotations

import json
from pathlib import Path

import click

from qingyuan.kernel.draws import Report, verify


@click.group()
def draw() -> None:
    """Recompute a published draw (随机抽取、随机抽查)."""


EXITS = {"verified": 0, "mismatch": 1, "bad_input": 2}


@draw.command(name="verify")
@click.argument("record", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
def verify_record(record: Path, *, as_json: bool) -> None:
    """Recompute a draw RECORD. Exit code 0: it holds; 1: a step does not; 2: it is no draw record."""
    report = _report(record)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    elif report.problems:
        click.echo("\n".join([f"{record}：不是合格的抽取记录", *_lines(report.problems)]), err=True)
    else:
        for step in report.steps:
            click.echo(f"{'相符' if step.ok else '不符'}  {step.title}")
            for line in _lines(step.faults):
                click.echo(line)
        click.echo(f"{record}：{'核验通过' if report.status == 'verified' else '核验不通过'}")
    raise SystemExit(EXITS[report.status])


def _lines(texts: tuple[str, ...]) -> list[str]:
    return [f"  {text}" for text in texts]


def _report(record: Path) -> Report:
    try:
        return verify(json.loads(record.read_text("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        return Report((f"不是合格的 JSON：{error}",), ())
