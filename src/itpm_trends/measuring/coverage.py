"""How many postings a person reaches, and which few requirements would open the most: smooth coverage.

A posting counts by how near it is: hardly while little of it is met, wholly from a bar on. Learning what completes
a kind of posting therefore beats learning what is named most often everywhere, which a count of mentions cannot see;
a hard bar would show no gain until the last step (both measured in ``benchmarks/advice.py``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit

BLOCK = 5  # steps chosen together; a person plans a few steps, and later blocks build on them
SOFTER = 3  # times the softness, for a start that looks further than the next step
MOST_ROUNDS = 5  # of exchanges within a block
LEAST_GAIN = 1e-9


@dataclass(frozen=True)
class Reach:
    """Postings as what they ask: ``asks`` is postings x items, each row's weights adding up to 1 (or to 0).

    ``is_open`` is false for postings that nothing learned brings within reach. ``gives`` holds, for an item that
    brings others with it (a certification its family), all items that learning it meets.
    """

    asks: csr_array
    is_open: np.ndarray
    bar: float
    softness: float
    gives: dict[int, np.ndarray]

    def curve(self, nearness: np.ndarray) -> np.ndarray:
        """What a posting counts whose part ``nearness`` is met, 0 to 1: one half a little below the bar."""
        return expit((nearness - self.bar + self.softness / 2) / self.softness)

    def coverage(self, met: np.ndarray) -> np.ndarray:
        """What each posting counts, for a person who meets the items ``met`` (0/1); closed postings count 0."""
        is_empty = np.diff(self.asks.indptr) == 0  # nothing of what can be learned is asked: met
        return self.curve(np.where(is_empty, 1.0, self.asks @ met)) * self.is_open

    def on_the_slope(self, met: np.ndarray) -> float:
        """How many postings lie where the curve rises: near enough to the bar for a step to tell."""
        reached = self.coverage(met)
        return float(4 * (reached * (1 - reached)).sum())

    def gains(self, met: np.ndarray) -> np.ndarray:
        """For each item, the sum over postings of what learning it adds; 0 for what is met."""
        nearness, rows = self.asks @ met, self._rows
        open_rows = self.is_open[rows]
        before, after = self.curve(nearness)[rows], self.curve(nearness[rows] + self.asks.data)
        gains = np.bincount(self.asks.indices, (after - before) * open_rows, self.asks.shape[1])
        for item, (at, weights) in self._given.items():
            added = weights @ (1 - met[self.gives[item]])
            lifted = self.curve(nearness[at] + added) - self.curve(nearness[at])
            gains[item] = (lifted * self.is_open[at]).sum()
        return np.where(met > 0, 0.0, gains)

    def learned(self, met: np.ndarray, items) -> np.ndarray:
        """``met`` after learning ``items``."""
        for item in items:
            met = _with(met, self.gives.get(item, np.array([item])))
        return met

    @cached_property
    def _rows(self) -> np.ndarray:
        return np.repeat(np.arange(self.asks.shape[0]), np.diff(self.asks.indptr))

    @cached_property
    def _given(self) -> dict[int, tuple[np.ndarray, np.ndarray]]:
        """For each item of ``gives``: postings that ask for any of what it gives, and how much for each."""
        columns = {item: self.asks[:, given].toarray() for item, given in self.gives.items()}
        return {item: (np.flatnonzero(part.any(axis=1)), part[part.any(axis=1)]) for item, part in columns.items()}


def _with(met: np.ndarray, items: np.ndarray) -> np.ndarray:
    met = met.copy()
    met[items] = 1.0
    return met


def chosen_steps(reach: Reach, met: np.ndarray, candidates: np.ndarray, n_steps: int) -> list[int]:
    """The items to learn, in order: block by block those that together reach the most postings.

    Each block is the best of three starts (step by step by gain, the same on a softer curve, and by plain frequency),
    improved by exchanging one step at a time until no exchange helps (Nemhauser, Wolsey and Fisher 1978 for both
    moves); within a block that step comes first without which the block would lose most. Ties fall to the earlier item.
    """
    steps: list[int] = []
    while len(steps) < n_steps:
        open_candidates = np.setdiff1d(candidates, steps)
        size = min(BLOCK, n_steps - len(steps), len(open_candidates))
        have = reach.learned(met, steps)
        softer = replace(reach, softness=SOFTER * reach.softness)
        starts = [_by_gain(each, have, open_candidates, size) for each in (reach, softer)]
        starts.append(by_frequency(reach, have, open_candidates, size))
        blocks = [_exchanged(reach, have, open_candidates, start) for start in starts]
        reached = [round(float(reach.coverage(reach.learned(have, block)).sum()), 9) for block in blocks]
        best = blocks[int(np.argmax(reached))]
        if not best:
            break
        steps += _by_loss(reach, have, best)
    return steps


def by_frequency(reach: Reach, met: np.ndarray, candidates: np.ndarray, n_steps: int) -> list[int]:
    """The items that most postings ask for and the person lacks: what plain counting would advise."""
    n_asking = np.bincount(reach.asks.indices, minlength=reach.asks.shape[1])[candidates] * (met[candidates] == 0)
    order = np.argsort(-n_asking, kind="stable")[:n_steps]
    return [int(candidates[at]) for at in order if n_asking[at] > 0]


def _by_gain(reach: Reach, met: np.ndarray, candidates: np.ndarray, n_steps: int) -> list[int]:
    steps: list[int] = []
    for _ in range(n_steps):
        gains = reach.gains(met)[candidates]
        if not len(gains) or gains.max() <= LEAST_GAIN:
            break
        steps.append(int(candidates[int(np.argmax(gains))]))
        met = reach.learned(met, steps[-1:])
    return steps


def _by_loss(reach: Reach, met: np.ndarray, block: list[int]) -> list[int]:
    reached = {
        step: reach.coverage(reach.learned(met, [other for other in block if other != step])).sum() for step in block
    }
    return sorted(block, key=lambda step: (round(reached[step], 9), step))


def _exchanged(reach: Reach, met: np.ndarray, candidates: np.ndarray, steps: list[int]) -> list[int]:
    steps = list(steps)
    for _ in range(MOST_ROUNDS):
        before = list(steps)
        for at, step in enumerate(steps):
            others = steps[:at] + steps[at + 1 :]
            gains = reach.gains(reach.learned(met, others))
            best = int(candidates[int(np.argmax(gains[candidates]))])
            if gains[best] > gains[step] + LEAST_GAIN * reach.asks.shape[0]:
                steps[at] = best
        if steps == before:
            break
    return steps
