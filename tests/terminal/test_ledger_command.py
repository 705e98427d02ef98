"""The ledger in a terminal: verified with a database, receipts checked without any."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from datetime import datetime

import pytest

from qingyuan.kernel import clock

pytestmark = pytest.mark.sqlite


@pytest.fixture
def receipt(demo_house, tmp_path):
    """Of the demo's submission, as a file."""
    script = (
        "from qingyuan.kernel import ledger; from qingyuan.kernel.models import LedgerEntry; import json;"
        "print(json.dumps(ledger.receipt(LedgerEntry.objects.get(verb='pilot.submit'))))"
    )
    path = tmp_path / "receipt.json"
    path.write_text(demo_house.run("manage", "shell", "--no-imports", "-c", script).stdout)
    return path


def test_a_sound_ledger_verifies_and_its_head_is_printed(demo_house):
    verified, head = demo_house.json("ledger", "verify"), demo_house.json("ledger", "head")
    assert verified["status"] == "ok"
    assert (verified["entries"], verified["head"]) == (head["seq"], head["hash"])


def test_the_first_broken_entry_is_named(demo_house, tmp_path):
    from tests.terminal.conftest import House

    copy = House(tmp_path / "copy")
    copy.data.mkdir()
    (copy.data / "demo.json").write_text((demo_house.data / "demo.json").read_text())
    with (
        sqlite3.connect(demo_house.data / "qingyuan.sqlite3") as source,
        sqlite3.connect(copy.data / "qingyuan.sqlite3") as target,
    ):
        source.backup(target)
        target.execute("DROP TRIGGER kernel_ledgerentry_no_update")
        target.execute("UPDATE kernel_ledgerentry SET body = replace(body, '2022', '2021') WHERE seq = 7")
        target.commit()
    source.close()
    target.close()
    assert copy.json("ledger", "verify", code=2)["broken"]["seq"] == 7
    assert "第 7 条" in copy.run("ledger", "verify", code=2).stderr


def check(path, *arguments, code=0):
    """Without any setting and far from any data."""
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("QINGYUAN_", "DJANGO_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "qingyuan", "ledger", "check", str(path), *arguments],
        env=bare,
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_a_receipt_is_checked_without_database_or_settings(demo_house, receipt):
    day = datetime.fromisoformat(json.loads(json.loads(receipt.read_text())["body"])["at"])
    head = demo_house.json("ledger", "head", "--day", f"{clock.local(day):%Y-%m-%d}")["hash"]
    assert "没有登记" in demo_house.run("ledger", "head", "--day", "2022-01-01", code=2).stderr
    assert "核验通过" in check(receipt, "--head", head).stdout
    assert "--head" in check(receipt).stdout
    assert json.loads(check(receipt, "--head", "0" * 64, "--json", code=2).stdout)["status"] == "bad_input"


def test_an_altered_or_broken_receipt_is_refused_with_reasons(receipt):
    document = json.loads(receipt.read_text())
    receipt.write_text(json.dumps({**document, "body": document["body"].replace("submit", "delete")}))
    assert "回执被改动" in check(receipt, code=2).stderr
    receipt.write_text("{")
    assert "JSON" in check(receipt, code=2).stderr


def test_without_a_secret_the_terminal_says_what_is_missing(tmp_path):
    from tests.terminal.conftest import House

    words = House(tmp_path).run("ledger", "verify", code=2).stderr
    assert "QINGYUAN_SECRET_KEY" in words
    assert "Traceback" not in words
