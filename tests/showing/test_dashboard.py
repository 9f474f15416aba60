import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest

from itpm_trends.measuring.panel import Counted
from itpm_trends.measuring.profile import packaged_profiles
from itpm_trends.measuring.recommend import recommendations
from itpm_trends.showing.dashboard import write_dashboard
from itpm_trends.showing.market import Market
from itpm_trends.showing.wording import credit, percent
from itpm_trends.tables import DESCRIBING, TRENDS
from tests.showing.browser import Sight, chromium

TABS = ("asked", "job", "certifications", "degrees", "skills", "changes", "learn")
STATES = [
    {},
    {"country": "US"},
    {"seniority": "senior", "source": "northboard"},
    {"workplace": "remote", "from": "2026-03", "to": "2026-09"},
    {"country": "?", "from": "2026-02"},
    {"country": "IN", "seniority": "director"},
]


@pytest.fixture(scope="module")
def dashboard(workspace, tmp_path_factory) -> Path:
    return write_dashboard(workspace, tmp_path_factory.mktemp("page") / "dashboard.html", as_of=date(2026, 11, 22))


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


def address(**state) -> str:
    return "#" + urlencode(state)


def kept(vacancies: pd.DataFrame, state: dict) -> pd.DataFrame:
    """What the filters of the page mean, in pandas."""
    rows = vacancies
    for name, column in (("country", "country_code"), ("seniority",) * 2, ("workplace",) * 2, ("source",) * 2):
        if value := state.get(name):
            rows = rows[rows[column].isna() if value == "?" else rows[column] == value]
    months = rows["appeared"].dt.strftime("%Y-%m")
    return rows[(months >= state.get("from", "")) & (months <= state.get("to", "9999"))]


def expected_shares(market: Market, state: dict) -> pd.DataFrame:
    ids = sorted(market.mentions["requirement_id"].unique())
    counted = Counted.of(market.vacancies, market.mentions, ids, np.zeros(len(market.vacancies), dtype=int))
    rows = kept(market.vacancies, state).index.to_numpy()
    shares = counted.shares(np.zeros(len(rows), dtype=int), 1, rows).set_index("requirement_id")
    shares = shares[["n_postings", "n_mentioning", "n_required", "share_low", "share_high"]]
    return shares[[name.split(":")[0] not in DESCRIBING for name in ids]]


def downloaded(page, name: str) -> pd.DataFrame:
    with page.expect_download() as download:
        page.locator(f"[data-csv={name}]").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    return pd.DataFrame(rows, columns=head)


@pytest.mark.parametrize("state", STATES, ids=str)
def test_filtered_numbers_are_those_of_pandas(market, dashboard, browser, state):
    expected = expected_shares(market, state)
    with Sight(browser, dashboard) as sight:
        page = sight.open(address(tab="asked", **state)).page
        assert page.locator("#counted").inner_text().startswith(f"{expected['n_postings'].iloc[0]:,} of ")
        if expected["n_postings"].iloc[0] < 30:
            assert "Not enough postings" in page.locator("#figure-asked").inner_text()
            assert page.locator(".plot").count() == 0
            return
        told = downloaded(page, "asked").set_index("requirement_id").drop(columns="label").astype(float)
        expected = expected[expected["n_mentioning"] > 0].loc[told.index]
        counts, ends = expected.columns[:3], expected.columns[3:]
        pd.testing.assert_frame_equal(told[counts], expected[counts].astype(float), check_names=False)
        # The page expands Student's quantile, which is a little short of it where there are very few employers.
        pd.testing.assert_frame_equal(told[ends], expected[ends], atol=2e-3, rtol=0, check_names=False)
        assert (told["share"] == told["n_mentioning"] / told["n_postings"]).all()
        assert sight.errors == []


def test_the_table_says_what_the_download_says(dashboard, browser):
    with Sight(browser, dashboard) as sight:
        page = sight.open(address(tab="certifications", country="DE")).page
        told = downloaded(page, "certification")
        page.locator("#figure-certification summary").click()
        shown = page.locator("#table-certification tbody tr").all_inner_texts()
        assert len(shown) == len(told)
        for row, text in zip(told.itertuples(), shown, strict=True):
            assert row.label in text
            assert f"{row.n_mentioning} / {row.n_postings}" in text
            assert percent(float(row.share)) in text


def test_steps_are_those_of_the_recommendations(market, dashboard, browser):
    profile = next(p for p in packaged_profiles() if p.id == "software-developer")
    expected = recommendations(market.vacancies, market.mentions, TRENDS.empty(), profile)
    with Sight(browser, dashboard) as sight:
        page = sight.open(address(tab="learn")).page
        page.select_option("#profile", profile.id)
        told = downloaded(page, "learn")
    assert list(told["requirement_id"]) == list(expected["requirement_id"])
    for column in ("gain", "reached", "nearer", "share"):
        assert told[column].astype(float).to_numpy() == pytest.approx(expected[column].to_numpy(), rel=1e-9), column
    for column in ("gain_low", "gain_high"):
        assert told[column].astype(float).to_numpy() == pytest.approx(expected[column].to_numpy(), abs=2e-3), column


def test_ticking_takes_a_step_off_the_list_and_stays_in_the_address(dashboard, browser):
    with Sight(browser, dashboard) as sight:
        page = sight.open(address(tab="learn")).page
        before = list(downloaded(page, "learn")["requirement_id"])
        page.locator(f"[id='have-{before[0]}']").check()
        after = list(downloaded(page, "learn")["requirement_id"])
        assert before[0] not in after
        assert len(set(before) & set(after)) >= 7
        page.reload()
        assert page.locator(f"[id='have-{before[0]}']").is_checked()


def test_state_survives_a_reload(dashboard, browser):
    with Sight(browser, dashboard) as sight:
        page = sight.open().page
        page.select_option("[name=country]", "GB")
        page.locator("#tab-skills").click()
        counted = page.locator("#counted").inner_text()
        page.reload()
        assert page.locator("#counted").inner_text() == counted
        assert page.locator("[name=country]").input_value() == "GB"
        assert page.locator("#tab-skills").get_attribute("aria-selected") == "true"
        page.locator("#clear").click()
        assert page.locator("#counted").inner_text() != counted


def test_every_tab_draws_offline_on_every_screen(dashboard, browser):
    for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light"), (360, "dark")):
        with Sight(browser, dashboard, width, scheme) as sight:
            sight.open()
            for tab in TABS:
                sight.page.locator(f"#tab-{tab}").click()
                assert sight.page.locator(".plot").count() >= 1, tab
                assert sight.all_drawn(), tab
                assert not sight.scrolls_sideways(), (tab, width)
                assert sight.collisions() == [], (tab, width)
            assert (sight.outside, sight.errors) == ([], [])


def test_keys_reach_the_tabs_and_every_control_has_a_label(dashboard, browser):
    with Sight(browser, dashboard) as sight:
        page = sight.open().page
        page.locator("#tab-asked").focus()
        page.keyboard.press("ArrowRight")
        assert page.locator("#tab-job").get_attribute("aria-selected") == "true"
        assert page.evaluate("document.activeElement.id") == "tab-job"
        sight.open(address(tab="learn"))
        assert page.evaluate("[...document.querySelectorAll('select, input')].every((c) => c.labels.length > 0)")


def test_nothing_of_a_posting_but_numbers_is_in_the_page(dashboard, market, browser):
    text = dashboard.read_text(encoding="utf-8")
    assert dashboard.stat().st_size < 2.5e6
    assert "Made-up Works" not in text and "window.planted" not in text
    assert not set(market.vacancies["posting_id"]) & set(re.findall(r"[0-9a-f]{16}", text))
    assert "Simulated market" in text


def test_a_hostile_label_is_only_text(tmp_path, workspace, browser, monkeypatch):
    hostile = "=1+1<img src=x onerror='window.planted=true'></script><script>window.planted=true</script>"
    monkeypatch.setattr("itpm_trends.showing.dashboard.label", lambda requirement_id: hostile)
    path = write_dashboard(workspace, tmp_path / "d.html", as_of=date(2026, 11, 22))
    with Sight(browser, path) as sight:
        page = sight.open().page
        for tab in TABS:
            page.locator(f"#tab-{tab}").click()
            assert page.evaluate("window.planted") is None
        page.locator("#tab-skills").click()
        assert set(downloaded(page, "skill")["label"]) == {"'" + hostile}
        assert sight.errors == []


def test_markets_without_dates_or_postings_say_so(tmp_path, undated_workspace, empty_workspace, browser):
    for workspace in (undated_workspace, empty_workspace):
        path = write_dashboard(workspace, tmp_path / f"{workspace.root.name}.html", as_of=date(2026, 11, 22))
        with Sight(browser, path) as sight:
            sight.open()
            for tab in reversed(TABS):
                sight.page.locator(f"#tab-{tab}").click()
            sight.page.locator("#tab-changes").click()
            assert sight.errors == []
            told = sight.page.locator("#view").inner_text()
            assert "No postings yet" in told or "No trend can be stated" in told


def test_texts_stand_in_one_catalogue():
    from itpm_trends.showing.page import asset

    texts = json.loads(asset("dashboard_page/texts.json"))
    script = asset("dashboard_page/dashboard.js")
    used = set(re.findall(r"texts\.(\w+)", script))
    assert used - set(texts) == set()
    assert set(texts["questions"]) == {tab for tab, _ in texts["tabs"]} == set(TABS)


def test_the_credit_that_a_source_asks_for_stands_on_the_page(tmp_path, workspace, monkeypatch):
    assert credit("Remote OK").count('<a href="https://remoteok.com">') == 1 and credit("my own file") == ""
    monkeypatch.setattr("itpm_trends.showing.dashboard.credit", lambda name: f"Credit of {name}.")
    path = write_dashboard(workspace, tmp_path / "d.html", as_of=date(2026, 11, 22))
    assert '<p class="credits">Credit of jobs-atlas. Credit of northboard. Credit of workwell.</p>' in path.read_text()
