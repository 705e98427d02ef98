"""LibreOffice as a second pair of eyes: what we write must open elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
needs_libreoffice = pytest.mark.skipif(PROGRAM is None, reason="LibreOffice (soffice) is not installed here")


def soffice(path: Path, *, to: str, folder: Path) -> Path:
    """Let LibreOffice open `path` and save it as `to` in `folder`; a profile of its own, so that runs do not meet."""
    assert path.is_file(), path
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
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=240,
        env={**os.environ, "HOME": str(folder)},
    )
    made = folder / f"{path.stem}.{to.partition(':')[0]}"
    assert made.is_file(), "LibreOffice did not open the file"
    return made
