"""Payloads parsed, kept as Parquet: what each one holds, so that a payload is parsed once and no text stays in memory.

A part is one file: the rows of some payloads in the order in which their parsers told them, never rewritten. What
decides which postings are open (:mod:`itpm_trends.collecting.market`) reads the narrow columns alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path, PurePosixPath

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from itpm_trends.collecting import importing
from itpm_trends.collecting.archive import Payload
from itpm_trends.collecting.errors import DamagedPayload, FetchError, UnreadableImport
from itpm_trends.collecting.raw_postings import RawPosting, Rejected, posting_id, refusal
from itpm_trends.collecting.sources import SOURCES

ROWS_A_GROUP = 2_000
BYTES_A_PART = 24 * 2**20  # of bodies, as received
PAYLOADS_A_PART = 2_000
NO_DAY = np.iinfo(np.int32).max
UNFINISHED = ".unfinished"
TYPES = {"str": pa.large_string(), "date": pa.date32(), "float": pa.float64(), "bool": pa.bool_()}
FIELDS = {column.name: TYPES[column.type.partition(" ")[0]] for column in fields(RawPosting)}
SCHEMA = pa.schema(
    [
        ("id", pa.uint64()),  # posting_id as a number
        ("version", pa.uint64()),  # hash of all that the source states
        ("day", pa.int32()),  # posted_date by its ordinal
        ("record", pa.large_string()),
        ("reason", pa.large_string()),  # why the record was rejected; null for postings
        *FIELDS.items(),
    ]
)
NARROW = ["id", "version", "day", "source", "is_part", "record", "reason"]


def parsed(payload: Payload) -> Iterator[RawPosting | Rejected]:
    """What a payload holds; one that cannot be read to its end gives a last rejection, named by its path."""
    try:
        for found in _parse(payload):
            if isinstance(found, RawPosting) and (why_not := refusal(found)):
                found = Rejected(source=found.source, record=found.source_posting_id, reason=why_not)
            yield found
    except (DamagedPayload, FetchError, UnreadableImport) as error:
        reason = str(error).replace(str(payload.root), "data/raw")
        yield Rejected(source=payload.source, record=payload.path, reason=reason)
    except Exception as error:  # a fault of the parser on one odd payload must not cost the others
        reason = f"cannot be read, {type(error).__name__}: {error}"
        yield Rejected(source=payload.source, record=payload.path, reason=reason)


def _parse(payload: Payload) -> Iterator[RawPosting | Rejected]:
    if payload.source == importing.SOURCE:
        return importing.parse_import(payload.body(), payload.url, payload.fetched_at)
    if payload.source not in SOURCES:
        raise DamagedPayload(f"no source named {payload.source!r} is known to this version")
    return SOURCES[payload.source].parse(payload.body(), payload.url, payload.fetched_at)


def write_parsed(payloads: list[Payload], path: Path) -> Path:
    """Parse ``payloads`` into the part ``path``, row group by row group; the part is whole once it is there."""
    told = []
    with _Part(path) as part:
        for payload in payloads:
            first, is_whole = part.n_rows, True
            for found in parsed(payload):
                is_whole = is_whole and getattr(found, "record", None) != payload.path
                part.add(found, payload.source)
            told.append([token(payload), first, part.n_rows, is_whole, _mtime(payload)])
        part.finish(told)
    return path


def write_postings(postings: Iterable[RawPosting], path: Path) -> Path:
    """A part that holds ``postings`` and belongs to no payload."""
    with _Part(path) as part:
        for posting in postings:
            part.add(posting, posting.source)
        part.finish([])
    return path


class _Part:
    """One part while it is written."""

    def __init__(self, path: Path) -> None:
        self.path, self.half = path, path.with_name(path.name + UNFINISHED)
        self.n_rows = 0
        self._rows: list[dict] = []

    def __enter__(self) -> _Part:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(self.half, SCHEMA, compression="zstd")
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._writer.close()
        if kind is None:
            os.replace(self.half, self.path)

    def add(self, found: RawPosting | Rejected, source: str) -> None:
        self._rows.append(_row(found, source))
        self.n_rows += 1
        if len(self._rows) == ROWS_A_GROUP:
            self._write()

    def finish(self, told: list[list]) -> None:
        self._write()
        self._writer.add_key_value_metadata({"payloads": json.dumps(told)})

    def _write(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, SCHEMA))
            self._rows = []


def _row(found: RawPosting | Rejected, source: str) -> dict:
    if isinstance(found, Rejected):
        row = {"id": number_of(source, found.record), "source": found.source}
        return row | {"record": found.record, "reason": found.reason}
    content = repr(tuple(vars(found).values())).encode()
    version = int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")
    number = number_of(found.source, found.source_posting_id)
    return {"id": number, "version": version, "day": _ordinal(found.posted_date), **vars(found)}


def number_of(source: str, source_posting_id: str) -> int:
    """The posting_id as a number of 64 bits: it sorts as the id does."""
    return int(posting_id(source, source_posting_id), 16)


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


def token(payload: Payload) -> str:
    """Names what a parser is given, and the file that it comes from; a file of another size is another payload."""
    try:
        size = os.stat(payload.root / PurePosixPath(payload.path)).st_size
    except OSError:
        size = -1
    told = (payload.source, payload.url, payload.fetched_at.isoformat(), payload.path, payload.sha256, str(size))
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:24]


def _name(batch: list[Payload]) -> str:
    told = "".join(f"{token(payload)}{_mtime(payload)}" for payload in batch)
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def _mtime(payload: Payload) -> int:
    try:
        return os.stat(payload.root / PurePosixPath(payload.path)).st_mtime_ns
    except OSError:
        return 0


@dataclass(frozen=True)
class Rows:
    """Where a payload's rows lie among all parsed ones, and whether it could be read to its end."""

    first: int
    after: int
    is_whole: bool


class ParsedPayloads:
    """All parts in a folder: narrow columns in memory, whole rows when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: list[Path] = []
        self.starts: list[int] = [0]
        self._payloads: dict[str, tuple[Rows, int]] = {}
        self._columns: list[pa.Table] = []
        for path in sorted(folder.glob("*.parquet")):
            self.take_in(path)

    def take_in(self, path: Path) -> None:
        """Know the part ``path`` from now on; one that cannot be read (the power failed meanwhile) is removed."""
        try:
            file = pq.ParquetFile(path)
            narrow = file.read(columns=NARROW)
            told = json.loads(file.metadata.metadata[b"payloads"])
        except (pa.ArrowException, OSError, KeyError, ValueError):
            path.unlink(missing_ok=True)
            return
        start = self.starts[-1]
        for name, first, after, is_whole, mtime in told:
            self._payloads[name] = (Rows(start + first, start + after, is_whole), mtime)
        self.paths.append(path)
        self.starts.append(start + len(narrow))
        self._columns.append(narrow)

    def of(self, payload: Payload) -> Rows | None:
        """The rows of ``payload``, None where it was not parsed yet."""
        rows, mtime = self._payloads.get(token(payload), (None, 0))
        # A file that could not be read may have been mended without changing its size.
        return rows if rows and (rows.is_whole or mtime == _mtime(payload)) else None

    def parse(self, payloads: list[Payload], mapped: Callable = map) -> None:
        """Parse what is not parsed yet; ``mapped`` may run the parts in other processes."""
        batches = list(_batches(payloads))
        paths = [self.folder / f"{_name(batch)}.parquet" for batch in batches]
        for path in mapped(write_parsed, batches, paths):
            self.take_in(path)

    def narrow(self) -> pa.Table:
        """The columns NARROW of every row."""
        return pa.concat_tables([SCHEMA.empty_table().select(NARROW), *self._columns])

    def place(self, rows: np.ndarray) -> Iterator[tuple[Path, np.ndarray, np.ndarray]]:
        """Of each part that holds any of ``rows``: its path, the rows' numbers in it, and their places in ``rows``."""
        part = np.searchsorted(self.starts, rows, side="right") - 1
        for number in np.unique(part):
            at = np.flatnonzero(part == number)
            yield self.paths[number], rows[at] - self.starts[number], at

    def postings(self, rows: np.ndarray) -> list[RawPosting]:
        """The postings in ``rows``, in that order."""
        found: list[RawPosting | None] = [None] * len(rows)
        for path, inside, at in self.place(np.asarray(rows, dtype=np.int64)):
            for place, row in zip(at, taken(path, inside).to_pylist(), strict=True):
                found[place] = RawPosting(**{name: row[name] for name in FIELDS})
        return found


def taken(path: Path, rows: np.ndarray, columns: list[str] | None = None) -> pa.Table:
    """The rows of a part by number, in the order asked for; row groups without any are not read."""
    file = pq.ParquetFile(path)
    sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    group = np.searchsorted(starts, rows, side="right") - 1
    tables, order, n_before = [], np.empty(len(rows), dtype=np.int64), 0
    for number in np.unique(group):
        at = np.flatnonzero(group == number)
        tables.append(file.read_row_group(int(number), columns=columns).take(pa.array(rows[at] - starts[number])))
        order[at] = np.arange(n_before, n_before + len(at))
        n_before += len(at)
    if not tables:
        return file.schema_arrow.empty_table() if columns is None else file.schema_arrow.empty_table().select(columns)
    return pa.concat_tables(tables).take(pa.array(order))


def _batches(payloads: list[Payload]) -> Iterator[list[Payload]]:
    batch, n_bytes = [], 0
    for payload in payloads:
        batch.append(payload)
        n_bytes += payload.n_bytes
        if n_bytes >= BYTES_A_PART or len(batch) == PAYLOADS_A_PART:
            yield batch
            batch, n_bytes = [], 0
    if batch:
        yield batch
