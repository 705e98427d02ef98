"""Figures of a command's result into a folder: SVG to zoom, PNG for Word, CSV with the data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qingyuan.cli.compute.frame import BadInput
from qingyuan.workbooks.problems import Problem
from qingyuan.workbooks.schema import Column, Table

if TYPE_CHECKING:
    from qingyuan.figures import Figure

option = click.option(
    "--figures",
    "folder",
    type=click.Path(file_okay=True, path_type=Path),
    default=None,
    help="把图存到这个文件夹 Write the figures (SVG, PNG, CSV) into this folder.",
)


def problems(folder: Path | None) -> list[Problem]:
    """What is wrong with the folder, said before the work."""
    if folder is None or folder.is_dir() or (not folder.exists() and folder.absolute().parent.is_dir()):
        return []
    return [
        Problem(
            file=str(folder), expected="文件夹，或已有文件夹中的新文件夹", mend="请核对 --figures 的路径。"
        )
    ]


def ready(folder: Path | None) -> None:
    """BadInput where nothing can be written there."""
    if found := problems(folder):
        raise BadInput(found)


def write_options(figures: Sequence[Figure], folder: Path) -> None:
    """`NAME.option.json` for each: what a page draws so that one can ask it."""
    from qingyuan.figures import document

    for figure in figures:
        (folder / f"{figure.name}.option.json").write_text(document(figure), "utf-8")


def write(figures: Sequence[Figure], folder: Path) -> list[str]:
    """Three files a figure; the names of all. The CSV opens in Excel, and text in it never becomes a formula."""
    from qingyuan.figures import png, svg
    from qingyuan.workbooks.write import write_csv

    folder.mkdir(exist_ok=True)
    written = []
    for figure in figures:
        drawn = svg(figure)
        (folder / f"{figure.name}.svg").write_text(drawn, "utf-8")
        (folder / f"{figure.name}.png").write_bytes(png(figure, drawn=drawn))
        heads = figure.data.heads
        columns = tuple(Column(name=f"column{k}", title_zh=head) for k, head in enumerate(heads))
        table = Table(name=figure.name, title=figure.title, columns=columns)
        with (folder / f"{figure.name}.csv").open("wb") as file:
            write_csv(
                file, table, ({f"column{k}": cell for k, cell in enumerate(row)} for row in figure.data.rows)
            )
        written += [f"{figure.name}.{kind}" for kind in ("svg", "png", "csv")]
    return written
