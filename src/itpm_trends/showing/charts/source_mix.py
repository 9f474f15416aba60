"""Where do the postings come from, and did that change over time?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.showing.charts.notes import note
from itpm_trends.showing.theme import GREY, SERIES, message, period_axis, rows_height, themed, wrapped
from itpm_trends.showing.wording import counted, day, safe

OTHERS = "Other sources"
LENGTHS = {"week": pd.Timedelta(days=7), "month": pd.Timedelta(days=28)}


def figure(flow: pd.DataFrame, vacancies: pd.DataFrame | None = None, scope: str = "") -> go.Figure:
    """New postings a period by source; without dated postings (``flow`` empty) the sum of ``vacancies`` by source."""
    if len(flow):
        return _over_time(flow, scope)
    title = "Postings by source"
    totals = pd.Series(dtype="int64") if vacancies is None else vacancies["source"].value_counts()
    if not len(totals):
        return message(title, "No postings yet.", scope)
    names = [wrapped(safe(name)) for name in totals.index]
    drawn = go.Figure(
        go.Bar(
            y=names,
            x=totals,
            orientation="h",
            marker_color=SERIES[0],
            hovertemplate="%{y}: %{x:,} postings<extra></extra>",
        ),
        themed(
            title,
            note(int(totals.sum()), None, scope),
            height=rows_height(names),
            xaxis_title_text="Postings",
            xaxis_rangemode="tozero",
            yaxis_autorange="reversed",
            yaxis_ticklabelstandoff=6,
            alt=f"{title}: " + "; ".join(f"{safe(name)} {n:,}" for name, n in totals.items()) + ".",
        ),
    )
    return drawn


def _over_time(flow: pd.DataFrame, scope: str) -> go.Figure:
    period = flow["period"].iloc[0]
    title = f"New postings a {period}, by source"
    names = flow["source"].value_counts().index[: len(SERIES)]
    source = flow["source"].where(flow["source"].isin(names), OTHERS)
    counts = flow.assign(source=source).pivot_table(index="week", columns="source", aggfunc="size", fill_value=0)
    partial = set(flow.loc[flow["maturity"] == "partial", "week"])
    drawn = go.Figure(
        layout=themed(
            title,
            note(len(flow), None, scope, f"hatched: partial {period}; empty: not collected by every source"),
            alt=alt_text(counts, title, period),
            height=320,
            barmode="stack",
            xaxis=period_axis(counts.index, period),
            yaxis_title_text="Postings",
            yaxis_rangemode="tozero",
            yaxis_dtick=1 if counts.sum(axis="columns").max() < 5 else None,
        )
    )
    for colour, name in zip((*SERIES, GREY), [n for n in (*names, OTHERS) if n in counts], strict=False):
        drawn.add_bar(
            x=counts.index,
            y=counts[name],
            width=0.9 * LENGTHS[period] / pd.Timedelta(milliseconds=1),
            name=wrapped(safe(name)),
            marker={"color": colour, "pattern": {"shape": ["/" if week in partial else "" for week in counts.index]}},
            hovertemplate="%{x|%d %b %Y}: %{y:,} postings<extra>" + safe(name) + "</extra>",
        )
    return drawn


def alt_text(counts: pd.DataFrame, title: str, period: str) -> str:
    """The chart in words."""
    total = counts.sum()
    each = "; ".join(f"{safe(name)} {n:,} ({n / len(counts):.0f} a {period})" for name, n in total.items())
    return (
        f"{title}: {counted(len(counts), period)} from {day(counts.index.min())} to {day(counts.index.max())}; {each}."
    )
