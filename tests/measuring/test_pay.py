"""Pay: of any period as of a year, and differences that own up to what they rest on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import truncnorm

from benchmarks.pay import found, pay_world
from itpm_trends.measuring.pay import _truncated, pay_differences, pay_levels, yearly_pay


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
