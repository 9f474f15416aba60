"""Panel and trends of a large market: ``python -m benchmarks.panel [--postings 1000000]``

Draws postings and mentions (no texts), writes them to Parquet, and measures in a process of its own the time and the
peak memory from reading the two files to the finished tables.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

N_WEEKS = 104
N_REQUIREMENTS = 1000
A_POSTING = 18  # requirements that a posting states, on average


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, default=1_000_000)
    parser.add_argument("--measured", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measured:
        measure(options.measured)
        return
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder), options.postings)
        command = [sys.executable, "-m", "benchmarks.panel", "--measured", folder]
        subprocess.run(command, check=True)


def draw(folder: Path, n_postings: int) -> None:
    """Postings of employers of unequal size in many strata; a few requirements are frequent, most are rare."""
    rng = np.random.default_rng(1)
    posting_ids = np.char.add("p", np.char.zfill(np.arange(n_postings).astype(str), 15))
    n_employers = max(n_postings // 20, 10)
    employer = np.minimum((n_employers * rng.power(0.4, n_postings)).astype(int), n_employers - 1)
    monday = pd.Timestamp("2024-01-01").as_unit("us")
    strata = {
        "source": [f"source-{at}" for at in range(6)],
        "country_code": ["US", "GB", "DE", "CA", "SE", "FR", "IN", "AU"],
        "seniority": ["coordinator", "manager", "senior", "programme", "director"],
        "workplace": ["onsite", "hybrid", "remote"],
        "specialism": ["erp", "security", "data", "infrastructure", "digital", "software"],
    }
    postings = pd.DataFrame(
        {
            "posting_id": posting_ids,
            "company_name": np.char.add("Employer ", employer.astype(str)),
            "week": monday + pd.to_timedelta(7 * np.sort(rng.integers(N_WEEKS, size=n_postings)), unit="D"),
            "period": "week",
            "maturity": "final",
        }
        | {name: rng.choice(values, n_postings) for name, values in strata.items()}
    )
    frequency = 1 / np.arange(1, N_REQUIREMENTS + 1)
    drawn = rng.choice(N_REQUIREMENTS, A_POSTING * n_postings, p=frequency / frequency.sum())
    ids = np.array([f"skill:requirement-{at:04}" for at in range(N_REQUIREMENTS)])
    mentions = pd.DataFrame(
        {
            "posting_id": pd.Categorical.from_codes(np.repeat(np.arange(n_postings), A_POSTING), posting_ids),
            "requirement_id": pd.Categorical.from_codes(drawn, ids),
            "modality": pd.Categorical.from_codes(rng.integers(2, size=len(drawn)), ["required", "preferred"]),
        }
    )
    postings.to_parquet(folder / "postings.parquet")
    mentions.astype("str").to_parquet(folder / "mentions.parquet")


def measure(folder: Path) -> None:
    from itpm_trends.measuring.panel import weekly_panel
    from itpm_trends.measuring.trends import trends

    start = time.perf_counter()
    postings, mentions = (pd.read_parquet(folder / f"{name}.parquet") for name in ("postings", "mentions"))
    ids = [f"skill:requirement-{at:04}" for at in range(N_REQUIREMENTS)]
    print(f"{len(postings):,} postings, {len(mentions):,} mentions", flush=True)
    start = told("read from Parquet", start)
    panel = weekly_panel(postings, mentions, ids)
    start = told(f"weekly panel, {len(panel):,} rows", start)
    changes = trends(postings, mentions, ids, set(postings["source"]))
    told(f"trends, {changes['p'].notna().sum():,} tested", start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{'peak memory':40} {peak:8.2f} GiB")


def told(what: str, start: float) -> float:
    now = time.perf_counter()
    print(f"{what:40} {now - start:8.1f} s", flush=True)
    return now


if __name__ == "__main__":
    main()
