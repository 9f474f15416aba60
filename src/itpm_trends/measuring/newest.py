"""What the newest complete week says, beside the weeks before it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from itpm_trends.measuring.intervals import MIN_POSTINGS, size_met
from itpm_trends.measuring.panel import Counted
from itpm_trends.measuring.stating import indicator
from itpm_trends.measuring.trends import MAX_FALSE_DISCOVERIES, MIN_MENTIONING, benjamini_hochberg

BEFORE = {"week": 12, "month": 6, "quarter": 4}  # periods to compare with
COLUMNS = ["requirement_id", "n_newest", "n_stating", "n_before", "share", "expected", "change_pp", "low", "high", "q"]


def newest_weeks(flow: pd.DataFrame) -> tuple[pd.Timestamp | None, list[pd.Timestamp]]:
    """The newest period that no source has only in part, and those it is compared with, the latest last."""
    whole = sorted(set(flow["week"]) - set(flow.loc[flow["maturity"] == "partial", "week"]))
    if not whole:
        return None, []
    return whole[-1], whole[:-1][-BEFORE[flow["period"].iloc[0]] :]


def newest_changes(
    flow: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str], correlation: np.ndarray | None = None
) -> pd.DataFrame:
    """How the newest complete period differs from those before it, one row a requirement, the largest change first.

    ``expected`` is the share that the periods before give when each source weighs as in the newest; ``change_pp`` is
    what the newest lies above it, in percentage points, with its 95 % interval (normal, variances widened by a design
    effect for employers, shares smoothed by one posting with and one without it after Agresti and Caffo 2000). ``q``
    is Benjamini and Hochberg's. Empty below ``MIN_POSTINGS`` postings on either side; ``correlation`` of an
    employer's postings is estimated from ``flow`` where it is not given.
    """
    newest, before = newest_weeks(flow)
    is_newest = (flow["week"] == newest).to_numpy()
    is_before = flow["week"].isin(before).to_numpy() & flow["source"].isin(flow.loc[is_newest, "source"]).to_numpy()
    is_newest = is_newest & flow["source"].isin(flow.loc[is_before, "source"]).to_numpy()
    if min(is_newest.sum(), is_before.sum()) < MIN_POSTINGS:
        return pd.DataFrame(columns=COLUMNS)
    rows = flow[is_newest | is_before].reset_index(drop=True)
    is_newest = is_newest[is_newest | is_before]
    counted = Counted.of(rows, mentions, requirement_ids, np.zeros(len(rows), dtype=int))
    correlation = counted.correlation if correlation is None else np.asarray(correlation)
    sources = pd.factorize(rows["source"])[0]
    cell = sources + (sources.max() + 1) * is_newest  # each source before, then each source in the newest
    stating = (indicator(cell) @ counted.states).toarray()
    sizes = np.bincount(cell)
    n_sources = len(sizes) // 2
    k, n = stating[n_sources:].sum(axis=0), is_newest.sum()
    weight = sizes[n_sources:] / n
    share, expected = k / n, weight @ (stating[:n_sources] / sizes[:n_sources, None])
    variance = _variance(k, n, counted.employers[is_newest], correlation)
    for source in range(n_sources):
        of = counted.employers[cell == source]
        variance = variance + weight[source] ** 2 * _variance(stating[source], sizes[source], of, correlation)
    told = pd.DataFrame(
        {
            "requirement_id": requirement_ids,
            "n_newest": n,
            "n_stating": k.astype(int),
            "n_before": int((~is_newest).sum()),
            "share": share,
            "expected": expected,
            "change_pp": 100 * (share - expected),
        }
    )
    reach = 100 * norm.ppf(0.975) * np.sqrt(variance)
    told = told.assign(low=told["change_pp"] - reach, high=told["change_pp"] + reach)
    total = stating.sum(axis=0)
    is_tested = np.minimum(total, len(rows) - total) >= MIN_MENTIONING
    p = 2 * norm.sf(np.abs(share - expected) / np.sqrt(variance))
    told["q"] = benjamini_hochberg(pd.Series(np.where(is_tested, p, np.nan)))
    told = told[is_tested].assign(size=told["change_pp"].abs())
    return told.sort_values(["size", "requirement_id"], ascending=[False, True], ignore_index=True)[COLUMNS]


def is_clear(changes: pd.DataFrame) -> pd.Series:
    """Which rows of :func:`newest_changes` are more than chance."""
    return changes["q"] <= MAX_FALSE_DISCOVERIES


def _variance(k: np.ndarray, n: int, employers: np.ndarray, correlation: np.ndarray) -> np.ndarray:
    smoothed = (k + 1) / (n + 2)
    met = size_met(np.unique(employers, return_counts=True)[1])
    return (1 + (met - 1) * correlation) * smoothed * (1 - smoothed) / n
