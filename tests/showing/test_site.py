"""The site: every link leads somewhere, from a file as from a server, and no employer stands on its first page."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from itpm_trends.errors import NothingToDo, SettingsError
from itpm_trends.handing_out import write_whole_site
from itpm_trends.showing.site import Handout, _size, write_site
from tests.showing.browser import Sight, chromium

AS_OF = date(2026, 11, 23)
ASK = "from itpm_trends.showing.market import Market\nMarket.current().when"


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory) -> Path:
    """One small notebook: those of the program have their own tests."""
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [nbformat.v4.new_code_cell(ASK, id="cell-0")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "1_small.ipynb")
    return folder


@pytest.fixture(scope="module")
def site(small_workspace, notebooks, tmp_path_factory) -> Path:
    return write_whole_site(small_workspace, tmp_path_factory.mktemp("out") / "site", as_of=AS_OF, notebooks=notebooks)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def links(path: Path) -> list[str]:
    parser = Links()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser.found


def test_every_link_of_the_first_page_is_relative_and_leads_to_a_file(site):
    found = [link for link in links(site / "index.html") if link != "data:,"]
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert set(found) == files - {"index.html", ".nojekyll"}
    assert len(found) == 7 and ".nojekyll" in files
    for name in ("dashboard.html", "report.html", "handouts/software-developer.html"):
        inner = [link for link in links(site / name) if not link.startswith(("#", "data:", "https:"))]
        assert inner == []


def test_sizes_are_those_of_the_files(site):
    text = (site / "index.html").read_text(encoding="utf-8")
    size = (site / "dashboard.html").stat().st_size
    assert f"HTML, {_size(size)}" in text and size > 500_000
    assert re.search(r"XLSX, [\d.]+ [kM]B", text) and re.search(r"ZIP, [\d.]+ [kM]B", text)


def test_the_first_page_says_what_when_and_from_where_and_names_no_employer(site, market):
    text = (site / "index.html").read_text(encoding="utf-8")
    for words in (
        "Simulated market", "23 November 2026", f"{len(market.vacancies):,} vacancies", "northboard", "95 % interval",
        "noindex", "never a cause", "Construction project manager with PMP",
    ):  # fmt: skip
        assert words in text
    assert "Made-up Works" not in text and "planted" not in text and "<script" not in text


def test_the_archive_holds_the_tables(site):
    with zipfile.ZipFile(site / "downloads" / "itpm-trends-csv.zip") as archive:
        names = archive.namelist()
        assert {"README.md", "simulated_shares.csv", "simulated_sources.csv"} <= set(names)
        assert archive.read("simulated_shares.csv").decode("utf-8-sig").startswith("requirement_id,label,")
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
    assert not (site / "downloads" / "csv").exists()


@pytest.mark.browser
def test_it_opens_without_a_network_on_any_screen(site):
    with chromium() as browser:
        for width, scheme in ((1280, "light"), (1280, "dark"), (360, "light")):
            with Sight(browser, site / "index.html", width, scheme) as sight:
                sight.open()
                assert not sight.scrolls_sideways()
                colour = sight.page.evaluate("getComputedStyle(document.body).backgroundColor")
                assert (colour == "rgb(255, 255, 255)") == (scheme == "light")
                linked = ("dashboard.html", "report.html", "handouts/help-desk-analyst.html")
                for link in linked if width == 360 else ():
                    sight.open()
                    sight.page.click(f'a[href="{link}"]')
                    assert sight.page.url.endswith(link) and sight.page.locator("h1").count() == 1
                assert (sight.outside, sight.errors) == ([], [])


def test_a_folder_with_something_else_is_left_alone(workspace, notebooks, tmp_path):
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(SettingsError, match="not empty"):
        write_site(workspace, tmp_path, {}, as_of=AS_OF, notebooks=notebooks)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_few_postings_have_a_site_the_same_each_time(undated_workspace, empty_workspace, notebooks, tmp_path):
    handouts = {"one": Handout("For <one>", "<p>one</p>")}
    folder = write_site(undated_workspace, tmp_path / "site", handouts, as_of=AS_OF, notebooks=notebooks)
    text = (folder / "index.html").read_text(encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    write_site(undated_workspace, folder, handouts, as_of=AS_OF, notebooks=notebooks)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert "dates unknown" in text and "For &lt;one&gt;" in text and "Imported by the user" in text
    with pytest.raises(NothingToDo, match="no site"):
        write_whole_site(empty_workspace, tmp_path / "none", as_of=AS_OF, notebooks=notebooks)
    assert not (tmp_path / "none").exists()
