"""Smooth coverage: what a step gains, which steps together reach the most."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array

from itpm_trends.measuring.coverage import Reach, by_frequency, chosen_steps


def reach_of(asks, is_open=None, gives=None, softness=0.06):
    asks = np.array(asks, dtype=float)
    whole = asks.sum(axis=1, keepdims=True)
    rows = csr_array(np.divide(asks, whole, out=np.zeros_like(asks), where=whole > 0))
    is_open = np.ones(len(asks), dtype=bool) if is_open is None else np.array(is_open)
    return Reach(rows, is_open, bar=0.7, softness=softness, gives=gives or {})


NOTHING = np.zeros(4)


def test_a_posting_counts_hardly_far_from_the_bar_and_wholly_beyond_it():
    reach = reach_of([[1, 1, 1, 1]])
    counts = [reach.coverage(np.array([1.0] * n + [0.0] * (4 - n)))[0] for n in range(5)]
    assert counts == sorted(counts)
    assert counts[0] < 0.001 and counts[2] < 0.1 and counts[3] > 0.7 and counts[4] > 0.99


def test_a_posting_that_asks_for_nothing_is_met_and_a_closed_one_never():
    reach = reach_of([[0, 0, 0, 0], [1, 0, 0, 0]], is_open=[True, False])
    assert reach.coverage(np.ones(4)).round(2).tolist() == [1, 0]


def test_gains_are_what_coverage_says_when_learned():
    rng = np.random.default_rng(1)
    reach = reach_of(rng.uniform(size=(40, 6)) < 0.4, gives={2: np.array([2, 3])}, softness=0.2)
    met = np.array([1.0, 0, 0, 0, 0, 0])
    gains = reach.gains(met)
    for item in range(6):
        learned = reach.coverage(reach.learned(met, [item])).sum() - reach.coverage(met).sum()
        assert gains[item] == pytest.approx(learned, abs=1e-9)
    assert gains[0] == 0


@pytest.mark.parametrize("seed", range(8))
def test_the_block_is_nearly_the_best_of_all_blocks(seed):
    rng = np.random.default_rng(seed)
    kinds = rng.uniform(size=(3, 9)) < 0.45
    reach = reach_of((rng.uniform(size=(120, 9)) < 0.85) & kinds[rng.integers(3, size=120)])
    met = np.zeros(9)
    ours = reach.coverage(reach.learned(met, chosen_steps(reach, met, np.arange(9), 3))).mean()
    every = [reach.coverage(reach.learned(met, block)).mean() for block in combinations(range(9), 3)]
    assert ours >= 0.9 * max(every)


def test_frequency_counts_what_is_lacking():
    reach = reach_of([[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0]])
    assert by_frequency(reach, np.array([1.0, 0, 0, 0]), np.arange(4), 3) == [1, 2]


def test_no_step_where_nothing_is_gained():
    assert chosen_steps(reach_of([[1, 0, 0, 0]]), np.ones(4), np.arange(4), 3) == []
