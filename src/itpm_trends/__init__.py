"""itpm-trends: what employers ask of IT project managers, with evidence behind every number."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    import pandas as pd

LOADERS = {
    "load_postings": "postings",
    "load_mentions": "requirement_mentions",
    "load_panel": "weekly_panel",
    "load_trends": "trends",
    "load_recommendations": "recommendations",
    "load_quarantine": "quarantine",
    "load_coverage": "coverage",
}


def __getattr__(name: str):
    # Loaded on first use: `itpm-trends --help` must not wait for pandas and plotly.
    if name in LOADERS:
        from itpm_trends.workspace import Workspace

        def load() -> pd.DataFrame:
            return Workspace.current().load(LOADERS[name])

        load.__name__ = name
        load.__doc__ = f"The table ``{LOADERS[name]}`` of the current workspace."
        return load
    if name == "charts":
        from importlib import import_module

        return import_module("itpm_trends.showing.charts")
    raise AttributeError(f"module 'itpm_trends' has no attribute {name!r}")
