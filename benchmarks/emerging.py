"""Simulated worlds for emerging terms."""

from __future__ import annotations

import html
import re

import numpy as np
import pandas as pd

from itpm_trends.demo.market import Market, market_settings, simulated_market

RISE = 26  # weeks in which the planted term grows
HIGHEST = 0.08
PASSED = 0.02  # the share from which the weeks are counted
PLANTS = {
    "plain": ["Experience with Zorblat", "Working knowledge of Zorblat", "Zorblat certification"],
    "variants": [
        "Experience with Quellin Flow",
        "Hands-on Quellin-Flow practice",
        "Proficiency in the Quellin Flow platform",
        "Knowledge of Quellin Flow and of Jira",
        "You have built Quellin Flow dashboards",
    ],
}
PLANTS["hard"] = PLANTS["variants"]
BURST = ("Readiness for the Brontella programme of our house", 0.9)
HOUSE = ["Applications through the Talenthub portal", "Proof of the Talenthub assessment"]
SEASONAL = "Able to be on site before the offices close for the winter inventory"


def world(seed: int, kind: str) -> tuple[Market, dict]:
    """A market with a planted term (none in ``still``), and what was planted."""
    plan = market_settings()
    rng = np.random.default_rng([seed, 5])
    first = int(rng.integers(10, 17))
    if kind == "still":
        for requirement in plan["requirement"]:
            requirement["share"] = [requirement["share"][0]] * 2
    else:
        planted = {"id": "skill:planted", "share": [0.0, HIGHEST], "weeks": [first, first + RISE], "say": PLANTS[kind]}
        plan["requirement"].append(planted)
    market = simulated_market(seed, plan)
    if kind in ("hard", "still"):
        market = _harder(market, plan, rng)
    return market, {"first": first, "rising": _rising(plan), "say": PLANTS.get(kind, [])}


def _rising(plan):
    return [say for r in plan["requirement"] if r["share"][1] > r["share"][0] for say in r["say"]]


def _harder(market: Market, plan: dict, rng) -> Market:
    adverts = market.adverts.copy()
    weeks = (adverts["opened"] - market.mondays[0]).dt.days // 7
    late = (adverts["source"] == "jobposting_pages") & (weeks < 22)
    adverts, weeks = adverts[~late].reset_index(drop=True), weeks[~late].reset_index(drop=True)
    headings = "|".join(map(re.escape, plan["wording"]["required_headings"]))
    opening = re.compile(rf"(<h3>(?:{headings})</h3>\n<ul>)")

    def say(rows, lines):
        chosen = rng.integers(len(lines), size=len(rows))
        adverts.loc[rows, "description_html"] = [
            opening.sub(lambda m: m.group(1) + f"<li>{html.escape(lines[c])}</li>", text, count=1)
            for text, c in zip(adverts.loc[rows, "description_html"], chosen)
        ]

    largest = adverts["company_name"].value_counts().index[:2]
    for name, start in zip(largest, (20, 30)):
        rows = adverts.index[(adverts["company_name"] == name) & (weeks >= start)]
        say(rows, [BURST[0].replace("Brontella", "Brontella" if start == 20 else "Castorine")])
    house = adverts.index[(adverts["source"] == "jobposting_pages") & (rng.uniform(size=len(adverts)) < 0.5)]
    say(house, HOUSE)
    season = adverts.index[(weeks >= 34) & (rng.uniform(size=len(adverts)) < 0.15)]
    say(season, [SEASONAL])
    return Market(adverts, market.truth, market.statements, market.mondays)
