"""Postings that advertise one vacancy: copies on several boards, several places, and reposts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

NEAR = 0.8  # Jaccard similarity of word triples from which two texts of one employer and title are one vacancy
REPOST_DAYS = 90  # the same advert after a longer pause is a new vacancy
MOST_COMPARED = 40  # within one employer and title, each posting is compared with this many before it

LEGAL_FORMS = re.compile(
    r"\b(inc|incorporated|llc|ltd|limited|plc|corp|corporation|co|company|gmbh|ag|se|sa|sas|sarl|bv|nv|ab|as|oy|pty|"
    r"srl|spa|kg|group|holding|holdings)\b"
)
TITLE_NOISE = re.compile(r"\((?:m|w|f|d|x|h|all genders|remote|hybrid)(?:[/|,]\s*\w+)*\)|\bremote\b|\bhybrid\b")
WORD = re.compile(r"\w+")
SPACED = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() or chr(code) == "_" else 10 if chr(code).splitlines() == [""] else 32
    for code in range(256)
)
SIGNATURE = ("company", "title", "lines", "words", "address", "n_triples", "spread")
SPREAD = 256  # places that a text's word triples are spread over: texts that share few places share few triples
LONGEST_SPREAD = 20_000  # triples from which a place could hold more than a byte counts
PAIRS_AT_ONCE = 200_000
TEXTS_AT_ONCE = 2_000


def vacancy_ids(postings: pd.DataFrame) -> pd.Series:
    """The vacancy of each posting, named by the posting_id of its earliest posting; index as ``postings``.

    Linked are postings of one employer whose texts hold the same lines in any order (whatever the title), and those
    of one employer and title whose word triples overlap by at least ``NEAR``; unless more than ``REPOST_DAYS`` lie
    between the last day of one and the first of the other. One title at one web address, at whatever sources, is one
    vacancy, too. Postings without an employer are linked by text alone,
    postings without a text not at all.
    """
    every_id = postings["posting_id"]
    postings = postings[postings["description_text"].notna()]
    days = postings[["posting_id", "last_seen"]].rename(columns={"last_seen": "ended"})
    days["opened"] = postings["posted_date"].fillna(postings["first_seen"])
    texts, signed = postings["description_text"].to_numpy(), signatures(postings).join(days)
    earliest, _ = earliest_copies(signed, spread_of(signed["spread"]), lambda rows: texts[rows])
    linked = pd.Series(postings["posting_id"].to_numpy()[earliest], index=postings.index, dtype="str")
    return linked.reindex(every_id.index).fillna(every_id).astype("str").rename("vacancy_id")


def signatures(postings: pd.DataFrame) -> pd.DataFrame:
    """What tells copies apart, without the texts: columns SIGNATURE, one row a posting, row by row.

    ``lines`` and ``words`` are hashes of the text's lines in any order and of its words in theirs, ``spread`` says how
    many of its ``n_triples`` word triples fall to each of ``SPREAD`` places, a byte each. Null texts have no signature.
    """
    spaced = [_spaced(text) for text in postings["description_text"].fillna("")]
    words = [text.split() for text in spaced]
    n_triples, spread = _spread_triples(words)
    company = postings["company_name"].map(normal_company, na_action="ignore").fillna("?")
    columns = {
        "company": company.astype("str"),
        "title": postings["title"].map(normal_title).astype("str"),
        "lines": [_hash(_sorted_lines(text)) for text in spaced],
        "words": [_hash(" ".join(text)) for text in words],
        "address": postings["url"].map(canonical_address, na_action="ignore").fillna("").astype("str"),
        "n_triples": n_triples,
        "spread": [row.tobytes() for row in spread],
    }
    return pd.DataFrame(columns, index=postings.index).astype(
        {"lines": "uint64", "words": "uint64", "n_triples": "int64", "spread": "object"}
    )


def _spread_triples(texts: list[list[str]]) -> tuple[np.ndarray, np.ndarray]:
    """How many different word triples each text has, and how many of them fall to each place (at most 255 are told)."""
    n_words = np.array([len(words) for words in texts], dtype=np.int64)
    text = np.repeat(np.arange(len(texts)), n_words)
    codes, distinct = pd.factorize(np.array(list(chain.from_iterable(texts)), dtype=object))
    hashes = np.array([_hash(word) for word in distinct], dtype=np.uint64)[codes]
    triples = _mixed(_mixed(hashes[:-2], hashes[1:-1]), hashes[2:])
    whole = text[:-2] == text[2:]  # three words of one text
    triples, text = triples[whole], text[:-2][whole]
    _, at = np.unique(_mixed(triples, text.astype(np.uint64)), return_index=True)
    triples, text = triples[at], text[at]
    place = text * SPREAD + (triples % np.uint64(SPREAD)).astype(np.int64)
    spread = np.bincount(place, minlength=SPREAD * len(texts)).reshape(len(texts), SPREAD)
    return np.bincount(text, minlength=len(texts)), np.minimum(spread, 255).astype(np.uint8)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


@dataclass(frozen=True)
class KnownPairs:
    """What was compared before: by the hash of a posting and of those before it, the pairs that were near.

    ``windows`` are sorted; ``of`` is the window that a pair was found in, ``first`` its earlier posting.
    """

    windows: np.ndarray
    of: np.ndarray
    first: np.ndarray


def spread_of(told: Iterable[bytes]) -> np.ndarray:
    """The column ``spread`` as rows of ``SPREAD`` counts."""
    return np.frombuffer(b"".join(told), np.uint8).reshape(-1, SPREAD)


def has_text(words: pd.Series) -> np.ndarray:
    """Does the posting have a text, by the column ``words`` of its signature?"""
    return (words != _hash("")).to_numpy()


def earliest_copies(
    signed: pd.DataFrame,
    spread: np.ndarray,
    texts_of: Callable[[np.ndarray], Sequence[str]],
    known: KnownPairs | None = None,
) -> tuple[np.ndarray, KnownPairs]:
    """For each row the row of the vacancy's earliest posting, and what the next call needs not compare again.

    ``signed`` has the columns SIGNATURE (but for ``spread``, which comes as :func:`spread_of`) and posting_id, opened,
    ended; only rows with a text. ``texts_of`` gives the texts of rows, asked only for pairs that their signatures do
    not decide. Postings are near or not whatever else there is, so the outcome does not depend on ``known``.
    """
    order = np.lexsort((signed["posting_id"].to_numpy(), signed["opened"].to_numpy()))
    rows = _Ordered(signed, order, spread)
    named, addressed = rows.company != rows.unknown_company, rows.address != rows.no_address
    near, known = rows.near(named, known, lambda at: texts_of(order[at]))
    edges = [
        rows.in_order(rows.grouped(rows.company, rows.lines)),
        rows.in_order(np.where(addressed, rows.grouped(rows.address, rows.title), -1)),
        near,
    ]
    first, second = np.concatenate(edges, axis=1)
    n = len(order)
    links = coo_array((np.ones(len(first), bool), (first, second)), shape=(n, n))
    _, component = connected_components(links, directed=False)
    # Rows stand in order of time: the first row of a component is its earliest posting.
    _, first_of = np.unique(component, return_index=True)
    earliest = np.empty(n, dtype=np.int64)
    earliest[order] = order[first_of[component]]
    return earliest, known


class _Ordered:
    """Signed postings in the order of time, as codes."""

    def __init__(self, signed: pd.DataFrame, order: np.ndarray, spread: np.ndarray) -> None:
        (company, companies), (address, addresses) = (pd.factorize(signed[name]) for name in ("company", "address"))
        self.company, self.address = company[order], address[order]
        self.unknown_company, self.no_address = _code("?", companies), _code("", addresses)
        self.title, self.lines = (pd.factorize(signed[name])[0][order] for name in ("title", "lines"))
        self.words, self.n_triples = signed["words"].to_numpy()[order], signed["n_triples"].to_numpy()[order]
        self.spread, self.order = spread, order
        self.opened = signed["opened"].to_numpy().astype("datetime64[D]").astype(np.int64)[order]
        self.ended = np.maximum(signed["ended"].to_numpy().astype("datetime64[D]").astype(np.int64)[order], self.opened)
        self.ids = _numbers(signed["posting_id"])[order]

    def grouped(self, *codes: np.ndarray) -> np.ndarray:
        """One code for each combination of ``codes``."""
        one, other = (code.astype(np.int64) for code in codes)
        return one * (int(other.max(initial=0)) + 1) + other

    def in_order(self, group: np.ndarray) -> np.ndarray:
        """Pairs of neighbours within each group (-1 is none) that are close in time."""
        by_group = np.argsort(group, kind="stable")
        before, after = by_group[:-1], by_group[1:]
        is_pair = (group[before] == group[after]) & (group[after] >= 0) & self._close(before, after)
        return np.stack([before[is_pair], after[is_pair]])

    def near(self, named: np.ndarray, known: KnownPairs | None, texts_of) -> tuple[np.ndarray, KnownPairs]:
        """Pairs of one employer and title whose word triples overlap; a row is compared with those just before it."""
        group = np.where(named, self.grouped(self.company, self.title), -1)
        rows = np.argsort(group, kind="stable")
        rows = rows[group[rows] >= 0]
        place = np.arange(len(rows)) - np.searchsorted(group[rows], group[rows])  # within the group
        own = self._hashes(rows)
        reached = np.concatenate([np.zeros(1, np.uint64), np.cumsum(own, dtype=np.uint64)])
        start = np.arange(len(rows)) - np.minimum(place, MOST_COMPARED)
        window = _mixed(reached[np.arange(len(rows))] - reached[start], own)
        is_new = np.ones(len(rows), bool) if known is None else ~_is_in(window, known.windows)
        found = [self._near_pairs(rows, place, is_new, texts_of)]
        if known is not None and len(known.of):
            found.append(_again(known, window, own, start))
        first, second = np.concatenate(found, axis=1)
        kept = KnownPairs(windows=np.unique(window[place > 0]), of=window[second], first=own[first])
        return np.stack([rows[first], rows[second]]), kept

    def _near_pairs(self, rows: np.ndarray, place: np.ndarray, is_new: np.ndarray, texts_of) -> np.ndarray:
        """Pairs of places in ``rows``, the later one new, that are near."""
        found = [np.empty((2, 0), np.int64)]
        open_pairs = [np.empty((2, 0), np.int64)]
        for back in range(1, MOST_COMPARED + 1):
            second = np.flatnonzero(is_new & (place >= back))
            pairs = np.stack([second - back, second])
            before, after = rows[pairs]
            pairs = pairs[:, self._close(before, after) & self._alike_in_size(before, after)]
            is_same = self.words[rows[pairs[0]]] == self.words[rows[pairs[1]]]
            found.append(pairs[:, is_same])
            open_pairs.append(self._may_be_near(pairs[:, ~is_same], rows))
        pairs = np.concatenate(open_pairs, axis=1)
        # In the order of the later row, so that texts lie together.
        pairs = pairs[:, np.argsort(pairs[1], kind="stable")]
        found += [self._read(pairs[:, at : at + TEXTS_AT_ONCE], rows, texts_of) for at in _steps(pairs, TEXTS_AT_ONCE)]
        return np.concatenate(found, axis=1)

    def _may_be_near(self, pairs: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Pairs left when those are out that cannot share enough triples: two texts share no more than each place."""
        left = [np.empty((2, 0), np.int64)]
        for at in _steps(pairs, PAIRS_AT_ONCE):
            some = pairs[:, at : at + PAIRS_AT_ONCE]
            before, after = rows[some]
            shared = np.minimum(self.spread[self.order[before]], self.spread[self.order[after]]).sum(
                axis=1, dtype=np.int64
            )
            both = self.n_triples[before] + self.n_triples[after]
            is_long = np.maximum(self.n_triples[before], self.n_triples[after]) > LONGEST_SPREAD
            left.append(some[:, (shared >= NEAR * (both - shared)) | is_long])
        return np.concatenate(left, axis=1)

    def _read(self, pairs: np.ndarray, rows: np.ndarray, texts_of) -> np.ndarray:
        """Those of ``pairs`` whose texts are near."""
        wanted = np.unique(rows[pairs])
        triples = dict(zip(wanted.tolist(), map(word_triples, texts_of(wanted)), strict=True))
        is_near = [
            jaccard(triples[one], triples[other]) >= NEAR for one, other in zip(*rows[pairs].tolist(), strict=True)
        ]
        return pairs[:, np.array(is_near, dtype=bool)]

    def _close(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        return self.opened[after] - self.ended[before] <= REPOST_DAYS

    def _alike_in_size(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        one, other = self.n_triples[before], self.n_triples[after]
        return np.minimum(one, other) >= NEAR * np.maximum(one, other)

    def _hashes(self, rows: np.ndarray) -> np.ndarray:
        """Of each row a hash of all that a comparison looks at."""
        told = self.ids[rows]
        for values in (self.words, self.opened, self.ended):
            told = _mixed(told, values[rows].astype(np.uint64))
        return told


def _numbers(ids: pd.Series) -> np.ndarray:
    return ids.to_numpy() if ids.dtype == "uint64" else pd.util.hash_array(ids.to_numpy().astype(object))


def _code(value: str, values: pd.Index) -> int:
    return values.get_loc(value) if value in values else -2


def _steps(pairs: np.ndarray, size: int) -> range:
    return range(0, pairs.shape[1], size)


def _mixed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """One number for two (the finaliser of SplitMix64); wraps round."""
    mixed = one * np.uint64(0x9E3779B97F4A7C15) + other
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _is_in(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    if not len(known):
        return np.zeros(len(values), bool)
    return known[np.minimum(np.searchsorted(known, values), len(known) - 1)] == values


def _again(known: KnownPairs, window: np.ndarray, own: np.ndarray, start: np.ndarray) -> np.ndarray:
    """The pairs found before, as places in the rows of today."""
    by_window, by_own = np.argsort(window), np.argsort(own)
    at = np.minimum(np.searchsorted(window[by_window], known.of), len(window) - 1)
    first = np.minimum(np.searchsorted(own[by_own], known.first), len(own) - 1)
    first, second = by_own[first], by_window[at]
    stands = (window[second] == known.of) & (own[first] == known.first) & (first >= start[second]) & (first < second)
    return np.stack([first[stands], second[stands]])


def jaccard(one: frozenset, other: frozenset) -> float:
    """Shared part of two sets, 0 to 1; two empty sets are alike."""
    if not one and not other:
        return 1.0
    if min(len(one), len(other)) < NEAR * max(len(one), len(other)):
        return 0.0
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def word_triples(text: str) -> frozenset:
    """Each three words in a row."""
    words = _spaced(text).split()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _sorted_lines(spaced: str) -> str:
    """The lines of a text, whatever their order and spacing; ``spaced`` as of :func:`_spaced`."""
    return "\n".join(sorted(filter(None, (" ".join(line.split()) for line in spaced.split("\n")))))


def _spaced(text: str) -> str:
    """``text`` in small letters with a space for whatever is neither word nor line end."""
    if text.isascii():  # ten times as fast as a regular expression
        return text.encode("ascii").translate(SPACED).decode("ascii")
    return "\n".join(" ".join(WORD.findall(line)) for line in text.casefold().splitlines())


def normal_company(name: str) -> str:
    """Employer without accents, legal form, punctuation and spaces: boards are often named in one word."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    kept = "".join(WORD.findall(LEGAL_FORMS.sub(" ", bare)))
    return kept or bare.strip()


def canonical_address(url: str) -> str:
    """An address without scheme, parameters and closing slash; "" for the front page of a site.

    >>> canonical_address("https://Jobs.Example/it-pm/?src=feed#apply")
    'jobs.example/it-pm'
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    return f"{(parts.hostname or '').removeprefix('www.')}{path}" if path else ""


def normal_title(title: str) -> str:
    """Title without case, punctuation and remarks on workplace or gender."""
    return " ".join(WORD.findall(TITLE_NOISE.sub(" ", title.casefold())))
