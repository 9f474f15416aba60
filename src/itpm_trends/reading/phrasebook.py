"""What is said how in one language: headings, cues and phrases, from ``vocabulary/languages/{name}.toml``."""

from __future__ import annotations

import re
from functools import cache, cached_property, lru_cache

from itpm_trends.reading.language import ENGLISH, READ_LANGUAGES
from itpm_trends.reading.patterns import READING, Gate, GatedPattern
from itpm_trends.reading.vocabulary import (
    REQUIREMENTS,
    Entry,
    Matcher,
    entries,
    extended,
    matcher,
    own_folder,
    read_toml,
)

ORDER = ("preferred", "equal-opportunity", "benefits", "duties", "required", "employer", "other")  # first that fits
AS_WRITTEN = ("company", "breaks", "as_written")  # patterns that mind case
CLOSED = ("certification", "skill")


GATED = (  # asked of every sentence
    *(("sentences", key) for key in ("law", "addressed", "colleagues", "listed_trades", "fields_of_study")),
    *(("cues", key) for key in ("false", "forward", "backward", "needed")),
)


class Phrasebook:
    """The phrases of one language; each pattern and matcher is made when it is first asked for."""

    def __init__(self, book: dict):
        self.code: str = book["code"]
        self.name: str = READ_LANGUAGES[self.code]
        self._book = book
        gate = READING if self.code == ENGLISH else Gate()
        self._patterns: dict[tuple[str, str], re.Pattern | GatedPattern] = {
            (table, key): gate.pattern("|".join(book[table][key]), re.IGNORECASE)
            for table, key in GATED
            if key in book[table]
        }

    def __getitem__(self, table: str) -> dict | list:
        """A table of the file; KeyError where it has none."""
        return self._book[table]

    def pattern(self, table: str, key: str) -> re.Pattern | GatedPattern:
        """The alternatives of ``table.key`` as one pattern; case counts only for AS_WRITTEN."""
        if (table, key) not in self._patterns:
            alternatives = "|".join(self._book[table][key])
            self._patterns[table, key] = re.compile(alternatives, 0 if key in AS_WRITTEN else re.IGNORECASE)
        return self._patterns[table, key]

    @cached_property
    def headings(self) -> list[tuple[str, frozenset[str], tuple[str, ...], tuple[str, ...]]]:
        """(section, exact, starts, holds) in order; English headings stand in postings of every language."""
        shared = [] if self.code == ENGLISH else [phrasebook(ENGLISH)["headings"]]
        tables = [*shared, self._book["headings"]]
        return [
            (
                section,
                frozenset(phrase for table in tables for phrase in table[section]["exact"]),
                tuple(phrase for table in tables for phrase in table[section]["starts"]),
                tuple(phrase for table in tables for phrase in table[section]["holds"]),
            )
            for section in ORDER
        ]

    @property
    def matcher(self) -> Matcher:
        """Finds certifications and skills in the words of this language and, as far as they are used, in English."""
        return matcher(*REQUIREMENTS) if self.code == ENGLISH else _matcher(self.code, own_folder())

    @cached_property
    def fields(self) -> Matcher:
        """Finds fields of study."""
        return Matcher(self.own_entries("field"))

    def own_entries(self, kind: str) -> tuple[Entry, ...]:
        """The phrases of this language for entries of ``kind`` that the vocabulary holds."""
        return tuple(
            Entry(
                kind=kind,
                id=row["id"],
                label=row["id"],
                match=tuple(row["match"]),
                excepted=tuple(row.get("except", ())),
                yes=tuple(row["yes"]),
                no=tuple(row["no"]),
            )
            for row in self._book[kind]
        )


def phrasebook(code: str) -> Phrasebook:
    """The phrasebook of a language that is read (see READ_LANGUAGES), and the English one for any other.

    >>> phrasebook("sv").name
    'Swedish'
    """
    return _phrasebook(code if code in READ_LANGUAGES else ENGLISH)


@cache
def _phrasebook(code: str) -> Phrasebook:
    return Phrasebook(read_toml(f"languages/{READ_LANGUAGES[code].lower()}.toml"))


@cache
def _matcher(code: str, own: str) -> Matcher:
    """The matcher of a language beside English, with the user's own entries in the folder ``own``."""
    book = phrasebook(code)
    phrases = {entry.requirement_id: entry for kind in CLOSED for entry in book.own_entries(kind)}
    foreign = set(book["own_words_only"])
    return Matcher(
        tuple(
            extended(entry, phrases.get(entry.requirement_id), only=entry.id in foreign)
            for kind in CLOSED
            for entry in entries(kind)
        )
    )


@lru_cache(maxsize=20_000)
def section_of_heading(words: str, must_be_whole: bool = False, language: str = ENGLISH) -> str | None:
    """The section (one of tables.SECTIONS) that a lower-case heading opens; None for an unknown one.

    >>> section_of_heading("what you'll bring"), section_of_heading("ihr profil", language="de")
    ('required', 'required')
    """
    words = re.sub(r"\s+", " ", words).strip(" :.-*#")
    vocabulary = phrasebook(language).headings
    for section, exact, _, _ in vocabulary:
        if words in exact:
            return section
    for section, _, starts, _ in vocabulary:
        if words.startswith(starts) and (not must_be_whole or words.count(" ") <= 4):
            return section
    if must_be_whole:
        return None
    for section, _, _, holds in vocabulary:
        if any(part in words for part in holds):
            return section
    return None
