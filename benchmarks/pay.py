"""Does the pay band hold the truth? ``python -m benchmarks.pay [--worlds 20]``

Worlds in which a requirement is worth a known difference of log pay, which adverts confuse in three ways: seniors are
asked for it more often and paid more; ranges widen with the level; adverts of dearer jobs state pay less often. Prints,
for a difference of nothing and of .080, what a raw comparison of means and each assumption find on average, and in
which part of the worlds the truth lies inside each interval and inside the band.

``--bound``: worlds in which the country all but decides who states a requirement that is worth nothing. Prints in which
part of them the interval holds nothing, by the effective number of employers, and of postings, that the country leaves.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from scipy.stats import t as student_t

from itpm_trends.measuring.pay import (
    ASSUMPTIONS,
    MIN_EMPLOYERS,
    MIN_FREE,
    MIN_WITH,
    _least_squares,
    _n_free,
    _own,
    basis_of,
    pay_differences,
    yearly_pay,
)

STEPS = ("coordinator", "manager", "senior", "programme", "director")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--bound", action="store_true")
    options = parser.parse_args()
    if options.bound:
        return _print_bound(options.worlds)
    print(
        f"{'truth':>6} {'raw':>7} " + " ".join(f"{name:>9} {'held':>5}" for name in ASSUMPTIONS) + f" {'band held':>10}"
    )
    for truth in (0.0, 0.08):
        rows = [found(np.random.default_rng(seed), truth) for seed in range(options.worlds)]
        rows = pd.DataFrame(rows)
        parts = [f"{rows[name].mean():9.3f} {rows[f'{name}_held'].mean():5.2f}" for name in ASSUMPTIONS]
        print(f"{truth:6.3f} {rows['raw'].mean():7.3f} {' '.join(parts)} {rows['band_held'].mean():10.2f}")


def found(rng: np.random.Generator, truth: float) -> dict:
    """One world: the raw difference of log midpoints, and each assumption's, with whether the truth is inside."""
    postings, mentions = pay_world(rng, truth)
    row = pay_differences(postings, mentions, ["skill:valued"]).iloc[0]
    pay = np.log(yearly_pay(postings)).mean(axis=1)
    states = postings.loc[pay.index, "posting_id"].isin(mentions["posting_id"])
    told = {"raw": pay[states].mean() - pay[~states].mean()}
    for name in ASSUMPTIONS:
        low, high = np.log1p(row[f"{name}_low"]), np.log1p(row[f"{name}_high"])
        told |= {name: np.log1p(row[name]), f"{name}_held": low <= truth <= high}
    return told | {"band_held": np.log1p(row["low"]) <= truth <= np.log1p(row["high"])}


def pay_world(rng: np.random.Generator, truth: float, n: int = 3000) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Postings with pay ranges, and mentions of ``skill:valued``, worth ``truth`` of log pay."""
    employer = rng.integers(250, size=n)
    step = rng.choice(5, n, p=[0.12, 0.4, 0.28, 0.13, 0.07])
    states = rng.uniform(size=n) < 0.12 + 0.12 * step
    country = rng.choice(["US", "GB", "DE"], n, p=[0.6, 0.25, 0.15])
    level = {"US": 11.5, "GB": 11.1, "DE": 11.2}
    paid = np.array([level[c] for c in country]) + 0.17 * step + truth * states
    paid = paid + rng.normal(0, 0.08, 250)[employer] + rng.normal(0, 0.13, n)
    width = rng.uniform(0.05, 0.2, n) + 0.03 * step + 0.03 * states
    below = rng.uniform(0.2, 0.8, n) * width
    is_shown = rng.uniform(size=n) < 1 / (1 + np.exp(2.5 * (paid - paid.mean())))
    shown = pd.DataFrame({"salary_min": np.exp(paid - below), "salary_max": np.exp(paid - below + width)}).round(-2)
    postings = pd.DataFrame(
        {
            "posting_id": [f"p{at:05}" for at in range(n)],
            "company_name": [f"Employer {e}" for e in employer],
            "source": rng.choice(["lever", "greenhouse"], n),
            "country_code": country,
            "seniority": np.array(STEPS)[step],
            "workplace": rng.choice(["onsite", "hybrid", "remote"], n),
            "salary_currency": [{"US": "USD", "GB": "GBP", "DE": "EUR"}[c] for c in country],
            "salary_period": "year",
        }
    ).astype("str")
    postings = pd.concat([postings, shown.where(pd.Series(is_shown))], axis=1)
    stating = postings.loc[states, "posting_id"]
    mentions = pd.DataFrame({"posting_id": stating, "requirement_id": "skill:valued", "kind": "skill"}).astype("str")
    return postings, mentions


def bound_world(rng: np.random.Generator) -> dict | None:
    """Does the interval hold a difference of nothing, and what does it rest on? None where too few state it."""
    n = int(rng.choice([150, 300, 600, 1500]))
    n_of_all = int(n / rng.choice([2, 4, 8]))
    employer, step = rng.integers(n_of_all, size=n), rng.integers(4, size=n)
    country = rng.choice(5, n_of_all, p=[0.4, 0.25, 0.2, 0.1, 0.05])[employer]
    at_home, abroad = rng.choice([1, 0.99, 0.97, 0.9, 0.7, 0.5]), rng.choice([0, 0.003, 0.01, 0.03, 0.1, 0.3])
    # Half of the worlds have employers with habits of their own.
    habit = np.where(rng.uniform(size=n) < 0.7 * rng.integers(2), rng.beta(0.5, 0.5, n_of_all)[employer], rng.random(n))
    states = (habit < np.where(country == rng.integers(4), at_home, abroad)).astype(float)
    sides = [employer[states == side] for side in (0, 1)]
    if min(map(len, sides)) < MIN_WITH or min(len(np.unique(side)) for side in sides) < MIN_EMPLOYERS:
        return None
    paid = np.array([0.4, 0.3, 0.2, 0.1, 0])[country] + 0.17 * step
    paid = paid + rng.normal(0, 0.1, n_of_all)[employer] + rng.normal(0, 0.13, n)
    controls = np.column_stack([np.ones(n), *(country == c for c in range(1, 5)), *(step == c for c in range(1, 4))])
    basis = basis_of(controls)
    own = _own(states[:, None], basis)
    n_postings, n_employers = (float(each[0]) for each in _n_free(own, employer))
    told = {"n_postings": n_postings, "n_employers": n_employers, "held": False}
    if n_postings > 1e-6:
        slope, error, freedom = (each[0] for each in _least_squares(own, paid, basis, employer))
        told["held"] = bool(abs(slope) <= student_t.ppf(0.975, freedom) * error)
    return told


def _print_bound(n_worlds: int) -> None:
    worlds = pd.DataFrame([told for seed in range(n_worlds) if (told := bound_world(np.random.default_rng(seed)))])
    is_enough = (worlds["n_employers"] >= MIN_FREE) & (worlds["n_postings"] >= MIN_FREE)
    print(f"enough is left: {worlds.loc[is_enough, 'held'].mean():.3f} of {is_enough.sum():,} held")
    worlds = worlds[worlds["n_postings"] > 1e-6]
    for name, ends in (("n_employers", [0, 1.5, 3, 5, 10, 15, 30, 1e9]), ("n_postings", [0, 1, 2, 5, 10, 15, 30, 1e9])):
        print(worlds.groupby(pd.cut(worlds[name], ends))["held"].agg(["mean", "size"]).round(3).to_string())
    print(f"too little is left: {worlds.loc[~is_enough, 'held'].mean():.3f}")


if __name__ == "__main__":
    main()
