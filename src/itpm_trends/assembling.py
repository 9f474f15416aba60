"""The tables of ``data/processed`` put together from what was read, range by range of posting_id; no text stays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from itpm_trends.collecting.market import ToldMarket
from itpm_trends.files import UNFINISHED, Folder, give_memory_back, in_order
from itpm_trends.measuring.duplicates import SIGNATURE, SPREAD, KnownPairs, earliest_copies, has_text, spread_of
from itpm_trends.readings import READ, SEEN, Readings, ranges
from itpm_trends.tables import DATE, POSTINGS, REQUIREMENT_MENTIONS

ROWS_A_GROUP = {"postings": 32_768, "requirement_mentions": 262_144}
MEASURED = [
    *("posting_id", "source", "company_name", "country_code", "workplace", "posted_date", "first_seen", "last_seen"),
    *("text_extent", "occupation", "seniority", "specialism", "language", "vacancy_id"),
]
MEASURED_MENTIONS = [
    *("posting_id", "requirement_id", "kind", "modality", "level", "fields", "min_years", "or_experience"),
]
PAIRS = {"windows": ["window"], "pairs": ["of", "first"]}  # files of what was compared before, and their columns


def vacancies_of(market: ToldMarket, readings: Readings, places: np.ndarray, kept: Folder) -> np.ndarray:
    """The vacancy of each posting of ``market``, as the number of its earliest posting.

    ``places`` say where each was read. What was compared is kept in the folder ``kept`` for the next time.
    """
    if not len(places):
        return market.ids
    columns = ["posted_date", *(f"copy_{name}" for name in SIGNATURE if name != "spread")]
    tables, at = zip(*((table, at) for at, table in readings.pieces(places, columns)), strict=True)
    signed = in_order(list(tables), list(at)).to_pandas().rename(columns=lambda name: name.removeprefix("copy_"))
    spread = np.empty((len(places), SPREAD), np.uint8)
    for rows, told in readings.pieces(places, ["copy_spread"]):
        spread[rows] = spread_of(told["copy_spread"].to_pylist())
    with_text = np.flatnonzero(has_text(signed["words"]))
    first_seen = pd.Series(market.first_seen).astype(DATE)
    signed = signed.assign(
        posting_id=market.ids, opened=signed["posted_date"].fillna(first_seen), ended=market.last_seen
    ).iloc[with_text]
    known = _known_pairs(kept)
    texts_of = lambda rows: readings.texts(places[with_text[rows]])  # noqa: E731
    earliest, known = earliest_copies(
        signed, spread if len(signed) == len(spread) else spread[with_text], texts_of, known
    )
    _keep_pairs(kept, known)
    vacancy = market.ids.copy()
    vacancy[with_text] = market.ids[with_text[earliest]]
    return vacancy


def _known_pairs(kept: Folder) -> KnownPairs | None:
    try:
        windows, pairs = (kept.opened(f"{name}.parquet").read() for name in PAIRS)
        return KnownPairs(*(table[name].to_numpy() for table in (windows, pairs) for name in table.column_names))
    except (OSError, pa.ArrowException):
        return None


def _keep_pairs(kept: Folder, known: KnownPairs) -> None:
    # A window without its pairs would pass for one without any: the pairs go first.
    for name, columns in (("pairs", (known.of, known.first)), ("windows", (known.windows,))):
        table = pa.table(dict(zip(PAIRS[name], map(pa.array, columns), strict=True)))
        with kept.writer(f"{name}.parquet", table.schema) as writer:
            writer.write_table(table)


def write_postings_and_mentions(
    market: ToldMarket, readings: Readings, places: np.ndarray, vacancy: np.ndarray, folder: Path
) -> dict[str, str]:
    """Write both tables into ``folder``, side by side; their hashes."""
    with ThreadPoolExecutor(2) as pool:
        postings = pool.submit(_write_postings, market, readings, places, vacancy, folder)
        mentions = pool.submit(_write_mentions, market, readings, places, folder)
        return {"postings": postings.result(), "requirement_mentions": mentions.result()}


def _write_postings(market: ToldMarket, readings: Readings, places: np.ndarray, vacancy: np.ndarray, folder) -> str:
    # Checked when they were read, but for what was not known then; ids are in order, each there once.
    assert (market.first_seen <= market.last_seen).all()
    seen = {name: getattr(market, name).astype("datetime64[us]") for name in SEEN}
    with writing(folder / "postings.parquet", POSTINGS.empty(), ROWS_A_GROUP["postings"]) as file:
        for span, read in _ahead((span, readings.rows(places[span], READ)) for span in ranges(market.ids)):
            columns = {name: read[name] for name in READ} | {name: pa.array(days[span]) for name, days in seen.items()}
            columns["vacancy_id"] = pa.array([f"{number:016x}" for number in vacancy[span].tolist()], pa.large_string())
            file.add(pa.table({name: columns[name] for name in POSTINGS.columns}))
    return file.sha256


def _write_mentions(market: ToldMarket, readings: Readings, places: np.ndarray, folder) -> str:
    # Checked chunk by chunk when they were read; a posting is in one range only, so that keys stay unique.
    empty = REQUIREMENT_MENTIONS.empty()
    with writing(folder / "requirement_mentions.parquet", empty, ROWS_A_GROUP["requirement_mentions"]) as file:
        for mentions in _ahead(readings.mentions(places[span]) for span in ranges(market.ids)):
            file.add(mentions)
    return file.sha256


def _ahead(items: Iterator) -> Iterator:
    """``items``, each made while the one before is still in use."""
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(next, items, None)
        while (item := following.result()) is not None:
            following = pool.submit(next, items, None)
            yield item
            give_memory_back()


@contextmanager
def writing(path: Path, empty: pd.DataFrame, rows_a_group: int) -> Iterator[TableFile]:
    """A table that is there, whole, once the block ends without an error; ``empty`` has its columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + UNFINISHED)
    schema = pa.Table.from_pandas(empty, preserve_index=False).schema
    with pq.ParquetWriter(half, schema, compression="zstd") as writer:
        file = TableFile(writer, schema, rows_a_group)
        yield file
        file.finish()
    file.sha256 = sha256_of(half)
    half.replace(path)


class TableFile:
    """A table while it is written: row groups of one size, whatever the pieces that come."""

    def __init__(self, writer: pq.ParquetWriter, schema: pa.Schema, rows_a_group: int) -> None:
        self.sha256 = ""
        self._writer, self._schema, self._rows_a_group = writer, schema, rows_a_group
        self._waiting, self._has_rows = schema.empty_table(), False

    def add(self, table: pa.Table) -> None:
        table = table.replace_schema_metadata(self._schema.metadata)
        self._waiting = pa.concat_tables([self._waiting, table])
        while len(self._waiting) >= self._rows_a_group:
            self._write(self._waiting.slice(0, self._rows_a_group))
            self._waiting = self._waiting.slice(self._rows_a_group)

    def finish(self) -> None:
        if len(self._waiting) or not self._has_rows:
            self._write(self._waiting)

    def _write(self, table: pa.Table) -> None:
        # In one piece, so that the bytes do not depend on the pieces that came.
        self._writer.write_table(table.combine_chunks(), row_group_size=self._rows_a_group)
        self._has_rows = True


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, without holding it in memory."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def measured_postings(path: Path) -> pd.DataFrame:
    """What is counted of each posting in the table at ``path``."""
    return pq.read_table(path, columns=MEASURED).to_pandas()


def measured_mentions(path: Path, postings: pd.DataFrame) -> pd.DataFrame:
    """What is counted of the mentions of ``postings``, words as categories: millions of them take a few bytes each."""
    words = [name for name in MEASURED_MENTIONS if name not in ("min_years", "or_experience")]
    file = pq.ParquetFile(path, read_dictionary=words)
    known = pd.Index(postings["posting_id"])
    parts = []
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=MEASURED_MENTIONS)
        of = [known.get_indexer(c.dictionary.to_pandas())[c.indices.to_numpy()] for c in table["posting_id"].chunks]
        table = table.set_column(0, "posting_id", pa.array(np.concatenate(of).astype(np.int32)))
        parts.append(table.filter(pc.greater_equal(table["posting_id"], 0)))
    table = pa.concat_tables(parts).unify_dictionaries()
    of = pd.Categorical.from_codes(table["posting_id"].to_numpy(), categories=postings["posting_id"])
    frame = table.drop_columns("posting_id").to_pandas(split_blocks=True, self_destruct=True)
    frame.insert(0, "posting_id", of)
    return frame.astype({"or_experience": REQUIREMENT_MENTIONS.columns["or_experience"].dtype})


def refused_readings(market: ToldMarket, readings: Readings, places: np.ndarray) -> tuple[np.ndarray, pd.DataFrame]:
    """Which postings of ``market`` came to nothing when they were read, and their rows of the quarantine."""
    columns = ["source", "url", "source_posting_id", "reason"]
    is_refused = readings.is_refused(places)
    frame = readings.rows(places[is_refused], columns).to_pandas().rename(columns={"source_posting_id": "record"})
    frame = frame.assign(payload=pd.Series(None, index=frame.index, dtype="str"))
    return is_refused, frame[["source", "payload", "url", "record", "reason"]].astype("str")
