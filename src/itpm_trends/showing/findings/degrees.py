"""Degrees, and whether experience stands in for them. Markdown."""

from __future__ import annotations

import pandas as pd

from itpm_trends.measuring.careers import degree_fields, degree_shares, graduate_shares
from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.official import CREDITS, education_beside_onet
from itpm_trends.reading.vocabulary import entries
from itpm_trends.showing.charts.notes import too_few
from itpm_trends.showing.findings.asked import change_words
from itpm_trends.showing.market import Market
from itpm_trends.showing.wording import Sentence, count, interval, label, percent, safe, share_text


def degrees(market: Market) -> Sentence:
    """The degree asked for most, and how often experience may stand in."""
    if len(market.vacancies) < MIN_POSTINGS:
        return Sentence(too_few(len(market.vacancies)))
    rows = degree_shares(market.vacancies, market.mentions)
    if not len(rows):
        return Sentence("No posting states a degree.")
    most = rows.sort_values("share", ascending=False).iloc[0]
    n_firm = most.n_strict + most.n_or_experience
    text = (
        f"**{label(most.requirement_id)}** is the degree asked for most, in "
        f"{share_text(most.share, most.share_low, most.share_high, most.n_postings)} of postings"
        f"{change_words(market.trends, most.requirement_id)}."
    )
    if n_firm:
        text += f" Where it is required, {percent(most.n_or_experience / n_firm)} accept experience in its place."
    return Sentence(text)


def education_beside_official(market: Market) -> Sentence:
    """Degree levels beside O*NET's survey of the occupation, as a table."""
    degrees = degree_shares(market.vacancies, market.mentions)
    if len(market.vacancies) < MIN_POSTINGS:
        return Sentence(too_few(len(market.vacancies)))
    if not len(degrees):
        return Sentence("No posting states a degree.")
    lines = ["| Level | Postings that ask for it | Experts who say it is required (O∗NET) |", "|:--|--:|--:|"]
    for r in education_beside_onet(degrees).itertuples():
        ours = "–" if pd.isna(r.share) else share_text(r.share, r.share_low, r.share_high, r.n_postings)
        theirs = f"{percent(r.onet)} of {r.onet_n}"
        lines.append(f"| {label('degree:' + r.level)} | {ours} | {theirs} |")
    as_of = education_beside_onet(degrees)["onet_as_of"].iloc[0]
    lines.append(f"\nSurvey of {as_of}. Not the same question: a posting may name several levels, or none. "
                 f"Source: {safe(CREDITS['onet'])}.")  # fmt: skip
    return Sentence("\n".join(lines))


def experience_instead(market: Market) -> Sentence:
    """At each level, how firmly it is asked for and how many that require it take experience instead, as a table."""
    if len(market.vacancies) < MIN_POSTINGS:
        return Sentence(too_few(len(market.vacancies)))
    rows = degree_shares(market.vacancies, market.mentions)
    if not len(rows):
        return Sentence("No posting states a degree.")
    lines = ["| Level | Asked for in | Preferred | Required | Of these, experience instead (95 %) |"]
    lines.append("|:--|--:|--:|--:|--:|")
    for r in rows.itertuples():
        n_firm = r.n_strict + r.n_or_experience
        instead = "too few" if pd.isna(r.or_experience) else percent(r.or_experience)
        if instead != "too few":
            instead += f" ({interval(r.or_experience_low, r.or_experience_high)}, n = {count(n_firm)})"
        asked = share_text(r.share, r.share_low, r.share_high, r.n_postings)
        lines.append(f"| {label(r.requirement_id)} | {asked} | {count(r.n_preferred)} | {count(n_firm)} | {instead} |")
    return Sentence("\n".join(lines))


def graduate(market: Market) -> Sentence:
    """How many postings ask for a graduate certificate, and for a master's degree in business such as an MBA."""
    if len(market.vacancies) < MIN_POSTINGS:
        return Sentence(too_few(len(market.vacancies)))
    rows = graduate_shares(market.vacancies, market.mentions).set_index("requirement_id")
    certificate, mba = (
        share_text(r.share, r.share_low, r.share_high, int(r.n_postings))
        for r in (rows.loc["degree:graduate-certificate"], rows.loc["degree:mba"])
    )
    return Sentence(
        f"A **graduate certificate** is named in {certificate} of postings; a **master's degree in business**, such as "
        f"an MBA, in {mba}."
    )


def fields_table(market: Market, top: int = 8) -> Sentence:
    """The fields of study named most often beside a degree, as a table."""
    if len(market.vacancies) < MIN_POSTINGS:
        return Sentence(too_few(len(market.vacancies)))
    rows = degree_fields(market.vacancies, market.mentions).head(top)
    if not len(rows):
        return Sentence("No posting names a field of study.")
    lines = ["| Field of study | Named in | Postings |", "|:--|--:|--:|"]
    names = {entry.requirement_id: entry.label for entry in entries("field")}
    lines += [
        f"| {safe(names.get(r.requirement_id, r.requirement_id))} "
        f"| {percent(r.share)} ({interval(r.share_low, r.share_high)}) "
        f"| {count(r.n_mentioning)} of {count(r.n_postings)} |"
        for r in rows.itertuples()
    ]
    return Sentence("\n".join(lines))
