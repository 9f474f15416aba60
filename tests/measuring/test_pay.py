"""Pay: of any period as of a year, and differences that own up to what they rest on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import truncnorm

from benchmarks.pay import bound_world, found, pay_world
from itpm_trends.measuring.pay import MIN_FREE, _truncated, pay_differences, pay_levels, yearly_pay


def paid(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["salary_min", "salary_max", "salary_period", "salary_currency"])
    return frame.astype({"salary_min": float, "salary_max": float, "salary_period": "str", "salary_currency": "str"})


def test_pay_of_any_period_is_pay_of_a_year():
    pay = yearly_pay(paid([(50, 60, "hour", "USD"), (7000, None, "month", "EUR"), (90_000, 110_000, "year", "GBP")]))
    assert pay["low"].tolist() == [104_000, 84_000, 90_000]
    assert pay["high"].tolist() == [124_800, 84_000, 110_000]


def test_pay_without_period_or_currency_or_sense_is_left_out():
    rows = [(50_000, None, None, "USD"), (50_000, None, "year", None)]
    rows += [(12, None, "year", "USD"), (None, None, "year", "USD")]
    assert yearly_pay(paid(rows)).empty


def test_quartiles_by_step_and_currency():
    postings, _ = pay_world(np.random.default_rng(1), 0.0)
    levels = pay_levels(postings).set_index(["currency", "value"])
    medians = levels.loc["USD", "median"]
    assert medians["coordinator"] < medians["manager"] < medians["senior"] < medians["programme"]
    assert (levels["median_low"] <= levels["median"]).all() and (levels["median"] <= levels["median_high"]).all()
    assert (levels["n_postings"] >= 30).all()


@pytest.mark.parametrize("truth", [0.0, 0.08])
def test_the_band_holds_the_truth_where_the_raw_difference_does_not(truth):
    worlds = pd.DataFrame([found(np.random.default_rng(seed), truth) for seed in range(50, 56)])
    assert worlds["band_held"].mean() >= 0.8
    assert (worlds["raw"] > truth + 0.05).all()


def test_below_the_minimum_the_reason_stands_instead():
    postings, mentions = pay_world(np.random.default_rng(2), 0.0)
    few = pay_differences(postings, mentions.head(20), ["skill:valued"]).iloc[0]
    assert np.isnan(few["midpoint"]) and "fewer than 30 postings" in few["reason"]
    one = postings.assign(company_name=pd.Series(["One"] * len(postings), dtype="str"))
    assert "fewer than 10 employers" in pay_differences(one, mentions).iloc[0]["reason"]


def test_no_pay_tells_nothing(postings_of, mentions_of):
    assert pay_differences(postings_of([{}]), mentions_of([("p0", "skill:jira", "required")])).empty
    assert pay_levels(postings_of([{}])).empty


def test_the_truncated_normal_is_the_published_one():
    low, high = np.array([0.0, -1.0, 5.0, 2.0]), np.array([1.0, 1.0, 6.0, 2.0])
    mean, variance = _truncated(low, high, np.zeros(4), 1.0)
    expected = [truncnorm(a, b) for a, b in zip(low[:3], high[:3], strict=True)]
    assert mean == pytest.approx([*(e.mean() for e in expected), 2.0], abs=1e-6)
    assert variance == pytest.approx([*(e.var() for e in expected), 0.0], abs=1e-6)


@pytest.mark.parametrize(
    ("currency", "low", "high", "implausible"),
    [
        ("USD", 90_000, 400_000, 6_000_000),
        ("JPY", 7_000_000, 30_000_000, 300_000),  # the last a month's pay, read as a year's
        ("INR", 1_800_000, 9_000_000, 60_000),
        ("KRW", 60_000_000, 120_000_000, 2_000_000),
        ("IDR", 180_000_000, 600_000_000, 15_000_000),
    ],
)
def test_what_is_plausible_depends_on_the_currency(currency, low, high, implausible):
    pay = yearly_pay(paid([(low, high, "year", currency), (implausible, None, "year", currency)]))
    assert pay.to_dict("list") == {"low": [low], "high": [high]}


@pytest.mark.parametrize("n_strays", [0, 8])
def test_a_requirement_that_the_controls_decide_has_a_reason_and_no_number(n_strays):
    """German, asked for in all postings in Germany and in a few elsewhere."""
    postings, mentions = pay_world(np.random.default_rng(3), 0.08)
    is_paying = postings.index.isin(yearly_pay(postings).index)
    at_home = postings["country_code"] == "DE"
    strays = postings[~at_home & is_paying].head(n_strays)
    stating = pd.concat([postings[at_home], strays])["posting_id"].to_numpy()
    german = pd.DataFrame({"posting_id": stating, "requirement_id": "language:german", "kind": "language"})
    both = pd.concat([mentions, german.astype("str")], ignore_index=True)
    rows = pay_differences(postings, both).set_index("requirement_id")
    bound = rows.loc["language:german"]
    assert bound["n_with"] > 100 and "all but decide who states it" in bound["reason"]
    assert bound[["lower", "midpoint", "interval", "low", "high", "p", "q"]].isna().all()
    # The others keep theirs, and are tested as if it were not there.
    alone = pay_differences(postings, mentions).set_index("requirement_id")
    assert rows.loc["skill:valued", "low"] == pytest.approx(alone.loc["skill:valued", "low"])
    assert rows.loc["skill:valued", "q"] == rows.loc["skill:valued", "p"]


def test_where_the_controls_leave_enough_open_the_interval_holds():
    worlds = pd.DataFrame([told for seed in range(400) if (told := bound_world(np.random.default_rng(seed)))])
    is_enough = (worlds["n_employers"] >= MIN_FREE) & (worlds["n_postings"] >= MIN_FREE)
    assert worlds.loc[is_enough, "held"].mean() >= 0.93
    assert worlds.loc[worlds["n_employers"] < 1.5, "held"].mean() < 0.8
