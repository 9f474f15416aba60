"""Trends on simulated worlds: what moves is found, what stands still is left alone, what is thin is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.special import expit
from scipy.stats import t as student_t

from itpm_trends.measuring.trends import (
    Cells,
    Clustering,
    benjamini_hochberg,
    change_points,
    quasi_binomial_slopes,
    trends,
)


def test_benjamini_hochberg_by_hand():
    p = pd.Series([0.01, 0.04, np.nan, 0.03, 0.20])
    assert benjamini_hochberg(p).round(4).tolist()[:2] == [0.04, 0.0533]
    assert np.isnan(benjamini_hochberg(p)[2])


def world(rng, slope, shifting=False, rho=0.0, n_weeks=60, n_requirements=200):
    """(k, cells): two sources of different levels; their mix may shift; shares may be overdispersed."""
    counts, cells = [], []
    for week in range(n_weeks):
        for source, level in enumerate((-1.5, 0.5)):
            towards = week / n_weeks if shifting else 0.5
            n = int(20 + 60 * (towards if source else 1 - towards))
            share = np.full(n_requirements, expit(level + slope * week / 52))
            if rho:
                share = rng.beta(share * (1 - rho) / rho, (1 - share) * (1 - rho) / rho)
            counts.append(rng.binomial(n, share))
            cells.append((n, week / 52, source))
    n, years, source = zip(*cells, strict=True)
    return np.array(counts), Cells(np.array(n), np.array(years), np.array(source))


def p_values(fit):
    return 2 * student_t.sf(np.abs(fit.slope) / fit.error, fit.freedom)


@pytest.mark.parametrize("shifting", [False, True])
@pytest.mark.parametrize("rho", [0.0, 0.03])
def test_no_trend_is_found_where_there_is_none(shifting, rho):
    rng = np.random.default_rng(11)
    p = np.concatenate([p_values(quasi_binomial_slopes(*world(rng, 0.0, shifting, rho))) for _ in range(5)])
    assert 0.03 <= np.mean(p < 0.05) <= 0.07


def test_a_slope_is_found_again_within_its_error():
    fit = quasi_binomial_slopes(*world(np.random.default_rng(12), 0.6))
    assert np.mean(fit.slope) == pytest.approx(0.6, abs=0.03)
    assert np.mean(p_values(fit) < 0.05) > 0.9
    reach = student_t.ppf(0.975, fit.freedom) * fit.error
    assert 0.9 <= np.mean(np.abs(fit.slope - 0.6) <= reach) <= 0.99


def test_overdispersion_uses_the_trial_counts():
    """The statsmodels trap: fit on proportions, Pearson's chi-square over the freedom is ten times too small.

    The right dispersion of counts drawn from a beta with correlation rho is 1 + (n - 1) rho.
    """
    k, cells = world(np.random.default_rng(13), 0.0, rho=0.1)
    fit = quasi_binomial_slopes(k, cells)
    expected = 1 + 0.1 * (np.mean(cells.n) - 1)
    assert np.mean(fit.inflation) == pytest.approx(expected, rel=0.15)
    without_counts = quasi_binomial_slopes(
        k / cells.n[:, None], Cells(np.ones_like(cells.n), cells.years, cells.source)
    )
    assert np.mean(without_counts.inflation) < expected / 4


def test_a_source_that_always_states_it_does_not_break_the_fit():
    k, cells = world(np.random.default_rng(14), 0.3)
    k[cells.source == 1] = cells.n[cells.source == 1, None]
    fit = quasi_binomial_slopes(k, cells)
    assert np.isfinite(fit.slope).all() and (fit.error < 1).all()
    assert np.isnan(fit.intercepts[1]).all()
    assert fit.evidence[0] == pytest.approx(1)


def bursts(rng, n_weeks=60, n_employers=150, n_requirements=200):
    """Employers of one source that hire in bursts, each with its own leaning: no trend in the population."""
    start, length = rng.uniform(0, n_weeks, n_employers), 4 + rng.exponential(15, n_employers)
    activity = np.exp(-0.5 * ((np.arange(n_weeks)[:, None] - start) / length) ** 2) * rng.gamma(1.2, size=n_employers)
    week = np.repeat(np.arange(n_weeks), 60)
    employer = np.cumsum(activity, axis=1)[week] < rng.uniform(size=(len(week), 1)) * activity.sum(axis=1)[week, None]
    employer = np.unique(employer.sum(axis=1), return_inverse=True)[1]
    share = rng.uniform(0.05, 0.6, n_requirements)
    spread = np.sqrt(0.15 * share * (1 - share))
    own = np.clip(share + rng.standard_normal((n_employers, n_requirements)) * spread, 0.001, 0.999)
    states = csr_array((rng.uniform(size=(len(week), n_requirements)) < own[employer]).astype(float))
    cells = Cells(np.bincount(week), np.arange(n_weeks) / 52, np.zeros(n_weeks, dtype=int))
    k = np.zeros((n_weeks, n_requirements))
    np.add.at(k, week, states.toarray())
    return k, cells, Clustering(states, week, employer)


def test_employers_that_hire_in_bursts_make_no_trend():
    worlds = [bursts(np.random.default_rng(seed)) for seed in range(6)]
    aware = [p_values(quasi_binomial_slopes(*world)) < 0.05 for world in worlds]
    blind = [p_values(quasi_binomial_slopes(k, cells)) < 0.05 for k, cells, _ in worlds]
    assert np.mean(blind) > 0.12
    assert np.mean(aware) < 0.08


def levels_of(share_of_week):
    rng = np.random.default_rng(15)
    n = np.full(len(share_of_week), 200)
    cells = Cells(n, np.arange(len(n)) / 52, np.zeros(len(n), dtype=int))
    k = rng.binomial(200, np.repeat(share_of_week[:, None], 100, axis=1))
    weeks = pd.Series(pd.date_range("2025-01-06", periods=len(n), freq="7D"))
    return change_points(k, cells, weeks, np.ones(100))


def test_a_step_is_found_in_its_week():
    found = levels_of(np.where(np.arange(60) < 30, 0.2, 0.3))
    hits = [text for text in found if text and abs(pd.Timestamp(text[:10]) - pd.Timestamp("2025-08-04")).days <= 21]
    assert len(hits) > 90


@pytest.mark.parametrize("shares", [np.full(60, 0.2), np.linspace(0.15, 0.35, 60)], ids=["level", "slope"])
def test_neither_chance_nor_a_straight_line_is_a_step(shares):
    assert sum(text is not None for text in levels_of(shares)) <= 5


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
    return trends(flow.drop(columns="draw"), mentions, ids, set(complete))


def test_a_rising_requirement_is_called_rising_with_its_size(flow, mentions_of):
    row = trends_of(flow, mentions_of, ["skill:rising"]).iloc[0]
    assert row["verdict"] == "rising"
    assert row["change_low"] < 60 < row["change_high"]
    assert (row["n_periods"], row["n_gaps"]) == (30, 0)
    assert row["carried_by"] == "lever=1.00"


def test_weeks_that_a_source_missed_are_left_out_and_said(flow, mentions_of):
    missed = sorted(flow["week"].unique())[10:14]
    row = trends_of(flow[~flow["week"].isin(missed)].reset_index(drop=True), mentions_of, ["skill:rising"]).iloc[0]
    assert (row["verdict"], row["n_periods"], row["n_gaps"]) == ("rising", 26, 4)


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
