"""Does the advice pay half a year later? ``python -m benchmarks.advice [--worlds 60]``

Draws worlds of known truth: kinds of vacancies that ask for different things, requirements that come and go, a person
who has some of one kind's. The steps are chosen from the postings of a year, by ``recommendations`` itself, and judged
on postings drawn 26 weeks later: which part of them is satisfied (a given part of what they ask is met) beyond what as
many of the most frequent lacking requirements satisfy. Intervals are over worlds.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from itpm_trends.measuring.recommend import Profile, recommendations, step_settings, verdict_on
from itpm_trends.measuring.stating import stated
from itpm_trends.tables import TRENDS

N_STEPS = (5, 10, 15)
N_HISTORY, N_LATER = 1200, 1500  # postings to choose from, to judge on
WEEKS, LATER = 52, 26


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=60)
    parser.add_argument("--first-seed", type=int, default=1)
    options = parser.parse_args()
    bars = sorted({0.5, 0.6, step_settings()["bar"], 0.8, 1.0})
    found = [judged(seed, bars) for seed in range(options.first_seed, options.first_seed + options.worlds)]
    rows = pd.concat([frame for frame, _ in found])
    print(
        f"{'satisfied from':>15} {'steps':>6} {'nothing':>8} {'frequent':>9} {'advice':>8} {'more':>6}   95 % interval"
    )
    for (bar, n_steps), part in rows.groupby(["bar", "n_steps"]):
        more = 100 * (part["advice"] - part["frequent"])
        reach = 1.96 * more.std(ddof=1) / len(more) ** 0.5
        own = " <- the bar in use" if bar == step_settings()["bar"] else ""
        ends = f"{more.mean() - reach:+5.1f} to {more.mean() + reach:+5.1f}"
        parts = [f"{100 * part[name].mean():7.1f}%" for name in ("nothing", "frequent", "advice")]
        print(f"{bar:15.0%} {n_steps:6} {' '.join(parts)} {more.mean():+6.1f}   {ends}{own}")
    own = rows[(rows["bar"] == step_settings()["bar"]) & (rows["n_steps"] == N_STEPS[0])]
    print("\nWhat the plan says of itself (tested on employers that it was not made from), and what came true:")
    for says, part in own.groupby("says"):
        more = 100 * (part["advice"] - part["frequent"])
        better = (more > 0).mean()
        print(f"  {says:24} {len(part):3} worlds: {more.mean():+.1f} on average; more in {better:.0%} of them")


def judged(seed: int, bars: list[float]) -> tuple[pd.DataFrame, str]:
    """Satisfied part of the later postings, by bar and number of steps."""
    rng = np.random.default_rng(seed)
    world = World.drawn(rng)
    ids = [f"skill:s{at:03}" for at in range(world.n_requirements)]
    postings, mentions = world.postings(rng, N_HISTORY, np.sort(rng.uniform(-WEEKS, 0, N_HISTORY)), ids)
    later, later_mentions = world.postings(rng, N_LATER, np.full(N_LATER, float(LATER)), ids)
    person = Profile("somebody", "Somebody", frozenset(np.array(ids)[world.have]))
    plan = recommendations(postings, mentions, TRENDS.empty(), person, most_steps=max(N_STEPS), possible=lambda i: True)
    n_asking = mentions["requirement_id"].value_counts().reindex(ids).fillna(0)
    frequent = n_asking[~world.have].sort_values(ascending=False, kind="stable").index
    asks = stated(later, later_mentions, ids).toarray()
    says = "does better" if verdict_on(plan).endswith("most frequent.") else "frequency does as well"
    rows = []
    for n_steps in N_STEPS:
        for bar in bars:
            parts = {
                "nothing": _satisfied(asks, ids, person.have, bar),
                "frequent": _satisfied(asks, ids, person.have | set(frequent[:n_steps]), bar),
                "advice": _satisfied(asks, ids, person.have | set(plan["requirement_id"].head(n_steps)), bar),
            }
            rows.append({"bar": bar, "n_steps": n_steps, "says": says, **parts})
    return pd.DataFrame(rows), says


def _satisfied(asks: np.ndarray, ids: list[str], have: set[str], bar: float) -> float:
    is_met = np.isin(ids, list(have))
    n_asked = asks.sum(axis=1)
    return float((asks @ is_met >= bar * n_asked - 1e-9)[n_asked > 0].mean())


class World:
    """Kinds of vacancies with their own requirements, some general ones, a quarter of all moving."""

    def __init__(self, kinds: np.ndarray, shares: np.ndarray, slopes: np.ndarray, have: np.ndarray) -> None:
        self.kinds, self.shares, self.slopes, self.have = kinds, shares, slopes, have
        self.n_requirements = len(slopes)

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> World:
        n_requirements, n_kinds = int(rng.integers(50, 120)), int(rng.integers(3, 9))
        asked = rng.uniform(5, 12)  # requirements that a posting states, on average
        kinds = rng.dirichlet(np.full(n_kinds, 2.0))
        shares = np.full((n_kinds, n_requirements), 0.004)
        general = rng.choice(n_requirements, int(rng.integers(4, 12)), replace=False)
        shares[:, general] = rng.uniform(0.1, 0.3, len(general))
        for kind in range(n_kinds):
            own = rng.choice(np.setdiff1d(np.arange(n_requirements), general), 7, replace=False)
            shares[kind, own] = rng.uniform(0.15, 0.75, 7)
        shares = np.clip(shares * asked / (kinds @ shares).sum(), 1e-5, 0.95)
        slopes = np.where(rng.uniform(size=n_requirements) < 0.25, rng.normal(0, 1.0, n_requirements), 0.0)
        background = shares[rng.integers(n_kinds)] * rng.uniform(0.5, 1.8)
        return cls(kinds, shares, slopes, rng.uniform(size=n_requirements) < np.minimum(background, 0.9))

    def postings(self, rng: np.random.Generator, n: int, weeks: np.ndarray, ids: list[str]):
        """``n`` postings of the given weeks (0 is the day of the advice), by employers who keep to one kind."""
        employer = rng.integers(n // 5, size=n)
        kind = rng.choice(len(self.kinds), n // 5, p=self.kinds)[employer]
        share = expit(logit(self.shares[kind]) + self.slopes * (weeks / 52)[:, None])
        rows, columns = np.nonzero(rng.uniform(size=share.shape) < share)
        names = np.array([f"p{at:06}" for at in range(n)])
        postings = pd.DataFrame({"posting_id": names, "company_name": [f"Employer {e}" for e in employer]})
        mentions = pd.DataFrame({"posting_id": names[rows], "requirement_id": np.array(ids)[columns]})
        mentions = mentions.assign(kind="skill", modality="required")
        return postings.astype("str"), mentions.astype("str")


if __name__ == "__main__":
    main()
