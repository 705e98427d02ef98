"""`.ci/browser` on machines that have none: what it tries, and what it says when it may not or cannot."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "browser"


@pytest.fixture
def machine(tmp_path):
    """No browser works; apt-get fails with its own words; every install that is tried is written down."""
    programs = {
        "python": "exit 1",
        "playwright": f'echo "playwright $*" >> {tmp_path}/tried; exit 1',
        "apt-get": f'echo "apt-get $*" >> {tmp_path}/tried; echo "E: no such package" >&2; exit 100',
        "sudo": "exit 1",
        "id": "echo ${FAKE_UID:-1000}",
        "fc-list": "exit 0",
    }
    folder = tmp_path / "venv" / "bin"
    folder.mkdir(parents=True)
    for name, body in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)

    def run(**variables: str):
        done = subprocess.run(
            ["bash", str(SCRIPT), str(folder)],
            env={"PATH": f"{folder}:{os.environ['PATH']}", **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        tried = tmp_path / "tried"
        return done, tried.read_text() if tried.exists() else ""

    return run


def test_who_allows_no_browser_gets_nothing_installed(machine):
    done, tried = machine(ALLOW_NO_BROWSER="1")
    assert done.returncode == 0
    assert tried == ""
    assert "skipped" in done.stderr


def test_without_root_it_says_so_and_tries_what_needs_none(machine):
    done, tried = machine()
    assert done.returncode == 1
    assert "neither root nor sudo" in done.stderr
    assert tried == "playwright install chromium\n"


def test_the_words_of_apt_are_shown(machine):
    done, tried = machine(FAKE_UID="0")
    assert done.returncode == 1
    assert "E: no such package" in done.stderr
    assert "install -y -qq chromium" in tried
