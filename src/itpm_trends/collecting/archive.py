"""The raw archive under ``data/raw``: each response and imported file as received, never edited.

Layout, relative to the root::

    <source>/<yyyy-mm-dd>/<sha256>.<suffix>.gz     the body, compressed
    <source>/<yyyy-mm-dd>/<24 hex digits>.json     one fetch of it: address, time, status, run
    runs/<run_id>-<source>.json                    one run of one source: what was asked, what was complete

A body is in the archive once the file that tells of its fetch is: that file is written last.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from itpm_trends.collecting.errors import DamagedPayload
from itpm_trends.collecting.redaction import redacted, redacted_message

RUNS = "runs"
SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
SAFE_SUFFIX = re.compile(r"[a-z0-9]{1,10}")


@dataclass(frozen=True, kw_only=True)
class Payload:
    """One response or imported file: where it came from, when, and where its bytes lie."""

    source: str
    fetched_at: datetime
    url: str
    run_id: str
    status: int
    content_type: str | None
    sha256: str
    n_bytes: int
    path: str
    unit: str | None = None
    root: Path = field(repr=False, compare=False)

    def body(self) -> bytes:
        """The bytes as received; :class:`DamagedPayload` where the file no longer holds them."""
        file = self.root / PurePosixPath(self.path)
        try:
            body = gzip.decompress(file.read_bytes())
        except FileNotFoundError as error:
            raise DamagedPayload(f"{file} is missing; it held {self.url}") from error
        except (OSError, EOFError, zlib.error) as error:
            raise DamagedPayload(f"{file} is damaged or cut short; it held {self.url}") from error
        if hashlib.sha256(body).hexdigest() != self.sha256:
            raise DamagedPayload(f"{file} was altered: its SHA-256 is not the one in its name")
        return body


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """One run of one source. ``units`` says for each board, site or sitemap whether it came completely."""

    run_id: str
    source: str
    started_at: datetime
    finished_at: datetime
    status: str
    is_complete: bool
    n_requests: int = 0
    n_bytes: int = 0
    reason: str | None = None
    units: dict[str, bool] = field(default_factory=dict)
    kind: str = "live"  # or "backfill": units are months of an open history then
    n_postings: int | None = None
    unchanged: tuple[str, ...] = ()  # addresses seen again without a new body: not modified since fetched


class Archive:
    """The files under ``root``; the tables are rebuilt from them alone."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def store(
        self,
        source: str,
        url: str,
        body: bytes,
        *,
        run_id: str,
        fetched_at: datetime,
        status: int = 200,
        content_type: str | None = None,
        suffix: str,
        unit: str | None = None,
    ) -> Payload:
        """Keep ``body`` as received and return its payload; bytes already kept are not written again."""
        if not SAFE_NAME.fullmatch(source) or not SAFE_SUFFIX.fullmatch(suffix):
            raise ValueError(f"source {source!r} or suffix {suffix!r} cannot name a file")
        fetched_at = fetched_at.astimezone(UTC)
        sha256 = hashlib.sha256(body).hexdigest()
        payload = Payload(
            source=source,
            fetched_at=fetched_at,
            url=redacted(url),
            run_id=run_id,
            status=status,
            content_type=content_type,
            sha256=sha256,
            n_bytes=len(body),
            path=self._path_of(source, f"{sha256}.{suffix}.gz")
            or f"{source}/{fetched_at:%Y-%m-%d}/{sha256}.{suffix}.gz",
            unit=redacted_message(unit) if unit else None,
            root=self.root,
        )
        if not _is_intact(payload):
            write_once(self.root / PurePosixPath(payload.path), gzip.compress(body, 6, mtime=0))
        self._store_fetch(payload)
        return payload

    def payloads(self) -> Iterator[Payload]:
        """Every payload, in the order fetched_at, source, url; bodies are read only when asked for."""
        told = [self._fetch(path) for path in sorted(self.root.glob("*/????-??-??/*.json"))]
        yield from sorted(
            (payload for payload in told if payload),
            key=lambda payload: (payload.fetched_at, payload.source, payload.url, payload.sha256),
        )

    def hashes(self, source: str) -> set[str]:
        """SHA-256 of every body kept for ``source``."""
        return {path.name.partition(".")[0] for path in self.root.glob(f"{source}/*/*.gz")}

    def store_run(self, record: RunRecord) -> Path:
        """Keep what a run of one source did; a record once written stays."""
        told = asdict(record) | {
            "started_at": record.started_at.astimezone(UTC).isoformat(),
            "finished_at": record.finished_at.astimezone(UTC).isoformat(),
            "reason": redacted_message(record.reason) if record.reason else None,
            "units": {redacted_message(unit): is_whole for unit, is_whole in sorted(record.units.items())},
            "unchanged": sorted(redacted(url) for url in record.unchanged),
        }
        content = _as_json(told)
        path = self.root / RUNS / f"{record.run_id}-{record.source}.json"
        n = 1
        while path.exists() and path.read_bytes() != content:
            n += 1
            path = path.with_name(f"{record.run_id}-{record.source}-{n}.json")
        write_once(path, content)
        return path

    def has_run(self, run_id: str) -> bool:
        """Has a run of this name left a record?"""
        return any((self.root / RUNS).glob(f"{run_id}-*.json"))

    def runs(self) -> Iterator[RunRecord]:
        """Every run record, in the order started_at, source; a record that cannot be read is left out."""
        records = [_run(path) for path in sorted((self.root / RUNS).glob("*.json"))]
        yield from sorted(
            (record for record in records if record),
            key=lambda record: (record.started_at, record.source, record.run_id),
        )

    def damaged_notes(self) -> Iterator[str]:
        """Paths (relative to the root) of fetch and run files that cannot be read."""
        for path in sorted(self.root.glob("*/????-??-??/*.json")):
            if self._fetch(path) is None:
                yield path.relative_to(self.root).as_posix()
        for path in sorted((self.root / RUNS).glob("*.json")):
            if _run(path) is None:
                yield path.relative_to(self.root).as_posix()

    def _path_of(self, source: str, name: str) -> str | None:
        folder = self.root / source
        days = sorted(os.listdir(folder)) if folder.is_dir() else []
        return next((f"{source}/{day}/{name}" for day in days if (folder / day / name).exists()), None)

    def _store_fetch(self, payload: Payload) -> None:
        told = {name: value for name, value in asdict(payload).items() if name != "root"}
        told["fetched_at"] = payload.fetched_at.isoformat()
        content = _as_json(told)
        name = hashlib.sha256(content).hexdigest()[:24]
        write_once(self.root / payload.source / f"{payload.fetched_at:%Y-%m-%d}" / f"{name}.json", content)

    def _fetch(self, path: Path) -> Payload | None:
        try:
            told = json.loads(path.read_bytes())
            told["fetched_at"] = datetime.fromisoformat(told["fetched_at"])
            return Payload(**told, root=self.root)
        except (OSError, ValueError, TypeError, KeyError):
            return None


def write_once(path: Path, content: bytes) -> None:
    """Write ``content`` whole or not at all, read-only; a file already there with it is left alone."""
    if path.exists():
        if path.read_bytes() == content:
            return
        path.chmod(0o644)  # Windows replaces no read-only file; only a damaged one is ever replaced
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name[:32]}.{os.getpid()}.tmp")
    with open(half, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.chmod(0o444)
    os.replace(half, path)


def _is_intact(payload: Payload) -> bool:
    try:
        payload.body()
    except DamagedPayload:
        return False
    return True


def _as_json(told: dict) -> bytes:
    return json.dumps(told, sort_keys=True, ensure_ascii=False, indent=1).encode()


def _run(path: Path) -> RunRecord | None:
    try:
        told = json.loads(path.read_bytes())
        told["started_at"] = datetime.fromisoformat(told["started_at"])
        told["finished_at"] = datetime.fromisoformat(told["finished_at"])
        told["unchanged"] = tuple(told["unchanged"])
        return RunRecord(**told)
    except (OSError, ValueError, TypeError, KeyError):
        return None
