"""Which requirements rise and which fall, and which changes may be chance?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.showing.charts.notes import note
from itpm_trends.showing.theme import VERDICT_COLOURS, message, rows_height, themed, whiskers, wrapped
from itpm_trends.showing.wording import counted, days, label, listed, points, safe, share_text

NAMES = {"rising": "Rising", "falling": "Falling", "steady": "No clear change"}


def figure(
    trends: pd.DataFrame, kind: str | None = None, top: int = 20, stratum: str = "all", narrowed_to: str = ""
) -> go.Figure:
    """Change in percentage points a year with its 95 % interval, from the rows of ``trends``.

    Shown are all changes told apart from chance, largest share first, then the most asked-for of the others, in
    grey. Where none has a trend the chart says why. ``narrowed_to`` says of which postings, where not of all.
    """
    title = "Change in the share of postings, percentage points a year"
    rows = trends[trends["stratum"] == stratum]
    rows = rows if kind is None else rows[rows["kind"] == kind]
    drawable = rows[rows["change_pp"].notna()]
    if not len(drawable):
        return message(title, why_none(rows), narrowed_to)
    is_moving = drawable["verdict"].isin(["rising", "falling"])
    shown = drawable.assign(is_moving=is_moving).sort_values(["is_moving", "share"], ascending=False).head(top)
    shown = shown.sort_values("change_pp", ascending=False)
    names = [wrapped(label(i)) for i in shown["requirement_id"]]
    drawn = go.Figure(
        layout=themed(
            title,
            note(
                int(shown["n_postings"].max()),
                int(shown["n_employers"].max()),
                "; ".join(
                    filter(None, [narrowed_to, listed(map(safe, shown["sources"].iloc[0].split(";"))), window(shown)])
                ),
                "source mix held fixed; whiskers: 95 % interval",
            ),
            alt=alt_text(shown, title),
            height=rows_height(names),
            xaxis_title_text="Percentage points a year",
            xaxis_zeroline=True,
            xaxis_zerolinewidth=2,
            yaxis_categoryorder="array",
            yaxis_categoryarray=names,
            yaxis_autorange="reversed",
            yaxis_ticklabelstandoff=6,
        )
    )
    for verdict, name in NAMES.items():
        if len(of_verdict := shown[shown["verdict"] == verdict]):
            drawn.add_trace(_dots(of_verdict, name, VERDICT_COLOURS[verdict]))
    return drawn


def why_none(rows: pd.DataFrame) -> str:
    """Why no trend can be stated, in the words of the commonest reason."""
    reasons = rows["reason"].dropna()
    reason = reasons.mode().iloc[0] if len(reasons) else "no dated postings of completely collected periods"
    return f"No trend can be stated: {safe(reason)}."


def window(rows: pd.DataFrame) -> str:
    """The window of the trends in words."""
    return days(rows["window_start"].min(), rows["window_end"].max())


def change_text(row) -> str:
    """A row's change with its interval, in percentage points a year."""
    return f"{points(row.change_pp)} ({points(row.change_low)} to {points(row.change_high)})"


def alt_text(rows: pd.DataFrame, title: str) -> str:
    """The chart in words."""
    told = (f"{label(r.requirement_id)} {change_text(r)}, {NAMES[r.verdict].lower()}" for r in rows.itertuples())
    return f"{title}, n = {counted(rows['n_postings'].max(), 'posting')}. " + "; ".join(told) + "."


def _dots(rows: pd.DataFrame, name: str, colour: str) -> go.Scatter:
    return go.Scatter(
        y=[wrapped(label(i)) for i in rows["requirement_id"]],
        x=rows["change_pp"],
        mode="markers",
        name=name,
        marker={
            "color": colour,
            "size": 9,
            "symbol": {"Rising": "triangle-right", "Falling": "triangle-left"}.get(name, "circle"),
        },
        error_x=whiskers(rows["change_pp"], rows["change_low"], rows["change_high"], colour),
        customdata=[
            f"{change_text(r)} points a year<br>asked for in "
            f"{share_text(r.share, r.share_low, r.share_high, r.n_postings)}"
            for r in rows.itertuples()
        ],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )
