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
from scipy.stats import t as student_t

from itpm_trends.measuring.careers import median_interval
from itpm_trends.measuring.intervals import employer_codes
from itpm_trends.measuring.stating import indicator, kind_of, stated
from itpm_trends.measuring.trends import benjamini_hochberg
from itpm_trends.tables import DESCRIBING, PAY_DIFFERENCES, PAY_LEVELS

MIN_WITH = 30  # postings with pay that state the requirement, and as many that do not
MIN_EMPLOYERS = 10  # on each side
MIN_FREE = 10  # postings' and employers' worth of it that the controls leave open
MIN_LEVEL = 10  # postings of a country, step, workplace or source, below which it is "other"
MIN_GROUP = 30  # postings from which a pay level is told
CONTROLS = ("salary_currency", "country_code", "seniority", "workplace", "source")
ASSUMPTIONS = ("lower", "midpoint", "interval")
MOST_ROUNDS = 60
ROOT = np.sqrt(2 * np.pi)
BOUND = (
    "currency, country, step of the career, workplace or source all but decide who states it: "
    f"fewer than {MIN_FREE} postings or employers differ within them"
)


@cache
def pay_settings() -> dict:
    """How pay of any period becomes pay of a year: ``pay.toml``."""
    return tomllib.loads(files("itpm_trends.measuring").joinpath("pay.toml").read_text(encoding="utf-8"))


def yearly_pay(postings: pd.DataFrame) -> pd.DataFrame:
    """``low`` and ``high`` end of each posting's pay a year, in its own currency; rows without usable pay left out.

    A single amount is both ends. The index is that of ``postings``. What is plausible depends on the currency.
    """
    settings = pay_settings()["plausible"]
    factor = postings["salary_period"].map(pay_settings()["periods"]).astype("float64")
    ends = pd.DataFrame({"low": postings["salary_min"] * factor, "high": postings["salary_max"] * factor})
    ends = ends.assign(low=ends["low"].fillna(ends["high"]), high=ends["high"].fillna(ends["low"]))
    unit = postings["salary_currency"].map(_units()).astype("float64").fillna(1.0)
    is_plausible = ends["low"].ge(settings["least"] * unit) & ends["high"].le(settings["most"] * unit)
    is_usable = is_plausible & postings["salary_currency"].notna()
    return ends[is_usable]


@cache
def _units() -> dict[str, float]:
    return {code: unit["size"] for unit in pay_settings()["unit"] for code in unit["currencies"]}


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
    ``MIN_WITH`` postings or ``MIN_EMPLOYERS`` employers with it, or without it, the reason stands instead; so it does
    where the controls all but decide who states it (German in Germany). An association: who asks for it differs in
    more than what is controlled for.

    What the controls leave open is the requirement's residual after regression on them: its sum of squares counts
    postings, its spread over employers their effective number (Carter, Schnepel and Steigerwald 2017). Both must
    reach ``MIN_FREE``, as many employers as are asked for on either side. In worlds without a difference
    (``python -m benchmarks.pay --bound --worlds 16000``) 95 % intervals, with Student's quantile for that number, then
    hold nothing in 94.5 %; in 91 % where one is lacking, in 63 % up to 1.5 effective employers, and without that
    quantile in 31 %. The residual's part of the variance decides nothing: below 5 % of it intervals hold as well.
    """
    pay = yearly_pay(vacancies)
    paying = vacancies.loc[pay.index].reset_index(drop=True)
    asked = mentions[~mentions["kind"].isin(DESCRIBING) & mentions["posting_id"].isin(paying["posting_id"])]
    ids = sorted(asked["requirement_id"].unique()) if requirement_ids is None else list(requirement_ids)
    if not len(paying) or not ids:
        return PAY_DIFFERENCES.empty()
    states = stated(paying, asked, ids).astype(float)
    employers = employer_codes(paying["company_name"])
    basis = _controls(paying)
    rows = _counts(states, employers).assign(requirement_id=ids)
    enough = np.flatnonzero(rows["reason"].isna())
    own = _own(states[:, enough].toarray(), basis)
    rows.loc[enough, "reason"] = _why_bound(own, employers)
    is_told = rows["reason"].isna().to_numpy()
    own = own[:, is_told[enough]]
    low, high = np.log(pay["low"].to_numpy()), np.log(pay["high"].to_numpy())
    fits = {
        "lower": _least_squares(own, low, basis, employers),
        "midpoint": _least_squares(own, (low + high) / 2, basis, employers),
        "interval": _interval_regression(own, low, high, basis, employers),
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


def _own(columns: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """What the controls leave of each column: the residual of its regression on them."""
    return columns - basis @ (basis.T @ columns)


def _n_free(own: np.ndarray, employers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Postings' worth, and effective number of employers, that each column of ``own`` rests on."""
    squares = own**2
    by_employer = indicator(np.unique(employers, return_inverse=True)[1]) @ squares
    worth = squares.sum(axis=0)
    return worth, worth**2 / np.maximum((by_employer**2).sum(axis=0), 1e-12)


def _why_bound(own: np.ndarray, employers: np.ndarray) -> list[str | None]:
    """Why a column cannot be told apart from the controls; None where it can."""
    worth, n_employers = _n_free(own, employers)
    return [None if is_free else BOUND for is_free in (worth >= MIN_FREE) & (n_employers >= MIN_FREE)]


def _controls(paying: pd.DataFrame) -> np.ndarray:
    """Orthonormal columns that span one and the values of the controls, rare values taken together."""
    columns = [np.ones(len(paying))]
    for name in CONTROLS:
        values = paying[name].astype("str").fillna("unknown")
        sizes = values.value_counts()
        values = values.where(values.map(sizes) >= MIN_LEVEL, "other")
        columns += [(values == value).to_numpy(dtype=float) for value in values.value_counts().index[1:]]
    return basis_of(np.column_stack(columns))


def basis_of(columns: np.ndarray) -> np.ndarray:
    """Orthonormal columns that span ``columns``, and no more where these depend on each other (dollars, the US)."""
    directions, lengths, _ = np.linalg.svd(columns, full_matrices=False)
    return directions[:, lengths > 1e-9 * lengths[0]]


def _least_squares(own: np.ndarray, pay: np.ndarray, basis: np.ndarray, employers: np.ndarray):
    """Slope of each requirement, its clustered error and freedom (Frisch and Waugh 1933: controls first)."""
    rest = _own(pay[:, None], basis)
    spread = (own**2).sum(axis=0)
    slope = (own.T @ rest)[:, 0] / spread
    score = own * (rest - own * slope)
    return slope, _clustered(score, employers) / spread, _freedom(own, employers)


def _interval_regression(own: np.ndarray, low: np.ndarray, high: np.ndarray, basis: np.ndarray, employers):
    """The same where pay lies anywhere between ``low`` and ``high``: by expectation and maximisation.

    Errors from the score of each posting at the top, clustered (Huber 1967).
    """
    slopes, errors = np.zeros(own.shape[1]), np.zeros(own.shape[1])
    lengths = np.sqrt((own**2).sum(axis=0))
    for at, length in enumerate(lengths):
        design = np.column_stack([basis, own[:, at] / length])
        slope, error = _one_interval_regression(design, low, high, employers)
        slopes[at], errors[at] = slope / length, error / length
    return slopes, errors, _freedom(own, employers)


def _one_interval_regression(design: np.ndarray, low: np.ndarray, high: np.ndarray, employers) -> tuple[float, float]:
    """Slope of the last column of ``design``, whose columns are orthonormal, and its error."""
    beta = design.T @ ((low + high) / 2)
    sigma = max(float(np.std((low + high) / 2 - design @ beta)), 1e-3)
    for _ in range(MOST_ROUNDS):
        mean, variance = _truncated(low, high, design @ beta, sigma)
        new = design.T @ mean
        new_sigma = max(float(np.sqrt(np.mean((mean - design @ new) ** 2 + variance))), 1e-3)
        step = max(np.abs(design @ (new - beta)).max(), abs(new_sigma - sigma))
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
    at_a, at_b = (np.exp(-(end**2) / 2) / ROOT for end in (a, b))  # densities; scipy checks what need not be
    lift = (at_a - at_b) / mass
    variance = 1 + (a * at_a - b * at_b) / mass - lift**2
    lift = np.clip(lift, a, b)
    mean = centre + sigma * np.where(flip, -lift, lift)
    return np.where(is_point, low, mean), np.where(is_point, 0.0, sigma**2 * np.clip(variance, 0, 1))


def _clustered(score: np.ndarray, employers: np.ndarray) -> np.ndarray:
    sums = indicator(np.unique(employers, return_inverse=True)[1]) @ score
    n = sums.shape[0]
    return np.sqrt((sums**2).sum(axis=0) * n / max(n - 1, 1))


def _freedom(own: np.ndarray, employers: np.ndarray) -> np.ndarray:
    return np.maximum(_n_free(own, employers)[1] - 1, 2.0)
