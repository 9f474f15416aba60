"""Payloads parsed, kept as Parquet: what each one holds, so that a payload is parsed once and no text stays in memory.

A part is one file: the rows of some payloads in the order in which their parsers told them, never rewritten. What
decides which postings are open (:mod:`itpm_trends.collecting.market`) reads the narrow columns alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import PurePosixPath

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from itpm_trends.collecting import importing
from itpm_trends.collecting.archive import Payload
from itpm_trends.collecting.errors import DamagedPayload, FetchError, UnreadableImport
from itpm_trends.collecting.raw_postings import RawPosting, Rejected, posting_id, refusal
from itpm_trends.collecting.sources import SOURCES
from itpm_trends.files import Folder

ROWS_A_GROUP = 2_000
BYTES_A_PART = 24 * 2**20  # of bodies, as received
PAYLOADS_A_PART = 2_000
NO_DAY = np.iinfo(np.int32).max
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


def write_parsed(payloads: list[Payload], address: str) -> str:
    """Parse ``payloads`` into a part of the folder ``address``, row group by row group; its name."""
    told, name = [], f"{_name(payloads)}.parquet"
    with _part(Folder(address), name) as part:
        for payload in payloads:
            first, is_whole = part.n_rows, True
            for found in parsed(payload):
                is_whole = is_whole and getattr(found, "record", None) != payload.path
                part.add(found, payload.source)
            told.append([token(payload), first, part.n_rows, is_whole, _mtime(payload)])
        part.finish(told)
    return name


def write_postings(postings: Iterable[RawPosting], address: str, name: str) -> None:
    """A part ``name`` of the folder ``address`` that holds ``postings`` and belongs to no payload."""
    with _part(Folder(address), name) as part:
        for posting in postings:
            part.add(posting, posting.source)
        part.finish([])


@contextmanager
def _part(folder: Folder, name: str) -> Iterator[_Part]:
    with folder.writer(name, SCHEMA) as writer:
        yield _Part(writer)


class _Part:
    """One part while it is written."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self.n_rows = 0
        self._writer, self._rows = writer, []

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

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.names: list[str] = []
        self.starts: list[int] = [0]
        self._payloads: dict[str, tuple[Rows, int]] = {}
        self._columns: list[pa.Table] = []
        for name in folder.names():
            self.take_in(name)

    def take_in(self, name: str) -> None:
        """Know the part ``name`` from now on; one that cannot be read (the power failed meanwhile) is removed."""
        try:
            file = self.folder.opened(name)
            narrow = file.read(columns=NARROW)
            told = json.loads(file.metadata.metadata[b"payloads"])
        except (pa.ArrowException, OSError, KeyError, ValueError):
            self.folder.remove(name)
            return
        start = self.starts[-1]
        for payload, first, after, is_whole, mtime in told:
            self._payloads[payload] = (Rows(start + first, start + after, is_whole), mtime)
        self.names.append(name)
        self.starts.append(start + len(narrow))
        self._columns.append(narrow.replace_schema_metadata())

    def of(self, payload: Payload) -> Rows | None:
        """The rows of ``payload``, None where it was not parsed yet."""
        rows, mtime = self._payloads.get(token(payload), (None, 0))
        # A file that could not be read may have been mended without changing its size.
        return rows if rows and (rows.is_whole or mtime == _mtime(payload)) else None

    def parse(self, payloads: list[Payload], mapped: Callable = map) -> None:
        """Parse what is not parsed yet; ``mapped`` may run the parts in other processes."""
        batches = list(_batches(payloads))
        for name in mapped(write_parsed, batches, [self.folder.address] * len(batches)):
            self.take_in(name)

    def narrow(self) -> pa.Table:
        """The columns NARROW of every row."""
        return pa.concat_tables([SCHEMA.empty_table().select(NARROW), *self._columns])

    def places(self, rows: np.ndarray) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """Of each part that holds any of ``rows``: its name, the rows' numbers in it, and their places in ``rows``."""
        part = np.searchsorted(self.starts, rows, side="right") - 1
        for number in np.unique(part):
            at = np.flatnonzero(part == number)
            yield self.names[number], rows[at] - self.starts[number], at

    def postings(self, rows: np.ndarray) -> list[RawPosting]:
        """The postings in ``rows``, in that order."""
        found: list[RawPosting | None] = [None] * len(rows)
        for name, inside, at in self.places(rows):
            for place, row in zip(at, self.folder.taken(name, inside).to_pylist(), strict=True):
                found[place] = RawPosting(**{column: row[column] for column in FIELDS})
        return found


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
