"""A board of many employers on this machine, for the benchmarks: Greenhouse's shape, entity tags, requests counted."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SENTENCES = (
    "<p>You plan and run projects that bring our booking platform to new regions.</p><ul><li>PMP or PRINCE2</li>"
    "<li>{years}+ years of experience in IT project management</li><li>Bachelor's degree in computer science or "
    "equivalent experience</li><li>Scrum, Jira, stakeholder management and budgeting</li></ul>"
    "<p>Posting {n} of {name}.</p>"
)


@dataclass
class Boards:
    """``n_boards`` of ``n_postings`` each; what was asked, how much was sent, how closely requests began."""

    n_boards: int
    n_postings: int
    base_url: str = ""
    n_requests: int = 0
    n_bytes: int = 0
    n_at_once: int = 0
    most_at_once: int = 0
    began_at: float | None = None
    smallest_gap: float = float("inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def names(self) -> list[str]:
        return [f"board{number:03}" for number in range(self.n_boards)]

    def settings(self, gap: float) -> str:
        """The settings file of a workspace that asks these boards."""
        return (
            f"default_sources = false\n[politeness]\nallow_loopback = true\ngap_seconds = {gap}\n"
            "most_requests_a_source = 1000000\nmost_requests_a_run = 1000000\n"
            "source_minutes = 600\nrun_minutes = 600\n"
            f'[sources.greenhouse]\nbase_url = "{self.base_url}"\nboards = {json.dumps(self.names)}\n'
        )

    def body(self, name: str) -> bytes:
        jobs = [
            {
                "id": f"{name}-{n}",
                "title": "IT Project Manager" if n % 3 else "Accountant",
                "company_name": name,
                "location": {"name": "Leeds, United Kingdom"},
                "first_published": "2026-02-27T08:00:00Z",
                "absolute_url": f"{self.base_url}/{name}/{n}",
                "content": SENTENCES.format(n=n, name=name, years=n % 9 + 1),
            }
            for n in range(self.n_postings)
        ]
        return json.dumps({"jobs": jobs}).encode()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        started = time.monotonic()
        with self.lock:
            self.n_requests += 1
            self.n_at_once += 1
            self.most_at_once = max(self.most_at_once, self.n_at_once)
            if self.began_at is not None:
                self.smallest_gap = min(self.smallest_gap, started - self.began_at)
            self.began_at = started
        try:
            self._send(handler)
        finally:
            with self.lock:
                self.n_at_once -= 1

    def _send(self, handler: BaseHTTPRequestHandler) -> None:
        parts = handler.path.split("/")
        body = self.body(parts[3]) if handler.path.startswith("/v1/boards/") else b""
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        is_known = body and handler.headers.get("If-None-Match") == tag
        sent = b"" if is_known else body
        handler.send_response(304 if is_known else 200 if body else 404)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(sent)))
        handler.send_header("ETag", tag)
        handler.end_headers()
        handler.wfile.write(sent)
        self.n_bytes += len(sent)


@contextmanager
def serving(boards: Boards) -> Iterator[Boards]:
    """``boards`` on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            try:
                boards.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    boards.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield boards
    finally:
        server.shutdown()
        server.server_close()
