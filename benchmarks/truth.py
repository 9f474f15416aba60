"""Do the numbers hold? ``python -m benchmarks.truth [--worlds 20] [--requirements 200] [--part intervals ...]``

Simulates worlds of known truth and prints, beside what a plain method would give:

- intervals: in which share of the cells the true share lies inside the 95 % interval, postings independent or alike
  by employer (plain: Wilson's interval that takes employers for independent);
- trends: false alarms at 5 %, false discoveries at the verdict's q, power, with a stable or shifting source mix, with
  and without overdispersion, and with employers that hire in bursts (plain: the quasi-binomial fit without employers);
- gaps: verdicts that change when the collector misses four weeks, beside the same four weeks cut out of the world;
- copies: how far reposts and cross-posts move a share (plain: every advert counts);
- market: the planted shares of the demo's simulated market through the whole way, reading included.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import t as student_t

from benchmarks.worlds import FIRST_MONDAY, World, clustered_world, copied_world, moving_world
from itpm_trends.building import built_tables
from itpm_trends.collecting.market import RawMarket
from itpm_trends.demo.market import Market, simulated_market
from itpm_trends.measuring.duplicates import vacancy_ids
from itpm_trends.measuring.intervals import wilson
from itpm_trends.measuring.panel import pooled_shares
from itpm_trends.measuring.stating import stated
from itpm_trends.measuring.trends import MAX_FALSE_DISCOVERIES, Cells, benjamini_hochberg, quasi_binomial_slopes, trends
from itpm_trends.measuring.vacancies import counted

KINDS = {
    "stable mix": {},
    "overdispersed": {"overdispersion": 0.03},
    "shifting mix": {"is_mix_shifting": True},
    "shifting, overdispersed": {"is_mix_shifting": True, "overdispersion": 0.03},
    "employers in bursts": {"has_bursts": True},
}
SLOPE = 0.45  # change of log odds a year of the requirements that move
MOVING = 0.25  # part of the requirements that move
MISSED = range(24, 28)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--requirements", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=100)
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only this; may be repeated")
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.worlds)
    for name in options.part or PARTS:
        print(f"# {name}", flush=True)
        PARTS[name](seeds, options.requirements)
        print(flush=True)


def intervals(seeds: range, n_requirements: int) -> None:
    print(f"{'postings':>9} {'alike by':>9} {'covered':>9} {'plain':>9}   of {len(seeds) * n_requirements:,} cells")
    for correlation in (0.0, 0.1, 0.3):
        for n_postings in (100, 300, 1000):
            covered, plain = zip(
                *(_covered(seed, n_postings, n_requirements, correlation) for seed in seeds), strict=True
            )
            print(f"{n_postings:9,} {correlation:9.2f} {np.mean(covered):9.3f} {np.mean(plain):9.3f}", flush=True)


def _covered(seed: int, n_postings: int, n_requirements: int, correlation: float) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    world = clustered_world(rng, n_postings=n_postings, n_requirements=n_requirements, correlation=correlation)
    shares = pooled_shares(world.postings, world.mentions, world.ids).sort_values("requirement_id")
    low, high = wilson(shares["n_mentioning"], shares["n_postings"])
    inside = (shares["share_low"] <= world.shares) & (world.shares <= shares["share_high"])
    return inside.mean(), ((low <= world.shares) & (world.shares <= high)).mean()


def trends_in_worlds(seeds: range, n_requirements: int) -> None:
    print(
        f"{'world':24} {'false alarms':>13} {'false discoveries':>18} {'covered':>8} {'power':>6}"
        f"   plain: {'alarms':>7} {'disc.':>6} {'power':>6}"
    )
    for kind, options in KINDS.items():
        rows = pd.DataFrame([_judged(seed, n_requirements, options) for seed in seeds]).mean()
        print(
            f"{kind:24} {rows['alarms']:13.3f} {rows['discoveries']:18.3f} {rows['covered']:8.3f} {rows['power']:6.2f}"
            f"          {rows['plain_alarms']:7.3f} {rows['plain_discoveries']:6.3f} {rows['plain_power']:6.2f}",
            flush=True,
        )


def _judged(seed: int, n_requirements: int, options: dict) -> dict:
    """One world's false alarms at 5 %, false discoveries among all discoveries, power, ours and plain."""
    rng = np.random.default_rng(seed)
    slopes = np.where(rng.uniform(size=n_requirements) < MOVING, SLOPE * rng.choice([-1, 1], n_requirements), 0.0)
    world = moving_world(rng, n_requirements=n_requirements, slopes=slopes, **options)
    found = _trends_of(world)
    tested = found["p"].notna().to_numpy()
    is_still = (slopes == 0) & tested
    told = found["verdict"].isin(["rising", "falling"]).to_numpy()
    right = told & (np.sign(found["change_pp"].to_numpy()) == np.sign(slopes))
    p = _plain_p(world)
    plain = benjamini_hochberg(pd.Series(p)) <= MAX_FALSE_DISCOVERIES
    plain_told = plain.to_numpy() & tested
    return {
        "alarms": (found["p"].to_numpy() < 0.05)[is_still].mean(),
        "discoveries": (told & ~right).sum() / max(told.sum(), 1),
        "covered": ((found["change_low"] <= 0) & (found["change_high"] >= 0)).to_numpy()[is_still].mean(),
        "power": right[(slopes != 0) & tested].mean(),
        "plain_alarms": (p < 0.05)[is_still].mean(),
        "plain_discoveries": (plain_told & (slopes == 0)).sum() / max(plain_told.sum(), 1),
        "plain_power": plain_told[(slopes != 0) & tested].mean(),
    }


def _trends_of(world: World, flow: pd.DataFrame | None = None) -> pd.DataFrame:
    flow = world.postings if flow is None else flow
    found = trends(flow, world.mentions, world.ids, set(flow["source"]))
    return found.set_index("requirement_id").loc[world.ids].reset_index()


def _plain_p(world: World) -> np.ndarray:
    """p of the quasi-binomial fit with a source term that takes employers for independent."""
    frame = world.postings[["source", "week"]]
    cell = frame.groupby(["source", "week"]).ngroup().to_numpy()
    keys = frame.assign(cell=cell).drop_duplicates("cell").sort_values("cell")
    years = (keys["week"] - FIRST_MONDAY).dt.days.to_numpy() / 365.25
    cells = Cells(np.bincount(cell), years, pd.factorize(keys["source"])[0])
    k = np.zeros((len(cells.n), len(world.ids)))
    np.add.at(k, cell, stated(world.postings, world.mentions, world.ids).toarray())
    fit = quasi_binomial_slopes(k, cells)
    return 2 * student_t.sf(np.abs(fit.slope) / fit.error, fit.freedom)


def gaps(seeds: range, n_requirements: int) -> None:
    """A weekly collector that misses four weeks, against one that misses none and a world without those weeks."""
    totals = pd.DataFrame([_gap_verdicts(seed, n_requirements) for seed in seeds]).sum()
    n = len(seeds) * n_requirements
    told = f"{totals['told']:,} (no week missed), {totals['told_gap']:,} (four missed)"
    print(f"of {n:,} verdicts rising or falling: {told}")
    print(f"  of these truly still: {totals['false']:,} and {totals['false_gap']:,}")
    print(f"  changed against the same weeks cut out of the world      {totals['against_cut']:,}")
    print(f"  changed against no week missed                           {totals['against_full']:,}")
    print(f"    of them told with q from .05 to .20 in either          {totals['borderline']:,}")
    print(f"    from rising to falling or back                         {totals['turned']:,}")


def _gap_verdicts(seed: int, n_requirements: int) -> dict:
    rng = np.random.default_rng(seed)
    slopes = np.where(rng.uniform(size=n_requirements) < MOVING, SLOPE * rng.choice([-1, 1], n_requirements), 0.0)
    world = moving_world(rng, n_requirements=n_requirements, slopes=slopes)
    opened = world.postings["week"] + pd.to_timedelta(rng.integers(0, 7, len(world.postings)), unit="D")
    closed = opened + pd.to_timedelta(8 + rng.exponential(20, len(world.postings)).astype(int), unit="D")
    full = _trends_of(world, _collected(world.postings, opened, closed, missed=()))
    seen = _collected(world.postings, opened, closed, missed=MISSED)
    gap = _trends_of(world, seen)
    all_weeks = _collected(world.postings, opened, closed, missed=())
    cut = _trends_of(world, all_weeks[all_weeks["week"].isin(seen["week"])])
    changed = (full["verdict"] != gap["verdict"]).to_numpy()
    near = full["q"].between(0.05, 0.2) | gap["q"].between(0.05, 0.2)
    told, told_gap = (frame["verdict"].isin(["rising", "falling"]).to_numpy() for frame in (full, gap))
    return {
        "told": told.sum(),
        "told_gap": told_gap.sum(),
        "against_cut": (cut["verdict"] != gap["verdict"]).sum(),
        "against_full": changed.sum(),
        "borderline": (changed & near.to_numpy()).sum(),
        "turned": (changed & told & told_gap).sum(),
        "false": (told & (slopes == 0)).sum(),
        "false_gap": (told_gap & (slopes == 0)).sum(),
    }


def _collected(postings: pd.DataFrame, opened: pd.Series, closed: pd.Series, missed) -> pd.DataFrame:
    """The flow that a collector sees that runs every Sunday but in the ``missed`` weeks."""
    n_weeks = int((postings["week"].max() - FIRST_MONDAY).days / 7) + 1
    runs = FIRST_MONDAY + pd.to_timedelta([7 * week + 6 for week in range(n_weeks) if week not in missed], unit="D")
    at = np.searchsorted(runs, opened)
    in_time = (at < len(runs)) & (closed.to_numpy() > runs[np.minimum(at, len(runs) - 1)])
    seen = postings[in_time].drop(columns=["week", "period", "maturity"])
    first = pd.Series(runs[at[in_time]], index=seen.index).astype("datetime64[us]")
    unknown = pd.Series(None, index=seen.index, dtype="str")
    seen = seen.assign(
        vacancy_id=seen["posting_id"],
        occupation="it-project-manager",
        text_extent="whole",
        language=unknown,
        first_seen=first,
        posted_date=pd.Series(pd.NaT, index=seen.index).astype("datetime64[us]"),
    )
    coverage = pd.MultiIndex.from_product([sorted(postings["source"].unique()), runs], names=["source", "collected_on"])
    coverage = coverage.to_frame(index=False).assign(kind="live", is_complete=True)
    return counted(seen, coverage.astype({"collected_on": "datetime64[us]"}))


def copies(seeds: range, n_requirements: int) -> None:
    print(f"{'seed':>5} {'adverts':>8} {'vacancies':>10} {'found':>8} {'moved by (pp)':>14} {'plain':>7}")
    worst = []
    for seed in seeds:
        adverts, mentions, ids = copied_world(np.random.default_rng(seed), n_requirements=n_requirements)
        originals = adverts[adverts["is_original"]]
        linked = adverts.assign(vacancy_id=vacancy_ids(adverts))
        once = linked.sort_values(["first_seen", "posting_id"]).drop_duplicates("vacancy_id")
        truth, ours, every = (
            pooled_shares(rows, mentions, ids).set_index("requirement_id")["share"]
            for rows in (originals, once, adverts)
        )
        moved, plain = 100 * (ours - truth).abs().max(), 100 * (every - truth).abs().max()
        worst.append((moved, plain))
        print(f"{seed:5} {len(adverts):8,} {len(originals):10,} {len(once):8,} {moved:14.2f} {plain:7.2f}", flush=True)
    print("worst", *(f"{value:.2f} pp" for value in np.max(worst, axis=0)))


def market(seeds: range, n_requirements: int) -> None:
    print(f"{'seed':>5} {'postings':>9} {'vacancies':>10} {'cells':>7} {'covered':>8} {'plain':>8} {'design':>7}")
    worlds = []
    for seed in seeds:
        cells = covered_cells(simulated_market(seed))
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


def covered_cells(simulated: Market) -> pd.DataFrame:
    """One row a final (requirement, week) cell of the panel: is the planted share inside its interval?"""
    tables = built_tables(raw_market_of(simulated))
    panel = tables["weekly_panel"]
    panel = panel[(panel["stratum"] == "all") & (panel["maturity"] == "final")]
    cells = panel.merge(simulated.truth, on=["week", "requirement_id"], suffixes=("", "_true"), validate="one_to_one")
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


PARTS: dict[str, Callable[[range, int], None]] = {
    "intervals": intervals,
    "trends": trends_in_worlds,
    "gaps": gaps,
    "copies": copies,
    "market": market,
}


if __name__ == "__main__":
    main()
