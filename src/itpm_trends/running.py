"""``itpm-trends run``: the weekly job in one go, and ``status``: is what we have fresh and without gaps?

Collect, build, report, dashboard. Where nothing at all could be collected, everything stays as it was.
"""

from __future__ import annotations

import json
import os
import subprocess
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta

from itpm_trends.building import BuildReport, build
from itpm_trends.collecting.archive import Archive
from itpm_trends.collecting.chosen import chosen_tables
from itpm_trends.collecting.collect import CollectReport, collect
from itpm_trends.errors import ItpmTrendsError, NothingToDo
from itpm_trends.progress import Progress, silent
from itpm_trends.settings import Settings
from itpm_trends.workspace import Workspace

NOTHING = 2
STALE_DAYS = 9  # a weekly run and two days' grace
RUN_REPORTS = "runs"


@dataclass(frozen=True)
class RunReport:
    """What a whole run did. ``exit_code``: 0 everything came, 1 in part, 2 nothing (nothing was changed)."""

    run_id: str
    started_at: datetime
    finished_at: datetime
    collected: CollectReport
    built: BuildReport | None
    pages: tuple[str, ...]
    problem: str | None
    exit_code: int

    def as_json(self) -> str:
        """The report for programs, and for a look back."""
        told = {
            "run_id": self.run_id,
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat(),
            "seconds": round((self.finished_at - self.started_at).total_seconds(), 1),
            "exit_code": self.exit_code,
            "problem": self.problem,
            "sources": [asdict(source) for source in self.collected.sources],
            "build": asdict(self.built) if self.built else None,
            "pages": list(self.pages),
        }
        return json.dumps(told, indent=1, ensure_ascii=False)


def run(
    workspace: Workspace,
    *,
    now: Callable[[], datetime],
    progress: Progress = silent,
    announce: Callable[[str, str], None] | None = None,
) -> RunReport:
    """Collect, build, report and dashboard; writes ``reports/runs/<run>.json`` and calls the failure hook.

    Raises :class:`SettingsError` and :class:`RunHeld` before anything is touched.
    """
    settings = workspace.settings
    started_at = now()
    collected = collect(
        Archive(workspace.raw),
        settings=replace(settings, sources=chosen_tables(settings)),
        now=now,
        progress=announce,
    )
    built, pages, problem = None, (), None
    if collected.exit_code == NOTHING:
        problem = "nothing could be collected; tables, report and dashboard are as they were"
    else:
        try:
            built, pages = _made(workspace, now().date(), progress)
        except ItpmTrendsError as error:
            problem = str(error)
    report = RunReport(
        run_id=collected.run_id,
        started_at=started_at,
        finished_at=now(),
        collected=collected,
        built=built,
        pages=pages,
        problem=problem,
        exit_code=max(collected.exit_code, 1) if problem else collected.exit_code,
    )
    _keep(workspace, report)
    if report.exit_code:
        tell_of_failure(settings, report)
    return report


def _made(workspace: Workspace, as_of: date, progress: Progress) -> tuple[BuildReport, tuple[str, ...]]:
    from itpm_trends.showing.dashboard import write_dashboard
    from itpm_trends.showing.report import write_report

    built = build(workspace, progress=progress)
    if not built.n_it_project_manager:
        raise NothingToDo("none of the postings is for an IT project manager, so there is nothing to measure")
    report = write_report(workspace, workspace.reports / "report.html", as_of=as_of, progress=progress)
    dashboard = write_dashboard(workspace, workspace.reports / "dashboard.html", as_of=as_of)
    return built, (str(report), str(dashboard))


def _keep(workspace: Workspace, report: RunReport) -> None:
    folder = workspace.reports / RUN_REPORTS
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{report.run_id}.json.unfinished"
    unfinished.write_text(report.as_json(), encoding="utf-8")
    unfinished.replace(folder / f"{report.run_id}.json")


def tell_of_failure(settings: Settings, report: RunReport) -> None:
    """Call what the settings name under [run]: ``on_failure`` (a command) and ``notify`` (an address for apprise).

    The command finds the report in ``ITPM_TRENDS_RUN_REPORT`` (JSON) and the exit code in ``ITPM_TRENDS_EXIT_CODE``.
    A hook that fails is told on stderr and changes nothing else.
    """
    hooks = settings.run
    if hooks.on_failure:
        told = {"ITPM_TRENDS_RUN_REPORT": report.as_json(), "ITPM_TRENDS_EXIT_CODE": str(report.exit_code)}
        try:
            subprocess.run(hooks.on_failure, shell=True, env=os.environ | told, timeout=120, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            _warn(f"the command of [run] on_failure failed: {type(error).__name__}")
    if hooks.notify:
        try:
            import apprise
        except ImportError:
            _warn("[run] notify needs the extra: pip install 'itpm-trends[notify]'")
            return
        sender = apprise.Apprise()
        sender.add(hooks.notify)
        body = report.problem or "; ".join(
            f"{s.source}: {s.status}" for s in report.collected.sources if not _is_fine(s)
        )
        if not sender.notify(title=f"itpm-trends: run {report.run_id} ended with {report.exit_code}", body=body):
            _warn(f"the notice to {urllib.parse.urlsplit(hooks.notify).scheme}:// could not be sent")


def _is_fine(source) -> bool:
    return source.is_complete and source.status in ("ok", "empty")


def _warn(message: str) -> None:
    import sys

    print(f"itpm-trends: {message}", file=sys.stderr)


@dataclass(frozen=True)
class SourceState:
    """How fresh one source is: its last run, its last complete one, and weeks without one since the first."""

    source: str
    status: str
    last_run: date
    last_complete: date | None
    n_complete: int
    missed_weeks: tuple[date, ...]

    def is_stale(self, today: date) -> bool:
        return self.last_complete is None or (today - self.last_complete).days > STALE_DAYS


def source_states(archive: Archive, today: date) -> Iterator[SourceState]:
    """The state of each source that was ever collected live, in the order of names."""
    runs: dict[str, list] = {}
    for record in archive.runs():
        if record.kind == "live":
            runs.setdefault(record.source, []).append(record)
    for source, records in sorted(runs.items()):
        complete = [record.started_at.astimezone(UTC).date() for record in records if record.is_complete]
        last = records[-1]
        yield SourceState(
            source=source,
            status=last.status,
            last_run=last.started_at.astimezone(UTC).date(),
            last_complete=complete[-1] if complete else None,
            n_complete=len(complete),
            missed_weeks=_missed(complete, today),
        )


def _missed(days: list[date], today: date) -> tuple[date, ...]:
    """Mondays of the weeks, from the first complete run to the week before ``today``, without a complete run."""
    covered = {day - timedelta(days=day.weekday()) for day in days}
    monday = min(covered, default=today)
    missed = []
    while monday < today - timedelta(days=today.weekday()):
        if monday not in covered:
            missed.append(monday)
        monday += timedelta(days=7)
    return tuple(missed)
