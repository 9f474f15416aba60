import re
from dataclasses import replace

import pytest

from itpm_trends.errors import SettingsError
from itpm_trends.measuring.profile import packaged_profiles, profile_told
from itpm_trends.showing import findings
from itpm_trends.showing.findings.asked import change_words
from itpm_trends.showing.market import Market
from itpm_trends.showing.wording import label
from itpm_trends.tables import PAY_DIFFERENCES


def test_the_ranked_sentence_states_the_counted_numbers(market):
    shares = market.shares("certification")
    text = findings.ranked(shares, "certification")
    first = shares.sort_values("share", ascending=False).iloc[0]
    assert label(first["requirement_id"]) in text
    assert f"{100 * first['n_mentioning'] / first['n_postings']:.0f} %" in text
    assert f"n = {first['n_postings']:,}" in text


def test_the_overview_states_what_was_counted(market):
    text = findings.overview(market)
    assert f"{len(market.vacancies):,} postings" in text
    assert "simulated" in text
    assert "northboard" in text


def test_what_rises_and_falls_is_what_the_table_says(market):
    text = findings.changes(market.trends)
    rising, falling = (re.search(rf"\*\*{word}\*\*: (.*?)[;.] ", text)[1] for word in ("rising", "falling"))
    for verdict, told in (("rising", rising), ("falling", falling)):
        strongest = market.trends[market.trends["verdict"] == verdict].sort_values("change_pp", key=abs).iloc[-1]
        assert label(strongest["requirement_id"]) in told


def test_without_dates_the_reason_is_told(undated_workspace):
    market = Market.of(undated_workspace)
    assert market.scope.endswith("dates unknown")
    assert market.recent(4).vacancies is market.vacancies
    assert "No trend can be stated" in findings.changes(market.trends)
    assert "Too few" in findings.over_time(market.readable_panel, "certification:pmp")


def test_nothing_collected_is_told_in_words(empty_workspace):
    market = Market.of(empty_workspace)
    assert "No posting" in findings.overview(market)
    assert findings.ranked(market.shares()) == "No posting states a requirement."
    assert findings.learn_next(market.recommendations, "help-desk-analyst")


def test_recent_takes_the_last_weeks_only(market):
    recent = market.recent(8)
    assert 0 < len(recent.vacancies) < len(market.vacancies)
    ages = market.vacancies["appeared"].max() - recent.vacancies["appeared"]
    assert ages.dt.days.max() < 56
    assert set(recent.mentions["posting_id"]) <= set(recent.vacancies["posting_id"])


def test_a_window_with_too_few_postings_is_the_whole_market(market):
    assert market.recent(1).vacancies is market.vacancies


def test_a_market_is_found_from_its_notebooks_folder(workspace, monkeypatch):
    folder = workspace.root / "notebooks"
    folder.mkdir(exist_ok=True)
    monkeypatch.delenv("ITPM_TRENDS_WORKSPACE", raising=False)
    monkeypatch.chdir(folder)
    assert len(Market.current().vacancies)
    folder.rmdir()


@pytest.mark.parametrize(
    ("requirement_id", "words"),
    [
        ("degree:bachelor", "Bachelor's degree"),
        ("skill:no-such-thing", "No such thing"),
        ("experience:it", "Experience in IT"),
    ],
)
def test_ids_have_words(requirement_id, words):
    assert label(requirement_id) == words


def test_pay_differs_beyond_chance_only_where_the_whole_band_says_so():
    row = {"kind": "skill", "n_with": 80, "n_without": 300, "midpoint": 0.06, "q": 0.01}
    rows = [
        {**row, "requirement_id": "skill:sap", "low": 0.01, "high": 0.12},
        {**row, "requirement_id": "skill:jira", "low": -0.02, "high": 0.12},
        {**row, "requirement_id": "skill:excel", "low": -0.2, "high": -0.01, "midpoint": -0.1},
        {**row, "requirement_id": "skill:sql", "low": 0.01, "high": 0.12, "q": 0.3},
    ]
    text = findings.pay(PAY_DIFFERENCES.frame(rows))
    assert "SAP" in text and "Excel" in text
    assert "Jira" not in text and "SQL" not in text
    assert "None of 1 requirement goes" in findings.pay(PAY_DIFFERENCES.frame(rows[1:2]))


def test_a_ranked_finding_tells_a_trend_where_there_is_one(market):
    shares = market.shares()
    moved = market.trends[market.trends["verdict"].isin(["rising", "falling"])]
    for row in moved.itertuples():
        words = change_words(market.trends, row.requirement_id)
        way = "up" if row.change_pp > 0 else "down"
        assert words.startswith(f", {way} {abs(row.change_pp):.1f} points a year (")
    others = set(shares["requirement_id"]) - set(moved["requirement_id"])
    assert {change_words(market.trends, one) for one in others} == {""}
    rising = shares[shares["requirement_id"] == moved.sort_values("change_pp")["requirement_id"].iloc[-1]]
    assert re.search(
        r"\*\* is asked for in \d+ % \(.*\) of postings, up \d", findings.ranked(rising, trends=market.trends)
    )
    assert "points a year" not in findings.ranked(rising)


def test_a_narrowed_market_measures_its_own_postings(market):
    narrowed = market.chosen("us", "2026-03-01", "manager")
    rows = narrowed.vacancies
    assert set(rows["country_code"]) == {"US"} and set(rows["seniority"]) == {"manager"}
    assert rows["appeared"].min().date().isoformat() >= "2026-03-01"
    assert narrowed.scope.startswith("United States; Project manager; new since 1 March 2026; 3 sources")
    assert narrowed.trends["n_postings"].max() <= len(rows) < market.trends["n_postings"].max()
    assert narrowed.readable_panel.groupby("week")["n_postings"].first().sum() <= len(rows)
    assert narrowed.recent().vacancies is rows, "a first day that was chosen is not moved"
    assert market.chosen() is market


def test_advice_is_that_of_the_build_or_worked_out_anew(market):
    first = packaged_profiles()[0]
    assert market.advice(first).equals(market.recommendations[market.recommendations["profile"] == first.id])
    narrowed = market.chosen("DE")
    assert set(narrowed.advice(first)["n_postings"]) == {len(narrowed.vacancies)}
    own = profile_told({"id": "you", "label": "You", "have": ["certification:pmp", "skill:jira"], "years": 5})
    steps = market.advice(own)
    assert len(steps) and not set(steps["requirement_id"]) & own.have
    assert "*You*" in findings.learn_next(steps, own)
    assert label(steps["requirement_id"].iloc[0]) in findings.learn_next_table(steps, own)


@pytest.mark.parametrize("wrong", [{"country": "XX"}, {"seniority": "boss"}, {"since": "yesterday"}])
def test_what_no_market_holds_is_told(market, wrong):
    with pytest.raises(SettingsError):
        market.chosen(**wrong)


def test_who_hires_and_where_is_what_was_counted(market):
    counts = market.vacancies["company_name"].value_counts()
    assert f"has {counts.iloc[0]} of {len(market.vacancies):,} vacancies" in findings.employers(market)
    assert "<script" not in findings.employers(market)
    share = (market.vacancies["country_code"] == "US").mean()
    assert re.search(rf"{100 * share:.0f} % \(.*\) are in \*\*United States\*\*", findings.countries(market))
    assert "do not say where the work is done" in findings.workplaces(market)


def test_experience_instead_is_told_with_its_n(market):
    table = findings.experience_instead(market)
    degrees = market.mentions.query("requirement_id == 'degree:bachelor' and modality == 'required'")
    assert f"n = {degrees['posting_id'].nunique():,})" in table
    assert "graduate certificate" in findings.graduate(market)


def test_an_mba_is_a_masters_in_business(market):
    is_master = market.mentions["requirement_id"] == "degree:master"
    fields = market.mentions["fields"].mask(market.mentions["kind"] == "degree", "business;related")
    told = findings.graduate(replace(market, mentions=market.mentions.assign(fields=fields)))
    share = market.mentions.loc[is_master, "posting_id"].nunique() / len(market.vacancies)
    assert re.search(rf"MBA, in {100 * share:.0f} % \(", told)


def test_pairs_are_told_in_words_that_can_be_checked(market):
    row = market.pairs.iloc[0]
    text = findings.together(market.pairs)
    assert f"{100 * row['n_together'] / min(row['n_first'], row['n_second']):.0f} % state" in text
    assert "No two requirements" in findings.together(market.pairs.head(0))


def test_fields_of_study_are_counted_once_a_posting(market):
    degrees = market.mentions["kind"] == "degree"
    fields = market.mentions["fields"].mask(degrees, "business;related")
    table = findings.fields_table(replace(market, mentions=market.mentions.assign(fields=fields)))
    n_naming = market.mentions.loc[degrees, "posting_id"].nunique()
    assert f"| Business and management | {100 * n_naming / len(market.vacancies):.0f} % (" in table
    assert table.count(f"| {n_naming:,} of {len(market.vacancies):,} |") == 2
    assert findings.fields_table(market) == "No posting names a field of study."


def test_a_part_without_postings_is_told_as_such(market):
    told = findings.overview(market.chosen("US", "2030-01-01"))
    assert told == "**No posting of an IT project manager is left** (United States; new since 1 January 2030)."
