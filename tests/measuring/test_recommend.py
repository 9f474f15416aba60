"""What to learn next."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from itpm_trends.measuring.profile import Profile
from itpm_trends.measuring.recommend import clustered_mean, is_closed, is_learnable, recommendations, verdict_on
from itpm_trends.tables import REQUIREMENT_MENTIONS, TRENDS

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
    first = advice.iloc[0]
    assert first["nearer"] == pytest.approx(0.25)  # half of the postings, of each of which it is one of two
    assert first["gain"] > 0.4  # half of the postings ask for nothing else that is lacking
    assert first["reached"] == pytest.approx(0.5, abs=0.1)
    assert (first["share"], first["frequency_rank"]) == (0.5, 1)


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


@pytest.fixture
def kinds(postings_of, mentions_of):
    """60 postings ask for SAP and ERP; 90, more, for PMP and one of nine things."""
    postings = postings_of([{"company_name": f"Employer {n % 30}"} for n in range(150)])
    triples = [(f"p{n}", f"skill:{skill}", "required") for n in range(60) for skill in ("sap", "erp")]
    others = ("jira", "scrum", "kanban", "azure", "aws", "sql", "excel", "visio", "devops")
    triples += [(f"p{n}", f"skill:{others[n % 9]}", "required") for n in range(60, 150)]
    triples += [(f"p{n}", "certification:pmp", "required") for n in range(60, 150)]
    return postings, mentions_of(triples)


def test_steps_complete_a_kind_of_posting_where_counting_cannot(kinds):
    nobody = Profile("nobody", "Nobody", frozenset())
    plan = recommendations(*kinds, TRENDS.empty(), nobody, most_steps=2)
    assert set(plan["requirement_id"]) == {"skill:sap", "skill:erp"}
    assert plan["frequency_rank"].max() > 1
    assert plan["reached"].iloc[-1] == pytest.approx(0.4, abs=0.01)


def test_a_plan_is_tested_on_employers_that_it_was_not_made_from(kinds):
    nobody = Profile("nobody", "Nobody", frozenset())
    plan = recommendations(*kinds, TRENDS.empty(), nobody, most_steps=3)
    assert plan["plan_low"].iloc[0] <= plan["plan_advantage"].iloc[0] <= plan["plan_high"].iloc[0]
    assert (plan["plan_advantage"] == plan["plan_advantage"].iloc[0]).all()


def test_where_frequency_does_as_well_it_is_said(asked):
    postings, mentions = asked
    plan = recommendations(postings, mentions, TRENDS.empty(), SOMEONE)
    assert verdict_on(plan).startswith("Too few postings to test")
    level = plan.assign(plan_advantage=0.01, plan_low=-0.02, plan_high=0.04)
    assert "do as well: the difference is +1.0 % of postings (95 % interval −2.0 to +4.0)" in verdict_on(level)
    better = plan.assign(plan_advantage=0.06, plan_low=0.02, plan_high=0.1)
    assert "+6.0 % of postings" in verdict_on(better) and "more than as many of the most frequent" in verdict_on(better)


def closing(postings_of, rows, **person):
    postings = postings_of([{} for _ in range(4)])
    usual = {"modality": "required", "cue": "default", "start": 0, "end": 1, "matched_text": "x", "section": "required"}
    filled = [usual | {"requirement_id": f"{row['kind']}:{row.get('level', 'general')}"} | row for row in rows]
    mentions = pd.concat([REQUIREMENT_MENTIONS.frame([row]) for row in filled], ignore_index=True)
    return is_closed(postings, mentions, Profile("p", "P", frozenset(), **person)).tolist()


def test_degrees_and_years_that_are_lacking_close_postings(postings_of):
    rows = [
        {"posting_id": "p0", "kind": "degree", "level": "master"},
        {"posting_id": "p1", "kind": "degree", "level": "master", "or_experience": True},
        {"posting_id": "p1", "kind": "experience", "min_years": 3.0},
        {"posting_id": "p2", "kind": "degree", "level": "master"},
        {"posting_id": "p2", "kind": "degree", "level": "associate"},
        {"posting_id": "p3", "kind": "experience", "min_years": 8.0},
    ]
    assert closing(postings_of, rows, degree="bachelor", years=2.0) == [True, False, False, True]
    assert closing(postings_of, rows, degree="bachelor", years=0.5) == [True, True, False, True]
    assert closing(postings_of, rows, degree="doctorate", years=10.0) == [False] * 4
    assert closing(postings_of, rows) == [False] * 4


def test_what_is_preferred_closes_nothing(postings_of):
    rows = [{"posting_id": "p0", "kind": "degree", "level": "doctorate", "modality": "preferred"}]
    assert closing(postings_of, rows, degree="bachelor") == [False] * 4


def test_a_named_certification_meets_its_family(postings_of, mentions_of):
    postings = postings_of([{} for _ in range(60)])
    triples = [(f"p{n}", "certification:prince2", "required") for n in range(40)]
    triples += [(f"p{n}", "certification:prince2-practitioner", "required") for n in range(40, 60)]
    plan = recommendations(postings, mentions_of(triples), TRENDS.empty(), Profile("p", "P", frozenset()))
    assert plan["requirement_id"].tolist() == ["certification:prince2-practitioner"]
    assert plan["reached"].iloc[0] == pytest.approx(1, abs=0.01)


def test_abilities_and_the_trade_itself_are_no_steps():
    assert not is_learnable("skill:communication")
    assert not is_learnable("skill:project-management")
    assert is_learnable("skill:jira") and is_learnable("certification:pmp")
