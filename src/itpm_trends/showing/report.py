"""The notebooks' findings as one HTML file that opens anywhere, offline."""

from __future__ import annotations

import html
import platform
import re
from collections.abc import Iterable
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path

import mistune
import nbformat

from itpm_trends.collecting.sources import SOURCES
from itpm_trends.progress import Progress, silent
from itpm_trends.showing.execution import executed, notebook_paths
from itpm_trends.showing.market import Market
from itpm_trends.showing.page import SIMULATED, asset, page, plotly_bundle, save
from itpm_trends.showing.wording import count, credit, day
from itpm_trends.workspace import Workspace

PLOTLY = "application/vnd.plotly.v1+json"
TITLE = "What employers ask of IT project managers"
# Raw HTML in Markdown is escaped: findings carry names that came from postings.
markdown = mistune.create_markdown(escape=True, plugins=["table", "strikethrough"])


def write_report(
    workspace: Workspace,
    path: Path,
    *,
    as_of: date,
    notebooks: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Run the notebooks on ``workspace`` and write what they show to ``path``, one self-contained HTML file.

    ``notebooks`` is the folder that holds them (default: the workspace's own, else those of the program);
    ``progress`` is told of each notebook. The same tables give the same bytes, but for the
    date ``as_of``. Raises :class:`ItpmTrendsError` naming notebook, cell and error where a cell fails.
    """
    market = Market.of(workspace)
    runs = executed(notebook_paths(workspace, notebooks), workspace, progress or silent)
    chapters = [Chapter(notebook, number) for number, notebook in enumerate(runs, start=1)]
    figures = [figure for chapter in chapters for figure in chapter.figures]
    body = "\n".join(
        [
            _head(market, as_of),
            _contents(chapters),
            "<main>",
            *(chapter.html for chapter in chapters),
            _methods(market, as_of),
            "</main>",
        ]
    )
    return save(
        page(
            title=TITLE,
            css=asset("assets/report.css"),
            body=body,
            scripts=[plotly_bundle(), asset("assets/report.js")],
            values={"figures": figures},
        ),
        path,
    )


class Chapter:
    """One executed notebook as HTML; ``figures`` holds the plotly figures that the HTML leaves room for."""

    def __init__(self, notebook: nbformat.NotebookNode, number: int) -> None:
        self.figures: list[dict] = []
        self.id = f"chapter-{number}"
        self.sections: list[tuple[str, str]] = []
        self.title = f"Part {number}"
        runs = groupby(notebook.cells, key=lambda cell: cell.cell_type)
        parts = [part for cell_type, cells in runs for part in self._run_of_cells(cell_type, cells)]
        self.html = f'<section class="chapter" id="{self.id}">\n' + "\n".join(filter(None, parts)) + "\n</section>"

    def _run_of_cells(self, cell_type: str, cells: Iterable[nbformat.NotebookNode]) -> list[str]:
        """Prose as it is; the outputs of code cells that follow each other, then their code, folded."""
        if cell_type == "markdown":
            return [self._prose(cell.source) for cell in cells]
        if cell_type != "code":
            return []
        cells = [cell for cell in cells if cell.source.strip()]
        shown = [self._output(output) for cell in cells for output in cell.outputs]
        code = html.escape("\n\n".join(cell.source for cell in cells))
        return [*shown, f"<details class='code'><summary>Code</summary><pre>{code}</pre></details>"]

    def _prose(self, source: str) -> str:
        text = markdown(source)
        for heading in re.findall(r"<h1>(.*?)</h1>", text):
            self.title = heading
        return (
            re.sub(r"<h2>(.*?)</h2>", self._section, text)
            .replace("<h1>", "<h2 class='chapter-title'>")
            .replace("</h1>", "</h2>")
        )

    def _section(self, heading: re.Match) -> str:
        section_id = f"{self.id}-{len(self.sections) + 1}"
        self.sections.append((section_id, heading[1]))
        return f'<h3 id="{section_id}">{heading[1]}</h3>'

    def _output(self, output: nbformat.NotebookNode) -> str:
        if output.output_type == "stream":
            return f"<pre class='stream'>{html.escape(output.text)}</pre>" if output.name == "stdout" else ""
        if output.output_type not in ("display_data", "execute_result"):
            return ""
        shown = output.data
        if PLOTLY in shown:
            return self._figure(shown[PLOTLY])
        if "text/markdown" in shown:
            return f"<div class='finding'>{_scrolling_tables(markdown(shown['text/markdown']))}</div>"
        if "text/html" in shown:
            return f"<div class='scroll'>{shown['text/html']}</div>"
        if "image/png" in shown:
            return f"<img alt='' src='data:image/png;base64,{shown['image/png'].strip()}'>"
        return f"<pre>{html.escape(shown.get('text/plain', ''))}</pre>"

    def _figure(self, figure: dict) -> str:
        layout = figure["layout"]
        meta = layout.get("meta") if isinstance(layout.get("meta"), dict) else {}
        title, note, alt = (html.escape(html.unescape(meta.get(part) or "")) for part in ("title", "note", "alt"))
        number = f"{self.id}-figure-{len(self.figures) + 1}"
        # The page sets title and note as text, which wraps on any screen and which every reader hears.
        if meta:
            layout.pop("title", None)
            layout["margin"] = layout.get("margin", {}) | {"t": 46}
            layout["height"] = layout.get("height", 450) - meta.get("top", 0)
        layout.setdefault("height", 450)
        layout.pop("template", None)
        self.figures.append({"id": number, "data": figure["data"], "layout": layout})
        return (
            f'<figure>\n<figcaption><strong>{title}</strong><span class="note">{note}</span></figcaption>\n'
            f'<div class="plot" id="{number}" role="img" aria-label="{alt}" style="height:{layout["height"]}px">'
            f"</div>\n<details class='numbers'><summary>This figure in words</summary><p>{alt}</p></details>\n</figure>"
        )


def _scrolling_tables(text: str) -> str:
    return text.replace("<table>", "<div class='scroll' tabindex='0' role='region' aria-label='Table'><table>").replace(
        "</table>", "</table></div>"
    )


def _head(market: Market, as_of: date) -> str:
    banner = f"<p class='simulated' role='note'><strong>{SIMULATED}</strong></p>" if market.simulated else ""
    return f"{banner}\n<header><h1>{TITLE}</h1><p class='note'>{day(as_of)}; {_plain(market.scope)}.</p></header>"


def _contents(chapters: list[Chapter]) -> str:
    items = []
    for chapter in chapters:
        inner = "".join(f'<li><a href="#{section_id}">{title}</a></li>' for section_id, title in chapter.sections)
        items.append(f'<li><a href="#{chapter.id}">{chapter.title}</a><ul>{inner}</ul></li>')
    items.append('<li><a href="#methods">Methods and sources</a></li>')
    return f"<nav aria-label='Contents'><h2>Contents</h2><ol>{''.join(items)}</ol></nav>"


def _methods(market: Market, as_of: date) -> str:
    sources = market.vacancies["source"].value_counts()
    rows = "".join(
        f"<tr><td>{_plain(name)}</td><td>{count(n)}</td><td>{_collected(market, name)}</td><td>{_terms(name)}</td></tr>"
        for name, n in sources.items()
    )
    versions = ", ".join(f"{name} {_version(name)}" for name in ("itpm-trends", "pandas", "numpy", "scipy", "plotly"))
    return f"""<section class="chapter" id="methods">
<h2 class="chapter-title">Methods and sources</h2>
<p>{count(len(market.vacancies))} postings of IT project managers (each vacancy once, of {count(market.n_adverts)}
adverts), {_plain(market.when)}. A posting counts in the period in which it was new. Shares carry Wilson intervals at
95 %, widened by a design effect because postings of one employer resemble each other. Trends are quasi-binomial
regressions on time with a term for each source, changes standardised to the window's source mix, and adjusted for
the number of requirements tested (Benjamini and Hochberg). Periods that a source did not collect completely are left
out, and the last, partial period carries no trend. Below 30 postings no share is shown.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Sources"><table>
<thead><tr><th>Source</th><th>Postings</th><th>Collected or imported</th><th>Attribution and licence</th></tr></thead>
<tbody>{rows or '<tr><td colspan="4">No postings yet.</td></tr>'}</tbody></table></div>
<p>Postings belong to the employers and boards named above, which are thanked for making them public; this report
holds counts of what they state, not their texts.</p>
<p class="note">Report of {day(as_of)}. Made with {versions} on Python {platform.python_version()}. Charts are drawn by
plotly.js (basic bundle, MIT licence, Copyright Plotly, Inc.), which is part of this file.</p>
</section>"""


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
    return f"{credit(source)} {html.escape(declared.licence)}"


def _plain(text: str) -> str:
    return html.escape(html.unescape(text))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed as a package)"
