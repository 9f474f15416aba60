"""What should one learn next to come nearer to most postings, and how does that differ from what is merely frequent?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.showing.charts.notes import note
from itpm_trends.showing.theme import BLUE, ORANGE, message, rows_height, themed, whiskers, wrapped
from itpm_trends.showing.wording import label, percent

HOW_TO_READ = "gain: points by which the average posting comes nearer; whiskers: 95 % interval"
NOTHING = "No step can be recommended: too few postings state certifications or skills."


def figure(
    recommendations: pd.DataFrame, profile: str, profile_label: str = "", scope: str = "", top: int = 10
) -> go.Figure:
    """Left the gain of each step with its 95 % interval, right the plain share of postings that ask for it."""
    title = f"What to learn next: {profile_label or profile}"
    rows = recommendations[recommendations["profile"] == profile].sort_values("rank").head(top)
    if not len(rows):
        return message(title, NOTHING, scope)
    names = [f"{r.rank}. {wrapped(label(r.requirement_id))}" for r in rows.itertuples()]
    gain, low, high = (100 * rows[column] for column in ("gain", "gain_low", "gain_high"))
    drawn = go.Figure(
        layout=themed(
            title,
            note(int(rows["n_postings"].max()), None, scope, HOW_TO_READ),
            alt=alt_text(rows, title),
            height=rows_height(names) + 20,
            xaxis_domain=[0, 0.56],
            xaxis_title_text="Gain, points",
            xaxis_rangemode="tozero",
            xaxis_nticks=4,
            xaxis2={
                "domain": [0.64, 1],
                "anchor": "y",
                "title": {"text": "Asked for in", "standoff": 12},
                "tickformat": ".0%",
                "rangemode": "tozero",
                "nticks": 3,
                "tickangle": 0,
                "gridcolor": "#d9dee3",
                "automargin": True,
            },
            yaxis_autorange="reversed",
            yaxis_ticklabelstandoff=6,
            bargap=0.4,
            showlegend=False,
        )
    )
    drawn.add_bar(
        y=names,
        x=gain,
        name="Gain",
        orientation="h",
        marker_color=BLUE,
        error_x=whiskers(gain, low, high),
        hovertemplate="%{y}<br>brings you %{x:.1f} points nearer<extra></extra>",
    )
    drawn.add_bar(
        y=names,
        x=rows["share"],
        name="Asked for in",
        orientation="h",
        marker_color=ORANGE,
        xaxis="x2",
        hovertemplate="%{y}<br>asked for in %{x:.0%} of postings<extra></extra>",
    )
    return drawn


def alt_text(rows: pd.DataFrame, title: str) -> str:
    """The chart in words."""
    told = (
        f"{r.rank}. {label(r.requirement_id)}: gain {100 * r.gain:.1f} points ({100 * r.gain_low:.1f} to "
        f"{100 * r.gain_high:.1f}), asked for in {percent(r.share)}"
        for r in rows.itertuples()
    )
    return f"{title}. " + "; ".join(told) + "."
