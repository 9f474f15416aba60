"""Skills and tools, and which come together. Markdown."""

from __future__ import annotations

from operator import itemgetter

import pandas as pd

from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.official import CREDITS, compared_with_onet
from itpm_trends.showing.charts.together_map import NOTHING as NO_PAIRS
from itpm_trends.showing.wording import Sentence, count, counted, label, listed, percent, safe


def tools_beside_official(shares: pd.DataFrame) -> Sentence:
    """Where the tools that postings name and those of O*NET disagree."""
    rows = compared_with_onet(shares)
    if not len(rows) or rows["n_postings"].max() < MIN_POSTINGS:
        return Sentence(safe("Too few postings to compare tools with O*NET's list."))
    told = rows["disagrees"].dropna()
    n_listed = int(rows["onet"].notna().sum())
    text = f"Of {counted(len(rows), 'product')} named here, O*NET lists {count(n_listed)} for this occupation. "
    text += " ".join(told) if len(told) else "Nowhere do the two disagree clearly."
    return Sentence(safe(f"{text} Source: {CREDITS['onet']}."))


def together(pairs: pd.DataFrame, most: int = 3) -> Sentence:
    """The requirements that come together most, in words; from ``Market.pairs``."""
    if not len(pairs):
        return Sentence(NO_PAIRS)
    told = [_pair(row) for row in pairs.head(most).itertuples()]
    return Sentence(f"{counted(len(pairs), 'pair')} of requirements come together beyond chance. {' '.join(told)}")


def _pair(row) -> str:
    """The rarer of the two with the share of its postings that state the other, beside that of all postings."""
    (one, n_one), (two, n_two) = sorted([(row.first_id, row.n_first), (row.second_id, row.n_second)], key=itemgetter(1))
    return (
        f"Of {counted(n_one, 'posting')} with **{label(one)}**, {percent(row.n_together / n_one)} state "
        f"**{label(two)}** too; of all {count(row.n_postings)}, {percent(n_two / row.n_postings)} do."
    )


def bundles_table(clusters: pd.DataFrame, top: int = 8) -> Sentence:
    """The clusters of requirements that come together with each other, as a table; from ``Market.clusters``."""
    if not len(clusters):
        return Sentence("No bundle: too few pairs hold when whole employers are drawn anew.")
    sizes = clusters.groupby("name")["n_members"].first().sort_values(ascending=False, kind="stable").head(top)
    lines = ["| Bundle | Requirements, the most central first |", "|--:|:--|"]
    for number, name in enumerate(sizes.index, start=1):
        members = clusters[clusters["name"] == name].sort_values(
            ["centrality", "requirement_id"], ascending=[False, True]
        )
        lines.append(f"| {number} | {listed(map(label, members['requirement_id']), most=10)} |")
    return Sentence("\n".join(lines))
