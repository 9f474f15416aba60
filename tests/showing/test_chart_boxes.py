"""Every chart, on every size of table and screen: is each of its words inside the frame and clear of the others?"""

from __future__ import annotations

import copy
import json

import nbformat
import pandas as pd
import pytest

from itpm_trends import charts
from itpm_trends.showing.lately import moves
from itpm_trends.showing.page import asset, page, plotly_bundle, save
from itpm_trends.showing.report import PLOTLY, Chapter
from tests.showing.browser import Sight, chromium

# One line a chart: how it is drawn of a market whose tables went through ``cut``.
CASES = {
    "changes": lambda m, cut: charts.changes.figure(cut(m.trends)),
    "countries": lambda m, cut: charts.countries.figure(cut(m.vacancies), m.scope),
    "degrees": lambda m, cut: charts.degrees.figure(cut(m.vacancies), m.mentions, m.scope),
    "emerging": lambda m, cut: charts.emerging.figure(cut(moves(m)), m.scope),
    "experience_years": lambda m, cut: charts.experience_years.figure(cut(m.vacancies), m.mentions, m.scope),
    "hiring": lambda m, cut: charts.hiring.figure(cut(m.vacancies), m.scope),
    "learn_next": lambda m, cut: charts.learn_next.figure(cut(m.recommendations), "help-desk-analyst"),
    "official_index": lambda m, cut: charts.official_index.figure(countries=list(cut(COUNTRIES))),
    "pay_bands": lambda m, cut: charts.pay_bands.figure(cut(m.pay_differences), m.scope),
    "ranked_shares": lambda m, cut: charts.ranked_shares.figure(cut(m.shares()), m.scope),
    "share_over_time": lambda m, cut: charts.share_over_time.figure(cut(m.readable_panel), FOLLOWED, m.scope),
    "source_mix": lambda m, cut: charts.source_mix.figure(cut(m.flow), cut(m.vacancies), m.scope),
    "specialisms": lambda m, cut: charts.specialisms.figure(cut(m.vacancies), m.scope),
    "together_map": lambda m, cut: charts.together_map.figure(cut(m.pairs), m.clusters, m.scope),
}
COUNTRIES = pd.Series(["US", "GB", "DE", "CA", "FR", "AU"])
FOLLOWED = ["skill:generative-ai", "skill:waterfall", "certification:prince2", "skill:scrum", "skill:agile"]
CUTS = {
    "nothing": lambda table: table.head(0),
    "one-row": lambda table: table.head(1),
    "few": lambda table: table.head(60),
    "all": lambda table: table,
}
# JupyterLab draws the figure as it is, with its own title, as wide as its cell.
NOTEBOOK = """
for (const place of document.querySelectorAll(".plot")) {
  const { data, layout } = JSON.parse(document.getElementById("figures").textContent)[place.id];
  Plotly.newPlot(place, data, layout, { responsive: true });
}
"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def drawn(market) -> dict[str, dict]:
    """Every chart on every size of table, as a notebook keeps it."""
    return {
        f"{name}-{rows}": json.loads(case(market, cut).to_json())
        for rows, cut in CUTS.items()
        for name, case in CASES.items()
    }


def report_page(figures: dict[str, dict]) -> str:
    """The figures as the report shows them."""
    outputs = [nbformat.v4.new_output("display_data", {PLOTLY: figure}) for figure in figures.values()]
    cell = nbformat.v4.new_code_cell("charts", outputs=outputs)
    chapter = Chapter(nbformat.v4.new_notebook(cells=[cell]), 1)
    return page(
        title="charts",
        css=asset("assets/report.css"),
        body=f"<main>{chapter.html}</main>",
        scripts=[plotly_bundle(), asset("assets/report.js")],
        values={"figures": chapter.figures},
    )


def notebook_page(figures: dict[str, dict]) -> str:
    """The figures as JupyterLab shows them."""
    places = "".join(
        f'<div class="plot" id="{name}" style="height:{figure["layout"]["height"]}px"></div>'
        for name, figure in figures.items()
    )
    scripts = [plotly_bundle(), NOTEBOOK]
    return page(title="charts", css="body { margin: 0 }", body=places, scripts=scripts, values={"figures": figures})


def test_every_chart_has_a_case():
    assert set(CASES) == set(charts.NAMES), "a new chart needs one line in CASES"


@pytest.mark.browser
@pytest.mark.parametrize(("shown", "width"), [(report_page, 1280), (report_page, 390), (notebook_page, 1000)])
def test_no_word_is_cut_off_or_covered(drawn, browser, tmp_path, shown, width):
    path = save(shown(copy.deepcopy(drawn)), tmp_path / "charts.html")
    with Sight(browser, path, width) as sight:
        sight.open()
        assert sight.page.locator(".plot").count() == len(CASES) * len(CUTS)
        assert sight.words_out_of_place() == []
        assert not sight.scrolls_sideways()
        assert (sight.outside, sight.errors) == ([], [])


@pytest.mark.browser
def test_the_measure_sees_what_is_wrong(drawn, browser, tmp_path):
    figure = copy.deepcopy(drawn["share_over_time-all"])
    figure["layout"]["annotations"] = [
        {"text": words, "x": x, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
        for words, x in (("Far out to the right", 1.2), ("One upon", 0.5), ("the other", 0.5))
    ]
    figure["layout"]["legend"] = {"x": 0.2, "y": 0.8}
    with Sight(browser, save(report_page({"charts": figure}), tmp_path / "charts.html")) as sight:
        found = sight.open().words_out_of_place()
    assert any("cut off: Far out to the right" in words for words in found)
    assert any("One upon covers the other" in words for words in found)
    assert any("legend on the plot" in words for words in found)
