"""The simulated market: seeded, of known truth, with copies and reposts planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from itpm_trends.demo.market import market_settings, simulated_market


@pytest.fixture(scope="module")
def market():
    return simulated_market(7)


def test_the_same_seed_gives_the_same_market(market):
    again = simulated_market(7)
    pd.testing.assert_frame_equal(market.adverts, again.adverts)
    assert not market.adverts["description_html"].equals(simulated_market(8).adverts["description_html"])


def test_it_is_as_large_as_promised(market):
    assert len(market.mondays) >= 40
    assert len(market.adverts) >= 2000


def test_requirements_rise_fade_and_stay(market):
    ends = market.truth.groupby("requirement_id")["share"].agg(["first", "last"])
    moves = np.sign((ends["last"] - ends["first"]).round(3))
    assert {-1.0, 0.0, 1.0} == set(moves)


def test_every_planted_share_is_a_share(market):
    assert market.truth["share"].between(0.01, 0.99).all()


def test_the_vacancies_follow_the_truth(market):
    """Over many markets the share of vacancies that state a requirement is the planted one, despite the clustering."""
    plan = market_settings()
    seen, true = [], []
    for seed in range(3):
        drawn = simulated_market(seed, plan)
        vacancies = drawn.adverts.set_index("advert_id").loc[drawn.statements["advert_id"].unique()]
        in_window = vacancies.index[vacancies["opened"] >= drawn.mondays[0]]
        stated = drawn.statements[drawn.statements["advert_id"].isin(in_window)]
        seen.append(stated["requirement_id"].value_counts() / len(in_window))
        true.append(drawn.truth.groupby("requirement_id")["share"].mean())
    difference = (pd.concat(seen, axis=1).mean(axis=1) - pd.concat(true, axis=1).mean(axis=1)).abs()
    assert difference.max() < 0.05
    assert difference.mean() < 0.015


def test_copies_and_reposts_are_planted(market):
    copies = market.adverts[market.adverts.duplicated("description_html", keep=False)]
    by_text = copies.groupby("description_html")
    assert by_text["source"].agg(lambda sources: len(set(sources)) > 1).sum() > 50
    assert (by_text["opened"].agg(lambda days: (days.max() - days.min()).days) > 10).sum() > 50


def test_no_advert_closes_before_it_was_seen(market):
    assert (market.adverts["closed"] - market.adverts["opened"]).dt.days.min() >= 7
