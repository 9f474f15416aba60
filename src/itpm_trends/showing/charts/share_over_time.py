"""How has the share of new postings that ask for a requirement moved?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.showing.charts.notes import note, too_few
from itpm_trends.showing.theme import SERIES, SYMBOLS, message, period_axis, themed, wrapped
from itpm_trends.showing.wording import counted, day, label, share_text

STEPS = {"week": pd.offsets.Week(weekday=0), "month": pd.offsets.MonthBegin()}
MOST_LINES = len(SERIES)


def figure(
    panel: pd.DataFrame,
    requirement_ids: str | list[str],
    scope: str = "",
    stratum: str = "all",
    min_postings=MIN_POSTINGS,
) -> go.Figure:
    """A line with its 95 % band for each of ``requirement_ids`` (at most six), from the rows of ``weekly_panel``.

    Periods that nobody collected, and those with fewer than ``min_postings`` postings, stay gaps; partial periods
    are hollow. Where no period is large enough the chart says so.
    """
    wanted = [requirement_ids] if isinstance(requirement_ids, str) else list(requirement_ids)[:MOST_LINES]
    rows = panel[(panel["stratum"] == stratum) & panel["requirement_id"].isin(wanted)].sort_values("week")
    subject = label(wanted[0]) if len(wanted) == 1 else f"{len(wanted)} requirements"
    period = rows["period"].iloc[0] if len(rows) else "week"
    title = f"Share of new postings that ask for {subject}, {period} by {period}"
    sizes = rows.drop_duplicates("week")["n_postings"]
    if not len(rows):
        return message(title, "No dated postings of a completely collected period: no line can be drawn.", scope)
    if sizes.max() < min_postings:
        return message(
            title, f"In every {period}: {too_few(int(sizes.max()))[:1].lower()}{too_few(int(sizes.max()))[1:]}", scope
        )
    drawn = go.Figure(
        layout=themed(
            title,
            note(
                int(sizes.sum()),
                None,
                scope,
                f"{sizes.min()}–{sizes.max()} a {period}; band: 95 % interval; hollow: partial {period}",
            ),
            alt=alt_text(rows, title),
            height=340,
            xaxis=period_axis(rows["week"], period),
            yaxis_title_text="Share of postings",
            yaxis_tickformat=".0%",
            yaxis_range=[0, min(1.0, float(rows.loc[rows["n_postings"] >= min_postings, "share_high"].max()) * 1.08)],
            hovermode="closest",
        )
    )
    for colour, symbol, requirement_id in zip(SERIES, SYMBOLS, wanted, strict=False):
        series = with_gaps(rows[rows["requirement_id"] == requirement_id], period, min_postings)
        for segment in segments(series):
            drawn.add_trace(_band(segment, colour, requirement_id))
        drawn.add_trace(_line(series, colour, symbol, requirement_id))
    return drawn


def with_gaps(series: pd.DataFrame, period: str, min_postings: int = MIN_POSTINGS) -> pd.DataFrame:
    """One row for every period from first to last; those not collected, or too small, with null shares."""
    if not len(series):
        return series
    every = pd.date_range(series["week"].min(), series["week"].max(), freq=STEPS[period]).as_unit("us")
    filled = series.set_index("week").reindex(every).rename_axis("week").reset_index()
    small = ~(filled["n_postings"] >= min_postings)
    filled.loc[small, ["share", "share_low", "share_high"]] = float("nan")
    return filled


def segments(series: pd.DataFrame) -> list[pd.DataFrame]:
    """Runs of periods without a gap between them."""
    is_known = series["share"].notna()
    return [run for _, run in series[is_known].groupby((~is_known).cumsum()[is_known])]


def alt_text(rows: pd.DataFrame, title: str) -> str:
    """The chart in words: first and last complete period of each line."""
    told, period = [], rows["period"].iloc[0]
    for requirement_id, series in rows[rows["maturity"] == "final"].groupby("requirement_id", sort=False):
        ends = [series.iloc[0], series.iloc[-1]]
        words = [f"{share_text(r.share, r.share_low, r.share_high, r.n_postings)} from {day(r.week)}" for r in ends]
        told.append(f"{label(requirement_id)}: {words[0]}, {words[1]}, {counted(len(series), f'complete {period}')}")
    return f"{title}. " + ("; ".join(told) or f"No {period} is complete yet") + "."


def _band(segment: pd.DataFrame, colour: str, requirement_id: str) -> go.Scatter:
    there, back = segment["week"], segment["week"][::-1]
    return go.Scatter(
        x=pd.concat([there, back]),
        y=pd.concat([segment["share_high"], segment["share_low"][::-1]]),
        fill="toself" if len(segment) > 1 else None,
        mode="lines",
        # A lone period has no area: its interval is drawn as a line.
        line={"width": 0 if len(segment) > 1 else 3, "color": colour},
        opacity=0.14 if len(segment) > 1 else 0.35,
        fillcolor=colour,
        hoverinfo="skip",
        showlegend=False,
        legendgroup=requirement_id,
    )


def _line(series: pd.DataFrame, colour: str, symbol: str, requirement_id: str) -> go.Scatter:
    is_partial = series["maturity"].eq("partial") if len(series) else []
    return go.Scatter(
        x=series["week"],
        y=series["share"],
        mode="lines+markers",
        name=wrapped(label(requirement_id)),
        legendgroup=requirement_id,
        connectgaps=False,
        line={"color": colour, "width": 2},
        marker={
            "color": ["#ffffff" if partial else colour for partial in is_partial],
            "symbol": symbol,
            "size": 7,
            "line": {"color": colour, "width": 2},
        },
        customdata=[
            ""
            if pd.isna(r.share)
            else share_text(r.share, r.share_low, r.share_high, r.n_postings)
            + (", partial" if r.maturity == "partial" else "")
            for r in series.itertuples()
        ],
        hovertemplate="%{x|%d %b %Y}: %{customdata}<extra></extra>",
    )
