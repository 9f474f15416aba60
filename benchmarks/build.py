"""What a build of many postings costs: ``python -m benchmarks.build [--sizes 20000 100000] [--folder DIR]``.

For each size an archive of simulated adverts is written (``benchmarks.hiring``; about 4,000 characters each, six in ten
for IT project managers), then, each in a process of its own: a build from nothing, a build again after one posting in a
hundred was added, and a build of all that from nothing. Printed: time by step, peak memory of all processes together
(sampled; what they share is counted once), cost of a posting, and whether the last two made the same tables.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

EVERY = 0.25  # seconds between two looks at the memory
LARGEST_PEAK = 2048  # MiB
LARGEST_SPREAD = 0.20  # of the cost of a posting between the sizes
LARGEST_RERUN = 0.03  # of a full build, for one posting in a hundred more


@dataclass(frozen=True)
class Measured:
    """One build: seconds in all and by step, peak MiB of the process tree, the tables' hashes."""

    seconds: float
    steps: dict[str, float]
    peak: float
    tables: dict[str, str]
    n_postings: int
    n_ours: int
    n_mentions: int


def tree(pid: int) -> list[int]:
    """``pid`` and all processes below it."""
    found = [pid]
    for each in found:
        try:
            tasks = Path(f"/proc/{each}/task").iterdir()
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def memory_of(pid: int) -> float:
    """MiB that the process tree holds, pages shared between processes counted once (PSS)."""
    kib = 0
    for each in tree(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
            kib += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
    return kib / 1024


def child(folder: Path, engine: str, force: bool) -> None:
    """Build in ``folder``, telling on stdout when each step begins."""
    from itpm_trends.building import build
    from itpm_trends.workspace import VARIABLE, Workspace

    os.environ[VARIABLE] = str(folder)
    begun = []

    def progress(doing: str, n_done: int, n_total: int) -> None:
        if doing not in begun:
            begun.append(doing)
            print(json.dumps({"step": doing, "at": time.monotonic()}), flush=True)

    options = {"engine": engine} if engine != "processes" else {}
    report = build(Workspace(folder), force=force, progress=progress, **options)
    print(json.dumps({"n": [report.n_postings, report.n_it_project_manager, report.n_mentions]}), flush=True)


def measured(folder: Path, *, engine: str = "processes", force: bool = False) -> Measured:
    """One build of the workspace ``folder`` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.build", "--child", str(folder), "--engine", engine]
    begin = time.monotonic()
    process = subprocess.Popen([*command, *(["--force"] if force else [])], stdout=subprocess.PIPE, text=True)
    peak, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            peak[0] = max(peak[0], memory_of(process.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    assert process.stdout
    told = [json.loads(line) for line in process.stdout if line.startswith("{")]
    if process.wait():
        raise SystemExit(f"the build of {folder} failed")
    end = time.monotonic()
    over.set()
    watcher.join()
    starts = [("starting", begin), *((row["step"], row["at"]) for row in told if "step" in row), ("", end)]
    steps = {name: after - at for (name, at), (_, after) in pairwise(starts)}
    tables = json.loads((folder / "data" / "processed" / "build.json").read_text())["tables"]
    return Measured(end - begin, steps, peak[0], tables, *told[-1]["n"])


def told(name: str, one: Measured) -> None:
    a_posting = 1e3 * one.seconds / one.n_postings
    print(f"{name:22} {one.seconds:8.1f} s, peak {one.peak:5.0f} MiB, {a_posting:.2f} ms a posting")
    print(f"{'':22} " + ", ".join(f"{step} {seconds:.1f}" for step, seconds in one.steps.items()), flush=True)


def one_size(root: Path, n_postings: int, engine: str) -> tuple[Measured, Measured, bool]:
    """Full build, build after one percent more, and whether a build of both from nothing gives the same tables."""
    from benchmarks.hiring import OURS, write_archive, write_one_percent

    folder = root / f"{n_postings}"
    raw = folder / "data" / "raw"
    at = time.monotonic()
    n_written, n_characters = write_archive(raw, n_postings)
    n_bytes = sum(path.stat().st_size for path in raw.rglob("*.gz"))
    print(
        f"\n{n_written:,} postings of {n_characters / n_written:,.0f} characters ({n_characters / 1e6:,.0f} million in all),"
        f" {OURS:.0%} for IT project managers; archive of {n_bytes / 2**20:,.0f} MiB in {time.monotonic() - at:.0f} s",
        flush=True,
    )
    full = measured(folder, engine=engine)
    told("from nothing", full)
    print(f"{'':22} {full.n_ours:,} for IT project managers, {full.n_mentions:,} mentions", flush=True)
    n_more = write_one_percent(raw, n_postings)
    more = measured(folder, engine=engine)
    told(f"{n_more:,} postings more", more)
    print(f"{'':22} {more.seconds / full.seconds:.1%} of the full build", flush=True)
    again = measured(folder, engine=engine, force=True)
    told("all from nothing", again)
    return full, more, again.tables == more.tables


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where the archives are written and kept; otherwise removed")
    parser.add_argument("--engine", default="processes", choices=["processes", "dask"])
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--force", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.engine, options.force)
        return
    root = options.folder or Path(tempfile.mkdtemp(prefix="itpm-trends-build-"))
    try:
        found = {n: one_size(root, n, options.engine) for n in options.sizes}
    finally:
        if not options.folder:
            shutil.rmtree(root, ignore_errors=True)
    costs = [full.seconds / full.n_postings for full, _, _ in found.values()]
    full, more, _ = found[max(found)]
    checks = {
        f"peak at most {LARGEST_PEAK:,} MiB": max(max(f.peak, m.peak) for f, m, _ in found.values()) <= LARGEST_PEAK,
        f"cost of a posting within {LARGEST_SPREAD:.0%}": max(costs) <= (1 + LARGEST_SPREAD) * min(costs),
        f"one percent more costs at most {LARGEST_RERUN:.0%}": more.seconds <= LARGEST_RERUN * full.seconds,
        "the same tables in steps and at once": all(is_same for _, _, is_same in found.values()),
    }
    print()
    for name, holds in checks.items():
        print(f"{'holds' if holds else 'FAILS':6} {name}")
    raise SystemExit(0 if all(checks.values()) else 1)


if __name__ == "__main__":
    main()
