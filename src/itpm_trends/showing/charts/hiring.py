"""Who hires: which employers have the most vacancies?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from itpm_trends.measuring.parts import FEWEST_VACANCIES, hiring_employers
from itpm_trends.showing.charts.bars import number_of, safe_lines
from itpm_trends.showing.charts.notes import note
from itpm_trends.showing.theme import BLUE, message, rows_height, themed
from itpm_trends.showing.wording import count, counted, safe

LONGEST_NAME = 60  # characters of a name that are drawn


def figure(vacancies: pd.DataFrame, scope: str = "", top: int = 15) -> go.Figure:
    """Vacancies of the ``top`` employers that have at least ``FEWEST_VACANCIES``."""
    title = "Employers with the most vacancies"
    rows = hiring_employers(vacancies)
    if not len(rows):
        return message(title, f"No employer has {FEWEST_VACANCIES} vacancies or more.", scope)
    shown = rows.head(top)
    called = [name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…" for name in shown["company_name"]]
    names = [safe_lines(f"{name} {number_of(n)}") for name, n in zip(called, shown["n_vacancies"], strict=True)]
    told = "; ".join(f"{safe(name)} {count(n)}" for name, n in zip(called, shown["n_vacancies"], strict=True))
    drawn = go.Figure(
        layout=themed(
            title,
            note(
                len(vacancies),
                vacancies["company_name"].nunique(),
                scope,
                f"{counted(len(rows), 'employer')} with {FEWEST_VACANCIES} vacancies or more, {len(shown)} drawn",
            ),
            alt=f"{title}. {told}.",
            height=rows_height(names),
            xaxis_title_text="Vacancies",
            xaxis_rangemode="tozero",
            yaxis_autorange="reversed",
            yaxis_ticklabelstandoff=6,
            bargap=0.35,
            showlegend=False,
        )
    )
    drawn.add_bar(
        y=names,
        x=shown["n_vacancies"],
        orientation="h",
        marker_color=BLUE,
        hovertemplate="%{y}<br>%{x:,} vacancies<extra></extra>",
    )
    return drawn
