"""In which countries are the postings?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.measuring.parts import parts_by
from itpm_trends.showing.charts.bars import part_bars
from itpm_trends.showing.wording import country_label


def figure(vacancies: pd.DataFrame, scope: str = "", top: int = 12) -> go.Figure:
    """Share of postings in each country with its 95 % interval, and of those that state none."""
    rows = parts_by(vacancies, "country_code")
    rows = rows.assign(value=rows["value"].map(country_label))
    return part_bars(rows, "Share of postings in each country", "No country stated", scope, top)
