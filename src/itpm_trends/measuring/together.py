"""Which requirements come together: pairs beyond chance, and the clusters that they form."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sklearn.cluster import AgglomerativeClustering

from itpm_trends.measuring.intervals import employer_codes
from itpm_trends.measuring.stating import kind_of, stated
from itpm_trends.reading.vocabulary import entries
from itpm_trends.tables import CLUSTERS, DESCRIBING, PAIRS

MIN_STATING = 20  # vacancies that state each of a pair; with fewer the pair is not judged
MIN_TOGETHER = 10  # vacancies that must state both
THRESHOLD = 0.10  # NPMI from which two requirements come together; 0 is chance, 1 is never apart
STABLE = 0.90  # share of resamples in which a stable pair stays above the threshold
N_RESAMPLES = 200
N_NAMING = 3  # members that name a cluster
COMMON = ("degree", "experience", "language")  # nearly every posting states them: they say nothing of a bundle


def pairs(vacancies: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str], seed: int) -> pd.DataFrame:
    """The pairs table: requirements that come together more often than chance, the closest first.

    NPMI is the pointwise mutual information of two requirements over its largest value (Bouma 2009); -1 never
    together, 0 as chance has it, 1 never apart. Interval and stability come from resampling employers with all their
    vacancies (Efron 1979; Field and Welsh 2007 for clusters). A certification and its family are no pair.
    """
    ids = _judged(vacancies, mentions, requirement_ids)
    states = stated(vacancies, mentions, ids)
    n_postings, n_each, n_both = len(vacancies), states.sum(axis=0), (states.T @ states).toarray()
    n_apart = n_both - _n_same_words(vacancies, mentions, ids)
    first, second = np.nonzero(np.triu((n_both >= MIN_TOGETHER) & (2 * n_apart >= n_both), k=1))
    kin = _kin(ids)
    unrelated = np.array([{ids[a], ids[b]} not in kin for a, b in zip(first, second, strict=True)], dtype=bool)
    first, second = first[unrelated], second[unrelated]
    npmi = _npmi(n_both[first, second], n_each[first], n_each[second], n_postings)
    close = npmi >= THRESHOLD
    first, second, npmi = first[close], second[close], npmi[close]
    resampled = _resampled(states, employer_codes(vacancies["company_name"]), first, second, seed)
    low, high = np.quantile(resampled, [0.025, 0.975], axis=0) if len(first) else (npmi, npmi)
    rows = pd.DataFrame(
        {
            "first_id": [ids[a] for a in first],
            "second_id": [ids[b] for b in second],
            "n_postings": n_postings,
            "n_first": n_each[first],
            "n_second": n_each[second],
            "n_together": n_both[first, second],
            "npmi": npmi,
            "npmi_low": low,
            "npmi_high": high,
            "stability": (resampled >= THRESHOLD).mean(axis=0),
        }
    ).sort_values(["npmi", "first_id", "second_id"], ascending=[False, True, True])
    return PAIRS.frame(rows.assign(rank=np.arange(1, len(rows) + 1)))


def clusters(found: pd.DataFrame) -> pd.DataFrame:
    """The clusters table from ``found`` pairs: requirements that come together with each other, a row a member.

    Average-linkage clustering (Sokal and Michener 1958) of 1 - NPMI over the stable pairs; what is no stable pair
    counts as apart. ``name`` lists the members nearest to the rest, ``centrality`` is a member's mean NPMI to the
    others.
    """
    stable = found[found["stability"] >= STABLE]
    ids = sorted({*stable["first_id"], *stable["second_id"]})
    if len(ids) < 2:
        return CLUSTERS.empty()
    a, b = (pd.Index(ids).get_indexer(stable[column]) for column in ("first_id", "second_id"))
    near = np.zeros((len(ids), len(ids)))
    near[a, b] = near[b, a] = stable["npmi"]
    tree = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - THRESHOLD
    )
    codes = tree.fit_predict(np.where(np.eye(len(ids)) > 0, 0, 1 - near))
    same = codes[:, None] == codes
    n_others = same.sum(axis=1) - 1
    rows = pd.DataFrame(
        {"requirement_id": ids, "code": codes, "centrality": (near * same).sum(axis=1) / np.maximum(n_others, 1)}
    )[n_others > 0].sort_values(["centrality", "requirement_id"], ascending=[False, True])
    names = rows.groupby("code")["requirement_id"].agg(lambda members: "; ".join(members.head(N_NAMING)))
    rows = rows.assign(name=rows["code"].map(names), n_members=rows.groupby("code")["code"].transform("size"))
    return CLUSTERS.frame(rows)


def inseparable(vacancies: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]) -> set[frozenset[str]]:
    """Pairs that are no finding: one is the family of the other, or mostly the same words state both."""
    states = stated(vacancies, mentions, requirement_ids)
    n_both = (states.T @ states).toarray()
    n_same = _n_same_words(vacancies, mentions, requirement_ids)
    first, second = np.nonzero(np.triu((n_both > 0) & (2 * n_same > n_both), k=1))
    same = {frozenset((requirement_ids[a], requirement_ids[b])) for a, b in zip(first, second, strict=True)}
    return _kin(requirement_ids) | same


def _judged(vacancies: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]) -> list[str]:
    ids = np.array(requirement_ids)[~kind_of(pd.Series(requirement_ids)).isin(DESCRIBING + COMMON)]
    n_stating = stated(vacancies, mentions, ids.tolist()).sum(axis=0)
    return ids[n_stating >= MIN_STATING].tolist()


def _npmi(n_both, n_first, n_second, n_postings) -> np.ndarray:
    """Normalised pointwise mutual information, -1 where the two never meet."""
    share = np.clip(n_both, 0.5, n_postings - 0.5) / n_postings
    chance = np.maximum(n_first, 1) * np.maximum(n_second, 1) / n_postings**2
    return np.where(n_both > 0, np.clip(np.log(share / chance) / -np.log(share), -1, 1), -1.0)


def _resampled(states: csr_array, employers: np.ndarray, first: np.ndarray, second: np.ndarray, seed: int):
    """Resamples x pairs: the NPMI when employers are drawn with replacement."""
    rng = np.random.default_rng(seed)
    n_employers = int(employers.max(initial=-1)) + 1
    both = states[:, first].multiply(states[:, second]).tocsr()
    resampled = np.empty((N_RESAMPLES, len(first)))
    for at in range(N_RESAMPLES):
        drawn = np.bincount(rng.integers(n_employers, size=n_employers), minlength=n_employers)
        weight = drawn[employers].astype(float)
        n_each = weight @ states
        resampled[at] = _npmi(weight @ both, n_each[first], n_each[second], weight.sum())
    return resampled


def _kin(ids: list[str]) -> set[frozenset[str]]:
    """Each requirement with the family or the broader skill that the vocabulary names for it."""
    known = [entry for kind in ("certification", "skill") for entry in entries(kind)]
    wider = {
        (e.requirement_id, f"{e.kind}:{e.traits[t]}") for e in known for t in ("family", "broader") if t in e.traits
    }
    return {frozenset(pair) for pair in wider if set(pair) <= set(ids)}


def _n_same_words(vacancies: pd.DataFrame, mentions: pd.DataFrame, ids: list[str]) -> np.ndarray:
    """Ids x ids: in how many vacancies the words that state one overlap the words that state the other."""
    known = mentions["posting_id"].isin(vacancies["posting_id"]) & mentions["requirement_id"].isin(ids)
    places = mentions[known].sort_values(["posting_id", "start", "end"])
    reached = places.groupby("posting_id")["end"].cummax().groupby(places["posting_id"]).shift(fill_value=0)
    places = places.assign(place=(places["start"] >= reached).cumsum())[["place", "posting_id", "requirement_id"]]
    places = places.assign(code=pd.Index(ids).get_indexer(places["requirement_id"]))
    both = places.merge(places[["place", "code"]], on="place", suffixes=("", "_other"), validate="many_to_many")
    both = both.drop_duplicates(["posting_id", "code", "code_other"])
    counts = np.zeros((len(ids), len(ids)))
    np.add.at(counts, (both["code"], both["code_other"]), 1)
    return counts
