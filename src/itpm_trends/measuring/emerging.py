"""Terms that the vocabulary lacks and that gain ground in what postings ask; and what of the vocabulary fades."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import norm, rankdata
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from itpm_trends.measuring.intervals import design_effect, employer_codes, employer_correlation
from itpm_trends.measuring.stating import indicator, kind_of, stated
from itpm_trends.measuring.trends import MAX_FALSE_DISCOVERIES, benjamini_hochberg
from itpm_trends.reading.document import Document
from itpm_trends.reading.language import ENGLISH
from itpm_trends.reading.vocabulary import matcher
from itpm_trends.tables import DESCRIBING, EMERGING, SHIFTS

RECENT_WEEKS = 8
MOST_WEEKS = 39  # what rose longer ago is no news
MIN_BEFORE_WEEKS = 8  # fewer say nothing of what was usual
MIN_EMPLOYERS = 4  # fewer carrying a term may be one house's words
MIN_SHARE = 0.005  # of the recent postings; rarer terms wait
LONGEST_TERM = 3  # words
CONTEXTS, CONTEXT_WORDS = 3, 6  # how many are kept, and words on each side
NOTICED = 0.02  # share from which a week counts as the first in which the term stood out
ALWAYS = 0.95  # of its postings, from which a shorter term is nothing without the longer one
SAME_GROWTH = 0.8  # of the postings that a longer term shares with a shorter one, to stand for it
OWN_NAME = 0.5  # of its postings from which a term is a name of its employers
RARE = 0.05  # of all postings: terms below and above are tested apart, since a new term is rare and house style is not
ASKING = ("required", "preferred", "duties")
MASK = "\N{CURRENCY SIGN}"
WORD = re.compile(rf"[^\W\d_][\w+#.'/-]*[\w+#]|[^\W\d_]|{MASK}+|[,;:()|•!?\[\]{{}}\"]|\.(?=\s|$)|\s[-–]\s")
OPAQUE = re.compile(rf"{MASK}|[,;:()|•!?\[\]{{}}\".]$|\s[-–]\s")


def emerging(
    flow: pd.DataFrame, mentions: pd.DataFrame, *, recent_weeks: int = RECENT_WEEKS, most: int = 25
) -> pd.DataFrame:
    """The emerging table: terms of up to three words in requirement sections that gain share, most certain first.

    ``flow`` holds vacancies with ``week``, ``maturity``, ``source``, ``company_name``, ``description_text`` (see
    ``vacancies.counted``). What the vocabulary finds is masked. A rank test of time within each source (Wilcoxon
    1945), widened by the design effect of employers, says what gains; what passes Benjamini and Hochberg's bound is
    listed by the log-odds ratio of the recent weeks against those before, shrunk towards none (normal-normal; Monroe,
    Colaresi and Quinn 2008). A term that a few employers carry, that names them, that belongs to words of
    the vocabulary, or that is part of a longer one, is left out.
    """
    flow = _window(flow[flow["description_text"].notna()])
    is_recent = _is_recent(flow, recent_weeks)
    if is_recent is None:
        return EMERGING.empty()
    clauses = [list(requirement_clauses(text, places)) for text, places in _texts(flow, mentions)]
    counter = CountVectorizer(analyzer=_terms_of_posting, binary=True, min_df=MIN_EMPLOYERS, dtype=np.float64)
    try:
        states = csr_array(counter.fit_transform(clauses))
    except ValueError:  # no term stands in enough postings
        return EMERGING.empty()
    names = counter.get_feature_names_out()
    tested = _shifts(flow, states, is_recent).assign(term=names, column=np.arange(len(names)))
    tested = tested[~_always_in_a_longer(names, states.sum(axis=0))]
    tested = tested[(tested["n_employers"] >= MIN_EMPLOYERS) & (tested["share_recent"] >= MIN_SHARE)]
    tested = tested[tested["log_odds"] > 0]
    is_rare = tested["n_mentioning_recent"] + tested["n_mentioning_before"] <= RARE * len(flow)
    tested = pd.concat([_with_verdict(tested[is_rare]), _with_verdict(tested[~is_rare])])
    found = tested[tested["q"] <= MAX_FALSE_DISCOVERIES].sort_values(["shrunken", "term"], ascending=[False, True])
    found = found[np.array([_is_new(term) for term in found["term"]], dtype=bool)]
    found = found[~_is_own_name(found, states, flow)]
    found = found[~_is_part_of_another(found, states)].head(most)
    rows = found.assign(
        rank=np.arange(1, len(found) + 1),
        contexts=[_contexts(term, clauses, flow, is_recent) for term in found["term"]],
        since=[_since(states[:, [column]], flow) for column in found["column"]],
    )
    return EMERGING.frame(rows)


def shifts(flow: pd.DataFrame, mentions: pd.DataFrame, *, recent_weeks: int = RECENT_WEEKS) -> pd.DataFrame:
    """The shifts table: every requirement of the vocabulary with its recent share beside the one before.

    The statistic of :func:`emerging`, on both sides: what gains and what fades, most certain last and first.
    """
    flow = _window(flow)
    is_recent = _is_recent(flow, recent_weeks)
    if is_recent is None:
        return SHIFTS.empty()
    asked = mentions[~mentions["kind"].isin(DESCRIBING) & mentions["posting_id"].isin(flow["posting_id"])]
    ids = sorted(asked["requirement_id"].unique())
    tested = _shifts(flow, stated(flow, asked, ids), is_recent).assign(requirement_id=ids)
    tested = _with_verdict(tested[tested["n_employers"] >= MIN_EMPLOYERS], two_sided=True)
    return SHIFTS.frame(tested.assign(kind=kind_of(tested["requirement_id"])))


def requirement_clauses(text: str, masked: Iterable[tuple[int, int]]) -> Iterator[list[str]]:
    """The words of each unit that asks for something, lower case; masked characters and punctuation stay as marks."""
    characters = list(text)
    for start, end in masked:
        characters[start:end] = MASK * (end - start)
    document = Document("".join(characters), ENGLISH)
    units = [unit for unit in document.units if not unit.is_heading]
    for unit in [u for u in units if u.section in ASKING] or [u for u in units if u.section == "other"]:
        yield [word.lower() for word in WORD.findall(unit.text)]


def _terms_of_posting(clauses: list[list[str]]) -> Iterator[str]:
    for words in clauses:
        yield from terms(words)


def terms(words: list[str]) -> Iterator[str]:
    """Every run of up to three words without a mark inside and without a plain word at its ends.

    A run that touches masked words belongs to them ("... platform") and is none.

    >>> list(terms(["knowledge", "of", "vector", "search", ",", "python"]))
    ['vector', 'vector search', 'search', 'python']
    """
    for first in range(len(words)):
        for last in range(first, min(first + LONGEST_TERM, len(words))):
            if OPAQUE.search(words[last]):
                break
            around = words[max(first - 1, 0) : first] + words[last + 1 : last + 2]
            if any(word.startswith(MASK) for word in around):
                continue
            if not (_is_plain(words[first]) or _is_plain(words[last])):
                yield " ".join(words[first : last + 1])


def _is_plain(word: str) -> bool:
    return word in ENGLISH_STOP_WORDS or word in _plain_words() or len(word) == 1


@cache
def _plain_words() -> frozenset[str]:
    """Words of every posting: alone or at an end of a term they name nothing that could be learned."""
    return frozenset(files("itpm_trends.measuring").joinpath("plain_words.txt").read_text(encoding="utf-8").split())


def _texts(flow: pd.DataFrame, mentions: pd.DataFrame) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    asked = mentions[~mentions["kind"].isin(DESCRIBING)]
    places = asked.groupby("posting_id")[["start", "end"]].apply(lambda rows: list(rows.itertuples(index=False)))
    for posting_id, text in zip(flow["posting_id"], flow["description_text"], strict=True):
        yield text, places.get(posting_id, [])


def _window(flow: pd.DataFrame) -> pd.DataFrame:
    """The final weeks of the last ``MOST_WEEKS``."""
    flow = flow[flow["maturity"] == "final"]
    return flow[flow["week"] > flow["week"].max() - pd.Timedelta(weeks=MOST_WEEKS)].reset_index(drop=True)


def _is_recent(flow: pd.DataFrame, recent_weeks: int) -> np.ndarray | None:
    """Which rows are of the last ``recent_weeks`` weeks; None where there is too little to compare."""
    weeks = np.sort(flow["week"].unique())
    if not len(weeks) or flow["period"].iloc[0] != "week" or len(weeks) < recent_weeks + MIN_BEFORE_WEEKS:
        return None
    return (flow["week"] >= weeks[-recent_weeks]).to_numpy()


def _shifts(flow: pd.DataFrame, states: csr_array, is_recent: np.ndarray) -> pd.DataFrame:
    """For each column of ``states``: counts, shares, design effect, and the shift within sources as log-odds."""
    source = pd.factorize(flow["source"])[0]
    employers = employer_codes(flow["company_name"])
    in_both = np.isin(source, np.intersect1d(source[is_recent], source[~is_recent]))
    recent, before = in_both & is_recent, in_both & ~is_recent
    k_recent, k_before = (_by_source(states, source, rows) for rows in (recent, before))
    n_recent, n_before = (np.bincount(source[rows], minlength=source.max() + 1)[:, None] for rows in (recent, before))
    n_both = np.maximum(n_recent + n_before, 1)
    expected = (k_recent + k_before) * n_recent / n_both
    correlation = employer_correlation(states, employers, is_recent.astype(int))
    effect = design_effect(correlation, np.unique(employers[recent], return_inverse=True)[1])
    total = (k_recent + k_before).sum(axis=0)
    part = np.divide(expected.sum(axis=0), total, out=np.full(len(total), 0.5), where=total > 0)
    a, b = k_recent.sum(axis=0) / effect, k_before.sum(axis=0) / effect
    # The odds of a mention being recent, against those expected if nothing had moved.
    log_odds = np.log((a + 0.5) / (b + 0.5)) - np.log(part / (1 - part))
    return pd.DataFrame(
        {
            "n_recent": int(recent.sum()),
            "n_before": int(before.sum()),
            "n_mentioning_recent": k_recent.sum(axis=0).astype(np.int64),
            "n_mentioning_before": k_before.sum(axis=0).astype(np.int64),
            "share_recent": k_recent.sum(axis=0) / max(recent.sum(), 1),
            "share_before": _at_recent_mix(k_before, n_before, n_recent),
            "n_employers": (indicator(employers[recent]) @ states[np.flatnonzero(recent)] > 0).sum(axis=0),
            "log_odds": log_odds,
            "error": np.sqrt(1 / (a + 0.5) + 1 / (b + 0.5)),
            "z": _lateness(states, flow["week"].to_numpy(), source, in_both) / np.sqrt(effect),
        }
    )


def _lateness(states: csr_array, week: np.ndarray, source: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """How much later than all postings of their source those stand that state it, as a standard normal deviate.

    The rank test of Wilcoxon (1945), ties by mid-ranks, summed over sources: it sees a slow rise that a cut between
    two windows would halve, and no source that came or went.
    """
    total, variance = np.zeros(states.shape[1]), np.zeros(states.shape[1])
    for each in np.unique(source[counted]):
        rows = np.flatnonzero(counted & (source == each))
        n = len(rows)
        if n < 2:
            continue
        rank = (rankdata(week[rows]) - 0.5) / n - 0.5
        k = states[rows].sum(axis=0)
        total += states[rows].T @ rank
        variance += k * (n - k) / (n - 1) * np.mean(rank**2)
    return np.divide(total, np.sqrt(variance), out=np.zeros_like(total), where=variance > 0)


def _by_source(states: csr_array, source: np.ndarray, rows: np.ndarray) -> np.ndarray:
    at = np.flatnonzero(rows)
    return (indicator(source[at], int(source.max()) + 1) @ states[at]).toarray()


def _at_recent_mix(k_before: np.ndarray, n_before: np.ndarray, n_recent: np.ndarray) -> np.ndarray:
    share = np.divide(k_before, n_before, out=np.zeros_like(k_before), where=n_before > 0)
    return (share * n_recent).sum(axis=0) / max(n_recent.sum(), 1)


def _with_verdict(tested: pd.DataFrame, two_sided: bool = False) -> pd.DataFrame:
    """q over all that is tested, and the log-odds shrunk towards none by their spread (normal-normal, by moments)."""
    p = pd.Series(2 * norm.sf(tested["z"].abs()) if two_sided else norm.sf(tested["z"]), index=tested.index)
    variance = tested["error"] ** 2
    spread = max(float((tested["log_odds"] ** 2 - variance).mean()), 0.0) if len(tested) else 0.0
    weight = spread / (spread + variance)
    posterior = np.sqrt(weight * variance)
    shrunken = weight * tested["log_odds"]
    return tested.assign(
        p=p,
        q=benjamini_hochberg(p),
        shrunken=shrunken,
        low=shrunken - 1.96 * posterior,
        high=shrunken + 1.96 * posterior,
    )


def _is_new(term: str) -> bool:
    """Does no phrase of the vocabulary stand in it?"""
    return not any(True for kind in ("skill", "certification") for _ in matcher(kind).find(term))


def _is_own_name(found: pd.DataFrame, states: csr_array, flow: pd.DataFrame) -> np.ndarray:
    """Terms whose postings mostly are of employers that bear them in their name."""
    names = flow["company_name"].fillna("").str.lower().to_numpy()
    own = []
    for term, column in zip(found["term"], found["column"], strict=True):
        carriers = names[states[:, [column]].nonzero()[0]]
        own.append(np.mean([any(word in name.split() for word in term.split()) for name in carriers]) >= OWN_NAME)
    return np.array(own, dtype=bool)


def _places(words: list[str], clause: list[str]) -> list[int]:
    return [at for at in range(len(clause) - len(words) + 1) if clause[at : at + len(words)] == words]


def _always_in_a_longer(names: np.ndarray, n_stating: np.ndarray) -> np.ndarray:
    """Terms that never stand alone: the longer one says more, and testing both would count one growth twice."""
    count = dict(zip(names, n_stating, strict=True))
    inside = {}
    for longer in names:
        words = longer.split()
        for first in range(len(words)):
            for last in range(first + 1, len(words) + 1):
                if last - first < len(words):
                    shorter = " ".join(words[first:last])
                    inside[shorter] = max(inside.get(shorter, 0), count[longer])
    return np.array([inside.get(name, 0) >= ALWAYS * count[name] for name in names], dtype=bool)


def _is_part_of_another(found: pd.DataFrame, states: csr_array) -> np.ndarray:
    """Terms beside which a better one says the same: a longer one of the same postings, or a shorter, wider one."""
    carriers = {row.term: set(states[:, [row.column]].nonzero()[0]) for row in found.itertuples()}
    dropped = set()
    for longer in carriers:
        for shorter in carriers:
            if shorter != longer and f" {shorter} " in f" {longer} ":
                is_same = len(carriers[longer]) >= SAME_GROWTH * len(carriers[shorter])
                dropped.add(shorter if is_same else longer)
    return found["term"].isin(dropped).to_numpy(dtype=bool)


def _contexts(term: str, clauses, flow: pd.DataFrame, is_recent: np.ndarray) -> str:
    """Up to three short pieces of recent text around the term, of different employers, a line each."""
    words, told = term.split(), {}
    for at in np.flatnonzero(is_recent)[::-1]:
        for clause in clauses[at]:
            for place in _places(words, clause)[:1]:
                piece = clause[max(0, place - CONTEXT_WORDS) : place + len(words) + CONTEXT_WORDS]
                told.setdefault(str(flow["company_name"].iloc[at]), " ".join(piece).replace(MASK, "…"))
        if len(told) >= CONTEXTS:
            break
    return "\n".join(re.sub(r"…+", "…", piece) for piece in list(told.values())[:CONTEXTS])


def _since(states: csr_array, flow: pd.DataFrame) -> pd.Timestamp:
    """The first week in which the term stood in 2 % of the postings, or in which it was first seen."""
    stating = states.toarray().ravel()
    by_week = pd.DataFrame({"week": flow["week"], "stating": stating}).groupby("week")["stating"].agg(["sum", "mean"])
    noticed = by_week.index[(by_week["mean"] >= NOTICED) & (by_week["sum"] > 1)]
    return noticed[0] if len(noticed) else by_week.index[by_week["sum"] > 0][0]
