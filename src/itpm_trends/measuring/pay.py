"""Pay: its levels, and the difference that goes with a requirement, as a band under several assumptions.

An advert states a range and hides where in it people are paid; it states pay more often for some jobs than others.
So no single figure is right: the difference is shown under three assumptions, and never as a cause.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import log_ndtr
from scipy.stats import norm
from scipy.stats import t as student_t

from itpm_trends.measuring.careers import median_interval
from itpm_trends.measuring.intervals import employer_codes, size_met
from itpm_trends.measuring.stating import indicator, kind_of, stated
from itpm_trends.measuring.trends import benjamini_hochberg
from itpm_trends.tables import DESCRIBING, PAY_DIFFERENCES, PAY_LEVELS

MIN_WITH = 30  # postings with pay that state the requirement, and as many that do not
MIN_EMPLOYERS = 10  # on each side
MIN_LEVEL = 10  # postings of a country, step, workplace or source, below which it is "other"
MIN_GROUP = 30  # postings from which a pay level is told
CONTROLS = ("salary_currency", "country_code", "seniority", "workplace", "source")
ASSUMPTIONS = ("lower", "midpoint", "interval")
MOST_ROUNDS = 60


@cache
def pay_settings() -> dict:
    """How pay of any period becomes pay of a year: ``pay.toml``."""
    return tomllib.loads(files("itpm_trends.measuring").joinpath("pay.toml").read_text(encoding="utf-8"))


def yearly_pay(postings: pd.DataFrame) -> pd.DataFrame:
    """``low`` and ``high`` end of each posting's pay a year, in its own currency; rows without usable pay left out.

    A single amount is both ends. The index is that of ``postings``.
    """
    settings = pay_settings()
    factor = postings["salary_period"].map(settings["periods"]).astype("float64")
    ends = pd.DataFrame({"low": postings["salary_min"] * factor, "high": postings["salary_max"] * factor})
    ends = ends.assign(low=ends["low"].fillna(ends["high"]), high=ends["high"].fillna(ends["low"]))
    least, most = settings["plausible"]["least"], settings["plausible"]["most"]
    is_usable = ends["low"].ge(least) & ends["high"].le(most) & postings["salary_currency"].notna()
    return ends[is_usable]


def pay_levels(vacancies: pd.DataFrame, by: str = "seniority", seed: int = 1) -> pd.DataFrame:
    """The pay_levels table: quartiles of the midpoint of yearly pay for each currency and value of ``by``.

    Intervals of the median by resampling employers (Efron 1979). Groups below ``MIN_GROUP``
    postings are left out.
    """
    pay = yearly_pay(vacancies)
    rows = vacancies.loc[pay.index].assign(middle=(pay["low"] + pay["high"]) / 2)
    rng = np.random.default_rng(seed)
    told = []
    for (currency, value), group in rows.groupby(["salary_currency", by]):
        if len(group) < MIN_GROUP:
            continue
        low, high = median_interval(group["middle"].to_numpy(), employer_codes(group["company_name"]), rng)
        quartiles = group["middle"].quantile([0.25, 0.5, 0.75]).to_numpy()
        told.append(
            {
                "currency": currency,
                "by": by,
                "value": value,
                "n_postings": len(group),
                "n_employers": group["company_name"].nunique(),
                **dict(zip(("lower_quartile", "median", "upper_quartile"), quartiles, strict=True)),
                "median_low": low,
                "median_high": high,
            }
        )
    return PAY_LEVELS.frame(told)


def pay_differences(
    vacancies: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str] | None = None
) -> pd.DataFrame:
    """The pay_differences table: how far pay differs between postings with and without a requirement, as a ratio.

    Log pay of a year on the requirement and on currency, country, step of the career, workplace and source (rare
    values together), one requirement at a time, under three assumptions: people are paid the lower end; the middle;
    anywhere in the range (interval regression by maximum likelihood, normal errors, Stewart 1983). Errors cluster by
    employer (Liang and Zeger 1986). ``low`` and ``high`` are the outermost ends of the three intervals. Below
    ``MIN_WITH`` postings or ``MIN_EMPLOYERS`` employers with it, or without it, the reason stands instead. An
    association: who asks for it differs in more than what is controlled for.
    """
    pay = yearly_pay(vacancies)
    paying = vacancies.loc[pay.index].reset_index(drop=True)
    asked = mentions[~mentions["kind"].isin(DESCRIBING) & mentions["posting_id"].isin(paying["posting_id"])]
    ids = sorted(asked["requirement_id"].unique()) if requirement_ids is None else list(requirement_ids)
    if not len(paying) or not ids:
        return PAY_DIFFERENCES.empty()
    states = stated(paying, asked, ids).astype(float)
    employers = employer_codes(paying["company_name"])
    rows = _counts(states, employers).assign(requirement_id=ids)
    is_told = rows["reason"].isna().to_numpy()
    controls = _controls(paying)
    low, high = np.log(pay["low"].to_numpy()), np.log(pay["high"].to_numpy())
    told = states[:, np.flatnonzero(is_told)].toarray()
    fits = {
        "lower": _least_squares(told, low, controls, employers),
        "midpoint": _least_squares(told, (low + high) / 2, controls, employers),
        "interval": _interval_regression(told, low, high, controls, employers),
    }
    for name, (slope, error, freedom) in fits.items():
        reach = student_t.ppf(0.975, freedom) * error
        for part, values in (("", slope), ("_low", slope - reach), ("_high", slope + reach)):
            rows.loc[is_told, name + part] = np.exp(values) - 1
    rows["low"] = rows[[f"{name}_low" for name in ASSUMPTIONS]].min(axis=1)
    rows["high"] = rows[[f"{name}_high" for name in ASSUMPTIONS]].max(axis=1)
    slope, error, freedom = fits["midpoint"]
    rows.loc[is_told, "p"] = 2 * student_t.sf(np.abs(slope) / error, freedom)
    rows["q"] = benjamini_hochberg(rows["p"])
    return PAY_DIFFERENCES.frame(rows.assign(kind=kind_of(rows["requirement_id"])))


def _counts(states: csr_array, employers: np.ndarray) -> pd.DataFrame:
    n_with = states.sum(axis=0).astype(int)
    members = indicator(np.unique(employers, return_inverse=True)[1])
    carrying = members @ states
    n_employers = members.shape[0] - (carrying == members.sum(axis=1)[:, None]).sum(axis=0)
    fewest = np.minimum(n_with, states.shape[0] - n_with)
    few_employers = np.minimum((carrying > 0).sum(axis=0), n_employers)
    reason = np.where(
        few_employers < MIN_EMPLOYERS, f"fewer than {MIN_EMPLOYERS} employers with it, or without it", None
    )
    reason = np.where(fewest < MIN_WITH, f"fewer than {MIN_WITH} postings with pay and with it, or without it", reason)
    return pd.DataFrame({"n_with": n_with, "n_without": states.shape[0] - n_with, "reason": reason})


def _controls(paying: pd.DataFrame) -> np.ndarray:
    """A column of ones, and one for each value of the controls but the commonest; rare values are one value."""
    columns = [np.ones(len(paying))]
    for name in CONTROLS:
        values = paying[name].astype("str").fillna("unknown")
        sizes = values.value_counts()
        values = values.where(values.map(sizes) >= MIN_LEVEL, "other")
        columns += [(values == value).to_numpy(dtype=float) for value in values.value_counts().index[1:]]
    return np.column_stack(columns)


def _least_squares(states: np.ndarray, pay: np.ndarray, controls: np.ndarray, employers: np.ndarray):
    """Slope of each column of ``states``, its clustered error and freedom (Frisch and Waugh 1933: controls first)."""
    basis = np.linalg.qr(controls)[0]
    own = states - basis @ (basis.T @ states)
    rest = pay - basis @ (basis.T @ pay)
    spread = np.maximum((own**2).sum(axis=0), 1e-12)
    slope = own.T @ rest / spread
    score = own * (rest[:, None] - own * slope)
    return slope, _clustered(score, employers) / spread, _freedom(own, employers)


def _interval_regression(states: np.ndarray, low: np.ndarray, high: np.ndarray, controls: np.ndarray, employers):
    """The same where pay lies anywhere between ``low`` and ``high``: by expectation and maximisation.

    Errors from the score of each posting at the top, clustered (Huber 1967).
    """
    slopes, errors = np.zeros(states.shape[1]), np.zeros(states.shape[1])
    for at in range(states.shape[1]):
        design = np.column_stack([controls, states[:, at]])
        slopes[at], errors[at] = _one_interval_regression(design, low, high, employers)
    return slopes, errors, _freedom(states, employers)


def _one_interval_regression(design: np.ndarray, low: np.ndarray, high: np.ndarray, employers) -> tuple[float, float]:
    pinned = np.linalg.pinv(design)
    beta = pinned @ ((low + high) / 2)
    sigma = max(float(np.std((low + high) / 2 - design @ beta)), 1e-3)
    for _ in range(MOST_ROUNDS):
        mean, variance = _truncated(low, high, design @ beta, sigma)
        new = pinned @ mean
        new_sigma = max(float(np.sqrt(np.mean((mean - design @ new) ** 2 + variance))), 1e-3)
        step = max(np.abs(new - beta).max(), abs(new_sigma - sigma))
        beta, sigma = new, new_sigma
        if step < 1e-7:
            break
    mean, variance = _truncated(low, high, design @ beta, sigma)
    residual = mean - design @ beta
    # A posting tells of the slope what its range leaves known: Louis (1982).
    known = np.maximum(1 - variance / sigma**2, 1e-6)
    information = design.T @ (design * known[:, None])
    bread = np.linalg.pinv(information)
    meat = design * residual[:, None]
    sums = indicator(np.unique(employers, return_inverse=True)[1]) @ meat
    n = sums.shape[0]
    covariance = bread @ (sums.T @ sums) @ bread * n / max(n - 1, 1)
    return float(beta[-1]), float(np.sqrt(max(covariance[-1, -1], 0)))


def _truncated(low: np.ndarray, high: np.ndarray, centre: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of a normal between ``low`` and ``high``; a point where they are one."""
    a, b = (low - centre) / sigma, (high - centre) / sigma
    is_point = b - a < 1e-6
    a, b = np.where(is_point, -1.0, a), np.where(is_point, 1.0, b)
    flip = a > 0  # the far tail is better known from the other side
    a, b = np.where(flip, -b, a), np.where(flip, -a, b)
    mass = np.exp(log_ndtr(b)) - np.exp(log_ndtr(a))
    mass = np.maximum(mass, 1e-300)
    lift = (norm.pdf(a) - norm.pdf(b)) / mass
    variance = 1 + (a * norm.pdf(a) - b * norm.pdf(b)) / mass - lift**2
    lift = np.clip(lift, a, b)
    mean = centre + sigma * np.where(flip, -lift, lift)
    return np.where(is_point, low, mean), np.where(is_point, 0.0, sigma**2 * np.clip(variance, 0, 1))


def _clustered(score: np.ndarray, employers: np.ndarray) -> np.ndarray:
    sums = indicator(np.unique(employers, return_inverse=True)[1]) @ score
    n = sums.shape[0]
    return np.sqrt((sums**2).sum(axis=0) * n / max(n - 1, 1))


def _freedom(states: np.ndarray, employers: np.ndarray) -> float:
    return max(len(states) / size_met(np.bincount(employers)) - 1, 2.0)
