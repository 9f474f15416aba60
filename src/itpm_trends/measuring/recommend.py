"""What to learn next: the steps that bring the most postings nearer, for one profile."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import norm

from itpm_trends.measuring.intervals import MIN_POSTINGS, employer_codes
from itpm_trends.measuring.panel import states
from itpm_trends.measuring.profile import Profile
from itpm_trends.tables import RECOMMENDATIONS

LEARNABLE = ("certification", "skill")  # what a person can set out to learn; degrees and years are context
MOST_STEPS = 10
MOST_EVIDENCE = 5
MIN_ASKING = 10  # a step that fewer postings ask for rests on too little


def recommendations(
    vacancies: pd.DataFrame,
    mentions: pd.DataFrame,
    trends: pd.DataFrame,
    profile: Profile,
    label: Callable[[str], str] = str,
    most_steps: int = MOST_STEPS,
) -> pd.DataFrame:
    """The recommendations table for ``profile``: steps in the order in which to take them.

    A posting is as near as the share of its learnable requirements that the person meets; each step is the
    requirement whose learning raises the mean of that share most, given the steps before (greedy, smooth coverage:
    a hard threshold chooses worse than plain frequency). Intervals treat each employer's postings as one cluster.
    """
    asked = mentions[mentions["kind"].isin(LEARNABLE)]
    ids = sorted(set(asked["requirement_id"]))
    stated, _ = states(vacancies, asked, ids)
    n_asked = stated.sum(axis=1)
    if (n_asked > 0).sum() < MIN_POSTINGS:
        return RECOMMENDATIONS.empty()
    nearer = stated / np.maximum(n_asked, 1)[:, None]
    lacking = [at for at, i in enumerate(ids) if i not in profile.have and stated[:, at].sum() >= MIN_ASKING]
    order = sorted(lacking, key=lambda at: (-nearer[:, at].mean(), ids[at]))[:most_steps]
    employers = employer_codes(vacancies["company_name"])
    by_id = trends[trends["stratum"] == "all"].set_index("requirement_id")
    rows = []
    for rank, at in enumerate(order, start=1):
        asking = vacancies["posting_id"].to_numpy()[stated[:, at] == 1]
        gain, low, high = clustered_mean(nearer[:, at], employers)
        trend = by_id.loc[ids[at]] if ids[at] in by_id.index else None
        row = {
            "profile": profile.id,
            "rank": rank,
            "requirement_id": ids[at],
            "gain": gain,
            "gain_low": low,
            "gain_high": high,
            "share": float(stated[:, at].mean()),
            "n_postings": len(vacancies),
            "change_pp": np.nan if trend is None else trend["change_pp"],
            "verdict": "too few" if trend is None else trend["verdict"],
            "because": ";".join(asking[-MOST_EVIDENCE:]),
        }
        rows.append(row | {"sentence": sentence(row, label(ids[at]))})
    return RECOMMENDATIONS.frame(rows)


def clustered_mean(values: np.ndarray, clusters: np.ndarray) -> tuple[float, float, float]:
    """Mean with its 95 % interval, values of one cluster being no independent witnesses."""
    mean = float(values.mean())
    n_clusters = int(clusters.max()) + 1
    deviations = np.bincount(clusters, values - mean, n_clusters)
    inflation = n_clusters / max(n_clusters - 1, 1)
    reach = norm.ppf(0.975) * float((inflation * (deviations**2).sum()) ** 0.5) / len(values)
    return mean, max(mean - reach, -1.0), min(mean + reach, 1.0)


def sentence(row: dict, label: str) -> str:
    """Why, in words made of the row's own numbers."""
    trend = {
        "rising": f", and rising by {abs(row['change_pp']):.1f} points a year",
        "falling": f", though falling by {abs(row['change_pp']):.1f} points a year",
        "steady": ", with no clear trend",
        "too few": "",
    }[row["verdict"]]
    return (
        f"{label} is asked for in {100 * row['share']:.0f} % of {row['n_postings']:,} postings{trend}; "
        f"learning it brings you {100 * row['gain']:.1f} points nearer to the average posting "
        f"(95 % interval {100 * row['gain_low']:.1f} to {100 * row['gain_high']:.1f})."
    )
