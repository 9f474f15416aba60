"""Which posting states which requirement: a sparse 0/1 matrix that a million postings fit into."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array


def kind_of(requirement_ids: pd.Series) -> pd.Series:
    """The part before the colon: certification, degree, skill, ..."""
    return requirement_ids.str.split(":").str[0].astype("str")


def stated(postings: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]) -> csr_array:
    """Postings x requirements, float64: 1 where the posting states it; rows as ``postings``, columns as the ids.

    Mentions of other postings or requirements are passed over. Hand on
    ``mentions[mentions["modality"] == "required"]`` for what is required.
    """
    rows = pd.Index(postings["posting_id"]).get_indexer(mentions["posting_id"])
    columns = pd.Index(requirement_ids).get_indexer(mentions["requirement_id"])
    known = (rows >= 0) & (columns >= 0)
    shape = (len(postings), len(requirement_ids))
    cells = np.unique(rows[known].astype(np.int64) * max(shape[1], 1) + columns[known])
    at, of = np.divmod(cells, max(shape[1], 1))
    return csr_array((np.ones(len(cells)), (at, of)), shape=shape)
