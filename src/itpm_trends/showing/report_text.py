"""The report as Markdown: findings and tables as they are, each figure in words; and its page of methods."""

from __future__ import annotations

import html
import platform
import re
from datetime import date
from importlib.metadata import PackageNotFoundError, version

import nbformat

from itpm_trends import __version__
from itpm_trends.collecting.sources import SOURCES
from itpm_trends.showing.market import Market
from itpm_trends.showing.page import SIMULATED
from itpm_trends.showing.wording import count, credit, day, safe

PLOTLY = "application/vnd.plotly.v1+json"
TITLE = "What employers ask of IT project managers"
METHODS = "Methods and sources"
NO_POSTINGS = "| No postings yet. | | | |"


def markdown_report(market: Market, runs: list[nbformat.NotebookNode], told: list[str], as_of: date) -> str:
    """The whole report as Markdown without HTML; ``told`` are the lines of its head."""
    head = [f"# {TITLE}", *([f"**{SIMULATED}**"] if market.simulated else []), *told]
    chapters = [part for notebook in runs for part in _chapter(notebook)]
    return "\n\n".join([*head, *chapters, f"## {METHODS}", methods(market, as_of)]) + "\n"


def methods(market: Market, as_of: date) -> str:
    """How the numbers were made, and from which sources, as Markdown."""
    totals = market.vacancies["source"].value_counts()
    lines = [
        f"| {safe(name)} | {count(n)} | {_collected(market, name)} | {_terms(name)} |" for name, n in totals.items()
    ]
    versions = ", ".join(f"{name} {_version(name)}" for name in ("pandas", "numpy", "scipy", "plotly"))
    narrowed = f" narrowed to {market.narrowed_to}" if market.narrowed_to else ""
    rows = "\n".join(lines or [NO_POSTINGS])
    return f"""{count(len(market.vacancies))} postings of IT project managers{narrowed} (each vacancy once, of \
{count(market.n_adverts)} adverts of any job), {market.when}. A posting counts in the period in which it was new. \
Shares carry Wilson intervals at 95 %, widened by a design effect because postings of one employer resemble each \
other. Trends are quasi-binomial regressions on time with a term for each source, changes standardised to the window's \
source mix, and adjusted for the number of requirements tested (Benjamini and Hochberg). Periods that a source did not \
collect completely are left out, and the last, partial period carries no trend. Below 30 postings no share is shown.

| Source | Postings | Collected or imported | Attribution and licence |
|:--|--:|:--|:--|
{rows}

Postings belong to the employers and boards named above, which are thanked for making them public; this report holds \
counts of what they state, not their texts.

Report of {day(as_of)}. Made with itpm-trends {__version__}, {versions} on Python {platform.python_version()}. Charts \
are drawn by plotly.js (basic bundle, MIT licence, Copyright Plotly, Inc.)."""


def _chapter(notebook: nbformat.NotebookNode) -> list[str]:
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(re.sub(r"^#", "##", cell.source, flags=re.MULTILINE))
        elif cell.cell_type == "code":
            parts += [_output(output) for output in cell.outputs]
    return [part for part in parts if part]


def _output(output: nbformat.NotebookNode) -> str:
    if output.output_type == "stream":
        return f"```\n{output.text.rstrip()}\n```" if output.name == "stdout" else ""
    shown = output.get("data", {})
    if PLOTLY in shown:
        return _figure_in_words(shown[PLOTLY]["layout"].get("meta"))
    if "text/markdown" in shown:
        return shown["text/markdown"]
    return f"```\n{shown['text/plain']}\n```" if "text/plain" in shown else ""


def _figure_in_words(meta: dict | None) -> str:
    """Title, note and words of a figure; nothing for a figure that carries none."""
    if not isinstance(meta, dict):
        return ""
    parts = (f"**Figure: {meta.get('title', '')}**", f"*{meta['note']}*" if meta.get("note") else "", meta.get("alt"))
    return "\n\n".join(filter(None, parts))


def _collected(market: Market, source: str) -> str:
    days = market.coverage.loc[market.coverage["source"] == source, "collected_on"]
    if not len(days):
        return "not on record"
    times = f"{count(len(days))} times, " if len(days) > 1 else ""
    return f"{times}last on {day(days.max())}"


def _terms(source: str) -> str:
    declared = next((s.declaration for s in SOURCES.values() if s.declaration.label == source), None)
    if declared is None:
        return "imported by the user, who knows its terms"
    attribution = html.unescape(re.sub(r"<[^>]+>", "", credit(source)))
    return html.escape(f"{attribution} {declared.licence}".replace("|", "/"), quote=False)  # ours: its links stay


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed as a package)"
