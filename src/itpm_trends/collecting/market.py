"""The raw market: all postings in the archive, when each was seen, what is unreadable, what is covered.

Rebuilt from the files in ``data/raw`` alone: the same files give the same frames on every machine. What the payloads
hold comes from :mod:`itpm_trends.collecting.parsed`; here it is only counted who was seen when, without any text.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from itertools import chain, groupby
from statistics import median

import numpy as np
import pandas as pd

from itpm_trends.collecting import importing
from itpm_trends.collecting.archive import Archive, Payload, RunRecord
from itpm_trends.collecting.parsed import ParsedPayloads, Rows
from itpm_trends.collecting.raw_postings import RawPosting, merged, refusal
from itpm_trends.collecting.sources import SOURCES
from itpm_trends.collecting.windows import Window
from itpm_trends.files import Folder
from itpm_trends.tables import DATE, NUMBER, TEXT

# A source that shows less than half of what its last complete runs showed (the median of so many) is suspicious:
# more likely a fault than a wave of closed jobs. Suspicious counts enter the median, so that a lasting fall is
# believed after two runs.
RUNS_REMEMBERED = 4
FEWEST_TO_SUSPECT = 10
# An answer without any posting, where a unit had at least this many, is taken for a fault, not for closed
# jobs: boards answer a renamed or unknown name with an empty list.
FEWEST_TO_DOUBT_EMPTY = 10
ROWS_A_PIECE = 2_000
NEVER = np.iinfo(np.int32).max  # of a day: not seen, not absent, not closed
DATES = ("posted_date", "valid_through", "first_seen", "last_seen", "closed_date")
NUMBERS = ("salary_min", "salary_max")
POSTING_COLUMNS = (
    "posting_id",
    *(column.name for column in fields(RawPosting) if column.name != "is_part"),
    "first_seen",
    "last_seen",
    "closed_date",
)
QUARANTINE_COLUMNS = ("source", "payload", "url", "record", "reason")
COVERAGE_COLUMNS = ("source", "kind", "collected_on", "is_complete", "n_parsed", "n_rejected")


@dataclass(frozen=True)
class RawMarket:
    """Three frames made from the archive.

    ``postings``: one row a posting, latest version. ``quarantine``: what could not be read, and why.
    ``coverage``: one row for each source and day it was collected (``live``) or imported (``archive``), or month of
    its open history (``history``, by the first of the month).
    """

    postings: pd.DataFrame
    quarantine: pd.DataFrame
    coverage: pd.DataFrame


def raw_market(archive: Archive, *, as_of: date | None = None) -> RawMarket:
    """All postings in the archive, as far as payloads up to ``as_of`` (that day included) tell of them; in memory."""
    with tempfile.TemporaryDirectory() as folder:
        payloads = ParsedPayloads(Folder(folder))
        told = market_told(archive, payloads, as_of=as_of)
        starts = range(0, max(len(told.ids), 1), ROWS_A_PIECE)
        pieces = [_piece(told, payloads, slice(start, start + ROWS_A_PIECE)) for start in starts]
        return RawMarket(pd.concat(pieces, ignore_index=True), told.quarantine, told.coverage)


@dataclass(frozen=True)
class ToldMarket:
    """Who was seen when: :class:`RawMarket` with numbers in the place of postings.

    ``ids`` (posting_id as a number, ascending), ``first_seen``, ``last_seen`` and ``closed_date`` (days since 1970,
    NaT where open) have one value a posting. ``rows`` is the row of its latest version among the parsed ones, -1 where
    it is told of in parts: ``parts`` then gives, by its place in ``ids``, the rows to be merged in that order.
    ``versions`` changes with whatever the source states of the posting.
    """

    ids: np.ndarray
    first_seen: np.ndarray
    last_seen: np.ndarray
    closed_date: np.ndarray
    rows: np.ndarray
    versions: np.ndarray
    parts: dict[int, list[int]]
    quarantine: pd.DataFrame
    coverage: pd.DataFrame

    def only(self, stands: np.ndarray) -> ToldMarket:
        """The market without the postings for which ``stands`` is false; their parts are not asked for any more."""
        kept = {name: getattr(self, name)[stands] for name in PER_POSTING}
        return replace(self, **kept, parts={})

    def merged(self, at: int, payloads: ParsedPayloads) -> RawPosting:
        """The posting at this place, which is told of in parts."""
        return _merged(payloads.postings(np.array(self.parts[at])))


PER_POSTING = ("ids", "first_seen", "last_seen", "closed_date", "rows", "versions")


def market_told(
    archive: Archive, payloads: ParsedPayloads, *, as_of: date | None = None, mapped: Callable = map
) -> ToldMarket:
    """Who was seen when, after parsing what ``payloads`` lacks (``mapped`` may do that in other processes)."""
    runs = _runs(archive, as_of)
    while missing := [payload for payload in _read_payloads(runs, payloads) if not payloads.of(payload)]:
        payloads.parse(missing, mapped)
    reading = _Reading(payloads)
    for note in archive.damaged_notes():
        reading.quarantine_row("(archive)", note, None, note, "note of a fetch or run cannot be read")
    for run in runs:
        reading.read_run(run)
    return reading.told()


def _read_payloads(runs: list[_Run], payloads: ParsedPayloads) -> Iterator[Payload]:
    """The payloads that the market needs parsed: a page that shows again what it showed is not read twice."""
    bodies: dict[tuple[str, str], str] = {}
    for run in runs:
        for payload in run.payloads:
            if not _is_live(run):
                yield payload
            elif bodies.get(page := (payload.source, payload.url)) != payload.sha256:
                yield payload
                rows = payloads.of(payload)
                if rows is None or rows.is_whole:
                    bodies[page] = payload.sha256


@dataclass(frozen=True)
class _Run:
    """One run of one source with its payloads; a run that was cut off has no record."""

    source: str
    run_id: str
    started_at: datetime
    record: RunRecord | None
    payloads: tuple[Payload, ...]


def _is_live(run: _Run) -> bool:
    return run.source != importing.SOURCE and not (run.record and run.record.kind == "backfill")


class _Reading:
    """What has been read so far, run after run in the order of time; postings are codes, 0 to n - 1."""

    def __init__(self, payloads: ParsedPayloads) -> None:
        self.payloads, narrow = payloads, payloads.narrow()
        self.ids, self.codes = np.unique(narrow["id"].to_numpy(), return_inverse=True)
        self.days = narrow["day"].fill_null(NEVER).to_numpy()
        self.versions = narrow["version"].fill_null(0).to_numpy()
        self.is_rejected = narrow["reason"].is_valid().to_numpy()
        self.is_part = narrow["is_part"].fill_null(False).to_numpy(zero_copy_only=False)
        self.source_codes, sources = pd.factorize(narrow["source"].to_pandas())
        self.sources = list(sources)
        rejected = np.flatnonzero(self.is_rejected)
        told = narrow.select(["record", "reason"]).take(rejected).to_pylist()
        self.rejections = dict(zip(rejected.tolist(), told, strict=True))
        n = len(self.ids)
        self.first_seen, self.last_seen = np.full(n, NEVER, np.int32), np.full(n, -1, np.int32)
        self.absent_since, self.closed_date = np.full(n, NEVER, np.int32), np.full(n, NEVER, np.int32)
        self.unit_of = np.full(n, -1, np.int32)
        self.latest = np.full(n, -1, np.int64)
        self.is_incomplete = np.zeros(n, bool)  # all that was told of it are parts
        self.parts: dict[int, list[int]] = {}
        self.units: dict[tuple[str, str], int] = {}
        self.unit_names: list[str] = []
        self.members: dict[int, list[np.ndarray]] = defaultdict(list)
        self.codes_of_page: dict[tuple[str, str], np.ndarray] = {}
        self.bodies: dict[tuple[str, str], str] = {}
        self.n_in_unit: dict[tuple[str, str], int] = {}
        self.rejected: dict[tuple, dict] = {}
        self.covered: list[dict] = []
        self.n_shown: dict[str, list[int]] = defaultdict(list)

    def read_run(self, run: _Run) -> None:
        if _is_live(run):
            self._read_live(run)
        elif run.source == importing.SOURCE:
            for payload in run.payloads:
                self._read_import(payload)
        else:
            self._read_backfill(run)

    def _read_import(self, payload: Payload) -> None:
        rows = self._rows(payload)
        postings = self._quarantined(payload, rows)
        self._see(postings, self._claimed(postings, payload), None)
        n_parsed = Counter(self.source_codes[postings].tolist())
        n_rejected = Counter(self.source_codes[rows.first : rows.after].tolist()) - n_parsed
        for code in n_parsed | n_rejected:
            day = payload.fetched_at.date()
            self._cover(self.sources[code], "archive", day, True, n_parsed[code], n_rejected[code])

    def _read_backfill(self, run: _Run) -> None:
        """Months of an open history: a posting counts from the day it claims, and none is closed by its absence."""
        told: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        failed: set[str] = set()
        for payload in run.payloads:
            unit, rows = payload.unit or "", self._rows(payload)
            postings = self._quarantined(payload, rows)
            self._see(postings, self._claimed(postings, payload), None)
            told[unit][0] += len(postings)
            told[unit][1] += rows.after - rows.first - len(postings)
            if not rows.is_whole:
                failed.add(unit)
        for unit, is_whole in run.record.units.items():
            is_complete = is_whole and unit not in failed
            self._cover(run.source, "history", Window.named(unit).start, is_complete, *told[unit])

    def _claimed(self, postings: np.ndarray, payload: Payload) -> np.ndarray:
        """The day that each posting claims, else that of the fetch."""
        days = self.days[postings]
        return np.where(days == NEVER, payload.fetched_at.date().toordinal(), days)

    def _read_live(self, run: _Run) -> None:
        day = run.started_at.date()
        seen: dict[str, list[np.ndarray]] = defaultdict(list)
        failed: set[str] = set()
        n_rejected = 0
        for payload in run.payloads:
            unit = payload.unit or ""
            codes, n_bad, is_whole = self._read_page(payload, day)
            seen[unit].append(codes)
            n_rejected += n_bad
            if not is_whole:
                failed.add(unit)
        for url in run.record.unchanged if run.record else ():
            codes = self.codes_of_page.get((run.source, url), np.empty(0, np.int64))
            for number in np.unique(self.unit_of[codes]).tolist():
                of_unit, unit = codes[self.unit_of[codes] == number], self.unit_names[number] if number >= 0 else ""
                seen[unit].append(of_unit)
                self._see_again(of_unit, day.toordinal(), self._unit(run.source, unit))
        complete = {unit for unit, is_whole in (run.record.units if run.record else {}).items() if is_whole} - failed
        is_complete = bool(run.record and run.record.is_complete and not failed)
        n_postings = len(np.unique(_joined(chain.from_iterable(seen.values()))))
        if is_complete:
            is_complete = not falls_by_half(n_postings, self.n_shown[run.source])
            self.n_shown[run.source].append(n_postings)
            complete = complete if is_complete else set()
        if _shows_all_open(run.source):
            for unit in sorted(complete):
                self._close_absent(run.source, unit, _joined(seen[unit]), day)
        self._cover(run.source, "live", day, is_complete, n_postings, n_rejected)

    def _read_page(self, payload: Payload, day: date) -> tuple[np.ndarray, int, bool]:
        """The postings that a payload shows, how many records were rejected, and whether it could be read."""
        page, unit = (payload.source, payload.url), self._unit(payload.source, payload.unit or "")
        if self.bodies.get(page) == payload.sha256:
            self._see_again(self.codes_of_page[page], day.toordinal(), unit)
            return self.codes_of_page[page], 0, True
        rows = self._rows(payload)
        postings = self._quarantined(payload, rows)
        # A posting that is there but cannot be read is not closed.
        rejected = np.flatnonzero(self.is_rejected[rows.first : rows.after]) + rows.first
        shown_before = [
            row
            for row in rejected
            if self.last_seen[self.codes[row]] >= 0 or (self.codes[postings[postings < row]] == self.codes[row]).any()
        ]
        self._see(postings, day.toordinal(), unit)
        known = self.codes[np.array(shown_before, dtype=np.int64)]
        self._see_again(known, day.toordinal(), unit)
        codes = np.unique(np.concatenate([self.codes[postings], known]))
        if rows.is_whole:
            self.codes_of_page[page] = codes
            self.bodies[page] = payload.sha256
        return codes, len(rejected), rows.is_whole

    def _rows(self, payload: Payload) -> Rows:
        rows = self.payloads.of(payload)
        assert rows is not None, f"{payload.path} was not parsed"
        return rows

    def _quarantined(self, payload: Payload, rows: Rows) -> np.ndarray:
        """The rows of a payload that are postings, after the others went into the quarantine."""
        is_rejected = self.is_rejected[rows.first : rows.after]
        for row in (np.flatnonzero(is_rejected) + rows.first).tolist():
            source = self.sources[self.source_codes[row]]
            self.quarantine_row(source, payload.path, payload.url, **self.rejections[row])
        return np.flatnonzero(~is_rejected) + rows.first

    def _unit(self, source: str, name: str) -> int:
        if (source, name) not in self.units:
            self.units[source, name] = len(self.units)
            self.unit_names.append(name)
        return self.units[source, name]

    def _see(self, rows: np.ndarray, days: np.ndarray | int, unit: int | None) -> None:
        """Postings told of in ``rows``; of two rows of one posting the later stands, parts are kept together."""
        codes = self.codes[rows]
        in_parts = self.is_part[rows] | self.is_incomplete[codes]
        if in_parts.any():
            for row, code in zip(rows.tolist(), codes.tolist(), strict=True):
                self._see_part(row, code)
        else:
            self.latest[codes] = rows
            for code in self.parts.keys() & set(codes.tolist()) if self.parts else ():
                del self.parts[code]
        self._see_again(codes, days, unit)

    def _see_part(self, row: int, code: int) -> None:
        is_first, is_part = self.latest[code] < 0, bool(self.is_part[row])
        before = self.parts.get(code, [int(self.latest[code])])
        if not is_first and (self.is_incomplete[code] or is_part):
            self.parts[code] = [*before, row]
            is_part = is_part and bool(self.is_incomplete[code])
        else:
            self.parts.pop(code, None)
        self.latest[code], self.is_incomplete[code] = row, is_part

    def _see_again(self, codes: np.ndarray, days: np.ndarray | int, unit: int | None) -> None:
        np.minimum.at(self.first_seen, codes, days)
        np.maximum.at(self.last_seen, codes, days)
        if unit is not None:
            is_new = (self.unit_of[codes] != unit) | (self.closed_date[codes] != NEVER)
            self.members[unit].append(codes[is_new])
            self.unit_of[codes] = unit
        self.absent_since[codes] = self.closed_date[codes] = NEVER

    def _close_absent(self, source: str, unit: str, seen: np.ndarray, day: date) -> None:
        """Close what two complete runs in a row, on different days, came without."""
        n_seen = len(np.unique(seen))
        if not n_seen and self.n_in_unit.get((source, unit), 0) >= FEWEST_TO_DOUBT_EMPTY:
            return
        self.n_in_unit[source, unit] = n_seen
        number, today = self._unit(source, unit), day.toordinal()
        codes = np.unique(_joined(self.members[number]))
        codes = codes[(self.unit_of[codes] == number) & (self.closed_date[codes] == NEVER)]
        missing = codes[~np.isin(codes, seen)]
        since = self.absent_since[missing]
        gone = missing[since < today]
        self.closed_date[gone] = self.absent_since[gone]
        self.absent_since[missing[since == NEVER]] = today
        self.members[number] = [codes]

    def _cover(self, source: str, kind: str, day: date, is_complete: bool, n_parsed: int, n_rejected: int) -> None:
        row = (source, kind, day, is_complete, n_parsed, n_rejected)
        self.covered.append(dict(zip(COVERAGE_COLUMNS, row, strict=True)))

    def quarantine_row(self, source: str, path: str | None, url: str | None, record: str, reason: str) -> None:
        """Note what could not be read; the same record for the same reason is noted once."""
        row = (source, path, url, record, reason)
        self.rejected.setdefault((source, url, record, reason), dict(zip(QUARANTINE_COLUMNS, row, strict=True)))

    def told(self) -> ToldMarket:
        """The market as it stands after the last run."""
        self._refuse_parts()
        codes = np.flatnonzero(self.latest >= 0)
        place = {code: at for at, code in enumerate(codes.tolist())} if self.parts else {}
        parts = {place[code]: rows for code, rows in self.parts.items()}
        rows, versions = self.latest[codes], self.versions[self.latest[codes]]
        for at, told in parts.items():
            rows[at], versions[at] = -1, _version_of([int(self.versions[row]) for row in told])
        return ToldMarket(
            ids=self.ids[codes],
            first_seen=_as_days(self.first_seen[codes]),
            last_seen=_as_days(self.last_seen[codes]),
            closed_date=_as_days(self.closed_date[codes]),
            rows=rows,
            versions=versions,
            parts=parts,
            quarantine=self.quarantine(),
            coverage=self.coverage(),
        )

    def _refuse_parts(self) -> None:
        """Put aside what was only told of in part: a list named it, and its text never came (or the reverse)."""
        for code in np.flatnonzero(self.is_incomplete & (self.latest >= 0)).tolist():
            rows = self.parts.get(code, [int(self.latest[code])])
            version = _merged(self.payloads.postings(np.array(rows)))
            if why_not := refusal(replace(version, is_part=False)):
                self.quarantine_row(version.source, None, version.url, version.source_posting_id, f"{why_not} came yet")
                self.latest[code] = -1
                self.parts.pop(code, None)

    def quarantine(self) -> pd.DataFrame:
        rows = sorted(self.rejected.values(), key=lambda row: [row[name] or "" for name in QUARANTINE_COLUMNS])
        return pd.DataFrame({name: _texts([row[name] for row in rows]) for name in QUARANTINE_COLUMNS})

    def coverage(self) -> pd.DataFrame:
        """One row a source, kind and day: complete if one of the day's runs was."""
        days: dict[tuple, dict] = {}
        for row in self.covered:
            key = (row["source"], row["kind"], row["collected_on"])
            day = days.setdefault(key, {"is_complete": False, "n_parsed": 0, "n_rejected": 0})
            day["is_complete"] = day["is_complete"] or row["is_complete"]
            for count in ("n_parsed", "n_rejected"):
                # Runs of one day show the same postings again; files imported on one day add up.
                day[count] = day[count] + row[count] if row["kind"] == "archive" else max(day[count], row[count])
        rows = [dict(zip(COVERAGE_COLUMNS, (*key, *days[key].values()), strict=True)) for key in sorted(days)]
        return pd.DataFrame(
            {
                "source": _texts([row["source"] for row in rows]),
                "kind": _texts([row["kind"] for row in rows]),
                "collected_on": _days([row["collected_on"] for row in rows]),
                "is_complete": pd.Series([row["is_complete"] for row in rows], dtype="bool"),
                "n_parsed": pd.Series([row["n_parsed"] for row in rows], dtype="int64"),
                "n_rejected": pd.Series([row["n_rejected"] for row in rows], dtype="int64"),
            }
        )


def falls_by_half(n_postings: int, earlier: list[int]) -> bool:
    """Is ``n_postings`` suspiciously few beside the complete runs before (oldest first)?

    >>> falls_by_half(40, [100, 98]), falls_by_half(60, [100, 98]), falls_by_half(40, [])
    (True, False, False)
    """
    usual = median(earlier[-RUNS_REMEMBERED:]) if earlier else 0
    return usual >= FEWEST_TO_SUSPECT and n_postings < usual / 2


def _shows_all_open(source: str) -> bool:
    """Can the source close a posting by no longer showing it?"""
    return source in SOURCES and SOURCES[source].declaration.shows == "open postings"


def _merged(parts: list[RawPosting]) -> RawPosting:
    told = parts[0]
    for part in parts[1:]:
        told = merged(told, part)
    return told


def _joined(codes: Iterable[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.empty(0, np.int64), *codes])


def _version_of(versions: list[int]) -> int:
    """The version of a posting told of in parts: that of the parts in their order."""
    digest = hashlib.blake2b(repr(versions).encode(), digest_size=8)
    return int.from_bytes(digest.digest(), "big")


def _as_days(ordinals: np.ndarray) -> np.ndarray:
    epoch = date(1970, 1, 1).toordinal()
    days = (ordinals.astype(np.int64) - epoch).astype("datetime64[D]")
    return np.where(ordinals == NEVER, np.datetime64("NaT"), days).astype("datetime64[D]")


def _piece(told: ToldMarket, payloads: ParsedPayloads, piece: slice) -> pd.DataFrame:
    places = range(*piece.indices(len(told.ids)))
    whole = [at for at in places if told.rows[at] >= 0]
    versions = dict(zip(whole, payloads.postings(told.rows[np.array(whole, dtype=np.int64)]), strict=True))
    versions |= {at: told.merged(at, payloads) for at in places if told.rows[at] < 0}
    columns = {"posting_id": _texts([f"{number:016x}" for number in told.ids[piece].tolist()])}
    for name in POSTING_COLUMNS[1:-3]:
        columns[name] = _column(name, [getattr(versions[at], name) for at in places])
    for name in POSTING_COLUMNS[-3:]:
        columns[name] = pd.Series(getattr(told, name)[piece]).astype(DATE)
    return pd.DataFrame(columns, copy=False)


def _runs(archive: Archive, as_of: date | None) -> list[_Run]:
    """Every run with its payloads, in the order of time."""
    last_day = as_of or date.max
    payloads = sorted(archive.payloads(), key=lambda payload: (payload.run_id, payload.source))
    by_run = {
        key: tuple(group) for key, group in groupby(payloads, key=lambda payload: (payload.run_id, payload.source))
    }
    records = {(record.run_id, record.source): record for record in archive.runs()}
    runs = []
    for run_id, source in by_run.keys() | records.keys():
        record, own = records.get((run_id, source)), by_run.get((run_id, source), ())
        started_at = (record.started_at if record else own[0].fetched_at).astimezone(UTC)
        if started_at.date() <= last_day:
            runs.append(_Run(source, run_id, started_at, record, own))
    return sorted(runs, key=lambda run: (run.started_at, run.source, run.run_id))


def _column(name: str, column: list) -> pd.Series:
    if name in DATES:
        return _days(column)
    return pd.Series(column, dtype=NUMBER) if name in NUMBERS else _texts(column)


def _texts(column: list[str | None]) -> pd.Series:
    return pd.Series(column, dtype=TEXT)


def _days(column: list[date | None]) -> pd.Series:
    return pd.Series(pd.to_datetime(pd.Series(column, dtype="object"))).astype(DATE)
