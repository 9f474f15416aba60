"""The market in parts: how many postings each employer, country, workplace or specialism has."""

from __future__ import annotations

import numpy as np
import pandas as pd

from itpm_trends.measuring.careers import clustered_share
from itpm_trends.measuring.intervals import employer_codes

FEWEST_VACANCIES = 3  # of an employer, to be named as one that hires
UNKNOWN = ""  # the value of postings that do not state it
PARTS = ("value", "n_part", "n_postings", "n_employers", "share", "share_low", "share_high")


def parts_by(vacancies: pd.DataFrame, column: str) -> pd.DataFrame:
    """Share of ``vacancies`` with each value of ``column``, the largest first, those that do not state it last.

    Columns: value (``UNKNOWN`` where it is not stated), n_part, n_postings, n_employers, share with its 95 % interval,
    postings of one employer being alike.
    """
    values = vacancies[column].astype("str").fillna(UNKNOWN)
    employers = employer_codes(vacancies["company_name"])
    rows = []
    for value, n_part in values.value_counts().items():
        is_part = (values == value).to_numpy()
        share, low, high = clustered_share(is_part, employers)
        n_employers = len(np.unique(employers[is_part]))
        rows.append((value, int(n_part), len(vacancies), n_employers, share, low, high))
    told = pd.DataFrame(rows, columns=list(PARTS))
    order = told.assign(is_unknown=told["value"] == UNKNOWN)
    return order.sort_values(["is_unknown", "n_part", "value"], ascending=[True, False, True], ignore_index=True)[
        list(PARTS)
    ]


def hiring_employers(vacancies: pd.DataFrame, fewest: int = FEWEST_VACANCIES) -> pd.DataFrame:
    """Employers with at least ``fewest`` of ``vacancies``, the most first: company_name, n_vacancies, n_postings.

    Spellings that differ in case alone are one employer, under the commonest of them.
    """
    spelled = vacancies["company_name"].dropna().value_counts().rename_axis("company_name").reset_index(name="n")
    same = spelled["company_name"].str.casefold().str.strip()
    rows = spelled.assign(n_vacancies=spelled.groupby(same)["n"].transform("sum"))[~same.duplicated()]
    rows = rows[rows["n_vacancies"] >= fewest].assign(n_postings=len(vacancies)).drop(columns="n")
    return rows.sort_values(["n_vacancies", "company_name"], ascending=[False, True], ignore_index=True)
