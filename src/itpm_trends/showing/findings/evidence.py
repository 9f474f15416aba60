"""What the evidence is: how many postings, from where, and how they were read. Markdown."""

from __future__ import annotations

from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.parts import parts_by
from itpm_trends.reading.language import READ_LANGUAGES
from itpm_trends.showing.charts.notes import too_few
from itpm_trends.showing.findings.hiring import told_parts
from itpm_trends.showing.market import Market
from itpm_trends.showing.wording import SPECIALISM_WORDS, Sentence, count, counted, day, listed, percent, safe


def overview(market: Market) -> Sentence:
    """How many postings, employers and sources, and from when."""
    n_postings = len(market.vacancies)
    if not n_postings and market.narrowed_to:
        return Sentence(f"**No posting of an IT project manager is left** ({market.narrowed_to}).")
    if not n_postings:
        return Sentence("**No posting of an IT project manager has been collected or imported yet.**")
    simulated = "These postings are **simulated**: none of them is real. " if market.simulated else ""
    employers = counted(market.vacancies["company_name"].nunique(), "named employer")
    unread = (
        f" {counted(market.n_unread, 'further posting')} in other languages than {listed(READ_LANGUAGES.values())}: "
        "not read, so not counted."
    )
    unread = unread if market.n_unread else ""
    narrowed = f" ({market.narrowed_to})" if market.narrowed_to else ""
    return Sentence(
        f"{simulated}Of {counted(market.n_adverts, 'advert')}, **{counted(n_postings, 'posting')}** are for IT project "
        f"managers{narrowed}, each vacancy counted once; they come from at least {employers} and "
        f"{market.origin}.{unread}"
    )


def reading(market: Market) -> Sentence:
    """What was collected, what could not be read, and what that means for trends."""
    coverage = market.coverage
    if not len(coverage):
        return Sentence("No collection or import is on record.")
    n_incomplete = int((~coverage["is_complete"].astype(bool)).sum())
    first, last = coverage["collected_on"].min(), coverage["collected_on"].max()
    return Sentence(
        f"{counted(len(coverage), 'collection or import', 'collections and imports')} between {day(first)} and "
        f"{day(last)}; {count(n_incomplete)} of them incomplete. {counted(int(coverage['n_parsed'].sum()), 'record')} "
        f"{'was' if coverage['n_parsed'].sum() == 1 else 'were'} read as postings and "
        f"{count(market.n_quarantined)} put aside with the reason."
    )


def sources(market: Market) -> Sentence:
    """Which source gives how many of the postings."""
    totals = market.vacancies["source"].value_counts()
    if not len(totals):
        return Sentence("No source has given a posting yet.")
    each = listed(f"{safe(name)} {percent(n / totals.sum())}" for name, n in totals.items())
    return Sentence(f"Of {counted(int(totals.sum()), 'posting')}, by source: {each}.")


def specialisms(market: Market) -> Sentence:
    """Which kinds of IT project the postings are about."""
    if len(market.vacancies) < MIN_POSTINGS:
        return Sentence(too_few(len(market.vacancies)))
    rows = parts_by(market.vacancies, "specialism").replace({"value": SPECIALISM_WORDS})
    return told_parts(rows, "are about", "say no single kind of project")
