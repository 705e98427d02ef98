"""SVG by the bundled ECharts inside QuickJS, PNG by resvg with the font that comes along: no browser, no Node, no network."""

from __future__ import annotations

import json
import re
import threading
from functools import cache
from pathlib import Path
from typing import Any

from qingyuan.figures.model import Figure, FigureError

ASSETS = Path(__file__).parent / "assets"
FONT = "Noto Sans SC"
MEMORY = 512 * 1024 * 1024
"""Bytes that drawing one figure may take inside QuickJS."""
_IDS = re.compile(r"zr\d+-([a-z]+)-?\d+")
_here = threading.local()


class AssetsMissing(RuntimeError):  # noqa: N818 (it says what happened)
    """The front end was not built."""


def svg(figure: Figure) -> str:
    """The figure as SVG, the same bytes for the same figure."""
    try:
        drawn = _context().get("drawFigure")(
            json.dumps(dict(figure.option), ensure_ascii=False, allow_nan=False), figure.width, figure.height
        )
    except ValueError as error:
        raise FigureError(f"{figure.title}：数据里有不是数的值") from error
    return _accessible(_steady(json.loads(drawn)), figure)


def png(figure: Figure, *, scale: float = 2.0, drawn: str | None = None) -> bytes:
    """The figure as PNG on white; `scale` 2 prints well in Word. `drawn`: its SVG, where it is drawn already."""
    import resvg_py

    return resvg_py.svg_to_bytes(
        svg_string=svg(figure) if drawn is None else drawn,
        zoom=scale,
        background="white",
        skip_system_fonts=True,
        font_files=[str(_asset("NotoSansSC-Regular.ttf"))],
        font_family=FONT,
        sans_serif_family=FONT,
    )


def document(figure: Figure) -> str:
    """The figure as JSON for whoever draws it again: ECharts' option with its size, its words and its data as a table."""
    said = {
        "title": figure.title,
        "alt": figure.alt,
        "width": figure.width,
        "height": figure.height,
        "option": dict(figure.option),
        "data": {"heads": list(figure.data.heads), "rows": [list(row) for row in figure.data.rows]},
    }
    try:
        return json.dumps(said, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise FigureError(f"{figure.title}：数据里有不是数的值") from error


def _asset(name: str) -> Path:
    path = ASSETS / name
    if not path.is_file():
        raise AssetsMissing(f"{path} 不存在：前端没有构建，请运行 python hatch_build.py 或重新安装。")
    return path


@cache
def _bundle() -> str:
    return _asset("figures.js").read_text("utf-8")


def _context() -> Any:
    """QuickJS with ECharts loaded; a context belongs to the thread that made it."""
    if not hasattr(_here, "context"):
        import quickjs

        context = quickjs.Context()
        context.set_memory_limit(MEMORY)
        context.set_max_stack_size(4 * 1024 * 1024)
        context.eval(_bundle())
        _here.context = context
    return _here.context


def _steady(drawn: str) -> str:
    """ECharts numbers its clips and patterns through the life of the process; a figure's own begin at 0."""
    seen: dict[str, str] = {}
    return _IDS.sub(lambda found: seen.setdefault(found[0], f"{found[1]}{len(seen)}"), drawn)


def _accessible(drawn: str, figure: Figure) -> str:
    """Title and description inside, for readers that read pictures aloud."""
    words = "".join(
        f"<{tag}>{text.replace('&', '&amp;').replace('<', '&lt;')}</{tag}>"
        for tag, text in (("title", figure.title), ("desc", figure.alt))
    )
    head, mark, rest = drawn.partition(">")
    return f'{head} role="img"{mark}{words}{rest}'
