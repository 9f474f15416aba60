"""What moved of late, from a workspace: emerging terms, and requirements that rise and fade; behind `emerging`."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from itpm_trends.errors import NothingToDo, SettingsError
from itpm_trends.measuring.emerging import FEWEST_PERIODS, emerging, fading, rising
from itpm_trends.measuring.together import clusters, pairs
from itpm_trends.reading.vocabulary import label_of, requirement_ids
from itpm_trends.reading.vocabulary_checks import add
from itpm_trends.showing.market import Market
from itpm_trends.tables import EMERGING
from itpm_trends.workspace import Workspace

KEPT = "emerging"  # the file in data/processed that holds the list for `--accept`


def lately(workspace: Workspace) -> pd.DataFrame:
    """The tables emerging and moving as one: ``list`` (emerging, rising, fading) and ``label`` before their columns.

    The emerging terms with their contexts are kept in data/processed, on this computer. NothingToDo where nothing
    moved.
    """
    told = moves(Market.of(workspace))
    found = told[told["list"] == "emerging"].reindex(columns=list(EMERGING.columns))
    EMERGING.frame(found).to_parquet(_kept(workspace), index=False)
    if not len(told):
        raise NothingToDo(
            "no term and no requirement moved beyond chance, or too few complete periods were collected to tell: "
            f"{FEWEST_PERIODS['week']} weeks or {FEWEST_PERIODS['month']} months are needed"
        )
    told = told.drop(columns=["direction"], errors="ignore")
    return told[["list", "label", *(name for name in told.columns if name not in ("list", "label"))]]


def moves(market: Market) -> pd.DataFrame:
    """The same two tables of one market, empty where nothing moved; nothing is kept of them."""
    found = emerging(market.flow, market.mentions)
    changed = [find(market.flow, market.mentions, requirement_ids()) for find in (rising, fading)]
    lists = [found.assign(list="emerging", label=found["term"])]
    lists += [m.assign(list=m["direction"], label=m["requirement_id"].map(label_of).astype("str")) for m in changed]
    return pd.concat([each for each in lists if len(each)] or lists[:1], ignore_index=True)


def accept(workspace: Workspace, term: str, kind: str, label: str | None, traits: dict) -> tuple[str, Path]:
    """Add the emerging ``term`` to the user's own vocabulary; the new requirement_id and the file that holds it.

    SettingsError where it is not on the list last printed. Its sentences are frames of ours, not text of postings.
    """
    if not _kept(workspace).exists():
        raise NothingToDo(f"{_kept(workspace)} does not exist. Run `itpm-trends emerging` first: it makes the list.")
    found = pd.read_parquet(_kept(workspace)).set_index("term")
    wanted = " ".join(term.casefold().split())
    if wanted not in found.index:
        listed = ", ".join(found.index) or "no term"
        raise SettingsError(
            f"{term!r} is not on the list of emerging terms, which holds {listed}. "
            "For any other phrase see `itpm-trends vocabulary add --help`."
        )
    called = label or _spelled(wanted, found.loc[wanted, "contexts"])
    row = {
        "id": re.sub(r"[^a-z0-9]+", "-", wanted).strip("-"),
        "label": called,
        "match": [wanted],
        "yes": [f"Experience with {called} is required.", f"Knowledge of {wanted} is a plus."],
        "no": [f"Experience with {_part_of(wanted)} is required."],
        **traits,
    }
    return f"{kind}:{row['id']}", add(kind, row)


def bundles(workspace: Workspace) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables pairs and clusters of all vacancies in ``workspace``; NothingToDo where no pair comes together."""
    market = Market.of(workspace)
    found = pairs(market.vacancies, market.mentions, requirement_ids(), seed=1)
    if not len(found):
        raise NothingToDo("no two requirements come together more often than chance among these vacancies")
    return found, clusters(found)


def _kept(workspace: Workspace) -> Path:
    return workspace.processed / f"{KEPT}.parquet"


def _spelled(term: str, contexts: str) -> str:
    """The term as the first context spells it."""
    return re.search(r"[\W_]+".join(map(re.escape, term.split())), contexts, re.IGNORECASE).group()


def _part_of(term: str) -> str:
    """Words that must not be taken for ``term``: its first word, or a longer word that begins like it."""
    first, *others = term.split()
    return f"{first} alone" if others else f"{first}like products"
