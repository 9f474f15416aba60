"""What changes: trends, lines over time, the official indices. Markdown."""

from __future__ import annotations

import pandas as pd

from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.official import official_table
from itpm_trends.showing.charts.changes import change_text, why_none, window
from itpm_trends.showing.charts.emerging import NOTHING as NOTHING_MOVED
from itpm_trends.showing.wording import (
    Sentence,
    count,
    counted,
    country_label,
    day,
    label,
    listed,
    percent,
    safe,
    share_text,
)


def over_time(panel: pd.DataFrame, requirement_id: str) -> Sentence:
    """First and last complete period of a requirement's line; says nothing of a trend."""
    if not requirement_id:
        return Sentence("No posting states a requirement that could be followed over time.")
    rows = panel[(panel["stratum"] == "all") & (panel["requirement_id"] == requirement_id)]
    rows = rows[(rows["maturity"] == "final") & (rows["n_postings"] >= MIN_POSTINGS)].sort_values("week")
    if len(rows) < 2:
        return Sentence(
            f"Too few complete periods with {MIN_POSTINGS} postings to follow {label(requirement_id)} over time."
        )
    first, last = rows.iloc[0], rows.iloc[-1]
    return Sentence(
        f"{label(requirement_id)} stood in {_share(first)} of new postings in the {first.period} of {day(first.week)} "
        f"and in {_share(last)} in that of {day(last.week)}. "
        "Whether that is more than chance, the trend says."
    )


def changes(trends: pd.DataFrame, kind: str | None = None) -> Sentence:
    """What rises and falls beyond chance, or why nothing can be said."""
    rows = trends[trends["stratum"] == "all"]
    rows = rows if kind is None else rows[rows["kind"] == kind]
    tested = rows[rows["change_pp"].notna()]
    if not len(tested):
        return Sentence(why_none(rows))
    told = []
    for verdict in ("rising", "falling"):
        moved = tested[tested["verdict"] == verdict].sort_values("change_pp", key=abs, ascending=False)
        each = listed(
            (f"{label(r.requirement_id)} {change_text(r)}" for r in moved.itertuples()),
            most=3,
        )
        told.append(f"**{verdict}**: {each}" if len(moved) else f"nothing is {verdict} beyond chance")
    n_steady = int((tested["verdict"] == "steady").sum())
    return Sentence(
        f"In percentage points a year, {window(tested)}: {told[0]}; {told[1]}. "
        f"{counted(n_steady, 'requirement')} of {count(len(tested))} tested cannot be told from steady."
    )


def telling(trends: pd.DataFrame, shares: pd.DataFrame, most: int = 4) -> list[str]:
    """Requirements worth a line over time: the largest changes beyond chance, then the most asked-for."""
    moved = trends[(trends["stratum"] == "all") & trends["verdict"].isin(["rising", "falling"])]
    moved = moved.sort_values("change_pp", key=abs, ascending=False)["requirement_id"]
    return list(dict.fromkeys([*moved, *shares["requirement_id"]]))[:most]


def index_of(sector: str) -> Sentence:
    """Where Indeed's index of a sector stands at the end of each country's series."""
    ends = official_table("hiring_lab").query("sector == @sector").groupby("country_code").tail(1)
    each = zip(ends["country_code"], ends["index"], ends["month"], strict=True)
    told = listed(f"{country_label(country)} {at:.0f} ({month})" for country, at, month in each)
    return Sentence(f"Job postings on Indeed in {safe(sector)}, 1 February 2020 = 100, last month known: {told}.")


def _share(row) -> str:
    return share_text(row.share, row.share_low, row.share_high, int(row.n_postings))


def emerging(moves: pd.DataFrame) -> Sentence:
    """Terms that are new, and requirements that rise and fade, of late; from ``lately.moves``."""
    if not len(moves):
        return Sentence(NOTHING_MOVED)
    told = []
    for name, words in (("emerging", "new terms"), ("rising", "rising"), ("fading", "fading")):
        rows = moves[moves["list"] == name]
        each = listed((f"{safe(r.label)} ({percent(r.share_before)} → {percent(r.share_recent)})" for r in
                       rows.itertuples()), most=4)  # fmt: skip
        told.append(f"**{words}**: {each}" if len(rows) else f"{words}: none beyond chance")
    first = moves.iloc[0]
    return Sentence(
        f"From {counted(int(first['n_postings_before']), 'earlier posting')} to the "
        f"{count(first['n_postings_recent'])} most recent, {'; '.join(told)}."
    )
