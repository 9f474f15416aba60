"""Simulated worlds of known truth for the benchmarks of measuring: postings and mentions, nothing to read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

SOURCES = np.array(["greenhouse", "lever", "jobtech"])
FIRST_MONDAY = pd.Timestamp("2025-01-06").as_unit("us")
MIX = np.array([0.5, 0.3, 0.2])


@dataclass(frozen=True)
class World:
    """``postings`` and ``mentions`` as the tables of those names (the columns that measuring reads).

    ``shares`` is the true share of each requirement in the population that the postings are drawn from, ``slopes``
    its true change of log odds a year; both in the order of ``ids``.
    """

    postings: pd.DataFrame
    mentions: pd.DataFrame
    ids: list[str]
    shares: np.ndarray
    slopes: np.ndarray


def clustered_world(rng: np.random.Generator, *, n_postings: int, n_requirements: int, correlation: float) -> World:
    """One period of postings of employers of very unequal size, alike by ``correlation`` (0: independent)."""
    shares = rng.uniform(0.02, 0.7, n_requirements)
    n_employers = max(n_postings // 4, 20)
    weights = rng.gamma(1.0, size=n_employers)
    employer = rng.choice(n_employers, n_postings, p=weights / weights.sum())
    own = np.broadcast_to(shares, (n_postings, n_requirements))
    if correlation:
        spread = (1 - correlation) / correlation
        own = rng.beta(shares * spread, (1 - shares) * spread, (n_employers, n_requirements))[employer]
    states = rng.uniform(size=own.shape) < own
    week = np.zeros(n_postings, dtype=int)
    return _world(states, week, np.zeros(n_postings, dtype=int), employer, shares, np.zeros(n_requirements))


def moving_world(
    rng: np.random.Generator,
    *,
    n_requirements: int,
    slopes: np.ndarray,
    n_weeks: int = 60,
    a_week: int = 60,
    overdispersion: float = 0.0,
    is_mix_shifting: bool = False,
    has_bursts: bool = False,
) -> World:
    """Weeks of postings from three sources of different levels.

    ``overdispersion`` is the correlation of postings of one source and week; a shifting mix moves half of the
    postings from the first source to the last; with bursts each employer hires in a time of its own.
    """
    shares = rng.uniform(0.05, 0.6, n_requirements)
    levels = rng.normal(0, 0.6, (len(SOURCES), n_requirements))
    week = np.repeat(np.arange(n_weeks), rng.poisson(a_week, n_weeks))
    n_postings = len(week)
    if has_bursts:
        employer, source = _bursting_employers(rng, week, n_weeks)
    else:
        drift = np.array([-0.45, 0.0, 0.45]) * is_mix_shifting
        mix = MIX + drift * (week[:, None] / n_weeks - 0.1)
        source = (np.cumsum(mix, axis=1) < rng.uniform(size=(n_postings, 1))).sum(axis=1)
        employer = np.arange(n_postings)
    years = (week / 52.18 - n_weeks / 104.36)[:, None]
    share = expit(logit(shares) + levels[source] + slopes * years)
    if overdispersion:
        cell = week * len(SOURCES) + source
        share = _scattered(rng, share, cell, overdispersion)
    if has_bursts:
        share = _scattered(rng, share, employer, 0.15)
    states = rng.uniform(size=share.shape) < share
    return _world(states, week, source, employer, shares, slopes)


def _bursting_employers(rng: np.random.Generator, week: np.ndarray, n_weeks: int) -> tuple[np.ndarray, np.ndarray]:
    n_employers = 150
    start, length = rng.uniform(0, n_weeks, n_employers), 4 + rng.exponential(15, n_employers)
    activity = np.exp(-0.5 * ((np.arange(n_weeks)[:, None] - start) / length) ** 2) * rng.gamma(1.2, size=n_employers)
    reached = np.cumsum(activity / activity.sum(axis=1, keepdims=True), axis=1)
    employer = np.minimum((reached[week] < rng.uniform(size=(len(week), 1))).sum(axis=1), n_employers - 1)
    return employer, rng.choice(len(SOURCES), n_employers, p=MIX)[employer]


def _scattered(rng: np.random.Generator, share: np.ndarray, group: np.ndarray, correlation: float) -> np.ndarray:
    """Each group's own share, drawn so that two postings of one group are alike by ``correlation``."""
    own = rng.standard_normal((group.max() + 1, share.shape[1]))[group]
    return np.clip(share + own * np.sqrt(correlation * share * (1 - share)), 0.0, 1.0)


def _world(states, week, source, employer, shares, slopes) -> World:
    n_postings, n_requirements = states.shape
    ids = [f"skill:s{at:03}" for at in range(n_requirements)]
    posting_ids = pd.Series([f"p{at:07}" for at in range(n_postings)], dtype="str")
    postings = pd.DataFrame(
        {
            "posting_id": posting_ids,
            "company_name": pd.Series([f"Employer {e}" for e in employer], dtype="str"),
            "source": pd.Series(SOURCES[source], dtype="str"),
            "week": FIRST_MONDAY + pd.to_timedelta(7 * week, unit="D"),
            "period": pd.Series("week", index=range(n_postings), dtype="str"),
            "maturity": pd.Series("final", index=range(n_postings), dtype="str"),
        }
    )
    rows, columns = np.nonzero(states)
    mentions = pd.DataFrame(
        {
            "posting_id": posting_ids.take(rows).reset_index(drop=True),
            "requirement_id": pd.Series(ids, dtype="str").take(columns).reset_index(drop=True),
            "kind": pd.Series("skill", index=range(len(rows)), dtype="str"),
            "modality": pd.Series("required", index=range(len(rows)), dtype="str"),
        }
    )
    return World(postings, mentions, ids, shares, slopes)


def copied_world(
    rng: np.random.Generator, *, n_requirements: int, n_vacancies: int = 1200
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Adverts with texts, some of them copies: (adverts with ``is_original``, mentions, ids).

    Vacancies that ask for much are copied most, so that copies would move the shares. A copy stands at another source
    or comes again later; its lines are shuffled, its title gets a place, a line of the board is added.
    """
    shares, ids = rng.uniform(0.03, 0.5, n_requirements), [f"skill:s{at:03}" for at in range(n_requirements)]
    rows, stating = [], []
    for at in range(n_vacancies):
        states = np.nonzero(rng.uniform(size=n_requirements) < shares * rng.uniform(0.3, 1.7))[0]
        employer = int(rng.integers(n_vacancies // 6))
        lines = [f"Experience with topic {word:03} in daily work of project {at}" for word in states]
        opened = FIRST_MONDAY + pd.Timedelta(days=int(rng.integers(180)))
        first = {"company_name": f"Employer {employer} Inc.", "title": "IT Project Manager", "is_original": True}
        rows.append(_advert(first, lines, SOURCES[employer % 3], opened))
        stating.append(states)
        wanted = len(states) / (n_requirements * 0.265)
        for _ in range(rng.poisson(0.35 * wanted**2)):
            shuffled = [lines[i] for i in rng.permutation(len(lines))]
            again = {"company_name": f"Employer {employer}", "title": f"IT Project Manager ({rng.choice(PLACES)})"}
            later = opened + pd.Timedelta(days=int(rng.integers(0, 60)))
            shuffled += ["Apply through this board."] * int(rng.integers(2))
            rows.append(_advert(again | {"is_original": False}, shuffled, SOURCES[(employer + 1) % 3], later))
            stating.append(states)
    adverts = pd.DataFrame(rows).assign(posting_id=[f"p{at:07}" for at in range(len(rows))])
    adverts = adverts.astype({"posting_id": "str", "url": "str", "company_name": "str", "description_text": "str"})
    mentions = pd.DataFrame(
        {
            "posting_id": np.repeat(adverts["posting_id"].to_numpy(), [len(states) for states in stating]),
            "requirement_id": np.array(ids)[np.concatenate(stating)],
            "modality": "required",
        }
    ).astype("str")
    return adverts, mentions, ids


PLACES = ("remote", "hybrid", "m/f/d")


def _advert(row: dict, lines: list[str], source: str, opened: pd.Timestamp) -> dict:
    dates = {"posted_date": opened, "first_seen": opened, "last_seen": opened + pd.Timedelta(days=21)}
    return row | dates | {"source": source, "url": None, "description_text": "\n".join(lines)}
