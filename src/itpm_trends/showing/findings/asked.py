"""What is asked for: shares in sentences and tables. Markdown."""

from __future__ import annotations

import pandas as pd

from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.showing.charts.notes import too_few
from itpm_trends.showing.market import Market
from itpm_trends.showing.wording import (
    KIND_WORDS,
    Sentence,
    count,
    counted,
    interval,
    label,
    listed,
    percent,
    points,
    share_text,
)
from itpm_trends.tables import DESCRIBING


def ranked(shares: pd.DataFrame, kind: str | None = None, trends: pd.DataFrame | None = None) -> Sentence:
    """The most asked-for requirements of a kind, with intervals, and how they move where ``trends`` can tell."""
    word = KIND_WORDS.get(kind, "requirement")
    rows = shares if kind is None else shares[shares["kind"] == kind]
    rows = rows[rows["n_mentioning"] > 0].sort_values(["share", "requirement_id"], ascending=[False, True])
    if not len(rows):
        return Sentence(f"No posting states a {word}.")
    if (n_postings := int(rows["n_postings"].max())) < MIN_POSTINGS:
        return Sentence(too_few(n_postings))
    first, others = rows.iloc[0], rows.iloc[1:3]
    share = share_text(first.share, first.share_low, first.share_high, n_postings)
    verb, required = "named", ""
    if kind not in DESCRIBING:
        verb, required = "asked for", f"; {percent(first.n_required / n_postings)} require it"
    text = (
        f"**{label(first.requirement_id)}** is {verb} in {share} of postings"
        f"{change_words(trends, first.requirement_id)}, more than any other {word}{required}."
    )
    if len(others):
        following = listed(
            f"{label(r.requirement_id)} ({percent(r.share)}{change_words(trends, r.requirement_id)})"
            for r in others.itertuples()
        )
        text += f" {following} {'follows' if len(others) == 1 else 'follow'}."
    return Sentence(text)


def any_of(market: Market, kind: str) -> Sentence:
    """Share of postings that state at least one requirement of a kind."""
    n_postings = len(market.vacancies)
    if n_postings < MIN_POSTINGS:
        return Sentence(too_few(n_postings))
    stating = market.mentions[market.mentions["kind"] == kind]
    known = set(market.vacancies["posting_id"])
    n_any = len(known & set(stating["posting_id"]))
    n_required = len(known & set(stating.loc[stating["modality"] == "required", "posting_id"]))
    return Sentence(
        f"{percent(n_any / n_postings)} of {counted(n_postings, 'posting')} state at least one {KIND_WORDS[kind]}; "
        f"{percent(n_required / n_postings)} require at least one."
    )


def shares_table(shares: pd.DataFrame, kind: str | None = None, top: int = 40) -> Sentence:
    """Shares as a table: the figure's numbers and those that had no room in it."""
    rows = shares if kind is None else shares[shares["kind"] == kind]
    rows = rows[rows["n_mentioning"] > 0].sort_values(["share", "requirement_id"], ascending=[False, True]).head(top)
    if not len(rows) or rows["n_postings"].max() < MIN_POSTINGS:
        return ranked(shares, kind)
    lines = ["| Requirement | Asked for in | 95 % interval | Required in | Postings |", "|:--|--:|--:|--:|--:|"]
    lines += [
        f"| {label(r.requirement_id)} | {percent(r.share)} | {interval(r.share_low, r.share_high)} "
        f"| {percent(r.n_required / r.n_postings)} | {count(r.n_mentioning)} of {count(r.n_postings)} |"
        for r in rows.itertuples()
    ]
    return Sentence("\n".join(lines))


def change_words(trends: pd.DataFrame | None, requirement_id: str) -> str:
    """How the share moves, as ", up 3.1 points a year (+1.2 to +5.0)"; nothing where that is not beyond chance."""
    if trends is None:
        return ""
    is_it = (trends["stratum"] == "all") & (trends["requirement_id"] == requirement_id)
    moved = trends[is_it & trends["verdict"].isin(["rising", "falling"])]
    if not len(moved):
        return ""
    row = moved.iloc[0]
    way = "up" if row["change_pp"] > 0 else "down"
    ends = f"{points(row['change_low'])} to {points(row['change_high'])}"
    return f", {way} {abs(row['change_pp']):.1f} points a year ({ends})"
