"""A row about the self-check as one writes: a plan of 60 pages, 20 tables, after a change in one chapter."""

from __future__ import annotations

from typing import Any

from bench.measure import Row, cpu_ms

PAGES, CHARACTERS_A_PAGE, TABLES = 60, 700, 20
BUDGET_MS = 300


def application(turn: int = 0) -> dict[str, Any]:
    """A snapshot with a plan of 60 pages; `turn` changes the text, as writing does."""
    from tests.pilots.plain_application import NOTICE, application

    leaves = NOTICE.leaves()
    size = PAGES * CHARACTERS_A_PAGE // len(leaves)
    chapters = {}
    for number, leaf in enumerate(leaves):
        sentences: list[str] = []
        while sum(map(len, sentences)) < size:
            index = len(sentences)
            sentences.append(
                f"第{number}-{index}项：{leaf.title}方面，{index + 3}号装置年用水{index * 7 + number}万吨，节电{index + 11}万kWh，"
                f"2022年{index % 12 + 1}月完成改造，回用率提高到{index % 60 + 20}%，投资{index * 3 + 5}万元，由企业和管委会共同落实。"
            )
        paragraphs = "".join(
            f"<p>{''.join(sentences[at : at + 4])}</p>" for at in range(0, len(sentences), 4)
        )
        rows = "".join(
            f"<tr><td>指标{row}</td><td>{row * 13}</td><td>{row}万吨</td></tr>" for row in range(15)
        )
        table = f"<table><tr><th>指标</th><th>数值</th><th>数量</th></tr>{rows}</table>"
        mine = TABLES // len(leaves)
        chapters[leaf.id] = f"<p>改动{turn if number == 0 else 0}</p>" + paragraphs + table * mine
    return application("park", chapters=chapters, scope=300)


def row() -> Row:
    """First reading of the whole plan, and the run after one chapter changed (what an autosave costs)."""
    from qingyuan.pilots.selfcheck import run_on_snapshot
    from qingyuan.pilots.selfcheck.figures import figures
    from qingyuan.pilots.selfcheck.text import read
    from tests.pilots.plain_application import NOTICE

    first_time = application()
    turns = iter([application(turn) for turn in range(1, 20)])

    def forget() -> None:
        read.cache_clear()
        figures.cache_clear()

    first = cpu_ms(lambda: run_on_snapshot(first_time, NOTICE), before=forget)
    run_on_snapshot(first_time, NOTICE)
    following = cpu_ms(lambda: run_on_snapshot(next(turns), NOTICE))
    words = sum(len(chapter["html"]) for chapter in first_time["chapters"])
    return Row(
        f"self-check of a plan of {PAGES} pages, {TABLES} tables",
        cpu_ms=first,
        budget=f"<= {BUDGET_MS} ms",
        within=first <= BUDGET_MS,
        notes={"after a change in one chapter, ms": following, "characters": words},
    )
