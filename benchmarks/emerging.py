"""Are new terms noticed in time, and little else? ``python -m benchmarks.emerging [--worlds 12]``

Takes simulated markets, reading included, in which requirements that no vocabulary holds grow from 0 to 8 % within 26
weeks, each said in several ways, and asks week by week whether they are listed. Beside them stand what should not be
listed: an employer that begins to repeat words of its own in all its adverts, a source that joins with house words, a
phrase that stands in a tenth of all adverts from the first week on, and the wording of known requirements that rise.
The last lines are worlds in which nothing is planted.
"""

from __future__ import annotations

import argparse
import copy
from dataclasses import replace

import numpy as np
import pandas as pd

from benchmarks.truth import raw_market_of
from itpm_trends.building import built_tables
from itpm_trends.demo.market import Market, market_settings, simulated_market
from itpm_trends.measuring.emerging import emerging
from itpm_trends.measuring.vacancies import counted

PLANTED = {
    "quillwork": ["Experience with Quillwork", "Quillwork in daily delivery", "Hands-on use of Quillwork boards"],
    "lattice mapping": ["Knowledge of lattice mapping", "Ability to lead lattice mapping workshops"],
}
BEGIN, GROWTH, END = 14, 26, 0.08  # first week, weeks to the whole share, whole share
PASSES = int(np.ceil(BEGIN + GROWTH * 0.02 / END))  # first week over 2 %
FIRST = 5  # places in which it must stand
IN_TIME = 8  # weeks
HOUSE = "Comfort with our brindle cadence and harbour rounds"
SOURCE_WORDS = "Applicants bring a copper profile sheet"
STANDING = "Readiness for occasional evening calls"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=12)
    parser.add_argument("--first-seed", type=int, default=300)
    options = parser.parse_args()
    print(f"{'seed':>5} {'term':16} {'listed after passing 2 %':>26} {'place then':>11} {'listed':>7} {'not real':>9}")
    waited, listed, false = [], 0, 0
    for seed in range(options.first_seed, options.first_seed + options.worlds):
        seen = noticed(seed, planted=True)
        for term, (weeks, place) in seen["terms"].items():
            waited.append(weeks)
            told = f"{weeks} weeks" if np.isfinite(weeks) else "not in time"
            print(f"{seed:5} {term:16} {told:>26} {place:>11} {seen['listed']:7} {seen['false']:9}", flush=True)
        listed, false = listed + seen["listed"], false + seen["false"]
    print(f"in time: {np.mean(np.array(waited) <= IN_TIME):.0%} of {len(waited)}; latest {np.max(waited)} weeks")
    print(
        f"listed at the end of {options.worlds} worlds: {listed} terms, {false} of them neither planted nor real growth"
    )
    still = [noticed(seed, planted=False)["listed"] for seed in range(1, 1 + options.worlds // 3)]
    print(f"worlds with nothing planted: {sum(still)} terms listed in {len(still)} worlds")


def noticed(seed: int, *, planted: bool) -> dict:
    """When each planted term stood among the first, and how many of the terms listed at the end are not real."""
    plan = copy.deepcopy(market_settings())
    plan["market"]["n_weeks"] = PASSES + IN_TIME + 1
    if planted:
        plan["requirement"] += [
            {"id": f"skill:{term}", "share": [0.0, END], "weeks": [BEGIN, BEGIN + GROWTH], "say": say}
            for term, say in PLANTED.items()
        ]
    simulated = simulated_market(seed, plan)
    tables = built_tables(raw_market_of(with_noise(simulated, seed)))
    flow = counted(tables["postings"], tables["coverage"])
    terms, found = {}, None
    for week in range(PASSES, PASSES + IN_TIME):
        found = emerging(flow[flow["week"] <= simulated.mondays[week]], tables["requirement_mentions"])
        for term in PLANTED:
            places = [row.rank for row in found.head(FIRST).itertuples() if is_of(row.term, term)]
            if planted and places and term not in terms:
                terms[term] = (week + 1 - PASSES, f"{places[0]} of {len(found)}")
    terms = {term: terms.get(term, (np.inf, "")) for term in PLANTED} if planted else {}
    n_false = sum(not any(is_of(listed, term) for term in PLANTED) for listed in found["term"]) if planted else 0
    return {"terms": terms, "listed": len(found), "false": n_false}


def is_of(listed: str, term: str) -> bool:
    """Do the listed words stand in the ways in which the planted term is said?"""
    return any(f" {listed} " in f" {say.lower()} " for say in PLANTED[term])


def with_noise(simulated: Market, seed: int) -> Market:
    """The market with an employer's, a source's and a standing phrase in its adverts' lists of requirements."""
    rng = np.random.default_rng(seed)
    adverts = simulated.adverts.copy()
    late = simulated.mondays[BEGIN + 4]
    busiest = adverts["company_name"].value_counts().index[int(rng.integers(5))]
    is_house = (adverts["company_name"] == busiest) & (adverts["opened"] >= late)
    joins = adverts["source"].unique()[-1]
    is_of_source = (adverts["source"] == joins) & (rng.uniform(size=len(adverts)) < 0.5)
    is_standing = pd.Series(rng.uniform(size=len(adverts)) < 0.1, index=adverts.index)
    for chosen, line in ((is_house, HOUSE), (is_of_source, SOURCE_WORDS), (is_standing, STANDING)):
        adverts.loc[chosen, "description_html"] = [
            with_line(text, line) for text in adverts.loc[chosen, "description_html"]
        ]
    return replace(simulated, adverts=adverts[(adverts["source"] != joins) | (adverts["opened"] >= late)])


def with_line(description_html: str, line: str) -> str:
    """``line`` as the last bullet of the requirements, the second list of an advert."""
    lists = description_html.split("</ul>")
    return "</ul>".join([lists[0], lists[1] + f"<li>{line}</li>", *lists[2:]])


if __name__ == "__main__":
    main()
