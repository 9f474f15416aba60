"""What is new in postings: terms that the vocabulary lacks, and requirements that rise and fade, of late."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import betainc
from scipy.stats import norm

from itpm_trends.measuring.intervals import employer_codes
from itpm_trends.measuring.stating import kind_of, stated
from itpm_trends.measuring.terms import LONGEST_TERM, Phrase, Terms, counted_terms, phrases, sequences, terms_in
from itpm_trends.measuring.trends import benjamini_hochberg
from itpm_trends.places import country_of
from itpm_trends.tables import DESCRIBING, EMERGING, MOVING

RECENT = {"week": 13, "month": 3}  # the periods that are compared with those before them
BEFORE = {"week": 39, "month": 9}  # so that both together are a year at most
FEWEST_PERIODS = {"week": 8, "month": 4}
MAX_FALSE_DISCOVERIES = 0.05  # q up to which a term is listed: a list of one should be right, too
MIN_STATING = 6  # a term in fewer postings of the window cannot be told from chance
MIN_EMPLOYERS = 4  # of the recent postings that state it: fewer are a house's own words
PART_OF = 0.8  # a term is part of a longer one where the longer one makes up this much of it
SAME = 0.5  # two terms are one where this much of the rarer stands with the other
MIN_VERBATIM = 3  # telling words that stand beside a term in a sentence copied from advert to advert
VERBATIM = 0.8  # share of a term's postings in which they do
NOTICED = 0.02  # a term is there since its share of four periods first reached this
N_CONTEXTS, CONTEXT_WORDS = 3, 5  # words on each side
LEAST_SPREAD = 1.0  # of true log-odds among terms: no fewer, where most terms stand still the few that move count


@dataclass(frozen=True)
class Window:
    """Vacancies of the final periods compared, of the sources that both sides hold."""

    flow: pd.DataFrame
    is_recent: np.ndarray

    @cached_property
    def sources(self) -> np.ndarray:
        return pd.factorize(self.flow["source"])[0]

    @cached_property
    def employers(self) -> np.ndarray:
        return employer_codes(self.flow["company_name"])


def window(flow: pd.DataFrame) -> Window:
    """The last final periods of ``flow`` (see ``vacancies.counted``) against those before; empty where too few."""
    final = flow[flow["maturity"] == "final"]
    periods = np.sort(final["week"].unique())
    period = final["period"].iloc[0] if len(final) else "week"
    n_recent = min(RECENT[period], len(periods) // 2)
    if len(periods) < FEWEST_PERIODS[period]:
        periods = periods[:0]
    final = final[final["week"].isin(periods[-n_recent - BEFORE[period] :])]
    is_recent = final["week"].isin(periods[-n_recent:] if n_recent else periods[:0])
    comparable = set(final.loc[is_recent, "source"]) & set(final.loc[~is_recent, "source"])
    kept = final["source"].isin(comparable)
    return Window(final[kept].reset_index(drop=True), is_recent[kept].to_numpy())


def emerging(flow: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The emerging table: terms beside the vocabulary whose share grew, the largest growth first.

    Growth is the log-odds of a recent posting stating the term against an earlier one of the same source (Mantel and
    Haenszel 1959), shrunk towards none (normal prior, its variance by moments). Employers are clusters: the test is
    exact on counts divided by their design effect (Rao and Scott 1992) or on employers with one vote each, whichever
    tells more, at twice its p-value. Listed is what Benjamini and Hochberg (1995) let pass. Fragments of longer terms,
    terms of few employers, places, and sentences that employers share word for word are left out.
    """
    compared = window(flow)
    return emerging_of(compared, counted_terms(compared.flow, mentions, MIN_STATING), mentions)


def emerging_of(compared: Window, terms: Terms, mentions: pd.DataFrame) -> pd.DataFrame:
    """:func:`emerging` from terms counted before; rows of ``terms`` are those of ``compared.flow``."""
    terms = _whole_names(terms)
    change = change_of(terms.stated, compared)
    is_tested = (change["n_employers"] >= MIN_EMPLOYERS) & (change["n_before"] + change["n_recent"] >= MIN_STATING)
    change = change[is_tested].assign(term=terms.names[is_tested], column=np.flatnonzero(is_tested))
    change["p"] = (2 * change[["p_more", "p_votes"]].min(axis=1)).clip(upper=1)  # Bonferroni over the two tests
    change["q"] = benjamini_hochberg(change["p"])
    grown = change[change["q"] <= MAX_FALSE_DISCOVERIES].sort_values(["p", "term"])
    grown = grown[np.array([country_of(term) is None for term in grown["term"]], dtype=bool)]
    grown = _distinct(grown, terms)
    told = _told(grown, terms, compared, mentions)
    rows = grown.merge(told, on="term", validate="one_to_one").sort_values(
        ["log_odds", "term"], ascending=[False, True]
    )
    return EMERGING.frame(rows.assign(rank=np.arange(1, len(rows) + 1)))


def change_of(states: csr_array, compared: Window) -> pd.DataFrame:
    """One row a column of ``states`` (rows as ``compared.flow``): counts, shares, shrunken log-odds and p-values.

    ``p_more`` and ``p_less`` are one-sided; ``p_votes`` is that of more, employers having one vote each.
    """
    recent = compared.is_recent.astype(float)
    by_source = _indicator(compared.sources)
    n_source = np.asarray(by_source.sum(axis=1)).ravel()
    share_recent = (by_source @ recent) / np.maximum(n_source, 1)
    k_source = (by_source @ states).toarray()
    n, n_recent = k_source.sum(axis=0), states.T @ recent
    expected = share_recent @ k_source
    # Variance of n_recent when nothing changes: hypergeometric within each source, times the design effect.
    spread = (share_recent * (1 - share_recent) / np.maximum(n_source - 1, 1)) @ (
        k_source * (n_source[:, None] - k_source)
    )
    variance = spread * _design_effect(states, compared, share_recent)
    chance = np.divide(expected, n, out=np.full(len(n), 0.5), where=n > 0)
    deflation = np.divide(variance, n * chance * (1 - chance), out=np.ones(len(n)), where=variance > 0)
    a, m = n_recent / deflation, n / deflation
    totals = recent.sum(), len(recent) - recent.sum()
    log_odds = _log_odds(n_recent, n - n_recent, totals) - _log_odds(expected, n - expected, totals)
    error = np.sqrt(1 / (a + 0.5) + 1 / (m - a + 0.5))
    shrunk, left = shrunken(log_odds, error)
    reach = norm.ppf(0.975) * left
    return pd.DataFrame(
        {
            "n_postings_before": int(totals[1]),
            "n_postings_recent": int(totals[0]),
            "n_before": (n - n_recent).astype(int),
            "n_recent": n_recent.astype(int),
            "share_before": (n - n_recent) / max(totals[1], 1),
            "share_recent": n_recent / max(totals[0], 1),
            "log_odds": shrunk,
            "low": shrunk - reach,
            "high": shrunk + reach,
            "p_more": _tail(a, m, chance),
            "p_less": _tail(m - a, m, 1 - chance),
            "p_votes": _p_of_votes(states, compared, chance),
            "n_employers": _n_employers(states, compared),
        }
    )


def shrunken(log_odds: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posterior mean and standard deviation of each log-odds under a normal prior around no change.

    The prior's variance is that of the log-odds beyond their errors, by moments (DerSimonian and Laird 1986), and at
    least ``LEAST_SPREAD`` squared.
    """
    precision = 1 / error**2
    excess = ((log_odds**2 - error**2) * precision).sum() / precision.sum() if len(error) else 0.0
    prior = max(excess, LEAST_SPREAD**2)
    weight = prior / (prior + error**2)
    return weight * log_odds, np.sqrt(weight) * error


def _log_odds(recent, before, totals) -> np.ndarray:
    in_recent = np.log((recent + 0.5) / (totals[0] - recent + 0.5))
    return in_recent - np.log((before + 0.5) / (totals[1] - before + 0.5))


def _tail(a, m, chance) -> np.ndarray:
    """P(X >= a) for X binomial (m, chance); counts may be fractions."""
    a = np.maximum(a, 1e-9)
    return betainc(a, np.maximum(m - a, 0) + 1, chance)


def _design_effect(states: csr_array, compared: Window, share_recent: np.ndarray) -> np.ndarray:
    """How much the sums of employers scatter beyond those of single postings (Kish 1965), at least 1, by column.

    Residuals are taken from the share in each half of the window, so that growth is no correlation, and grow with the
    part of the half that is the employer's (MacKinnon and White 1985): one that makes up most of it sets its share.
    """
    halves = _indicator(compared.is_recent.astype(int))
    n_half = np.maximum(np.asarray(halves.sum(axis=1)).ravel(), 1)
    share = (halves @ states).toarray() / n_half[:, None]
    weight = compared.is_recent - share_recent[compared.sources]
    single = ((_indicator(compared.is_recent.astype(int), weight**2) @ states).toarray() * (1 - share)).sum(axis=0)
    cells = 2 * compared.employers + compared.is_recent
    part = np.bincount(cells)[cells] / n_half[compared.is_recent.astype(int)]
    by_employer = _indicator(compared.employers, weight / np.maximum(1 - part, 1 / max(len(part), 1)))
    sums, sizes = by_employer @ states, by_employer @ halves.T
    clustered = np.asarray(sums.multiply(sums).sum(axis=0)).ravel()
    clustered -= 2 * ((sizes.T @ sums).toarray() * share).sum(axis=0)
    clustered += (share * ((sizes.T @ sizes) @ share)).sum(axis=0)
    return np.maximum(1, np.divide(clustered, single, out=np.ones(len(single)), where=single > 0))


def _p_of_votes(states: csr_array, compared: Window, chance: np.ndarray) -> np.ndarray:
    """One-sided p-value of more, by column, from employers with one vote each: the recent part of what each states.

    An employer that repeats a term in many adverts outweighs the others in their sums; here it does not. Its vote is
    recent by ``chance``, or by the recent part of the voters' postings where that is larger.
    """
    recent = compared.is_recent.astype(float)
    by_employer = _indicator(compared.employers)
    own_share = (by_employer @ recent) / np.maximum(by_employer.sum(axis=1), 1)
    part = (by_employer @ states).tocsr()
    part.data = 1 / part.data
    votes = (_indicator(compared.employers, recent) @ states).multiply(part).sum(axis=0)
    voters = (part > 0).astype(float)
    n_voters = voters.sum(axis=0)
    own_chance = np.divide(own_share @ voters, n_voters, out=np.zeros(len(n_voters)), where=n_voters > 0)
    return _tail(np.asarray(votes).ravel(), n_voters, np.maximum(chance, own_chance))


def _n_employers(states: csr_array, compared: Window) -> np.ndarray:
    """Employers of the recent postings that state each column."""
    recent = _indicator(compared.employers, compared.is_recent.astype(float)) @ states
    return np.asarray((recent > 0).sum(axis=0)).ravel().astype(int)


def _indicator(codes: np.ndarray, values: np.ndarray | None = None) -> csr_array:
    """Groups x postings: each posting's value (1) in its group's row."""
    values = np.ones(len(codes)) if values is None else values
    return csr_array((values, (codes, np.arange(len(codes)))), shape=(codes.max(initial=-1) + 1, len(codes)))


def _whole_names(terms: Terms) -> Terms:
    """``terms`` without the fragments of longer ones: those of which a longer one makes up nearly all."""
    n = np.asarray(terms.stated.sum(axis=0)).ravel()
    place = {name: at for at, name in enumerate(terms.names)}
    is_whole = np.ones(len(n), dtype=bool)
    for at, name in enumerate(terms.names):
        for words in sequences(tuple(name.split()), LONGEST_TERM - 1):
            part = place.get(" ".join(words), at)
            if part != at and n[at] >= PART_OF * n[part]:
                is_whole[part] = False
    return Terms(terms.names[is_whole], terms.stated[:, np.flatnonzero(is_whole)])


def _distinct(grown: pd.DataFrame, terms: Terms) -> pd.DataFrame:
    """``grown``, best first, without terms that mostly stand where a better one of their family stands."""
    together = (terms.stated[:, grown["column"]].T @ terms.stated[:, grown["column"]]).toarray()
    n = together.diagonal()
    words = [set(term.split()) for term in grown["term"]]
    kept: list[int] = []
    for at in range(len(grown)):
        rarer = np.minimum(n[kept], n[at])
        commoner = np.maximum(n[kept], n[at])
        is_kin = np.array([not words[at].isdisjoint(words[other]) for other in kept], dtype=bool)
        if not (together[at, kept] >= SAME * np.where(is_kin, rarer, commoner)).any():
            kept.append(at)
    return grown.iloc[kept]


def _told(grown: pd.DataFrame, terms: Terms, compared: Window, mentions: pd.DataFrame) -> pd.DataFrame:
    """One row a term of ``grown`` that is no boilerplate: term, sources, since, contexts."""
    rows = []
    for term, column in zip(grown["term"], grown["column"], strict=True):
        is_stating = terms.stated[:, [column]].toarray().ravel() > 0
        stating = compared.flow[is_stating & compared.is_recent].sort_values(["week", "posting_id"], ascending=False)
        units = [
            next(phrase for name, phrase in terms_in(found) if name == term) for found in phrases(stating, mentions)
        ]
        if not _is_boilerplate(term, units):
            rows.append(
                {
                    "term": term,
                    "sources": ";".join(sorted(stating["source"].unique())),
                    "since": _since(compared.flow["week"], is_stating),
                    "contexts": " | ".join(_contexts(term, units, stating["company_name"])),
                }
            )
    return pd.DataFrame(rows, columns=["term", "sources", "since", "contexts"])


def _is_boilerplate(term: str, units: list[Phrase]) -> bool:
    """Whether nearly all postings that state ``term`` have the same telling words beside it: one sentence, copied."""
    n_words = len(term.split())
    beside = Counter(_beside(term.split()[0], phrase.unit_words, n_words) for phrase in units)
    (words, n), *_ = beside.most_common(1)
    return len(words) >= MIN_VERBATIM and n >= VERBATIM * len(units)


def _beside(first_word: str, words: tuple[str, ...], n_words: int) -> tuple[str, ...]:
    at = words.index(first_word)
    return words[max(at - MIN_VERBATIM, 0) : at] + words[at + n_words : at + n_words + MIN_VERBATIM]


def _since(weeks: pd.Series, is_stating: np.ndarray) -> pd.Timestamp:
    """The first period in which the share of the four up to it reached ``NOTICED``; otherwise that of first sight."""
    share = pd.Series(is_stating).groupby(weeks.to_numpy()).agg(["sum", "size"]).rolling(4, min_periods=1).sum()
    is_noticed = share["sum"] >= NOTICED * share["size"]
    return share.index[is_noticed.argmax()] if is_noticed.any() else weeks[is_stating].min()


def _contexts(term: str, units: list[Phrase], employers: pd.Series) -> list[str]:
    """The term among a few words, from as many different employers as there are contexts."""
    pattern = re.compile(r"[\W_]+".join(map(re.escape, term.split())), re.IGNORECASE)
    contexts: dict[str, str] = {}
    for phrase, employer in zip(units, employers.fillna("?"), strict=True):
        found = pattern.search(phrase.unit)
        before, after = phrase.unit[: found.start()].split(), phrase.unit[found.end() :].split()
        context = " ".join([*before[-CONTEXT_WORDS:], found.group(), *after[:CONTEXT_WORDS]])
        if context not in contexts.values():
            contexts.setdefault(employer, context)
    return list(contexts.values())[:N_CONTEXTS]


def rising(flow: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]) -> pd.DataFrame:
    """The moving table: requirements of the vocabulary whose share grew of late, by the statistic of :func:`emerging`.

    Duties and previous jobs are no requirements and left out.
    """
    return _moving(flow, mentions, requirement_ids, "rising")


def fading(flow: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str]) -> pd.DataFrame:
    """The moving table: requirements of the vocabulary whose share fell of late; see :func:`rising`."""
    return _moving(flow, mentions, requirement_ids, "fading")


def _moving(flow: pd.DataFrame, mentions: pd.DataFrame, requirement_ids: list[str], direction: str) -> pd.DataFrame:
    ids = pd.Series(requirement_ids, dtype="str")
    ids = ids[~kind_of(ids).isin(DESCRIBING)].reset_index(drop=True)
    compared = window(flow)
    change = change_of(stated(compared.flow, mentions, ids.tolist()), compared).assign(requirement_id=ids)
    change = change[change["n_before"] + change["n_recent"] >= MIN_STATING]
    change["q"] = benjamini_hochberg(change["p_more" if direction == "rising" else "p_less"])
    moved = change[change["q"] <= MAX_FALSE_DISCOVERIES]
    moved = moved.sort_values(["log_odds", "requirement_id"], ascending=[direction == "fading", True])
    return MOVING.frame(moved.assign(direction=direction, rank=np.arange(1, len(moved) + 1)))
