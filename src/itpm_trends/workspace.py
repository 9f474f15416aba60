"""Where a user's work lives: settings, ``data/raw``, ``data/processed`` and ``reports`` in one folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from itpm_trends.errors import NothingToDo
from itpm_trends.settings import Settings, load_settings

if TYPE_CHECKING:
    import pandas as pd

VARIABLE = "ITPM_TRENDS_WORKSPACE"  # programs that the commands start find the workspace by it


@dataclass(frozen=True)
class Workspace:
    """One folder of work; simulated and real postings never share one."""

    root: Path

    @classmethod
    def current(cls) -> Workspace:
        """The workspace named by ``ITPM_TRENDS_WORKSPACE``, otherwise the current folder."""
        return cls(Path(os.environ.get(VARIABLE) or Path.cwd()).resolve())

    @cached_property
    def settings(self) -> Settings:
        return load_settings(self.root)

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    def load(self, name: str) -> pd.DataFrame:
        """The table ``name`` from data/processed, e.g. ``load("weekly_panel")``."""
        path = self.processed / f"{name}.parquet"
        if not path.exists():
            raise NothingToDo(f"{path} does not exist. Collect or import postings, then run `itpm-trends build`.")
        import pandas as pd  # the command line must not wait for it

        return pd.read_parquet(path)
