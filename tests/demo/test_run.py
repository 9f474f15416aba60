"""The demo walks the whole way on a small market: collected over loopback, built, reported, drawn in a browser."""

from __future__ import annotations

import pandas as pd
import pytest

from itpm_trends.building import build
from itpm_trends.demo.market import market_settings, simulated_market
from itpm_trends.demo.run import run_demo
from itpm_trends.measuring.vacancies import vacancies
from itpm_trends.reading.mention_table import requirement_mentions
from itpm_trends.workspace import Workspace
from tests.showing.browser import Sight, chromium

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def small_plan():
    plan = market_settings()
    plan["market"] |= {"n_weeks": 14, "vacancies_a_week": 20, "n_employers": 40}
    return plan


@pytest.fixture(scope="module")
def demo(tmp_path_factory, small_plan):
    """The workspace of a small demo, with the paths of its report and its dashboard."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    paths = run_demo(folder, seed=3, plan=small_plan)
    return Workspace(folder), *paths


def test_the_demo_is_marked_as_simulated_on_every_page(demo):
    workspace, report, dashboard = demo
    assert workspace.settings.simulated
    for page in (report, dashboard):
        assert "imulated" in page.read_text(encoding="utf-8")


def test_copies_and_reposts_count_once(demo, small_plan):
    """What the planted market says are the vacancies is what remains once copies and reposts are linked."""
    workspace, *_ = demo
    market = simulated_market(3, small_plan)
    seen = market.adverts[market.adverts["advert_id"].isin(market.statements["advert_id"])]
    in_reach = seen[(seen["closed"] > market.mondays[0] + pd.Timedelta(days=6)) & (seen["opened"] < market.mondays[-1])]
    found = len(vacancies(workspace.load("postings")))
    assert found == pytest.approx(len(in_reach), rel=0.04)


def test_the_panel_covers_every_week_and_marks_the_partial_one(demo, small_plan):
    panel = demo[0].load("weekly_panel").query("stratum == 'all'")
    maturity = panel.drop_duplicates("week").set_index("week")["maturity"]
    assert len(maturity) == small_plan["market"]["n_weeks"]
    assert maturity.iloc[-1] == "partial"
    assert set(maturity.iloc[:-1]) == {"final"}


def test_a_second_build_changes_nothing(demo):
    assert build(demo[0]).is_unchanged


@pytest.mark.browser
def test_both_pages_draw_every_figure_and_ask_nobody(demo):
    with chromium() as browser:
        for path in demo[1:]:
            with Sight(browser, path) as sight:
                sight.open()
                assert sight.page.locator(".plot").count() > 0
                assert sight.all_drawn()
                assert (sight.outside, sight.errors) == ([], [])


def test_what_is_planted_is_read():
    """Reading finds the planted statements, with their modality, and few that are not there."""
    market = simulated_market(4)
    adverts = market.adverts[market.adverts["advert_id"].isin(market.statements["advert_id"].unique()[:300])]
    frame = pd.DataFrame({"posting_id": adverts["advert_id"], "title": adverts["title"], "language": "en"})
    from itpm_trends.reading.text import text_of

    frame["description_text"] = adverts["description_html"].map(text_of)
    mentions = requirement_mentions(frame.astype("str"))
    planted_ids = set(market.truth["requirement_id"])
    said = market.statements[market.statements["advert_id"].isin(frame["posting_id"])]
    planted = set(said[["advert_id", "requirement_id", "modality"]].itertuples(index=False, name=None))
    found = mentions[mentions["requirement_id"].isin(planted_ids)]
    found = set(found[["posting_id", "requirement_id", "modality"]].itertuples(index=False, name=None))
    assert len(planted & found) / len(planted) > 0.98
    assert len(found - planted) / len(planted) < 0.03
