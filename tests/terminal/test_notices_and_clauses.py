"""Notice files and clauses in a terminal, without any settings."""

from __future__ import annotations

import json
from pathlib import Path

import qingyuan
from qingyuan.catalogue.clauses import clauses
from tests.terminal.conftest import House

SHIPPED = Path(qingyuan.__file__).parent / "catalogue" / "notices"


def test_clauses_prints_exactly_one_json_list(tmp_path):
    rows = House(tmp_path).json("clauses")
    assert [row["id"] for row in rows] == [clause.id for clause in clauses()]
    assert all(set(row) == {"id", "title", "done", "shows", "where"} for row in rows)
    assert all(isinstance(row["done"], bool) for row in rows)
    assert any(place["url"] == "/pilots/" for row in rows for place in row["where"])


def test_clauses_for_people(tmp_path):
    words = House(tmp_path).run("clauses").stdout
    assert words.count("\n") == len(clauses())
    assert "N5.1" in words


def test_sound_notices_pass(tmp_path):
    words = (
        House(tmp_path)
        .run("notices", "check", SHIPPED / "national-2022.yaml", SHIPPED / "henan-2022.yaml")
        .stdout
    )
    assert words.count("成立") == 2


def test_every_problem_of_a_notice_is_printed_with_file_and_line(tmp_path):
    text = (SHIPPED / "henan-2022.yaml").read_text("utf-8")
    text = text.replace("max_bytes: 52428800", "max_bytes: 0").replace("level: prefecture", "level: village")
    broken = tmp_path / "henan-2022.yaml"
    broken.write_text(text, "utf-8")
    words = House(tmp_path).run("notices", "check", broken, code=2).stderr
    lines = {
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if "max_bytes: 0" in line or "village" in line
    }
    assert {f"{broken}:{line}" for line in lines} <= {
        ":".join(row.split(":")[:2]) for row in words.splitlines()
    }
    found = House(tmp_path).json("notices", "check", broken, code=2)
    assert found["status"] == "bad_input"
    assert {problem["line"] for problem in found["problems"]} >= lines
    assert json.dumps(found)
