"""LibreOffice as a second pair of eyes: what we write must open elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
needs_libreoffice = pytest.mark.skipif(PROGRAM is None, reason="LibreOffice (soffice) is not installed here")


def soffice(path: Path, *, to: str, folder: Path) -> Path:
    """Let LibreOffice open `path` and save it as `to` in `folder`; a profile of its own, so that runs do not meet."""
    (made,) = soffice_all([path], to=to, folder=folder)
    return made


def soffice_all(paths: Sequence[Path], *, to: str, folder: Path) -> list[Path]:
    """The same for many files in one start of the program."""
    assert all(path.is_file() for path in paths), paths
    if PROGRAM is None:
        raise FileNotFoundError("soffice")
    profile = folder / "profile"
    subprocess.run(
        [
            PROGRAM,
            "--headless",
            f"-env:UserInstallation={profile.as_uri()}",
            "--convert-to",
            to,
            "--outdir",
            str(folder),
            *map(str, paths),
        ],
        check=True,
        capture_output=True,
        timeout=240,
        env={**os.environ, "HOME": str(folder)},
    )
    made = [folder / f"{path.stem}.{to.partition(':')[0]}" for path in paths]
    assert [one.name for one in made if not one.is_file()] == [], "LibreOffice did not open these files"
    return made
