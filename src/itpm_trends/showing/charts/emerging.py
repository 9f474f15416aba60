"""Which terms are new, and which requirements rise and fade of late?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.showing.charts.bars import safe_lines
from itpm_trends.showing.charts.notes import note
from itpm_trends.showing.theme import GREY, PURPLE, VERDICT_COLOURS, message, rows_height, themed
from itpm_trends.showing.wording import count, percent, safe

LISTS = {
    "emerging": ("New term", PURPLE, "star"),
    "rising": ("Rising", VERDICT_COLOURS["rising"], "triangle-right"),
    "fading": ("Fading", VERDICT_COLOURS["falling"], "triangle-left"),
}
NOTHING = "No term and no requirement moved beyond chance of late, or too few complete periods were collected to tell."


def figure(moves: pd.DataFrame, scope: str = "", most: int = 7) -> go.Figure:
    """Share before (grey) and of late (coloured) of what moved furthest: ``most`` of each list of ``lately.moves``."""
    title = "Share of postings before and of late: new, rising and fading"
    if not len(moves):
        return message(title, NOTHING, scope)
    shown = moves.groupby("list", sort=False).head(most).reset_index(drop=True)
    names = [safe_lines(label) for label in shown["label"]]
    first = shown.iloc[0]
    drawn = go.Figure(
        layout=themed(
            title,
            note(
                int(first["n_postings_recent"]),
                None,
                scope,
                f"of late, beside {count(first['n_postings_before'])} before; circles: before",
            ),
            alt=alt_text(shown, title),
            height=rows_height(names),
            xaxis_title_text="Share of postings",
            xaxis_tickformat=".0%",
            xaxis_range=[0, min(1.0, 1.1 * float(shown[["share_before", "share_recent"]].max().max()))],
            yaxis_categoryorder="array",
            yaxis_categoryarray=names,
            yaxis_autorange="reversed",
            yaxis_ticklabelstandoff=6,
        )
    )
    drawn.add_scatter(
        x=[x for r in shown.itertuples() for x in (r.share_before, r.share_recent, None)],
        y=[y for name in names for y in (name, name, None)],
        mode="lines",
        line={"color": GREY, "width": 2},
        hoverinfo="skip",
        showlegend=False,
    )
    drawn.add_trace(_dots(shown, names, "share_before", "Before", GREY, "circle"))
    for name, (words, colour, symbol) in LISTS.items():
        is_listed = (shown["list"] == name).to_numpy()
        if is_listed.any():
            of_list = [label for label, is_it in zip(names, is_listed, strict=True) if is_it]
            drawn.add_trace(_dots(shown[is_listed], of_list, "share_recent", words, colour, symbol))
    return drawn


def alt_text(rows: pd.DataFrame, title: str) -> str:
    """The chart in words."""
    told = (
        f"{safe(r.label)}, {LISTS[r.list][0].lower()}, from {percent(r.share_before)} "
        f"(n = {count(r.n_postings_before)}) to {percent(r.share_recent)} (n = {count(r.n_postings_recent)})"
        for r in rows.itertuples()
    )
    return f"{title}. " + "; ".join(told) + "."


def _dots(rows: pd.DataFrame, names: list[str], column: str, words: str, colour: str, symbol: str) -> go.Scatter:
    when = "before" if column == "share_before" else "recent"
    told = [
        f"{percent(share)}: {count(n)} of {count(n_postings)} postings"
        for share, n, n_postings in zip(rows[column], rows[f"n_{when}"], rows[f"n_postings_{when}"], strict=True)
    ]
    return go.Scatter(
        x=rows[column],
        y=names,
        mode="markers",
        name=words,
        marker={"color": colour, "size": 10, "symbol": symbol},
        customdata=told,
        hovertemplate="%{y}: %{customdata}<extra>" + words + "</extra>",
    )
