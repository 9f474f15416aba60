"""How far does pay differ between postings with and without a requirement?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.showing.charts.notes import note
from itpm_trends.showing.theme import BLUE, GREEN, ORANGE, message, rows_height, themed, whiskers, wrapped
from itpm_trends.showing.wording import counted, label, points

ASSUMPTIONS = {
    "lower": ("Lower end of the range", ORANGE, "diamond"),
    "midpoint": ("Middle of the range", BLUE, "circle"),
    "interval": ("Anywhere in the range", GREEN, "square"),
}
READ = "whiskers: 95 % interval; an association, not a cause"


def figure(differences: pd.DataFrame, scope: str = "", top: int = 12) -> go.Figure:
    """Difference in percent of pay, each requirement under three assumptions, from ``measuring.pay.pay_differences``.

    Shown are those that most postings with pay state.
    """
    title = "Pay where a requirement is asked for, against postings where it is not"
    told = differences[differences["midpoint"].notna()]
    if not len(told):
        return message(title, why_none(differences), scope)
    rows = told.sort_values(["n_with", "requirement_id"], ascending=[False, True]).head(top)
    rows = rows.sort_values("midpoint", ascending=False)
    names = [wrapped(label(i)) for i in rows["requirement_id"]]
    n_postings = int((rows["n_with"] + rows["n_without"]).max())
    drawn = go.Figure(
        layout=themed(
            title,
            note(n_postings, None, scope, READ),
            alt=alt_text(rows, title),
            height=rows_height(names) + 12 * len(names),
            xaxis_title_text="Difference in pay, percent",
            xaxis_zeroline=True,
            xaxis_zerolinewidth=2,
            yaxis_autorange="reversed",
            yaxis_ticklabelstandoff=6,
            scattermode="group",
        )
    )
    for name, (words, colour, symbol) in ASSUMPTIONS.items():
        middle, low, high = (100 * rows[name + part] for part in ("", "_low", "_high"))
        drawn.add_scatter(
            y=names,
            x=middle,
            mode="markers",
            orientation="h",
            name=words,
            marker={"color": colour, "symbol": symbol, "size": 8},
            error_x=whiskers(middle, low, high, colour),
            customdata=[band_text(row) for row in rows.itertuples()],
            hovertemplate="%{y}<br>%{x:.1f} %; %{customdata}<extra>" + words + "</extra>",
        )
    return drawn


def why_none(differences: pd.DataFrame) -> str:
    """Why no difference is told."""
    reasons = differences["reason"].dropna()
    return f"No difference can be told: {reasons.mode().iloc[0] if len(reasons) else 'too few postings state pay'}."


def band_text(row) -> str:
    """The band over the three assumptions, with the postings behind it."""
    band = f"{points(100 * row.low)} to {points(100 * row.high)} %"
    return f"band {band}, {counted(row.n_with, 'posting')} with it, {row.n_without:,} without"


def alt_text(rows: pd.DataFrame, title: str) -> str:
    """The chart in words."""
    return f"{title}. " + "; ".join(f"{label(r.requirement_id)}: {band_text(r)}" for r in rows.itertuples()) + "."
