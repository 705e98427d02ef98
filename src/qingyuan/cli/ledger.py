"""The ledger in a terminal; `check` needs neither database nor settings."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from qingyuan import installation
from qingyuan.papers.ledger_receipt import check_receipt


@click.group()
def ledger() -> None:
    """Verify the ledger, publish its head, check receipts."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
def verify(*, as_json: bool) -> None:
    """Recompute the whole chain; exit code 2 and the first broken entry if it does not hold."""
    installation.start()
    from qingyuan.kernel import ledger as chain

    result = chain.verify()
    broken = {"seq": result.broken.seq, "reason": result.broken.reason} if result.broken else None
    if as_json:
        state = "ok" if broken is None else "broken"
        click.echo(
            json.dumps({"status": state, "entries": result.entries, "head": result.head, "broken": broken})
        )
    elif broken:
        click.echo(f"台账不成立：第 {broken['seq']} 条，{broken['reason']}", err=True)
    else:
        click.echo(f"台账成立：{result.entries} 条，链头 {result.head}")
    raise SystemExit(2 if broken else 0)


@ledger.command()
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The head of this day (Beijing time)."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
def head(*, day: datetime | None, as_json: bool) -> None:
    """Print the present head, or the one of a past day, for publication."""
    installation.start()
    from qingyuan.kernel import ledger as chain

    end = chain.head() if day is None else chain.head_on(day.date())
    if end is None:
        said = f"{day:%Y-%m-%d} 没有登记；台账按北京时间分日"
        state = {"status": "bad_input", "problems": [said]}
        click.echo(json.dumps(state, ensure_ascii=False) if as_json else said, err=not as_json)
        raise SystemExit(2)
    click.echo(json.dumps({"seq": end.seq, "hash": end.hash}) if as_json else f"{end.seq} {end.hash}")


@ledger.command()
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--head", "head_hash", help="The published head to hold it against (64 hex digits).")
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
def check(receipt: Path, head_hash: str | None, *, as_json: bool) -> None:
    """Check a RECEIPT on this machine alone; exit code 2 and the reasons if it does not hold."""
    problems = _problems(receipt, head_hash)
    if as_json:
        state: dict[str, Any] = {"status": "bad_input" if problems else "ok", "problems": problems}
        click.echo(json.dumps(state, ensure_ascii=False))
    elif problems:
        click.echo("\n".join([f"{receipt}：核验不通过", *(f"  {problem}" for problem in problems)]), err=True)
    elif head_hash:
        click.echo(f"{receipt}：核验通过，属于该链头")
    else:
        click.echo(f"{receipt}：回执自身一致；要证明它属于台账，请用 --head 给出公布的链头")
    raise SystemExit(2 if problems else 0)


def _problems(receipt: Path, head_hash: str | None) -> list[str]:
    try:
        document = json.loads(receipt.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return [f"不是合格的 JSON：{error}"]
    return check_receipt(document, head_hash=head_hash)
