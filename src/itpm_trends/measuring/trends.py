"""What rises and what falls: change in percentage points a year, the source mix held fixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import ruptures
from scipy.sparse import csr_array
from scipy.special import expit, logit
from scipy.stats import t as student_t

from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.panel import Counted
from itpm_trends.measuring.stating import indicator
from itpm_trends.tables import TRENDS

MIN_PERIODS = {"week": 12, "month": 6, "quarter": 6}
MIN_MENTIONING = 20  # fewer mentions, or fewer postings without one, carry no trend
MAX_FALSE_DISCOVERIES = 0.10  # q from which on a change is called rising or falling
MOST_STEPS = 50
TYPICAL_CORRELATION = 0.3  # of an employer's postings, where only their part in the freedom is asked
SHORTEST_LEVEL = 4  # periods that a level must last before it counts as one
PENALTY = 3.0  # times log n: `2 log n` gives 3.5 % false alarms in simulation, this none in 200
NO_TREND = ("change_pp", "change_low", "change_high", "p")


def trends(
    flow: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str], complete_sources: set[str]
) -> pd.DataFrame:
    """The trends table: one row a requirement, a verdict or the reason why there is none.

    Quasi-binomial regression of the share on time with a term for each source (McCullagh and Nelder 1989), so that
    neither overdispersion nor a shifting source mix passes for a trend; the variance is clustered by week and source
    and by employer (Cameron, Gelbach and Miller 2011), because an employer that hires in bursts looks like a trend of
    all it asks for; the change is standardised to the window's source mix; q is Benjamini and Hochberg's (1995).
    Only final periods count. Collections that nobody vouches for as complete (``complete_sources``) give shares but
    no trend.
    """
    window = flow[flow["maturity"] == "final"].reset_index(drop=True)
    if not len(window):
        return TRENDS.empty()
    together = np.zeros(len(window), dtype=int)
    counted = Counted.of(window, mentions, sorted(requirement_ids), together)
    shares = counted.shares(together, 1)
    rows = shares.drop(columns=["n_required", "design_effect"]).assign(
        stratum="all",
        window_start=window["week"].min(),
        window_end=_window_end(window),
        n_periods=window["week"].nunique(),
        n_gaps=_n_gaps(window),
        sources=";".join(sorted(window["source"].unique())),
        verdict="too few",
        reason=_why_no_trend(window, complete_sources),
    )
    few = shares[["n_mentioning", "n_postings"]].eval("n_postings - n_mentioning").clip(upper=shares["n_mentioning"])
    rows.loc[few < MIN_MENTIONING, "reason"] = rows["reason"].fillna(
        f"fewer than {MIN_MENTIONING} postings with it, or without it"
    )
    tested = rows.index[rows["reason"].isna()]
    fits = _fits(window, counted.states[:, tested.to_numpy()], counted.employers).set_index(tested)
    rows = rows.join(fits)
    rows.loc[tested[fits["p"].isna()], "reason"] = "too few periods"
    rows["q"] = benjamini_hochberg(rows["p"])
    moved = rows["q"] <= MAX_FALSE_DISCOVERIES
    rows.loc[rows["p"].notna(), "verdict"] = "steady"
    rows.loc[moved & (rows["change_pp"] > 0), "verdict"] = "rising"
    rows.loc[moved & (rows["change_pp"] < 0), "verdict"] = "falling"
    return TRENDS.frame(rows)


def benjamini_hochberg(p: pd.Series) -> pd.Series:
    """p adjusted so that a cut at q leaves at most that share of false discoveries; nulls stay null."""
    tested = p.dropna().sort_values(ascending=False)
    ranks = np.arange(len(tested), 0, -1)
    return (tested * len(tested) / ranks).cummin().clip(upper=1).reindex(p.index)


@dataclass(frozen=True)
class Slopes:
    """Quasi-binomial fits of many requirements over the same cells; arrays end in one value a requirement.

    ``slope`` is that of the log odds a year, ``error`` its standard error, ``freedom`` what it rests on;
    ``intercepts`` (sources x requirements, at mean time) are null where a source always or never states it.
    ``evidence`` is each source's part in what is known of the slope, ``inflation`` the variance beside the binomial
    one. Null where the fit is not determined.
    """

    slope: np.ndarray
    error: np.ndarray
    freedom: np.ndarray
    intercepts: np.ndarray
    evidence: np.ndarray
    inflation: np.ndarray


@dataclass(frozen=True)
class Cells:
    """Postings by (source, period): ``n`` postings of each cell, mid-period in ``years``, integer ``source``."""

    n: np.ndarray
    years: np.ndarray
    source: np.ndarray


@dataclass(frozen=True)
class Clustering:
    """Which posting states what (postings x requirements), its cell and its employer: integer codes."""

    states: csr_array
    cell: np.ndarray
    employer: np.ndarray


def quasi_binomial_slopes(k: np.ndarray, cells: Cells, clustering: Clustering | None = None) -> Slopes:
    """Slope of the log odds over time with a term for each source, for every requirement at once.

    ``k`` is cells x requirements: how many of the cell's postings state it. Newton's method on the binomial
    likelihood; the variance is scaled by Pearson's chi-square over the degrees of freedom, never below 1, which must
    see the trial counts (proportions without weights do not: the known trap of other packages). With ``clustering``
    what employers add is added (Cameron, Gelbach and Miller 2011), its freedom after Satterthwaite (1946).
    """
    k = np.asarray(k, dtype=float)
    of_source = np.eye(int(cells.source.max()) + 1)[:, cells.source]
    n = np.asarray(cells.n, dtype=float)[:, None]
    years = (cells.years - np.average(cells.years, weights=cells.n))[:, None]
    # A source that always or never states the requirement says nothing of the slope, and has no finite intercept.
    totals, sizes = of_source @ k, of_source @ n
    told = (totals > 0) & (totals < sizes)
    live = (of_source.T @ told) > 0
    intercepts = np.where(told, logit((totals + 0.5) / (sizes + 1)), 0.0)
    slope = np.zeros(k.shape[1])
    for _ in range(MOST_STEPS):
        mean = expit(of_source.T @ intercepts + years * slope)
        weight = np.where(live, np.maximum(n * mean * (1 - mean), 1e-12), 0.0)
        residual = np.where(live, k - n * mean, 0.0)
        by_source = of_source @ weight + ~told
        across = of_source @ (weight * years)
        by_evidence = np.maximum(of_source @ (weight * years**2) - across**2 / by_source, 0)
        information = np.maximum(by_evidence.sum(axis=0), 1e-12)
        score = of_source @ residual
        step = ((residual * years).sum(axis=0) - (across * score / by_source).sum(axis=0)) / information
        step = np.clip(step, -2, 2)
        shift = np.where(told, np.clip((score - across * step) / by_source, -2, 2), 0.0)
        intercepts, slope = intercepts + shift, slope + step
        if max(np.abs(step).max(initial=0), np.abs(shift).max(initial=0)) < 1e-8:
            break
    freedom = live.sum(axis=0) - told.sum(axis=0) - 1.0
    pearson = np.divide(residual**2, weight, out=np.zeros_like(weight), where=weight > 0).sum(axis=0)
    inflation = np.maximum(pearson / np.maximum(freedom, 1), 1.0)
    if clustering is not None:
        more = _employer_inflation(clustering, cells, years, mean, told, across / by_source, information)
        inflation, freedom = _joined(inflation, freedom, more, _effective_employers(clustering, cells, years, told))
    undetermined = (freedom < 3) | (information <= 1e-9)
    return Slopes(
        slope=np.where(undetermined, np.nan, slope),
        error=np.where(undetermined, np.nan, np.sqrt(inflation / information)),
        freedom=np.where(undetermined, np.nan, freedom),
        intercepts=np.where(told, intercepts, np.nan),
        evidence=by_evidence / information,
        inflation=inflation,
    )


def _joined(inflation, freedom, more, employers):
    """Variance of both clusterings, counted once where they overlap, and its freedom."""
    both = inflation + np.maximum(more, 1.0) - 1
    parts = inflation**2 / np.maximum(freedom, 1) + np.maximum(more - 1, 0) ** 2 / np.maximum(employers, 1)
    return both, np.where(freedom < 3, freedom, both**2 / parts)


def _employer_inflation(clustering: Clustering, cells: Cells, years, mean, told, centres, information) -> np.ndarray:
    """Variance of the slope by employers, as a multiple of the binomial one, for each requirement.

    An employer's part of the score is the sum over its postings of the distance in time from the source's centre
    (``centres``, sources x requirements) times the residual; employers x requirements stays sparse.
    """
    n_employers = int(clustering.employer.max()) + 1
    stating = csr_array((n_employers, mean.shape[1]))
    for source in range(len(told)):
        rows = np.flatnonzero(cells.source[clustering.cell] == source)
        states = clustering.states[rows]
        members = indicator(clustering.employer[rows], n_employers)
        timed = members @ states.multiply(years[clustering.cell[rows]]).tocsr()
        stating = stating + timed.multiply(told[source]).tocsr()
        stating = stating - (members @ states).multiply(told[source] * centres[source]).tocsr()
    met = indicator(clustering.employer, n_employers) @ indicator(clustering.cell, len(cells.n)).T
    expected = (years - centres[cells.source]) * told[cells.source] * mean
    squares = np.asarray(stating.power(2).sum(axis=0)) - 2 * (expected * (met.T @ stating).toarray()).sum(axis=0)
    squares += (expected * ((met.T @ met) @ expected)).sum(axis=0)
    return squares / information * n_employers / max(n_employers - 1, 1)


def _effective_employers(clustering: Clustering, cells: Cells, years, told) -> np.ndarray:
    """How many employers of equal weight the clustered variance of each requirement rests on (Satterthwaite 1946)."""
    met = indicator(clustering.employer) @ indicator(clustering.cell, len(cells.n)).T
    centres = np.bincount(cells.source, cells.n * years[:, 0]) / np.bincount(cells.source, cells.n)
    away = years[:, 0] - centres[cells.source]
    patterns, of = np.unique(told.T, axis=0, return_inverse=True)
    effective = []
    for pattern in patterns:
        seen = away * pattern[cells.source]
        parts = (1 - TYPICAL_CORRELATION) * (met @ seen**2) + TYPICAL_CORRELATION * (met @ seen) ** 2
        effective.append(parts.sum() ** 2 / max((parts**2).sum(), 1e-30))
    return np.array(effective)[of.ravel()]


def _fits(window: pd.DataFrame, states: csr_array, employers: np.ndarray) -> pd.DataFrame:
    """The trend's columns, a row for each column of ``states``."""
    sources = sorted(window["source"].unique())
    frame = pd.DataFrame({"source": pd.Categorical(window["source"], sources).codes, "week": window["week"]})
    cell, keys = _codes(frame)
    cells = Cells(
        n=np.bincount(cell),
        years=(keys["week"] - keys["week"].min()).dt.days.to_numpy() / 365.25,
        source=keys["source"].to_numpy().astype(int),
    )
    k = (indicator(cell) @ states).toarray()
    fit = quasi_binomial_slopes(k, cells, Clustering(states, cell, employers))
    mix = np.bincount(cells.source, cells.n)
    reach = student_t.ppf(0.975, fit.freedom) * fit.error
    change, low, high = (_change_a_year(fit.slope + side, fit, mix) for side in (0, -reach, reach))
    return pd.DataFrame(
        {
            "change_pp": change,
            "change_low": low,
            "change_high": high,
            "p": 2 * student_t.sf(np.abs(fit.slope) / fit.error, fit.freedom),
            "carried_by": [_carried_by(sources, part) for part in fit.evidence.T],
            "change_points": change_points(k, cells, keys["week"], fit.inflation),
        }
    )


def change_points(k: np.ndarray, cells: Cells, weeks: pd.Series, inflation: np.ndarray) -> list[str | None]:
    """For each requirement the periods from which its share stood at another level, ISO dates joined by ``;``.

    Least squares with a penalty on the number of levels (ruptures; Killick, Fearnhead and Eckley 2012; Celisse and
    others 2018), on weekly residuals from each source's own share, scaled to unit variance. None where one level, or
    one straight line, tells as much.
    """
    of_source = np.eye(int(cells.source.max()) + 1)[:, cells.source]
    share = of_source.T @ ((of_source @ k) / (of_source @ cells.n)[:, None])
    when, period = np.unique(weeks.to_numpy(), return_inverse=True)
    by_period = indicator(period)
    variance = by_period @ (cells.n[:, None] * share * (1 - share))
    scale = np.sqrt(np.maximum(variance, 1e-12) * inflation)
    residual = (by_period @ (k - cells.n[:, None] * share)) / scale
    size = np.sqrt(by_period @ cells.n)
    years = (when - when[0]) / np.timedelta64(365, "D")
    return [_levels(column, size, years, when) for column in residual.T]


def _levels(residual: np.ndarray, size: np.ndarray, years: np.ndarray, when: np.ndarray) -> str | None:
    if len(residual) < 2 * SHORTEST_LEVEL:
        return None
    penalty = PENALTY * np.log(len(residual))
    found = ruptures.KernelCPD(kernel="linear", min_size=SHORTEST_LEVEL).fit(residual).predict(pen=penalty)
    starts = found[:-1]
    if not starts:
        return None
    parts = np.split(residual, starts)
    by_levels = sum(((part - part.mean()) ** 2).sum() for part in parts) + penalty * len(starts)
    line = np.column_stack([size, size * years])
    by_line = ((residual - line @ np.linalg.lstsq(line, residual, rcond=None)[0]) ** 2).sum() + penalty / PENALTY
    if by_line <= by_levels:
        return None
    return ";".join(np.datetime_as_string(when[at], "D") for at in starts)


def _change_a_year(slope: np.ndarray, fit: Slopes, mix: np.ndarray) -> np.ndarray:
    """Percentage points from half a year before the middle of the window to half a year after it, at a fixed mix."""
    change = expit(fit.intercepts + slope / 2) - expit(fit.intercepts - slope / 2)
    told = ~np.isnan(fit.intercepts)
    change = 100 * np.where(told, change, 0.0).T @ mix / mix.sum()
    return np.where(np.isnan(slope), np.nan, change)


def _carried_by(sources: list[str], evidence: np.ndarray) -> str:
    """Each source with its part in the evidence, the largest first: ``lever=0.61;greenhouse=0.39``."""
    order = np.argsort(-evidence, kind="stable")
    return ";".join(f"{sources[at]}={evidence[at]:.2f}" for at in order if evidence[at] >= 0.005)


def _codes(frame: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """An integer for each distinct row of ``frame``, and those rows."""
    codes = frame.groupby(list(frame.columns), sort=True).ngroup().to_numpy()
    keys = frame.assign(code=codes).drop_duplicates("code").sort_values("code", ignore_index=True)
    return codes, keys.drop(columns="code")


def _n_gaps(window: pd.DataFrame) -> int:
    """Periods between the first and the last that were left out because a source missed them."""
    length = {"week": "7D", "month": "MS", "quarter": "QS"}[window["period"].iloc[0]]
    every = pd.date_range(window["week"].min(), window["week"].max(), freq=length)
    return len(every) - window["week"].nunique()


def _why_no_trend(window: pd.DataFrame, complete_sources: set[str]) -> str | None:
    unvouched = sorted(set(window["source"]) - complete_sources)
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
    lengths = {"week": pd.DateOffset(weeks=1), "month": pd.DateOffset(months=1), "quarter": pd.DateOffset(months=3)}
    return window["week"].max() + lengths[window["period"].iloc[0]] - pd.DateOffset(days=1)
