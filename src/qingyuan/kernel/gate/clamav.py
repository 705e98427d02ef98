"""ClamAV's daemon over its INSTREAM protocol."""

from __future__ import annotations

import io
import socket
import struct
import time
from dataclasses import dataclass
from typing import IO

PIECE = 64 * 1024
_LONGEST_REPLY = 4096


class ScannerUnavailable(Exception):  # noqa: N818  # reads as what it is: a state of the world
    """No verdict: the scanner is not there, too slow, or answered with an error. The file stays pending."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The scanner's verdict; `signature` names what was found."""

    clean: bool
    signature: str | None = None


def scan(
    file: IO[bytes] | io.RawIOBase, address: str, *, connect_seconds: float = 5, total_seconds: float = 120
) -> Scan:
    """Send the whole file to clamd at `address`: "/run/clamd.sock", "unix:/run/clamd.sock", "host:3310" or
    "tcp://host:3310". Raises ScannerUnavailable, never gives a verdict that the scanner did not give.
    """
    deadline = time.monotonic() + total_seconds
    try:
        with _connect(address, connect_seconds) as link:
            refused = _send(link, file, deadline)
            return _verdict(_receive(link, deadline), refused=refused)
    except OSError as error:
        raise ScannerUnavailable(f"ClamAV at {address}: {error}") from error


def refuses(size: int, address: str) -> str:
    """Why a file of `size` bytes would never get a verdict from the clamd at `address`; empty where it would.

    clamd tells its limit (StreamMaxLength) to nobody, so a stream of that many zeros asks for it.
    """
    try:
        scan(_Zeros(size), address)
    except ScannerUnavailable as error:
        return str(error)
    return ""


class _Zeros(io.RawIOBase):
    """A readable of so many zeros that takes no memory."""

    def __init__(self, size: int) -> None:
        self._size = self._left = size

    def read(self, size: int = -1) -> bytes:
        length = self._left if size < 0 else min(size, self._left)
        self._left -= length
        return bytes(length)

    def seek(self, offset: int, whence: int = 0) -> int:
        assert (offset, whence) == (0, 0)
        self._left = self._size
        return 0


def _connect(address: str, seconds: float) -> socket.socket:
    path = address.removeprefix("unix:")
    if path.startswith("/"):
        path = "/" + path.lstrip("/")
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.settimeout(seconds)
            link.connect(path)
        except OSError:
            link.close()
            raise
        return link
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    if not host or not port.isdecimal():
        raise ScannerUnavailable(f"not an address of ClamAV: {address!r}; expected unix:/path or host:port")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _remaining(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("no verdict in time")
    return left


def _send(link: socket.socket, file: IO[bytes] | io.RawIOBase, deadline: float) -> bool:
    """Stream the file; gives whether the scanner hung up early (its reply then says why)."""
    file.seek(0)
    try:
        link.settimeout(_remaining(deadline))
        link.sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            link.settimeout(_remaining(deadline))
            link.sendall(struct.pack(">I", len(piece)) + piece)
        link.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return True
    finally:
        file.seek(0)
    return False


def _receive(link: socket.socket, deadline: float) -> str:
    reply = b""
    while b"\0" not in reply and len(reply) < _LONGEST_REPLY:
        link.settimeout(_remaining(deadline))
        piece = link.recv(_LONGEST_REPLY)
        if not piece:
            break
        reply += piece
    return reply.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(reply: str, *, refused: bool) -> Scan:
    if reply == "stream: OK" and not refused:
        return Scan(clean=True)
    if reply.startswith("stream: ") and reply.endswith(" FOUND"):
        return Scan(clean=False, signature=reply.removeprefix("stream: ").removesuffix(" FOUND"))
    raise ScannerUnavailable(f"ClamAV gave no verdict: {reply[:200] or 'connection closed without a reply'}")
