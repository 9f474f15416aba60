"""The dashboard in a headless Chromium, offline: what it shows is what pandas counts."""

import csv
import io
import json
import re
import threading
import urllib.request
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest

from itpm_trends.errors import ItpmTrendsError
from itpm_trends.measuring.intervals import (
    MIN_POSTINGS,
    degrees_of_freedom,
    employer_codes,
    size_met,
    wilson,
)
from itpm_trends.measuring.newest import newest_changes
from itpm_trends.measuring.panel import Counted
from itpm_trends.measuring.pay import yearly_pay
from itpm_trends.measuring.profile import packaged_profiles
from itpm_trends.measuring.recommend import recommendations
from itpm_trends.measuring.stating import stated
from itpm_trends.measuring.trends import trends
from itpm_trends.measuring.vacancies import vouched_for
from itpm_trends.showing import columns
from itpm_trends.showing.dashboard import PARTS, server, write_dashboard
from itpm_trends.showing.market import READABLE, Market
from itpm_trends.showing.page import asset
from itpm_trends.showing.wording import credit, percent
from itpm_trends.tables import DESCRIBING, TRENDS
from tests.showing.browser import Sight, chromium

TABS = ("short", "job", "degrees", "certifications", "experience", "skills", "changes", "hiring", "learn", "evidence")
COLUMN = {"country": "country_code", "seniority": "seniority", "workplace": "workplace", "source": "source"}
AS_OF = date(2026, 11, 22)
TO = 1e-9  # what two ways of adding the same numbers may differ by
# Draws every tab and gives the text of every CSV on it, without a download; figures without numbers give their words.
EVERY_CSV = """async () => {
  const told = {};
  let last = null;
  URL.createObjectURL = (blob) => { last = blob.text(); return 'blob:none'; };
  URL.revokeObjectURL = () => {};
  HTMLAnchorElement.prototype.click = () => {};
  for (const tab of document.querySelectorAll('[role=tab]')) {
    tab.click();
    for (const box of document.querySelectorAll('figure:not(#figure-emerging)')) {
      const button = box.querySelector('[data-csv]');
      if (!button) { told[box.id.slice(7)] = {words: box.innerText}; continue; }
      button.click();
      told[box.id.slice(7)] = {csv: await last};
    }
  }
  return told;
}"""


@pytest.fixture(scope="module")
def dashboard(workspace, tmp_path_factory) -> Path:
    return write_dashboard(workspace, tmp_path_factory.mktemp("page") / "dashboard.html", as_of=AS_OF)


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


def address(**state) -> str:
    return "#" + urlencode(state)


def opened(sight: Sight, state: str = ""):
    page = sight.open(state).page
    page.wait_for_selector("html[data-ready]")
    return page


def random_states(market: Market, n: int) -> list[dict]:
    """Filters drawn at random, some of them leaving nobody; the first ones leave all or much."""
    rng = np.random.default_rng(6)
    months = sorted(market.vacancies["appeared"].dt.strftime("%Y-%m").unique())
    states = [{}, {"country": "US"}, {"seniority": "senior", "country": "US"}]
    while len(states) < n:
        state = {}
        for name, column in COLUMN.items():
            if rng.random() < 0.35:
                values = market.vacancies[column]
                state[name] = str(
                    rng.choice([*sorted(values.dropna().unique()), *(["?"] if values.isna().any() else [])])
                )
        first, last = sorted(rng.integers(0, len(months), 2))
        if rng.random() < 0.5:
            state["from"] = months[first]
        if rng.random() < 0.5:
            state["to"] = months[last]
        states.append(state)
    return states


def kept(vacancies: pd.DataFrame, state: dict) -> pd.DataFrame:
    """What the filters of the page mean, in pandas."""
    rows = vacancies
    for name, column in COLUMN.items():
        if value := state.get(name):
            rows = rows[rows[column].isna() if value == "?" else rows[column] == value]
    months = rows["appeared"].dt.strftime("%Y-%m")
    return rows[(months >= state.get("from", "")) & (months <= state.get("to", "9999"))]


def frame(text: str) -> pd.DataFrame:
    head, *rows = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    return pd.DataFrame(rows, columns=head)


def downloaded(page, name: str) -> pd.DataFrame:
    with page.expect_download() as download:
        page.locator(f"[data-csv={name}]").click()
    return frame(Path(download.value.path()).read_text(encoding="utf-8"))


class Expected:
    """What pandas counts for one state of the filters."""

    def __init__(self, market: Market, state: dict) -> None:
        self.market, self.ids = market, sorted(market.mentions["requirement_id"].unique())
        every = np.zeros(len(market.vacancies), dtype=int)
        self.counted = Counted.of(market.vacancies, market.mentions, self.ids, every)
        self.rows = kept(market.vacancies, state)
        self.n = len(self.rows)
        self.flow = market.flow[market.flow["posting_id"].isin(self.rows["posting_id"])].reset_index(drop=True)
        self.profile = packaged_profiles()[0]

    def shares(self) -> pd.DataFrame:
        at = self.rows.index.to_numpy()
        return self.counted.shares(np.zeros(len(at), dtype=int), 1, at).set_index("requirement_id")

    def interval(self, k, requirement_id: str | None, rows: pd.DataFrame | None = None, correlation=None):
        rows = self.rows if rows is None else rows
        met = size_met(np.bincount(employer_codes(rows["company_name"])))
        if correlation is None:
            correlation = self.counted.correlation[self.ids.index(requirement_id)]
        effect = 1 + (met - 1) * correlation
        freedom = degrees_of_freedom(effect, len(rows), met) if effect > 1 else np.inf
        return wilson(k, len(rows), effect, freedom)


def near(told, expected) -> None:
    np.testing.assert_allclose(pd.to_numeric(pd.Series(told)), np.asarray(expected, dtype=float), rtol=1e-6, atol=TO)


def check_shares(told: pd.DataFrame, expected: pd.DataFrame, kinds: set[str]) -> None:
    expected = expected[expected["kind"].isin(kinds) & (expected["n_mentioning"] > 0)]
    assert set(told["requirement_id"]) == set(expected.index)
    expected = expected.loc[told["requirement_id"]]
    for column in ("n_postings", "n_mentioning", "n_required", "share", "share_low", "share_high"):
        near(told[column], expected[column])


def check_years(told: pd.DataFrame, expected: Expected) -> None:
    asked = expected.market.mentions
    asked = asked[(asked["kind"] == "experience") & asked["min_years"].notna()]
    years = expected.rows["posting_id"].map(asked.groupby("posting_id")["min_years"].max())
    counts = years.value_counts().sort_index()
    near(told["n_stating"], [*counts, years.isna().sum()])
    low, high = expected.interval(counts.iloc[0], "experience:project-management")
    near([told["share_low"].iloc[0], told["share_high"].iloc[0]], [low, high])


def check_tally(told: pd.DataFrame, expected: Expected, column: str) -> None:
    counts = expected.rows[column].value_counts(dropna=False)
    assert {value or None: int(n) for value, n in zip(told[column], told["n_postings"], strict=True)} == {
        None if pd.isna(value) else value: n for value, n in counts.items()
    }


def check_employers(told: pd.DataFrame, expected: Expected) -> None:
    counts = expected.rows["company_name"].str.casefold().str.strip().value_counts()
    counts = counts[counts >= columns.FEWEST_VACANCIES]
    assert dict(zip(told["employer"].str.casefold(), told["n_postings"].astype(int), strict=True)) == counts.to_dict()


def check_pay(told: pd.DataFrame, expected: Expected) -> None:
    pay = yearly_pay(expected.rows)
    middle = ((pay["low"] + pay["high"]) / 2).round()
    correlation = columns._pay_correlation(expected.market.vacancies)
    for row in told.itertuples():
        of = middle if row.seniority == "all" else middle[expected.rows.loc[middle.index, "seniority"] == row.seniority]
        assert (int(row.n_postings), row.currency) == (len(of), "USD")
        near([row.lower_quartile, row.median, row.upper_quartile], of.quantile([0.25, 0.5, 0.75]))
        ends = expected.interval(len(of) / 2, None, expected.rows.loc[of.index], correlation)
        near([row.median_low, row.median_high], of.quantile([float(end) for end in ends]))


def check_together(told: pd.DataFrame, expected: Expected) -> None:
    states = stated(expected.rows, expected.market.mentions, expected.ids)
    both, at = (states.T @ states).toarray(), {i: place for place, i in enumerate(expected.ids)}
    first, second = (told[name].map(at).to_numpy() for name in ("first_id", "second_id"))
    near(told["n_together"], both[first, second])
    near(told["by_chance"], both[first, first] * both[second, second] / expected.n**2)


def check_newest(told: pd.DataFrame, expected: Expected) -> None:
    wanted = newest_changes(expected.flow, expected.market.mentions, expected.ids, expected.counted.correlation)
    wanted = wanted.set_index("requirement_id").loc[told["requirement_id"]]
    assert len(wanted) == len(told)
    for column in ("n_newest", "n_stating", "n_before", "share", "expected", "change_pp", "low", "high"):
        near(told[column], wanted[column])
    np.testing.assert_allclose(told["q"].astype(float), wanted["q"].astype(float), atol=1e-6)


def check_trends(told: pd.DataFrame, expected: Expected) -> None:
    vouched = vouched_for(expected.market.coverage, "live", "history")
    wanted = trends(expected.flow, expected.market.mentions, expected.ids, vouched)
    wanted = wanted[wanted["p"].notna() & ~wanted["kind"].isin(DESCRIBING)].set_index("requirement_id")
    assert set(told["requirement_id"]) == set(wanted.index)
    wanted = wanted.loc[told["requirement_id"]]
    assert list(told["verdict"]) == list(wanted["verdict"])
    for column in ("n_postings", "share", "change_pp", "change_low", "change_high"):
        near(told[column], wanted[column])
    np.testing.assert_allclose(told["p"].astype(float), wanted["p"], rtol=1e-5, atol=TO)


def check_line(told: pd.DataFrame, expected: Expected) -> None:
    leading = expected.shares().sort_values("share", ascending=False).index[0]
    weeks = sorted(expected.market.flow["week"].unique())
    for span in (1, 4, 13):
        group = {week: (week - weeks[0]).days // 7 // span for week in weeks}
        first = {}
        for week in weeks:
            first.setdefault(group[week], week)
        groups = expected.flow["week"].map(group)
        sizes = groups.value_counts().reindex(first.keys(), fill_value=0).sort_index()
        if sizes.sort_values().iloc[len(sizes) // 2] >= READABLE:
            break
    large = sizes[sizes >= MIN_POSTINGS]
    assert list(told["first_day"]) == [first[at].strftime("%Y-%m-%d") for at in large.index]
    near(told["n_postings"], large)
    states = stated(expected.flow, expected.market.mentions, [leading]).toarray()[:, 0]
    near(told["n_mentioning"], [states[(groups == at).to_numpy()].sum() for at in large.index])


def check_mix(told: pd.DataFrame, expected: Expected) -> None:
    wanted = pd.crosstab(expected.rows["appeared"].dt.strftime("%Y-%m"), expected.rows["source"])
    told = told.set_index("month").astype(int)
    told = told[told.sum(axis=1) > 0]
    pd.testing.assert_frame_equal(told[sorted(told)], wanted, check_names=False, check_dtype=False)


def check_steps(told: pd.DataFrame, expected: Expected) -> None:
    steps = recommendations(expected.rows, expected.market.mentions, TRENDS.empty(), expected.profile)
    assert list(told["requirement_id"]) == list(steps["requirement_id"])
    for column in ("gain", "gain_low", "gain_high", "reached", "nearer", "share"):
        near(told[column], steps[column])


ASKED = {"certification", "skill", "degree", "experience", "language"}
CHECKS = {
    "asked": lambda told, e: check_shares(told, e.shares(), ASKED),
    "certification": lambda told, e: check_shares(told, e.shares(), {"certification"}),
    "skill": lambda told, e: check_shares(told, e.shares(), {"skill"}),
    "degree": lambda told, e: check_shares(told, e.shares(), {"degree"}),
    "duty": lambda told, e: check_shares(told, e.shares(), {"duty"}),
    "role": lambda told, e: check_shares(told, e.shares(), {"role"}),
    "years": check_years,
    "specialism": lambda told, e: check_tally(told, e, "specialism"),
    "country_code": lambda told, e: check_tally(told, e, "country_code"),
    "country": lambda told, e: check_tally(told, e, "country_code"),
    "workplace": lambda told, e: check_tally(told, e, "workplace"),
    "employers": check_employers,
    "pay": check_pay,
    "together": check_together,
    "newest": check_newest,
    "changes": check_trends,
    "line": check_line,
    "mix": check_mix,
    "learn": check_steps,
}


# Figures that need more than 30 postings: dated ones, stated pay, mentions enough to compare.
MAY_BE_SILENT = {"newest", "changes", "line", "pay", "learn", "together", "specialism", "country", "workplace"}


@pytest.mark.slow
@pytest.mark.browser
def test_every_filter_changes_every_chart_to_the_numbers_of_pandas(market, dashboard, browser):
    seen, refused = set(), set()
    with Sight(browser, dashboard) as sight:
        for number, state in enumerate(random_states(market, 33)):
            expected = Expected(market, state)
            expected.profile = packaged_profiles()[number % 3]
            person = {
                "have": ",".join(sorted(expected.profile.have)),
                "degree": expected.profile.degree,
                "field": min(expected.profile.fields),
                "years": f"{expected.profile.years:g}",
            }
            page = opened(sight, address(**state, **person))
            assert page.locator("#counted").inner_text().startswith(f"{expected.n:,} of {len(market.vacancies):,} ")
            for name, figure in page.evaluate(EVERY_CSV).items():
                if "csv" in figure:
                    if name == "learn" and number % 4:
                        continue  # steps take pandas a second each
                    try:
                        CHECKS[name](frame(figure["csv"]), expected)
                    except Exception as error:
                        raise AssertionError(f"{name} with {state}") from error
                    seen.add(name)
                else:
                    refused.add(name)
                    words = figure["words"]
                    assert re.search("Not enough|No |Nothing|Fewer|nothing can be said", words), (name, state, words)
                    if expected.n >= MIN_POSTINGS:
                        assert name in MAY_BE_SILENT, (name, state)
        assert sight.errors == []
    assert seen | {"specialism"} >= set(CHECKS) - {"country_code"}
    assert {"asked", "newest", "changes", "learn"} <= refused, "some states must leave too few postings"


@pytest.mark.browser
def test_the_table_says_what_the_download_says(dashboard, browser):
    with Sight(browser, dashboard) as sight:
        page = opened(sight, address(tab="certifications", country="DE"))
        told = downloaded(page, "certification")
        page.locator("#figure-certification summary").click()
        page.wait_for_selector("#table-certification")
        shown = page.locator("#table-certification tbody tr").all_inner_texts()
        assert len(shown) == len(told) > 5
        for row, text in zip(told.itertuples(), shown, strict=True):
            assert row.label in text
            assert f"{row.n_mentioning} / {row.n_postings}" in text
            assert percent(float(row.share)) in text


@pytest.mark.browser
def test_a_chart_is_downloaded_as_a_picture_that_speaks_for_itself(dashboard, browser):
    with Sight(browser, dashboard) as sight:
        page = opened(sight, address(tab="certifications", country="DE"))
        with page.expect_download() as download:
            page.locator("[data-png=certification]").click()
        picture = Path(download.value.path()).read_bytes()
        assert download.value.suggested_filename == "itpm-trends-certification.png"
        assert picture.startswith(b"\x89PNG") and len(picture) > 20_000
        assert (sight.outside, sight.errors) == ([], [])


@pytest.mark.browser
def test_ticking_takes_a_step_off_the_list_and_stays_in_the_address(dashboard, browser):
    with Sight(browser, dashboard) as sight:
        page = opened(sight, address(tab="learn"))
        before = list(downloaded(page, "learn")["requirement_id"])
        page.locator(f"[id='have-{before[0]}']").check()
        after = list(downloaded(page, "learn")["requirement_id"])
        assert before[0] not in after
        assert len(set(before) & set(after)) >= 7
        page.reload()
        assert page.locator(f"[id='have-{before[0]}']").is_checked()


@pytest.mark.browser
def test_an_advisor_needs_six_clicks(market, dashboard, browser):
    """The share of PMP for seniors in one country, its CSV, the page on paper, and a plan for one person."""
    with Sight(browser, dashboard) as sight:
        page = opened(sight)
        page.evaluate("window.print = () => { window.printed = true; }")
        page.select_option("[name=seniority]", "senior")
        page.select_option("[name=country]", "US")
        row = Expected(market, {"seniority": "senior", "country": "US"}).shares().loc["certification:pmp"]
        words = f"{percent(row['share'])} ({percent(row['share_low']).removesuffix(' %')}–{percent(row['share_high'])}"
        assert f"PMP: in {words}, n = {row['n_postings']:,})" in page.locator("#in-short").inner_text()
        told = downloaded(page, "asked").set_index("requirement_id")
        near([told.loc["certification:pmp", "share"]], [row["share"]])
        page.locator("#print").click()
        assert page.evaluate("window.printed")
        page.locator("#tab-learn").click()
        page.select_option("#profile", "help-desk-analyst")
        assert page.locator("#figure-learn .plot").is_visible()
        told = page.locator("#figure-learn .lead").last.inner_text()
        assert told.startswith(
            "Taken into account: Associate degree (Information technology and systems), 2 years of work, "
        )


@pytest.mark.browser
def test_new_words_are_shown_from_five_employers_on(tmp_path, workspace, browser, monkeypatch):
    found = pd.DataFrame(
        {
            "term": ["<b>model context</b>", "one firm's word"], "n_recent": [30, 30], "n_postings_recent": [300, 300],
            "share_recent": [0.1, 0.1], "share_before": [0.0, 0.0], "n_employers": [12, 4],
        }
    )  # fmt: skip
    monkeypatch.setattr(columns, "emerging", lambda flow, mentions: found)
    path = write_dashboard(workspace, tmp_path / "d.html", as_of=AS_OF)
    with Sight(browser, path) as sight:
        shown = opened(sight, address(tab="changes")).locator("#table-emerging").inner_text()
        assert "<b>model context</b>" in shown and "10 % (30 / 300)" in shown
        assert "one firm" not in path.read_text(encoding="utf-8")


@pytest.mark.browser
def test_state_survives_a_reload(dashboard, browser):
    with Sight(browser, dashboard) as sight:
        page = opened(sight)
        page.select_option("[name=country]", "GB")
        page.locator("#tab-hiring").click()
        counted = page.locator("#counted").inner_text()
        assert "United Kingdom" in page.locator("#chosen").inner_text()
        page.reload()
        page.wait_for_selector("html[data-ready]")
        assert page.locator("#counted").inner_text() == counted
        assert page.locator("[name=country]").input_value() == "GB"
        assert page.locator("#tab-hiring").get_attribute("aria-selected") == "true"
        page.locator("#clear").click()
        assert page.locator("#counted").inner_text() != counted


@pytest.mark.slow
@pytest.mark.browser
def test_every_tab_draws_offline_on_every_screen(dashboard, browser):
    for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light"), (360, "dark")):
        with Sight(browser, dashboard, width, scheme) as sight:
            opened(sight)
            for tab in TABS:
                sight.page.locator(f"#tab-{tab}").click()
                assert sight.page.locator(".plot").count() >= 1, tab
                assert sight.all_drawn(), tab
                assert not sight.scrolls_sideways(), (tab, width)
                assert sight.collisions() == [], (tab, width)
            assert (sight.outside, sight.errors) == ([], [])


@pytest.mark.slow
@pytest.mark.browser
def test_axe_finds_nothing_serious(dashboard, browser):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    for width, scheme, tabs in ((1280, "light", TABS), (390, "dark", ("short", "changes", "learn"))):
        with Sight(browser, dashboard, width, scheme) as sight:
            page = opened(sight)
            for tab in tabs:
                page.locator(f"#tab-{tab}").click()
                for summary in page.locator("figure summary").all():
                    summary.click()
                found = axe.Axe().run(page).response["violations"]
                serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
                assert serious == [], (tab, width, scheme)


@pytest.mark.browser
def test_keys_reach_the_tabs_and_every_control_has_a_label(dashboard, browser):
    with Sight(browser, dashboard) as sight:
        page = opened(sight)
        page.locator("#tab-short").focus()
        page.keyboard.press("ArrowRight")
        assert page.locator("#tab-job").get_attribute("aria-selected") == "true"
        assert page.evaluate("document.activeElement.id") == "tab-job"
        page.keyboard.press("End")
        assert page.evaluate("document.activeElement.id") == f"tab-{TABS[-1]}"
        opened(sight, address(tab="learn"))
        assert page.evaluate("[...document.querySelectorAll('select, input')].every((c) => c.labels.length > 0)")


@pytest.mark.browser
def test_a_word_explains_itself_to_pointer_and_keyboard(dashboard, browser):
    with Sight(browser, dashboard) as sight:
        page = opened(sight, address(tab="certifications"))
        page.locator("#figure-certification summary").click()
        page.wait_for_selector("#table-certification")
        word = page.locator("#table-certification .term", has_text="PMP").first
        assert not word.locator("[role=tooltip]").is_visible()
        word.focus()
        assert word.locator("[role=tooltip]").inner_text() == (
            "Certification by PMI, practitioner level. Postings say “x”"
        )


@pytest.mark.browser
def test_print_shows_the_figures_and_what_was_chosen_and_no_controls(dashboard, browser):
    with Sight(browser, dashboard) as sight:
        page = opened(sight, address(tab="certifications", country="DE"))
        page.emulate_media(media="print")
        for control in ("#filters", "#tabs", "#print", ".tools"):
            assert not page.locator(control).first.is_visible()
        assert "Country: Germany" in page.locator("#chosen").inner_text()
        assert page.locator("#figure-certification .plot").is_visible()


def test_nothing_of_a_posting_but_numbers_is_in_the_page(dashboard, market):
    text = dashboard.read_text(encoding="utf-8")
    assert dashboard.stat().st_size < 1.6e6
    assert "window.planted" in text, "employers with several vacancies are named, as text"
    assert "onerror" in text and "<img src=x" not in text
    assert not set(market.vacancies["posting_id"]) & set(re.findall(r"[0-9a-f]{16}", text))
    assert "IT project manager </script>" not in text and "A made-up advert" not in text
    assert "Simulated market" in text


def test_small_employers_and_rare_words_are_not_in_the_page(market):
    told = columns.columns_of(market, AS_OF, json.loads(asset("dashboard_page/texts.json"))["definitions"])
    sizes = market.vacancies["company_name"].value_counts()
    assert set(told["employers"]["named"]) == set(sizes.index[sizes >= columns.FEWEST_VACANCIES])
    few = market.mentions.assign(matched_text=[f"words {at}" for at in range(len(market.mentions))])
    ids = sorted(market.mentions["requirement_id"].unique())
    from itpm_trends.showing.definitions import matching_words

    assert not any(matching_words(market.vacancies, few, ids))
    assert any(matching_words(market.vacancies, market.mentions, ids))


@pytest.mark.browser
def test_hostile_names_are_only_text(tmp_path, workspace, browser, monkeypatch):
    hostile = "=1+1<img src=x onerror='window.planted=true'></script><script>window.planted=true</script>"
    monkeypatch.setattr("itpm_trends.showing.columns.label", lambda requirement_id: hostile)
    path = write_dashboard(workspace, tmp_path / "d.html", as_of=AS_OF)
    with Sight(browser, path) as sight:
        page = opened(sight)
        for tab in TABS:
            page.locator(f"#tab-{tab}").click()
            assert page.evaluate("window.planted") is None
        page.locator("#tab-skills").click()
        assert set(downloaded(page, "skill")["label"]) == {"'" + hostile}
        assert sight.errors == []


@pytest.mark.browser
def test_markets_without_dates_or_postings_say_so(tmp_path, undated_workspace, empty_workspace, browser):
    for workspace in (undated_workspace, empty_workspace):
        path = write_dashboard(workspace, tmp_path / f"{workspace.root.name}.html", as_of=AS_OF)
        with Sight(browser, path) as sight:
            opened(sight)
            for tab in reversed(TABS):
                sight.page.locator(f"#tab-{tab}").click()
                assert not sight.scrolls_sideways()
            sight.page.locator("#tab-changes").click()
            assert sight.errors == []
            told = sight.page.locator("#view").inner_text()
            assert "No postings yet" in told or "nothing can be said of change" in told


@pytest.mark.browser
def test_a_market_too_large_to_send_is_sampled_and_says_so(market, browser, tmp_path, workspace, monkeypatch):
    monkeypatch.setattr(columns.columns_of, "__defaults__", (6_000,))
    path = write_dashboard(workspace, tmp_path / "small.html", as_of=AS_OF)
    with Sight(browser, path) as sight:
        page = opened(sight)
        words = page.locator("#fresh").inner_text()
        drawn = int(re.search(r"a random ([\d,]+) of", words)[1].replace(",", ""))
        assert 300 < drawn < len(market.vacancies)
        assert f"of {len(market.vacancies):,} vacancies" in words
        assert page.locator("#counted").inner_text().startswith(f"{drawn:,} of {drawn:,} ")
        assert sight.errors == []


def test_packed_lists_are_read_back():
    gaps = np.array([0, 5, 127, 128, 300, 16_384, 3_000_000])
    raw, read = columns._sevens(gaps), []
    value = shift = 0
    for byte in raw:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            read.append(value)
            value = shift = 0
    assert read == gaps.tolist()


@pytest.mark.browser
def test_every_word_of_the_page_stands_in_the_catalogue(dashboard, browser, tmp_path):
    """A catalogue in another language leaves no English behind, but for names and numbers."""
    text = dashboard.read_text(encoding="utf-8")
    block = re.search(r'<script type="application/json" id="texts">(.*?)</script>', text)

    def foreign(value):
        if isinstance(value, str):
            return re.sub(r"(?<![{\w])[A-Za-z]{3,}(?![\w}])", "ßß", value)
        return [foreign(v) for v in value] if isinstance(value, list) else {k: foreign(v) for k, v in value.items()}

    texts = json.loads(block[1])
    other = {name: foreign(value) for name, value in texts.items() if name != "tabs"}
    other["tabs"] = [[tab, "ßß"] for tab, _ in texts["tabs"]]
    other["page"] = texts["page"]  # set by the program, not in the page
    path = tmp_path / "other.html"
    path.write_text(text.replace(block[1], json.dumps(other)), encoding="utf-8")
    own_words = re.compile(r"\b(adds|postings|within reach|asked for in|points|whiskers|required|not stated|before)\b")
    with Sight(browser, path) as sight:
        page = opened(sight)
        for tab in TABS:
            page.locator(f"#tab-{tab}").click()
            shown = page.locator("#view").inner_text()
            labels = page.evaluate("[...document.querySelectorAll('[aria-label]')].map((e) => e.ariaLabel).join(' ')")
            assert not own_words.search(shown + labels), (tab, own_words.search(shown + labels))


def test_the_scripts_hold_no_english():
    """Sentences in string literals, what is filled into them left out: two words of small letters side by side."""
    for part in PARTS:
        script = re.sub(r"//.*|/\*.*?\*/", "", asset(f"dashboard_page/{part}.js"))
        for template, literal in re.findall(r"`([^`]*)`|\"([^\"\n]*)\"", script):
            text = re.sub(r"\$\{[^}]*\}", "#", template or literal)
            words = re.findall(r"[a-z]{2,} [a-z]{2,}|[a-z]{2,}: #| (?:to|and|of|in) ", text)
            assert not words or text == "pair choices", (part, text)


def test_texts_that_the_page_uses_stand_in_the_catalogue():
    texts = json.loads(asset("dashboard_page/texts.json"))
    script = "".join(asset(f"dashboard_page/{part}.js") for part in PARTS)
    used = set(re.findall(r"texts\.(\w+)", script))
    assert used - set(texts) == set()
    assert set(texts) - used == {"definitions", "page"} - used, "every text is used"
    assert set(texts["questions"]) == {tab for tab, _ in texts["tabs"]} == set(TABS)


def test_the_credit_that_a_source_asks_for_stands_on_the_page(tmp_path, workspace, monkeypatch):
    assert credit("Remote OK").count('<a href="https://remoteok.com">') == 1 and credit("my own file") == ""
    monkeypatch.setattr("itpm_trends.showing.dashboard.credit", lambda name: f"Credit of {name}.")
    path = write_dashboard(workspace, tmp_path / "d.html", as_of=AS_OF)
    assert '<p class="credits">Credit of jobs-atlas. Credit of northboard. Credit of workwell.</p>' in path.read_text()


def test_the_page_is_served_on_this_machine_alone(tmp_path):
    path = tmp_path / "dashboard.html"
    path.write_text("<p>ä dashboard</p>", encoding="utf-8")
    with server(path, 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        try:
            at = f"http://127.0.0.1:{serving.server_port}"
            with urllib.request.urlopen(f"{at}/") as answer:
                assert answer.read().decode() == "<p>ä dashboard</p>"
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"{at}/etc/passwd")
            with pytest.raises(ItpmTrendsError, match="Choose another with --port"):
                server(path, serving.server_port)
        finally:
            serving.shutdown()
