"""Bars that charts of counts and of parts of the market share."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.parts import UNKNOWN
from itpm_trends.showing.charts.notes import note, too_few
from itpm_trends.showing.theme import BLUE, GREY, message, rows_height, themed, whiskers, wrapped
from itpm_trends.showing.wording import count, safe, share_text


def safe_lines(text: str) -> str:
    """Text of postings as an axis label: in lines first, then escaped, so that no entity is broken in two."""
    return "<br>".join(safe(line) for line in wrapped(text).split("<br>"))


def number_of(n_postings: int) -> str:
    """The number that a bar stands for, in one piece on whichever line."""
    return f"(n = {count(n_postings)})".replace(" ", "\N{NO-BREAK SPACE}")


def part_bars(rows: pd.DataFrame, title: str, unknown: str, scope: str = "", top: int = 12) -> go.Figure:
    """Share of postings with each value, from ``measuring.parts.parts_by`` with its values in words.

    The ``top`` largest are drawn, those that do not state it (``unknown``) last and in grey.
    """
    n_postings = int(rows["n_postings"].max()) if len(rows) else 0
    if n_postings < MIN_POSTINGS:
        return message(title, too_few(n_postings), scope)
    known, others = rows[rows["value"] != UNKNOWN], rows[rows["value"] == UNKNOWN].assign(value=unknown)
    shown = pd.concat([known.head(top), others], ignore_index=True)
    left_out = f"{len(known) - top} smaller ones not drawn" if len(known) > top else ""
    names = [safe_lines(f"{r.value} {number_of(r.n_part)}") for r in shown.itertuples()]
    told = [share_text(r.share, r.share_low, r.share_high, r.n_postings) for r in shown.itertuples()]
    drawn = go.Figure(
        layout=themed(
            title,
            note(n_postings, None, scope, "; ".join(filter(None, ["whiskers: 95 % interval", left_out]))),
            alt=f"{title}. " + "; ".join(f"{safe(v)} {t}" for v, t in zip(shown["value"], told, strict=True)) + ".",
            height=rows_height(names),
            xaxis_title_text="Share of postings",
            xaxis_tickformat=".0%",
            xaxis_range=[0, min(1.0, float(shown["share_high"].max()) * 1.06)],
            yaxis_autorange="reversed",
            yaxis_ticklabelstandoff=6,
            bargap=0.35,
            showlegend=False,
        )
    )
    drawn.add_bar(
        y=names,
        x=shown["share"],
        orientation="h",
        marker_color=[BLUE] * (len(shown) - len(others)) + [GREY] * len(others),
        error_x=whiskers(shown["share"], shown["share_low"], shown["share_high"]),
        customdata=told,
        hovertemplate="%{y}<br>%{customdata}<extra></extra>",
    )
    return drawn
