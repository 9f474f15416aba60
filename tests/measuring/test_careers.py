"""Years, jobs and degrees: the answers of a career changer, by hand on small frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from itpm_trends.measuring.careers import (
    accepted_roles,
    clustered_share,
    degree_shares,
    least_years,
    median_interval,
    years_by,
)
from itpm_trends.tables import REQUIREMENT_MENTIONS


def mention(posting_id, requirement_id, start=0, **more):
    kind = requirement_id.split(":")[0]
    row = {"posting_id": posting_id, "requirement_id": requirement_id, "kind": kind, "start": start, "end": start + 1}
    return {**row, "modality": "required", "cue": "default", "matched_text": "x", "section": "required", **more}


def test_the_most_of_several_minimums_counts(postings_of):
    mentions = REQUIREMENT_MENTIONS.frame(
        [mention("p0", "experience:general", min_years=3.0), mention("p0", "experience:agile", 5, min_years=5.0)]
    )
    assert least_years(postings_of([{}, {}]), mentions).tolist()[0] == 5
    assert np.isnan(least_years(postings_of([{}, {}]), mentions)[1])


def test_years_by_seniority_in_the_order_of_a_career(postings_of):
    rows = [{"seniority": "senior"}] * 40 + [{"seniority": "manager"}] * 40 + [{"seniority": "director"}] * 5
    postings = postings_of(rows)
    years = [8.0] * 40 + [3.0] * 35
    told = years_by(
        postings,
        REQUIREMENT_MENTIONS.frame([mention(f"p{n}", "experience:general", min_years=y) for n, y in enumerate(years)]),
    )
    assert told["value"].tolist() == ["all", "manager", "senior"]
    assert told["median"].tolist() == [8, 3, 8]
    assert told["n_stating"].tolist() == [75, 35, 40]
    assert told["share_low"][1] < 35 / 40 < told["share_high"][1]


def test_few_stated_numbers_have_no_quartiles(postings_of):
    mentions = REQUIREMENT_MENTIONS.frame([mention("p0", "experience:general", min_years=3.0)])
    told = years_by(postings_of([{}] * 40), mentions)
    assert np.isnan(told["median"][0]) and told["n_stating"][0] == 1


def test_experience_in_place_of_a_degree_with_its_interval(postings_of):
    rows = [mention(f"p{n}", "degree:bachelor", level="bachelor", or_experience=n < 10) for n in range(40)]
    rows += [mention("p50", "degree:bachelor", level="bachelor", modality="preferred")]
    bachelor = degree_shares(postings_of([{}] * 60), REQUIREMENT_MENTIONS.frame(rows)).iloc[0]
    assert (bachelor["n_strict"], bachelor["n_or_experience"], bachelor["n_preferred"]) == (30, 10, 1)
    assert bachelor["or_experience"] == 0.25
    assert bachelor["or_experience_low"] < 0.25 < bachelor["or_experience_high"]


def test_accepted_jobs_are_counted_once_a_posting(postings_of):
    rows = [mention("p0", "role:developer"), mention("p0", "role:developer", 9), mention("p1", "role:support")]
    told = accepted_roles(postings_of([{}] * 4), REQUIREMENT_MENTIONS.frame(rows))
    assert dict(zip(told["requirement_id"], told["n_mentioning"], strict=True)) == {
        "role:developer": 1,
        "role:support": 1,
    }


def test_employers_widen_the_share_and_the_median():
    is_so = np.repeat([True, False] * 10, 10)
    alone, alike = np.arange(200), np.repeat(np.arange(20), 10)
    assert clustered_share(is_so, alike)[1] < clustered_share(is_so, alone)[1] < 0.5
    values = np.repeat(np.arange(20.0), 10)
    low, high = median_interval(values, alike, np.random.default_rng(1))
    near = median_interval(values, alone, np.random.default_rng(1))
    assert low < near[0] and near[1] < high


def test_the_median_interval_covers_what_it_says():
    rng = np.random.default_rng(2)
    held = 0
    for seed in range(150):
        own = rng.normal(0, 1, 40)
        values, employers = np.repeat(own, 4) + rng.normal(0, 0.5, 160), np.repeat(np.arange(40), 4)
        low, high = median_interval(values, employers, np.random.default_rng(seed))
        held += low <= 0 <= high
    assert 0.88 <= held / 150 <= 1


def test_nothing_is_told_of_no_postings(postings_of, mentions_of):
    assert years_by(postings_of([]), mentions_of([])).empty
    assert degree_shares(postings_of([]), mentions_of([])).empty
    assert accepted_roles(postings_of([]), mentions_of([])).empty
    assert isinstance(least_years(postings_of([]), mentions_of([])), pd.Series)


def test_groups_may_be_any_column(postings_of, mentions_of):
    postings = postings_of([{"country_code": "US"}] * 30 + [{"country_code": "GB"}] * 10)
    told = years_by(postings, mentions_of([]), "country_code")
    assert told["value"].tolist() == ["all", "US"]
    assert told["share_stating"].tolist() == pytest.approx([0, 0])
