"""What a build costs: ``python -m benchmarks.build [--postings 20000 100000] [--folder DIR] [--engine dask]``.

For each size a simulated market (the demo's employers, requirements and sentences, each advert filled up to about 4 kB
with sentences of its own, so that no line is known beforehand) is imported into a workspace; printed are the time of
the first build, the peak memory of all its processes together, the cost of one posting, and the time of a build after
1 % more postings came. ``--engine dask`` also builds with two Dask workers and compares the tables' hashes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from itpm_trends.collecting.archive import Archive
from itpm_trends.collecting.importing import import_files
from itpm_trends.demo.market import market_settings, simulated_market
from itpm_trends.workspace import Workspace

ROWS_A_FILE = 20_000
MORE = 0.01
CHARACTERS = 4_000
WORDS = """delivery budget team review planning vendor release customer report change schedule roadmap portfolio quality
office steering committee supplier platform migration rollout contract service region country board partner product
scope milestone workshop training process system network cloud data security finance retail health energy public
agreement estimate forecast dependency handover pilot programme audit policy standard tool dashboard ticket backlog
""".split()  # noqa: SIM905 - a list of words reads best as words
LINKS = "with for and across after during towards before under through".split()  # noqa: SIM905


def filled(rng: np.random.Generator, html: str) -> str:
    """``html`` with as many made-up sentences as an advert of CHARACTERS has room for."""
    sentences = []
    n_characters = len(html)
    while n_characters < CHARACTERS:
        words = [
            f"{WORDS[at]} {LINKS[link]}"
            for at, link in zip(rng.integers(0, len(WORDS), 8), rng.integers(0, len(LINKS), 8), strict=True)
        ]
        sentence = f"<li>You work on the {' the '.join(words)} {rng.integers(1, 999)} others.</li>"
        sentences.append(sentence)
        n_characters += len(sentence)
    return f"{html}<ul>{''.join(sentences)}</ul>"


def written_market(folder: Path, n_postings: int, seed: int) -> list[Path]:
    """Parquet files of about ``n_postings`` adverts, ROWS_A_FILE each."""
    plan = market_settings()
    size = plan["market"]
    size["vacancies_a_week"] = max(1, round(n_postings / size["n_weeks"] / 1.2))
    size["n_employers"] = max(100, n_postings // 40)
    adverts = simulated_market(seed, plan).adverts.head(n_postings)
    rng = np.random.default_rng(seed)
    files = []
    for at in range(0, len(adverts), ROWS_A_FILE):
        part = adverts.iloc[at : at + ROWS_A_FILE]
        frame = pd.DataFrame(
            {
                "id": f"{seed}-" + part["advert_id"],
                "source": part["source"],
                "title": part["title"],
                "company": part["company_name"],
                "location": part["location_raw"],
                "posted_at": part["opened"].dt.strftime("%Y-%m-%d"),
                "description": [filled(rng, html) for html in part["description_html"]],
            }
        )
        files.append(folder / f"adverts-{seed}-{at}.parquet")
        frame.to_parquet(files[-1], index=False)
    return files


def built(root: Path, engine: str = "pandas") -> tuple[float, float]:
    """Seconds and peak MiB (all processes together) of ``itpm-trends build``, in processes of its own."""
    command = [sys.executable, "-m", "itpm_trends", "--workspace", str(root), "build", "--engine", engine]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    while child.poll() is None:
        peak = max(peak, sum(map(proportional_mib, family(child.pid))))
        time.sleep(0.2)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return time.perf_counter() - start, peak


def family(pid: int) -> list[int]:
    """``pid`` and all its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [pid, *(one for child in children.read_text().split() for one in family(int(child)))]
    except OSError:
        return []


def proportional_mib(pid: int) -> float:
    """Memory of a process, pages shared with others counted in parts; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def hashes(root: Path) -> dict[str, str]:
    """Of every table."""
    tables = sorted((root / "data" / "processed").glob("*.parquet"))
    return {table.stem: hashlib.sha256(table.read_bytes()).hexdigest()[:12] for table in tables}


def measured(folder: Path, n_postings: int, with_dask: bool) -> None:
    """Print what ``n_postings`` cost."""
    root = folder / f"build-{n_postings}"
    root.mkdir(parents=True)
    archive, now = Archive(Workspace(root).raw), datetime(2026, 1, 4, tzinfo=UTC)
    files = written_market(root, n_postings, seed=1)
    n_bytes = sum(pd.read_parquet(file, columns=["description"])["description"].str.len().sum() for file in files)
    import_files(files, archive, run_id="first", now=now)
    if with_dask:
        other = folder / f"build-{n_postings}-dask"
        (other / "data").mkdir(parents=True)
        os.symlink(root / "data" / "raw", other / "data" / "raw")
    seconds, mib = built(root)
    n_built = len(pd.read_parquet(root / "data" / "processed" / "postings.parquet", columns=["posting_id"]))
    print(f"{n_built:,} postings, {n_bytes / 1e9:.2f} GB of text: {seconds:,.0f} s, peak {mib:,.0f} MiB,", end=" ")
    print(f"{1e3 * seconds / n_built:.2f} ms a posting", flush=True)
    if with_dask:
        dask_seconds, dask_mib = built(other, "dask")
        print(f"{'':4}dask: {dask_seconds:,.0f} s, peak {dask_mib:,.0f} MiB")
        print(f"{'':4}pandas {hashes(root)}\n{'':4}dask   {hashes(other)}\n{'':4}same: {hashes(root) == hashes(other)}")
    more = written_market(root, max(1, round(n_postings * MORE)), seed=2)
    import_files(more, archive, run_id="second", now=now + timedelta(days=7))
    again, mib = built(root)
    print(f"{'':4}{MORE:.0%} more: {again:,.0f} s, {again / seconds:.1%} of the first build, peak {mib:,.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--engine", choices=["pandas", "dask"], default="pandas")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp())
    for n_postings in options.postings:
        measured(folder, n_postings, options.engine == "dask")


if __name__ == "__main__":
    main()
