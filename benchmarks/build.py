"""What a build of many postings costs: ``python -m benchmarks.build [--sizes 20000 100000] [--folder DIR] [--dask]``.

For each size an archive of simulated adverts is written (``benchmarks.hiring``; about 4,000 characters each, six in ten
for IT project managers), then, each in a process of its own: a build from nothing, a build again after one posting in a
hundred was added, and a build of all that from nothing. Printed: time by step, peak memory of all processes together
(sampled; what they share is counted once), cost of a posting, and whether the last two made the same tables. With
``--dask`` two Dask workers build it from nothing as well, and once more while one of them is killed in the middle.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.hiring import OURS, write_archive, write_one_percent
from itpm_trends.building import build
from itpm_trends.readings import read_part
from itpm_trends.scaling import Engine, dask_engine
from itpm_trends.workspace import VARIABLE, Workspace

EVERY = 0.25  # seconds between two looks at the memory
LARGEST_PEAK = 2048  # MiB
LARGEST_SPREAD = 0.20  # of the cost of a posting between the sizes
LARGEST_RERUN = 0.03  # of a full build, for one posting in a hundred more


@dataclass(frozen=True)
class Measured:
    """One build: seconds in all, seconds and peak MiB of the process tree by step, the tables' hashes."""

    seconds: float
    steps: dict[str, tuple[float, float]]
    tables: dict[str, str]
    n_postings: int
    n_ours: int
    n_mentions: int

    @property
    def peak(self) -> float:
        return max(peak for _, peak in self.steps.values())


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


@contextmanager
def engine_named(name: str) -> Iterator[Engine | None]:
    """``processes``, ``dask``, or ``dask-killed``: one worker is ended when the first part was read."""
    if name == "processes":
        yield None
        return
    with dask_engine() as engine:
        yield engine if name == "dask" else Killing(engine)


class Killing:
    """Dask workers of which one is killed, once."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._is_done = engine, False

    def map(self, function: Callable, *arguments: list) -> Iterator:
        for done in self._engine.map(function, *arguments):
            if function is read_part and not self._is_done:
                from distributed import default_client

                self._is_done = True
                os.kill(min(default_client().run(os.getpid).values()), signal.SIGKILL)
                print(json.dumps({"killed": True}), flush=True)
            yield done


def child(folder: Path, name: str, force: bool) -> None:
    """Build in ``folder``, telling on stdout when each step begins."""
    os.environ[VARIABLE] = str(folder)
    begun = []

    def progress(doing: str, n_done: int, n_total: int) -> None:
        if doing not in begun:
            begun.append(doing)
            print(json.dumps({"step": doing, "at": time.monotonic()}), flush=True)

    with engine_named(name) as engine:
        report = build(Workspace(folder), force=force, engine=engine, progress=progress)
        print(json.dumps({"n": [report.n_postings, report.n_it_project_manager, report.n_mentions]}), flush=True)


def measured(folder: Path, *, engine: str = "processes", force: bool = False) -> Measured:
    """One build of the workspace ``folder`` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.build", "--child", str(folder), "--engine", engine]
    begin = time.monotonic()
    process = subprocess.Popen([*command, *(["--force"] if force else [])], stdout=subprocess.PIPE, text=True)
    seen, over = [(begin, 0.0)], threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            seen.append((time.monotonic(), memory_of(process.pid)))

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
    steps = {
        name: (after - at, max((mib for when, mib in seen if at <= when < after), default=0.0))
        for (name, at), (_, after) in pairwise(starts)
    }
    tables = json.loads((folder / "data" / "processed" / "build.json").read_text())["tables"]
    assert any("killed" in row for row in told) == (engine == "dask-killed")
    counts = next(row["n"] for row in told if "n" in row)
    return Measured(end - begin, steps, tables, *counts)


def told(name: str, one: Measured) -> None:
    a_posting = 1e3 * one.seconds / one.n_postings
    print(f"{name:22} {one.seconds:8.1f} s, peak {one.peak:5.0f} MiB, {a_posting:.2f} ms a posting")
    steps = (f"{step} {seconds:.1f} ({peak:.0f} MiB)" for step, (seconds, peak) in one.steps.items())
    print(f"{'':22} " + ", ".join(steps), flush=True)


def one_size(root: Path, n_postings: int, with_dask: bool) -> tuple[Measured, Measured, bool]:
    """Full build, build after one percent more, and whether a build of both from nothing gives the same tables."""
    folder = root / f"{n_postings}"
    raw = folder / "data" / "raw"
    at = time.monotonic()
    n_written, n_characters = write_archive(raw, n_postings)
    n_bytes = sum(path.stat().st_size for path in raw.rglob("*.gz"))
    print(
        f"\n{n_written:,} postings of {n_characters / n_written:,.0f} characters, in all {n_characters / 1e9:.2f} GB,"
        f" {OURS:.0%} for IT project managers; archive of {n_bytes / 2**20:,.0f} MiB in {time.monotonic() - at:.0f} s",
        flush=True,
    )
    full = measured(folder)
    told("from nothing", full)
    print(f"{'':22} {full.n_ours:,} for IT project managers, {full.n_mentions:,} mentions", flush=True)
    n_more = write_one_percent(raw, n_postings)
    more = measured(folder)
    told(f"{n_more:,} postings more", more)
    print(f"{'':22} {more.seconds / full.seconds:.1%} of the full build", flush=True)
    is_same = True
    for engine in ("processes", "dask", "dask-killed") if with_dask else ("processes",):
        again = measured(folder, engine=engine, force=True)
        told(f"all, {engine}", again)
        is_same = is_same and again.tables == more.tables
        print(f"{'':22} {', '.join(f'{name} {sha[:8]}' for name, sha in again.tables.items())}", flush=True)
    return full, more, is_same


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where the archives are written and kept; otherwise removed")
    parser.add_argument("--dask", action="store_true", help="build with two Dask workers, too")
    parser.add_argument("--engine", default="processes", help=argparse.SUPPRESS)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--force", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.engine, options.force)
        return
    root = options.folder or Path(tempfile.mkdtemp(prefix="itpm-trends-build-"))
    try:
        found = {n: one_size(root, n, options.dask) for n in options.sizes}
    finally:
        if not options.folder:
            shutil.rmtree(root, ignore_errors=True)
    costs = [full.seconds / full.n_postings for full, _, _ in found.values()]
    full, more, _ = found[max(found)]
    checks = {
        f"peak at most {LARGEST_PEAK:,} MiB": max(max(f.peak, m.peak) for f, m, _ in found.values()) <= LARGEST_PEAK,
        f"cost of a posting within {LARGEST_SPREAD:.0%}": max(costs) <= (1 + LARGEST_SPREAD) * min(costs),
        f"one percent more costs at most {LARGEST_RERUN:.0%}": more.seconds <= LARGEST_RERUN * full.seconds,
        "the same tables, however built": all(is_same for _, _, is_same in found.values()),
    }
    print()
    for name, holds in checks.items():
        print(f"{'holds' if holds else 'FAILS':6} {name}")
    raise SystemExit(0 if all(checks.values()) else 1)


if __name__ == "__main__":
    main()
