"""Which degree levels are asked for, and may experience stand in for them?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.measuring.careers import degree_shares
from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.showing.charts.notes import note, too_few
from itpm_trends.showing.theme import (
    INK,
    ROOM_FOR_VALUES,
    STATED,
    message,
    rows_height,
    themed,
    values_beside,
    whiskers,
    wrapped,
)
from itpm_trends.showing.wording import label, percent, share_text

PARTS = {
    "required": ("n_strict", "Required"),
    "or experience": ("n_or_experience", "Required, or experience instead"),
    "preferred": ("n_preferred", "Preferred"),
}


def figure(vacancies: pd.DataFrame, mentions: pd.DataFrame, scope: str = "") -> go.Figure:
    """Share of postings that name each degree level, split by how firmly, with the 95 % interval of the sum."""
    title = "Share of postings that ask for each degree level"
    if 0 < len(vacancies) < MIN_POSTINGS:
        return message(title, too_few(len(vacancies)), scope)
    rows = degree_shares(vacancies, mentions)
    if not len(rows):
        return message(title, "No posting states a degree.", scope)
    names = [wrapped(label(i)) for i in rows["requirement_id"]]
    told = [share_text(r.share, r.share_low, r.share_high, r.n_postings) for r in rows.itertuples()]
    drawn = go.Figure(
        layout=themed(
            title,
            note(
                len(vacancies),
                int(rows["n_employers"].max()),
                scope,
                "a posting may name several; whiskers: 95 % interval",
            ),
            alt=alt_text(rows, title),
            height=rows_height(names) + 40,  # on a telephone the legend takes four lines
            barmode="stack",
            xaxis_title_text="Share of postings",
            xaxis_tickformat=".0%",
            xaxis_range=[0, float(rows["share_high"].max()) * ROOM_FOR_VALUES],
            yaxis_autorange="reversed",
            yaxis_ticklabelstandoff=6,
            bargap=0.35,
        )
    )
    for part, (column, name) in PARTS.items():
        drawn.add_bar(
            y=names,
            x=rows[column] / rows["n_postings"],
            name=name,
            orientation="h",
            marker_color=STATED[part],
            hovertemplate=f"%{{y}}<br>{name.lower()} in %{{x:.1%}} of postings<extra></extra>",
        )
    drawn.add_scatter(
        y=names,
        x=rows["share"],
        mode="markers",
        name="Any of these, 95 % interval",
        marker={"color": INK, "size": 6},
        error_x=whiskers(rows["share"], rows["share_low"], rows["share_high"]),
        customdata=told,
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )
    values_beside(drawn, names, rows["share_high"], [percent(share) for share in rows["share"]])
    return drawn


def alt_text(rows: pd.DataFrame, title: str) -> str:
    """The chart in words."""
    told = (
        f"{label(r.requirement_id)} {share_text(r.share, r.share_low, r.share_high, r.n_postings)}: required in "
        f"{percent(r.n_strict / r.n_postings)}, experience accepted instead in "
        f"{percent(r.n_or_experience / r.n_postings)}, preferred in {percent(r.n_preferred / r.n_postings)}"
        for r in rows.itertuples()
    )
    return f"{title}. " + "; ".join(told) + "."
