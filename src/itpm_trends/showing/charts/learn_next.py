"""Which steps bring the most postings within reach, and how does that differ from what is merely frequent?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.showing.charts.notes import note
from itpm_trends.showing.theme import BLUE, GREY, ORANGE, message, rows_height, themed, whiskers, wrapped
from itpm_trends.showing.wording import label, percent

HOW_TO_READ = "grey: within reach before the step, blue: what it adds; whiskers: 95 % interval of what it adds"
NOTHING = "No step can be recommended: too few postings state certifications or skills."


def figure(
    recommendations: pd.DataFrame, profile: str, profile_label: str = "", scope: str = "", top: int = 10
) -> go.Figure:
    """Left the postings within reach after each step and what it adds, right the plain share that ask for it."""
    title = f"What to learn next: {profile_label or profile}"
    rows = recommendations[recommendations["profile"] == profile].sort_values("rank").head(top)
    if not len(rows):
        return message(title, NOTHING, scope)
    names = [f"{r.rank}. {wrapped(label(r.requirement_id))}" for r in rows.itertuples()]
    gain, low, high, reached = (100 * rows[column] for column in ("gain", "gain_low", "gain_high", "reached"))
    drawn = go.Figure(
        layout=themed(
            title,
            note(int(rows["n_postings"].max()), None, scope, HOW_TO_READ),
            alt=alt_text(rows, title),
            height=rows_height(names) + 20,
            xaxis_domain=[0, 0.56],
            xaxis_title_text="Within reach, % of postings",
            xaxis_rangemode="tozero",
            xaxis_nticks=4,
            xaxis2={
                "domain": [0.64, 1],
                "anchor": "y",
                "title": {"text": "Asked for in", "standoff": 12},
                "tickformat": ".0%",
                "rangemode": "tozero",
                "nticks": 2,
                "tickangle": 0,
                "gridcolor": "#d9dee3",
                "automargin": True,
            },
            yaxis_autorange="reversed",
            yaxis_ticklabelstandoff=6,
            bargap=0.4,
            barmode="stack",
            showlegend=False,
        )
    )
    drawn.add_bar(
        y=names,
        x=reached - gain,
        name="Before",
        orientation="h",
        marker_color=GREY,
        hovertemplate="%{y}<br>%{x:.1f} % of postings within reach before it<extra></extra>",
    )
    drawn.add_bar(
        y=names,
        x=gain,
        name="Added",
        orientation="h",
        marker_color=BLUE,
        error_x=whiskers(gain, low, high),
        hovertemplate="%{y}<br>brings %{x:.1f} % of postings within reach<extra></extra>",
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
        f"{r.rank}. {label(r.requirement_id)}: adds {100 * r.gain:.1f} % of postings ({100 * r.gain_low:.1f} to "
        f"{100 * r.gain_high:.1f}), {100 * r.reached:.1f} % within reach then, asked for in {percent(r.share)}"
        for r in rows.itertuples()
    )
    return f"{title}. " + "; ".join(told) + "."
