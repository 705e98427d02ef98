"""Build the wheel and look inside: `python tests/ui/check_wheel.py [folder]`. Not a unit test: its first run needs the registry."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIST = "qingyuan/ui/static/ui/dist"
WANTED = [
    f"{DIST}/{name}"
    for name in (
        "app.css",
        "app.css.br",
        "app.js",
        "editor.css",
        "editor.js",
        "icons.svg",
        "mark.svg",
        "THIRD-PARTY.txt",
    )
]
WANTED.append("qingyuan/ui/templates/ui/base.html")
WANTED += [
    f"qingyuan/figures/assets/{name}" for name in ("figures.js", "NotoSansSC-Regular.ttf", "THIRD-PARTY.txt")
]
# Every catalogue that is written must be there compiled.
WANTED += [
    str(po.relative_to(ROOT / "src").with_suffix(".mo"))
    for po in ROOT.glob("src/qingyuan/locale/*/LC_MESSAGES/*.po")
]
UNWANTED = ("node_modules", "/tests/", ".map")


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "wheel"
    for old in folder.glob("qingyuan-*.whl"):
        old.unlink()
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", str(ROOT), "-w", str(folder)]
    subprocess.run(pip, check=True)
    wheel = next(folder.glob("qingyuan-*.whl"))
    names = set(zipfile.ZipFile(wheel).namelist())
    problems = [f"missing: {name}" for name in WANTED if name not in names]
    problems += [
        f"should not be in it: {name}" for name in sorted(names) if any(part in name for part in UNWANTED)
    ]
    sys.stdout.write(
        "\n".join([*problems, f"{wheel.name}: {len(names)} files, {wheel.stat().st_size // 1024} KB", ""])
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
