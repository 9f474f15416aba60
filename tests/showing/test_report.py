from datetime import date
from pathlib import Path

import nbformat
import pytest

from itpm_trends.errors import ItpmTrendsError
from itpm_trends.showing.execution import notebook_paths
from itpm_trends.showing.page import embedded_json
from itpm_trends.showing.report import write_report
from tests.showing.browser import Sight, chromium

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def report(workspace, tmp_path_factory) -> Path:
    return write_report(workspace, tmp_path_factory.mktemp("report") / "report.html", as_of=AS_OF)


def notebook(folder: Path, *sources: str) -> Path:
    folder.mkdir(exist_ok=True)
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{at}") for at, source in enumerate(sources)]
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
        "22 November 2026",
        "pandas",
        "MIT licence",
    ):
        assert words in text
    assert "Traceback" not in text


@pytest.mark.slow
@pytest.mark.browser
def test_the_report_draws_offline(report):
    with chromium() as browser:
        for width in (1280, 390, 360):
            with Sight(browser, report, width) as sight:
                sight.open()
                assert sight.page.locator(".plot").count() == 14
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
    folder = notebook(tmp_path / "books", "print('<script>window.planted = 1</script>')", shown)
    first, second = (
        write_report(workspace, tmp_path / name, as_of=AS_OF, notebooks=folder).read_bytes() for name in ("a", "b")
    )
    assert first == second
    assert first.count(b"<script>") == 2  # the bundle and the page's own
    assert b"&lt;script&gt;window.planted" in first


def test_notebooks_of_the_workspace_come_first(workspace, tmp_path):
    assert len(notebook_paths(workspace)) == 6
    with pytest.raises(ItpmTrendsError, match="No notebooks in"):
        notebook_paths(workspace, tmp_path)


def test_embedded_json_cannot_end_its_script():
    assert embedded_json({"a": "</script>\u2028"}) == '{"a":"\\u003c/script>\\u2028"}'
