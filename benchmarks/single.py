"""Exceptions of the core skills that a single posting holds: a rule for one posting is no rule.

``python -m benchmarks.single POSTINGS.parquet`` counts, for every exception in ``skills/core.toml``, the postings that
hold it, and prints those that one alone does. Such an exception was written for that posting; it belongs out, unless a
sentence of the entry shows what it is for ("shown"). Exceptions that none holds were written from the meaning of the
words, not from a posting, and are only counted.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import NamedTuple

import pandas as pd

from itpm_trends.reading.matching import Matcher
from itpm_trends.reading.text import normalised, text_of
from itpm_trends.reading.vocabulary import Entry, entries


class Excepted(NamedTuple):
    """An exception of a core skill, and the entry that it stands in."""

    entry: Entry
    words: str


@cache
def exceptions() -> list[Excepted]:
    """All exceptions of the core skills."""
    return [Excepted(entry, words) for entry in entries("skill") if entry.book == "core" for words in entry.excepted]


def matcher_of(*phrases: str) -> Matcher:
    """Finds each phrase as an entry of its own, named by its number."""
    return Matcher(tuple(Entry("skill", str(n), str(n), (words,)) for n, words in enumerate(phrases)))


@cache
def matcher_of_all() -> Matcher:
    return matcher_of(*(exception.words for exception in exceptions()))


def held(description: str) -> set[int]:
    """Numbers of the exceptions that a posting holds."""
    return {int(found.entry.id) for found in matcher_of_all().find(normalised(text_of(description)).text)}


def is_shown(exception: Excepted) -> bool:
    """Whether a sentence of the entry shows what the exception is for."""
    alone = matcher_of(exception.words)
    return any(True for sentence in exception.entry.no for _ in alone.find(sentence))


def counted(path: str) -> Iterator[tuple[Excepted, int]]:
    """Each exception and how many of the postings in a file hold it."""
    descriptions = pd.read_parquet(path, columns=["description"])["description"].dropna().drop_duplicates()
    counts: Counter[int] = Counter()
    with ProcessPoolExecutor() as pool:
        for found in pool.map(held, descriptions, chunksize=200):
            counts.update(found)
    return ((exception, counts[n]) for n, exception in enumerate(exceptions()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("postings")
    table = list(counted(parser.parse_args().postings))
    for exception, count in table:
        if count == 1:
            print(f"{exception.entry.id:28} {'shown' if is_shown(exception) else '':5} {exception.words}")
    sizes = Counter(min(count, 2) for _, count in table)
    print(f"{len(table):,} exceptions: {sizes[2]:,} in several postings, {sizes[1]} in one, {sizes[0]} in none")


if __name__ == "__main__":
    main()
