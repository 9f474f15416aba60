"""Shares and their intervals, against numbers worked out by hand and worlds of known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from itpm_trends.measuring.intervals import design_effect, employer_codes, employer_correlation, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (41, 100, 0.3187, 0.5081)],
)
def test_wilson_gives_the_published_intervals(k, n, low, high):
    assert [float(end) for end in wilson(k, n)] == pytest.approx([low, high], abs=5e-4)


def test_no_postings_say_nothing():
    assert [float(end) for end in wilson(0, 0)] == [0.0, 1.0]


def test_a_design_effect_of_four_is_a_quarter_of_the_sample():
    assert np.array(wilson(40, 400, design_effect=4)) == pytest.approx(np.array(wilson(10, 100)))


def test_the_share_lies_inside_its_interval():
    n = np.arange(1, 60)
    for k in (0 * n, n // 3, n):
        low, high = wilson(k, n, design_effect=1.7)
        assert ((low <= k / n) & (k / n <= high)).all()


def test_design_effect_of_equal_employers():
    employers = np.repeat(np.arange(10), 5)
    assert design_effect(0.25, employers) == pytest.approx(1 + 4 * 0.25)


def test_design_effect_of_single_postings_is_one():
    assert design_effect(0.9, np.arange(50)) == pytest.approx(1.0)


def test_employers_are_told_apart_by_name_and_unknown_ones_stand_alone():
    codes = employer_codes(pd.Series(["Acme", "acme ", None, None, "Other"], dtype="str"))
    assert codes[0] == codes[1]
    assert len(set(codes)) == 4


def simulated_states(rng, n_employers, size, share, correlation):
    spread = (1 - correlation) / correlation
    own = rng.beta(share * spread, (1 - share) * spread, n_employers)
    employers = np.repeat(np.arange(n_employers), size)
    return (rng.uniform(size=len(employers)) < own[employers]).astype(int)[:, None], employers


def test_the_correlation_of_a_simulated_world_is_found_again():
    rng = np.random.default_rng(5)
    found = []
    for _ in range(40):
        states, employers = simulated_states(rng, 60, 8, 0.4, 0.3)
        found.append(employer_correlation(states, employers, np.zeros(len(states), dtype=int))[0])
    assert np.mean(found) == pytest.approx(0.3, abs=0.03)


def test_clustered_intervals_cover_what_they_say():
    """Employers alike (correlation .3, 500 postings): the plain interval covers far less, the widened one holds."""
    rng = np.random.default_rng(6)
    widened, plain = [], []
    for _ in range(400):
        states, employers = simulated_states(rng, 100, 5, 0.4, 0.3)
        correlation = employer_correlation(states, employers, np.zeros(len(states), dtype=int))
        for covered, effect in ((widened, design_effect(correlation, employers)[0]), (plain, 1.0)):
            low, high = wilson(states.sum(), len(states), effect)
            covered.append(low <= 0.4 <= high)
    assert np.mean(plain) < 0.87
    assert 0.92 <= np.mean(widened) <= 0.98


def test_a_trend_within_employers_is_no_correlation():
    periods = np.repeat([0, 1], 200)
    states = (np.arange(400) % 10 < np.where(periods == 1, 8, 2)).astype(int)[:, None]
    employers = np.tile(np.arange(40), 10)
    aware = employer_correlation(states, np.arange(400) // 10, periods)[0]
    blind = employer_correlation(states, np.arange(400) // 10, np.zeros(400, dtype=int))[0]
    assert aware < blind
    assert employer_correlation(states, employers, periods)[0] <= 1
