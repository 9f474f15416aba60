"""Which posting states which requirement: a sparse 0/1 matrix that a million postings fit into."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array


def kind_of(requirement_ids: pd.Series) -> pd.Series:
    """The part before the colon: certification, degree, skill, ..."""
    return requirement_ids.str.split(":").str[0].astype("str")


def stated(postings: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]) -> csr_array:
    """Postings x requirements: 1 where the posting states it; rows as ``postings``, columns as the ids.

    Mentions of other postings or requirements are passed over.
    """
    return _ones(*_places(postings, mentions, requirement_ids), len(postings), len(requirement_ids))


def stated_and_required(
    postings: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]
) -> tuple[csr_array, csr_array]:
    """:func:`stated`, and the same for what is required of it."""
    rows, columns = _places(postings, mentions, requirement_ids)
    shape = len(postings), len(requirement_ids)
    is_required = (mentions["modality"] == "required").to_numpy()
    return _ones(rows, columns, *shape), _ones(rows[is_required], columns[is_required], *shape)


def indicator(codes: np.ndarray, n_groups: int | None = None) -> csr_array:
    """Groups x postings: 1 where the posting is of the group; ``codes`` are integers from 0."""
    n_groups = int(codes.max()) + 1 if n_groups is None else n_groups
    return csr_array((np.ones(len(codes)), (codes, np.arange(len(codes)))), shape=(n_groups, len(codes)))


def _places(postings: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]):
    """Row and column of each mention, -1 where there is none."""
    columns = places_of(requirement_ids, mentions["requirement_id"])
    return places_of(postings["posting_id"], mentions["posting_id"]), columns


def places_of(known, names: pd.Series) -> np.ndarray:
    """The place of each of ``names`` among ``known`` (all different), -1 where it is not there."""
    # Each distinct name is looked up once: millions of mentions share them.
    if isinstance(names.dtype, pd.CategoricalDtype):
        codes, distinct = names.cat.codes.to_numpy(), names.cat.categories
    else:
        codes, distinct = pd.factorize(names)
    return pd.Index(known, dtype="str").get_indexer(pd.Index(distinct, dtype="str"))[codes].astype(np.int32)


def _ones(rows: np.ndarray, columns: np.ndarray, n_rows: int, n_columns: int) -> csr_array:
    known = (rows >= 0) & (columns >= 0)
    matrix = csr_array(
        (np.ones(int(known.sum()), dtype=np.float32), (rows[known], columns[known])), shape=(n_rows, n_columns)
    )
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix
