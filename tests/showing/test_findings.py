import re

import pytest

from itpm_trends.showing import findings
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
