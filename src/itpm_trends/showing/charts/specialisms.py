"""What kinds of IT project are the postings about?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.measuring.parts import parts_by
from itpm_trends.showing.charts.bars import part_bars
from itpm_trends.showing.wording import SPECIALISM_WORDS


def figure(vacancies: pd.DataFrame, scope: str = "") -> go.Figure:
    """Share of postings about each kind of IT project with its 95 % interval, and of those about no single kind."""
    rows = parts_by(vacancies, "specialism").replace({"value": SPECIALISM_WORDS})
    return part_bars(rows, "Share of postings about each kind of IT project", "No single kind", scope)
