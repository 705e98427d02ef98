"""A demo of its own, made by the command, on SQLite in a temporary folder: what a newcomer has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest


@dataclass
class House:
    """An installation by its data folder; `run` is the terminal."""

    data: Path
    secret: str = ""
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("QINGYUAN_")}
        kept["QINGYUAN_DATA"] = str(self.data)
        if self.secret:
            kept["QINGYUAN_SECRET_KEY"] = self.secret
        return kept | self.more

    def run(self, *arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "qingyuan", *map(str, arguments)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *arguments: object, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", code=code).stdout)


@pytest.fixture(scope="session")
def demo_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("demo") / "var")
    house.first_words = house.run("demo", "--no-serve").stdout
    return house


@pytest.fixture
def empty_house(tmp_path: Path) -> House:
    return House(tmp_path / "empty", secret="a secret of fifty characters for the tests of the house")
