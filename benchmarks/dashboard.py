"""Size and speed of the dashboard: ``python -m benchmarks.dashboard [--postings 5000 50000 500000] [--stating 10]``

Draws a market (no texts), writes its dashboard, opens it in a headless Chromium with the network off and measures:
size of the file, time until it can be used, and for each tab the time from a changed filter to the drawn figures (the
median of three filters). Of more than 50,000 postings the trends are drawn after the rest: that time is told apart.
``--stating`` is how many of 130 requirements a posting states on average.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import sync_playwright

from itpm_trends.showing.printing import chromium

N_WEEKS, N_REQUIREMENTS = 104, 130
TARGETS = {5_000: (1.6, 1.5), 50_000: (2.5, 1.5), 500_000: (8.0, 3.0)}  # MB, seconds until ready
MOST_REDRAW = 0.3  # seconds
FILTERS = (("country", "US"), ("seniority", "senior"), ("country", ""))
REDRAW = """async ([name, value]) => {
  const select = document.forms.form.elements[name], from = performance.now();
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - from;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, nargs="+", default=list(TARGETS))
    parser.add_argument("--stating", type=float, default=10.0)
    parser.add_argument("--written", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.written:
        write(options.written)
        return
    for n_postings in options.postings:
        with tempfile.TemporaryDirectory() as folder:
            draw(Path(folder), n_postings, options.stating)
            subprocess.run([sys.executable, "-m", "benchmarks.dashboard", "--written", folder], check=True)
            measure(Path(folder) / "dashboard.html", n_postings)


def draw(folder: Path, n_postings: int, stating: float) -> None:
    """Tables of a market whose employers are of unequal size and whose requirements are frequent, and mostly rare."""
    from itpm_trends.measuring.recommend import is_learnable
    from itpm_trends.reading.vocabulary import requirement_ids
    from itpm_trends.tables import POSTINGS, RECOMMENDATIONS, REQUIREMENT_MENTIONS, TRENDS, WEEKLY_PANEL

    rng = np.random.default_rng(1)
    monday = pd.Timestamp("2024-01-01").as_unit("us")
    week = np.sort(rng.integers(N_WEEKS, size=n_postings))
    posted = monday + pd.to_timedelta(7 * week + rng.integers(0, 6, n_postings), unit="D")
    n_employers = max(n_postings // 20, 10)
    employer = np.minimum((n_employers * rng.power(0.4, n_postings)).astype(int), n_employers - 1)
    strata = {
        "source": (["northboard", "jobs-atlas", "workwell", "openjobs"], [0.4, 0.3, 0.2, 0.1]),
        "country_code": (
            ["US", "GB", "DE", "CA", "SE", "FR", "IN", None],
            [0.4, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05, 0.1],
        ),
        "seniority": (["coordinator", "manager", "senior", "programme", "director"], [0.1, 0.4, 0.3, 0.15, 0.05]),
        "workplace": (["onsite", "hybrid", "remote", None], [0.2, 0.3, 0.2, 0.3]),
        "specialism": (["software", "infrastructure", "erp", None], [0.4, 0.2, 0.1, 0.3]),
    }
    drawn = {name: rng.choice(np.array(values, dtype=object), n_postings, p=p) for name, (values, p) in strata.items()}
    ids = np.char.add("p", np.char.zfill(np.arange(n_postings).astype(str), 15))
    pay = np.where(rng.random(n_postings) < 0.4, 1000.0 * rng.integers(50, 160, n_postings), np.nan)
    postings = pd.DataFrame(
        {
            "posting_id": ids, "source_posting_id": ids, "vacancy_id": ids, "title": "IT project manager",
            "company_name": np.char.add("Employer ", employer.astype(str)), **drawn, "posted_date": posted,
            "posted_date_source": "api", "first_seen": posted + pd.Timedelta(days=1), "last_seen": posted,
            "description_text": "Drawn.", "text_extent": "whole", "salary_min": pay, "salary_max": pay + 20_000,
            "salary_currency": np.where(np.isnan(pay), None, "USD"),
            "salary_period": np.where(np.isnan(pay), None, "year"),
            "occupation": "it-project-manager", "language": "en",
        }
    )  # fmt: skip
    postings = postings.reindex(columns=POSTINGS.columns).astype({n: c.dtype for n, c in POSTINGS.columns.items()})
    postings.to_parquet(folder / "postings.parquet")
    learnable = [i for i in requirement_ids() if is_learnable(i)]
    rest = [i for i in requirement_ids() if i.split(":")[0] in ("degree", "duty", "role")][:20]
    chosen = [
        *rng.choice(learnable, N_REQUIREMENTS - len(rest) - 1, replace=False),
        *rest,
        "experience:project-management",
    ]
    shares = 1 / np.arange(1, N_REQUIREMENTS + 1) ** 0.8
    shares = np.minimum(shares * stating / shares.sum(), 0.85)
    rows = [np.flatnonzero(rng.random(n_postings) < share) for share in shares]
    which = np.repeat(np.arange(N_REQUIREMENTS), [len(r) for r in rows])
    place = np.concatenate(rows)
    names = pd.Categorical.from_codes(rng.permutation(N_REQUIREMENTS)[which], chosen)
    kinds = names.map(lambda name: name.split(":")[0]).astype(str)
    mentions = pd.DataFrame(
        {
            "posting_id": ids[place], "requirement_id": names.astype(str), "kind": kinds,
            "modality": np.where(rng.random(len(place)) < 0.65, "required", "preferred"), "cue": "default",
            "level": np.where(kinds == "degree", names.map(lambda name: name.split(":")[1]).astype(str), None),
            "min_years": np.where(kinds == "experience", rng.integers(1, 12, len(place)), np.nan),
            "start": 0, "end": 1, "matched_text": "x", "section": "required",
        }
    )  # fmt: skip
    columns = REQUIREMENT_MENTIONS.columns
    mentions = mentions.reindex(columns=columns).astype({name: column.dtype for name, column in columns.items()})
    mentions.to_parquet(folder / "requirement_mentions.parquet")
    sources = strata["source"][0]
    runs = [(s, "live", monday + pd.Timedelta(days=7 * w + 6), True) for s in sources for w in range(N_WEEKS)]
    coverage = pd.DataFrame(runs, columns=["source", "kind", "collected_on", "is_complete"])
    coverage.assign(n_parsed=1, n_rejected=0).to_parquet(folder / "coverage.parquet")
    for name, table in (("weekly_panel", WEEKLY_PANEL), ("trends", TRENDS), ("recommendations", RECOMMENDATIONS)):
        table.empty().to_parquet(folder / f"{name}.parquet")
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in ("source", "payload", "record", "reason")})
    empty.to_parquet(folder / "quarantine.parquet")


def write(folder: Path) -> None:
    """The dashboard of the drawn market, in a process of its own."""
    from itpm_trends.showing.dashboard import write_dashboard
    from itpm_trends.workspace import Workspace

    processed = folder / "data" / "processed"
    processed.mkdir(parents=True)
    for table in folder.glob("*.parquet"):
        table.rename(processed / table.name)
    began = time.perf_counter()
    write_dashboard(Workspace(folder), folder / "dashboard.html", as_of=date(2026, 1, 4))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"  written in {time.perf_counter() - began:.1f} s, peak memory {peak:.2f} GiB", flush=True)


def measure(path: Path, n_postings: int) -> None:
    size = path.stat().st_size / 1e6
    most_size, most_ready = TARGETS.get(n_postings, (float("nan"), float("nan")))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}).new_page()
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]", timeout=60_000)
        ready = int(page.get_attribute("html", "data-ready")) / 1000
        print(
            f"{n_postings:>9,} postings: {size:.2f} MB (at most {most_size}), "
            f"ready in {ready:.2f} s (at most {most_ready})"
        )
        print(f"            {page.inner_text('#counted')}")
        slowest = {}
        for tab in page.evaluate("[...document.querySelectorAll('[role=tab]')].map((t) => t.dataset.tab)"):
            page.click(f"#tab-{tab}")
            slowest[tab] = float(np.median([page.evaluate(REDRAW, list(chosen)) for chosen in FILTERS])) / 1000
        page.click("#tab-changes")
        from_here = time.perf_counter()
        page.evaluate(REDRAW, list(FILTERS[0]))
        page.wait_for_selector("#figure-changes .plot .main-svg")
        trends = time.perf_counter() - from_here
        browser.close()
        told = ", ".join(f"{tab} {seconds:.2f}" for tab, seconds in slowest.items())
        print(f"            filter to redraw, s (at most {MOST_REDRAW}): {told}; trends drawn after {trends:.2f}")


if __name__ == "__main__":
    main()
