import re
from datetime import date
from pathlib import Path

import nbformat
import pypdf
import pytest

from itpm_trends import __version__
from itpm_trends.errors import ItpmTrendsError, SettingsError
from itpm_trends.showing import report as reports
from itpm_trends.showing.execution import notebook_paths
from itpm_trends.showing.market import Market
from itpm_trends.showing.page import embedded_json
from itpm_trends.showing.printing import print_pdf
from itpm_trends.showing.report import write_report
from tests.showing.browser import Sight, chromium, chromium_path

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def report(workspace, tmp_path_factory) -> Path:
    return write_report(workspace, tmp_path_factory.mktemp("report") / "report.html", as_of=AS_OF)


def notebook(folder: Path, *sources: str) -> Path:
    folder.mkdir(exist_ok=True)
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{at}") for at, source in enumerate(sources)]
    if sources and sources[0].startswith("country ="):
        cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "1_tried.ipynb")
    return folder


@pytest.mark.slow
def test_the_report_is_one_small_file_with_every_part(report):
    text = report.read_text(encoding="utf-8")
    assert report.stat().st_size <= 2.5e6
    for words in (
        "Simulated market",
        "Methods and sources",
        "Certifications",
        "Who hires",
        "22 November 2026",
        f"itpm-trends {__version__}",
        "pandas",
        "MIT licence",
    ):
        assert words in text
    assert "Traceback" not in text
    assert "Narrowed to" not in text
    chapters = re.findall(r'href="#(chapter-\d+|methods)"', text)
    assert chapters == [*(f"chapter-{at}" for at in range(1, 9)), "methods"]
    assert all(f'id="{target}"' in text for target in re.findall(r'href="#([^"]+)"', text))


@pytest.mark.slow
@pytest.mark.browser
def test_the_report_draws_offline(report):
    with chromium() as browser:
        for width in (1280, 390, 360):
            with Sight(browser, report, width) as sight:
                sight.open()
                assert sight.page.locator(".plot").count() == 21
                assert sight.all_drawn()
                assert not sight.scrolls_sideways()
                assert sight.collisions() == []
                assert sight.page.locator(".plot[aria-label='']").count() == 0
                assert (sight.outside, sight.errors) == ([], [])


@pytest.mark.slow
def test_a_failing_cell_is_named(workspace, tmp_path):
    folder = notebook(tmp_path / "books", "1 + 1", "raise ValueError('no such luck')")
    with pytest.raises(ItpmTrendsError, match=r"1_tried\.ipynb, cell 'cell-1': ValueError: no such luck"):
        write_report(workspace, tmp_path / "report.html", as_of=AS_OF, notebooks=folder)
    assert not (tmp_path / "report.html").exists()


@pytest.mark.slow
def test_the_same_tables_give_the_same_report_and_text_is_escaped(workspace, tmp_path):
    shown = "from itpm_trends.showing.wording import Sentence\nSentence('<script>window.planted = 1</script>')"
    escaped = "from itpm_trends.showing.wording import safe\nSentence(safe('Smith & Sons <b>'))"
    folder = notebook(tmp_path / "books", "print('<script>window.planted = 1</script>')", shown, escaped)
    first, second = (
        write_report(workspace, tmp_path / name, as_of=AS_OF, notebooks=folder).read_bytes() for name in ("a", "b")
    )
    assert first == second
    assert first.count(b"<script>") == 2  # the bundle and the page's own
    assert b"&lt;script&gt;window.planted" in first
    assert b"<p>Smith &amp; Sons &lt;b&gt;</p>" in first


def test_notebooks_of_the_workspace_come_first(workspace, tmp_path):
    assert len(notebook_paths(workspace)) == 8
    with pytest.raises(ItpmTrendsError, match="No notebooks in"):
        notebook_paths(workspace, tmp_path)


WHO = """from itpm_trends.measuring.profile import profile_told
from itpm_trends.showing import charts, findings
from itpm_trends.showing.market import Market
market = Market.current(country, since, seniority)
findings.person(profile_told(profile))"""
PARAMETERS = "country = None\nsince = None\nseniority = None\nprofile = None"
PROFILE = """[[profile]]
label = "Me <i>"
degree = "bachelor"
years = 4
have = ["PMP", "Jira"]
"""


@pytest.mark.slow
def test_a_narrowed_report_says_so_and_is_of_those_postings(workspace, tmp_path):
    person = tmp_path / "mine.toml"
    person.write_text(PROFILE, encoding="utf-8")
    shown = "findings.overview(market)", "charts.countries.figure(market.vacancies, market.scope)"
    folder = notebook(tmp_path / "books", PARAMETERS, WHO, *shown)
    part = {"country": "us", "since": "2026-03-01", "seniority": "senior"}
    made = {
        to: write_report(
            workspace, tmp_path / f"report.{to}", as_of=AS_OF, notebooks=folder, profile=str(person), to=to, **part
        ).read_text(encoding="utf-8")
        for to in ("html", "md")
    }
    n_postings = len(Market.of(workspace).chosen(**part).vacancies)
    assert 30 < n_postings < 300
    for text in made.values():
        assert "Narrowed to: United States; Senior project manager; new since 1 March 2026" in text
        assert f"{n_postings:,} postings" in text
        assert "Advice for: Me &lt;i&gt;" in text
        assert "<i>" not in text and str(tmp_path) not in text
    markdown = made["md"]
    assert not re.search(r"<[a-z/!]", markdown)
    assert "**Figure: Share of postings in each country**" in markdown
    assert "United States 100 % (" in markdown
    assert "| Source | Postings |" in markdown
    assert "Bachelor's degree; 4 years of work; has PMP and Jira" in markdown


@pytest.mark.slow
def test_a_part_that_takes_no_parameters_says_so(workspace, tmp_path):
    folder = notebook(tmp_path / "books", "country = None", "country")
    made = write_report(workspace, tmp_path / "a", as_of=AS_OF, notebooks=folder, country="US", seniority="senior")
    text = made.read_text(encoding="utf-8")
    assert "Not narrowed by seniority: this notebook has no such parameter." in text
    assert "country = &#x27;US&#x27;" in text


@pytest.mark.parametrize(
    ("wrong", "known"),
    [
        ({"country": "XX"}, "DE, GB, IN, US"),
        ({"seniority": "boss"}, "coordinator, manager, senior"),
        ({"since": "2026-13-01"}, "2026-01-31"),
        ({"profile": "nobody"}, "help-desk-analyst"),
        ({"profile": "nowhere.toml"}, "does not exist"),
        ({"to": "docx"}, "html, pdf, md"),
    ],
)
def test_an_unknown_value_is_told_with_the_known_ones(workspace, tmp_path, wrong, known):
    with pytest.raises(SettingsError, match=known):
        write_report(workspace, tmp_path / "report.html", as_of=AS_OF, **wrong)


def test_a_pdf_is_the_page_printed(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "executed", lambda *_: [])
    monkeypatch.setattr(reports, "print_pdf", lambda page, path: page.rename(path))
    made = write_report(workspace, tmp_path / "report.pdf", as_of=AS_OF, to="pdf")
    assert made.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.slow
@pytest.mark.browser
def test_the_report_prints_with_every_figure_whole(report, tmp_path):
    if chromium_path() is None:
        pytest.skip("no Chromium on this computer; name one in ITPM_TRENDS_CHROMIUM")
    printed = pypdf.PdfReader(print_pdf(report, tmp_path / "report.pdf"))
    pages = [page.extract_text().strip() for page in printed.pages]
    assert 15 <= len(pages) <= 30
    assert not [page for page in pages if "Code\n" in page or "This figure in words" in page]
    # A finding stands on the page of its figure.
    (page,) = [page for page in pages if "Employers with the most vacancies" in page]
    assert "named have 3 or more" in " ".join(page.split()) and "Vacancies" in page
    headings = re.findall(r"<h[23][^>]*>([^<]+)</h", report.read_text(encoding="utf-8"))
    ends = [page.splitlines()[-1].strip() for page in pages if page]
    assert not set(ends) & set(headings)


def test_embedded_json_cannot_end_its_script():
    assert embedded_json({"a": "</script>\u2028"}) == '{"a":"\\u003c/script>\\u2028"}'
