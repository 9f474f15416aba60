"""What a hostile posting plants in any of its strings is shown as text, wherever it is shown; nothing obeys it."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from itpm_trends.building import build
from itpm_trends.cli import main
from itpm_trends.collecting.archive import Archive
from itpm_trends.collecting.importing import import_files
from itpm_trends.handing_out import write_handout
from itpm_trends.printable import STEERING
from itpm_trends.showing.export import write_export
from itpm_trends.showing.report import write_report
from itpm_trends.showing.site import Handout, write_site
from itpm_trends.starting import packaged_notebooks
from itpm_trends.workspace import Workspace

from .browser import Sight, chromium

AS_OF = date(2026, 11, 23)
PLANTED = (
    "<script>window.__pwned=1</script>",
    "</script><script>window.__pwned=1</script>",
    "</title></style></textarea><script>window.__pwned=1</script>",
    "&lt;script&gt;window.__pwned=1&lt;/script&gt;",
    "<!--",
    "<![CDATA[<script>window.__pwned=1</script>",
    "\"><img src=x onerror='window.__pwned=1'>",
    "'><svg onload=window.__pwned=1>",
    "<a href=javascript:window.__pwned=1>x</a>",
    "javascript:window.__pwned=1",
    "[x](javascript:window.__pwned=1)",
    "![x](https://planted.example/x.png)",
    "</td></tr></table><h1>",
    "`*|_~",
    "\u2028window.__pwned=1",
    "=1+1",
    '=HYPERLINK("https://planted.example","x")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\x1b[2J\x1b]8;;https://planted.example\x07x\x1b]8;;\x07",
    "\x9b2J",
    "\u202egnp.exe\u2066",
)
FORMULA = tuple("=+-@\t\r\n")


def row(number: int, planted: str, cycle: int) -> dict:
    """A posting that brings ``planted`` in every string, alone or beside usual words."""
    return {
        "source": planted if cycle % 2 else f"board {planted}",
        "id": f"{planted}{number}",
        "title": f"IT Project Manager {planted}" if cycle % 2 else f"{planted} IT Project Manager",
        "company": planted if cycle % 3 else f"Heron {planted}",
        "location": f"{planted}, United States",
        "country": "US",
        "url": ("javascript:window.__pwned=1", f"https://a.example/?q={planted}", planted)[cycle % 3],
        "description": f"<p>{planted} PMP required. {planted} {1 + cycle}+ years of project management. Jira {planted} "
        f"preferred. {'Degree' if cycle else 'Bachelor'} in {planted} preferred. Number {number}.</p>\n{planted}",
        "salary": f"$90,000 - $120,000 {planted}",
        "posted_at": str(date(2026, 1, 5) + timedelta(days=number * 3 % 280)),
        **dict.fromkeys(("language", "currency", "min_amount", "interval", "job_type", "workplace"), planted),
    }


ROWS = [row(4 * at + cycle, planted, cycle) for at, planted in enumerate(PLANTED) for cycle in range(4)]


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Workspace:
    """A market of nothing but hostile postings, imported and built."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    workspace = Workspace(folder)
    imported = import_files(
        [folder / "rows.jsonl"],
        Archive(workspace.raw),
        run_id="20261123T060000Z",
        now=datetime(2026, 11, 23, tzinfo=UTC),
    )
    assert imported.n_parsed == len(ROWS)
    assert build(workspace).n_vacancies > 60
    return workspace


@pytest.fixture(scope="module")
def pages(planted, tmp_path_factory):
    """Everything made of it for a browser: the site with dashboard, report and handout, and what `extract` explains."""
    folder = tmp_path_factory.mktemp("pages")
    for notebook in sorted(packaged_notebooks().glob("[17]*.ipynb")):
        (folder / "notebooks").mkdir(exist_ok=True)
        shutil.copy(notebook, folder / "notebooks")
    handout = write_handout(planted, None, None, "html", "a4", folder / "handout.html", as_of=AS_OF)
    handouts = {"one": Handout("<script>window.__pwned=1</script>", handout.read_text(encoding="utf-8"))}
    write_site(planted, folder / "site", handouts, as_of=AS_OF, notebooks=folder / "notebooks")
    (folder / "notebooks" / "1_the_job.ipynb").unlink()
    write_report(planted, folder / "report.md", as_of=AS_OF, notebooks=folder / "notebooks", to="md")
    return folder


@pytest.fixture
def itpm(planted, monkeypatch, capfd):
    """Run a command in the planted workspace, its output into a pipe: what it said."""

    def run(*arguments) -> str:
        monkeypatch.setattr(sys, "argv", ["itpm-trends", "--workspace", str(planted.root), *map(str, arguments)])
        with pytest.raises(SystemExit):
            main()
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return said.out + said.err

    return run


def test_the_planted_strings_reach_the_tables(planted):
    postings = planted.load("postings")
    assert postings["company_name"].str.contains("__pwned").any() and postings["source"].str.startswith("=").any()
    for column in ("title", "company_name", "source", "location_raw", "salary_text", "source_posting_id"):
        assert not postings[column].dropna().str.contains(STEERING.pattern, regex=True).any(), column
    assert postings["url"].dropna().str.startswith("https://").all() and postings["url"].notna().any()


@pytest.mark.slow
@pytest.mark.browser
def test_no_page_obeys(pages, planted, itpm, tmp_path):
    itpm("extract", planted.root / "rows.jsonl", "--explain", "-o", tmp_path / "explained.html")
    found = [*pages.rglob("*.html"), tmp_path / "explained.html"]
    assert len(found) == 6
    with chromium() as browser:
        for path in found:
            text = path.read_text(encoding="utf-8")
            assert "__pwned" in text, f"{path.name} shows nothing that was planted"
            assert not STEERING.search(text), path.name
            assert "\u2028" not in text or path.name == "explained.html"
            with Sight(browser, path) as sight:
                dialogs = []
                sight.page.on(
                    "dialog", lambda dialog, dialogs=dialogs: (dialogs.append(dialog.message), dialog.dismiss())
                )
                page = sight.open().page
                for control in page.locator("[role=tab], details:not([open]) > summary").all():
                    if control.is_visible():
                        control.click()
                page.wait_for_timeout(200)
                links = page.evaluate("[...document.querySelectorAll('a[href], area')].map((a) => a.href)")
                images = page.evaluate("[...document.images].map((image) => image.src)")
                assert page.evaluate("window.__pwned") is None and not dialogs, path.name
                assert not [link for link in links if not link.startswith(("https://", "file://"))], path.name
                assert not [link for link in links if "planted.example" in link], path.name
                assert not [image for image in images if not image.startswith("data:")], path.name
                assert sight.outside == [] and sight.errors == [], path.name


@pytest.mark.slow
def test_markdown_holds_no_planted_link_picture_or_tag(pages):
    text = (pages / "report.md").read_text(encoding="utf-8")
    assert "__pwned" in text
    assert not re.search(r"\[[^\]\n]*\]\((?!https://)|!\[|<(?:script|img|svg|a|h1)\b|<!--", text)
    assert "https://planted" not in text and not STEERING.search(text)


def test_no_cell_begins_a_formula(planted, itpm, tmp_path):
    write_export(planted, "csv", tmp_path / "csv", as_of=AS_OF)
    itpm("trends", "--by", "source", "-o", tmp_path / "csv" / "by_source.csv")
    texts = []
    for path in sorted((tmp_path / "csv").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for line in csv.reader(file) for cell in line]
        texts += [cell for cell in cells if not re.fullmatch(r"[-+]?[\d.]+(?:e[-+]?\d+)?", cell)]
    assert "'=1+1" in texts
    assert not [cell for cell in texts if cell.startswith(FORMULA) or STEERING.search(cell)]
    write_export(planted, "xlsx", tmp_path / "x.xlsx", as_of=AS_OF)
    cells = [cell for sheet in openpyxl.load_workbook(tmp_path / "x.xlsx") for line in sheet for cell in line]
    assert any(cell.value == "=1+1" for cell in cells)
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("trends",),
        ("trends", "--by", "source"),
        ("trends", "--json"),
        ("recommend", "--have", "pmp"),
        ("emerging",),
        ("build", "--force"),
        ("extract", "rows.jsonl"),
        ("extract", "rows.jsonl", "--explain"),
        ("sources", "parse", "lever", "rows.jsonl"),
    ],
    ids=" ".join,
)
def test_nothing_steers_the_terminal(planted, itpm, command):
    said = itpm(*(planted.root / part if part == "rows.jsonl" else part for part in command))
    assert len(said) > 50
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said.replace("\r\n", "\n"))
