"""200 boards of 500 postings on loopback, twice: ``python -m benchmarks.load [--boards 200] [--postings 500]``.

Printed: time, peak memory of the collecting process, requests in flight at once and the smallest gap between two of
them (as the server saw it), and for the second run, with unchanged boards, the bytes sent and the rows changed.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.loopback import Boards, serving

GAP = 0.2


def peak_mib() -> float:
    """Most memory that this process held; Linux counts the parent's into ru_maxrss, so its own mark is read there."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(folder: Path) -> None:
    from itpm_trends.cli import main as command

    sys.argv = ["itpm-trends", "--workspace", str(folder), "collect"]
    try:
        command()
    finally:
        print(f"peak {peak_mib():.0f}", flush=True)


def collected(folder: Path) -> tuple[float, float]:
    """Seconds and peak MiB of one collection."""
    at = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.load", "--child", str(folder)]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise SystemExit(outcome.stdout + outcome.stderr)
    return time.monotonic() - at, float(outcome.stdout.rpartition("peak ")[2])


def rows_of(folder: Path):
    from itpm_trends.collecting.archive import Archive
    from itpm_trends.collecting.market import raw_market

    return raw_market(Archive(folder / "data" / "raw")).postings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boards", type=int, default=200)
    parser.add_argument("--postings", type=int, default=500)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return
    with tempfile.TemporaryDirectory() as root, serving(Boards(options.boards, options.postings)) as boards:
        folder = Path(root)
        (folder / "itpm-trends.toml").write_text(boards.settings(gap=GAP))
        seconds, peak = collected(folder)
        n_first, before = boards.n_bytes, rows_of(folder)
        print(f"first run   {len(before):,} postings, {n_first / 2**20:,.1f} MiB, {seconds:.0f} s, peak {peak:.0f} MiB")
        seconds, peak = collected(folder)
        sent, after = boards.n_bytes - n_first, rows_of(folder)
        changed = [name for name in after if name != "last_seen" and not after[name].equals(before[name])]
        print(
            f"second run  {sent / n_first:.2%} of the bytes, {seconds:.0f} s, peak {peak:.0f} MiB; "
            f"columns changed: {changed or 'none'}"
        )
        print(f"in flight at once {boards.most_at_once}; smallest gap {boards.smallest_gap:.3f} s (set: {GAP} s)")
    holds = len(before) == options.boards * options.postings and not changed and sent < 0.02 * n_first
    raise SystemExit(0 if holds and boards.most_at_once == 1 and boards.smallest_gap >= GAP and peak < 500 else 1)


if __name__ == "__main__":
    main()
