"""A version is handed to the command as tables: the results are to the letter those of its workbook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from qingyuan.cli import main
from qingyuan.workbooks import collected as books
from qingyuan.workbooks.industry_demo import write_demo
from tests.terminal import sector_books

EXAMPLES = Path(__file__).parents[2] / "examples"
COMMANDS = {"industry": "diagnose", "park": "park", "region": "region"}


def run(*arguments: object):
    return CliRunner().invoke(main, [str(one) for one in arguments])


def both_ways(template: str, source: Path, folder: Path):
    """The answers and the files of one data sheet, as its workbook and as its tables."""
    taken = books.read_workbook(template, source)
    assert taken.collected is not None, [str(one) for one in taken.problems]
    return computed_both_ways(taken.collected, folder)


def computed_both_ways(content: books.Collected, folder: Path):
    command = COMMANDS[content.template]
    workbook, tables = folder / f"{command}.xlsx", folder / f"{command}.json"
    with workbook.open("wb") as target:
        books.write(content, target)
    with tables.open("wb") as target:
        books.hand_on(content, target, file=workbook.name)
    found = []
    for source in (workbook, tables):
        out = folder / f"out-{source.suffix[1:]}"
        done = run(command, source, "--out", out, "--json")
        files = {path.name: path.read_bytes() for path in out.iterdir()} if out.is_dir() else {}
        found.append((done.exit_code, done.stdout, files))
    return found


def sector(folder: Path) -> Path:
    with (folder / "sector.xlsx").open("wb") as target:
        write_demo(target, 40)
    return folder / "sector.xlsx"


@pytest.mark.parametrize(
    ("template", "source"),
    [
        ("industry", sector),
        ("industry", lambda folder: sector_books.write(folder / "small.xlsx", sector_books.SHEETS)),
        ("park", lambda _folder: EXAMPLES / "park-demo.xlsx"),
        ("region", lambda _folder: EXAMPLES / "river-region.xlsx"),
        ("region", lambda _folder: EXAMPLES / "air-region.xlsx"),
    ],
    ids=["a sector", "blanks and na in a sector", "a park", "a river", "its air"],
)
def test_the_results_of_tables_are_those_of_the_workbook(template, source, tmp_path):
    (code, said, files), again = both_ways(template, source(tmp_path), tmp_path)
    assert code == 0, said
    assert again[:2] == (code, said)
    assert again[2].keys() == files.keys()
    assert [name for name in files if files[name] != again[2][name]] == []
    assert {"result.json", "results.xlsx"} <= files.keys()


def test_what_is_wrong_is_said_alike(tmp_path):
    """But for the name of the file that was really read."""
    content = books.Collected(
        template="region",
        sheets=(
            books.Sheet(
                name="enterprises", columns=("enterprise", "county"), rows=(("演示甲厂", None), ("演示甲厂", "演示县"))
            ),
            books.Sheet(
                name="measures",
                columns=("measure", "enterprise", "cost_per_year", "effect:氨氮"),
                rows=(("演示方案", "演示乙厂", "10", "2"),),
            ),
        ),
    )  # fmt: skip
    found = []
    for code, said, files in computed_both_ways(content, tmp_path):
        assert (code, files) == (2, {})
        found.append([(one["sheet"], one["row"], one["value"]) for one in json.loads(said)["problems"]])
    assert found[0] == found[1] != []
    assert ("企业", 3, "演示甲厂") in found[0]


@pytest.mark.parametrize(
    "rest",
    [
        "",
        '"file":"a","sheets":{}}',
        '"file":"a"}',
        '"file":"a","sheets":[{"sheet":"企业","heads":["enterprise"],"rows":[[1]]}]}',
        '"file":"a","sheets":[{"sheet":"企业","heads":["enterprise"],"rows":[["甲","乙"]]}]}',
        '"file":"a","sheets":[{"sheet":"企业","heads":[["enterprise"]],"rows":[]}]}',
        '"file":"a","sheets":[{"sheet":5,"heads":["enterprise"],"rows":[["甲"]]}]}',
    ],
)
@pytest.mark.parametrize("command", ["diagnose", "park"])
def test_tables_that_were_damaged_are_refused_in_words(command, rest, tmp_path):
    source = tmp_path / "tables.json"
    source.write_text('{"qingyuan-tables":1,' + rest, "utf-8")
    done = run(command, source, "--out", tmp_path / "out", "--json")
    assert done.exit_code == 2, done.output
    assert json.loads(done.stdout)["problems"]
