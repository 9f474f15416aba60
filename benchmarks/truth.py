"""Do the drawn intervals hold? ``python -m benchmarks.truth [--seeds 20]``

Draws simulated markets of known truth, takes their adverts through the whole way (reading, copies linked, counting,
panel) and prints in which share of the (requirement, week) cells the planted share lies inside the drawn 95 %
interval, beside the plain Wilson interval that takes employers for independent.
"""

from __future__ import annotations

import argparse
import hashlib

import numpy as np
import pandas as pd

from itpm_trends.building import built_tables
from itpm_trends.collecting.market import RawMarket
from itpm_trends.demo.market import Market, simulated_market
from itpm_trends.measuring.intervals import wilson


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=100)
    options = parser.parse_args()
    print(f"{'seed':>5} {'postings':>9} {'vacancies':>10} {'cells':>7} {'covered':>8} {'plain':>8} {'design':>7}")
    worlds = []
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        market = simulated_market(seed)
        cells = covered_cells(market)
        worlds.append(cells)
        n = cells.attrs
        print(
            f"{seed:5} {n['n_postings']:9,} {n['n_vacancies']:10,} {len(cells):7,} {cells['covered'].mean():8.3f} "
            f"{cells['covered_plain'].mean():8.3f} {cells['design_effect'].mean():7.2f}",
            flush=True,
        )
    every = pd.concat(worlds)
    spread = np.std([cells["covered"].mean() for cells in worlds], ddof=1) / len(worlds) ** 0.5
    print(
        f"\nall   planted share inside the drawn 95 % interval in {every['covered'].mean():.3f} "
        f"of {len(every):,} cells "
        f"(standard error over seeds {spread:.3f}); plain Wilson {every['covered_plain'].mean():.3f}"
    )
    by_requirement = every.groupby("requirement_id")["covered"].mean().sort_values()
    print("lowest :", ", ".join(f"{i} {c:.3f}" for i, c in by_requirement.head(3).items()))
    print("highest:", ", ".join(f"{i} {c:.3f}" for i, c in by_requirement.tail(3).items()))


def covered_cells(market: Market) -> pd.DataFrame:
    """One row a final (requirement, week) cell of the panel: is the planted share inside its interval?"""
    tables = built_tables(raw_market_of(market))
    panel = tables["weekly_panel"]
    panel = panel[(panel["stratum"] == "all") & (panel["maturity"] == "final")]
    cells = panel.merge(market.truth, on=["week", "requirement_id"], suffixes=("", "_true"), validate="one_to_one")
    low, high = wilson(cells["n_mentioning"], cells["n_postings"])
    cells = cells.assign(
        covered=cells["share_true"].between(cells["share_low"], cells["share_high"]),
        covered_plain=cells["share_true"].between(low, high),
    )
    cells.attrs = {
        "n_postings": len(tables["postings"]),
        "n_vacancies": int(panel.drop_duplicates("week")["n_postings"].sum()),
    }
    return cells


def raw_market_of(market: Market) -> RawMarket:
    """The market as a weekly, complete collection would have found it, without the wire."""
    adverts = market.adverts
    sundays = market.mondays + pd.Timedelta(days=6)
    run = np.searchsorted(sundays, adverts["opened"])
    seen_in_time = (run < len(sundays)) & (adverts["closed"].to_numpy() > sundays[np.minimum(run, len(sundays) - 1)])
    adverts, run = adverts[seen_in_time].reset_index(drop=True), run[seen_in_time]
    last_run = np.minimum(np.searchsorted(sundays, adverts["closed"]) - 1, len(sundays) - 1)
    postings = pd.DataFrame(
        {
            "posting_id": adverts["advert_id"].map(lambda i: hashlib.sha256(i.encode()).hexdigest()[:16]),
            "source_posting_id": adverts["advert_id"],
            "description_raw": adverts["description_html"],
            "posted_date": adverts["opened"],
            "posted_date_source": "api",
            "text_extent": "whole",
            "first_seen": sundays[run],
            "last_seen": sundays[np.maximum(last_run, run)],
            "closed_date": pd.NaT,
        }
    )
    kept = ["source", "title", "company_name", "location_raw", "country_code", "workplace"]
    kept += ["salary_min", "salary_max", "salary_currency", "salary_period"]
    postings = pd.concat([postings, adverts[kept]], axis=1)
    for column in ("url", "employment_type", "salary_text", "language"):
        postings[column] = pd.Series([None] * len(postings), dtype="str")
    postings["closed_date"] = postings["closed_date"].astype("datetime64[us]")
    runs = pd.MultiIndex.from_product([sorted(adverts["source"].unique()), sundays], names=["source", "collected_on"])
    coverage = runs.to_frame(index=False).assign(kind="live", is_complete=True, n_parsed=1, n_rejected=0)
    quarantine = pd.DataFrame({c: pd.Series([], dtype="str") for c in ("source", "payload", "record", "reason")})
    return RawMarket(postings=postings, quarantine=quarantine, coverage=coverage)


if __name__ == "__main__":
    main()
