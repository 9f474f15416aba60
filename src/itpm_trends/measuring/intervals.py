"""Intervals of shares that stay honest when the postings of one employer resemble each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

MIN_POSTINGS = 30  # below this a share is "too few": even widened intervals cover less than they say
MIN_PAIRS = 200  # fewer pairs of same-employer postings cannot tell a requirement's correlation


def wilson(n_mentioning, n_postings, design_effect=1.0, confidence: float = 0.95):
    """Lower and upper ends of the Wilson interval of ``n_mentioning / n_postings``.

    The sample is shrunk to ``n_postings / design_effect`` before the interval is drawn (Wilson 1927; Kish 1965 for
    the design effect). Works on numbers, arrays and Series; no postings give the interval 0 to 1.
    """
    n = np.asarray(n_postings, dtype=float)
    share = np.divide(n_mentioning, n, out=np.zeros_like(n), where=n > 0)
    n_effective = n / np.asarray(design_effect, dtype=float)
    z = norm.ppf(0.5 + confidence / 2)
    centre = share * n_effective + z**2 / 2
    half = z * np.sqrt(n_effective * share * (1 - share) + z**2 / 4)
    low = np.clip((centre - half) / (n_effective + z**2), 0, share)
    high = np.clip((centre + half) / (n_effective + z**2), share, 1)
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def employer_correlation(states: np.ndarray, employers: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """How alike two postings of one employer are, for each requirement (0 = no more than strangers).

    ``states`` is postings x requirements (1 where the posting states it); ``employers`` and ``periods`` are integer
    codes, one a posting. The estimate is the mean product of residuals over pairs of postings of one employer,
    divided by the variance of one posting (the moment estimator of the intraclass correlation), residuals taken
    from the period's own share so that a trend is no correlation. Where an employer has too few pairs the
    requirement's estimate is drawn towards the median of all requirements.
    """
    states = np.asarray(states, dtype=float)
    if not len(states):
        return np.zeros(states.shape[1])
    residuals = states - _group_means(states, periods)
    variance = (residuals**2).mean(axis=0)
    sums, sizes = _group_sums(residuals, employers)
    n_pairs = float((sizes * (sizes - 1)).sum())
    if n_pairs == 0:
        return np.zeros(states.shape[1])
    pair_products = (sums**2).sum(axis=0) - (residuals**2).sum(axis=0)
    correlation = np.divide(pair_products / n_pairs, variance, out=np.zeros_like(variance), where=variance > 0)
    weight = n_pairs / (n_pairs + MIN_PAIRS)
    typical = float(np.median(correlation[variance > 0])) if (variance > 0).any() else 0.0
    return np.clip(weight * correlation + (1 - weight) * typical, 0, 1)


def design_effect(correlation, employers: np.ndarray) -> np.ndarray:
    """Variance inflation ``1 + (m - 1) * correlation`` of a sample with these employers.

    ``m`` is the size of the employer that a posting drawn at random belongs to (Kish 1965, unequal clusters).
    """
    sizes = np.bincount(employers) if len(employers) else np.array([1])
    size_met = float((sizes**2).sum() / sizes.sum())
    return 1 + max(size_met - 1, 0) * np.asarray(correlation)


def employer_codes(company_name: pd.Series) -> np.ndarray:
    """An integer for each employer; a posting whose employer is unknown stands alone."""
    known = company_name.str.casefold().str.strip()
    alone = pd.Series([f"?{i}" for i in range(len(known))], index=known.index, dtype="str")
    return pd.factorize(known.fillna(alone))[0]


def _group_sums(values: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    sizes = np.bincount(groups)
    sums = np.zeros((len(sizes), values.shape[1]))
    np.add.at(sums, groups, values)
    return sums, sizes


def _group_means(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    sums, sizes = _group_sums(values, groups)
    return (sums / np.maximum(sizes, 1)[:, None])[groups]
