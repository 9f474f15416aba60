"""A folder of pages that any web server, GitHub Pages or a memory stick can show: nothing in it needs a server."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from itpm_trends import __version__
from itpm_trends.errors import NothingToDo, SettingsError
from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.recommend import step_settings
from itpm_trends.progress import Progress, silent
from itpm_trends.showing.charts.notes import too_few
from itpm_trends.showing.dashboard import write_dashboard
from itpm_trends.showing.export import METHODS, about_lines, exported_tables, save_tables, source_list
from itpm_trends.showing.market import Market
from itpm_trends.showing.page import SIMULATED, asset, page, save
from itpm_trends.showing.report import TITLE, write_report
from itpm_trends.showing.wording import (
    KIND_WORDS,
    count,
    counted,
    credit,
    day,
    interval,
    label,
    percent,
    safe,
)
from itpm_trends.workspace import Workspace

MARK = ".nojekyll"  # GitHub Pages then serves every file as it is; here it also says that the folder is ours
ABOUT = (
    "What employers ask of IT project managers - certifications, degrees, skills, years - counted from job postings, "
    "with the evidence behind every number."
)
DESCRIPTIONS = {
    "dashboard.html": ("Dashboard", "Choose a country, a step of the career or a source, and see what is asked there."),
    "report.html": ("Report", "The findings to read from top to bottom, with figures, methods and sources."),
    "downloads/itpm-trends.xlsx": ("Tables for Excel", "Every number of the report with its interval and its n."),
    "downloads/itpm-trends-csv.zip": ("Tables as CSV", "The same for other programs."),
}
PAGES, DOWNLOADS = tuple(DESCRIPTIONS)[:2], tuple(DESCRIPTIONS)[2:]
SHOWN = ("certification", "degree", "skill")


@dataclass(frozen=True)
class Handout:
    """One handout: for whom, and the page."""

    label: str
    text: str


def write_site(
    workspace: Workspace,
    folder: Path,
    handouts: Mapping[str, Handout],
    *,
    as_of: date,
    progress: Progress = silent,
    notebooks: Path | None = None,
) -> Path:
    """Write the site of ``workspace`` to ``folder``: index, dashboard, report, downloads, and ``handouts`` by id.

    All links are relative. NothingToDo without postings; SettingsError where ``folder`` holds something else.
    """
    market = Market.of(workspace)
    if not len(market.vacancies):
        raise NothingToDo("no posting of an IT project manager has been collected or imported yet: there is no site")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise SettingsError(f"{folder} is not empty and no site of ours: name another folder with -o")
    save("", folder / MARK)
    write_dashboard(workspace, folder / "dashboard.html", as_of=as_of)
    write_report(workspace, folder / "report.html", as_of=as_of, progress=progress, notebooks=notebooks)
    tables, about = exported_tables(workspace, market), about_lines(market, as_of)
    save_tables(tables, about, "xlsx", folder / DOWNLOADS[0], as_of=as_of)
    _write_zip(save_tables(tables, about, "csv", folder / "downloads" / "csv", as_of=as_of), folder / DOWNLOADS[1])
    for name, handout in handouts.items():
        save(handout.text, folder / "handouts" / f"{name}.html")
    save(_index(workspace, market, folder, handouts, as_of), folder / "index.html")
    return folder


def _write_zip(tables: Path, path: Path) -> None:
    """The files of the folder ``tables`` as one archive in its place, the same bytes each time."""
    part = path.with_name(path.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(tables.iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
            file.unlink()
    tables.rmdir()
    part.replace(path)


def _index(workspace: Workspace, market: Market, folder: Path, handouts: Mapping[str, Handout], as_of: date) -> str:
    banner = f'<p class="simulated" role="note"><strong>{SIMULATED}</strong></p>' if market.simulated else ""
    body = "\n".join(
        [
            banner,
            f'<header><h1>{TITLE}</h1><p class="lead">{_lead(market, as_of)}</p></header><main>',
            f'<ul class="cards">{"".join(_figure(market, kind) for kind in SHOWN)}</ul>',
            f'<h2>Look and read</h2><ul class="cards">{"".join(_link(folder, name) for name in PAGES)}</ul>',
            _handouts(folder, handouts),
            f'<h2>Downloads</h2><ul class="cards">{"".join(_link(folder, name) for name in DOWNLOADS)}</ul>',
            f"<h2>How it is counted</h2><ul>{''.join(f'<li>{line}</li>' for line in METHODS)}</ul>",
            _sources(workspace, market),
            f"</main><footer><p>{day(as_of)}; itpm-trends {html.escape(__version__)}. No page here fetches anything, "
            "sets a cookie or counts its readers.</p></footer>",
        ]
    )
    text = page(title=TITLE, css=asset("site_page/site.css"), body=body, scripts=[], values={})
    # Made-up numbers must not be found by a search and taken for real.
    robots = "noindex" if market.simulated else "index, follow"
    meta = f'<meta name="description" content="{ABOUT}">\n<meta name="robots" content="{robots}">\n'
    return text.replace("<title>", f"{meta}<title>", 1)


def _lead(market: Market, as_of: date) -> str:
    n_employers = market.vacancies["company_name"].nunique()
    return (
        f"Counted from <strong>{counted(len(market.vacancies), 'vacancy', 'vacancies')}</strong> of "
        f"{counted(n_employers, 'employer')}, {safe(market.when)}; as of {day(as_of)}. For advisors, and for those who "
        "think of becoming an IT project manager: which certificates, degrees and skills adverts ask for, what changes "
        "and what to learn next. Every share comes with its interval and with the number of vacancies behind it."
    )


def _figure(market: Market, kind: str) -> str:
    """The requirement of a kind that most vacancies ask for, as a card."""
    word = KIND_WORDS[kind]
    rows = market.shares(kind)
    # The trade itself, and certifications without a name, tell a reader nothing.
    rows = rows[~rows["requirement_id"].isin(step_settings()["left_out"])]
    if not len(rows) or len(market.vacancies) < MIN_POSTINGS:
        return f'<li><p class="note">{word.capitalize()}</p><p>{safe(too_few(len(market.vacancies)))}</p></li>'
    row = rows.iloc[0]
    return (
        f'<li><p class="note">Most asked for {word}</p><p class="figure">{percent(row["share"])}</p>'
        f"<p><strong>{label(row['requirement_id'])}</strong></p>"
        f'<p class="note">95 % interval {interval(row["share_low"], row["share_high"])}, n = {count(row["n_postings"])}'
        "</p></li>"
    )


def _link(folder: Path, name: str) -> str:
    title, words = DESCRIPTIONS[name]
    return _card(folder, name, title, words)


def _card(folder: Path, name: str, title: str, words: str) -> str:
    return (
        f'<li><a href="{name}">{title}</a><p>{words}</p>'
        f'<p class="note">{Path(name).suffix[1:].upper()}, {_size((folder / name).stat().st_size)}</p></li>'
    )


def _handouts(folder: Path, handouts: Mapping[str, Handout]) -> str:
    if not handouts:
        return ""
    words = "What is asked, and five steps with their reasons."
    cards = [_card(folder, f"handouts/{name}.html", safe(one.label), words) for name, one in handouts.items()]
    return f'<h2>One page to hand out</h2><ul class="cards">{"".join(cards)}</ul>'


def _sources(workspace: Workspace, market: Market) -> str:
    rows = source_list(workspace, market).sort_values(["n_postings", "source"], ascending=[False, True])
    head = ("Source", "Vacancies", "Last collected", "Attribution and terms")
    lines = "".join(_row(head, _source(row)) for row in rows.itertuples())
    titles = "".join(f"<th>{title}</th>" for title in head)
    return (
        '<h2>Sources</h2><div class="scroll" tabindex="0" role="region" aria-label="Sources"><table>'
        f"<thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _source(row) -> tuple[str, ...]:
    last = "not on record" if pd.isna(row.last_collected) else day(row.last_collected)
    terms = "" if pd.isna(row.licence) else f" Terms: {safe(row.licence)}."
    return safe(row.label), count(row.n_postings), last, f"{credit(row.label) or safe(row.attribution)}{terms}"


def _row(head: tuple[str, ...], cells: tuple[str, ...]) -> str:
    """A row whose cells name their column: on a telephone they stand below each other."""
    named = (f'<td data-head="{title}">{cell}</td>' for title, cell in zip(head, cells, strict=True))
    return f"<tr>{''.join(named)}</tr>"


def _size(n_bytes: int) -> str:
    """
    >>> _size(1_340_000), _size(48_200), _size(12)
    ('1.3 MB', '48 kB', '1 kB')
    """
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e6 else f"{max(1, round(n_bytes / 1e3))} kB"
