"""ClamAV's INSTREAM protocol against a small server that speaks it: a verdict only when one was given."""

from __future__ import annotations

import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.checks import run_checks

from qingyuan.kernel.gate.clamav import PIECE, Scan, ScannerUnavailable, scan
from qingyuan.kernel.gate.scanning import limit_problem

SIGNATURE = b"QINGYUAN-TEST-SIGNATURE"


def exactly(link: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length and (piece := link.recv(length - len(data))):
        data += piece
    return data


def receive_stream(link: socket.socket) -> bytes:
    assert exactly(link, 10) == b"zINSTREAM\0"
    data = b""
    while length := struct.unpack(">I", exactly(link, 4))[0]:
        assert length <= PIECE
        data += exactly(link, length)
    return data


def honest(link: socket.socket) -> None:
    found = SIGNATURE in receive_stream(link)
    link.sendall(b"stream: Demo.Test-1 FOUND\0" if found else b"stream: OK\0")


def in_two_pieces(link: socket.socket) -> None:
    receive_stream(link)
    link.sendall(b"stream: ")
    link.sendall(b"OK\0")


def size_limit(link: socket.socket) -> None:
    exactly(link, 20)
    link.sendall(b"INSTREAM size limit exceeded. ERROR\0")


def at_most(limit: int) -> Callable[[socket.socket], None]:
    """A clamd whose StreamMaxLength is `limit` bytes."""

    def answer(link: socket.socket) -> None:
        assert exactly(link, 10) == b"zINSTREAM\0"
        seen = 0
        while length := struct.unpack(">I", exactly(link, 4))[0]:
            seen += length
            if seen > limit:
                link.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
            exactly(link, length)
        link.sendall(b"stream: OK\0")

    return answer


def hang_up(link: socket.socket) -> None:
    receive_stream(link)


def cut_short(link: socket.socket) -> None:
    receive_stream(link)
    link.sendall(b"stream: O")


def silent(link: socket.socket) -> None:
    receive_stream(link)
    link.settimeout(10)
    link.recv(1)


@contextmanager
def serving(answer: Callable[[socket.socket], None], path: Path | None = None) -> Iterator[str]:
    server = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    server.bind(str(path) if path else ("127.0.0.1", 0))
    server.listen(1)

    def serve() -> None:
        link, _ = server.accept()
        with link:
            answer(link)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"unix:{path}" if path else f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        thread.join(20)
        server.close()


@pytest.mark.parametrize("size", [0, 1, PIECE, PIECE * 3 + 7])
def test_clean_file(size):
    file = io.BytesIO(b"a" * size)
    file.seek(size)
    with serving(honest) as address:
        assert scan(file, address) == Scan(clean=True)
    assert file.tell() == 0


def test_signature_is_named_over_a_unix_socket(tmp_path):
    with serving(honest, tmp_path / "clamd.sock") as address:
        found = scan(io.BytesIO(b"a" * 70_000 + SIGNATURE), address)
    assert found == Scan(clean=False, signature="Demo.Test-1")


def test_address_forms(tmp_path):
    with serving(honest) as address:
        assert scan(io.BytesIO(b"a"), f"tcp://{address}").clean
    with serving(honest, tmp_path / "a.sock"):
        assert scan(io.BytesIO(b"a"), str(tmp_path / "a.sock")).clean
    with serving(honest, tmp_path / "b.sock"):
        assert scan(io.BytesIO(b"a"), f"unix://{tmp_path / 'b.sock'}").clean


def test_reply_in_two_pieces():
    with serving(in_two_pieces) as address:
        assert scan(io.BytesIO(b"a"), address).clean


@pytest.mark.parametrize("answer", [size_limit, hang_up, cut_short])
def test_no_verdict_is_never_clean(answer):
    with serving(answer) as address, pytest.raises(ScannerUnavailable):
        scan(io.BytesIO(b"a" * 5_000_000), address)


def test_silence_ends_at_the_deadline():
    with serving(silent) as address, pytest.raises(ScannerUnavailable, match=r"in time|timed out"):
        scan(io.BytesIO(b"a"), address, total_seconds=0.3)


@pytest.mark.parametrize("address", ["/nonexistent/clamd.sock", "127.0.0.1:1", "nowhere", "", "host:port"])
def test_dead_or_senseless_address(address):
    with pytest.raises(ScannerUnavailable):
        scan(io.BytesIO(b"a"), address)


@pytest.mark.parametrize(("limit", "is_enough"), [(PIECE * 4, True), (PIECE * 4 - 1, False)])
def test_a_limit_below_what_the_gate_lets_in_is_told_at_the_start(settings, limit, is_enough):
    settings.QINGYUAN_UPLOAD_MAX_BYTES = PIECE * 4
    with serving(at_most(limit)) as address:
        settings.QINGYUAN_CLAMAV = address
        told = limit_problem()
    if is_enough:
        assert told == ""
    else:
        assert "StreamMaxLength" in told
        assert "1M or more" in told
        assert str(PIECE * 4) in told


def test_the_check_of_a_deployment_tells_it_and_the_everyday_one_asks_nobody(settings):
    settings.QINGYUAN_UPLOAD_MAX_BYTES = PIECE * 4
    with serving(at_most(PIECE)) as address:
        settings.QINGYUAN_CLAMAV = address
        told = [one for one in run_checks(include_deployment_checks=True) if one.id == "qingyuan.W001"]
    assert "StreamMaxLength" in told[0].msg
    settings.QINGYUAN_CLAMAV = "/nonexistent/clamd.sock"
    assert not [one for one in run_checks() if one.id == "qingyuan.W001"]
    assert "nobody can read them" in limit_problem()
    settings.QINGYUAN_CLAMAV = ""
    assert limit_problem() == ""
