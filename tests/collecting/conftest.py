"""A server on this machine that misbehaves as told, and clocks that tests set."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from itpm_trends.collecting.archive import Archive
from itpm_trends.collecting.session import PoliteSession
from itpm_trends.collecting.sources import Declaration
from itpm_trends.settings import Politeness

Reply = Callable[[BaseHTTPRequestHandler], None]


def reply(body: bytes = b"{}", status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """An answer that is whole."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        told = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
        handler.send_response(status)
        for name, value in told.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


def drip(seconds: float, step: float = 0.05) -> Reply:
    """An answer that comes one byte at a time."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            handler.wfile.write(b"{")
            handler.wfile.flush()
            time.sleep(step)

    return send


def cut_chunks(handler: BaseHTTPRequestHandler) -> None:
    """An answer in chunks that ends in the middle of one."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b'10\r\n{"jobs": []')
    handler.close_connection = True


@dataclass
class FaultServer:
    """``pages`` maps a path to a reply, or to a list of them sent in turn, the last one for ever."""

    base_url: str = ""
    pages: dict[str, Reply | list[Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path
        self.asked.append(path)
        self.headers.append(dict(handler.headers))
        self.times.append(time.monotonic())
        self.bodies.append(handler.rfile.read(int(handler.headers.get("Content-Length") or 0)))
        found = self.pages.get(path) or self.pages.get(path.partition("?")[0]) or reply(b"none", 404)
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        found(handler)

    def n_asked(self, path: str) -> int:
        return sum(asked.partition("?")[0] == path for asked in self.asked)


def _serve(faults: FaultServer) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            try:
                faults.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_POST = do_GET

        def log_message(self, *_: object) -> None: ...

        def handle(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):
                super().handle()

        def finish(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    faults.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


@pytest.fixture
def server() -> Iterator[FaultServer]:
    faults = FaultServer()
    running = _serve(faults)
    yield faults
    running.shutdown()
    running.server_close()


@pytest.fixture
def other_server() -> Iterator[FaultServer]:
    faults = FaultServer()
    running = _serve(faults)
    yield faults
    running.shutdown()
    running.server_close()


@dataclass
class Sleeper:
    """Counts the seconds it was asked to sleep instead of sleeping; the clock moves on with it."""

    slept: list[float] = field(default_factory=list)
    moved: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moved += seconds

    def clock(self) -> float:
        return time.monotonic() + self.moved


@pytest.fixture
def sleeper() -> Sleeper:
    return Sleeper()


DECLARED = Declaration(
    name="board",
    label="A board",
    home_page="https://board.example",
    licence="public domain",
    terms_url="https://board.example/terms",
    attribution="Postings from a board.",
    tier="open",
    covers="everywhere",
)
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)


@pytest.fixture
def session_with(sleeper) -> Iterator[Callable[..., PoliteSession]]:
    opened = []

    def session(**politeness: object) -> PoliteSession:
        told = {
            "allow_loopback": True,
            "gap_seconds": 0,
            "read_timeout": 0.4,
            "connect_timeout": 0.5,
        } | politeness
        opened.append(
            PoliteSession(
                Politeness(**told),
                sleep=sleeper.sleep,
                clock=sleeper.clock,
                now=lambda: NOW,
                jitter=lambda: 1.0,
            )
        )
        return opened[-1]

    yield session
    for each in opened:
        each.__exit__()


@pytest.fixture
def archive(tmp_path) -> Archive:
    return Archive(tmp_path / "raw")


def weeks_later(n: int) -> datetime:
    return NOW + timedelta(weeks=n)
