"""What to learn next."""

from __future__ import annotations

import numpy as np
import pytest

from itpm_trends.measuring.profile import Profile
from itpm_trends.measuring.recommend import clustered_mean, recommendations
from itpm_trends.tables import TRENDS

SOMEONE = Profile("someone", "Someone", frozenset({"skill:jira"}))


@pytest.fixture
def asked(postings_of, mentions_of):
    """40 postings: 20 ask for PMP alone; 30 ask for scrum among four things; all ask for jira."""
    postings = postings_of([{} for _ in range(40)])
    triples = [(f"p{n}", "skill:jira", "required") for n in range(40)]
    triples += [(f"p{n}", "certification:pmp", "required") for n in range(20)]
    for skill in ("scrum", "kanban", "sap", "azure"):
        triples += [(f"p{n}", f"skill:{skill}", "preferred") for n in range(20, 40)]
    return postings, mentions_of(triples)


def test_the_step_that_brings_postings_nearest_comes_first(asked):
    advice = recommendations(*asked, TRENDS.empty(), SOMEONE)
    assert advice["requirement_id"].iloc[0] == "certification:pmp"
    assert advice["gain"].iloc[0] == pytest.approx(0.25)  # half of the postings, of each of which it is one of two
    assert advice["gain"].is_monotonic_decreasing
    assert advice["share"].iloc[0] == pytest.approx(0.5)


def test_what_the_person_has_is_no_step(asked):
    advice = recommendations(*asked, TRENDS.empty(), SOMEONE)
    assert "skill:jira" not in set(advice["requirement_id"])


def test_because_names_postings_that_ask_for_it(asked):
    postings, mentions = asked
    first = recommendations(postings, mentions, TRENDS.empty(), SOMEONE).iloc[0]
    asking = set(mentions.loc[mentions["requirement_id"] == first["requirement_id"], "posting_id"])
    assert set(first["because"].split(";")) <= asking


def test_the_sentence_repeats_the_columns(asked):
    first = recommendations(*asked, TRENDS.empty(), SOMEONE, label=str.upper).iloc[0]
    assert first["sentence"].startswith("CERTIFICATION:PMP is asked for in 50 % of 40 postings")


def test_too_few_postings_give_no_advice(asked):
    postings, mentions = asked
    assert recommendations(postings.head(10), mentions, TRENDS.empty(), SOMEONE).empty


def test_clusters_widen_the_interval():
    values = np.repeat([0.0, 1.0], 50)
    _, low_alone, _ = clustered_mean(values, np.arange(100))
    _, low_clustered, _ = clustered_mean(values, np.repeat(np.arange(10), 10))
    assert low_clustered < low_alone < 0.5
