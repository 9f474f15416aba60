"""Folders of Parquet files: on this machine, or at any address that fsspec knows (extra ``distributed``)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from itpm_trends.errors import SettingsError

UNFINISHED = ".unfinished"


class Folder:
    """The files of one folder. ``address`` names it in other processes and on other machines."""

    def __init__(self, address: str | Path) -> None:
        self.address = str(address)
        self._system, self._root = _system_of(self.address)
        self._footers: dict[str, pq.FileMetaData] = {}  # reading one costs as much as reading a small row group

    def names(self) -> list[str]:
        """The finished files, sorted."""
        if self._system is None:
            found = os.listdir(self._root) if os.path.isdir(self._root) else []
        else:
            is_there = self._system.isdir(self._root)
            found = [name.rpartition("/")[2] for name in self._system.ls(self._root, detail=False)] if is_there else []
        return sorted(name for name in found if name.endswith(".parquet"))

    def opened(self, name: str) -> pq.ParquetFile:
        """The Parquet file ``name``."""
        return pq.ParquetFile(f"{self._root}/{name}", filesystem=self._system)

    @contextmanager
    def writer(self, name: str, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
        """A writer of the file ``name``, which is there, whole, once the block ends without an error."""
        path, half = f"{self._root}/{name}", f"{self._root}/{name}{UNFINISHED}"
        if self._system is None:
            os.makedirs(self._root, exist_ok=True)
        else:
            self._system.makedirs(self._root, exist_ok=True)
        with pq.ParquetWriter(half, schema, compression="zstd", filesystem=self._system) as writer:
            yield writer
        if self._system is None:
            os.replace(half, path)
        else:
            self._system.mv(half, path)

    def remove(self, name: str) -> None:
        """Take the file ``name`` away; nothing happens where it is not there."""
        if self._system is None:
            Path(self._root, name).unlink(missing_ok=True)
        elif self._system.exists(f"{self._root}/{name}"):
            self._system.rm(f"{self._root}/{name}")

    def clear(self) -> None:
        """Take away every file of the folder, unfinished ones included."""
        if self._system is None:
            for name in os.listdir(self._root) if os.path.isdir(self._root) else []:
                Path(self._root, name).unlink()
        elif self._system.isdir(self._root):
            self._system.rm(self._root, recursive=True)

    def _opened_again(self, name: str) -> pq.ParquetFile:
        """The file ``name``, which is never rewritten."""
        if name not in self._footers:
            self._footers[name] = self.opened(name).metadata
        return pq.ParquetFile(f"{self._root}/{name}", metadata=self._footers[name], filesystem=self._system)

    def taken(self, name: str, rows: np.ndarray, columns: list[str] | None = None) -> pa.Table:
        """The rows of a file by number, in the order asked for; row groups without any are not read."""
        file = self._opened_again(name)
        sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        group = np.searchsorted(starts, rows, side="right") - 1
        tables, places = [], []
        for number in np.unique(group):
            at = np.flatnonzero(group == number)
            table = file.read_row_group(int(number), columns=columns)
            wanted = rows[at] - starts[number]
            is_all = len(wanted) == len(table) and (np.diff(wanted) == 1).all()
            tables.append(table if is_all else table.take(pa.array(wanted)))
            places.append(at)
        empty = file.schema_arrow.remove_metadata().empty_table()
        return in_order([empty.select(columns or empty.column_names), *tables], places)


def give_memory_back() -> None:
    """Arrow keeps what it freed for itself; of a million texts that is more than all that is counted."""
    pa.default_memory_pool().release_unused()


def in_order(tables: list[pa.Table], places: list[np.ndarray]) -> pa.Table:
    """The rows of ``tables`` put where ``places`` say (one number for each row, 0 to n - 1 in all)."""
    table = pa.concat_tables([each.replace_schema_metadata() for each in tables])
    joined = np.concatenate([np.empty(0, np.int64), *places])
    if (joined[1:] > joined[:-1]).all():
        return table
    return table.take(pa.array(np.argsort(joined, kind="stable")))


def _system_of(address: str):
    if "://" not in address:
        return None, address
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise SettingsError(f'{address} needs fsspec: pip install "itpm-trends[distributed]"') from error
    return url_to_fs(address)
