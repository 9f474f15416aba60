"""The notebooks' findings as one HTML file that opens anywhere, offline; or as PDF, or as Markdown."""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from pathlib import Path

import mistune
import nbformat

from itpm_trends import __version__
from itpm_trends.errors import SettingsError
from itpm_trends.measuring.profile import packaged_profiles, profile_told
from itpm_trends.progress import Progress, silent
from itpm_trends.showing.execution import declared, executed, notebook_paths
from itpm_trends.showing.market import Market
from itpm_trends.showing.page import SIMULATED, asset, page, plotly_bundle, save
from itpm_trends.showing.printing import print_pdf
from itpm_trends.showing.report_text import METHODS, PLOTLY, TITLE, markdown_report, methods
from itpm_trends.showing.wording import day, listed, safe
from itpm_trends.workspace import Workspace

FORMATS = ("html", "pdf", "md")


class _Page(mistune.HTMLRenderer):
    """Raw HTML in Markdown is escaped, as findings carry names that came from postings; what is escaped stays so."""

    def text(self, text: str) -> str:
        whole = html.unescape(text).replace(" %", "\N{NO-BREAK SPACE}%")
        return html.escape(whole, quote=False)


markdown = mistune.create_markdown(renderer=_Page(escape=True), plugins=["table", "strikethrough"])
markdown_with_links = mistune.create_markdown(renderer=_Page(escape=True), plugins=["table", "url"])


def write_report(
    workspace: Workspace,
    path: Path,
    *,
    as_of: date,
    notebooks: Path | None = None,
    progress: Progress | None = None,
    country: str | None = None,
    since: str | None = None,
    seniority: str | None = None,
    profile: str | None = None,
    to: str = "html",
) -> Path:
    """Run the notebooks on ``workspace`` and write what they show to ``path``: HTML in one file, PDF or Markdown.

    ``country``, ``since`` and ``seniority`` narrow it (see ``Market.chosen``), ``profile`` says whom the advice is for
    (see ``profile_told``); notebooks are given those of them that their parameters cell declares. ``notebooks`` is the
    folder that holds them (default: the workspace's own, else those of the program); ``progress`` is told of each. The
    same tables give the same bytes of HTML and Markdown, but for the date ``as_of``. Raises :class:`ItpmTrendsError`
    naming notebook, cell and error where a cell fails, :class:`SettingsError` for an unknown value.
    """
    if to not in FORMATS:
        raise SettingsError(f"--to {to}: choose one of {', '.join(FORMATS)}")
    part = {"country": country, "since": since, "seniority": seniority}
    part = {name: value for name, value in part.items() if value is not None}
    market = Market.of(workspace).chosen(**part)
    person = None if profile is None else profile_told(profile)
    # A file's place is this computer's affair: the notebook is given what it holds.
    advised = {} if person is None else {"profile": person.id if person in packaged_profiles() else person.record}
    runs = executed(notebook_paths(workspace, notebooks), workspace, progress or silent, {**part, **advised})
    told = [f"{day(as_of)}; itpm-trends {__version__}; {market.origin}."]
    if market.narrowed_to:
        told.insert(0, f"**Narrowed to: {market.narrowed_to}.**")
    if person is not None:
        told.append(f"Advice for: {safe(person.label)}.")
    if to == "md":
        return save(markdown_report(market, runs, told, as_of), path)
    text = _html(market, [Chapter(run, at, part) for at, run in enumerate(runs, start=1)], told, as_of)
    if to == "html":
        return save(text, path)
    with tempfile.TemporaryDirectory(prefix="itpm-trends-") as folder:
        return print_pdf(save(text, Path(folder) / "report.html"), path)


def _html(market: Market, chapters: list[Chapter], told: list[str], as_of: date) -> str:
    parts = [
        _head(market, told),
        _contents(chapters),
        "<main>",
        *(chapter.html for chapter in chapters),
        f'<section class="chapter" id="methods">\n<h2 class="chapter-title">{METHODS}</h2>',
        _scrolling_tables(markdown_with_links(methods(market, as_of))),
        "</section>\n</main>",
    ]
    return page(
        title=TITLE,
        css=asset("assets/report.css"),
        body="\n".join(parts),
        scripts=[plotly_bundle(), asset("assets/report.js")],
        values={"figures": [figure for chapter in chapters for figure in chapter.figures]},
    )


class Chapter:
    """One executed notebook as HTML; ``figures`` holds the plotly figures that the HTML leaves room for.

    It says so where its notebook takes none of the parameters ``narrowing`` the report.
    """

    def __init__(self, notebook: nbformat.NotebookNode, number: int, narrowing: Iterable[str] = ()) -> None:
        self.figures: list[dict] = []
        self.id = f"chapter-{number}"
        self.sections: list[tuple[str, str]] = []
        self.title = f"Part {number}"
        runs = groupby(notebook.cells, key=lambda cell: cell.cell_type)
        parts = [part for cell_type, cells in runs for part in self._run_of_cells(cell_type, cells)]
        if missed := sorted(set(narrowing) - declared(notebook)):
            parts.insert(
                1, f"<p class='note'>Not narrowed by {listed(missed)}: this notebook has no such parameter.</p>"
            )
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
            top = 14 if len(figure["data"]) == 1 else 46  # one series needs no room for a legend
            layout["margin"] = layout.get("margin", {}) | {"t": top}
            layout["height"] = layout.get("height", 450) - meta.get("top", 0) - (46 - top)
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


def _head(market: Market, told: list[str]) -> str:
    banner = f"<p class='simulated' role='note'><strong>{SIMULATED}</strong></p>" if market.simulated else ""
    return f"{banner}\n<header><h1>{TITLE}</h1><div class='note'>{''.join(map(markdown, told))}</div></header>"


def _contents(chapters: list[Chapter]) -> str:
    items = []
    for chapter in chapters:
        inner = "".join(f'<li><a href="#{section_id}">{title}</a></li>' for section_id, title in chapter.sections)
        items.append(f'<li><a href="#{chapter.id}">{chapter.title}</a><ul>{inner}</ul></li>')
    items.append(f'<li><a href="#methods">{METHODS}</a></li>')
    return (
        f"<nav aria-label='Contents'><details open><summary>Contents</summary><ol>{''.join(items)}</ol></details></nav>"
    )
