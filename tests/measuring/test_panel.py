"""The panel keeps its zeros and its denominator; the pooled shares count each vacancy once."""

from __future__ import annotations

import pandas as pd
import pytest

from itpm_trends.measuring.panel import pooled_shares, weekly_panel

IDS = ["certification:pmp", "skill:scrum"]


@pytest.fixture
def flow(postings_of):
    postings = postings_of([{} for _ in range(5)])
    weeks = pd.to_datetime(["2026-01-05"] * 3 + ["2026-01-12"] * 2).as_unit("us")
    return postings.assign(period="week", week=weeks, maturity=["final"] * 3 + ["partial"] * 2)


def test_a_requirement_that_nobody_states_is_a_zero_and_not_a_hole(flow, mentions_of):
    mentions = mentions_of([("p0", "certification:pmp", "required"), ("p1", "certification:pmp", "preferred")])
    panel = weekly_panel(flow, mentions, IDS).query("stratum == 'all'").set_index(["week", "requirement_id"])
    first = panel.loc[(pd.Timestamp("2026-01-05"), "certification:pmp")]
    assert (first["n_mentioning"], first["n_required"], first["n_postings"]) == (2, 1, 3)
    assert first["share"] == pytest.approx(2 / 3)
    assert panel.loc[(pd.Timestamp("2026-01-12"), "skill:scrum"), "n_mentioning"] == 0
    assert len(panel) == 4
    assert panel.loc[(pd.Timestamp("2026-01-12"), "skill:scrum"), "maturity"] == "partial"


def test_two_mentions_in_one_posting_count_once(flow, mentions_of):
    mentions = mentions_of([("p0", "skill:scrum", "required")])
    again = mentions.assign(start=10, end=14)
    panel = weekly_panel(flow, pd.concat([mentions, again]), IDS).query("stratum == 'all' and n_mentioning > 0")
    assert panel["n_mentioning"].tolist() == [1]


def test_strata_are_counted_apart_when_large_enough(postings_of, mentions_of):
    rows = [{"country_code": "US"} for _ in range(30)] + [{"country_code": "GB"} for _ in range(5)]
    flow = postings_of(rows).assign(period="week", week=pd.Timestamp("2026-01-05").as_unit("us"), maturity="final")
    panel = weekly_panel(flow, mentions_of([]), IDS)
    assert "country_code=US" in set(panel["stratum"])
    assert "country_code=GB" not in set(panel["stratum"])


def test_pooled_shares_keep_requirements_without_a_mention(postings_of, mentions_of):
    shares = pooled_shares(postings_of([{}, {}]), mentions_of([("p1", "skill:scrum", "preferred")]), IDS)
    assert shares["requirement_id"].tolist() == ["skill:scrum", "certification:pmp"]
    assert shares["share"].tolist() == [0.5, 0.0]
    assert shares["n_required"].tolist() == [0, 0]


def test_no_postings_give_shares_of_nothing(postings_of, mentions_of):
    shares = pooled_shares(postings_of([]), mentions_of([]), IDS)
    assert shares["n_postings"].tolist() == [0, 0]
    assert shares["share_high"].tolist() == [1.0, 1.0]
