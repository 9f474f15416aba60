"""Progress of long work: a bar on a terminal, plain lines in a pipe; always on stderr."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Called with what is being done, how much of it is done, and how much there is."""

    def __call__(self, doing: str, n_done: int, n_total: int) -> None: ...


def silent(doing: str, n_done: int, n_total: int) -> None:
    """Say nothing."""


@contextmanager
def shown() -> Iterator[Progress]:
    """Progress for people (a bar) or for logs (a line at the start and at each quarter)."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, object] = {}

        def report(doing: str, n_done: int, n_total: int) -> None:
            if doing not in tasks:
                tasks[doing] = bars.add_task(doing, total=n_total)
            bars.update(tasks[doing], completed=n_done, total=n_total)

        yield report


class _Lines:
    def __init__(self) -> None:
        self.said: dict[str, int] = {}

    def __call__(self, doing: str, n_done: int, n_total: int) -> None:
        quarter = 4 * n_done // max(n_total, 1)
        if quarter != self.said.get(doing):
            self.said[doing] = quarter
            print(f"{doing}: {n_done:,} of {n_total:,}", file=sys.stderr, flush=True)


def announced(source: str, unit: str) -> None:
    """One line an answer: which source sent what."""
    print(f"{source}: {unit}", file=sys.stderr, flush=True)


@contextmanager
def sources_shown() -> Iterator[Callable[[str, str], None]]:
    """Told of each answer: a line that counts for each source on a terminal, a line an answer in a pipe."""
    if not sys.stderr.isatty():
        yield announced
        return
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:18}"),
        TextColumn("{task.completed:>5.0f} answers"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[unit]}"),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, object] = {}
        lock = threading.Lock()  # sources are asked side by side

        def report(source: str, unit: str) -> None:
            with lock:
                if source not in tasks:
                    tasks[source] = bars.add_task(source, total=None, unit=unit)
            bars.update(tasks[source], advance=1, unit=unit[:40])

        yield report
