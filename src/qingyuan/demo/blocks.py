"""Small pieces of which the demo's plan is put together."""

from __future__ import annotations

from collections.abc import Iterable

from qingyuan.demo.firms import FIRMS, TRADES, Firm


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def numbered(*texts: str) -> str:
    return f"<ol>{''.join(f'<li>{text}</li>' for text in texts)}</ol>"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{''.join(f'<th>{cell}</th>' for cell in head)}</tr>{lines}</table>"


def picture(upload: object, title: str) -> str:
    return f'<img data-upload="{upload}" alt="{title}">'


def of_trade(key: str) -> list[Firm]:
    return [firm for firm in FIRMS if firm.trade is TRADES[key]]
