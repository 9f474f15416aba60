"""``itpm-trends demo``: the whole job on a simulated market, week by week, with the clock in our hand."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, time
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from itpm_trends.building import build
from itpm_trends.collecting.archive import Archive
from itpm_trends.collecting.collect import collect
from itpm_trends.demo.board import DemoBoard
from itpm_trends.demo.market import Market, simulated_market
from itpm_trends.errors import ItpmTrendsError, SettingsError
from itpm_trends.measuring.profile import packaged_profiles
from itpm_trends.progress import Progress, silent
from itpm_trends.reading.vocabulary import label_of
from itpm_trends.settings import FILE_NAME, Politeness, Settings, load_settings
from itpm_trends.showing.dashboard import write_dashboard
from itpm_trends.showing.report import write_report
from itpm_trends.terminal import collect_lines
from itpm_trends.workspace import Workspace

LAST_WEEK_DAYS = 2  # the last collection comes on a Wednesday: its week is partial, and shown as such


def run_demo(folder: Path, *, seed: int, plan: dict | None = None, progress: Progress = silent) -> tuple[Path, Path]:
    """Collect, build, report and dashboard of the market drawn with ``seed``; paths of report and dashboard.

    ``plan`` replaces ``market.toml``, e.g. for a smaller market.
    """
    workspace = _own_folder(folder)
    market = simulated_market(seed, plan)
    collect_weekly(market, workspace, progress)
    report = build(workspace, progress=progress)
    today = _collection_days(market)[-1].date()
    paths = (
        write_report(workspace, workspace.reports / "report.html", as_of=today, progress=progress),
        write_dashboard(workspace, workspace.reports / "dashboard.html", as_of=today),
    )
    console = Console()
    console.print(
        f"[bold]Simulated market[/bold] (no real posting): {report.n_postings:,} postings collected in "
        f"{len(market.mondays)} weeks, {report.n_it_project_manager:,} for IT project managers, "
        f"{report.n_vacancies:,} vacancies once copies and reposts are linked."
    )
    for table in advice_tables(workspace):
        console.print(table)
    print(f"report:    {paths[0]}\ndashboard: {paths[1]}")
    return paths


def collect_weekly(market: Market, workspace: Workspace, progress: Progress = silent) -> None:
    """Collect the demo board once a week, each time as of that week's last day."""
    archive = Archive(workspace.raw)
    days = _collection_days(market)
    with DemoBoard(market.adverts) as board:
        settings = Settings(
            simulated=True,
            politeness=Politeness(gap_seconds=0.0, allow_loopback=True, most_requests_a_source=10**6),
            sources=board.settings(),
        )
        for n_done, day in enumerate(days):
            progress("collecting the simulated weeks", n_done, len(days))
            board.today = day.date()
            evening = datetime.combine(day.date(), time(18), tzinfo=UTC)
            outcome = collect(archive, settings=settings, now=lambda evening=evening: evening)
            if outcome.exit_code != 0:
                raise ItpmTrendsError(
                    "the demo board was not collected completely:\n" + "\n".join(collect_lines(outcome))
                )
        progress("collecting the simulated weeks", len(days), len(days))


def advice_tables(workspace: Workspace) -> list[Table]:
    """What to learn next, one table a profile, for the terminal."""
    advice = workspace.load("recommendations")
    tables = []
    for profile in packaged_profiles():
        table = Table(title=f"What to learn next: {profile.label}", title_justify="left")
        for heading in ("step", "learn", "brings within reach (% of postings, 95 %)", "asked for in", "trend"):
            table.add_column(heading)
        for row in advice[advice["profile"] == profile.id].head(5).itertuples():
            gain = f"{100 * row.gain:.1f} ({100 * row.gain_low:.1f} to {100 * row.gain_high:.1f})"
            share = f"{100 * row.share:.0f} % of {row.n_postings:,}"
            table.add_row(str(row.rank), label_of(row.requirement_id), gain, share, row.verdict)
        tables.append(table)
    return tables


def _collection_days(market: Market) -> list[pd.Timestamp]:
    sundays = [monday + pd.Timedelta(days=6) for monday in market.mondays[:-1]]
    return [*sundays, market.mondays[-1] + pd.Timedelta(days=LAST_WEEK_DAYS)]


def _own_folder(folder: Path) -> Workspace:
    """An empty workspace marked as simulated; an earlier demo is replaced, anything else refused."""
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        if not (folder / FILE_NAME).exists() or not load_settings(folder).simulated:
            raise SettingsError(f"{folder} is not empty and holds no earlier demo; name another with --folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    note = "# A simulated market: no real posting may enter this folder.\nsimulated = true\n"
    (folder / FILE_NAME).write_text(note, encoding="utf-8")
    return Workspace(folder)
