"""One polite run over every source the settings name: ask, archive what comes, say what did not."""

from __future__ import annotations

import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import NoReturn
from urllib.parse import urljoin

from itpm_trends.collecting.archive import Archive, Payload, RunRecord
from itpm_trends.collecting.errors import BudgetSpent, Deferred, FetchError
from itpm_trends.collecting.history import History, KnownPage, held
from itpm_trends.collecting.keys import keys_of
from itpm_trends.collecting.market import RUNS_REMEMBERED, falls_by_half
from itpm_trends.collecting.raw_postings import RawPosting, refusal
from itpm_trends.collecting.redaction import redacted, redacted_message
from itpm_trends.collecting.session import PoliteSession
from itpm_trends.collecting.sources import SOURCES, Fetched, Source, Unchanged, UnitEnd
from itpm_trends.collecting.windows import Window, months
from itpm_trends.errors import NothingToDo, SettingsError
from itpm_trends.settings import Settings

HIGHEST_REJECTED_SHARE = 0.2
DOUBTFUL = ("degraded", "suspicious")
Events = Iterator[Fetched | Unchanged | UnitEnd]
MOST_AT_ONCE = 8  # sources asked side by side; no host is ever asked twice at once


@dataclass(frozen=True, kw_only=True)
class SourceReport:
    """What one source gave.

    ``status``: ok, empty, suspicious, degraded, incomplete, blocked, deferred, unreached, settings or error.
    """

    source: str
    status: str
    is_complete: bool
    n_parsed: int = 0
    n_unchanged: int = 0
    n_rejected: int = 0
    n_requests: int = 0
    n_bytes: int = 0
    reason: str | None = None


@dataclass(frozen=True)
class CollectReport:
    """What a run gave, source by source."""

    run_id: str
    sources: tuple[SourceReport, ...]

    @property
    def exit_code(self) -> int:
        """0 everything came, 1 some of it, 2 nothing, 3 the settings of a source are wrong."""
        if any(source.status == "settings" for source in self.sources):
            return 3
        if not any(source.n_parsed or source.n_unchanged for source in self.sources):
            return 2
        return 0 if all(source.is_complete and source.status not in DOUBTFUL for source in self.sources) else 1


@dataclass
class _Tally:
    """What has come from a source so far."""

    units: dict[str, bool] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    n_rejected: int = 0
    n_known: int = 0  # postings on pages that have not changed
    earlier: list[int] = field(default_factory=list)  # postings in the complete runs before

    def end(self, unit: str, is_complete: bool, reason: str | None = None, status: str = "error") -> None:
        self.units[unit] = is_complete and self.units.get(unit, True)
        if not is_complete:
            self.reasons.append(reason or f"{unit} did not come completely")
            self.statuses.append(status)

    @property
    def is_complete(self) -> bool:
        return bool(self.units) and all(self.units.values()) and not self.reasons

    @property
    def status(self) -> str:
        n_records = self.n_parsed + self.n_rejected
        if self.is_complete:
            if self.is_suspicious:
                return "suspicious"
            if n_records and self.n_rejected > HIGHEST_REJECTED_SHARE * n_records:
                return "degraded"
            return "ok" if self.n_parsed or self.unchanged else "empty"
        if "deferred" in self.statuses:
            return "deferred"
        if any(self.units.values()) or self.n_parsed or self.unchanged:
            return "incomplete"
        return "blocked" if "blocked" in self.statuses else self.statuses[0] if self.statuses else "error"

    @property
    def n_parsed(self) -> int:
        return len(self.ids)

    @property
    def n_postings(self) -> int:
        return self.n_parsed + self.n_known

    @property
    def is_suspicious(self) -> bool:
        return self.is_complete and falls_by_half(self.n_postings, self.earlier)

    @property
    def reason(self) -> str | None:
        if not self.reasons:
            return (
                f"showed {self.n_postings:,} postings, less than half of the last complete runs "
                f"({', '.join(map(str, self.earlier[-RUNS_REMEMBERED:]))}): nothing is closed, the week is not counted"
                if self.is_suspicious
                else None
            )
        more = f" (and {len(self.reasons) - 1} more)" if len(self.reasons) > 1 else ""
        return redacted_message(self.reasons[0]) + more


def collect(
    archive: Archive,
    sources: Mapping[str, Source] = SOURCES,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    *,
    now: Callable[[], datetime],
    session: PoliteSession | None = None,
    progress: Callable[[str, str], None] | None = None,
    since: Window | None = None,
) -> CollectReport:
    """Ask every source in ``settings.sources`` and archive what comes.

    With ``since``, the sources that keep an open history are asked for it instead, month by month from that one to
    the last that has ended; months that came completely before are not asked for again.

    A board or page that fails never loses its source, a source never the run. ``progress`` is told of each
    source and unit. Raises :class:`NothingToDo` without a source to ask, :class:`RunHeld` while another run
    writes.
    """
    if not settings.sources:
        raise NothingToDo(
            "no source to collect from. Name boards in itpm-trends.toml, e.g. [sources.greenhouse] "
            f'boards = ["..."]; known sources: {", ".join(sources)}.'
        )
    started_at = now().astimezone(UTC)
    with (
        held(archive.root, since=started_at),
        History(archive.root / "history.sqlite") as history,
        nullcontext(session) if session else PoliteSession(settings.politeness, now=now) as network,
    ):
        run = _RunInProgress(archive, history, network, _run_id(archive, started_at), now, progress, since)
        reports = _side_by_side(
            lambda name: run.collect_source(name, sources, settings.sources[name]), settings.sources, network
        )
    return CollectReport(run.run_id, reports)


def _side_by_side(
    collect_source: Callable[[str], SourceReport], names: Mapping[str, dict], network: PoliteSession
) -> tuple[SourceReport, ...]:
    """The report of each source, in the order of ``names``; an interruption lets no further request out."""
    with ThreadPoolExecutor(min(MOST_AT_ONCE, len(names)), thread_name_prefix="source") as pool:
        waiting = [pool.submit(collect_source, name) for name in names]
        try:
            return tuple(each.result() for each in waiting)
        except BaseException:
            network.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Planned(FetchError):
    """Raised instead of sending a request."""


class _PlanningSession:
    """Notes each request instead of sending it; what depends on an answer is not known beforehand."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.keys: Mapping[str, str] = defaultdict(lambda: "key")

    def get(self, url: str, **_: object) -> NoReturn:
        self.requests.append(f"GET {redacted(url)}")
        raise _Planned(url)

    def post(self, url: str, **_: object) -> NoReturn:
        self.requests.append(f"POST {redacted(url)}")
        raise _Planned(url)

    def sitemaps_named_by(self, url: str) -> list[str]:
        self.get(urljoin(url, "/robots.txt"))


def planned_requests(
    settings: Settings, *, as_of: date, since: Window | None = None, sources: Mapping[str, Source] = SOURCES
) -> Iterator[tuple[str, str]]:
    """Source and request for each first request of a run's boards, searches and months; nothing is sent.

    Further pages depend on what comes and are not listed, nor is the robots.txt of each host that is read before.
    """
    for name, table in settings.sources.items():
        sources[name].check_settings(table)
        session = _PlanningSession()
        starts = list(months(since, as_of)) if since else [None]
        for window in starts:
            source = sources[name]
            fetch = source.backfill(session, table, window) if window else source.fetch(session, table, {}, as_of)
            with suppress(FetchError):
                for _event in fetch:
                    pass
        yield from ((name, request) for request in session.requests)


def first_answers(
    settings: Settings, *, now: Callable[[], datetime], sources: Mapping[str, Source] = SOURCES
) -> Iterator[tuple[str, int, str | None]]:
    """Source, postings in its first answer, and what went wrong; nothing is kept."""
    with PoliteSession(settings.politeness, now=now) as network:
        for name, table in settings.sources.items():
            try:
                yield name, _n_in_first_answer(sources[name], table, network, now()), None
            except (FetchError, SettingsError) as error:
                yield name, 0, redacted_message(str(error))


def _n_in_first_answer(source: Source, table: dict, network: PoliteSession, at: datetime) -> int:
    source.check_settings(table)
    session = network.for_source(source.declaration, keys_of(source.declaration))
    for event in source.fetch(session, table, {}, at.date()):
        if isinstance(event, Fetched) and (found := list(source.parse(event.body, event.url, at))):
            return sum(isinstance(each, RawPosting) for each in found)
        if isinstance(event, UnitEnd) and not event.is_complete:
            raise FetchError(event.reason or f"{event.unit} did not come")
    raise FetchError("answers, but shows no posting")


def _run_id(archive: Archive, started_at: datetime) -> str:
    """The moment of the start, numbered where several runs share it."""
    named = (f"{started_at:%Y%m%dt%H%M%Sz}.{n}" for n in count(1))
    return next(run_id for run_id in named if not archive.has_run(run_id))


@dataclass
class _RunInProgress:
    archive: Archive
    history: History
    session: PoliteSession
    run_id: str
    now: Callable[[], datetime]
    progress: Callable[[str, str], None] | None
    since: Window | None = None

    def collect_source(self, name: str, sources: Mapping[str, Source], table: dict) -> SourceReport:
        if name not in sources:
            reason = f"no source is named {name!r}; known are {', '.join(sources)}"
            return SourceReport(source=name, status="settings", is_complete=False, reason=reason)
        try:
            source = sources[name]
            source.check_settings(table)
            if self.since and not source.backfill:
                raise SettingsError(f"{source.declaration.label} keeps no open history: --since cannot ask it")
            keys = keys_of(source.declaration)
        except SettingsError as error:
            return SourceReport(source=name, status="settings", is_complete=False, reason=str(error))
        if self.since and not self._months_left(name):
            told = f"every month since {self.since.name} came completely before"
            return SourceReport(source=name, status="ok", is_complete=True, n_unchanged=1, reason=told)
        started_at = self.now().astimezone(UTC)
        with self.history.transaction():
            self.history.add_run(run_id=self.run_id, source=name, started_at=started_at)
        session = self.session.for_source(
            source.declaration, keys, on_request=self._journal(name), n_sent=self._n_sent(name)
        )
        tally = self._fetch_all(name, source, table, session)
        self._keep_record(name, started_at, tally, session)
        return SourceReport(
            source=name,
            status=tally.status,
            is_complete=tally.is_complete,
            n_parsed=tally.n_parsed,
            n_unchanged=len(tally.unchanged),
            n_rejected=tally.n_rejected,
            n_requests=session.n_requests,
            n_bytes=session.n_bytes,
            reason=tally.reason,
        )

    def _n_sent(self, name: str) -> Callable[[float], int]:
        """How many requests the source has sent within so many hours: what quotas count."""
        return lambda hours: self.history.n_requests(name, self.now() - timedelta(hours=hours))

    def _fetch_all(self, name: str, source: Source, table: dict, session: PoliteSession) -> _Tally:
        kept = self.archive.hashes(name)
        known = {url: page for url, page in self.history.known_pages(name).items() if page.sha256 in kept}
        tally = _Tally(earlier=self._earlier(name))
        try:
            for event in self._events(source, session, table, known):
                self._take(name, source, event, tally, known)
        except FetchError as error:
            tally.reasons.append(str(error))
            tally.statuses.append(error.status)
        except Exception as error:  # a fault of ours in one source must not cost the others their week
            place = traceback.extract_tb(error.__traceback__)[-1]
            tally.reasons.append(f"{type(error).__name__} in {place.name}: {error}")
            tally.statuses.append("error")
        return tally

    def _events(self, source: Source, session: PoliteSession, table: dict, known: Mapping[str, KnownPage]) -> Events:
        if not self.since:
            yield from source.fetch(session, table, known, self.now().date())
            return
        for window in self._months_left(source.declaration.name):
            try:
                yield from source.backfill(session, table, window)
            except (BudgetSpent, Deferred):
                raise
            except FetchError as error:
                yield UnitEnd(unit=window.name, is_complete=False, reason=str(error), status=error.status)

    def _months_left(self, name: str) -> list[Window]:
        """The months since ``since`` that did not yet come completely."""
        runs = (run for run in self.archive.runs() if run.source == name and run.kind == "backfill")
        done = {month for run in runs for month, is_complete in run.units.items() if is_complete}
        return [window for window in months(self.since, self.now().date()) if window.name not in done]

    def _earlier(self, name: str) -> list[int]:
        return [
            run.n_postings
            for run in self.archive.runs()
            if run.source == name and run.kind == "live" and run.is_complete and run.n_postings is not None
        ]

    def _take(
        self, name: str, source: Source, event: Fetched | Unchanged | UnitEnd, tally: _Tally, known: Mapping
    ) -> None:
        if isinstance(event, UnitEnd):
            tally.end(event.unit, event.is_complete, event.reason, event.status)
        elif isinstance(event, Unchanged):
            tally.unchanged.append(event.url)
            page = known.get(redacted(event.url))
            tally.n_known += page.n_postings if page else 0
        else:
            n_before = tally.n_parsed
            payload, fetched_at = self._keep(name, event)
            self._count(name, source, event, tally)
            self._remember(name, event, payload, fetched_at, tally.n_parsed - n_before)
            if self.progress:
                self.progress(name, event.unit)

    def _keep(self, name: str, event: Fetched) -> tuple[Payload, datetime]:
        fetched_at = self.now().astimezone(UTC)
        payload = self.archive.store(
            name,
            event.url,
            event.body,
            run_id=self.run_id,
            fetched_at=fetched_at,
            status=event.status,
            content_type=event.content_type,
            suffix=event.suffix,
            unit=event.unit,
        )
        return payload, fetched_at

    def _remember(self, name: str, event: Fetched, payload: Payload, fetched_at: datetime, n_postings: int) -> None:
        page = KnownPage(fetched_at, payload.sha256, event.etag, event.last_modified, n_postings)
        with self.history.transaction():
            self.history.remember(name, event.url, page)

    def _count(self, name: str, source: Source, event: Fetched, tally: _Tally) -> None:
        try:
            for found in source.parse(event.body, event.url, self.now()):
                if isinstance(found, RawPosting) and not refusal(found):
                    tally.ids.add(found.source_posting_id)
                else:
                    tally.n_rejected += 1
        except FetchError as error:
            tally.end(event.unit, False, str(error), error.status)
        except Exception as error:  # the body is kept: a better parser may read it later
            tally.end(event.unit, False, f"{event.url} cannot be read, {type(error).__name__}: {error}")

    def _journal(self, name: str) -> Callable[..., None]:
        def note(**request: object) -> None:
            with self.history.transaction():
                self.history.add_request(run_id=self.run_id, source=name, sent_at=self.now(), **request)

        return note

    def _keep_record(self, name: str, started_at: datetime, tally: _Tally, session: PoliteSession) -> None:
        finished_at = self.now().astimezone(UTC)
        self.archive.store_run(
            RunRecord(
                run_id=self.run_id,
                source=name,
                started_at=started_at,
                finished_at=finished_at,
                status=tally.status,
                is_complete=tally.is_complete,
                n_requests=session.n_requests,
                n_bytes=session.n_bytes,
                reason=tally.reason,
                units=tally.units,
                kind="backfill" if self.since else "live",
                n_postings=tally.n_postings,
                unchanged=tuple(tally.unchanged),
            )
        )
        with self.history.transaction():
            self.history.end_run(
                run_id=self.run_id,
                source=name,
                finished_at=finished_at,
                status=tally.status,
                reason=tally.reason,
            )
