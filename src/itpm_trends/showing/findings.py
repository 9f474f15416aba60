"""Sentences of finding, made of the numbers that the figure below them draws; Markdown."""

from __future__ import annotations

import pandas as pd

from itpm_trends.measuring.careers import accepted_roles, degree_shares, least_years, years_by
from itpm_trends.measuring.coverage import BLOCK
from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.official import (
    CREDITS,
    compared_with_onet,
    education_beside_onet,
    federal_share,
    official_table,
)
from itpm_trends.measuring.pay import pay_levels
from itpm_trends.measuring.profile import packaged_profiles
from itpm_trends.measuring.recommend import verdict_on
from itpm_trends.measuring.trends import MAX_FALSE_DISCOVERIES
from itpm_trends.reading.language import READ_LANGUAGES
from itpm_trends.showing.charts.changes import change_text, why_none, window
from itpm_trends.showing.charts.learn_next import NOTHING
from itpm_trends.showing.charts.notes import too_few
from itpm_trends.showing.charts.pay_bands import band_text
from itpm_trends.showing.charts.pay_bands import why_none as why_no_pay
from itpm_trends.showing.market import Market
from itpm_trends.showing.wording import (
    KIND_WORDS,
    SENIORITY_WORDS,
    Sentence,
    count,
    counted,
    country_label,
    day,
    interval,
    label,
    listed,
    percent,
    points,
    safe,
    share_text,
)
from itpm_trends.tables import DESCRIBING


def overview(market: Market) -> Sentence:
    """How many postings, employers and sources, and from when."""
    n_postings = len(market.vacancies)
    if not n_postings:
        return Sentence("**No posting of an IT project manager has been collected or imported yet.**")
    simulated = "These postings are **simulated**: none of them is real. " if market.simulated else ""
    n_employers = market.vacancies["company_name"].nunique()
    unread = (
        f" {counted(market.n_unread, 'further posting')} in other languages than {listed(READ_LANGUAGES.values())}: "
        "not read, so not counted."
    )
    unread = unread if market.n_unread else ""
    return Sentence(
        f"{simulated}Of {counted(market.n_adverts, 'advert')}, **{counted(n_postings, 'posting')}** are for IT project "
        f"managers, each vacancy counted once; they come from at least {counted(n_employers, 'named employer')} and "
        f"{market.scope}.{unread}"
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


def ranked(shares: pd.DataFrame, kind: str | None = None) -> Sentence:
    """The most asked-for requirements of a kind, with intervals."""
    word = KIND_WORDS.get(kind, "requirement")
    rows = shares if kind is None else shares[shares["kind"] == kind]
    rows = rows[rows["n_mentioning"] > 0].sort_values(["share", "requirement_id"], ascending=[False, True])
    if not len(rows):
        return Sentence(f"No posting states a {word}.")
    if (n_postings := int(rows["n_postings"].max())) < MIN_POSTINGS:
        return Sentence(too_few(n_postings))
    first, others = rows.iloc[0], rows.iloc[1:3]
    named, share = label(first.requirement_id), share_text(first.share, first.share_low, first.share_high, n_postings)
    text = f"The {word} named most often is **{named}**, in {share} of postings."
    if kind not in DESCRIBING:
        required = percent(first.n_required / n_postings)
        text = f"The most asked-for {word} is **{named}**, in {share} of postings; {required} require it."
    if len(others):
        following = listed(f"{label(r.requirement_id)} ({percent(r.share)})" for r in others.itertuples())
        text += f" {following} {'follows' if len(others) == 1 else 'follow'}."
    return Sentence(text)


def any_of(market: Market, kind: str) -> Sentence:
    """Share of postings that state at least one requirement of a kind."""
    n_postings = len(market.vacancies)
    if n_postings < MIN_POSTINGS:
        return Sentence(too_few(n_postings))
    stating = market.mentions[market.mentions["kind"] == kind]
    known = set(market.vacancies["posting_id"])
    n_any = len(known & set(stating["posting_id"]))
    n_required = len(known & set(stating.loc[stating["modality"] == "required", "posting_id"]))
    return Sentence(
        f"{percent(n_any / n_postings)} of {counted(n_postings, 'posting')} state at least one {KIND_WORDS[kind]}; "
        f"{percent(n_required / n_postings)} require at least one."
    )


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
        f"{share_text(most.share, most.share_low, most.share_high, most.n_postings)} of postings."
    )
    if n_firm:
        text += f" Where it is required, {percent(most.n_or_experience / n_firm)} accept experience in its place."
    return Sentence(text)


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


def education_beside_official(market: Market) -> Sentence:
    """Degree levels beside O*NET's survey of the occupation, as a table."""
    degrees = degree_shares(market.vacancies, market.mentions)
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


def tools_beside_official(shares: pd.DataFrame) -> Sentence:
    """Where the tools that postings name and those of O*NET disagree."""
    rows = compared_with_onet(shares)
    if not len(rows) or rows["n_postings"].max() < MIN_POSTINGS:
        return Sentence(safe("Too few postings to compare tools with O*NET's list."))
    told = rows["disagrees"].dropna()
    n_listed = int(rows["onet"].notna().sum())
    text = f"Of {counted(len(rows), 'product')} named here, O*NET lists {count(n_listed)} for this occupation. "
    text += " ".join(told) if len(told) else "Nowhere do the two disagree clearly."
    return Sentence(safe(f"{text} Source: {CREDITS['onet']}."))


def index_of(sector: str) -> Sentence:
    """Where Indeed's index of a sector stands at the end of each country's series."""
    ends = official_table("hiring_lab").query("sector == @sector").groupby("country_code").tail(1)
    each = zip(ends["country_code"], ends["index"], ends["month"], strict=True)
    told = listed(f"{country_label(country)} {at:.0f} ({month})" for country, at, month in each)
    return Sentence(f"Job postings on Indeed in {safe(sector)}, 1 February 2020 = 100, last month known: {told}.")


def federal(top: int = 8) -> Sentence:
    """IT project manager announcements of the US government, as a table."""
    lines = ["| Quarter | Announcements | IT project managers | Per 1,000 |", "|:--|--:|--:|--:|"]
    lines += [
        f"| {r.quarter} | {count(r.n_announcements)} | {count(r.n_it_project_manager)} | {r.per_mille:.1f} |"
        for r in federal_share().tail(top).itertuples()
    ]
    return Sentence("\n".join([*lines, f"\nSome departments are missing. Source: {CREDITS['usajobs']}."]))


def over_time(panel: pd.DataFrame, requirement_id: str) -> Sentence:
    """First and last complete period of a requirement's line; says nothing of a trend."""
    if not requirement_id:
        return Sentence("No posting states a requirement that could be followed over time.")
    rows = panel[(panel["stratum"] == "all") & (panel["requirement_id"] == requirement_id)]
    rows = rows[(rows["maturity"] == "final") & (rows["n_postings"] >= MIN_POSTINGS)].sort_values("week")
    if len(rows) < 2:
        return Sentence(
            f"Too few complete periods with {MIN_POSTINGS} postings to follow {label(requirement_id)} over time."
        )
    first, last = rows.iloc[0], rows.iloc[-1]
    return Sentence(
        f"{label(requirement_id)} stood in {_share(first)} of new postings in the {first.period} of {day(first.week)} "
        f"and in {_share(last)} in that of {day(last.week)}. "
        "Whether that is more than chance, the trend says."
    )


def changes(trends: pd.DataFrame, kind: str | None = None) -> Sentence:
    """What rises and falls beyond chance, or why nothing can be said."""
    rows = trends[trends["stratum"] == "all"]
    rows = rows if kind is None else rows[rows["kind"] == kind]
    tested = rows[rows["change_pp"].notna()]
    if not len(tested):
        return Sentence(why_none(rows))
    told = []
    for verdict in ("rising", "falling"):
        moved = tested[tested["verdict"] == verdict].sort_values("change_pp", key=abs, ascending=False)
        each = listed(
            (f"{label(r.requirement_id)} {change_text(r)}" for r in moved.itertuples()),
            most=3,
        )
        told.append(f"**{verdict}**: {each}" if len(moved) else f"nothing is {verdict} beyond chance")
    n_steady = int((tested["verdict"] == "steady").sum())
    return Sentence(
        f"In percentage points a year, {window(tested)}: {told[0]}; {told[1]}. "
        f"{counted(n_steady, 'requirement')} of {count(len(tested))} tested cannot be told from steady."
    )


def telling(trends: pd.DataFrame, shares: pd.DataFrame, most: int = 4) -> list[str]:
    """Requirements worth a line over time: the largest changes beyond chance, then the most asked-for."""
    moved = trends[(trends["stratum"] == "all") & trends["verdict"].isin(["rising", "falling"])]
    moved = moved.sort_values("change_pp", key=abs, ascending=False)["requirement_id"]
    return list(dict.fromkeys([*moved, *shares["requirement_id"]]))[:most]


def _share(row) -> str:
    return share_text(row.share, row.share_low, row.share_high, int(row.n_postings))


def _gain(row) -> str:
    return f"{100 * row.gain:.1f} ({100 * row.gain_low:.1f}–{100 * row.gain_high:.1f})"


def first_profile(recommendations: pd.DataFrame) -> str:
    """The profile to show where none was chosen."""
    profiles = recommendations["profile"].unique()
    return profiles[0] if len(profiles) else packaged_profiles()[0].id


def profile_label(profile: str) -> str:
    """A profile's name in words."""
    return next((p.label for p in packaged_profiles() if p.id == profile), safe(profile))


def learn_next(recommendations: pd.DataFrame, profile: str) -> Sentence:
    """The first step for one profile and why, beside the most frequent requirement."""
    rows = recommendations[recommendations["profile"] == profile].sort_values("rank")
    if not len(rows):
        return Sentence(NOTHING)
    first, last = rows.iloc[0], rows.iloc[min(len(rows), BLOCK) - 1]
    steps = listed(label(i) for i in rows["requirement_id"].head(BLOCK))
    before, everyone = percent(first.reached - first.gain), counted(first.n_postings, "posting")
    return Sentence(
        f"For this profile, *{profile_label(profile)}*, {before} of {everyone} are within reach now, and "
        f"{percent(last.reached)} after **{steps}**. {verdict_on(rows)}"
    )


HEAD = "| Step | Learn | Adds, % of postings (95 % interval) | Within reach then | Asked for in | Trend |"


def learn_next_table(recommendations: pd.DataFrame, profile: str, top: int = 10) -> Sentence:
    """The steps for one profile as a table."""
    rows = recommendations[recommendations["profile"] == profile].sort_values("rank").head(top)
    if not len(rows):
        return Sentence(NOTHING)
    lines = [HEAD, "|--:|:--|--:|--:|--:|:--|"]
    for r in rows.itertuples():
        trend = r.verdict if pd.isna(r.change_pp) else f"{r.verdict} ({points(r.change_pp)} points a year)"
        lines.append(
            f"| {r.rank} | {label(r.requirement_id)} | {_gain(r)} | {percent(r.reached)} "
            f"| {percent(r.share)} of {count(r.n_postings)} | {trend} |"
        )
    return Sentence("\n".join(lines))


def shares_table(shares: pd.DataFrame, kind: str | None = None, top: int = 40) -> Sentence:
    """Shares as a table: the figure's numbers and those that had no room in it."""
    rows = shares if kind is None else shares[shares["kind"] == kind]
    rows = rows[rows["n_mentioning"] > 0].sort_values(["share", "requirement_id"], ascending=[False, True]).head(top)
    if not len(rows) or rows["n_postings"].max() < MIN_POSTINGS:
        return ranked(shares, kind)
    lines = ["| Requirement | Asked for in | 95 % interval | Required in | Postings |", "|:--|--:|--:|--:|--:|"]
    lines += [
        f"| {label(r.requirement_id)} | {percent(r.share)} | {interval(r.share_low, r.share_high)} "
        f"| {percent(r.n_required / r.n_postings)} | {count(r.n_mentioning)} of {count(r.n_postings)} |"
        for r in rows.itertuples()
    ]
    return Sentence("\n".join(lines))
