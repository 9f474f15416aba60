"""The raw market: all postings in the archive, when each was seen, what is unreadable, what is covered.

Rebuilt from the files in ``data/raw`` alone: the same files give the same frames on every machine.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from itertools import groupby
from statistics import median

import pandas as pd

from itpm_trends.collecting import importing
from itpm_trends.collecting.archive import Archive, Payload, RunRecord
from itpm_trends.collecting.errors import DamagedPayload, FetchError, UnreadableImport
from itpm_trends.collecting.raw_postings import RawPosting, Rejected, merged, posting_id, refusal
from itpm_trends.collecting.sources import SOURCES
from itpm_trends.collecting.windows import Window
from itpm_trends.tables import DATE, NUMBER, TEXT

Key = tuple[str, str]  # source, source_posting_id

# A source that shows less than half of what its last complete runs showed (the median of so many) is suspicious:
# more likely a fault than a wave of closed jobs. Suspicious counts enter the median, so that a lasting fall is
# believed after two runs.
RUNS_REMEMBERED = 4
FEWEST_TO_SUSPECT = 10
# An answer without any posting, where a unit had at least this many, is taken for a fault, not for closed
# jobs: boards answer a renamed or unknown name with an empty list.
FEWEST_TO_DOUBT_EMPTY = 10
ROWS_A_PIECE = 2_000
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
    """All postings in the archive, as far as payloads up to ``as_of`` (that day included) tell of them."""
    reading = _Reading()
    for note in archive.damaged_notes():
        reading.quarantine_row("(archive)", note, None, note, "note of a fetch or run cannot be read")
    for run in _runs(archive, as_of):
        reading.read_run(run)
    postings = reading.postings()  # may put more aside
    return RawMarket(postings, reading.quarantine(), reading.coverage())


@dataclass(frozen=True)
class _Run:
    """One run of one source with its payloads; a run that was cut off has no record."""

    source: str
    run_id: str
    started_at: datetime
    record: RunRecord | None
    payloads: tuple[Payload, ...]


@dataclass
class _Sighting:
    """When a posting was seen, and since when its unit came completely without it."""

    first_seen: date
    last_seen: date
    unit: str | None = None
    absent_since: date | None = None
    closed_date: date | None = None


@dataclass
class _Reading:
    """What has been read so far, run after run in the order of time."""

    versions: dict[Key, RawPosting] = field(default_factory=dict)
    sightings: dict[Key, _Sighting] = field(default_factory=dict)
    keys_of_page: dict[tuple[str, str], tuple[Key, ...]] = field(default_factory=dict)
    keys_of_unit: dict[tuple[str, str], set[Key]] = field(default_factory=lambda: defaultdict(set))
    bodies: dict[tuple[str, str], str] = field(default_factory=dict)
    n_in_unit: dict[tuple[str, str], int] = field(default_factory=dict)
    rejected: dict[tuple, dict] = field(default_factory=dict)
    covered: list[dict] = field(default_factory=list)
    n_shown: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def read_run(self, run: _Run) -> None:
        if run.source == importing.SOURCE:
            for payload in run.payloads:
                self._read_import(payload)
        elif run.record and run.record.kind == "backfill":
            self._read_backfill(run)
        else:
            self._read_live(run)

    def _read_import(self, payload: Payload) -> None:
        day = payload.fetched_at.date()
        n_parsed, n_rejected = Counter(), Counter()
        for found in self._parsed(payload):
            if isinstance(found, Rejected):
                n_rejected[found.source] += 1
            else:
                n_parsed[found.source] += 1
                self._see(found, found.posted_date or day, payload.fetched_at, None)
        for source in n_parsed | n_rejected:
            self._cover(source, "archive", day, True, n_parsed[source], n_rejected[source])

    def _read_backfill(self, run: _Run) -> None:
        """Months of an open history: a posting counts from the day it claims, and none is closed by its absence."""
        told: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        failed: set[str] = set()
        for payload in run.payloads:
            unit, day = payload.unit or "", payload.fetched_at.date()
            for found in self._parsed(payload):
                is_rejected = isinstance(found, Rejected)
                told[unit][is_rejected] += 1
                if is_rejected:
                    failed |= {unit} if found.record == payload.path else set()
                else:
                    self._see(found, found.posted_date or day, payload.fetched_at, None)
        for unit, is_whole in run.record.units.items():
            is_complete = is_whole and unit not in failed
            self._cover(run.source, "history", Window.named(unit).start, is_complete, *told[unit])

    def _read_live(self, run: _Run) -> None:
        day = run.started_at.date()
        seen: dict[str, set[Key]] = defaultdict(set)
        failed: set[str] = set()
        n_rejected = 0
        for payload in run.payloads:
            unit = payload.unit or ""
            keys, n_bad, is_whole = self._read_page(payload, day)
            seen[unit] |= keys
            n_rejected += n_bad
            if not is_whole:
                failed.add(unit)
        for url in run.record.unchanged if run.record else ():
            for key in self.keys_of_page.get((run.source, url), ()):
                unit = self.sightings[key].unit or ""
                seen[unit].add(key)
                self._see_again(key, day, unit)
        complete = {unit for unit, is_whole in (run.record.units if run.record else {}).items() if is_whole} - failed
        is_complete = bool(run.record and run.record.is_complete and not failed)
        n_postings = len(set().union(*seen.values()))
        if is_complete:
            is_complete = not falls_by_half(n_postings, self.n_shown[run.source])
            self.n_shown[run.source].append(n_postings)
            complete = complete if is_complete else set()
        if _shows_all_open(run.source):
            for unit in sorted(complete):
                self._close_absent(run.source, unit, seen[unit], day)
        self._cover(run.source, "live", day, is_complete, n_postings, n_rejected)

    def _read_page(self, payload: Payload, day: date) -> tuple[set[Key], int, bool]:
        """The postings that a payload shows, how many records were rejected, and whether it could be read."""
        page = (payload.source, payload.url)
        if self.bodies.get(page) == payload.sha256:
            for key in self.keys_of_page[page]:
                self._see_again(key, day, payload.unit or "")
            return set(self.keys_of_page[page]), 0, True
        keys: dict[Key, None] = {}
        n_rejected, is_whole = 0, True
        for found in self._parsed(payload):
            if isinstance(found, Rejected):
                n_rejected += 1
                is_whole = is_whole and found.record != payload.path
                known = (
                    payload.source,
                    found.record,
                )  # a posting that is there but cannot be read is not closed
                if known in self.sightings:
                    keys[known] = None
                    self._see_again(known, day, payload.unit or "")
            else:
                keys[self._see(found, day, payload.fetched_at, payload.unit or "")] = None
        if is_whole:
            self.keys_of_page[page] = tuple(keys)
            self.bodies[page] = payload.sha256
        return set(keys), n_rejected, is_whole

    def _parsed(self, payload: Payload) -> Iterator[RawPosting | Rejected]:
        """What a payload holds; a payload that cannot be read at all is one rejection, named by its path."""
        try:
            for found in _parse(payload):
                if isinstance(found, RawPosting) and (why_not := refusal(found)):
                    found = Rejected(source=found.source, record=found.source_posting_id, reason=why_not)
                if isinstance(found, Rejected):
                    self.quarantine_row(found.source, payload.path, payload.url, found.record, found.reason)
                yield found
        except (DamagedPayload, FetchError, UnreadableImport) as error:
            reason = str(error).replace(str(payload.root), "data/raw")
            yield self._whole_rejected(payload, reason)
        except Exception as error:  # a fault of the parser on one odd payload must not cost the others
            yield self._whole_rejected(payload, f"cannot be read, {type(error).__name__}: {error}")

    def _whole_rejected(self, payload: Payload, reason: str) -> Rejected:
        rejected = Rejected(source=payload.source, record=payload.path, reason=reason)
        self.quarantine_row(rejected.source, payload.path, payload.url, rejected.record, rejected.reason)
        return rejected

    def _see(self, posting: RawPosting, day: date, fetched_at: datetime, unit: str | None) -> Key:
        key = (posting.source, posting.source_posting_id)
        before = self.versions.get(key)
        self.versions[key] = merged(before, posting) if before and (before.is_part or posting.is_part) else posting
        self._see_again(key, day, unit)
        return key

    def _see_again(self, key: Key, day: date, unit: str | None) -> None:
        sighting = self.sightings.setdefault(key, _Sighting(day, day, unit))
        sighting.first_seen = min(sighting.first_seen, day)
        sighting.last_seen = max(sighting.last_seen, day)
        sighting.absent_since = sighting.closed_date = None
        if unit is not None:
            sighting.unit = unit
            self.keys_of_unit[key[0], unit].add(key)

    def _close_absent(self, source: str, unit: str, seen: set[Key], day: date) -> None:
        """Close what two complete runs in a row, on different days, came without."""
        if not seen and self.n_in_unit.get((source, unit), 0) >= FEWEST_TO_DOUBT_EMPTY:
            return
        self.n_in_unit[source, unit] = len(seen)
        for key in self.keys_of_unit[source, unit] - seen:
            sighting = self.sightings[key]
            if sighting.unit != unit or sighting.closed_date:
                continue
            if sighting.absent_since is None:
                sighting.absent_since = day
            elif day > sighting.absent_since:
                sighting.closed_date = sighting.absent_since

    def _cover(self, source: str, kind: str, day: date, is_complete: bool, n_parsed: int, n_rejected: int) -> None:
        row = (source, kind, day, is_complete, n_parsed, n_rejected)
        self.covered.append(dict(zip(COVERAGE_COLUMNS, row, strict=True)))

    def quarantine_row(self, source: str, path: str | None, url: str | None, record: str, reason: str) -> None:
        """Note what could not be read; the same record for the same reason is noted once."""
        row = (source, path, url, record, reason)
        self.rejected.setdefault((source, url, record, reason), dict(zip(QUARANTINE_COLUMNS, row, strict=True)))

    def postings(self) -> pd.DataFrame:
        """The latest version of every posting with its sightings; empties ``versions`` as it goes."""
        self._refuse_parts()
        keys = sorted(self.versions, key=lambda key: posting_id(*key))
        # Piece by piece, giving up what is in the frame: the texts would lie in memory twice otherwise.
        starts = range(0, max(len(keys), 1), ROWS_A_PIECE)
        return pd.concat([self._piece(keys[start : start + ROWS_A_PIECE]) for start in starts], ignore_index=True)

    def _refuse_parts(self) -> None:
        """Put aside what was only told of in part: a list named it, and its text never came (or the reverse)."""
        for key, version in list(self.versions.items()):
            if version.is_part and (why_not := refusal(replace(version, is_part=False))):
                self.quarantine_row(version.source, None, version.url, version.source_posting_id, f"{why_not} came yet")
                del self.versions[key]

    def _piece(self, keys: list[Key]) -> pd.DataFrame:
        versions = [self.versions.pop(key) for key in keys]
        sightings = [self.sightings[key] for key in keys]
        columns = {"posting_id": _texts([posting_id(*key) for key in keys])}
        for name in POSTING_COLUMNS[1:-3]:
            columns[name] = _column(name, [getattr(version, name) for version in versions])
        for name in POSTING_COLUMNS[-3:]:
            columns[name] = _column(name, [getattr(sighting, name) for sighting in sightings])
        return pd.DataFrame(columns, copy=False)

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


def _parse(payload: Payload) -> Iterator[RawPosting | Rejected]:
    if payload.source == importing.SOURCE:
        return importing.parse_import(payload.body(), payload.url, payload.fetched_at)
    if payload.source not in SOURCES:
        raise DamagedPayload(f"no source named {payload.source!r} is known to this version")
    return SOURCES[payload.source].parse(payload.body(), payload.url, payload.fetched_at)


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
