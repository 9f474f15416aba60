"""How has the number of job postings moved, country by country? (Indeed Hiring Lab, beside our shares.)"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.measuring.official import CREDITS, official_table
from itpm_trends.showing.theme import SERIES, message, themed
from itpm_trends.showing.wording import country_label, listed

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def figure(sector: str = "Project Management", countries: list[str] | None = None) -> go.Figure:
    """The index of job postings in ``sector``, a line a country, 1 February 2020 = 100."""
    title = f"Job postings on Indeed in the sector {sector}, as an index"
    index = official_table("hiring_lab")
    rows = index[index["sector"] == sector]
    rows = rows if countries is None else rows[rows["country_code"].isin(countries)]
    if not len(rows):
        known = listed(sorted(index["sector"].unique()))
        return message(title, f"There is no such series. Sectors: {known}.", CREDITS["hiring_lab"])
    drawn = go.Figure(
        layout=themed(
            title,
            f"monthly means; ends where the tracker's table ends; source: {CREDITS['hiring_lab']}",
            alt=alt_text(rows, title),
            height=340,
            xaxis_title_text="Month",
            xaxis_tickformat="%b<br>%Y",
            yaxis_title_text="1 February 2020 = 100",
            yaxis_rangemode="tozero",
            hovermode="closest",
            showlegend=True,
        )
    )
    for (country, series), colour, dash in zip(rows.groupby("country_code"), SERIES, DASHES, strict=False):
        drawn.add_scatter(
            x=pd.to_datetime(series["month"]),
            y=series["index"],
            mode="lines",
            name=country_label(country),
            line={"color": colour, "dash": dash, "width": 2},
            hovertemplate=f"{country_label(country)}, %{{x|%b %Y}}: %{{y:.0f}}<extra></extra>",
        )
    return drawn


def alt_text(rows: pd.DataFrame, title: str) -> str:
    """The chart in words: highest and last value of each country."""
    told = []
    for country, series in rows.groupby("country_code"):
        top, last = series.loc[series["index"].idxmax()], series.iloc[-1]
        ends = f"highest {top['index']:.0f} in {top['month']}, {last['index']:.0f} in {last['month']}"
        told.append(f"{country_label(country)}: {ends}")
    return f"{title}. " + "; ".join(told) + "."
