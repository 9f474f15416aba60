"""What requirement sections say beside the vocabulary: word sequences as a sparse matrix, postings x terms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from itpm_trends.reading.document import Document
from itpm_trends.reading.language import ENGLISH, STOP_WORDS
from itpm_trends.reading.sections import Unit
from itpm_trends.reading.vocabulary import read_table, read_toml

LONGEST_TERM = 3  # words
ASKING = ("required", "preferred")
WORD = re.compile(r"[^\W_]+(?:['.][^\W_]+)*[+#]*")
JOINED = ("", "-", "'")  # what may stand between two words of one phrase; hyphen and space are one
NOTHING_LEFT = re.compile("empty vocabulary|no terms remain")  # how scikit-learn says that no term is stated so often
INITIAL = re.compile(r"[^\W\d]")


@dataclass(frozen=True)
class Terms:
    """``stated[i, j]`` is 1 where posting i states the term ``names[j]``; names are lower case, words and spaces."""

    names: np.ndarray
    stated: csr_array


@dataclass(frozen=True)
class Phrase:
    """Words of one unit that stand together: no punctuation, joining word or known requirement among them."""

    words: tuple[str, ...]  # lower case
    unit: str  # the bullet or sentence as it stands
    unit_words: tuple[str, ...]  # its words, without those that name nothing and the names of employer and place


def counted_terms(flow: pd.DataFrame, mentions: pd.DataFrame, fewest: int) -> Terms:
    """The terms of one to three words that at least ``fewest`` postings of ``flow`` state, each posting once.

    Left out: what ``mentions`` holds and the words around it, the posting's own employer and place, numbers, words that
    shape requirements (``vocabulary/emerging.toml``), and all outside the requirement sections.
    """
    vectorizer = CountVectorizer(analyzer=_names_of_terms, binary=True, min_df=fewest, dtype=np.float64)
    none = Terms(np.array([], dtype=object), csr_array((len(flow), 0)))
    if len(flow) < fewest:
        return none
    try:
        stated = vectorizer.fit_transform(phrases(flow, mentions))
    except ValueError as error:
        if not NOTHING_LEFT.search(str(error)):
            raise
        return none
    return Terms(vectorizer.get_feature_names_out(), csr_array(stated))


def phrases(flow: pd.DataFrame, mentions: pd.DataFrame) -> Iterator[list[Phrase]]:
    """For each posting of ``flow`` (posting_id, description_text, language, company_name, location_raw) its phrases."""
    spans = defaultdict(list)
    for posting_id, *span in mentions[["posting_id", "start", "end", "kind"]].itertuples(index=False, name=None):
        spans[posting_id].append(span)
    columns = ["posting_id", "description_text", "language", "company_name", "location_raw"]
    for posting_id, text, language, *names in flow[columns].itertuples(index=False, name=None):
        own = {word for name in names if isinstance(name, str) for word in WORD.findall(name.casefold())}
        document = Document(text, language if isinstance(language, str) else ENGLISH)
        yield list(_phrases(document, spans[posting_id], own - _words("edges")))


def _phrases(document: Document, spans: list, own: set[str]) -> Iterator[Phrase]:
    known = np.zeros(len(document.text), dtype=bool)
    for start, end, _ in spans:
        known[start:end] = True
    degrees = [start for start, _, kind in spans if kind == "degree"]
    untold = own | _words("edges")
    for unit in asking_units(document):
        first, last = document.folded.original_span(unit.start, unit.end)
        if any(first <= degree < last for degree in degrees):
            continue  # what stands beside a degree are its fields of study
        unit_words = tuple(word for word in WORD.findall(unit.text.casefold()) if word not in untold)
        for run in _runs(unit, own):
            start, end = document.folded.original_span(unit.start + run[0].start(), unit.start + run[-1].end())
            if not known[start:end].any():
                yield Phrase(tuple(word.group().casefold() for word in run), unit.text, unit_words)


def asking_units(document: Document) -> list[Unit]:
    """The units below headings of requirements; without any such heading, all that speak of the job."""
    units = [unit for unit in document.units if not unit.is_heading and not document.is_aside(unit)]
    return [unit for unit in units if unit.section in ASKING] or units


def _runs(unit: Unit, own: set[str]) -> Iterator[list[re.Match]]:
    run: list[re.Match] = []
    for word in WORD.finditer(unit.text):
        folded = word.group().casefold()
        between = unit.text[run[-1].end() : word.start()].strip(" ") if run else ""
        if run and (between not in JOINED or folded in _words("joins") or folded in own):
            yield run
            run = []
        if folded not in _words("joins") and folded not in own:
            run.append(word)
    if run:
        yield run


def terms_in(phrases: list[Phrase]) -> Iterator[tuple[str, Phrase]]:
    """Each term of one to three words with the phrase that holds it."""
    for phrase in phrases:
        for words in sequences(phrase.words, LONGEST_TERM):
            if _names_something(words):
                yield " ".join(words), phrase


def sequences(words: tuple[str, ...], longest: int) -> Iterator[tuple[str, ...]]:
    """Every run of 1 to ``longest`` neighbours."""
    for first in range(len(words)):
        for last in range(first + 1, min(first + longest, len(words)) + 1):
            yield words[first:last]


def _names_of_terms(phrases: list[Phrase]) -> list[str]:
    return [term for term, _ in terms_in(phrases)]


@cache
def _names_something(words: tuple[str, ...]) -> bool:
    if len(words) == 1 and words[0] in _ordinary_words():
        return False
    is_name = all(word not in _words("edges") and "'" not in word for word in (words[0], words[-1]))
    is_word = INITIAL.match(words[0]) and len("".join(words)) > 1
    return bool(is_name and is_word) and _words("season").isdisjoint(words)


@cache
def _ordinary_words() -> frozenset[str]:
    """Words that at least one in a hundred postings holds in at least six of fifteen collections of all trades."""
    return frozenset(word for word, *_ in read_table("ordinary.tsv"))


@cache
def _words(name: str) -> frozenset[str]:
    words = frozenset(read_toml("emerging.toml")[name].split())
    return words if name != "edges" else words.union(ENGLISH_STOP_WORDS, *(w.split() for w in STOP_WORDS.values()))
