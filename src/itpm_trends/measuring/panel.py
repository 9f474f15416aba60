"""Shares with intervals: over a window, and period by period with the zeros kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from itpm_trends.measuring.intervals import degrees_of_freedom, employer_codes, employer_correlation, wilson
from itpm_trends.measuring.stating import kind_of, stated_and_required
from itpm_trends.measuring.vacancies import first_days
from itpm_trends.tables import WEEKLY_PANEL

STRATA = ("source", "country_code", "seniority", "workplace", "specialism")
MIN_STRATUM = 30  # a stratum with fewer vacancies than this over all periods is not counted apart
DAYS_CUT = 6  # a period whose first week begins later than this was not collected from its beginning


def pooled_shares(postings: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str] | None = None):
    """Share of ``postings`` (one a vacancy) that state each requirement, with its 95 % interval.

    Columns: requirement_id, kind, n_postings, n_mentioning, n_required, n_employers, share, share_low, share_high,
    design_effect; one row a requirement, those that nobody states included where ``requirement_ids`` names them.
    """
    if requirement_ids is None:
        requirement_ids = sorted(mentions["requirement_id"].unique())
    counted = Counted.of(postings, mentions, requirement_ids, np.zeros(len(postings), dtype=int))
    shares = counted.shares(np.zeros(len(postings), dtype=int), 1)
    return shares.sort_values(["n_mentioning", "requirement_id"], ascending=[False, True], ignore_index=True)


def shares_by(
    postings: pd.DataFrame,
    mentions: pd.DataFrame,
    by: str,
    requirement_ids: list[str] | None = None,
) -> pd.DataFrame:
    """:func:`pooled_shares` for each value of the column ``by`` of ``postings`` that ``MIN_STRATUM`` of them have."""
    sizes = postings[by].value_counts()
    parts = [
        pooled_shares(postings[postings[by] == value], mentions, requirement_ids).assign(**{by: value})
        for value in sorted(sizes.index[sizes >= MIN_STRATUM])
    ]
    return pd.concat(parts, ignore_index=True) if parts else pooled_shares(postings.head(0), mentions, []).assign(by=[])


def weekly_panel(flow: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]) -> pd.DataFrame:
    """The panel: every requirement in every collected period, zeros kept, for all and for each stratum.

    ``flow`` comes from :func:`itpm_trends.measuring.vacancies.counted`, perhaps through :func:`by_period`;
    ``requirement_ids`` from the vocabulary, so that a requirement nobody asks for this week is a zero and not a hole.
    """
    if not len(flow):
        return WEEKLY_PANEL.empty()
    weeks, week_codes = np.unique(flow["week"].to_numpy(), return_inverse=True)
    counted = Counted.of(flow, mentions, sorted(requirement_ids), week_codes)
    groups, rows, codes = [], [], []
    for stratum, at in strata(flow):
        first = len(groups)
        present, of = np.unique(week_codes[at], return_inverse=True)
        groups += [(weeks[week], stratum) for week in present]
        rows.append(at)
        codes.append(first + of)
    names = pd.DataFrame(groups, columns=["week", "stratum"]).astype({"stratum": "str"})
    order = names.sort_values(["week", "stratum"]).index.to_numpy()
    # In the order of the table from the start: sorting millions of rows would hold them twice.
    names, codes = names.loc[order], np.argsort(order)[np.concatenate(codes)]
    rows = np.concatenate(rows)
    # Partial for one source is partial for the sum.
    partial = np.bincount(codes, (flow["maturity"] == "partial").to_numpy()[rows])
    names = names.assign(
        period=pd.Series(flow["period"].iloc[0], index=names.index, dtype="str"),
        maturity=np.where(partial > 0, "partial", "final"),
    ).astype({"maturity": "str"})
    panel = counted.shares(codes, len(groups), rows)
    panel[names.columns] = names.loc[names.index.repeat(len(requirement_ids))].reset_index(drop=True)
    columns = {name: column.dtype for name, column in WEEKLY_PANEL.columns.items()}
    return WEEKLY_PANEL.check(panel[list(columns)].astype(columns))


def strata(flow: pd.DataFrame):
    """Yield ``"all"`` and then ``"column=value"`` for each large enough stratum, with the numbers of its rows."""
    yield "all", np.arange(len(flow))
    for column in STRATA:
        for value, rows in flow.groupby(column).indices.items():
            if len(rows) >= MIN_STRATUM:
                yield f"{column}={value}", rows


def by_period(flow: pd.DataFrame, period: str) -> pd.DataFrame:
    """``flow`` counted by longer periods (month or quarter); the first and last are partial unless wholly collected."""
    if not len(flow) or flow["period"].iloc[0] == period:
        return flow
    length = {"week": pd.DateOffset(days=7), "month": pd.DateOffset(months=1)}[flow["period"].iloc[0]]
    first = first_days(flow["week"], period)
    after = first + pd.DateOffset(months={"month": 1, "quarter": 3}[period])
    is_cut = (after > flow["week"].max() + length) | (flow["week"].min() - first > pd.Timedelta(days=DAYS_CUT))
    return flow.assign(week=first, period=period, maturity=flow["maturity"].mask(is_cut, "partial"))


class Counted:
    """Who states and who requires what, and how alike the postings of an employer are: counted group by group."""

    def __init__(self, ids: list[str], states: csr_array, requires: csr_array, employers, correlation) -> None:
        self.ids, self.states, self.requires = pd.Series(ids, dtype="str"), states, requires
        self.employers, self.correlation = employers, correlation

    @classmethod
    def of(cls, postings: pd.DataFrame, mentions: pd.DataFrame, ids: list[str], periods: np.ndarray) -> Counted:
        states, requires = stated_and_required(postings, mentions, ids)
        employers = employer_codes(postings["company_name"])
        return cls(ids, states, requires, employers, employer_correlation(states, employers, periods))

    def shares(self, groups: np.ndarray, n_groups: int, rows: np.ndarray | None = None) -> pd.DataFrame:
        """One row a group and requirement, in that order; ``groups`` has a code for each of ``rows`` (all if unset)."""
        rows = np.arange(len(self.employers)) if rows is None else rows
        member = csr_array((np.ones(len(rows)), (groups, rows)), shape=(n_groups, len(self.employers)))
        n_mentioning = (member @ self.states).toarray()
        n_postings = np.bincount(groups, minlength=n_groups)[:, None]
        n_employers, size_met = self._employers_of(groups, n_groups, rows)
        effect = 1 + np.maximum(size_met - 1, 0) * self.correlation
        freedom = degrees_of_freedom(effect, n_postings, size_met)
        low, high = wilson(n_mentioning, n_postings, effect, np.where(effect > 1, freedom, np.inf))
        column = np.tile(np.arange(len(self.ids)), n_groups)
        many = np.broadcast_to(n_postings, n_mentioning.shape).ravel()
        return pd.DataFrame(
            {
                "requirement_id": self.ids.array.take(column),
                "kind": kind_of(self.ids).array.take(column),
                "n_postings": many,
                "n_mentioning": n_mentioning.ravel().astype(np.int64),
                "n_required": (member @ self.requires).toarray().ravel().astype(np.int64),
                "n_employers": np.broadcast_to(n_employers, n_mentioning.shape).ravel(),
                "share": n_mentioning.ravel() / np.maximum(many, 1),
                "share_low": low.ravel(),
                "share_high": high.ravel(),
                "design_effect": effect.ravel(),
            }
        )

    def _employers_of(self, groups: np.ndarray, n_groups: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Columns: employers of each group, and the size of the one that a posting drawn at random belongs to."""
        n_known = int(self.employers.max()) + 1 if len(self.employers) else 1
        pairs, sizes = np.unique(groups.astype(np.int64) * n_known + self.employers[rows], return_counts=True)
        of = pairs // n_known
        n_postings = np.bincount(of, sizes, n_groups)
        met = np.bincount(of, sizes.astype(float) ** 2, n_groups) / np.maximum(n_postings, 1)
        return np.bincount(of, minlength=n_groups)[:, None], np.maximum(met, 1)[:, None]
