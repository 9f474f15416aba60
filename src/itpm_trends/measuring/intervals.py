"""Intervals of shares that stay honest when the postings of one employer resemble each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import stdtrit
from scipy.stats import norm

from itpm_trends.measuring.stating import indicator

MIN_POSTINGS = 30  # below this a share is "too few": even widened intervals cover less than they say
MIN_PAIRS = 200  # fewer pairs of same-employer postings cannot tell a requirement's correlation
MIN_TELLING = 30  # nor can fewer postings that state the requirement, or that do not


def wilson(n_mentioning, n_postings, design_effect=1.0, freedom=np.inf, confidence: float = 0.95):
    """Lower and upper ends of the Wilson interval of ``n_mentioning / n_postings``.

    The sample is shrunk to ``n_postings / design_effect`` before the interval is drawn (Wilson 1927; Kish 1965 for
    the design effect), with Student's quantile where few employers make the ``freedom``. Works on numbers, arrays
    and Series; no postings give the interval 0 to 1.
    """
    n = np.asarray(n_postings, dtype=float)
    share = np.divide(n_mentioning, n, out=np.zeros(np.broadcast(n_mentioning, n).shape), where=n > 0)
    n_effective = n / np.asarray(design_effect, dtype=float)
    certain = 0.5 + confidence / 2
    z = np.where(np.isinf(freedom), norm.ppf(certain), stdtrit(freedom, certain))
    centre = share * n_effective + z**2 / 2
    half = z * np.sqrt(n_effective * share * (1 - share) + z**2 / 4)
    low = np.clip((centre - half) / (n_effective + z**2), 0, share)
    high = np.clip((centre + half) / (n_effective + z**2), share, 1)
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def employer_correlation(states, employers: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """How alike two postings of one employer are, for each requirement (0 = no more than strangers).

    ``states`` is postings x requirements, dense or sparse (1 where the posting states it); ``employers`` and
    ``periods`` are integer codes, one a posting. The estimate is the intraclass correlation by analysis of variance
    (Donner and Koval 1980; employers of unequal size), residuals taken from the period's own share so that a trend
    is no correlation. Estimates that rest on few pairs, or on few postings with or without the requirement, are
    drawn towards the median of all requirements.
    """
    states = csr_array(states, dtype=float)
    n_postings, n_requirements = states.shape
    n_employers = len(np.unique(employers))
    if n_employers == n_postings or n_employers < 2:
        return np.zeros(n_requirements)
    members = indicator(np.unique(employers, return_inverse=True)[1])
    sizes = members.sum(axis=1)
    in_period = indicator(np.asarray(periods))
    n_period = in_period.sum(axis=1)[:, None]
    means = (in_period @ states).toarray() / np.maximum(n_period, 1)
    between = _squares_between(members @ states, members @ in_period.T, sizes, means)
    within = (n_period * means * (1 - means)).sum(axis=0) - between
    between, within = between / (n_employers - 1), within / (n_postings - n_employers)
    typical_size = (n_postings - (sizes**2).sum() / n_postings) / (n_employers - 1)
    whole = between + (typical_size - 1) * within
    correlation = np.divide(between - within, whole, out=np.zeros(n_requirements), where=whole > 0)
    n_stating = states.sum(axis=0)
    telling = np.minimum(n_stating, n_postings - n_stating)
    n_pairs = float((sizes * (sizes - 1)).sum())
    weight = telling / (telling + MIN_TELLING) * n_pairs / (n_pairs + MIN_PAIRS)
    typical = float(np.median(correlation[telling > 0])) if (telling > 0).any() else 0.0
    return np.clip(weight * correlation + (1 - weight) * typical, 0, 1)


def design_effect(correlation, employers: np.ndarray) -> np.ndarray:
    """Variance inflation ``1 + (m - 1) * correlation`` of a sample with these employers.

    ``m`` is the size of the employer that a posting drawn at random belongs to (Kish 1965, unequal clusters).
    """
    return 1 + max(size_met(np.bincount(employers)) - 1, 0) * np.asarray(correlation)


def size_met(sizes: np.ndarray) -> float:
    """Size of the employer to which a posting drawn at random belongs; 1 where there is none."""
    n_postings = np.sum(sizes)
    return float(np.sum(np.square(sizes)) / n_postings) if n_postings else 1.0


def degrees_of_freedom(design_effect, n_postings, size_met):
    """What an interval rests on (Satterthwaite 1946): employers for the part of the variance that clusters.

    ``n_postings / size_met`` is the number of equal employers that would vary as much as these.
    """
    n_employers = np.maximum(n_postings / np.asarray(size_met), 1.0)
    clustered = (design_effect - 1) / design_effect
    alone = np.maximum(n_postings - 1.0, 1.0)
    return np.maximum(1 / (clustered**2 / np.maximum(n_employers - 1, 1) + (1 - clustered) ** 2 / alone), 2.0)


def employer_codes(company_name: pd.Series) -> np.ndarray:
    """An integer for each employer; a posting whose employer is unknown stands alone."""
    known = company_name.str.casefold().str.strip()
    alone = pd.Series([f"?{i}" for i in range(len(known))], index=known.index, dtype="str")
    return pd.factorize(known.fillna(alone))[0]


def _squares_between(stating: csr_array, met: csr_array, sizes: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Sum over employers of (stating - expected)^2 / size, for each requirement, employers x requirements kept sparse.

    ``stating`` is employers x requirements, ``met`` employers x periods (postings), ``means`` periods x requirements;
    what is expected of an employer is the share of the periods that its postings fall into.
    """
    each = csr_array(met / sizes[:, None])
    squares = np.asarray((stating.power(2) / sizes[:, None]).sum(axis=0))
    across = (means * (each.T @ stating).toarray()).sum(axis=0)
    expected = (means * ((met.T @ each) @ means)).sum(axis=0)
    return squares - 2 * across + expected
