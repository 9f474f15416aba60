"""Who hires, where, and for what pay. Markdown."""

from __future__ import annotations

import pandas as pd

from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.official import CREDITS, federal_share
from itpm_trends.measuring.parts import FEWEST_VACANCIES, UNKNOWN, hiring_employers, parts_by
from itpm_trends.measuring.pay import pay_levels
from itpm_trends.measuring.trends import MAX_FALSE_DISCOVERIES
from itpm_trends.showing.charts.notes import too_few
from itpm_trends.showing.charts.pay_bands import band_text
from itpm_trends.showing.charts.pay_bands import why_none as why_no_pay
from itpm_trends.showing.market import Market
from itpm_trends.showing.wording import (
    SENIORITY_WORDS,
    WORKPLACE_WORDS,
    Sentence,
    count,
    counted,
    country_label,
    interval,
    label,
    listed,
    percent,
    safe,
)


def pay(differences: pd.DataFrame) -> Sentence:
    """Which differences in pay are more than noise whichever of the three assumptions is true."""
    told = differences[differences["midpoint"].notna()]
    if not len(told):
        return Sentence(why_no_pay(differences))
    is_one_sided = (told["low"] > 0) | (told["high"] < 0)
    clear = told[is_one_sided & (told["q"] <= MAX_FALSE_DISCOVERIES)].sort_values("midpoint", ascending=False)
    if not len(clear):
        return Sentence(
            f"None of {counted(len(told), 'requirement')} goes with pay that differs by more than chance under all "
            "three assumptions, at equal country, step of the career, workplace and source."
        )
    each = listed(f"{label(r.requirement_id)} ({band_text(r)})" for r in clear.itertuples())
    return Sentence(
        "At equal country, step of the career, workplace and source, pay differs by more than chance under all three "
        f"assumptions for these: {each}. That is an association, not a cause."
    )


def pay_table(market: Market) -> Sentence:
    """Pay of a year by currency and step of the career, as a table."""
    rows = pay_levels(market.vacancies)
    if not len(rows):
        return Sentence("Too few postings state pay with its currency and period.")
    lines = ["| Step | Half pay more than (95 %) | Middle half | Postings |", "|:--|--:|--:|--:|"]
    for r in rows.itertuples():
        median = f"{count(r.median)} {safe(r.currency)} ({count(r.median_low)}–{count(r.median_high)})"
        lines.append(
            f"| {safe(SENIORITY_WORDS.get(r.value, r.value))} | {median} "
            f"| {count(r.lower_quartile)}–{count(r.upper_quartile)} | {count(r.n_postings)} |"
        )
    return Sentence("\n".join(lines))


def federal(top: int = 8) -> Sentence:
    """IT project manager announcements of the US government, as a table."""
    lines = ["| Quarter | Announcements | IT project managers | Per 1,000 |", "|:--|--:|--:|--:|"]
    lines += [
        f"| {r.quarter} | {count(r.n_announcements)} | {count(r.n_it_project_manager)} | {r.per_mille:.1f} |"
        for r in federal_share().tail(top).itertuples()
    ]
    return Sentence("\n".join([*lines, f"\nSome departments are missing. Source: {CREDITS['usajobs']}."]))


def employers(market: Market) -> Sentence:
    """Who has the most vacancies, and how many employers have only a few."""
    rows, n_postings = hiring_employers(market.vacancies), len(market.vacancies)
    n_named = market.vacancies["company_name"].nunique()
    if not len(rows):
        return Sentence(f"No employer has {FEWEST_VACANCIES} of {counted(n_postings, 'posting')} or more.")
    first = rows.iloc[0]
    others = listed(f"{safe(r.company_name)} ({count(r.n_vacancies)})" for r in rows.iloc[1:3].itertuples())
    of_all = counted(n_postings, "vacancy", "vacancies")
    text = f"**{safe(first['company_name'])}** has {count(first['n_vacancies'])} of {of_all}"
    text += f", followed by {others}" if others else ""
    return Sentence(
        f"{text}. {counted(len(rows), 'employer')} of {count(n_named)} named have {FEWEST_VACANCIES} or more; "
        f"{count(market.vacancies['company_name'].isna().sum())} postings name none."
    )


def countries(market: Market) -> Sentence:
    """In which countries the postings are."""
    if len(market.vacancies) < MIN_POSTINGS:
        return Sentence(too_few(len(market.vacancies)))
    rows = parts_by(market.vacancies, "country_code")
    return told_parts(rows.assign(value=rows["value"].map(country_label)), "are in", "state no country")


def workplaces(market: Market) -> Sentence:
    """How many postings are remote, hybrid or on site."""
    if len(market.vacancies) < MIN_POSTINGS:
        return Sentence(too_few(len(market.vacancies)))
    rows = parts_by(market.vacancies, "workplace").replace({"value": WORKPLACE_WORDS})
    return told_parts(rows, "are", "do not say where the work is done")


def told_parts(rows: pd.DataFrame, verb: str, unknown: str) -> Sentence:
    """The largest parts of ``parts_by`` in a sentence, and how many postings do not say."""
    known = rows[rows["value"] != UNKNOWN]
    told = [
        f"{percent(r.share)} ({interval(r.share_low, r.share_high)}) {verb} **{safe(r.value)}**"
        for r in known.head(1).itertuples()
    ]
    told += [f"{percent(r.share)} {safe(r.value)}" for r in known.iloc[1:4].itertuples()]
    told += [f"{percent(r.share)} {unknown}" for r in rows[rows["value"] == UNKNOWN].itertuples()]
    return Sentence(f"Of {counted(int(rows['n_postings'].max()), 'posting')}, {', '.join(told)}.")
