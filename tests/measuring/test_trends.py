"""Trends on simulated worlds: what moves is found, what stands still is left alone, what is thin is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from itpm_trends.measuring.panel import weekly_panel
from itpm_trends.measuring.trends import benjamini_hochberg, quasi_binomial_slope, trends


def test_benjamini_hochberg_by_hand():
    p = pd.Series([0.01, 0.04, np.nan, 0.03, 0.20])
    assert benjamini_hochberg(p).round(4).tolist()[:2] == [0.04, 0.0533]
    assert np.isnan(benjamini_hochberg(p)[2])


def world(rng, slope, shifting=False, rho=0.0, n_weeks=60):
    """(k, n, years, source): two sources of different levels; their mix may shift; shares may be overdispersed."""
    rows = []
    for week in range(n_weeks):
        for source, level in enumerate((-1.5, 0.5)):
            towards = week / n_weeks if shifting else 0.5
            n = int(20 + 60 * (towards if source else 1 - towards))
            share = expit(level + slope * week / 52)
            if rho:
                share = rng.beta(share * (1 - rho) / rho, (1 - share) * (1 - rho) / rho)
            rows.append((rng.binomial(n, share), n, week / 52, source))
    return [np.array(column) for column in zip(*rows, strict=True)]


def p_value(fit):
    from scipy.stats import t

    return 2 * t.sf(abs(fit["slope"]) / fit["error"], fit["freedom"])


@pytest.mark.parametrize("shifting", [False, True])
@pytest.mark.parametrize("rho", [0.0, 0.03])
def test_no_trend_is_found_where_there_is_none(shifting, rho):
    rng = np.random.default_rng(11)
    false_alarms = [p_value(quasi_binomial_slope(*world(rng, 0.0, shifting, rho))) < 0.05 for _ in range(400)]
    assert 0.02 <= np.mean(false_alarms) <= 0.085


def test_a_slope_is_found_again_within_its_error():
    rng = np.random.default_rng(12)
    fits = [quasi_binomial_slope(*world(rng, 0.6)) for _ in range(100)]
    assert np.mean([fit["slope"] for fit in fits]) == pytest.approx(0.6, abs=0.05)
    assert np.mean([p_value(fit) < 0.05 for fit in fits]) > 0.9


def test_overdispersion_uses_the_trial_counts():
    """The trap of proportions without weights: Pearson's chi-square over the degrees of freedom must see n."""
    rng = np.random.default_rng(13)
    plain = quasi_binomial_slope(*world(rng, 0.0))
    scattered = quasi_binomial_slope(*world(np.random.default_rng(13), 0.0, rho=0.1))
    assert scattered["error"] > 1.5 * plain["error"]


def test_a_source_that_always_states_it_does_not_break_the_fit():
    k, n, years, source = world(np.random.default_rng(14), 0.3)
    fit = quasi_binomial_slope(np.where(source == 1, n, k), n, years, source)
    assert np.isfinite(fit["slope"]) and fit["error"] < 1


@pytest.fixture
def flow(postings_of):
    rng = np.random.default_rng(3)
    weeks = pd.date_range("2025-01-06", periods=30, freq="7D", unit="us").repeat(40)
    postings = postings_of([{"first_seen": str(week.date())} for week in weeks]).sort_values("first_seen")
    return postings.reset_index(drop=True).assign(
        period="week", week=weeks, maturity="final", draw=rng.uniform(size=len(weeks))
    )


def trends_of(flow, mentions_of, ids, complete=("lever",)):
    progress = (flow["week"] - flow["week"].min()).dt.days / 365
    rising = flow.loc[flow["draw"] < 0.2 + 0.6 * progress, "posting_id"]
    mentions = mentions_of([(posting_id, "skill:rising", "required") for posting_id in rising])
    postings = flow.drop(columns="draw")
    return trends(postings, weekly_panel(postings, mentions, ids), mentions, ids, set(complete))


def test_a_rising_requirement_is_called_rising_with_its_size(flow, mentions_of):
    row = trends_of(flow, mentions_of, ["skill:rising"]).iloc[0]
    assert row["verdict"] == "rising"
    assert row["change_low"] < 60 < row["change_high"]
    assert row["n_periods"] == 30


def test_what_nobody_asks_for_has_too_few(flow, mentions_of):
    rows = trends_of(flow, mentions_of, ["skill:rising", "skill:unheard"]).set_index("requirement_id")
    assert rows.loc["skill:unheard", "verdict"] == "too few"
    assert "fewer than" in rows.loc["skill:unheard", "reason"]
    assert np.isnan(rows.loc["skill:unheard", "change_pp"])


def test_a_collection_that_nobody_vouches_for_gets_no_trend(flow, mentions_of):
    row = trends_of(flow, mentions_of, ["skill:rising"], complete=()).iloc[0]
    assert row["verdict"] == "too few"
    assert "nobody says" in row["reason"]
    assert row["share"] > 0


def test_too_few_weeks_are_refused_in_words(flow, mentions_of):
    early = flow[flow["week"] < "2025-02-10"].reset_index(drop=True)
    assert trends_of(early, mentions_of, ["skill:rising"]).iloc[0]["reason"] == "5 complete weeks; a trend needs 12"


def test_the_partial_week_is_left_out(flow, mentions_of):
    last = flow["week"].max()
    flow.loc[flow["week"] == last, "maturity"] = "partial"
    assert trends_of(flow, mentions_of, ["skill:rising"]).iloc[0]["window_end"] < last


def test_nothing_collected_gives_an_empty_table(flow, mentions_of):
    assert trends_of(flow.iloc[:0], mentions_of, ["skill:rising"]).empty
