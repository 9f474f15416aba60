"""What rises and what falls: change in percentage points a year, the source mix held fixed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import t as student_t

from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.panel import pooled_shares
from itpm_trends.tables import TRENDS

MIN_PERIODS = {"week": 12, "month": 6}
MIN_MENTIONING = 20  # fewer mentions, or fewer postings without one, carry no trend
MAX_FALSE_DISCOVERIES = 0.10  # q from which on a change is called rising or falling
MOST_STEPS = 50


def trends(
    flow: pd.DataFrame,
    panel: pd.DataFrame,
    mentions: pd.DataFrame,
    requirement_ids: list[str],
    complete_sources: set[str],
) -> pd.DataFrame:
    """The trends table: one row a requirement, a verdict or the reason why there is none.

    Quasi-binomial regression of the share on time with a term for each source (McCullagh and Nelder 1989), so that
    neither overdispersion nor a shifting source mix passes for a trend; the change is standardised to the window's
    source mix; q is Benjamini and Hochberg's (1995). Only final periods count. Collections that nobody vouches for
    as complete (``complete_sources``) give shares but no trend.
    """
    window = flow[flow["maturity"] == "final"]
    shares = pooled_shares(window, mentions, requirement_ids)
    rows = pd.DataFrame(
        shares.drop(columns=["n_required", "n_mentioning", "design_effect"]).assign(
            stratum="all",
            window_start=window["week"].min(),
            window_end=_window_end(window),
            n_periods=window["week"].nunique(),
            sources=";".join(sorted(window["source"].unique())) or "none",
        )
    )
    if not len(window):
        rows[["share", "share_low", "share_high"]] = np.nan
    refusal = _why_no_trend(window, complete_sources)
    cells = _cells(panel, window)
    fits = pd.DataFrame([_fit(cells, row, refusal) for row in shares.itertuples()])
    rows = pd.concat([rows.reset_index(drop=True), fits], axis=1)
    rows["q"] = benjamini_hochberg(rows["p"])
    moved = rows["q"] <= MAX_FALSE_DISCOVERIES
    rows.loc[rows["p"].notna(), "verdict"] = "steady"
    rows.loc[moved & (rows["change_pp"] > 0), "verdict"] = "rising"
    rows.loc[moved & (rows["change_pp"] < 0), "verdict"] = "falling"
    if not len(window):
        return TRENDS.empty()
    return TRENDS.frame(rows)


def benjamini_hochberg(p: pd.Series) -> pd.Series:
    """p adjusted so that a cut at q leaves at most that share of false discoveries; nulls stay null."""
    tested = p.dropna().sort_values(ascending=False)
    ranks = np.arange(len(tested), 0, -1)
    return (tested * len(tested) / ranks).cummin().clip(upper=1).reindex(p.index)


def quasi_binomial_slope(k, n, years, sources) -> dict | None:
    """Slope of the log odds over ``years`` with a term for each source, by iteratively reweighted least squares.

    Arrays of one cell each: ``k`` of ``n`` postings, mid-period in years, integer source codes. Returns slope, its
    standard error (scaled by Pearson's chi-square over the degrees of freedom, never below 1), the degrees of
    freedom and each source's intercept at mean time; ``None`` where the fit is not determined.
    """
    k, n, years = (np.asarray(values, dtype=float) for values in (k, n, years))
    n_sources = int(np.max(sources)) + 1
    years = years - np.average(years, weights=n)
    design = np.column_stack([np.eye(n_sources)[sources], years])
    # A source that always or never states the requirement says nothing of the slope, and has no finite intercept.
    totals = np.bincount(sources, k, n_sources), np.bincount(sources, n, n_sources)
    told = ((totals[0] > 0) & (totals[0] < totals[1]))[sources]
    kept = np.append(np.unique(sources[told]), n_sources)
    design, k, n = design[told][:, kept], k[told], n[told]
    freedom = len(k) - len(kept)
    if freedom < 3:
        return None
    beta = np.zeros(design.shape[1])
    for _ in range(MOST_STEPS):
        mean = expit(design @ beta)
        weight = np.maximum(n * mean * (1 - mean), 1e-12)
        information = design.T @ (design * weight[:, None])
        step = np.linalg.lstsq(information, design.T @ (k - n * mean), rcond=None)[0]
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    pearson = float((((k - n * mean) ** 2) / weight).sum())
    covariance = max(1.0, pearson / freedom) * np.linalg.pinv(information)
    intercepts = np.full(n_sources, np.nan)
    intercepts[kept[:-1]] = beta[:-1]
    return {"slope": beta[-1], "error": covariance[-1, -1] ** 0.5, "freedom": freedom, "intercepts": intercepts}


def _fit(cells: dict[str, pd.DataFrame], share, refusal: str | None) -> dict:
    """The trend's columns for one requirement."""
    none = dict.fromkeys(("change_pp", "change_low", "change_high", "p"), np.nan) | {"verdict": "too few"}
    if refusal:
        return none | {"reason": refusal}
    fewest = min(share.n_mentioning, share.n_postings - share.n_mentioning)
    if fewest < MIN_MENTIONING:
        return none | {"reason": f"fewer than {MIN_MENTIONING} postings with it, or without it"}
    cell = cells[share.requirement_id]
    fit = quasi_binomial_slope(cell["n_mentioning"], cell["n_postings"], cell["years"], cell["source_code"].to_numpy())
    if fit is None or not fit["error"] > 0:
        return none | {"reason": "too few periods"}
    mix = np.bincount(cell["source_code"], cell["n_postings"]).astype(float)
    reach = student_t.ppf(0.975, fit["freedom"]) * fit["error"]
    slopes = fit["slope"] + np.array([0.0, -reach, reach])
    change, low, high = (_change_a_year(slope, fit["intercepts"], mix) for slope in slopes)
    p = float(2 * student_t.sf(abs(fit["slope"]) / fit["error"], fit["freedom"]))
    return {"change_pp": change, "change_low": low, "change_high": high, "p": p, "verdict": "steady", "reason": None}


def _change_a_year(slope: float, intercepts: np.ndarray, mix: np.ndarray) -> float:
    """Percentage points from half a year before the middle of the window to half a year after it, at a fixed mix."""
    told = ~np.isnan(intercepts)
    after, before = expit(intercepts[told] + slope / 2), expit(intercepts[told] - slope / 2)
    return float(100 * ((after - before) * mix[told]).sum() / mix.sum())


def _cells(panel: pd.DataFrame, window: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Per requirement, its (source, period) cells of the final periods."""
    sources = window["source"].value_counts()
    cells = panel[panel["stratum"].str.startswith("source=") & panel["week"].isin(window["week"].unique())]
    cells = cells.assign(source=cells["stratum"].str.removeprefix("source="))
    cells = cells[cells["source"].isin(sources.index)]
    years = (cells["week"] - cells["week"].min()).dt.days / 365.25
    cells = cells.assign(years=years, source_code=pd.factorize(cells["source"])[0])
    return dict(iter(cells.groupby("requirement_id")))


def _why_no_trend(window: pd.DataFrame, complete_sources: set[str]) -> str | None:
    unvouched = sorted(set(window["source"]) - complete_sources)
    if not len(window):
        return "no complete period was collected"
    if unvouched:
        return (
            f"{', '.join(unvouched)}: imported, and nobody says that its periods were collected completely; "
            "its volumes may follow the collector rather than employers"
        )
    period = window["period"].iloc[0]
    if (n := window["week"].nunique()) < MIN_PERIODS[period]:
        return f"{n} complete {period}s; a trend needs {MIN_PERIODS[period]}"
    if len(window) < MIN_POSTINGS:
        return f"{len(window)} postings; a trend needs {MIN_POSTINGS}"
    return None


def _window_end(window: pd.DataFrame) -> pd.Timestamp:
    last = window["week"].max()
    if pd.isna(last):
        return last
    length = pd.DateOffset(months=1) if window["period"].iloc[0] == "month" else pd.DateOffset(weeks=1)
    return last + length - pd.DateOffset(days=1)
