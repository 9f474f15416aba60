"""How many years of experience do postings ask for, step by step of the career?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.measuring.careers import least_years
from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.showing.charts.notes import note, too_few
from itpm_trends.showing.theme import message, themed, wrapped
from itpm_trends.showing.wording import SENIORITY_WORDS, percent

BANDS = {
    "Up to 2 years": (0, 3),
    "3–4 years": (3, 5),
    "5–7 years": (5, 8),
    "8–9 years": (8, 10),
    "10 years or more": (10, 99),
}
UNSTATED = "No number of years"
COLOURS = ("#D6E6F4", "#9BC8E6", "#4A98C9", "#1F6FB2", "#08306B")
NO_COLOUR = "#f4f5f7"
EVERYONE, UNKNOWN = "All postings", "Step not known"


def figure(vacancies: pd.DataFrame, mentions: pd.DataFrame, scope: str = "") -> go.Figure:
    """One bar a step of the career (those with too few postings left out), split by the least years asked for."""
    title = "Least years of experience asked for"
    if len(vacancies) < MIN_POSTINGS:
        return message(title, too_few(len(vacancies)), scope)
    rows = years_by_seniority(vacancies, mentions)
    if rows.loc[rows["band"] == UNSTATED, "share"].min() == 1:
        return message(title, "No posting states a number of years.", note(len(vacancies), None, scope))
    left_out = sorted(rows.loc[rows["n_postings"] < MIN_POSTINGS, "step"].unique())
    rows = rows[rows["n_postings"] >= MIN_POSTINGS]
    steps = rows.drop_duplicates("step")
    names = {r.step: f"{wrapped(r.step)}<br>(n = {r.n_postings:,})" for r in steps.itertuples()}
    drawn = go.Figure(
        layout=themed(
            title,
            note(len(vacancies), None, scope, f"too few to show: {', '.join(left_out)}" if left_out else ""),
            alt=alt_text(rows, title),
            height=46 * max(2, len(steps)) + 90,  # on a telephone the legend takes six lines
            barmode="stack",
            xaxis_title_text="Share of postings at this step",
            xaxis_tickformat=".0%",
            xaxis_range=[0, 1.01],
            yaxis_autorange="reversed",
            yaxis_ticklabelstandoff=6,
            bargap=0.3,
        )
    )
    for colour, band in zip((*COLOURS, NO_COLOUR), [*BANDS, UNSTATED], strict=True):
        of_band = rows[rows["band"] == band]
        drawn.add_bar(
            y=[names[step] for step in of_band["step"]],
            x=of_band["share"],
            name=band,
            orientation="h",
            marker={"color": colour, "line": {"color": "#ffffff" if band in BANDS else "#9aa5b1", "width": 1}},
            customdata=of_band["n_band"],
            hovertemplate=f"%{{y}}<br>{band}: %{{x:.0%}} (%{{customdata}} postings)<extra></extra>",
        )
    return drawn


def years_by_seniority(vacancies: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Columns step, band, n_band, n_postings, share; every band of every step, and of all postings first."""
    years = least_years(vacancies, mentions)
    edges = [low for low, _ in BANDS.values()] + [99]
    band = pd.cut(years, edges, right=False, labels=list(BANDS)).astype("str").where(years.notna(), UNSTATED)
    step = vacancies["seniority"].map(SENIORITY_WORDS).fillna(UNKNOWN)
    each = pd.concat([pd.DataFrame({"step": EVERYONE, "band": band}), pd.DataFrame({"step": step, "band": band})])
    order = [s for s in (EVERYONE, *SENIORITY_WORDS.values(), UNKNOWN) if s in set(each["step"])]
    every_cell = pd.MultiIndex.from_product([order, [*BANDS, UNSTATED]], names=["step", "band"])
    counts = each.groupby(["step", "band"]).size().reindex(every_cell, fill_value=0).rename("n_band").reset_index()
    counts["n_postings"] = counts.groupby("step")["n_band"].transform("sum")
    return counts.assign(share=counts["n_band"] / counts["n_postings"])


def alt_text(rows: pd.DataFrame, title: str) -> str:
    """The chart in words."""
    told = (
        f"{step} (n = {bands['n_postings'].iloc[0]:,}): "
        + ", ".join(f"{r.band.lower()} {percent(r.share)}" for r in bands.itertuples() if r.n_band)
        for step, bands in rows.groupby("step", sort=False)
    )
    return f"{title}. " + "; ".join(told) + "."
