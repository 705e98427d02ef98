"""The help of the terminal waits for nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys

PROBE = """
import json, sys
from click.testing import CliRunner
from qingyuan.cli import main
result = CliRunner().invoke(main, ["--help"])
print(json.dumps({"code": result.exit_code, "help": result.output, "modules": sorted(sys.modules)}))
"""
HEAVY = {"django", "granian", "polars", "numpy", "docx", "pydantic", "yaml", "xlsxwriter", "sqlite3"}


def test_help_imports_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    assert seen["code"] == 0
    assert not HEAVY & {name.split(".")[0] for name in seen["modules"]}
    assert len(seen["modules"]) < 250


def test_help_names_every_command():
    from qingyuan.cli import main

    done = subprocess.run(
        [sys.executable, "-m", "qingyuan", "--help"], capture_output=True, text=True, check=True
    )
    for name in main.lazy:
        assert f"  {name} " in done.stdout


def test_every_command_can_be_loaded_and_has_its_own_help():
    import click

    from qingyuan.cli import main

    context = click.Context(main)
    for name in main.lazy:
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help or name == "manage"
