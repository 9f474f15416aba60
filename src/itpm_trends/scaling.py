"""Who does the reading: this process, the cores of this machine, or the workers of a Dask cluster.

An engine takes a function and a list of paths and yields what the function returns for each, in any order. The function
is the same for all; it reads one file and leaves its result beside it, so nothing but paths and counts is sent around.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context

from itpm_trends.errors import SettingsError

Engine = Callable[[Callable[[str], int], list[str]], Iterator[int]]
FEWEST_CHUNKS = 4  # with fewer, starting processes costs more than it saves
MOST_DEATHS = 5  # workers that may die over one chunk before the chunk is blamed
LONGEST_WAIT = 20  # seconds for the scheduler to answer


def local_engine(n_chunks: int) -> Engine:
    """This process for little work, else one process a core."""
    n_processes = min(os.cpu_count() or 1, n_chunks)
    return in_this_process if n_chunks < FEWEST_CHUNKS or n_processes == 1 else on_the_cores


def in_this_process(function: Callable[[str], int], paths: list[str]) -> Iterator[int]:
    """One path after the other."""
    return map(function, paths)


def on_the_cores(function: Callable[[str], int], paths: list[str]) -> Iterator[int]:
    """One process a core."""
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(paths)), mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(function, path) for path in paths]):
            yield done.result()


@contextmanager
def dask_engine(scheduler: str | None = None) -> Iterator[Engine]:
    """The workers of the Dask cluster at ``scheduler``, or of one on this machine with a worker a core.

    Workers must see the workspace under the same path. A worker that dies loses nothing but time: its chunks are
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
            yield _on(client)
        if scheduler is None:
            cluster.close()


def _on(client) -> Engine:
    def engine(function: Callable[[str], int], paths: list[str]) -> Iterator[int]:
        from distributed import as_completed as as_they_come

        for done in as_they_come(client.map(function, paths, pure=False, retries=MOST_DEATHS)):
            yield done.result()

    return engine
