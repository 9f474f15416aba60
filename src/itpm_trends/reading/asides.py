"""Does a sentence speak of the job, or of the employer and its offers? Where no heading tells, a small model does.

A logistic regression over words and word pairs, trained on sentences below headings that do tell (see
``benchmarks/asides.py``); its weights are a table that can be read, in ``vocabulary/asides.tsv``.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise, repeat

LEAST_LIKELY = 0.3  # below it a sentence is taken for an aside; low, so that few requirements are lost
INTERCEPT = "(intercept)"
WORD = re.compile(r"[a-z][\w'+#]*")


def words_and_pairs(sentence: str) -> set[str]:
    """The features of a sentence: its words and pairs of neighbours, lower case.

    >>> sorted(words_and_pairs("- We offer tea"))
    ['offer', 'offer tea', 'tea', 'we', 'we offer']
    """
    words = WORD.findall(sentence.lower())
    return {*words, *map(" ".join, pairwise(words))}


@lru_cache(maxsize=20_000)
def likelihood_of_job(sentence: str) -> float:
    """How likely it is, from 0 to 1, that ``sentence`` speaks of the job or the candidate."""
    weights = _weights()
    score = weights[INTERCEPT] + math.fsum(map(weights.get, words_and_pairs(sentence), repeat(0.0)))
    return 1 / (1 + math.exp(-score))


def speaks_of_the_employer(sentence: str) -> bool:
    """Whether the words of ``sentence`` are those of a company profile or a list of benefits."""
    return likelihood_of_job(sentence) < LEAST_LIKELY


@cache
def _weights() -> dict[str, float]:
    lines = files("itpm_trends").joinpath("vocabulary", "asides.tsv").read_text(encoding="utf-8").splitlines()
    return {words: float(weight) for words, weight in (line.split("\t") for line in lines[1:])}
