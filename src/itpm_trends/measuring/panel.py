"""Shares with intervals: over a window, and period by period with the zeros kept."""

from __future__ import annotations

import numpy as np
import pandas as pd

from itpm_trends.measuring.intervals import design_effect, employer_codes, employer_correlation, wilson
from itpm_trends.tables import WEEKLY_PANEL

STRATA = ("source", "country_code", "seniority", "workplace")
MIN_STRATUM = 30  # a stratum with fewer vacancies than this over all periods is not counted apart


def kind_of(requirement_ids: pd.Series) -> pd.Series:
    """The part before the colon: certification, degree, skill, ..."""
    return requirement_ids.str.split(":").str[0].astype("str")


def states(postings: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Two 0/1 arrays, postings x requirements: the posting states it; the posting requires it."""
    row = pd.Series(np.arange(len(postings)), index=postings["posting_id"].to_numpy())
    column = pd.Series(np.arange(len(requirement_ids)), index=requirement_ids)
    known = mentions[mentions["posting_id"].isin(row.index) & mentions["requirement_id"].isin(column.index)]
    rows, columns = row[known["posting_id"]].to_numpy(), column[known["requirement_id"]].to_numpy()
    stated = np.zeros((len(postings), len(requirement_ids)), dtype=np.int8)
    required = stated.copy()
    stated[rows, columns] = 1
    is_required = (known["modality"] == "required").to_numpy()
    required[rows[is_required], columns[is_required]] = 1
    return stated, required


def pooled_shares(postings: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str] | None = None):
    """Share of ``postings`` (one a vacancy) that state each requirement, with its 95 % interval.

    Columns: requirement_id, kind, n_postings, n_mentioning, n_required, n_employers, share, share_low, share_high,
    design_effect; one row a requirement, those that nobody states included where ``requirement_ids`` names them.
    """
    if requirement_ids is None:
        requirement_ids = sorted(mentions["requirement_id"].unique())
    stated, required = states(postings, mentions, requirement_ids)
    employers = employer_codes(postings["company_name"])
    correlation = employer_correlation(stated, employers, np.zeros(len(postings), dtype=int))
    shares = _shares(stated, required, employers, correlation, requirement_ids)
    return shares.sort_values(["n_mentioning", "requirement_id"], ascending=[False, True], ignore_index=True)


def weekly_panel(flow: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]) -> pd.DataFrame:
    """The panel: every requirement in every collected period, zeros kept, for all and for each stratum.

    ``flow`` comes from :func:`itpm_trends.measuring.vacancies.counted`; ``requirement_ids`` from the vocabulary, so
    that a requirement nobody asks for this week is a zero and not a hole.
    """
    stated, required = states(flow, mentions, requirement_ids)
    employers = employer_codes(flow["company_name"])
    periods = pd.factorize(flow["week"])[0]
    correlation = employer_correlation(stated, employers, periods)
    blocks = []
    for stratum, members in strata(flow):
        for week, rows in members.groupby("week").indices.items():
            at = members.index.to_numpy()[rows]
            shares = _shares(stated[at], required[at], employers[at], correlation, requirement_ids)
            # Partial for one source is partial for the sum.
            maturity = "partial" if (flow["maturity"].iloc[at] == "partial").any() else "final"
            blocks.append(shares.assign(period=flow["period"].iloc[0], week=week, stratum=stratum, maturity=maturity))
    return WEEKLY_PANEL.frame(pd.concat(blocks, ignore_index=True) if blocks else [])


def strata(flow: pd.DataFrame):
    """Yield ``("all", flow)`` and then ``("column=value", its rows)`` for each stratum that is large enough."""
    yield "all", flow
    for column in STRATA:
        for value, members in flow.groupby(column):
            if len(members) >= MIN_STRATUM:
                yield f"{column}={value}", members


def _shares(stated, required, employers, correlation, requirement_ids) -> pd.DataFrame:
    n_postings = len(stated)
    effect = design_effect(correlation, pd.factorize(employers)[0])
    n_mentioning = stated.sum(axis=0, dtype=np.int64)
    low, high = wilson(n_mentioning, np.full(len(requirement_ids), n_postings), effect)
    ids = pd.Series(requirement_ids, dtype="str")
    return pd.DataFrame(
        {
            "requirement_id": ids,
            "kind": kind_of(ids),
            "n_postings": n_postings,
            "n_mentioning": n_mentioning,
            "n_required": required.sum(axis=0, dtype=np.int64),
            "n_employers": len(np.unique(employers)),
            "share": n_mentioning / max(n_postings, 1),
            "share_low": low,
            "share_high": high,
            "design_effect": effect,
        }
    )
