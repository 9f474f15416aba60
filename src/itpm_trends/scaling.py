"""Where the reading runs: in several processes on this machine, or on the workers of a Dask cluster.

What is run is the same function on the same files; only names, numbers and counts are sent around.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Protocol

from itpm_trends.errors import ItpmTrendsError, SettingsError

MOST_DEATHS = 5  # workers that may die over one part before the part is blamed
LONGEST_WAIT = 20  # seconds for the scheduler to answer


class Engine(Protocol):
    """Runs a function many times, somewhere."""

    def map(self, function: Callable, *arguments: list) -> Iterator:
        """``function`` of each of ``arguments``, in their order."""


class Processes:
    """Processes on this machine, started when they are first needed; use it as a context manager."""

    def __init__(self, n_processes: int | None = None) -> None:
        self.n_processes = n_processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

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


class DaskWorkers:
    """The workers of a Dask cluster."""

    def __init__(self, client) -> None:
        self._client = client

    def map(self, function: Callable, *arguments: list) -> Iterator:
        """``function`` of each of ``arguments``, in their order."""
        for done in self._client.map(function, *arguments, pure=False, retries=MOST_DEATHS):
            yield done.result()


@contextmanager
def dask_engine(scheduler: str | None = None) -> Iterator[DaskWorkers]:
    """The workers of the Dask cluster at ``scheduler``, or of one on this machine with a worker a core.

    Workers must see the workspace under the same path. A worker that dies loses nothing but time: its parts are
    given to others. SettingsError where Dask is not installed or the scheduler cannot be reached.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise SettingsError(
            "--engine dask needs the extra `distributed`: pip install 'itpm-trends[distributed]'"
        ) from error
    import dask

    with dask.config.set({"distributed.scheduler.allowed-failures": MOST_DEATHS}):
        cluster = scheduler or LocalCluster(n_workers=os.cpu_count() or 1, threads_per_worker=1, dashboard_address=None)
        try:
            client = Client(cluster, timeout=LONGEST_WAIT)
        except (OSError, TimeoutError) as error:
            raise SettingsError(f"no Dask scheduler answers at {scheduler}. Is it running, and reachable?") from error
        with client:
            yield DaskWorkers(client)
        if scheduler is None:
            cluster.close()
