"""Postings that advertise one vacancy: copies on several boards, several places, and reposts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

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
    adverts = _in_order_of_time(postings)
    links = Links([advert.posting_id for advert in adverts])
    for same in _groups(adverts, lambda advert: (advert.company, advert.lines)):
        _link_in_order(same, links)
    for same in _groups(adverts, lambda advert: (advert.address, advert.title) if advert.address else None):
        _link_in_order(same, links)
    for same in _groups(adverts, lambda advert: (advert.company, advert.title) if advert.company != "?" else None):
        _link_near(same, links)
    linked = postings["posting_id"].map(links.first)
    return linked.reindex(every_id.index).fillna(every_id).astype("str").rename("vacancy_id")


class Advert(NamedTuple):
    """What tells whether two postings are copies; days are counted from 1970."""

    opened: int
    posting_id: str
    ended: int
    company: str
    title: str
    lines: str
    address: str
    text: str


def _in_order_of_time(postings: pd.DataFrame) -> list[Advert]:
    columns = (
        _days(postings["posted_date"].fillna(postings["first_seen"])),
        postings["posting_id"],
        _days(postings["last_seen"]),
        postings["company_name"].map(normal_company, na_action="ignore").fillna("?"),
        postings["title"].map(normal_title),
        postings["description_text"].map(sorted_lines_hash),
        postings["url"].map(canonical_address, na_action="ignore").fillna(""),
        postings["description_text"],
    )
    return sorted(map(Advert._make, zip(*(column.tolist() for column in columns), strict=True)), key=itemgetter(0, 1))


def _days(dates: pd.Series) -> np.ndarray:
    return dates.to_numpy().astype("datetime64[D]").astype(int)


def _groups(adverts: list[Advert], key: Callable[[Advert], object]) -> list[list[Advert]]:
    """Those that share a key (None: none), each group in order of time; groups of one are left out."""
    groups: dict[object, list[Advert]] = {}
    for advert in adverts:
        groups.setdefault(key(advert), []).append(advert)
    groups.pop(None, None)
    return [group for group in groups.values() if len(group) > 1]


class Links:
    """Union of linked postings; ``first`` gives the earliest one (rows come in order of time)."""

    def __init__(self, posting_ids: list[str]) -> None:
        self.rank = {posting_id: rank for rank, posting_id in enumerate(posting_ids)}
        self.parent = dict(zip(posting_ids, posting_ids, strict=True))

    def first(self, posting_id: str) -> str:
        while self.parent[posting_id] != posting_id:
            self.parent[posting_id] = self.parent[self.parent[posting_id]]
            posting_id = self.parent[posting_id]
        return posting_id

    def link(self, one: str, other: str) -> None:
        one, other = sorted((self.first(one), self.first(other)), key=self.rank.__getitem__)
        self.parent[other] = one


def _link_in_order(same: list[Advert], links: Links) -> None:
    for before, after in pairwise(same):
        if _close_in_time(before, after):
            links.link(before.posting_id, after.posting_id)


def _link_near(same: list[Advert], links: Links) -> None:
    triples: dict[str, frozenset] = {}  # made where two are compared, and forgotten with the group
    for at, after in enumerate(same):
        for before in same[max(0, at - MOST_COMPARED) : at]:
            if not _close_in_time(before, after) or links.first(before.posting_id) == links.first(after.posting_id):
                continue
            for advert in (before, after):
                if advert.posting_id not in triples:
                    triples[advert.posting_id] = word_triples(advert.text)
            if jaccard(triples[before.posting_id], triples[after.posting_id]) >= NEAR:
                links.link(before.posting_id, after.posting_id)


def _close_in_time(before: Advert, after: Advert) -> bool:
    return after.opened - max(before.ended, before.opened) <= REPOST_DAYS


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


def sorted_lines_hash(text: str) -> str:
    """A hash that ignores case, spacing and the order of lines."""
    lines = sorted(filter(None, (" ".join(line.split()) for line in _spaced(text).split("\n"))))
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=12).hexdigest()


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
