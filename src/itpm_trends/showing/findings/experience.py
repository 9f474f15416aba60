"""Years of experience, and the jobs that people come from. Markdown."""

from __future__ import annotations

import pandas as pd

from itpm_trends.measuring.careers import accepted_roles, least_years, years_by
from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.showing.charts.notes import too_few
from itpm_trends.showing.market import Market
from itpm_trends.showing.wording import (
    SENIORITY_WORDS,
    Sentence,
    count,
    counted,
    interval,
    label,
    listed,
    percent,
    safe,
    share_text,
)


def years(market: Market) -> Sentence:
    """How many postings state a number of years, and the middle of those."""
    n_postings = len(market.vacancies)
    if n_postings < MIN_POSTINGS:
        return Sentence(too_few(n_postings))
    stated = least_years(market.vacancies, market.mentions).dropna()
    if not len(stated):
        return Sentence(f"None of {counted(n_postings, 'posting')} states a number of years.")
    return Sentence(
        f"{percent(len(stated) / n_postings)} of {counted(n_postings, 'posting')} state a number of years; half of "
        f"these ask for **{stated.median():g} years** or more."
    )


def years_table(market: Market, by: str = "seniority") -> Sentence:
    """Years asked for at each step of the career, as a table."""
    rows = years_by(market.vacancies, market.mentions, by)
    if not len(rows):
        return Sentence(too_few(len(market.vacancies)))
    words = {"all": "All postings", **SENIORITY_WORDS}
    lines = ["| Step | State a number | Half ask for at least (95 %) | Middle half |", "|:--|--:|--:|--:|"]
    for r in rows.itertuples():
        stated = f"{percent(r.share_stating)} ({interval(r.share_low, r.share_high)}, n = {count(r.n_postings)})"
        if pd.isna(r.median):
            lines.append(f"| {safe(words.get(r.value, r.value))} | {stated} | too few | |")
            continue
        median = f"{r.median:g} years ({r.median_low:g}–{r.median_high:g})"
        lines.append(
            f"| {safe(words.get(r.value, r.value))} | {stated} | {median} "
            f"| {r.lower_quartile:g}–{r.upper_quartile:g} years |"
        )
    return Sentence("\n".join(lines))


def accepted_jobs(market: Market) -> Sentence:
    """From which jobs one may come."""
    rows = accepted_roles(market.vacancies, market.mentions)
    if len(market.vacancies) < MIN_POSTINGS or not len(rows):
        return Sentence("Too few postings name previous jobs that they accept.")
    told = (f"{label(r.requirement_id)}, {share_text(r.share, r.share_low, r.share_high, r.n_postings)}" for r in
            rows.head(4).itertuples())  # fmt: skip
    return Sentence(f"Previous jobs asked for or accepted most often: {listed(told)}.")
