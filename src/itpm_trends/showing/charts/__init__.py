"""One chart a file; each has ``figure(...) -> plotly.graph_objects.Figure`` and answers the question it opens with."""

from importlib import import_module

NAMES = (
    "changes",
    "countries",
    "degrees",
    "emerging",
    "experience_years",
    "hiring",
    "learn_next",
    "official_index",
    "pay_bands",
    "ranked_shares",
    "share_over_time",
    "source_mix",
    "specialisms",
    "together_map",
)


def __getattr__(name: str):
    # Loaded on first use: plotly takes a second that the command line need not wait for.
    if name in NAMES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; charts are {', '.join(NAMES)}")


def __dir__() -> list[str]:
    return sorted(NAMES)
