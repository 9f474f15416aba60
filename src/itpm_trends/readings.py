"""What was read from each posting, kept as Parquet: a posting is read once for each version of it and of the program.

A part is two files, never rewritten: ``<name>.parquet`` has a row a posting (the columns of ``postings`` that its
source and its text decide, and the signature that tells copies apart), ``<name>.mentions.parquet`` the requirement
mentions of these postings. Rows stand in the order of posting_id, a row group for each of the ``RANGES`` of it, so that
tables in that order are put together range by range. Many small parts are merged into a large one of the same form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from itpm_trends.collecting.parsed import FIELDS
from itpm_trends.files import Folder, give_memory_back, in_order
from itpm_trends.measuring.duplicates import SIGNATURE, signatures
from itpm_trends.progress import Progress, silent
from itpm_trends.reading.described import COLUMNS, described_postings
from itpm_trends.reading.mention_table import requirement_mentions
from itpm_trends.reading.occupation import OURS
from itpm_trends.tables import DATE, POSTINGS, REQUIREMENT_MENTIONS

CHUNK = 500  # postings described at a time
POSTINGS_A_PART = 8_192
MOST_PARTS = 32  # more than these are merged: a row group of a few hundred postings costs as much as one of thousands
ROWS_A_PIECE = 32_768
RANGES = 32  # of posting_id: one of a million postings takes some 150 MB
SEEN = ("first_seen", "last_seen", "closed_date")  # what the text does not decide
READ = [name for name in COLUMNS if name not in SEEN]
ARROW = {
    "str": pa.large_string(),
    "datetime64[us]": pa.timestamp("us"),
    "float64": pa.float64(),
    "int64": pa.int64(),
    "boolean": pa.bool_(),
    "uint64": pa.uint64(),
    "object": pa.binary(),
}
SIGNED = dict(zip(SIGNATURE, ("str", "str", "uint64", "uint64", "str", "int64", "object"), strict=True))
POSTINGS_SCHEMA = pa.schema(
    [
        ("id", pa.uint64()),
        ("version", pa.uint64()),
        ("n_mentions", pa.int64()),
        ("reason", pa.large_string()),  # why the posting goes to the quarantine; null for the others
        *((name, ARROW[POSTINGS.columns[name].dtype]) for name in READ),
        *((f"copy_{name}", ARROW[dtype]) for name, dtype in SIGNED.items()),
    ]
)
INDEX = ["id", "version", "n_mentions", "reason"]
MENTIONS_SCHEMA = pa.schema((name, ARROW[column.dtype]) for name, column in REQUIREMENT_MENTIONS.columns.items())


@dataclass(frozen=True)
class Unread:
    """Postings to be read into one part of the folder ``target``.

    ``sources`` are folders, names and row numbers of parsed postings; ``versions`` has one number for each of them.
    """

    sources: tuple[tuple[str, str, np.ndarray], ...]
    versions: np.ndarray
    target: str


def read_part(unread: Unread) -> tuple[str, int]:
    """Read the postings of ``unread``: the name of the part that now holds what was read, and how many they were.

    A pure function of files: run twice, on whatever machine, it writes the same part.
    """
    raw = pa.concat_tables(Folder(address).taken(name, rows) for address, name, rows in unread.sources)
    order = np.argsort(raw["id"].to_numpy(), kind="stable")
    raw, versions = raw.take(pa.array(order)), unread.versions[order]
    spans = [slice(at, at + CHUNK) for at in range(0, len(raw), CHUNK)]
    chunks = [_read(raw.slice(span.start, CHUNK), versions[span]) for span in spans]
    name = _name(raw["id"].to_numpy(), versions)
    postings, mentions = (pa.concat_tables(tables) for tables in zip(*chunks, strict=True))
    edges = np.searchsorted(postings["id"].to_numpy(), _range_starts()).tolist()
    until = np.concatenate([[0], np.cumsum(postings["n_mentions"].to_numpy())])
    target = Folder(unread.target)
    _write(target, f"{name}.mentions.parquet", MENTIONS_SCHEMA, _slices(mentions, until[edges].tolist()))
    _write(target, f"{name}.parquet", POSTINGS_SCHEMA, _slices(postings, edges))
    return name, len(raw)


def _name(ids: np.ndarray, versions: np.ndarray) -> str:
    return hashlib.blake2b(ids.tobytes() + versions.tobytes(), digest_size=12).hexdigest()


def _read(raw: pa.Table, versions: np.ndarray) -> tuple[pa.Table, pa.Table]:
    """One chunk: its rows of the two files of a part."""
    frame = _raw_frame(raw)
    described, rejected = described_postings(frame)
    mentions = requirement_mentions(described[described["occupation"] == OURS])
    n_mentions = mentions["posting_id"].value_counts().reindex(described["posting_id"], fill_value=0)
    _check(described)
    described = described.join(signatures(described).add_prefix("copy_")).assign(n_mentions=n_mentions.to_numpy())
    refused = frame.loc[rejected.index, ["posting_id", "source", "source_posting_id", "url"]]
    refused = refused.assign(reason=rejected["reason"], n_mentions=0)
    numbers = pd.DataFrame({"id": raw["id"].to_numpy(), "version": versions}, index=frame["posting_id"])
    told = [each.join(numbers, on="posting_id", validate="one_to_one") for each in (described, refused)]
    postings = pa.concat_tables(_table(each, POSTINGS_SCHEMA) for each in told)
    return postings.sort_by("id"), _table(mentions, MENTIONS_SCHEMA)


def _check(described: pd.DataFrame) -> None:
    """TableError where a column breaks the contract of postings; when they were seen, and copies, are not known yet."""
    later = dict.fromkeys(SEEN[:2], pd.Timestamp(0)) | {"vacancy_id": described["posting_id"]}
    types = {name: POSTINGS.columns[name].dtype for name in later}
    POSTINGS.check(described.assign(**later).astype(types)[list(POSTINGS.columns)])


def _raw_frame(raw: pa.Table) -> pd.DataFrame:
    """Parsed postings as :func:`described_postings` takes them; when they were seen is not known here."""
    frame = raw.select([name for name in FIELDS if name != "is_part"]).to_pandas(date_as_object=False)
    frame = frame.astype(dict.fromkeys(("posted_date", "valid_through"), DATE))
    frame.insert(0, "posting_id", pd.Series([f"{number:016x}" for number in raw["id"].to_pylist()], dtype="str"))
    return frame.assign(**{name: pd.Series(pd.NaT, index=frame.index, dtype=DATE) for name in SEEN})


def _table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    columns = [
        pa.array(frame[field.name], type=field.type, from_pandas=True)
        if field.name in frame
        else pa.nulls(len(frame), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _range_starts() -> np.ndarray:
    return np.arange(RANGES, dtype=np.uint64) * np.uint64(2**64 // RANGES)


def _slices(table: pa.Table, edges: list[int]) -> Iterator[pa.Table]:
    """The parts of ``table`` that begin at ``edges``."""
    yield from (table.slice(start, end - start) for start, end in pairwise([*edges, len(table)]))


def _write(folder: Folder, name: str, schema: pa.Schema, groups: Iterable[pa.Table]) -> None:
    """A row group for each of ``groups`` that has rows."""
    with folder.writer(name, schema) as writer:
        for group in groups:
            if len(group):
                writer.write_table(group.combine_chunks())


class Readings:
    """All parts in a folder: which version of which posting was read, and what was read from it.

    Readings are known by their place: the number of their row in all parts one after the other.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._take_in_all()

    def _take_in_all(self) -> None:
        self.names: list[str] = []
        self._index: list[pa.Table] = []
        there = set(self.folder.names())
        for name in sorted(there):
            if f"{name.removesuffix('.parquet')}.mentions.parquet" in there:
                self.take_in(name.removesuffix(".parquet"))

    def take_in(self, name: str) -> None:
        """Know the part ``name`` from now on; one that cannot be read (the power failed meanwhile) is removed."""
        try:
            index = self.folder.opened(f"{name}.parquet").read(columns=INDEX)
            n_mentions = self.folder.opened(f"{name}.mentions.parquet").metadata.num_rows
            if n_mentions != pc.sum(index["n_mentions"]).as_py():
                raise OSError("the two files do not belong together")
        except (pa.ArrowException, OSError):
            self.folder.remove(f"{name}.parquet")
            return
        self.names.append(name)
        index = index.set_column(len(INDEX) - 1, "is_refused", index["reason"].is_valid())
        self._index.append(index.replace_schema_metadata())

    def merge(self, progress: Progress = silent) -> None:
        """Make one part of many; places change. A part that holds more than half of all rows stays what it is."""
        sizes = np.array([len(index) for index in self._index])
        small = np.flatnonzero(sizes <= sizes.sum() / 2)
        if len(small) <= MOST_PARTS:
            return
        progress("merging parts", 0, 1)
        places = np.concatenate([np.arange(self.starts[number], self.starts[number + 1]) for number in small])
        merged = self._write_again(places[np.argsort(self._indexed("id")[places], kind="stable")])
        for name in {self.names[number] for number in small} - {merged}:
            self.folder.remove(f"{name}.parquet")
            self.folder.remove(f"{name}.mentions.parquet")
        self._take_in_all()
        progress("merging parts", 1, 1)

    def _write_again(self, places: np.ndarray) -> str:
        """The name of a new part with what was read at ``places``, in the order of ids."""
        ids, versions = (self._indexed(column)[places] for column in ("id", "version"))
        name, spans = _name(ids, versions), [places[span] for span in ranges(ids)]
        postings = (self.rows(span, POSTINGS_SCHEMA.names) for span in spans)
        mentions = (self.mentions(span) for span in spans)
        with ThreadPoolExecutor(2) as pool:
            files = [
                pool.submit(_write, self.folder, f"{name}.mentions.parquet", MENTIONS_SCHEMA, mentions),
                pool.submit(_write, self.folder, f"{name}.parquet", POSTINGS_SCHEMA, postings),
            ]
            for file in files:
                file.result()
        return name

    @property
    def starts(self) -> np.ndarray:
        """The place of each part's first row, and the number of all."""
        return np.concatenate([[0], np.cumsum([len(index) for index in self._index])]).astype(np.int64)

    def places(self, ids: np.ndarray, versions: np.ndarray) -> np.ndarray:
        """Where each of these postings was read; -1 where this version of it was not."""
        read_ids, read_versions = self._indexed("id"), self._indexed("version")
        order = np.argsort(read_ids, kind="stable")
        places = np.full(len(ids), -1, dtype=np.int64)
        first = np.searchsorted(read_ids, ids, sorter=order)
        after = np.searchsorted(read_ids, ids, side="right", sorter=order)
        for back in range(int((after - first).max(initial=0))):  # few versions of a posting were ever read
            at = np.flatnonzero(first + back < after)
            candidate = order[first[at] + back]
            is_it = read_versions[candidate] == versions[at]
            places[at[is_it]] = candidate[is_it]
        return places

    def rows(self, places: np.ndarray, columns: list[str]) -> pa.Table:
        """These columns of the postings read at ``places``, in that order."""
        part = np.searchsorted(self.starts, places, side="right") - 1
        tables, at = [POSTINGS_SCHEMA.empty_table().select(columns)], []
        for number in np.unique(part):
            at.append(np.flatnonzero(part == number))
            rows = places[at[-1]] - self.starts[number]
            tables.append(self.folder.taken(f"{self.names[number]}.parquet", rows, columns))
        return in_order(tables, at)

    def mentions(self, places: np.ndarray) -> pa.Table:
        """The mentions of the postings read at ``places``, in that order."""
        part = np.searchsorted(self.starts, places, side="right") - 1
        tables, at = [MENTIONS_SCHEMA.empty_table()], []
        n_mentions = self._indexed("n_mentions").astype(np.int64)[places]
        until = np.concatenate([[0], np.cumsum(n_mentions)])
        for number in np.unique(part):
            mine = np.flatnonzero(part == number)
            in_part = self._index[number]["n_mentions"].to_numpy()
            first = np.concatenate([[0], np.cumsum(in_part)])[places[mine] - self.starts[number]]
            tables.append(self.folder.taken(f"{self.names[number]}.mentions.parquet", _spans(first, n_mentions[mine])))
            at.append(_spans(until[mine], n_mentions[mine]))
        return in_order(tables, at)

    def texts(self, places: np.ndarray) -> list[str]:
        """The texts of the postings read at ``places``, in that order."""
        texts = self.rows(places, ["description_text"])["description_text"].to_pylist()
        give_memory_back()
        return texts

    def is_refused(self, places: np.ndarray) -> np.ndarray:
        """Whether the postings read at ``places`` came to nothing."""
        return self._indexed("is_refused").astype(bool)[places]

    def pieces(self, places: np.ndarray, columns: list[str]) -> Iterator[tuple[np.ndarray, pa.Table]]:
        """These columns of many postings, piece by piece, and which of ``places`` they are: reads whole files."""
        order = np.argsort(places, kind="stable")
        start = 0
        for name in self.names:
            file = self.folder.opened(f"{name}.parquet")
            for batch in file.iter_batches(ROWS_A_PIECE, columns=columns):
                at = order[slice(*np.searchsorted(places, [start, start + len(batch)], sorter=order))]
                if len(at):
                    yield at, pa.table(batch.take(pa.array(places[at] - start)), schema=None)
                start += len(batch)

    def _indexed(self, name: str) -> np.ndarray:
        return np.concatenate([np.empty(0, np.uint64), *(index[name].to_numpy() for index in self._index)])


def ranges(ids: np.ndarray) -> Iterator[slice]:
    """The parts of ``ids`` (ascending) that lie in one range each; a part reads one row group for it."""
    edges = [*np.searchsorted(ids, _range_starts()).tolist(), len(ids)]
    yield from (slice(start, end) for start, end in pairwise(edges) if end > start)


def _spans(first: np.ndarray, length: np.ndarray) -> np.ndarray:
    """The numbers from each ``first`` on, ``length`` of them, one span after the other."""
    before = np.concatenate([[0], np.cumsum(length)[:-1]]) if len(length) else length
    return np.repeat(first - before, length) + np.arange(int(length.sum()))
