"""Is a new term found in time, and only what is new? ``python -m benchmarks.emerging [--seeds 20]``

Draws two simulated markets a seed and takes them through the whole way. In the one a term of made-up name, in several
wordings, grows from 0 to 8 % of the vacancies within 26 weeks; in the other nothing grows. Both are made hard: two
large employers begin to repeat a phrase of their own in every advert, a source joins late with words of its house, and
in the last weeks many employers share one seasonal sentence.

Printed is, for each seed, how many weeks after passing 2 % the term was first among the first five, and how many
listed terms were wrong, week by week from the 16th on. Right is a term whose words stand in a wording of the planted
requirement, or of one whose planted share rises (real growth); all else is wrong.
"""

from __future__ import annotations

import argparse
import html
import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from benchmarks.truth import raw_market_of
from itpm_trends.demo.market import Market, market_settings, simulated_market
from itpm_trends.measuring.duplicates import vacancy_ids
from itpm_trends.measuring.emerging import MIN_STATING, emerging_of, window
from itpm_trends.measuring.terms import WORD, Terms, counted_terms
from itpm_trends.measuring.vacancies import counted
from itpm_trends.reading.described import described_postings
from itpm_trends.reading.mention_table import requirement_mentions
from itpm_trends.tables import POSTINGS

RISE, HIGHEST, PASSED = 26, 0.08, 0.02  # weeks of the planted growth, its end, the share from which weeks are counted
IN_TIME = 8  # weeks after passing within which the term must be listed
FIRST_LOOK = 16  # week from which the list is read
PLANTS = (
    ["Experience with Zorblat", "Working knowledge of Zorblat", "Zorblat certification"],
    [
        "Experience with Quellin Flow",
        "Hands-on Quellin-Flow practice",
        "Proficiency in the Quellin Flow platform",
        "Knowledge of Quellin Flow and of Jira",
        "You have built Quellin Flow dashboards",
    ],
)
BURSTS = {20: "Readiness for the Brontella programme", 30: "Castorine enthusiast with a sense for Dulcimore"}
LATE_SOURCE, JOINED = "jobposting_pages", 22
HOUSE = ("Applications through the Talenthub portal", "Proof of the Talenthub assessment")
SEASONAL = "Able to be on site before the offices close for the winter inventory"
SEASON = 34  # week from which the seasonal sentence stands in 15 % of the adverts


@dataclass(frozen=True)
class World:
    """A market's flow and mentions, the wordings that really grow, and the week in which the plant passes 2 %."""

    flow: pd.DataFrame
    mentions: pd.DataFrame
    growing: list[str]
    planted: list[str]
    passes: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=100)
    options = parser.parse_args()
    print(f"{'seed':>5} {'vacancies':>9} {'weeks':>6} {'listed':>7} {'wrong':>6} | no growth: {'listed':>7} in lists")
    found = []
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        grown, still = world(seed, grows=True), world(seed, grows=False)
        listed, without = lists(grown), lists(still)
        row = {
            "weeks": weeks_until_listed(listed, grown),
            "listed": len(listed),
            "wrong": int((~is_right(listed, grown.growing + grown.planted)).sum()),
            "listed_still": len(without),
            "n_lists": still.flow["week"].nunique() - FIRST_LOOK,
        }
        found.append(row)
        print(
            f"{seed:5} {len(grown.flow):9,} {row['weeks']:6.0f} {row['listed']:7} {row['wrong']:6} | "
            f"{'':10} {row['listed_still']:7} {row['n_lists']:8}   {', '.join(sorted(set(without['term'])))}",
            flush=True,
        )
    every = pd.DataFrame(found)
    in_time = (every["weeks"] <= IN_TIME).mean()
    print(
        f"\nlisted among the first 5 within {IN_TIME} weeks of passing {PASSED:.0%}: {in_time:.2f} of {len(every)} "
        f"worlds (median {every['weeks'].median():.0f} weeks)\n"
        f"listed terms that are wrong: {every['wrong'].sum()} of {every['listed'].sum()}\n"
        f"terms a list where nothing grows: {every['listed_still'].sum() / every['n_lists'].sum():.3f}"
    )


def world(seed: int, *, grows: bool, n_weeks: int = 46) -> World:
    """One hard market, with a planted term or without any growth, read and counted as the program does."""
    rng = np.random.default_rng([seed, 5])
    plan, wordings = market_settings(), PLANTS[seed % len(PLANTS)] if grows else []
    plan["market"]["n_weeks"] = n_weeks
    first = int(rng.integers(10, 17))
    if grows:
        weeks = [first, first + RISE]
        plan["requirement"].append({"id": "planted", "share": [0.0, HIGHEST], "weeks": weeks, "say": wordings})
    else:
        for requirement in plan["requirement"]:
            requirement["share"] = [requirement["share"][0]] * 2
    flow, mentions = measured(harder(simulated_market(seed, plan), plan, rng))
    rising = [r for r in plan["requirement"] if r["share"][1] > r["share"][0]]
    growing = [say for requirement in rising for say in requirement["say"]]
    return World(flow, mentions, growing, wordings, first + int(np.ceil(RISE * PASSED / HIGHEST)))


def harder(market: Market, plan: dict, rng: np.random.Generator) -> Market:
    """The market with employers' own phrases, a source that joins late, and a seasonal sentence."""
    adverts = market.adverts
    week = (adverts["opened"] - market.mondays[0]).dt.days // 7
    is_late = (adverts["source"] == LATE_SOURCE) & (week < JOINED)
    adverts, week = adverts[~is_late].reset_index(drop=True), week[~is_late].reset_index(drop=True)
    opening = re.compile("(<h3>(?:" + "|".join(map(re.escape, plan["wording"]["required_headings"])) + ")</h3>\n<ul>)")
    chance = rng.uniform(size=(3, len(adverts)))
    largest = adverts["company_name"].value_counts().index[: len(BURSTS)]
    added = [(SEASONAL, (week >= SEASON) & (chance[0] < 0.15))]
    for employer, (start, phrase) in zip(largest, BURSTS.items(), strict=True):
        added.append((phrase, (adverts["company_name"] == employer) & (week >= start)))
    for phrase, drawn in zip(HOUSE, chance[1:], strict=True):
        added.append((phrase, (adverts["source"] == LATE_SOURCE) & (drawn < 0.3)))
    texts = adverts["description_html"]
    for phrase, is_in in added:
        item = f"\\1<li>{html.escape(phrase)}</li>"
        texts = texts.where(~is_in, texts.str.replace(opening, item, n=1, regex=True))
    return replace(market, adverts=adverts.assign(description_html=texts))


def measured(market: Market) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The flow and its mentions: from the adverts' HTML through reading, linking of copies and counting."""
    raw = raw_market_of(market)
    described, _ = described_postings(raw.postings)
    flow = counted(POSTINGS.frame(described.assign(vacancy_id=vacancy_ids(described))), raw.coverage)
    return flow, requirement_mentions(flow)


def lists(drawn: World, every: int = 1) -> pd.DataFrame:
    """The emerging table as of each week (``at``) from the 16th on, one after the other."""
    terms = counted_terms(drawn.flow, drawn.mentions, MIN_STATING)
    place = pd.Series(np.arange(len(drawn.flow)), index=drawn.flow["posting_id"])
    weeks = np.sort(drawn.flow["week"].unique())
    found = []
    for at in range(FIRST_LOOK, len(weeks), every):
        compared = window(drawn.flow[drawn.flow["week"] <= weeks[at]])
        rows = terms.stated[place[compared.flow["posting_id"]].to_numpy()]
        found.append(emerging_of(compared, Terms(terms.names, rows), drawn.mentions).assign(at=at))
    return pd.concat(found, ignore_index=True)


def weeks_until_listed(listed: pd.DataFrame, drawn: World) -> float:
    """Weeks from the one in which the planted share passes 2 % to the first list with the term among its first five."""
    hits = listed[is_right(listed, drawn.planted) & (listed["rank"] <= 5)]
    return float(max(hits["at"].min() - drawn.passes, 0)) if len(hits) else np.inf


def is_right(listed: pd.DataFrame, wordings: list[str]) -> np.ndarray:
    """Do all words of each listed term stand in one of the wordings?"""
    said = [set(WORD.findall(wording.casefold())) for wording in wordings]
    return np.array([any(set(term.split()) <= words for words in said) for term in listed["term"]], dtype=bool)


if __name__ == "__main__":
    main()
