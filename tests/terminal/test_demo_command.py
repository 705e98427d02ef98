"""`qingyuan demo`: accounts printed, the clock in June 2022, the second start without building."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

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


def copy_of(demo_house, folder, **more):
    """Another house with the same data."""
    from tests.terminal.conftest import House

    house = House(folder / "copy", more=more)
    house.data.mkdir()
    (house.data / "demo.json").write_text((demo_house.data / "demo.json").read_text())
    source = sqlite3.connect(demo_house.data / "qingyuan.sqlite3")
    target = sqlite3.connect(house.data / "qingyuan.sqlite3")
    source.backup(target)
    source.close()
    target.close()
    return house


def test_another_scene_wants_another_folder(demo_house, tmp_path):
    house = copy_of(demo_house, tmp_path)
    refused = house.run("demo", "--no-serve", "--scene", "review", code=2)
    assert "已有“apply”场景的演示" in refused.stderr


def test_after_the_deadline_the_start_says_so(demo_house, tmp_path):
    house = copy_of(demo_house, tmp_path)
    assert "已过申报截止" not in demo_house.first_words
    state = json.loads((house.data / "demo.json").read_text())
    state["clock_offset"] += 11 * 24 * 3600
    (house.data / "demo.json").write_text(json.dumps(state))
    words = house.run("demo", "--no-serve").stdout
    assert "演示时钟已过申报截止（2022-06-30 18:00）" in words
    assert "passed the deadline" in words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QINGYUAN_DATABASE_URL", "sqlite:////nowhere/real.sqlite3"),
        ("QINGYUAN_DATABASE_URL_FILE", "/nowhere/secret"),
        ("QINGYUAN_S3_BUCKET", "real"),
    ],
)
def test_a_demo_is_not_built_where_a_setting_leads_elsewhere(tmp_path, name, value):
    from tests.terminal.conftest import House

    house = House(tmp_path, more={name: value})
    words = house.run("demo", "--no-serve", code=2).stderr
    assert name.removesuffix("_FILE") in words
    assert "--into-this-database" in words
    assert list(tmp_path.iterdir()) == []


def test_a_demo_is_not_built_into_an_installation_with_data(empty_house):
    empty_house.run("setup")
    empty_house.more = {"DJANGO_SUPERUSER_PASSWORD": "a-real-pass-word"}
    empty_house.run(
        *("manage", "createsuperuser", "--noinput", "--username", "admin", "--email", "admin@example.org")
    )
    assert "1 个用户" in empty_house.run("demo", "--no-serve", code=2).stderr
    # Nor does the folder count as a demo's from now on.
    assert not (empty_house.data / "demo.json").exists()


def test_a_taken_port_is_said_before_anything_is_built(tmp_path):
    from tests.terminal.conftest import House

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        words = House(tmp_path).run("demo", "--port", port, code=2).stderr
        assert f"端口 {port} 已被占用：make demo PORT=" in words
        assert f"端口 {port} 已被占用" in House(tmp_path).run("serve", "--port", port, code=2).stderr
    assert list(tmp_path.iterdir()) == []


def test_a_demo_for_other_machines_answers_to_their_names_and_warns(demo_house):
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "qingyuan", "demo", "--host", "0.0.0.0", "--port", str(port)],
        env=demo_house.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": "demo.test"})
        assert answer(request) == b'{"status": "ok"}'
    finally:
        server.send_signal(signal.SIGTERM)
        words, _errors = server.communicate(timeout=60)
    assert "能连到本机的人都能以任何演示角色登录" in words


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("test", "tests/ui/check_wheel.py"),
        ("demo HOST=0.0.0.0 PORT=8001", "--host 0.0.0.0 --port 8001"),
        ("demo SCENE=review", "--port 8000 --scene review"),
    ],
)
def test_what_make_runs(target, expected):
    root = Path(__file__).parents[2]
    done = subprocess.run(
        ["make", "-n", *target.split()], cwd=root, capture_output=True, text=True, check=True
    )
    assert expected in done.stdout


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


def answer(url: str | urllib.request.Request) -> bytes:
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
