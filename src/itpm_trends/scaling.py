"""Where the reading runs: in this process, in several on this machine, or on the workers of a Dask cluster.

What is run is the same function on the same files; only names and counts come back.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from itpm_trends.errors import ItpmTrendsError


class Processes:
    """Processes on this machine, started when they are first needed; use it as a context manager."""

    def __init__(self, n_processes: int | None = None) -> None:
        self.n_processes = n_processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def map(self, function: Callable, *arguments: list) -> Iterator:
        """``function`` of each of ``arguments``, in their order."""
        if self.n_processes == 1 or len(arguments[0]) < 2:
            yield from map(function, *arguments)
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.n_processes, mp_context=get_context("spawn"))
        try:
            yield from self._pool.map(function, *arguments)
        except BrokenProcessPool as error:
            raise ItpmTrendsError(
                "a process that was reading was ended from outside, perhaps because memory ran out; "
                "run `itpm-trends build` again: what was read is kept"
            ) from error

    def rest(self) -> None:
        """End the processes, which give back their memory; the next :meth:`map` starts others."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
