"""Is anything lost or doubled when the power fails? ``python -m benchmarks.kill [--points 50]``.

A collection and build of boards on loopback is killed (SIGKILL) at random points (seed 1), then run again to its end;
the hashes of all tables must be those of a run that nobody killed. Printed: the points, at which step each fell, and
how many runs lost or doubled a posting.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.loopback import Boards, serving

STEPS = ("collect", "build")


def child(folder: Path) -> None:
    """Collect and build in ``folder``, saying each step on stdout so that the parent can time its blow."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from itpm_trends.building import build
    from itpm_trends.collecting.archive import Archive
    from itpm_trends.collecting.chosen import chosen_tables
    from itpm_trends.collecting.collect import collect
    from itpm_trends.workspace import Workspace

    workspace = Workspace(folder)
    settings = replace(workspace.settings, sources=chosen_tables(workspace.settings))
    print("collect", flush=True)
    collect(Archive(workspace.raw), settings=settings, now=lambda: datetime.now(UTC).replace(microsecond=0))
    print("build", flush=True)
    build(workspace)


def started(folder: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "benchmarks.kill", "--child", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline().strip() == "collect"
    return process


def durations(folder: Path) -> tuple[float, float]:
    """Seconds that collecting and building take where nobody interferes."""
    process = started(folder)
    at = time.monotonic()
    assert process.stdout and process.stdout.readline().strip() == "build"
    collecting = time.monotonic() - at
    if process.wait():
        raise SystemExit("the uninterrupted run failed")
    return collecting, time.monotonic() - at - collecting


def tables_of(folder: Path) -> dict[str, str]:
    return json.loads((folder / "data" / "processed" / "build.json").read_text())["tables"]


def workspace(folder: Path, boards: Boards) -> Path:
    folder.mkdir()
    (folder / "itpm-trends.toml").write_text(boards.settings(gap=0.1))
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=50)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return
    chance = random.Random(1)
    steps, n_different = Counter(), 0
    with tempfile.TemporaryDirectory() as root, serving(Boards(20, 6)) as boards:
        whole = workspace(Path(root) / "whole", boards)
        collecting, building = durations(whole)
        expected = tables_of(whole)
        for number in range(options.points):
            folder = workspace(Path(root) / f"killed{number}", boards)
            process = started(folder)
            # Half of the blows fall while collecting, which is the shorter step.
            time.sleep(chance.uniform(0, collecting) if number % 2 else collecting + chance.uniform(0, building))
            process.send_signal(signal.SIGKILL)
            process.wait()
            said = process.stdout.read() if process.stdout else ""
            steps["build" if "build" in said else "collect"] += 1
            if started(folder).wait():
                raise SystemExit(f"the rerun of point {number} failed; its folder was {folder}")
            n_different += tables_of(folder) != expected
            print(f"\r{number + 1} of {options.points} points", end="", flush=True)
    print(f"\ncollecting {collecting:.1f} s, building {building:.1f} s; killed while {dict(steps)}")
    print(f"{n_different} of {options.points} reruns differ from it in any table (lost or doubled rows)")
    raise SystemExit(1 if n_different else 0)


if __name__ == "__main__":
    main()
