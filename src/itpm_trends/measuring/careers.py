"""What a career changer asks: how many years, from which jobs, and whether experience stands in for a degree."""

from __future__ import annotations

import numpy as np
import pandas as pd

from itpm_trends.measuring.intervals import (
    MIN_POSTINGS,
    degrees_of_freedom,
    design_effect,
    employer_codes,
    employer_correlation,
    size_met,
    wilson,
)
from itpm_trends.measuring.panel import pooled_shares
from itpm_trends.reading.degrees import DEGREE_LADDER
from itpm_trends.tables import SENIORITIES

EVERYONE = "all"
RESAMPLES = 400


def least_years(vacancies: pd.DataFrame, mentions: pd.DataFrame) -> pd.Series:
    """The most years that each posting sets as a minimum, null where it states none; index as ``vacancies``."""
    asked = mentions[(mentions["kind"] == "experience") & mentions["min_years"].notna()]
    return vacancies["posting_id"].map(asked.groupby("posting_id")["min_years"].max()).astype("float64")


def years_by(vacancies: pd.DataFrame, mentions: pd.DataFrame, by: str = "seniority", seed: int = 1) -> pd.DataFrame:
    """How many years postings ask for, for all and for each value of ``by``.

    Columns: value, n_postings, n_employers, n_stating, share_stating with its 95 % interval; lower_quartile, median and
    upper_quartile of the years stated, the median's interval by resampling employers (Efron 1979). Groups below
    ``MIN_POSTINGS`` postings are left out, quartiles of fewer than as many stated numbers are null.
    """
    years = least_years(vacancies, mentions)
    groups = [(EVERYONE, vacancies), *vacancies.groupby(by)]
    rows = [
        _years_row(value, rows, years.loc[rows.index], np.random.default_rng(seed))
        for value, rows in groups
        if len(rows) >= MIN_POSTINGS
    ]
    columns = ["value", "n_postings", "n_employers", "n_stating", "share_stating", "share_low", "share_high"]
    columns += ["lower_quartile", "median", "upper_quartile", "median_low", "median_high"]
    order = {value: at for at, value in enumerate((EVERYONE, *SENIORITIES))}
    told = pd.DataFrame(rows, columns=columns)
    return told.sort_values("value", key=lambda v: v.map(order).fillna(len(order)), kind="stable", ignore_index=True)


def _years_row(value: str, rows: pd.DataFrame, years: pd.Series, rng: np.random.Generator) -> dict:
    employers = employer_codes(rows["company_name"])
    share, low, high = clustered_share(years.notna().to_numpy(), employers)
    told = {"value": value, "n_postings": len(rows), "n_employers": len(np.unique(employers))}
    told |= {"n_stating": int(years.notna().sum()), "share_stating": share, "share_low": low, "share_high": high}
    if told["n_stating"] < MIN_POSTINGS:
        return told
    stated = years.dropna().to_numpy()
    ends = median_interval(stated, employer_codes(rows.loc[years.notna(), "company_name"]), rng)
    quartiles = np.quantile(stated, [0.25, 0.5, 0.75])
    told |= dict(zip(("lower_quartile", "median", "upper_quartile"), quartiles, strict=True))
    return told | dict(zip(("median_low", "median_high"), ends, strict=True))


def accepted_roles(vacancies: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Previous jobs in which postings ask for or accept experience, as ``pooled_shares``, the commonest first."""
    roles = mentions[mentions["kind"] == "role"]
    return pooled_shares(vacancies, roles).query("n_mentioning > 0").reset_index(drop=True)


def degree_shares(vacancies: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """``pooled_shares`` of the degrees, lowest first, with how firmly they are asked for.

    n_strict, n_or_experience and n_preferred add up to n_mentioning; or_experience is the share of those that require
    the degree which accept experience in its place, or_experience_low and or_experience_high its 95 % interval.
    """
    degrees = mentions[(mentions["kind"] == "degree") & mentions["posting_id"].isin(vacancies["posting_id"])]
    if not len(degrees):
        return pd.DataFrame()
    stated = degrees.assign(
        is_required=degrees["modality"] == "required", is_open=degrees["or_experience"].fillna(False).astype(bool)
    )
    each = stated.groupby(["requirement_id", "posting_id"], as_index=False)[["is_required", "is_open"]].any()
    each = each.assign(
        n_strict=each["is_required"] & ~each["is_open"],
        n_or_experience=each["is_required"] & each["is_open"],
        n_preferred=~each["is_required"],
    )
    counts = each.groupby("requirement_id", as_index=False)[["n_strict", "n_or_experience", "n_preferred"]].sum()
    company = vacancies.set_index("posting_id")["company_name"]
    opens = [_open_part(name, rows, company) for name, rows in each[each["is_required"]].groupby("requirement_id")]
    columns = ["requirement_id", "or_experience", "or_experience_low", "or_experience_high"]
    shares = pooled_shares(vacancies, degrees).merge(counts, on="requirement_id", validate="one_to_one")
    shares = shares.merge(pd.DataFrame(opens, columns=columns), how="left", on="requirement_id", validate="one_to_one")
    return shares.assign(step=shares["requirement_id"].map(_rung)).sort_values(
        ["step", "requirement_id"], ignore_index=True
    )


def degree_fields(vacancies: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Fields of study named beside a degree, the commonest first: ``pooled_shares`` with ids ``field:NAME``."""
    named = mentions[(mentions["kind"] == "degree") & mentions["fields"].notna()]
    each = named.assign(requirement_id=named["fields"].str.split(";")).explode("requirement_id")
    each["requirement_id"] = "field:" + each["requirement_id"].astype("str")
    return pooled_shares(vacancies, each).query("n_mentioning > 0").reset_index(drop=True)


def graduate_shares(vacancies: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """``pooled_shares`` of graduate certificates, and as ``degree:mba`` of master's degrees in business."""
    degrees = mentions[mentions["kind"] == "degree"]
    in_business = degrees["fields"].str.contains(r"(?:^|;)business(?:;|$)", regex=True).eq(True).fillna(False)
    is_mba = (degrees["requirement_id"] == "degree:master") & in_business
    named = degrees.assign(requirement_id=degrees["requirement_id"].mask(is_mba, "degree:mba"))
    return pooled_shares(vacancies, named, ["degree:graduate-certificate", "degree:mba"])


def _open_part(name: str, rows: pd.DataFrame, company: pd.Series) -> tuple:
    if len(rows) < MIN_POSTINGS:
        return name, np.nan, np.nan, np.nan
    return name, *clustered_share(rows["is_open"].to_numpy(), employer_codes(rows["posting_id"].map(company)))


def clustered_share(is_so: np.ndarray, employers: np.ndarray) -> tuple[float, float, float]:
    """Share of a yes-or-no column with its 95 % interval, postings of one employer being alike."""
    correlation = employer_correlation(is_so[:, None], employers, np.zeros(len(is_so), dtype=int))
    effect = design_effect(correlation, employers)[0]
    met = max(size_met(np.bincount(employers)), 1.0)
    freedom = degrees_of_freedom(effect, len(is_so), met) if effect > 1 else np.inf
    low, high = wilson(is_so.sum(), len(is_so), effect, freedom)
    return float(is_so.mean()), float(low), float(high)


def median_interval(values: np.ndarray, employers: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """95 % interval of the median, whole employers drawn again ``RESAMPLES`` times (Efron 1979)."""
    n_employers = int(employers.max()) + 1
    weights = rng.multinomial(n_employers, np.full(n_employers, 1 / n_employers), RESAMPLES)
    order = np.argsort(values)
    below = np.cumsum(weights[:, employers[order]], axis=1)
    at = np.minimum((below < below[:, -1:] / 2).sum(axis=1), len(values) - 1)
    low, high = np.quantile(values[order][at], [0.025, 0.975])
    return float(low), float(high)


def _rung(requirement_id: str) -> int:
    level = requirement_id.split(":", 1)[1]
    return DEGREE_LADDER.index(level) if level in DEGREE_LADDER else len(DEGREE_LADDER)
