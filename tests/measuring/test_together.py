"""Pairs and clusters on simulated vacancies: what comes together is found, what only seems to is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from itpm_trends.measuring.together import clusters, pairs

N, N_EMPLOYERS = 1200, 80
BUNDLES = (["skill:scrum", "skill:jira", "skill:kanban"], ["skill:sap", "skill:erp", "skill:procurement"])
ALONE = ["skill:excel", "skill:negotiation", "certification:capm"]
IDS = sorted([*BUNDLES[0], *BUNDLES[1], *ALONE])


@pytest.fixture(scope="module")
def states():
    """Vacancies x requirements: each bundle has a cause of its own, the rest come by chance."""
    rng = np.random.default_rng(4)
    frame = {requirement_id: rng.uniform(size=N) < 0.25 for requirement_id in ALONE}
    for bundle in BUNDLES:
        is_wanted = rng.uniform(size=N) < 0.3
        frame |= {i: rng.uniform(size=N) < np.where(is_wanted, 0.7, 0.08) for i in bundle}
    return pd.DataFrame(frame)


@pytest.fixture
def vacancies(postings_of):
    employers = np.random.default_rng(5).integers(N_EMPLOYERS, size=N)
    return postings_of([{"posting_id": f"p{at:04d}", "company_name": f"House {e}"} for at, e in enumerate(employers)])


@pytest.fixture
def apart(mentions_of):
    """A function that makes mentions of 0/1 states, each requirement at a place of its own."""

    def fill(states: pd.DataFrame) -> pd.DataFrame:
        rows, columns = np.nonzero(states.to_numpy())
        triples = [(f"p{r:04d}", states.columns[c], "required") for r, c in zip(rows, columns, strict=True)]
        mentions = mentions_of(triples)
        start = 10 * mentions["requirement_id"].map({name: at for at, name in enumerate(states.columns)})
        return mentions.assign(start=start, end=start + 4)

    return fill


def test_exactly_the_bundles_are_pairs_and_clusters(vacancies, states, apart):
    found = pairs(vacancies, apart(states), IDS, seed=1)
    stable = found[found["stability"] >= 0.9]
    planted = {frozenset((a, b)) for bundle in BUNDLES for a in bundle for b in bundle if a < b}
    assert set(map(frozenset, zip(stable["first_id"], stable["second_id"], strict=True))) == planted
    assert (found["npmi_low"] <= found["npmi"]).all() and (found["npmi"] <= found["npmi_high"]).all()
    members = clusters(found).groupby("name")["requirement_id"].agg(set).tolist()
    assert sorted(map(sorted, members)) == sorted(map(sorted, BUNDLES))


def test_npmi_by_hand(vacancies, states, apart):
    row = pairs(vacancies, apart(states), IDS, seed=1).iloc[0]
    first, second = states[row["first_id"]], states[row["second_id"]]
    together = (first & second).mean()
    assert row["n_together"] == (first & second).sum()
    assert row["npmi"] == pytest.approx(np.log(together / (first.mean() * second.mean())) / -np.log(together))


def test_the_same_seed_gives_the_same_interval(vacancies, states, apart):
    pd.testing.assert_frame_equal(*(pairs(vacancies, apart(states), IDS, seed=2) for _ in range(2)))


def test_a_pair_that_one_employer_makes_is_not_stable(vacancies, states, apart):
    is_of_one = vacancies["company_name"] == "House 3"
    of_many = states[ALONE].assign(**{"skill:excel": False, "skill:negotiation": False})
    rng = np.random.default_rng(6)
    for name in ("skill:excel", "skill:negotiation"):
        of_many[name] = (rng.uniform(size=N) < 0.02) | is_of_one.to_numpy()
    found = pairs(vacancies, apart(of_many), ALONE, seed=1)
    pair = found[(found["first_id"] == "skill:excel") & (found["second_id"] == "skill:negotiation")].iloc[0]
    assert pair["npmi"] > 0.1
    assert pair["npmi_low"] < 0.1 and pair["stability"] < 0.9
    assert clusters(found).empty


def test_a_family_and_its_certification_are_no_pair(vacancies, states, apart):
    family = states[["skill:excel"]].assign(**{"certification:safe": states["skill:excel"]})
    family["certification:safe-agilist"] = family["certification:safe"]
    found = pairs(vacancies, apart(family), sorted(family.columns), seed=1)
    assert set(map(frozenset, zip(found["first_id"], found["second_id"], strict=True))) == {
        frozenset(("certification:safe", "skill:excel")),
        frozenset(("certification:safe-agilist", "skill:excel")),
    }


def test_two_requirements_that_the_same_words_state_are_no_pair(vacancies, states, apart):
    twins = states[["skill:excel"]].assign(**{"skill:negotiation": states["skill:excel"]})
    mentions = apart(twins)
    assert len(pairs(vacancies, mentions, sorted(twins.columns), seed=1)) == 1
    assert pairs(vacancies, mentions.assign(start=0, end=4), sorted(twins.columns), seed=1).empty


def test_few_mentions_and_no_vacancies_give_no_pairs(vacancies, states, apart):
    mentions = apart(states.head(30))
    assert pairs(vacancies, mentions, IDS, seed=1).empty
    assert pairs(vacancies.iloc[:0], mentions, IDS, seed=1).empty
    assert clusters(pairs(vacancies.iloc[:0], mentions, IDS, seed=1)).empty
