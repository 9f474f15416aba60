"""Which requirements do postings state most often, and how many of them insist?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

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
from itpm_trends.showing.wording import KIND_WORDS, label, percent, share_text
from itpm_trends.tables import DESCRIBING


def figure(shares: pd.DataFrame, scope: str = "", kind: str | None = None, top: int = 15) -> go.Figure:
    """The ``top`` requirements of ``shares`` (see ``measuring.panel.pooled_shares``), of one ``kind`` or of all.

    Bars split into required and preferred; the dot and its whiskers are the share of either with its 95 % interval.
    """
    rows = _top(shares, kind, top)
    asks = kind not in DESCRIBING
    title = f"Share of postings that {'ask for' if asks else 'name'} each {KIND_WORDS.get(kind, 'requirement')}"
    n_postings = int(rows["n_postings"].max()) if len(rows) else 0
    if n_postings < MIN_POSTINGS:
        return message(title, "No posting states one." if n_postings == 0 else too_few(n_postings), scope)
    names = [wrapped(label(i)) for i in rows["requirement_id"]]
    required = rows["n_required"] / rows["n_postings"]
    told = [share_text(r.share, r.share_low, r.share_high, r.n_postings) for r in rows.itertuples()]
    drawn = go.Figure(
        layout=themed(
            title,
            note(n_postings, int(rows["n_employers"].max()), scope, "whiskers: 95 % interval"),
            alt=alt_text(rows, title),
            height=rows_height(names),
            barmode="stack",
            xaxis_title_text="Share of postings",
            xaxis_tickformat=".0%",
            xaxis_range=[0, float(rows["share_high"].max()) * ROOM_FOR_VALUES],
            yaxis_autorange="reversed",
            yaxis_ticklabelstandoff=6,
            bargap=0.35,
        )
    )
    split = ((required, "required"), (rows["share"] - required, "preferred"))
    for part, name in split if asks else ((rows["share"], "named"),):
        drawn.add_bar(
            y=names,
            x=part,
            name=name.capitalize(),
            orientation="h",
            marker_color=STATED["required" if name == "named" else name],
            text=told,
            textposition="none",
            hovertemplate=f"%{{y}}<br>{name} in %{{x:.1%}} of postings<extra></extra>",
        )
    drawn.add_scatter(
        y=names,
        x=rows["share"],
        mode="markers",
        name="Asked for at all, 95 % interval" if asks else "95 % interval",
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
        f"{label(r.requirement_id)} {share_text(r.share, r.share_low, r.share_high, r.n_postings)}"
        + ("" if r.kind in DESCRIBING else f", required in {percent(r.n_required / r.n_postings)}")
        for r in rows.itertuples()
    )
    return f"{title}. " + "; ".join(told) + "."


def _top(shares: pd.DataFrame, kind: str | None, top: int) -> pd.DataFrame:
    of_kind = shares if kind is None else shares[shares["kind"] == kind]
    stated = of_kind[of_kind["n_mentioning"] > 0]
    return stated.sort_values(["share", "requirement_id"], ascending=[False, True]).head(top)
