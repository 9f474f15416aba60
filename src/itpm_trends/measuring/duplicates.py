"""Postings that advertise one vacancy: copies on several boards, several places, and reposts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import pairwise
from urllib.parse import urlsplit

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
    frame = pd.DataFrame(
        {
            "posting_id": postings["posting_id"].to_numpy(),
            "company": postings["company_name"].map(normal_company, na_action="ignore").fillna("?").to_numpy(),
            "title": postings["title"].map(normal_title).to_numpy(),
            "lines": postings["description_text"].map(sorted_lines_hash).to_numpy(),
            "text": postings["description_text"].to_numpy(),
            "address": postings["url"].map(canonical_address, na_action="ignore").fillna("").to_numpy(),
            "opened": postings["posted_date"].fillna(postings["first_seen"]).to_numpy(),
            "ended": postings["last_seen"].to_numpy(),
        },
        index=postings.index,
    ).sort_values(["opened", "posting_id"])
    links = Links(frame["posting_id"])
    for _, same in frame.groupby(["company", "lines"], sort=False):
        if len(same) > 1:
            _link_in_order(same, links)
    for _, same in frame[frame["address"] != ""].groupby(["address", "title"], sort=False):
        if len(same) > 1:
            _link_in_order(same, links)
    named = frame[frame["company"] != "?"]
    for _, same in named.groupby(["company", "title"], sort=False):
        if len(same) > 1:
            _link_near(same, links)
    linked = postings["posting_id"].map(links.first)
    return linked.reindex(every_id.index).fillna(every_id).astype("str").rename("vacancy_id")


class Links:
    """Union of linked postings; ``first`` gives the earliest one (rows come in order of time)."""

    def __init__(self, posting_ids: pd.Series) -> None:
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


def _link_in_order(same: pd.DataFrame, links: Links) -> None:
    rows = list(same[["posting_id", "opened", "ended"]].itertuples(index=False))
    for before, after in pairwise(rows):
        if _close_in_time(before, after):
            links.link(before.posting_id, after.posting_id)


def _link_near(same: pd.DataFrame, links: Links) -> None:
    rows = list(same[["posting_id", "opened", "ended"]].itertuples(index=False))
    triples = [word_triples(text) for text in same["text"]]
    for at, after in enumerate(rows):
        for earlier in range(max(0, at - MOST_COMPARED), at):
            before = rows[earlier]
            if _close_in_time(before, after) and jaccard(triples[earlier], triples[at]) >= NEAR:
                links.link(before.posting_id, after.posting_id)


def _close_in_time(before, after) -> bool:
    return (after.opened - max(before.ended, before.opened)).days <= REPOST_DAYS


def jaccard(one: frozenset, other: frozenset) -> float:
    """Shared part of two sets, 0 to 1; two empty sets are alike."""
    if not one and not other:
        return 1.0
    if min(len(one), len(other)) < NEAR * max(len(one), len(other)):
        return 0.0
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def word_triples(text: str) -> frozenset:
    """Hashes of each three words in a row."""
    words = WORD.findall(text.casefold())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def sorted_lines_hash(text: str) -> str:
    """A hash that ignores case, spacing and the order of lines."""
    lines = sorted(filter(None, (" ".join(WORD.findall(line)) for line in text.casefold().splitlines())))
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=12).hexdigest()


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
