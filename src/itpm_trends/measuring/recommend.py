"""What to learn next: the steps that bring the most postings within reach, for one profile."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import t as student_t

from itpm_trends.measuring.coverage import BLOCK, Reach, by_frequency, chosen_steps
from itpm_trends.measuring.intervals import MIN_POSTINGS, employer_codes, size_met
from itpm_trends.measuring.profile import LEARNABLE, Profile, meets, with_implied
from itpm_trends.measuring.stating import places_of, stated_and_required
from itpm_trends.reading.degrees import DEGREE_LADDER
from itpm_trends.reading.vocabulary import entries
from itpm_trends.tables import RECOMMENDATIONS

MOST_STEPS = 10
MOST_EVIDENCE = 5
MIN_ASKING = 10  # a step that fewer postings ask for rests on too little
MIN_TESTED = 100  # postings from which a plan is tested on those it was not made from
TESTED = "Tested on employers that it was not made from,"
MOST_CHOSEN_FROM = 50_000  # postings drawn to choose the steps from; their gains are counted on all
PLAIN = dict.fromkeys(["requirement_id", "kind", "level", "fields"], "str")  # meets() cannot fill up categories
PARTS = 2  # of the employers: the plan made from one part is judged on the other


@cache
def step_settings() -> dict:
    """What can be learned and what counts as within reach: ``steps.toml``."""
    return tomllib.loads(files("itpm_trends.measuring").joinpath("steps.toml").read_text(encoding="utf-8"))


@cache
def not_steps() -> frozenset[str]:
    """Requirements of learnable kinds that are no steps: abilities, unnamed certifications, the trade itself."""
    settings = step_settings()
    abilities = {e.requirement_id for e in entries("skill") if e.traits.get("group") in settings["groups_left_out"]}
    return frozenset(abilities | set(settings["left_out"]))


def is_learnable(requirement_id: str) -> bool:
    """Can a person set out to learn it?

    >>> is_learnable("certification:pmp"), is_learnable("skill:communication"), is_learnable("degree:master")
    (True, False, False)
    """
    return requirement_id.split(":")[0] in LEARNABLE and requirement_id not in not_steps()


def recommendations(
    vacancies: pd.DataFrame,
    mentions: pd.DataFrame,
    trends: pd.DataFrame,
    profile: Profile,
    label: Callable[[str], str] = str,
    most_steps: int = MOST_STEPS,
    possible: Callable[[str], bool] = is_learnable,
) -> pd.DataFrame:
    """The recommendations table for ``profile``: :func:`plan_for` what ``vacancies`` ask."""
    return plan_for(profile, Asked.of(vacancies, mentions), trends, label, most_steps, possible)


@dataclass(frozen=True)
class Asked:
    """What vacancies ask, counted once for all plans.

    ``asks`` is vacancies x ``ids``, what can be learned, each row's weights adding up to 1 (or to 0); ``closing`` holds
    the mentions of degrees and years that may close a vacancy, under its row, ``employers`` a number a vacancy.
    """

    vacancies: pd.DataFrame
    ids: list[str]
    asks: csr_array
    closing: pd.DataFrame
    employers: np.ndarray

    @classmethod
    def of(cls, vacancies: pd.DataFrame, mentions: pd.DataFrame) -> Asked:
        named = mentions["requirement_id"].unique()
        ids = sorted(i for i in named if i.split(":")[0] in LEARNABLE and i not in not_steps())
        preferred = step_settings()["preferred"]
        asks, requires = (matrix.astype(float) for matrix in stated_and_required(vacancies, mentions, ids))
        asks = preferred * asks + (1 - preferred) * requires
        whole = asks.sum(axis=1)
        asks.data *= np.repeat(np.divide(1.0, whole, out=np.zeros(len(whole)), where=whole > 0), np.diff(asks.indptr))
        may_close = mentions["kind"].isin(["degree", "experience"]) & (mentions["modality"] == "required")
        closing = mentions[may_close]
        # Rows instead of names: grouping by a million names takes seconds.
        closing = closing.assign(posting_id=places_of(vacancies["posting_id"], closing["posting_id"])).astype(PLAIN)
        return cls(vacancies, ids, csr_array(asks), closing, employer_codes(vacancies["company_name"]))

    def reach(self, profile: Profile) -> Reach:
        """How near the vacancies are to ``profile``."""
        settings = step_settings()
        rows = pd.DataFrame({"posting_id": np.arange(len(self.vacancies))})
        is_open = ~is_closed(rows, self.closing, profile)
        return Reach(self.asks, is_open, settings["bar"], settings["softness"][0], _gives(self.ids))


def plan_for(
    profile: Profile,
    asked: Asked,
    trends: pd.DataFrame,
    label: Callable[[str], str] = str,
    most_steps: int = MOST_STEPS,
    possible: Callable[[str], bool] = is_learnable,
) -> pd.DataFrame:
    """The recommendations table for ``profile``: steps in the order in which to take them.

    Chosen by :func:`itpm_trends.measuring.coverage.chosen_steps`, so that together they bring the most postings
    within reach. ``gain`` is what a step adds to the steps before it, as a share of all postings, by smooth coverage;
    its interval takes each employer's postings as one cluster. ``plan_advantage`` is what the first steps reach
    beyond as many of the most frequent ones, on employers whose postings they were not chosen from. ``possible`` says
    which requirements may be steps at all.
    """
    vacancies, ids, employers, reach = asked.vacancies, asked.ids, asked.employers, asked.reach(profile)
    n_asking = np.bincount(reach.asks.indices, minlength=len(ids))
    met = np.array([i in profile.have for i in ids], dtype=float)
    for at in np.flatnonzero(met):
        met[reach.gives.get(at, at)] = 1.0
    is_candidate = np.array([possible(i) for i in ids], dtype=bool) & (n_asking >= MIN_ASKING) & (met == 0)
    candidates = np.flatnonzero(is_candidate)
    if reach.is_open.sum() < MIN_POSTINGS or not len(candidates):
        return RECOMMENDATIONS.empty()
    seen = np.sort(np.random.default_rng(1).permutation(len(vacancies))[:MOST_CHOSEN_FROM])
    steps = chosen_steps(softened(_rows(reach, seen), met, candidates), met, candidates, most_steps)
    advantage = dict(
        zip(("plan_advantage", "plan_low", "plan_high"), tested_plan(reach, met, candidates, employers), strict=True)
    )
    frequent = {at: rank for rank, at in enumerate(by_frequency(reach, met, candidates, len(candidates)), start=1)}
    by_id = trends[trends["stratum"] == "all"].set_index("requirement_id")
    asks_for = reach.asks.tocsc()
    rows = []
    for rank, at in enumerate(steps, start=1):
        had, before, met = met, reach.coverage(met), reach.learned(met, [at])
        after = reach.coverage(met)
        gain, low, high = clustered_mean(after - before, employers)
        asking = np.sort(asks_for.indices[asks_for.indptr[at] : asks_for.indptr[at + 1]])
        trend = by_id.loc[ids[at]] if ids[at] in by_id.index else None
        row = {
            "profile": profile.id,
            "rank": rank,
            "requirement_id": ids[at],
            "gain": gain,
            "gain_low": low,
            "gain_high": high,
            "reached": float(after.mean()),
            "nearer": float((reach.asks @ (met - had)).mean()),
            "share": len(asking) / len(vacancies),
            "frequency_rank": frequent[at],
            "n_postings": len(vacancies),
            "change_pp": np.nan if trend is None else trend["change_pp"],
            "verdict": "too few" if trend is None else trend["verdict"],
            "because": _evidence(vacancies, asking, after - before),
            **advantage,
        }
        rows.append(row | {"sentence": sentence(row, label(ids[at]))})
    return RECOMMENDATIONS.frame(rows)


def softened(reach: Reach, met: np.ndarray, candidates: np.ndarray) -> Reach:
    """``reach`` with the sharpest curve that enough postings lie on: steps must not be chosen for a lucky few.

    Counted after a few frequent steps. Far from every posting this is nearly a straight line, and the steps nearly
    those asked for most.
    """
    settings = step_settings()
    met = reach.learned(met, by_frequency(reach, met, candidates, BLOCK))
    for softness in settings["softness"]:
        reach = replace(reach, softness=softness)
        if reach.on_the_slope(met) >= settings["on_the_slope"]:
            break
    return reach


def is_closed(vacancies: pd.DataFrame, mentions: pd.DataFrame, profile: Profile) -> np.ndarray:
    """Which postings nothing learned opens: every degree that they require is lacking, or too many years.

    What the profile does not say closes nothing.
    """
    closed = pd.Series(False, index=vacancies.index)
    if profile.degree is not None:
        degrees = mentions[(mentions["kind"] == "degree") & (mentions["modality"] == "required")]
        is_open = meets(profile, degrees.astype(PLAIN)).fillna(True).astype(bool).groupby(degrees["posting_id"]).any()
        closed |= vacancies["posting_id"].map(is_open).eq(False)
    if profile.years is not None:
        closed |= vacancies["posting_id"].map(most_years(mentions)) > profile.years + step_settings()["slack_years"]
    return closed.to_numpy(dtype=bool)


def lowest_degree(mentions: pd.DataFrame) -> pd.Series:
    """By posting, the lowest degree that it requires, as its rung of the ladder; 0 where experience may stand in."""
    degrees = mentions[(mentions["kind"] == "degree") & (mentions["modality"] == "required")]
    degrees = degrees[degrees["level"].isin(DEGREE_LADDER)]
    rung = degrees["level"].map(DEGREE_LADDER.index).astype("float64")
    return rung.mask(degrees["or_experience"].eq(True).fillna(False), 0).groupby(degrees["posting_id"]).min()


def most_years(mentions: pd.DataFrame) -> pd.Series:
    """By posting, the most years of experience that it requires."""
    years = mentions[(mentions["kind"] == "experience") & (mentions["modality"] == "required")]
    return years.groupby("posting_id")["min_years"].max()


def tested_plan(
    reach: Reach, met: np.ndarray, candidates: np.ndarray, employers: np.ndarray, n_steps: int = 5, seed: int = 1
) -> tuple[float, float, float]:
    """What ``n_steps`` chosen steps reach beyond as many of the most frequent, with its 95 % interval; null if few.

    Each half of the employers is judged with the steps chosen from the other half, so that no step is praised for
    the chance that chose it; a posting is reached where the bar is met.
    """
    if len(employers) < MIN_TESTED:
        return (np.nan,) * 3
    part = np.random.default_rng(seed).permutation(np.arange(int(employers.max()) + 1) % PARTS)[employers]
    difference = np.zeros(len(employers))
    for held_out in range(PARTS):
        learned_from = _rows(reach, np.flatnonzero(part != held_out)[:MOST_CHOSEN_FROM])
        judged = _rows(reach, np.flatnonzero(part == held_out))
        ours = chosen_steps(softened(learned_from, met, candidates), met, candidates, n_steps)
        frequent = by_frequency(learned_from, met, candidates, n_steps)
        difference[part == held_out] = _reached(judged, met, ours) - _reached(judged, met, frequent)
    return clustered_mean(difference, employers)


def _rows(reach: Reach, rows: np.ndarray) -> Reach:
    return replace(reach, asks=reach.asks[rows], is_open=reach.is_open[rows])


def _reached(reach: Reach, met: np.ndarray, steps: list[int]) -> np.ndarray:
    nearness = reach.asks @ reach.learned(met, steps)
    return ((nearness >= reach.bar - 1e-9) & reach.is_open).astype(float)


def _gives(ids: list[str]) -> dict[int, np.ndarray]:
    return {at: np.array([at, *others]) for at, others in enumerate(implied_columns(ids)) if others}


def implied_columns(ids: list[str]) -> list[list[int]]:
    """For each of ``ids`` the places of those that learning it meets besides: a certification's family and basis."""
    column = {requirement_id: at for at, requirement_id in enumerate(ids)}
    return [sorted(column[other] for other in with_implied([i]) - {i} if other in column) for i in ids]


def _evidence(vacancies: pd.DataFrame, asking: np.ndarray, gain: np.ndarray) -> str | None:
    """Postings that ask for the step, those first that it brings nearest."""
    first = asking[np.argsort(-gain[asking], kind="stable")][:MOST_EVIDENCE]
    return ";".join(vacancies["posting_id"].iloc[first]) or None


def clustered_mean(values: np.ndarray, clusters: np.ndarray) -> tuple[float, float, float]:
    """Mean with its 95 % interval, values of one cluster being no independent witnesses (Liang and Zeger 1986).

    Student's quantile with the number of clusters of equal size that would vary as much.
    """
    mean = float(values.mean())
    n_clusters = int(clusters.max()) + 1
    deviations = np.bincount(clusters, values - mean, n_clusters)
    inflation = n_clusters / max(n_clusters - 1, 1)
    freedom = max(len(values) / size_met(np.bincount(clusters)) - 1, 2)
    reach = student_t.ppf(0.975, freedom) * float((inflation * (deviations**2).sum()) ** 0.5) / len(values)
    return mean, max(mean - reach, -1.0), min(mean + reach, 1.0)


def sentence(row: dict, label: str) -> str:
    """Why, in words made of the row's own numbers."""
    trend = {
        "rising": f", and rising by {abs(row['change_pp']):.1f} points a year",
        "falling": f", though falling by {abs(row['change_pp']):.1f} points a year",
        "steady": ", with no clear trend",
        "too few": "",
    }[row["verdict"]]
    return (
        f"{label} is asked for in {100 * row['share']:.0f} % of {row['n_postings']:,} postings{trend}; "
        f"learning it brings {100 * row['gain']:.1f} % of them within reach "
        f"(95 % interval {100 * row['gain_low']:.1f} to {100 * row['gain_high']:.1f}) and the average posting "
        f"{100 * row['nearer']:.1f} points nearer."
    )


def verdict_on(plan: pd.DataFrame) -> str:
    """Does the plan beat plain counting, on postings that it was not made from? A sentence."""
    if not len(plan) or np.isnan(plan["plan_advantage"].iloc[0]):
        return "Too few postings to test the plan on others than those it was made from."
    advantage, low, high = (100 * plan[name].iloc[0] for name in ("plan_advantage", "plan_low", "plan_high"))
    measured = f"{advantage:+.1f} % of postings (95 % interval {low:+.1f} to {high:+.1f})"
    measured = measured.replace("-", "\N{MINUS SIGN}")
    if low > 0:
        return f"{TESTED} the plan's first steps reach {measured} more than as many of the most frequent."
    return f"{TESTED} the most frequent requirements do as well: the difference is {measured}."
