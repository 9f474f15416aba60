"""Does a sentence speak of the job, or of the employer and its offers? Where no heading tells, a small model does.

A logistic regression over words and word pairs, trained on sentences below headings that do tell (see
``benchmarks/asides.py``); its weights are a table that can be read, in ``vocabulary/asides.tsv``. A second one, of six
weights in ``vocabulary/surroundings.tsv``, looks at the sentences around: profiles of employers come in paragraphs.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from itertools import pairwise, repeat
from typing import NamedTuple

from itpm_trends.reading.vocabulary import read_table

LEAST_LIKELY = 0.3  # below it a sentence is taken for an aside; low, so that few requirements are lost
LEAST_CERTAIN = -1.2  # log-odds above which the sentences around make a sentence an aside
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
    weights = _weights("asides.tsv")
    score = weights[INTERCEPT] + math.fsum(map(weights.get, words_and_pairs(sentence), repeat(0.0)))
    return 1 / (1 + math.exp(-score))


def speaks_of_the_employer(sentence: str) -> bool:
    """Whether the words of ``sentence`` are those of a company profile or a list of benefits."""
    return likelihood_of_job(sentence) < LEAST_LIKELY


class Surroundings(NamedTuple):
    """What a sentence and those around it say of whether it is an aside."""

    own: float  # log-odds that it speaks of the job
    around: float  # their mean for the sentences around it in the same section
    asides_around: float  # the share of them that are asides for themselves
    is_without_heading: bool
    is_among_duties: bool
    is_bullet: bool


def log_odds_of_job(sentence: str) -> float:
    """The log-odds that ``sentence`` speaks of the job, cut where they say no more."""
    likelihood = likelihood_of_job(sentence)
    return math.log((likelihood + 1e-4) / (1 - likelihood + 1e-4))


def stands_among_asides(surroundings: Surroundings) -> bool:
    """Whether the sentences around make it likely that a sentence speaks of the employer, too."""
    return log_odds_of_aside(surroundings, _weights("surroundings.tsv")) > LEAST_CERTAIN


def log_odds_of_aside(surroundings: Surroundings, weights: dict[str, float]) -> float:
    """What ``weights`` of the fields of Surroundings, the intercept among them, make of a sentence."""
    return weights[INTERCEPT] + math.fsum(
        weights[name] * value for name, value in zip(Surroundings._fields, surroundings, strict=True)
    )


@cache
def _weights(table: str) -> dict[str, float]:
    return {name: float(weight) for name, weight in read_table(table)}
