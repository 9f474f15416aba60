"""The journal of runs in SQLite: which requests were sent, when a page was last fetched.

A cache and a log only. Every table is rebuilt from the archive's files; deleting ``history.sqlite`` costs a
few more requests, no row.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from itpm_trends.collecting.errors import RunHeld
from itpm_trends.collecting.redaction import redacted, redacted_message

SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    run_id TEXT, source TEXT, started_at TEXT, finished_at TEXT, status TEXT, reason TEXT,
    PRIMARY KEY (run_id, source)
);
CREATE TABLE IF NOT EXISTS requests (
    run_id TEXT, source TEXT, sent_at TEXT, url TEXT, status INTEGER, n_bytes INTEGER, outcome TEXT
);
CREATE TABLE IF NOT EXISTS pages (
    source TEXT, url TEXT, fetched_at TEXT, sha256 TEXT, etag TEXT, last_modified TEXT, n_postings INTEGER,
    PRIMARY KEY (source, url)
);
"""


@dataclass(frozen=True)
class KnownPage:
    """What we remember of an address: when it was fetched, and the server's own marks of its version."""

    fetched_at: datetime
    sha256: str
    etag: str | None = None
    last_modified: str | None = None
    n_postings: int = 0


class History:
    """The journal at ``path``; a journal that cannot be read is put aside and begun anew."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()  # sources are asked side by side; the journal is written by one at a time
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._opened()
        except sqlite3.DatabaseError:
            os.replace(self.path, self.path.with_name(self.path.name + ".unreadable"))
            self._connection = self._opened()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            # The journal may lose its last lines when the power fails: the archive's files are what counts.
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.executescript(SCHEMA)
            if not any(column[1] == "n_postings" for column in connection.execute("PRAGMA table_info(pages)")):
                connection.execute("ALTER TABLE pages ADD COLUMN n_postings INTEGER DEFAULT 0")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: one transaction for each payload."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def add_request(
        self,
        *,
        run_id: str,
        source: str,
        sent_at: datetime,
        url: str,
        status: int | None,
        n_bytes: int,
        outcome: str,
    ) -> None:
        self._connection.execute(
            "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?)",
            (run_id, source, sent_at.isoformat(), redacted(url), status, n_bytes, redacted_message(outcome)),
        )

    def add_run(self, *, run_id: str, source: str, started_at: datetime) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, NULL, 'running', NULL)",
            (run_id, source, started_at.isoformat()),
        )

    def end_run(self, *, run_id: str, source: str, finished_at: datetime, status: str, reason: str | None) -> None:
        self._connection.execute(
            "UPDATE runs SET finished_at = ?, status = ?, reason = ? WHERE run_id = ? AND source = ?",
            (finished_at.isoformat(), status, redacted_message(reason) if reason else None, run_id, source),
        )

    def remember(self, source: str, url: str, page: KnownPage) -> None:
        """Note the version of ``url`` that the archive holds now."""
        self._connection.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                source,
                redacted(url),
                page.fetched_at.isoformat(),
                page.sha256,
                page.etag,
                page.last_modified,
                page.n_postings,
            ),
        )

    def known_pages(self, source: str) -> dict[str, KnownPage]:
        """What is remembered of each (redacted) address of ``source``."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT url, fetched_at, sha256, etag, last_modified, coalesce(n_postings, 0) "
                "FROM pages WHERE source = ?",
                (source,),
            ).fetchall()
        return {url: KnownPage(datetime.fromisoformat(at), *rest) for url, at, *rest in rows}

    def n_requests(self, source: str, since: datetime) -> int:
        """Requests sent to ``source`` since then, over all runs and without robots.txt: what quotas count."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT count(*) FROM requests WHERE source = ? AND sent_at >= ? AND url NOT LIKE '%/robots.txt'",
                (source, since.isoformat()),
            )
            return rows.fetchone()[0]


@contextmanager
def held(root: Path, *, since: datetime) -> Iterator[None]:
    """Hold ``data/raw`` for one run; :class:`RunHeld` says who holds it already."""
    root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / ".run.lock")
    holder = root / ".run.holder.json"
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise RunHeld(
            f"another run is writing to {root}{_described(holder)}. Wait until it ends, then try again."
        ) from error
    try:
        holder.write_text(
            json.dumps({"process": os.getpid(), "machine": platform.node(), "since": since.isoformat()}),
            encoding="utf-8",
        )
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _described(holder: Path) -> str:
    try:
        told = json.loads(holder.read_text(encoding="utf-8"))
        return f" (process {told['process']} on {told['machine']}, since {told['since']})"
    except (OSError, ValueError, KeyError):
        return ""
