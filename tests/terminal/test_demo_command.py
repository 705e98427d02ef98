"""`qingyuan demo`: accounts printed, the clock in June 2022, the second start without building."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

pytestmark = pytest.mark.sqlite


def test_the_first_start_prints_accounts_and_stands_in_june_2022(demo_house):
    assert "qingyuan-demo-2022" in demo_house.first_words
    assert "yuanqu-jingban" in demo_house.first_words
    assert re.search(r"2022-06-20 09:0\d", demo_house.first_words)


def test_the_second_start_builds_nothing_and_the_clock_goes_on(demo_house):
    before = (demo_house.data / "demo.json").read_text()
    entries = demo_house.json("ledger", "verify")["entries"]
    words = demo_house.run("demo", "--no-serve").stdout
    assert "正在" not in words
    assert "yuanqu-jingban" in words
    assert (demo_house.data / "demo.json").read_text() == before
    assert demo_house.json("ledger", "verify")["entries"] == entries


def test_a_demo_of_another_version_is_named_as_such(tmp_path, demo_house):
    from tests.terminal.conftest import House

    house = House(tmp_path)
    (tmp_path / "demo.json").write_text(json.dumps({"schema": 0, "clock_offset": 0}))
    assert "make clean" in house.run("demo", "--no-serve", code=2).stderr
    (tmp_path / "demo.json").write_text("{")
    assert "damaged" in house.run("demo", "--no-serve", code=2).stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_serve_answers_and_takes_its_worker_along(demo_house):
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "qingyuan", "serve", "--port", str(port)],
        env=demo_house.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert answer(f"http://127.0.0.1:{port}/healthz") == b'{"status": "ok"}'
        page = answer(f"http://127.0.0.1:{port}/accounts/login/").decode()
        assert 'value="yuanqu-jingban"' in page
        children = children_of(server.pid)
        assert any("worker" in words for words in children.values())
    finally:
        server.send_signal(signal.SIGTERM)
        words, _errors = server.communicate(timeout=40)
    assert server.returncode == 0, words
    assert not [pid for pid in children if is_alive(pid)]


def answer(url: str) -> bytes:
    deadline = time.monotonic() + 40
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return response.read()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def children_of(pid: int) -> dict[int, str]:
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True
    )
    rows = (line.split(None, 2) for line in listing.stdout.splitlines())
    return {int(row[0]): row[2] for row in rows if int(row[1]) == pid}


def is_alive(pid: int) -> bool:
    done = subprocess.run(["ps", "-p", str(pid), "-o", "stat="], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")
